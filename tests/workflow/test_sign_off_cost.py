"""What a decision and the page of a case cost in statements, BEGIN and COMMIT included."""

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from approvals.models import Seat
from tests.regency import person
from workflow.decisions import Act, decide
from workflow.models import Case
from workflow.walking import next_seat, sign_one

pytestmark = [pytest.mark.integration, pytest.mark.usefixtures("regency", "db")]

WALKED = ["initialling", "publication"]

PLAIN, COMPLETING, CASE_PAGE, DECISION_PAGE = 20, 47, 39, 33
# Whoever sees all cases is asked whether this one concerns them; an auditor's reading is entered.
CONCERN, READING = 3, 8


def seat_for(case: Case, office: str) -> Seat:
    """The seat of an office, once it is its turn; the others before it have signed."""
    while (seat := next_seat(case)) is not None:
        if seat.office and seat.office.code == office:
            return seat
        sign_one(case, seat, {})
    raise AssertionError(f"{case.code} never waits for {office}")


def statements_of(seat: Seat, username: str) -> int:
    signer = person(username)
    with CaptureQueriesContext(connection) as queries, transaction.atomic():
        decide(signer, seat.case_code, seat.pk, Act("approve"))
    # PostgreSQL is told beforehand how long to wait for the lock.
    return len(queries) - (connection.vendor == "postgresql")


def test_plain_sign_off_stays_under_its_ceiling(at):
    seat = seat_for(at("initialling"), "kepala-puskesmas-kelapa-kampit")

    assert statements_of(seat, "kapus.kampit") <= PLAIN


def test_sign_off_that_completes_its_stage_stays_under_its_ceiling(at):
    seat = seat_for(at("initialling"), "sekda")

    assert statements_of(seat, "sekda") <= COMPLETING


@pytest.mark.parametrize(
    ("username", "more"), [("inspektur", READING), ("bidan.kampit", 0), ("perancang1", CONCERN)]
)
def test_case_page_stays_under_its_ceiling(client, username, more, at):
    case = at("publication")
    client.force_login(person(username))
    path = reverse("case", args=[case.code])
    client.get(path)

    with CaptureQueriesContext(connection) as queries:
        assert client.get(path).status_code == 200

    assert len(queries) <= CASE_PAGE + more


@pytest.mark.parametrize("stage", ["initialling", "publication"])
def test_page_of_a_decision_stays_under_its_ceiling(client, stage, at):
    case = at(stage)
    seat = next_seat(case)
    assert seat is not None
    client.force_login(person("perancang1"))
    path = reverse("act", args=[case.code, seat.pk])
    client.get(path)

    with CaptureQueriesContext(connection) as queries:
        assert client.get(path).status_code == 200

    assert len(queries) <= DECISION_PAGE + CONCERN
