"""Finding somebody else for a seat that nobody can sign, and saying so where there is nobody."""

import logging

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.acting import acting_as
from accounts.models import Appointment, Office
from accounts.offices import today
from approvals.models import Seat, SignOffPolicy
from approvals.refusals import NotAllowed, NotFound, Refused
from innovations.models import Participant
from notifications.schedule import PERIODIC
from tests.accounts.factories import (
    DelegationFactory,
    UnitFactory,
    UserFactory,
    system_account,
)
from tests.house.databases import triggers_lifted
from tests.regency import person
from tests.workflow.steps import (
    fresh,
    leave,
    offices,
    seat_at,
    seats,
    sign,
    stepped_back,
    take_office,
    told,
)
from workflow.facts import matter_of
from workflow.members import eligible_member
from workflow.rerouting import look_after, look_after_seats, name_replacement
from workflow.stalls import missing_label

pytestmark = [pytest.mark.integration, pytest.mark.usefixtures("english")]
WALKED = ("completeness", "verification", "commitment")
OWNER, FINANCE = "kepala-puskesmas-kelapa-kampit", "kepala-bpkpd"
SECRETARIES = ["sekretariat", "sekretariat2"]


def written(row):
    with acting_as(system_account()):
        row.save()
    return row


def named(case, seat, office, who="sekretariat", reason="Jabatan kosong."):
    with transaction.atomic():
        office = Office.objects.get(code=office)
        name_replacement(person(who), case.code, seat.pk, office, reason=reason)


def looked_after(case):
    with transaction.atomic():
        return look_after(system_account(), case.code)


# ---- vacancies, and who is told ----


def test_vacancy_is_told_once_and_again_when_it_comes_again(at):
    case = at("commitment")
    leave("kapus.kampit")

    assert look_after_seats() == 1
    assert look_after_seats() == 1
    assert told(case, "stage_stalled") == SECRETARIES

    stand_in = take_office("gizi", OWNER)
    assert look_after_seats() == 0
    stand_in.end = stand_in.start = today().replace(year=today().year - 1)
    written(stand_in)
    assert look_after_seats() == 1
    assert told(case, "stage_stalled") == SECRETARIES * 2
    assert offices(seats(case)) == [OWNER]


def test_vacancy_names_whose_signature_is_missing(at):
    case = at("commitment")
    leave("kapus.kampit")

    (gap,) = looked_after(case)
    assert missing_label([gap, gap]) == "Kepala Puskesmas Kelapa Kampit"
    assert (gap.missing, list(gap.seats)) == (1, seats(case))


def test_stage_that_opens_at_a_vacant_office_says_so_at_once(at):
    case = at("completeness")
    for number in (3, 4, 5):
        leave(f"panel{number}")
    case = sign(case)

    assert case.stage == "verification"
    assert told(case, "stage_stalled") == SECRETARIES


def test_quorum_that_can_do_without_an_office_tells_nobody(at):
    case = at("verification")
    leave("panel5")
    leave("panel4")

    assert look_after_seats() == 0
    assert told(case, "stage_stalled") == []


def test_unit_without_holders_is_told(at):
    case = at("commitment")
    (seat,) = seats(case)
    seat.office, seat.unit = None, UnitFactory(name="Dinas Baru")
    written(seat)

    assert look_after_seats() == 1
    assert told(case, "stage_stalled") == SECRETARIES


def test_revision_of_somebody_whose_account_is_closed_is_told(at):
    case = sign(at("commitment"), outcome="return")
    initiator = case.innovation.initiator
    initiator.is_active = False
    written(initiator)

    assert look_after_seats() == 1
    assert told(case, "stage_stalled") == SECRETARIES


def test_seats_that_somebody_holds_are_not_looked_at(at, django_assert_max_num_queries):
    at("commitment")
    with triggers_lifted():
        Appointment.history.update(history_date="2020-01-01T00:00:00Z")
    with django_assert_max_num_queries(6):
        assert look_after_seats() == 0


def test_one_broken_case_keeps_no_other_waiting(at, caplog):
    case, broken = at("commitment"), at("verification")
    leave("kapus.kampit")
    for number in (1, 2, 3):
        leave(f"panel{number}")
    with acting_as(system_account()):
        unreadable = [{"rule": "gone", "members": []}]
        with acting_as(system_account()):
            SignOffPolicy.objects.filter(stage=broken.stage).update(groups=unreadable)

    with caplog.at_level(logging.ERROR, "workflow.rerouting"):
        assert look_after_seats() == 1
    assert [record.args for record in caplog.records] == [(broken.code,)]
    assert told(case, "stage_stalled") == SECRETARIES


def test_seats_are_looked_after_every_hour():
    (row,) = [one for one in PERIODIC if one.path == "workflow.rerouting.look_after_seats"]
    assert row.every.total_seconds() == 3600


def test_case_without_an_open_stage_is_left_alone(at):
    case = sign(at("verification"), "panel-1")
    for number in (2, 3):
        case = sign(case, f"panel-{number}", "reject")
    case = sign(case, "panel-4", "reject")
    assert case.finished is not None
    assert looked_after(case) == []


# ---- whoever may not sign what comes to them ----


def test_holder_who_has_become_a_co_initiator_is_passed_over(at):
    case = at("commitment")
    with acting_as(system_account()):
        Participant.objects.create(innovation=case.innovation, user=person("kapus.kampit"))

    assert looked_after(case) == []
    (seat,) = seats(case)
    assert (seat.office.code, seat.member) == ("kepala-dinkes", "@owning_unit_head")
    assert told(case, "seat_opened")[-1] == "dinkes"


def test_new_holder_who_is_the_initiator_is_passed_over_on_the_first_day(at):
    case = at("commitment")
    leave("kapus.kampit")
    take_office(case.innovation.initiator.username, OWNER, "definitive")

    assert look_after_seats() == 0
    assert offices(seats(case)) == ["kepala-dinkes"]


def test_appointment_that_is_entered_late_is_noticed(at):
    case = at("commitment")
    leave("kapus.kampit")
    appointment = take_office(case.innovation.initiator.username, OWNER)
    appointment.start = today().replace(year=today().year - 1)
    written(appointment)

    assert look_after_seats() == 0
    assert offices(seats(case)) == ["kepala-dinkes"]


def test_work_moves_up_to_an_office_that_somebody_holds(at):
    case = at("commitment")
    leave("dinkes")
    with acting_as(system_account()):
        Participant.objects.create(innovation=case.innovation, user=person("kapus.kampit"))
    looked_after(case)

    assert offices(seats(case)) == ["asisten-1"]


def test_work_stays_where_nobody_above_may_take_it(at):
    case = at("commitment")
    policy = seats(case)[0].policy
    for name in ("kapus.kampit", "dinkes", "asisten1", "sekda", "bupati"):
        with acting_as(system_account()):
            Participant.objects.create(innovation=case.innovation, user=person(name))
    office = Office.objects.get(code=OWNER)
    assert eligible_member(office, policy, matter_of(fresh(case)), today()) == office
    assert len(looked_after(case)) == 2
    assert told(case, "stage_stalled") == SECRETARIES


def test_quorum_of_too_few_people_does_not_break_the_stage(at):
    """One person speaks for three offices of the panel: two signatures are out of reach."""
    case = at("verification")
    for number in (2, 3, 4):
        take_office("panel1", f"panel-{number}", "plh")

    (gap,) = looked_after(case)
    assert (gap.missing, offices(gap.seats)) == (1, ["panel-2", "panel-3", "panel-4"])
    assert told(case, "stage_stalled") == SECRETARIES
    named(case, gap.seats[0], "kepala-disdik")
    assert looked_after(case) == []


# ---- naming a replacement ----


def test_secretariat_names_a_replacement_where_somebody_is_missing(at):
    case = at("commitment")
    leave("kapus.kampit")
    named(case, seats(case)[0], "kepala-disdik", reason=" Kepala sedang dimutasi. ")

    (seat,) = seats(case)
    assert (seat.office.code, seat.moved_because) == ("kepala-disdik", "Kepala sedang dimutasi.")
    assert seat.history.first().history_user == person("sekretariat")
    assert told(case, "seat_opened")[-1] == "dinsos"
    assert offices(seats(sign(case, "kepala-disdik"))) == [FINANCE]


def test_replacement_is_named_before_the_turn_comes(at):
    case = at("commitment")
    leave("keuangan")
    later = next(seat for seat in seats(case, "waiting") if seat.office.code == FINANCE)
    named(case, later, "kabid-anggaran")

    assert offices(seats(case)) == [OWNER]
    assert offices(seats(sign(case, OWNER))) == ["kabid-anggaran"]


def test_replacement_of_whoever_stepped_back(at):
    case = at("verification")
    for number in (1, 2, 3):
        stepped_back(person(f"panel{number}"), seat_at(case, f"panel-{number}"))
    left = seats(case, "recused")[0]
    named(case, left, "kepala-disdik")

    assert sorted(offices(seats(case))) == ["kepala-disdik", "panel-4", "panel-5"]
    assert seat_at(case, "kepala-disdik").round == 2


@pytest.mark.parametrize("who", ["bupati", "perencanaan", "bidan.kampit", "akar"])
def test_naming_a_replacement_is_for_the_secretariat(who, at):
    case = at("commitment")
    leave("kapus.kampit")
    if who == "akar":
        UserFactory(username="akar", is_superuser=True)
    with pytest.raises(NotAllowed, match="Only the innovation secretariat names a replacement"):
        named(case, seats(case)[0], "kepala-disdik", who)


def test_secretary_who_takes_part_names_nobody(at):
    case = at("commitment")
    leave("kapus.kampit")
    with acting_as(system_account()):
        Participant.objects.create(innovation=case.innovation, user=person("sekretariat"))
    with pytest.raises(NotAllowed):
        named(case, seats(case)[0], "kepala-disdik")


@pytest.mark.parametrize(
    ("office", "reason", "sentence"),
    [
        ("kepala-disdik", " ", "Reason: say in a sentence why somebody else is asked."),
        ("kepala-disdik", "a\u202eb", "Reason: Character 2 (U+202E"),
        (
            "kepala-puskesmas-gantung",
            "Kosong.",
            "Office: Nobody holds the office Kepala Puskesmas Gantung today. Choose another one.",
        ),
        (
            "kepala-dinkop-lama",
            "Kosong.",
            "Office: You are a co-initiator: nobody signs on their own innovation. "
            "Choose another one.",
        ),
    ],
)
def test_replacement_who_cannot_sign_is_refused_with_a_sentence(office, reason, sentence, at):
    case = at("commitment")
    leave("kapus.kampit")
    leave("kapus.gantung")
    if office == "kepala-dinkop-lama":
        office = "kepala-dinkopukmdag"
        with acting_as(system_account()):
            Participant.objects.create(innovation=case.innovation, user=person("dinkop"))
    with pytest.raises(ValidationError) as refusal:
        named(case, seats(case)[0], office, reason=reason)
    assert refusal.value.messages[0].startswith(sentence)
    assert offices(seats(case)) == [OWNER]


def test_office_that_sits_in_the_quorum_does_not_sit_there_twice(at):
    case = at("verification")
    for number in (1, 2, 3):
        leave(f"panel{number}")
    with pytest.raises(ValidationError, match="is asked in this group already"):
        named(case, seat_at(case, "panel-1"), "panel-5")


def test_seat_that_lacks_nobody_is_given_to_nobody_else(at):
    case = at("commitment")
    with pytest.raises(Refused, match="Nobody is missing at this seat") as refusal:
        named(case, seats(case)[0], "kepala-disdik")
    assert refusal.value.status == 409


def test_stage_that_is_complete_is_given_to_nobody_else(at):
    case = at("verification")
    for number in (1, 2, 3):
        case = sign(case, f"panel-{number}")
    leave("panel5")
    closed = Seat.objects.get(process_id=case.pk, office__code="panel-5")
    with pytest.raises(Refused, match="Nobody is missing at this seat"):
        named(case, closed, "kepala-disdik")
    assert Seat.objects.get(pk=closed.pk).office.code == "panel-5"


def test_seat_of_another_case_does_not_exist(at):
    with pytest.raises(NotFound):
        named(at("verification"), seats(at("commitment"))[0], "kepala-disdik")


def test_stage_that_still_lacks_somebody_is_told_again(at):
    case = at("verification")
    for number in (1, 2, 3, 4):
        leave(f"panel{number}")
    looked_after(case)
    named(case, seat_at(case, "panel-1"), "kepala-disdik")

    assert told(case, "stage_stalled") == SECRETARIES * 2
    (gap,) = looked_after(case)
    assert gap.missing == 1


def test_delegate_of_a_missing_holder_is_missed_as_well(at):
    case = at("commitment")
    letter = DelegationFactory(principal=person("kapus.kampit").appointments.get())
    assert looked_after(case) == []
    leave("kapus.kampit")
    assert len(looked_after(case)) == 1
    assert letter.delegate.username not in told(case, "seat_opened")
