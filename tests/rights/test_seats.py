"""Every human stage × every kind of person: nobody decides outside their seat."""

import datetime

import pytest
from django.db import transaction
from django.urls import reverse

from accounts.acting import acting_as
from accounts.models import Office
from accounts.offices import appoint, today
from approvals.models import Outcome, Refusal, Seat, SignOff
from tests.accounts.factories import system_account
from tests.regency import person
from workflow.flows.institutionalisation import Institutionalisation
from workflow.flows.monitoring import Monitoring
from workflow.nodes.stage import stage_nodes

from .kinds import KINDS
from .seats import assert_refused, assert_refused_by_the_initiators_rule
from .stages import STAGES
from .world import seat_of

pytestmark = [pytest.mark.integration, pytest.mark.one_database, pytest.mark.usefixtures("db")]

# A report tells what was done, a revision is the initiator's own work: neither is a judgement.
NO_JUDGEMENT = {"report", "revision"}
# Those whose right to look rests on different grounds; the act page costs the most of all.
LOOKING = ("anonymous", "stranger", "initiator", "unit_head", "lapsed", "acting", "superuser")
KIND = pytest.mark.parametrize("kind", KINDS)


def substitute(username: str, office: Office) -> None:
    """Let somebody speak for an office today, before whoever holds it."""
    with transaction.atomic():
        appoint(
            system_account(),
            person(username),
            office,
            capacity="plh",
            start=today(),
            end=today(),
            basis_number="800/1/2026",
            basis_date=today() - datetime.timedelta(days=1),
        )


def test_every_human_stage_has_a_row():
    nodes = [*stage_nodes(Institutionalisation), *stage_nodes(Monitoring)]
    assert {node.name for node in nodes} == set(STAGES)


@KIND
def test_deciding(waiting, kind):
    expected, username = waiting.expected(kind), KINDS[kind]

    response = waiting.decide(username)

    assert waiting.sign_offs == (expected == "signs")
    if expected == "403":
        assert_refused(response, username, waiting.case.code)
        return
    assert not Refusal.objects.exists()
    if expected == "in":
        assert response.url.startswith(reverse("login"))
    else:
        assert response.status_code == (302 if expected == "signs" else int(expected))


@pytest.mark.parametrize("kind", LOOKING)
def test_looking(waiting, kind):
    expected = waiting.expected(kind)

    response = waiting.world.client(KINDS[kind]).get(waiting.url)

    if expected in ("in", "302"):
        assert response.status_code == 302
    elif expected == "404":
        assert response.status_code == 404
    else:
        assert response.status_code == 200
        assert response.context["allowed"] == (expected == "signs")
    assert not Refusal.objects.exists()


def test_holder_named_in_the_table_decides(waiting):
    holder = person(waiting.holder)

    response = waiting.decide(holder.username)

    form = response.context and response.context["form"]
    assert response.status_code == 302, form and form.sentences()
    if waiting.stage != "revision":
        sign_off = SignOff.objects.get(seat=waiting.seat)
        assert (sign_off.person, sign_off.outcome) == (holder, waiting.answer["outcome"])


@pytest.mark.parametrize("relation", ["initiator", "co_initiator"])
def test_initiators_do_not_decide_even_in_office(waiting, relation):
    if waiting.stage == "revision":
        assert waiting.seat.office is None
        return
    substitute(KINDS[relation], waiting.seat.office)

    response = waiting.decide(KINDS[relation])

    if waiting.stage in NO_JUDGEMENT:
        assert (response.status_code, waiting.sign_offs) == (302, 1)
        return
    reason = assert_refused(response, KINDS[relation], waiting.case.code)
    assert_refused_by_the_initiators_rule(reason, relation)
    assert waiting.sign_offs == 0


def test_superuser_in_another_office_is_not_exempt(waiting):
    inspector = person(KINDS["inspector"])
    with acting_as(system_account()):
        inspector.is_superuser = True
        inspector.save()

    response = waiting.decide(inspector.username)

    assert_refused(response, inspector.username, waiting.case.code)
    assert waiting.sign_offs == 0


def test_seat_under_another_case_does_not_exist(waiting):
    other = waiting.world.issued if waiting.stage == "revision" else waiting.world.returned
    url = reverse("act", args=[other.code, waiting.seat.pk])
    # The inspector sees both cases.
    for username in (KINDS["inspector"], waiting.holder):
        client = waiting.world.client(username)
        assert client.get(url).status_code == 404
        assert client.post(url, waiting.answer).status_code == 404
    assert waiting.sign_offs == 0
    assert not Refusal.objects.exists()


def test_decided_seat_answers_others_with_who_and_when(waiting):
    if waiting.stage == "revision":
        return
    waiting.decide(waiting.holder)
    before = SignOff.objects.count()

    response = waiting.decide(KINDS["inspector"])

    assert response.status_code == 409
    assert person(waiting.holder).name_plain in response.content.decode()
    assert SignOff.objects.count() == before
    assert not Refusal.objects.exists()


def test_answer_about_other_content_is_refused_without_a_row(waiting):
    if waiting.stage == "revision":
        return
    waiting.declare()
    client = waiting.world.client(waiting.holder)

    response = client.post(waiting.url, waiting.answer | {"seen": "0" * 64})

    assert (response.status_code, waiting.sign_offs) == (409, 0)
    assert not Refusal.objects.exists()


def test_seat_that_is_not_open_yet_waits_for_its_own_holder_too(waiting):
    seats = Seat.objects.filter(process_id=waiting.case.pk, state=Seat.State.WAITING)
    for seat in seats:
        holder = seat.office.appointments.get(end__isnull=True).user.username
        url = reverse("act", args=[waiting.case.code, seat.pk])

        response = waiting.world.client(holder).post(url, {"outcome": Outcome.APPROVE})

        # Not every office sees the case before it is asked.
        assert response.status_code in (404, 409)
        assert not Refusal.objects.exists()
    assert not SignOff.objects.filter(seat__in=seats).exists()
    assert seat_of(waiting.case, waiting.holder) == waiting.seat
