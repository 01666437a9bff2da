"""What waits for whom, in which order, in which capacity; for others; in one's units."""

import datetime

import pytest

from accounts.acting import acting_as
from accounts.models import Appointment, Office, Unit
from accounts.offices import today
from approvals.models import Seat
from innovations.models import ConflictDeclaration, Participant
from tests.accounts.factories import AppointmentFactory, DelegationFactory, system_account
from tests.regency import person
from workflow.decisions import take_up
from workflow.inbox import PAGE, filters_of, following_on_page, next_seat, page_of, query_of
from workflow.reader import reader_of

from .filling import copied, signed, waiting

pytestmark = [pytest.mark.integration, pytest.mark.usefixtures("regency", "db", "english")]

WALKED = ["completeness", "initialling"]
DAY = datetime.timedelta(days=1)
SECRETARIAT = "sekretariat-inovasi-1"


def lines(username, **wanted):
    return page_of(person(username), wanted)[0]


def titles(username, **wanted):
    return [line.title for line in lines(username, **wanted)]


def appointed(username, office, capacity=Appointment.Capacity.DEFINITIVE):
    end = today() + DAY if capacity != Appointment.Capacity.DEFINITIVE else None
    return AppointmentFactory(
        user=person(username), office=Office.objects.get(code=office), capacity=capacity, end=end
    )


def delegated(username, office, **scope):
    principal = Appointment.objects.get(office__code=office, end=None)
    return DelegationFactory(
        principal=principal, delegate=person(username), start=today(), end=today() + DAY, **scope
    )


# ---- for me ----


def test_line_says_that_it_is_for_the_own_office(at):
    at("completeness")

    (line,) = lines("sekretariat")

    office = Office.objects.get(code=SECRETARIAT)
    assert line.why == f"It is for your office, {office.title}."
    assert line.capacity == office.title
    assert line.consequence == "A colleague of your section can take it instead."


def test_line_says_by_which_letter_somebody_acts(at):
    at("completeness")
    acting = appointed("warga", SECRETARIAT, Appointment.Capacity.DAILY_ACTING)

    (line,) = lines("warga")

    assert line.why == f"You sign as {acting.title}, by letter {acting.basis_number}."
    assert titles("sekretariat") == []


def test_line_says_on_whose_behalf_and_by_which_letter_a_delegate_signs(at):
    at("completeness")
    letter = delegated("warga", SECRETARIAT)

    (line,) = lines("warga")

    assert line.why == f"You sign {line.capacity}, by letter {letter.basis_number}."
    assert line.capacity.startswith(f"a.n. {letter.principal.title}, ")


def test_seat_of_a_unit_waits_for_each_of_its_officials(at):
    seat = waiting(at("completeness"))
    unit = Unit.objects.get(code="dinkes")
    copied(seat, office=None, unit=unit)

    (line,) = lines("dinkes")

    assert line.why == f"It is for your unit, {unit}: any of its officials may answer."
    assert titles("disdik") == []


def test_work_by_name_waits_for_that_person(at):
    case = signed(at("completeness"), "return")

    (line,) = lines(case.innovation.initiator.username)

    assert (line.why, line.stage) == ("It is addressed to you by name.", "revision")
    assert line.consequence == "Until you resubmit, the innovation stays where it is."


@pytest.mark.parametrize(
    ("scope", "seen"),
    [
        ({"stages": ["completeness"]}, True),
        ({"stages": ["signing"]}, False),
        ({"instrument_kinds": ["nothing"]}, True),
        ({"ceiling": 1}, True),
    ],
)
def test_delegate_is_shown_what_the_letter_reaches_at_the_completeness_check(at, scope, seen):
    at("completeness")
    delegated("warga", SECRETARIAT, **scope)

    assert bool(lines("warga")) is seen


@pytest.mark.parametrize(
    ("scope", "seen"),
    [
        ({"ceiling": 1}, False),
        ({"ceiling": 10**15}, True),
        ({"instrument_kinds": ["nothing"]}, False),
        ({"instrument_kinds": ["regent_decree"]}, True),
    ],
)
def test_delegate_is_shown_no_more_money_and_no_other_kind_than_the_letter_names(at, scope, seen):
    at("initialling")
    delegated("warga", "kepala-bappelitbangda", **scope)

    assert bool(lines("warga")) is seen


@pytest.mark.parametrize("tie", ["initiator", "co_initiator", "stepped_back"])
def test_nobody_is_shown_what_they_may_not_judge(at, tie):
    innovation = at("completeness").innovation
    clerk = person("sekretariat")
    with acting_as(system_account()):
        if tie == "initiator":
            innovation.initiator = clerk
            innovation.save()
        elif tie == "co_initiator":
            Participant.objects.create(innovation=innovation, user=clerk)
        else:
            ConflictDeclaration.objects.create(
                innovation=innovation, person=clerk, stage="completeness", kind="recuse"
            )

    assert lines("sekretariat") == []


def test_line_says_who_has_taken_it_up(at):
    case = at("completeness")
    mine, other = waiting(case, SECRETARIAT), waiting(case, "sekretariat-inovasi-2")
    colleague = Appointment.objects.get(office=other.office, end=None).user
    take_up(colleague, case.code, other.pk)

    (line,) = lines("sekretariat")

    started = Seat.objects.get(pk=other.pk).claimed_at
    assert started is not None
    assert line.id == mine.pk
    assert line.taken_up.startswith(f"{colleague.get_short_name()} has been working on this since")
    assert lines(colleague.username)[0].taken_up.startswith("You have been working on this since")


# ---- order and pages ----


def test_lines_of_several_offices_stand_in_one_order_of_urgency(at):
    seat = waiting(at("completeness"), SECRETARIAT)
    appointed("sekretariat", "kabid-litbang", Appointment.Capacity.DAILY_ACTING)
    other = Office.objects.get(code="kabid-litbang")
    for number in range(6):
        office = other if number % 2 else seat.office
        copied(seat, office=office, due=seat.due + (6 - number) * DAY, case_title=f"T{number}")

    assert titles("sekretariat") == [seat.case_title, "T5", "T4", "T3", "T2", "T1", "T0"]


def test_pages_lead_from_one_to_the_next_without_gap_or_repeat(at):
    seat = waiting(at("completeness"), SECRETARIAT)
    for number in range(PAGE + 4):
        copied(seat, due=seat.due + (number % 3) * DAY)
    clerk = person("sekretariat")

    first, cursor = page_of(clerk, {})
    second, end = page_of(clerk, {"cursor": cursor})

    assert (len(first), len(second), end) == (PAGE, 5, "")
    assert len({line.id for line in [*first, *second]}) == PAGE + 5
    assert [line.due for line in [*first, *second]] == sorted(
        line.due for line in [*first, *second]
    )


@pytest.mark.parametrize(
    "cursor", ["kemarin,1", "2026-01-01,", "2026-01-01,x", "2026-13-01,1", "1"]
)
def test_broken_cursor_is_the_first_page(at, cursor):
    at("completeness")

    assert len(lines("sekretariat", cursor=cursor)) == 1


# ---- views and filters ----


def test_initiator_sees_on_whom_the_own_case_waits(at):
    case = at("completeness")
    initiator = case.innovation.initiator.username

    found = lines(initiator, view="others")

    assert case.code in {line.code for line in found}
    assert all(line.why.startswith("It is for ") for line in found)
    assert lines(initiator) == []


def test_signer_sees_how_the_signed_case_goes_on_and_not_the_own_seat(at):
    case = signed(at("initialling"), office="kepala-puskesmas-kelapa-kampit")

    assert titles("kapus.kampit", view="others") == [case.innovation.name]
    assert titles("kapus.kampit") == []
    assert titles("bappelitbangda", view="others") == []


def test_head_sees_what_waits_at_the_offices_of_the_unit(at):
    case = at("initialling")

    wanted = {"view": "unit", "stage": "initialling"}
    assert titles("bappelitbangda", **wanted) == [case.innovation.name]
    assert titles("perencanaan", **wanted) == [case.innovation.name]
    assert titles("disdik", **wanted) == []


def test_official_without_sight_of_a_case_is_not_shown_it_in_the_unit(at):
    seat = waiting(at("completeness"))
    office = Office.objects.get(code="kepala-disdik")
    copied(seat, office=office)
    staff = person("warga")
    staff.home_unit = office.unit
    with acting_as(system_account()):
        staff.save()

    assert titles("warga", view="unit") == []


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({"stage": "completeness"}, 1),
        ({"stage": "signing"}, 0),
        ({"stage": "nowhere"}, 1),
        ({"late": "1"}, 0),
        ({"q": "KERIT"}, 1),
        ({"q": "tidak ada"}, 0),
        ({"capacity": "own"}, 1),
        ({"capacity": "delegated"}, 0),
        ({"capacity": "name"}, 0),
        ({"unit": "999999"}, 0),
        ({"unit": "x"}, 1),
        ({"view": "nowhere"}, 1),
    ],
)
def test_filters_of_the_address_narrow_the_list(at, wanted, found):
    at("completeness")

    assert len(lines("sekretariat", **wanted)) == found


def test_filter_by_unit_is_that_of_the_innovation(at):
    unit = at("completeness").innovation.owning_unit_id

    assert len(lines("sekretariat", unit=str(unit))) == 1


def test_late_filter_finds_what_was_due(at):
    seat = waiting(at("completeness"), SECRETARIAT)
    copied(seat, due=today() - DAY, case_title="Terlambat")

    assert titles("sekretariat", late="1") == ["Terlambat"]


def test_address_is_kept_with_its_filters_alone():
    wanted = {"view": "unit", "stage": "signing", "cursor": "x", "next": "https://elsewhere.test"}

    assert filters_of(wanted) == {"view": "unit", "stage": "signing"}
    assert query_of(filters_of(wanted)) == "view=unit&stage=signing"


# ---- what comes next ----


@pytest.fixture
def four(at):
    """The open seat, and after it three of the secretariat: two stages, two days."""
    seat = waiting(at("completeness"), SECRETARIAT)
    later = {"due": seat.due + DAY}
    return {
        "here": seat,
        "other stage": copied(seat, stage="evaluation"),
        "same stage": copied(seat, **later, case_title="Sisa"),
        "urgent": copied(seat, due=seat.due - DAY),
    }


def test_next_is_the_next_of_the_same_stage(four):
    assert next_seat(reader_of(person("sekretariat")), four["here"]) == four["same stage"]


def test_next_after_the_last_of_its_stage_is_the_first_that_was_left(four):
    assert next_seat(reader_of(person("sekretariat")), four["same stage"]) == four["urgent"]


def test_next_stays_within_the_filters_and_leaves_them_when_nothing_is_left(four):
    clerk = person("sekretariat")

    assert next_seat(reader_of(clerk), four["here"], {"q": "Sisa"}) == four["same stage"]
    assert next_seat(reader_of(clerk), four["same stage"], {"q": "Sisa"}) == four["urgent"]


def test_next_passes_over_what_a_colleague_works_on(four, at):
    case = at("completeness")
    other = waiting(case, "sekretariat-inovasi-2")
    colleague = Appointment.objects.get(office=other.office, end=None).user
    take_up(colleague, case.code, other.pk)

    # One answer settles all four: they are of one group.
    assert next_seat(reader_of(person("sekretariat")), four["here"]) is None


def test_nothing_comes_next_after_the_last_one(at):
    seat = waiting(at("completeness"), SECRETARIAT)

    assert next_seat(reader_of(person("sekretariat")), seat) is None


# ---- what the page itself can say of it ----


def following(after, **wanted):
    items, _cursor = page_of(person("sekretariat"), wanted)
    found = following_on_page(items, after, wanted)
    return found and found.id


def test_page_names_the_next_of_the_same_stage_behind_the_seat(four):
    assert following(four["here"]) == four["same stage"].pk


@pytest.mark.parametrize("after", ["same stage", "other stage"])
def test_page_cannot_tell_what_follows_the_last_of_its_stage(four, after):
    assert following(four[after]) is None


def test_page_of_what_waits_for_others_names_nothing(four):
    assert following(four["here"], view="unit") is None


def test_page_passes_over_what_a_colleague_works_on(four, at):
    other = waiting(at("completeness"), "sekretariat-inovasi-2")
    colleague = Appointment.objects.get(office=other.office, end=None).user
    take_up(colleague, other.case_code, other.pk)

    assert following(four["here"]) is None
