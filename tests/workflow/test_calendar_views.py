"""The calendar is there for everybody; an administrator fills in, looks, and confirms."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.acting import acting_as
from accounts.models import Unit, User
from accounts.offices import today
from approvals.calendar import DAY, NATIONAL
from approvals.models import CalendarDecree, Refusal, Seat
from tests.approvals.calendar_factories import decreed
from tests.regency import case_at, person

pytestmark = [
    pytest.mark.integration,
    pytest.mark.one_database,
    pytest.mark.usefixtures("regency", "db", "english"),
]

MONDAY = datetime.date(2027, 7, 5)
CALENDAR, NEW = "/calendar/", "/calendar/decrees/new/"


@pytest.fixture(autouse=True)
def on_a_quiet_monday(time_machine):
    time_machine.move_to("2027-07-05T03:00:00Z")


@pytest.fixture
def visitor(client):
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client


@pytest.fixture
def admin(visitor):
    with acting_as(User.objects.system()):
        user = User.objects.create(username="akar", name_plain="Akar", is_superuser=True)
    visitor.force_login(user)
    return visitor


@pytest.fixture
def reader(visitor):
    visitor.force_login(person("warga"))
    return visitor


def filled(*days, weeks=(), **more):
    """What the form sends: (first day, what it becomes) for each row."""
    typed = {
        "number": "12/2027",
        "date": MONDAY.isoformat(),
        "title": "Cuti bersama",
        "days-TOTAL_FORMS": len(days),
        "days-INITIAL_FORMS": 0,
        "weeks-TOTAL_FORMS": len(weeks),
        "weeks-INITIAL_FORMS": 0,
    }
    for number, (first, becomes) in enumerate(days):
        typed |= {
            f"days-{number}-first": first.isoformat(),
            f"days-{number}-becomes": becomes,
            f"days-{number}-name": "Cuti bersama Juli",
        }
    for number, (unit, since, week) in enumerate(weeks):
        typed |= {
            f"weeks-{number}-unit": unit,
            f"weeks-{number}-valid_from": since.isoformat(),
            f"weeks-{number}-days": week,
        }
    return typed | more


def text(response):
    return " ".join(response.content.decode().split())


def test_everybody_reads_the_year(reader):
    content = text(reader.get(CALENDAR))
    assert "Working days and holidays 2027" in content
    assert "Working week: Monday to Friday." in content
    assert "No decree yet" in content
    assert NEW not in content


@pytest.mark.parametrize("year", ["2026", "", "1066", "abcd", "20270"])
def test_year_of_the_address_is_shown_where_it_is_one(reader, year):
    response = reader.get(CALENDAR, {"year": year})
    assert response.context["year"] == (2026 if year == "2026" else 2027)
    assert [month.first.month for month in response.context["months"]] == list(range(1, 13))


def test_year_of_a_unit_follows_its_week_and_its_days(reader):
    unit = Unit.objects.get(code="dinkes")
    decreed(weeks=[(unit, datetime.date(2027, 1, 1), "123456")], number="7/2027")
    decreed(days=[(MONDAY + DAY, False, unit)], number="8/2027")
    centre = text(reader.get(CALENDAR, {"unit": "puskesmas-gantung"}))
    assert "Working week: Monday to Saturday (decree no. 7/2027)." in centre
    assert "decree no. 8/2027" in centre
    everybody = text(reader.get(CALENDAR, {"unit": "tidak-ada"}))
    assert "Working week: Monday to Friday." in everybody


@pytest.mark.parametrize("count", [1, 40])
def test_calendar_costs_the_same_at_any_number_of_decrees(reader, count):
    for number in range(count):
        decreed(days=[(MONDAY + number * DAY, False)])
    reader.get(CALENDAR)
    with CaptureQueriesContext(connection) as queries:
        assert reader.get(CALENDAR).status_code == 200
    assert len(queries) <= 12


def test_decree_page_tells_what_it_declares(reader):
    unit = Unit.objects.get(code="dinkes")
    decree = decreed(days=[(MONDAY, False)], weeks=[(unit, MONDAY, "123456")])
    content = text(reader.get(reverse("calendar_decree", args=[decree.pk])))
    assert "Monday, 5 July 2027" in content
    assert "Monday to Saturday, from Monday, 5 July 2027" in content
    assert "None: nothing was due on or after these days." in content
    assert reader.get(reverse("calendar_decree", args=[decree.pk + 1])).status_code == 404


@pytest.mark.parametrize("method", ["get", "post"])
def test_person_without_the_right_is_refused_and_recorded(reader, method):
    response = getattr(reader, method)(NEW, filled((MONDAY + DAY, "free"), confirm="1"))
    assert response.status_code == 403
    assert "Only administrators of the calendar" in text(response)
    assert Refusal.objects.get().path == NEW
    assert not CalendarDecree.objects.exists()


def test_preview_shows_what_would_move_and_changes_nothing(admin):
    case_at("completeness")
    due = Seat.objects.filter(state=Seat.State.OPEN).first().due
    response = admin.post(NEW, filled((due, "free"), preview="1"))
    content = text(response)
    assert response.status_code == 200
    assert "2 due dates move" in content
    assert "<strong>2</strong> from Thursday, 8 July 2027 to Friday, 9 July 2027" in content
    assert "KERITAK" in content
    assert not CalendarDecree.objects.exists()
    assert {seat.due for seat in Seat.objects.filter(state=Seat.State.OPEN)} == {due}


def test_confirmation_does_what_the_preview_said(admin):
    case_at("completeness")
    due = Seat.objects.filter(state=Seat.State.OPEN).first().due
    typed = filled((due, "free"))
    seen = admin.post(NEW, typed | {"preview": "1"}).context["seen"]
    response = admin.post(NEW, typed | {"confirm": "1", "seen": seen}, follow=True)
    content = text(response)
    decree = CalendarDecree.objects.get()
    assert response.redirect_chain == [(reverse("calendar_decree", args=[decree.pk]), 302)]
    assert "Due dates moved: 2." in content
    assert "<strong>2</strong> from Thursday, 8 July 2027 to Friday, 9 July 2027" in content
    assert {seat.due for seat in Seat.objects.filter(state=Seat.State.OPEN)} == {due + DAY}
    assert decree.entered_by.username == "akar"


def test_confirmation_after_another_decree_shows_the_preview_again(admin):
    typed = filled((MONDAY + DAY, "free"))
    seen = admin.post(NEW, typed | {"preview": "1"}).context["seen"]
    decreed(days=[(MONDAY + 2 * DAY, False)])
    response = admin.post(NEW, typed | {"confirm": "1", "seen": seen})
    assert response.status_code == 409
    assert "Another decree has been entered meanwhile." in text(response)
    assert CalendarDecree.objects.count() == 1
    again = response.context["seen"]
    assert admin.post(NEW, typed | {"confirm": "1", "seen": again}).status_code == 302


def test_confirmation_twice_enters_the_decree_once(admin):
    typed = filled((MONDAY + DAY, "free"), confirm="1", seen="")
    assert admin.post(NEW, typed).status_code == 302
    response = admin.post(NEW, typed)
    assert response.status_code == 422
    assert "Akar entered this decree already." in text(response)
    assert CalendarDecree.objects.count() == 1


def test_entries_can_be_changed_after_the_preview(admin):
    typed = filled((MONDAY + DAY, "free"))
    response = admin.post(NEW, typed | {"change": "1"})
    assert response.status_code == 200
    assert 'value="12/2027"' in text(response)
    assert 'value="2027-07-06"' in text(response)


def test_fault_is_told_at_its_row_and_what_was_typed_stays(admin):
    days = [(MONDAY + DAY, "free"), (MONDAY - 3 * DAY, "free")]
    response = admin.post(NEW, filled(*days, preview="1"))
    assert response.status_code == 422
    content = text(response)
    assert "Row 2, First day: Friday, 2 July 2027 has passed" in content
    assert 'value="2027-07-02"' in content
    assert 'value="Cuti bersama Juli"' in content
    assert not CalendarDecree.objects.exists()


def test_row_that_is_removed_or_empty_is_no_row(admin):
    days = [(MONDAY + DAY, "free"), (MONDAY - 3 * DAY, "free"), (MONDAY, "free")]
    typed = filled(*days, preview="1") | {"days-1-DELETE": "on"}
    typed |= {"days-2-first": "", "days-2-name": ""}
    response = admin.post(NEW, typed)
    assert response.status_code == 200
    assert [row.first for row in response.context["decree"].days] == [MONDAY + DAY]


def test_fault_behind_a_removed_row_is_told_at_its_own(admin):
    days = [(MONDAY + DAY, "free"), (MONDAY + 2 * DAY, "free"), (MONDAY - 3 * DAY, "free")]
    response = admin.post(NEW, filled(*days, preview="1") | {"days-0-DELETE": "on"})
    assert "Row 3, First day: Friday, 2 July 2027 has passed" in text(response)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"number": ""}, "Number of the decree"),
        ({"date": "kemarin"}, "Type a day, for example"),
        ({"title": "x" * 201}, "at most 200 fit"),
        ({"days-0-becomes": "lembur"}, "Row 1, It becomes"),
        ({"days-0-unit": "tidak-ada"}, "is not in the list"),
        ({"days-0-name": ""}, "Row 1, Name of the day"),
        ({"days-0-last": "2027-07-01"}, "Row 1, Last day: The last day lies before the first."),
        ({"days-TOTAL_FORMS": "x"}, "Something needs your attention"),
    ],
)
def test_field_that_is_wrong_is_named(admin, typed, sentence):
    response = admin.post(NEW, filled((MONDAY + DAY, "free"), preview="1") | typed)
    assert response.status_code == 422
    assert sentence in text(response)


def test_week_of_a_unit_is_previewed_and_entered(admin):
    typed = filled(weeks=[("dinkes", MONDAY + DAY, "123456")])
    seen = admin.post(NEW, typed | {"preview": "1"})
    assert "Monday to Saturday, from Tuesday, 6 July 2027" in text(seen)
    assert admin.post(NEW, typed | {"confirm": "1", "seen": ""}).status_code == 302
    week = CalendarDecree.objects.get().weeks.get()
    assert (week.unit.code, week.valid_from, week.days) == ("dinkes", today() + DAY, "123456")


@pytest.mark.parametrize("count", [2, 30])
def test_form_costs_the_same_at_any_number_of_rows(admin, count):
    ahead = (MONDAY + number * DAY for number in range(1, 90))
    days = [day for day in ahead if NATIONAL.is_working_day(day)][:count]
    typed = filled(*[(day, "free") for day in days], preview="1")
    admin.post(NEW, typed)
    with CaptureQueriesContext(connection) as queries:
        assert admin.post(NEW, typed).status_code == 200
    assert len(queries) <= 15
