"""The pages of an instrument, of a further one, and of what has to be followed up."""

import re
import uuid

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from legal_basis.drafting import current_instrument
from legal_basis.models import Consequence, Instrument
from tests.regency import person
from workflow.models import Case
from workflow.umbrella import instruments_visible_to, panel_of

from .test_further import REASON, begin, first_of, give_up, walked_to_the_end

pytestmark = [
    pytest.mark.integration,
    pytest.mark.one_database,
    pytest.mark.usefixtures("regency", "db", "english"),
]

WALKED = ["done", "drafting"]


def browser(username):
    client = Client()
    client.force_login(person(username))
    client.cookies["django_language"] = "en"
    return client


def page(username, name, *args):
    reply = browser(username).get(reverse(name, args=args))
    return reply, re.sub(r"\s+", " ", reply.content.decode())


def wish(case, **changed):
    asked = {
        "purpose": "amend",
        "kind": "regent_decree",
        "targets": [str(first_of(case).token)],
        "parts": "Diktum KEDUA",
        "until": "",
        "reason": REASON,
    }
    return asked | changed


def test_legal_section_begins_an_amendment_by_the_form(at):
    case = at("done")

    reply = browser("hukum").post(reverse("further", args=[case.code]), wish(case))

    assert (reply.status_code, reply.url) == (302, reverse("case", args=[case.code]))
    draft = current_instrument(case.innovation)
    assert (draft.subject_code, draft.purpose) == (f"{case.code}-H1", "amend")


def test_form_that_is_refused_keeps_what_was_typed_and_begins_nothing(at):
    case = at("done")

    reply = browser("hukum").post(
        reverse("further", args=[case.code]), wish(case, parts="", reason="Alasan saya.")
    )

    text = reply.content.decode()
    assert reply.status_code == 422
    assert "Parts: say which parts change" in text
    assert "Alasan saya." in text
    assert Case.objects.filter(code=f"{case.code}-H1").count() == 0


@pytest.mark.parametrize("field", ["targets", "purpose", "kind", "until", "reason"])
def test_hostile_value_of_the_form_is_refused(field, at):
    case = at("done")
    hostile = "a\x00b\u202e"

    reply = browser("hukum").post(
        reverse("further", args=[case.code]), wish(case, **{field: hostile})
    )

    assert reply.status_code == 422
    assert Case.objects.filter(code=f"{case.code}-H1").count() == 0


def test_form_offers_the_target_that_the_address_names(at):
    case = at("done")
    token = first_of(case).token

    reply = browser("hukum").get(reverse("further", args=[case.code]), {"target": token})

    box = rf'value="{token}"[^>]*checked'
    assert re.search(box, reply.content.decode())


def test_form_is_the_legal_sections_alone(at):
    case = at("done")
    assert page("inspektur", "further", case.code)[0].status_code == 403
    assert page("admin", "further", case.code)[0].status_code == 404
    begin(case)
    assert page("hukum", "further", case.code)[0].status_code == 409


def test_case_page_offers_it_to_the_legal_section_while_nothing_is_under_way(at):
    case = at("done")
    offer = reverse("further", args=[case.code])

    assert offer in page("hukum", "case", case.code)[1]
    assert offer not in page("inspektur", "case", case.code)[1]
    begin(case)
    assert offer not in page("hukum", "case", case.code)[1]


def test_case_page_shows_all_instruments_with_their_states(at):
    case = at("done")
    first = first_of(case)
    revoking = walked_to_the_end(begin(case, "revoke"))

    panel = panel_of(case.innovation, person("inspektur"))
    text = page("inspektur", "case", case.code)[1]

    newest = Instrument.objects.get(subject_code=revoking.code)
    assert (panel["instrument"]["number"], panel["instrument"]["status_label"]) == (
        newest.number,
        "In force",
    )
    told = [(one["number"], one["status_label"]) for one in panel["instruments"]]
    assert told == [(first.number, "Revoked")]
    assert reverse("instrument", args=[first.token]) in text


def test_draft_that_was_given_up_is_not_shown_as_the_umbrella(at):
    case = at("done")
    first = first_of(case)
    give_up(begin(case))

    panel = panel_of(case.innovation, person("inspektur"))

    assert (panel["instrument"]["number"], panel["instruments"]) == (first.number, [])


def test_page_of_a_revoked_decree_says_by_what_and_shows_the_graph(at):
    case = at("done")
    first = first_of(case)
    revoking = Instrument.objects.get(subject_code=walked_to_the_end(begin(case, "revoke")).code)

    reply, text = page("inspektur", "instrument", first.token)

    assert reply.status_code == 200
    assert f"It was revoked by number {revoking.number}" in text
    assert f">Regent decree {revoking.number}</a>" in text
    assert text.count("<rect ") == 2
    assert Consequence.objects.filter(target=first).count() == 3
    assert text.count('href="/consequences/') == 3
    assert case.innovation.name in text


def test_page_of_an_amended_decree_shows_what_is_read_together(at):
    case = at("done")
    first = first_of(case)
    walked_to_the_end(begin(case))
    walked_to_the_end(begin(case, parts="Diktum KETIGA"))

    text = page("inspektur", "instrument", first.token)[1]

    chain = text[text.index('id="chain-title"') : text.index('id="relations-title"')]
    assert chain.count("<li>") == 3
    assert chain.index("Parts: Diktum KEDUA") < chain.index("Parts: Diktum KETIGA")


def test_page_of_an_instrument_is_for_readers_of_its_case(at):
    case = at("done")
    token = first_of(case).token

    statuses = {
        who: page(who, "instrument", token)[0].status_code
        for who in ("inspektur", "hukum", "admin", "penyuluh")
    }

    assert statuses == {"inspektur": 200, "hukum": 200, "admin": 404, "penyuluh": 404}
    assert page("inspektur", "instrument", uuid.uuid4())[0].status_code == 404
    assert first_of(case) not in instruments_visible_to(person("admin"))


def test_page_of_a_draft_shows_what_it_is_to_do(at):
    case = at("done")
    begin(case, "revoke")
    draft = current_instrument(case.innovation)

    reply, text = page("hukum", "instrument", draft.token)

    assert reply.status_code == 200
    assert "No number yet" in text
    assert "It has not been issued." in text
    assert f">Regent decree {first_of(case).number}</a>" in text


def test_page_of_an_instrument_costs_the_same_with_many_connections(at):
    case = at("done")
    first = first_of(case)

    def cost():
        client = browser("inspektur")
        address = reverse("instrument", args=[first.token])
        client.get(address)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        return len(queries)

    walked_to_the_end(begin(case))
    one = cost()
    for _number in range(3):
        walked_to_the_end(begin(case))

    assert cost() == one
    # Eight of them enter that an auditor has read it.
    assert one <= 41


def test_consequence_is_shown_at_home_and_closed_on_its_page(at):
    case = at("done")
    walked_to_the_end(begin(case, "revoke"))
    row = Consequence.objects.get(kind="monitoring")
    holder = row.office.appointments.get(end=None).user.username
    client = browser(holder)

    assert reverse("consequence", args=[row.pk]) in client.get("/").content.decode()
    refused = client.post(reverse("consequence", args=[row.pk]), {"outcome": " "})
    assert (refused.status_code, "What was done: say it" in refused.content.decode()) == (422, True)
    reply = client.post(
        reverse("consequence", args=[row.pk]), {"outcome": "Rencana dihentikan hari ini."}
    )

    assert (reply.status_code, reply.url) == (302, "/")
    assert reverse("consequence", args=[row.pk]) not in client.get("/").content.decode()
    text = client.get(reverse("consequence", args=[row.pk])).content.decode()
    assert "Rencana dihentikan hari ini." in text


def test_consequence_of_others_is_read_but_not_closed(at):
    walked_to_the_end(begin(at("done"), "revoke"))
    row = Consequence.objects.get(kind="monitoring")
    address = reverse("consequence", args=[row.pk])

    assert browser("inspektur").get(address).status_code == 200
    assert browser("inspektur").post(address, {"outcome": "Selesai."}).status_code == 403
    assert browser("admin").get(address).status_code == 404
    assert browser("admin").post(address, {"outcome": "Selesai."}).status_code == 404


def test_list_of_innovations_shows_a_further_instrument_while_it_is_under_way(at):
    case = at("done")
    begun = begin(case)
    text = browser("inspektur").get("/cases/").content.decode()
    assert text.count(begun.code) > 0

    give_up(begun)
    text = browser("inspektur").get("/cases/").content.decode()
    assert text.count(begun.code) == 0
