"""A clock is stopped and started on its page; whom it concerns is told, and sees it everywhere."""

import datetime

import pytest
from django.db import transaction
from django.urls import reverse

from approvals.models import ClockPause, Outcome, Refusal, Seat
from approvals.refusals import NotAllowed, Refused
from notifications.models import Message
from tests.regency import person
from workflow.clocks import pause, resume
from workflow.decisions import Act, decide
from workflow.inbox import page_of
from workflow.models import Case
from workflow.reminders import remind

pytestmark = [
    pytest.mark.integration,
    pytest.mark.one_database,
    pytest.mark.usefixtures("regency", "db", "english"),
]

WALKED = ["alignment", "done"]

HOLDER, COLLEAGUE, CLERK, READER = "perencanaan", "litbang", "sekretariat", "inspektur"


@pytest.fixture
def case(at):
    return at("alignment")


def seats(case):
    return Seat.objects.filter(process_id=case.pk, state=Seat.State.OPEN)


def stop(case, username=HOLDER, **reason):
    with transaction.atomic():
        return pause(person(username), case.code, **{"kind": "ministry"} | reason)


def start(case, username=HOLDER):
    with transaction.atomic():
        return resume(person(username), case.code)


def told(event):
    found = Message.objects.filter(event=event).order_by("recipient__username")
    return [message.recipient.username for message in found]


@pytest.fixture
def client(client):
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client


def page(client, username, case):
    client.force_login(person(username))
    return client.get(reverse("case", args=[case.code]))


def test_other_holders_of_the_stage_are_told(case):
    stop(case)
    assert told("clock_stopped") == [COLLEAGUE]
    start(case, COLLEAGUE)
    assert told("clock_runs_again") == [HOLDER]


def test_initiator_is_told_that_the_case_waits_for_them(case):
    stop(case, CLERK, kind="initiator", note="Data penerima manfaat belum lengkap.")
    assert told("clock_stopped") == sorted([HOLDER, COLLEAGUE, case.innovation.initiator.username])
    message = Message.objects.filter(event="clock_stopped").first()
    assert message.params["reason"] == (
        "waiting for the initiator: Data penerima manfaat belum lengkap"
    )


def test_stopping_twice_tells_nobody_twice(case):
    assert stop(case) == stop(case)
    assert told("clock_stopped") == [COLLEAGUE]


def test_reader_stops_nothing(case):
    with pytest.raises(NotAllowed):
        stop(case, READER)
    assert not ClockPause.objects.exists()


def test_case_that_is_with_its_initiator_has_no_clock_to_stop(case):
    seat = seats(case).get(office__code="kabid-perencanaan")
    with transaction.atomic():
        decide(
            person(HOLDER), case.code, seat.pk, Act(Outcome.RETURN, "Perjelas.", [("design", "?")])
        )
    with pytest.raises(Refused, match="The case is with its initiator"):
        stop(case, CLERK)
    initiator = case.innovation.initiator
    (item,), _cursor = page_of(initiator, {})
    assert item.story.sentences[-1] == (
        "While the proposal is being revised, no other clock of the case runs."
    )


def test_case_that_waits_for_nobody_has_no_clock_to_stop(at):
    done = at("done")
    with pytest.raises(Refused, match="Nobody is asked to sign this case now"):
        stop(done, CLERK)


def test_seat_whose_clock_stands_still_is_neither_late_nor_reminded(case, time_machine):
    stop(case, note="Izin prinsip.")
    due = seats(case).first().due
    time_machine.move_to(
        datetime.datetime.combine(due + datetime.timedelta(days=30), datetime.time(3), datetime.UTC)
    )
    (item,), _cursor = page_of(person(HOLDER), {})
    assert (item.late, item.story.pause.reason) == (
        False,
        "waiting for the ministry: Izin prinsip",
    )
    assert page_of(person(HOLDER), {"late": "1"})[0] == []
    assert remind() == 0
    assert not Message.objects.filter(event="overdue").exists()


def test_late_filter_shows_what_is_late(case, time_machine):
    due = seats(case).first().due
    time_machine.move_to(
        datetime.datetime.combine(due + datetime.timedelta(days=1), datetime.time(3), datetime.UTC)
    )
    (item,), _cursor = page_of(person(HOLDER), {"late": "1"})
    assert item.late


def test_pause_ends_with_its_stage(case):
    stop(case)
    seat = seats(case).get(office__code="kabid-perencanaan")
    with transaction.atomic():
        decide(
            person(HOLDER), case.code, seat.pk, Act(Outcome.RETURN, "Perjelas.", [("design", "?")])
        )
    assert Case.objects.get(pk=case.pk).stage == "revision"
    revision = seats(case).get()
    assert revision.task_id != seat.task_id
    (item,), _cursor = page_of(case.innovation.initiator, {})
    assert item.story.pause is None


def test_case_page_says_that_the_clock_stands_still_and_why(client, case):
    stop(case, note="Izin prinsip.")
    content = page(client, READER, case).content.decode()
    assert "clock stands still since" in content
    assert "waiting for the ministry: Izin prinsip" in content
    assert "Stopped the clock of the stage “Alignment with pillars”" in content
    start(case)
    content = page(client, READER, case).content.decode()
    assert "Let the clock of the stage “Alignment with pillars” run again" in content
    assert "clock stands still since" not in content


@pytest.mark.parametrize(
    ("username", "offered"), [(HOLDER, True), (CLERK, True), (READER, False), ("warga", None)]
)
def test_case_page_offers_the_clock_to_those_who_may(client, case, username, offered):
    response = page(client, username, case)
    if offered is None:
        assert response.status_code == 404
    else:
        address = reverse("clock", args=[case.code])
        assert (address in response.content.decode()) == offered


def test_page_stops_the_clock_and_starts_it_again(client, case):
    client.force_login(person(HOLDER))
    address = reverse("clock", args=[case.code])
    assert "Stop the clock" in client.get(address).content.decode()
    response = client.post(address, {"kind": "other", "note": "Menunggu hasil uji mutu."})
    assert response.url == reverse("case", args=[case.code])
    assert ClockPause.objects.get().note == "Menunggu hasil uji mutu."
    content = client.get(address).content.decode()
    assert f"{person(HOLDER)} stopped it on" in content
    assert "Menunggu hasil uji mutu." in content
    assert client.post(address, {"resume": "1"}).status_code == 302
    assert ClockPause.objects.get().ended_by == person(HOLDER)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"note": "Belum lengkap"}, "Choose one of the reasons."),
        ({"kind": "other", "note": " "}, "Say in a sentence what it waits for."),
        ({"kind": "ministry", "note": "x" * 501}, "at most 500 fit"),
    ],
)
def test_page_keeps_what_was_typed_and_names_the_mend(client, case, typed, sentence):
    client.force_login(person(HOLDER))
    response = client.post(reverse("clock", args=[case.code]), typed)
    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert typed["note"] in response.content.decode()
    assert not ClockPause.objects.exists()


def test_page_of_a_clock_that_somebody_else_stopped_tells_so(client, case):
    stop(case)
    client.force_login(person(CLERK))
    response = client.post(reverse("clock", args=[case.code]), {"kind": "initiator"})
    assert response.status_code == 409
    assert "has stopped this clock already" in response.content.decode()


def test_page_refuses_and_records_whoever_may_not(client, case):
    client.force_login(person(READER))
    assert client.get(reverse("clock", args=[case.code])).status_code == 403
    assert Refusal.objects.get().person == person(READER)
