from datetime import date

import pytest
import time_machine
from django.utils import timezone

from accounts.models import Unit
from accounts.register import PAGE, letters_of, page_of_people, spans_of, tree_of_units
from tests.accounts.factories import (
    AppointmentFactory,
    DelegationFactory,
    OfficeFactory,
    UnitFactory,
    UserFactory,
)

pytestmark = [pytest.mark.integration, pytest.mark.django_db, pytest.mark.usefixtures("english")]
DAY = date(2026, 3, 10)


def names(wanted=None):
    rows, _cursor = page_of_people(wanted or {})
    return [row.user.name_plain for row in rows]


def test_people_come_by_name_with_what_they_hold():
    held = AppointmentFactory(user__name_plain="Budi", office__title="Kabid")
    UserFactory(name_plain="Ani")
    rows, cursor = page_of_people({})
    assert [(row.user.name_plain, row.offices) for row in rows] == [
        ("Ani", []),
        ("Budi", [held.title]),
    ]
    assert cursor == ""


def test_pages_lead_on_without_gap_or_repeat():
    for number in range(PAGE + 5):
        UserFactory(name_plain="Sama, S.Kom." if number % 2 else f"Nama {number:03d}")
    first, cursor = page_of_people({})
    second, end = page_of_people({"cursor": cursor})
    found = [row.user.pk for row in first + second]
    assert (len(first), len(found), len(set(found)), end) == (PAGE, PAGE + 5, PAGE + 5, "")


@pytest.mark.parametrize("cursor", ["", "x", "Ani,x", "Ani," + "9" * 40, ",", "\u0663"])
def test_broken_cursor_shows_the_first_page(cursor):
    UserFactory(name_plain="Zaki")
    assert names({"cursor": cursor}) == ["Zaki"]


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({"q": "rahayu"}, ["Siti Rahayu"]),
        ({"q": "dinkes"}, ["Siti Rahayu"]),
        ({"q": "1980"}, ["Siti Rahayu"]),
        ({"q": "0101"}, []),
        ({"state": "inactive"}, ["Budi"]),
        ({"state": "active"}, ["Siti Rahayu"]),
        ({"state": "lain", "unit": "x"}, ["Budi", "Siti Rahayu"]),
        ({"unit": "9" * 40}, []),
    ],
)
def test_people_are_filtered(wanted, found):
    UserFactory(name_plain="Siti Rahayu", username="dinkes", nip="198001012005011001")
    UserFactory(name_plain="Budi", is_active=False)
    assert names(wanted) == found


def test_people_of_a_unit_are_filtered():
    unit = UnitFactory()
    UserFactory(name_plain="Ani", home_unit=unit)
    UserFactory(name_plain="Budi")
    assert names({"unit": str(unit.pk)}) == ["Ani"]


@pytest.mark.parametrize("count", [1, PAGE + 5])
def test_people_cost_two_queries(count, django_assert_num_queries):
    unit = UnitFactory()
    for person in UserFactory.create_batch(count, home_unit=unit):
        AppointmentFactory(user=person)
    with django_assert_num_queries(2):
        rows, _cursor = page_of_people({})
        assert all(row.offices and row.user.home_unit.name for row in rows)


@pytest.mark.parametrize("count", [1, 8])
def test_tree_costs_three_queries_and_shows_every_unit(count, django_assert_num_queries):
    top = UnitFactory()
    for number in range(count):
        below = UnitFactory(parent=top)
        AppointmentFactory(office=OfficeFactory(unit=UnitFactory(parent=below)))
        OfficeFactory(unit=below, title=f"Kosong {number}")
    with django_assert_num_queries(3):
        (root,) = tree_of_units(DAY)
        text = [
            (post.office.title, post.holder and post.holder.user.name_plain)
            for branch in root.below
            for post in branch.posts + branch.below[0].posts
        ]
    assert root.unit == top
    assert len(text) == 2 * count
    assert 1 + len(root.below) * 2 == Unit.objects.count()


def spans(office, on=DAY):
    return [
        (
            span.start,
            span.end,
            span.appointment and span.appointment.capacity,
            span.state,
        )
        for span in spans_of(office, on)
    ]


def test_gaps_between_and_behind_appointments_are_shown():
    office = OfficeFactory()
    held = {"office": office}
    AppointmentFactory(**held, start=date(2026, 1, 1), end=date(2026, 1, 31))
    AppointmentFactory(**held, start=date(2026, 2, 1), end=date(2026, 2, 10))
    AppointmentFactory(**held, capacity="plt", start=date(2026, 2, 5), end=date(2026, 2, 20))
    AppointmentFactory(**held, start=date(2026, 3, 1), end=date(2026, 3, 9))
    assert spans(office) == [
        (DAY, None, None, "gap"),
        (date(2026, 3, 1), date(2026, 3, 9), "definitive", "over"),
        (date(2026, 2, 21), date(2026, 2, 28), None, "gap"),
        (date(2026, 2, 5), date(2026, 2, 20), "plt", "over"),
        (date(2026, 2, 1), date(2026, 2, 10), "definitive", "over"),
        (date(2026, 1, 1), date(2026, 1, 31), "definitive", "over"),
    ]


def test_holder_rests_while_a_substitute_speaks():
    holder = AppointmentFactory()
    AppointmentFactory(office=holder.office, capacity="plh", start=DAY, end=DAY)
    assert [span[3] for span in spans(holder.office)] == ["speaks", "resting"]
    assert [span[3] for span in spans(holder.office, date(2026, 3, 11))] == ["over", "speaks"]


def test_appointment_to_come_leaves_the_gap_before_it():
    office = OfficeFactory()
    AppointmentFactory(office=office, start=date(2026, 1, 1), end=date(2026, 1, 31))
    AppointmentFactory(office=office, start=date(2026, 4, 1))
    assert [span[3] for span in spans(office)] == ["coming", "gap", "over"]


def test_office_that_nobody_ever_held_has_no_spans():
    assert spans(OfficeFactory()) == []


def test_gap_counts_its_days():
    office = OfficeFactory()
    AppointmentFactory(office=office, start=date(2026, 1, 1), end=date(2026, 1, 31))
    with time_machine.travel("2026-02-02T17:00:00Z", tick=False):
        (gap, _held) = spans_of(office, date(2026, 2, 3))
        assert gap.days == 3


def test_letters_of_an_office_say_how_they_stand():
    holder = AppointmentFactory()
    terms = {"principal": holder}
    DelegationFactory(**terms, start=DAY, end=DAY)
    DelegationFactory(**terms, start=date(2026, 3, 11), end=date(2026, 3, 12))
    DelegationFactory(**terms, start=date(2026, 3, 1), end=date(2026, 3, 9))
    DelegationFactory(
        **terms, start=date(2026, 2, 1), revoked_at=timezone.now(), revoked_by=holder.user
    )
    states = [letter.state for letter in letters_of(holder.office, DAY)]
    assert states == ["coming", "at_work", "over", "ended"]
    AppointmentFactory(office=holder.office, capacity="plh", start=DAY, end=DAY)
    assert [letter.state for letter in letters_of(holder.office, DAY)][1] == "resting"
