"""Whatever somebody writes into an address or a field, the answer is a page and never a fault."""

from urllib.parse import quote

import pytest
from django.urls import reverse

from accounts.models import Unit
from approvals.models import Seat
from innovations.drafts import save_draft
from tests.regency import person
from workflow.models import Case

pytestmark = [
    pytest.mark.integration,
    pytest.mark.postgresql_by_day,
    pytest.mark.usefixtures("regency", "db"),
]

WALKED = ["completeness"]

HUGE = "9" * 40
HOSTILE = [
    "\x00",
    "ab\x00c",
    "%00",
    HUGE,
    "9" * 5_000,
    f"-{HUGE}",
    "2026-01-01," + HUGE,
    "2026-01-01T00:00:00+00:00," + HUGE,
    "0001-01-01T00:00:00+14:00,1",
    "9999-12-31T23:59:59-14:00,1",
    "2026-02-30T00:00:00Z,1",
    "2026-01-01,1",
    "2026-01-01T00:00:00Z,0",
    ",",
    "٣",
    "²",
    "' OR 1=1 --",
    "<script>alert(1)</script>",
    "\u202e\u200b",
    "\ud83d\ude00".encode("utf-16", "surrogatepass").decode("utf-16"),
    "a" * 5_000,
]
# What somebody of the secretariat opens, and what an administrator does.
PLACES = {
    "sekretariat": [
        *(("inbox", name) for name in ("cursor", "stage", "unit", "late")),
        *(("cases", name) for name in ("cursor", "q", "stage", "status", "unit")),
        ("people", "q"),
        ("messages", "cursor"),
        ("delegation_new", "for"),
    ],
    "admin": [
        *(("person_list", name) for name in ("cursor", "q", "unit", "state")),
        ("unit_new", "parent"),
        ("office_new", "unit"),
        ("calendar", "unit"),
        ("calendar", "year"),
    ],
}


@pytest.fixture
def clerk(client):
    client.force_login(person("sekretariat"))
    return client


@pytest.mark.parametrize(
    ("who", "address", "name"),
    [(who, *place) for who, places in PLACES.items() for place in places],
)
def test_address_with_anything_in_it_is_answered(client, at, who, address, name):
    at("completeness")
    client.force_login(person(who))
    assert client.get(reverse(address)).status_code == 200
    faults = {}
    for value in HOSTILE:
        answer = client.get(reverse(address), {name: value})
        if answer.status_code not in (200, 400, 403, 404):
            faults[value] = answer.status_code
    assert faults == {}


@pytest.mark.parametrize("number", [2**31, 2**63 - 1, 2**63, 10**30])
@pytest.mark.parametrize("name", ["evidence", "proposal", "message_open"])
def test_number_that_no_row_can_have_is_not_found(clerk, name, number):
    assert clerk.get(reverse(name, args=[number])).status_code == 404


@pytest.mark.parametrize("number", [2**31, 2**63, 10**30])
def test_seat_that_no_row_can_have_is_not_found(clerk, number, at):
    case = at("completeness")
    assert clerk.get(reverse("act", args=[case.code, number])).status_code == 404
    assert clerk.post(reverse("act", args=[case.code, number])).status_code == 404


@pytest.mark.parametrize("value", ["", "bukan", "approve\x00", "withdraw", "a" * 5_000])
def test_answer_that_the_stage_does_not_know_is_refused_with_a_sentence(clerk, value, at):
    case = at("completeness")
    seat = Seat.objects.filter(process_id=case.pk).first()

    answer = clerk.post(
        reverse("act", args=[case.code, seat.pk]),
        {"outcome": value},
        headers={"accept-language": "en"},
    )

    assert answer.status_code == 422
    assert "Choose one of the answers of this stage." in answer.content.decode()


BAD_REASONS = ["", "   ", "a\x00b", "sah\u202eih", "a" * 5_000, "\ufeff"]


@pytest.mark.parametrize("reason", BAD_REASONS)
def test_reason_of_a_withdrawal_is_checked_like_any_text(client, reason, at):
    case = at("completeness")
    client.force_login(case.innovation.initiator)

    answer = client.post(
        reverse("withdraw", args=[case.code]),
        {"reason": reason},
        headers={"accept-language": "en"},
    )

    assert answer.status_code == 422
    assert "Reason" in answer.context["errors"][0]
    assert answer.context["reason"] == reason
    assert Case.objects.get(pk=case.pk).stage == "completeness"


@pytest.mark.parametrize("note", BAD_REASONS[2:])
def test_reason_of_a_return_is_checked_like_any_text(clerk, note, at):
    case = at("completeness")
    seat = Seat.objects.filter(process_id=case.pk).first()

    answer = clerk.post(
        reverse("act", args=[case.code, seat.pk]),
        {"outcome": "return", "note": note},
        headers={"accept-language": "en"},
    )

    assert answer.status_code == 422
    assert answer.context["note"] == note
    assert not hasattr(Seat.objects.get(pk=seat.pk), "sign_off")


def test_filter_by_unit_narrows_the_cases(clerk, at):
    case = at("completeness")
    unit = case.innovation.owning_unit_id
    other = Unit.objects.exclude(pk=unit).first().pk

    shown = {
        number: case.code in clerk.get(reverse("cases"), {"unit": number}).content.decode()
        for number in (unit, other)
    }

    assert shown == {unit: True, other: False}


@pytest.mark.parametrize("end", ["", "history/", "history/innovation/1/2/", "diagram.svg"])
@pytest.mark.parametrize("code", ["\x00", "INV-2026-9999", "a" * 3_000, "%00", "-", "\u202e"])
def test_code_that_no_case_has_is_not_found(clerk, end, code):
    assert clerk.get(f"/cases/{quote(code)}/{end}").status_code == 404


@pytest.mark.parametrize("value", ["", "x", "\x00", "0", "999999999", HUGE, "9" * 5_000])
def test_file_that_the_draft_has_not_is_answered_with_a_sentence(clerk, value):
    draft = save_draft(person("sekretariat"), None, {})
    address = reverse("proposal_file", args=[draft.pk])
    headers = {"accept": "application/json", "accept-language": "en"}

    described = clerk.post(address, {"describe": value, "title": "Surat"}, headers=headers)
    removed = clerk.post(address, {"remove": value}, headers=headers)

    assert (described.status_code, described.context["error"]) == (
        422,
        "This file is no longer on the draft. Reload the page.",
    )
    # What should be gone is gone: the second click of two is no fault.
    assert (removed.status_code, removed.context["error"]) == (200, "")
