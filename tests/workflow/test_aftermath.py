"""What follows from an amendment, a revocation or an expiry: opened once, told, and closed."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.acting import acting_as
from accounts.models import Delegation, Office
from accounts.offices import today
from approvals.refusals import NotAllowed, NotFound, Refused
from legal_basis.models import Consequence, Instrument
from notifications.models import Message
from notifications.schedule import PERIODIC
from planning.models import ActionItem
from tests.accounts.factories import DelegationFactory
from tests.legal_basis.factories import system
from tests.regency import person
from workflow.aftermath import (
    close_consequence,
    consequences_visible_to,
    look_after_instruments,
    open_consequences,
    waiting_for,
)
from workflow.expiry import warn_of_expiry
from workflow.reader import reader_of

from .test_further import begin, first_of, walked_to_the_end

pytestmark = [
    pytest.mark.integration,
    pytest.mark.one_database,
    pytest.mark.usefixtures("regency", "db", "english"),
]

WALKED = ["done"]
DAY = datetime.timedelta(days=1)


def opened():
    rows = Consequence.objects.order_by("kind", "office__code")
    return [(row.kind, row.office.code) for row in rows]


def owner_of(case):
    return case.innovation.commitment.owner_office


def change(instrument, **fields):
    with acting_as(system()):
        for name, value in fields.items():
            setattr(instrument, name, value)
        instrument.save()


def waiting(username):
    return list(waiting_for(reader_of(person(username)).rights))


def holder(office):
    return office.appointments.get(end=None).user


def test_revocation_opens_what_rests_on_the_decree_when_it_is_issued(at):
    case = at("done")
    owner = owner_of(case)

    further = walked_to_the_end(begin(case, "revoke"))

    expected = [
        ("commitment", owner.code),
        ("commitment", "kepala-bpkpd"),
        ("monitoring", owner.code),
    ]
    assert opened() == sorted(expected)
    revoking = Instrument.objects.get(subject_code=further.code)
    assert {row.cause_id for row in Consequence.objects.all()} == {revoking.pk}
    assert {row.target_id for row in Consequence.objects.all()} == {first_of(case).pk}
    told = Message.objects.filter(event="consequence_opened")
    assert sorted(told.values_list("recipient", flat=True)) == sorted(
        [holder(owner).pk, holder(owner).pk, holder(Office.objects.get(code="kepala-bpkpd")).pk]
    )


def test_they_are_opened_once(at):
    further = walked_to_the_end(begin(at("done"), "revoke"))
    revoking = Instrument.objects.get(subject_code=further.code)
    before = opened()

    with transaction.atomic():
        assert open_consequences(system(), revoking) == []
    assert look_after_instruments() == 0
    assert opened() == before


def test_amendment_opens_them_too_and_a_correction_does_not(at):
    case = at("done")
    walked_to_the_end(begin(case, "correct"))
    assert opened() == []

    walked_to_the_end(begin(case, "amend"))
    assert len(opened()) == 3


def test_revocation_for_a_later_day_opens_them_on_that_day(at, time_machine):
    case = at("done")
    further = begin(case, "revoke")
    change(Instrument.objects.get(subject_code=further.code), in_force_from=today() + 5 * DAY)
    walked_to_the_end(further)
    assert (opened(), look_after_instruments()) == ([], 0)

    time_machine.move_to(datetime.datetime.now(datetime.UTC) + 5 * DAY)
    assert look_after_instruments() == 3
    assert look_after_instruments() == 0


def test_expiry_opens_them_on_the_day_after_the_last(at):
    case = at("done")
    first = first_of(case)
    change(first, in_force_from=today() - 9 * DAY, in_force_until=today())
    assert look_after_instruments() == 0

    change(first, in_force_until=today() - DAY)
    assert look_after_instruments() == 3
    assert look_after_instruments() == 0
    assert {(row.cause_id, row.target_id) for row in Consequence.objects.all()} == {
        (first.pk, first.pk)
    }


def test_what_was_extended_in_time_opens_nothing_until_its_new_end(at, time_machine):
    case = at("done")
    first = first_of(case)
    until = today() + 40 * DAY
    change(first, in_force_until=today() + DAY)
    walked_to_the_end(begin(case, "amend", until=until))
    count = Consequence.objects.count()

    time_machine.move_to(datetime.datetime.now(datetime.UTC) + 10 * DAY)
    assert look_after_instruments() == 0
    time_machine.move_to(datetime.datetime.now(datetime.UTC) + 31 * DAY)
    assert look_after_instruments() > 0
    assert Consequence.objects.count() > count


def test_assignment_that_rests_on_the_decree_is_the_legal_sections_to_look_after(at):
    case = at("done")
    first = first_of(case)
    appointment = Office.objects.get(code="sekda").appointments.get(end=None)
    DelegationFactory(
        principal=appointment,
        delegate=person("asisten1"),
        basis_number=first.number,
        start=today(),
        end=today(),
    )
    assert Delegation.objects.filter(basis_number=first.number).count() == 1

    walked_to_the_end(begin(case, "revoke"))

    assert ("assignment", "kabag-hukum") in opened()


def test_earlier_amendment_rests_on_what_is_revoked(at):
    case = at("done")
    amended = walked_to_the_end(begin(case, "amend"))
    amendment = Instrument.objects.get(subject_code=amended.code)

    walked_to_the_end(begin(case, "revoke"))

    row = Consequence.objects.get(kind="instrument")
    assert (row.office.code, row.subject.split(" – ")[0]) == ("kabag-hukum", amendment.number)


def test_retired_innovation_has_no_plan_to_look_after(at):
    case = at("done")
    with acting_as(system()):
        item = ActionItem.objects.get(innovation=case.innovation)
        item.status = ActionItem.Status.RETIRED
        item.save()

    walked_to_the_end(begin(case, "revoke"))

    assert [kind for kind, _office in opened()] == ["commitment", "commitment"]


# ---- looking after them ----


@pytest.fixture
def row(at):
    case = at("done")
    walked_to_the_end(begin(case, "revoke"))
    return Consequence.objects.get(kind="monitoring")


def test_it_waits_for_the_holder_of_the_office_until_it_is_closed(row):
    username = holder(row.office).username
    assert row in waiting(username)

    with transaction.atomic():
        close_consequence(person(username), row.pk, "Rencana pemantauan dihentikan.")

    row.refresh_from_db()
    assert (row.closed_by, row.outcome) == (person(username), "Rencana pemantauan dihentikan.")
    assert row not in waiting(username)
    with transaction.atomic(), pytest.raises(Refused, match="It was closed already"):
        close_consequence(person(username), row.pk, "Lagi.")


def test_legal_section_closes_it_too(row):
    with transaction.atomic():
        close_consequence(person("hukum"), row.pk, "Tidak ada yang perlu diubah.")

    row.refresh_from_db()
    assert row.closed_by == person("hukum")


@pytest.mark.parametrize("username", ["admin", "inspektur", "gizi"])
def test_nobody_else_closes_it(username, row):
    with transaction.atomic(), pytest.raises(NotAllowed):
        close_consequence(person(username), row.pk, "Selesai.")


@pytest.mark.parametrize("outcome", ["", "  ", "a\x00b"])
def test_it_is_closed_by_a_sentence_alone(outcome, row):
    with transaction.atomic(), pytest.raises(ValidationError, match="What was done"):
        close_consequence(person("hukum"), row.pk, outcome)


def test_unknown_one_is_not_found():
    with transaction.atomic(), pytest.raises(NotFound):
        close_consequence(person("hukum"), 999_999, "Selesai.")


def test_they_are_seen_by_their_office_and_by_the_readers_of_the_case(row):
    seen = {
        name: row in consequences_visible_to(person(name))
        for name in ("hukum", "inspektur", "admin", "penyuluh")
    }

    assert row in consequences_visible_to(holder(row.office))
    assert seen == {"hukum": True, "inspektur": True, "admin": False, "penyuluh": False}


# ---- a word in time ----


def test_end_is_told_once_some_time_before(at, settings):
    case = at("done")
    first = first_of(case)
    settings.WARN_OF_EXPIRY_DAYS = 90
    change(first, in_force_until=today() + 91 * DAY)
    assert warn_of_expiry() == 0

    change(first, in_force_until=today() + 90 * DAY)
    assert warn_of_expiry() == 1
    told = Message.objects.filter(event="instrument_expiring")
    people = sorted(told.values_list("recipient__username", flat=True))
    assert {"hukum", holder(owner_of(case)).username} <= set(people)
    warn_of_expiry()
    assert sorted(told.values_list("recipient__username", flat=True)) == people


def test_end_of_what_is_extended_or_revoked_is_not_told(at):
    case = at("done")
    change(first_of(case), in_force_until=today() + 10 * DAY)
    walked_to_the_end(begin(case, "amend", until=today() + 400 * DAY))
    assert warn_of_expiry() == 0

    walked_to_the_end(begin(case, "revoke"))
    assert warn_of_expiry() == 0


def test_scheduler_runs_both():
    paths = {periodic.path for periodic in PERIODIC}

    assert {
        "workflow.aftermath.look_after_instruments",
        "workflow.expiry.warn_of_expiry",
    } <= paths
