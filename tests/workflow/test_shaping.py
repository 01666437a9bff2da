"""A draft becomes a regulation, or stipulates several innovations; its text is written anew."""

import pytest
from django.db import transaction

from approvals.models import Seat
from legal_basis.anatomy import anatomy_of
from legal_basis.drafting import current_instrument, further_innovations
from legal_basis.forms import InstrumentForm
from tests.regency import NEEDS_A_TRIAL, case_at, person
from workflow.decisions import InvalidRecord, keep_record
from workflow.walking import as_recorded

pytestmark = [
    pytest.mark.integration,
    pytest.mark.one_database,
    pytest.mark.usefixtures("regency", "db", "english"),
]

WALKED = ["drafting", "done"]
DRAFTER = "perancang1"


def form_of(case, **changed):
    about = {"innovation": case.innovation, "actor": person(DRAFTER)}
    return InstrumentForm.from_record(as_recorded(InstrumentForm(**about)) | changed, **about)


def keep(case, **changed):
    seat = Seat.objects.filter(process_id=case.pk, state=Seat.State.OPEN).first()
    with transaction.atomic():
        keep_record(person(DRAFTER), case.code, seat.pk, form_of(case, **changed))
    return current_instrument(case.innovation)


@pytest.fixture
def done(at):
    return at("done")


@pytest.fixture
def case(done):
    return case_at("drafting", NEEDS_A_TRIAL)


def test_decree_becomes_a_regulation_whose_articles_are_written_from_the_case(case):
    instrument = keep(case, kind="regent_regulation")
    printed = anatomy_of(instrument)
    assert printed.heading == "PERATURAN BUPATI BELITUNG TIMUR"
    assert printed.dicta == ()
    labels = [unit.label for unit in printed.body if unit.kind == "pasal"]
    assert labels == [f"Pasal {number}" for number in range(1, len(labels) + 1)]
    assert NEEDS_A_TRIAL in str(printed.body)


def test_form_of_a_regulation_has_articles_and_no_dicta(case):
    keep(case, kind="regent_regulation")
    form = InstrumentForm(innovation=case.innovation, actor=person(DRAFTER))
    assert list(form.rows) == ["considerations", "noting", "body", "copy_recipients"]


def test_article_moved_to_the_front_is_counted_first_and_references_follow(case):
    before = keep(case, kind="regent_regulation")
    body = [row | {"ORDER": number} for number, row in enumerate(before.content["body"], start=1)]
    article = next(row for row in body if row["unit"] == "pasal" and "{ref:" in row["text"])
    wanted = article["text"].split("{ref:")[1].split("}")[0]
    referred = next(r for r in body if r["key"] == wanted or f"[{wanted}]" in r["text"])
    referred["ORDER"] = 0
    after = keep(case, body=body)
    assert after.content["body"][0]["key"] == referred["key"]
    assert "dalam Pasal 1" in str(anatomy_of(after).body)


def test_regulation_becomes_a_decree_again(case):
    dicta = current_instrument(case.innovation).content["dicta"]
    keep(case, kind="regent_regulation")
    assert keep(case, kind="regent_decree").content["dicta"] == dicta


def test_draft_stipulates_what_is_institutionalised_as_well(case, done):
    instrument = keep(case, innovations=[done.innovation.code])
    assert further_innovations(instrument) == [done.innovation]
    titles = [part["title"] for part in instrument.content["annex"]["parts"]]
    assert [title.rsplit(" ", 1)[1] for title in titles] == [NEEDS_A_TRIAL, "KERITAK"]
    assert instrument.title.startswith(f"Penetapan {NEEDS_A_TRIAL} dan KERITAK sebagai")
    assert "beserta KERITAK sebagai" in instrument.content["dicta"][0]["text"]


def test_innovation_taken_out_again_stays_on_the_record(case, done):
    keep(case, innovations=[done.innovation.code])
    instrument = keep(case, innovations=[])
    row = instrument.stipulations.get(innovation=done.innovation)
    assert (further_innovations(instrument), row.withdrawn) == ([], True)
    assert "parts" not in instrument.content["annex"]


def test_innovation_on_its_way_cannot_join(case):
    other = case_at("drafting", "SEMANGAT")
    with pytest.raises(InvalidRecord):
        keep(case, innovations=[other.innovation.code])


def test_paper_and_last_day_are_kept(case):
    instrument = keep(case, paper="A4", in_force_until="2099-12-31")
    assert (instrument.paper, str(instrument.in_force_until)) == ("A4", "2099-12-31")


def test_last_day_before_the_first_is_refused_by_name(case):
    with pytest.raises(InvalidRecord) as refused:
        keep(case, in_force_from="2099-02-01", in_force_until="2099-01-01")
    assert "In force until" in str(refused.value)
