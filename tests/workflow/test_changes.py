"""The changes of a draft, and what a fault of form stops."""

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse

from approvals.models import Seat, SignOff
from legal_basis.comparison import versions_of
from legal_basis.drafting import current_instrument
from legal_basis.forms import InstrumentForm
from tests.regency import person
from workflow.decisions import Act, decide, keep_record
from workflow.walking import as_recorded

pytestmark = [
    pytest.mark.integration,
    pytest.mark.one_database,
    pytest.mark.usefixtures("regency", "db", "english"),
]

WALKED = ["completeness", "drafting"]


def seat_of(case):
    return Seat.objects.filter(process_id=case.pk, state=Seat.State.OPEN).first()


def form_with(case, text):
    about = {"innovation": case.innovation, "actor": person("perancang1")}
    dicta = as_recorded(InstrumentForm(**about))["dicta"]
    dicta[1] = dicta[1] | {"text": text}
    record = as_recorded(InstrumentForm(**about)) | {"dicta": dicta}
    return InstrumentForm.from_record(record, **about)


def keep(case, text):
    with transaction.atomic():
        keep_record(person("perancang1"), case.code, seat_of(case).pk, form_with(case, text))


def pass_on(case, text):
    with transaction.atomic():
        act = Act("approve", form=form_with(case, text))
        decide(person("perancang1"), case.code, seat_of(case).pk, act)


def test_draft_with_a_fault_is_kept_but_not_passed_on(at):
    case = at("drafting")
    text = "Sebagaimana dimaksud {ref:nowhere}."
    keep(case, text)
    assert current_instrument(case.innovation).content["dicta"][1]["text"] == text
    with pytest.raises(ValidationError, match="Diktum KEDUA.*nowhere"):
        pass_on(case, text)
    assert not SignOff.objects.filter(seat__process=case.pk, seat__stage="drafting").exists()


def test_page_names_each_finding_and_marks_what_was_edited(client, at):
    case = at("drafting")
    keep(case, "Sebagaimana dimaksud {ref:nowhere}.")
    client.force_login(person("perancang1"))
    client.cookies["django_language"] = "en"
    response = client.get(reverse("act", args=[case.code, seat_of(case).pk]))
    faults = [one.place for one in response.context["findings"] if one.is_fault]
    body = response.content.decode()
    assert (faults, body.count("Edited by hand; the library")) == (["Diktum KEDUA"], 1)


def changes(client, case, query=""):
    client.cookies["django_language"] = "en"
    client.force_login(person("perancang1"))
    return client.get(reverse("instrument_changes", args=[case.code]) + query)


@pytest.mark.parametrize("query", ["", "?with=library", "?with=assembled"])
def test_changes_show_what_was_edited(client, at, query):
    case = at("drafting")
    keep(case, "Menunjuk Camat.")
    edits = changes(client, case, query).context["changes"]
    assert [(edit["label"], edit["new"]) for edit in edits] == [("Diktum KEDUA", "Menunjuk Camat.")]


def test_changes_since_an_earlier_draft(client, at):
    case = at("drafting")
    keep(case, "Menunjuk Camat.")
    keep(case, "Menunjuk Lurah.")
    previous = versions_of(current_instrument(case.innovation))[0]
    response = changes(client, case, f"?with={previous.number}")
    assert [edit["old"] for edit in response.context["changes"]] == ["Menunjuk Camat."]
    assert "<del>Camat.</del><ins>Lurah.</ins>" in response.content.decode()


@pytest.mark.parametrize("query", ["?with=0", "?with=x", "?with=99999999"])
def test_version_that_is_not_there(client, at, query):
    assert changes(client, at("drafting"), query).status_code == 404


def test_case_without_a_draft_has_no_changes(client, at):
    case = at("completeness")
    client.force_login(person("inspektur"))
    assert client.get(reverse("instrument_changes", args=[case.code])).status_code == 404


def test_changes_stay_under_their_ceiling(client, at, django_assert_max_num_queries):
    case = at("drafting")
    for number in range(4):
        keep(case, f"Menunjuk {number}.")
    changes(client, case)
    with django_assert_max_num_queries(20):
        client.get(reverse("instrument_changes", args=[case.code]))
