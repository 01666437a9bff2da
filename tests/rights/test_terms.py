"""A right lasts as long as the session, the account and the appointment do."""

import datetime
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django_tasks_db.models import DBTaskResult

from accounts.acting import acting_as
from accounts.models import Appointment, User
from accounts.offices import appoint, end_appointment, today
from approvals.models import Refusal, SignOff
from legal_basis.models import Instrument
from tests.accounts.factories import system_account
from tests.regency import person
from workflow.demo.people import PASSWORD

from .addresses import ANSWERS, PARTS, POSTED
from .kinds import KINDS
from .seats import assert_refused
from .stages import OUTCOMES
from .world import REASON, World, seat_of

pytestmark = [pytest.mark.integration, pytest.mark.usefixtures("db")]

DAY = datetime.timedelta(days=1)
POSTS = [name for name, method in ANSWERS if method == "POST"]


def publish(world: World, client: Client) -> Any:
    """The drafter's answer to the seat of the issued decree."""
    return client.post(reverse("act", args=PARTS["act"](world)), world.answer)


def change(user: User, **values: Any) -> None:
    with acting_as(system_account()):
        for name, value in values.items():
            setattr(user, name, value)
        user.save()


def appointment_of(username: str) -> Appointment:
    return Appointment.objects.get(user__username=username, end__isnull=True)


def end(appointment: Appointment, last_day: datetime.date) -> None:
    with transaction.atomic():
        end_appointment(system_account(), appointment, last_day=last_day)


def hold(username: str, former: Appointment, first_day: datetime.date) -> None:
    """Give the office to somebody, from a day on."""
    with transaction.atomic():
        appoint(
            system_account(),
            person(username),
            former.office,
            start=first_day,
            basis_number="821/1/2026",
            basis_date=first_day,
        )


def assert_led_to_login(response: Any, world: World) -> None:
    assert response.status_code == 302
    assert response.url.startswith(reverse("login"))
    assert not SignOff.objects.filter(seat=world.seat).exists()
    assert not Refusal.objects.exists()


def test_session_that_was_logged_out_decides_nothing(world):
    before = world.client(KINDS["drafter"])
    copied = world.client(KINDS["drafter"])
    before.post(reverse("logout"))

    assert_led_to_login(publish(world, copied), world)


def test_session_from_before_a_new_password_decides_nothing(world):
    drafter = person(KINDS["drafter"])
    drafter.set_password("kata-sandi-yang-baru")
    change(drafter)

    assert_led_to_login(publish(world, world.client(drafter.username)), world)


def test_deactivated_person_decides_nothing(world):
    drafter = person(KINDS["drafter"])
    change(drafter, is_active=False)

    assert_led_to_login(publish(world, world.client(drafter.username)), world)


def test_deactivated_person_cannot_log_in(world):
    change(person(KINDS["drafter"]), is_active=False)

    typed = {"username": KINDS["drafter"], "password": PASSWORD}
    response = Client().post(reverse("login"), typed)

    assert response.status_code == 200
    assert response.context["form"].errors


def test_last_day_of_an_appointment_still_counts(world):
    end(appointment_of(KINDS["drafter"]), today())

    assert publish(world, world.client(KINDS["drafter"])).status_code == 302
    assert SignOff.objects.filter(seat=world.seat).exists()


def test_day_after_an_appointment_does_not_count(world):
    end(appointment_of(KINDS["drafter"]), today() - DAY)

    response = publish(world, world.client(KINDS["drafter"]))

    # Who has signed on a case may go on reading it.
    assert_refused(response, KINDS["drafter"], world.issued.code)
    assert not SignOff.objects.filter(seat=world.seat).exists()


@pytest.mark.parametrize(("first_day", "signs"), [(0, True), (1, False)], ids=["today", "tomorrow"])
def test_successor_decides_from_the_first_day_on(world, first_day, signs):
    former = appointment_of(KINDS["drafter"])
    end(former, today() - DAY)
    hold(KINDS["inspector"], former, today() + first_day * DAY)

    response = publish(world, world.client(KINDS["inspector"]))

    assert response.status_code == (302 if signs else 403)
    assert SignOff.objects.filter(seat=world.seat).exists() == signs


def commit(world: World, case: Any, username: str) -> Any:
    """The head of the owning unit answers what is asked of the office."""
    seat = seat_of(case, KINDS["acting"])
    answer = {"outcome": OUTCOMES["commitment"], "note": REASON}
    return world.client(username).post(reverse("act", args=[case.code, seat.pk]), answer)


def test_substitute_decides_as_substitute(world, substituted):
    response = commit(world, substituted, KINDS["acting"])

    assert response.status_code == 302
    signed = SignOff.objects.get(seat__process=substituted, seat__stage="commitment")
    assert signed.person.username == KINDS["acting"]
    assert signed.capacity.startswith("Plt. ")
    assert signed.basis


def test_lapsed_holder_is_told_nothing(world, substituted):
    assert commit(world, substituted, KINDS["lapsed"]).status_code == 404
    page = world.client(KINDS["lapsed"]).get(reverse("case", args=[substituted.code]))
    assert page.status_code == 404
    listed = world.client(KINDS["lapsed"]).get(reverse("cases")).content.decode()
    assert substituted.code not in listed
    assert not Refusal.objects.exists()


def test_definitive_holder_waits_while_a_substitute_speaks(world, substituted):
    seat = seat_of(substituted, KINDS["acting"])
    former = Appointment.objects.get(user__username=KINDS["lapsed"])
    hold(KINDS["inspector"], former, today())

    response = commit(world, substituted, KINDS["inspector"])

    assert_refused(response, KINDS["inspector"], substituted.code)
    assert not SignOff.objects.filter(seat=seat).exists()


@pytest.mark.parametrize("username", ["hukum", "perancang1", "perancang2"])
def test_legal_section_retries_what_has_failed(world, username):
    with acting_as(system_account()):
        Instrument.objects.filter(pk=world.instrument.pk).update(status=Instrument.Status.FAILED)
    jobs = DBTaskResult.objects.count()

    response = world.client(username).post(reverse("instrument_retry", args=[world.issued.code]))

    assert response.status_code == 302
    assert DBTaskResult.objects.count() == jobs + 1


@pytest.mark.parametrize("username", ["bupati", "sekda", "asisten1", "inspektur", "guru.smp"])
def test_nobody_else_retries(world, username):
    with acting_as(system_account()):
        Instrument.objects.filter(pk=world.instrument.pk).update(status=Instrument.Status.FAILED)
    jobs = DBTaskResult.objects.count()

    response = world.client(username).post(reverse("instrument_retry", args=[world.issued.code]))

    assert_refused(response, username, world.issued.code)
    assert DBTaskResult.objects.count() == jobs


def test_issued_decree_is_not_issued_again(world):
    jobs = DBTaskResult.objects.count()

    world.client("hukum").post(reverse("instrument_retry", args=[world.issued.code]))

    assert DBTaskResult.objects.count() == jobs


@pytest.mark.parametrize("name", POSTS)
def test_post_without_the_token_of_our_own_page_is_refused(world, name):
    client = world.client(KINDS["initiator"], enforce_csrf_checks=True)
    url = reverse(name, args=PARTS.get(name, lambda _: [])(world))

    assert client.post(url, POSTED.get(name, lambda _: {})(world)).status_code == 403
    assert not Refusal.objects.exists()


def test_login_leads_to_no_other_site(world):
    typed = {"username": KINDS["drafter"], "password": PASSWORD}

    response = Client().post(reverse("login"), typed | {"next": "https://jahat.example/"})

    assert (response.status_code, response.url) == (302, reverse("home"))
