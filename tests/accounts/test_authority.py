import datetime
from datetime import UTC, date
from decimal import Decimal

import pytest
import time_machine

from accounts import scopes
from accounts.authority import authorities_for, authorities_of
from accounts.offices import holder_of, today
from tests.accounts.factories import (
    AppointmentFactory,
    DelegationFactory,
    OfficeFactory,
    UserFactory,
)

pytestmark = [pytest.mark.integration, pytest.mark.django_db, pytest.mark.usefixtures("english")]
DAY = date(2026, 3, 10)


def acting(office, on=DAY):
    return authorities_for([office], on)[office.pk]


def who(authorities):
    return [one.person for one in authorities]


def substitute(holder, capacity="plh", **fields):
    return AppointmentFactory(
        **{"office": holder.office, "capacity": capacity, "start": DAY, "end": DAY} | fields
    )


def test_holder_acts_for_the_own_office():
    holder = AppointmentFactory(office__title="Kepala Dinas Kesehatan")

    (authority,) = acting(holder.office)

    assert (authority.office, authority.person) == (holder.office, holder.user)
    assert authority.appointment == holder
    assert (authority.capacity, authority.basis) == ("Kepala Dinas Kesehatan", holder.basis_number)
    assert (authority.delegation, authority.principals, authority.is_mandate) == (None, (), False)
    assert authorities_of(holder.user, DAY) == [authority]


@pytest.mark.parametrize(
    ("capacity", "mandate"), [("plt", True), ("plh", True), ("pj", False), ("pjs", False)]
)
def test_substitute_acts_alone_and_stands_in_for_the_holder(capacity, mandate):
    holder = AppointmentFactory(office__title="Sekretaris Daerah")
    stand_in = substitute(holder, capacity)

    (authority,) = acting(holder.office)

    assert authority.person == stand_in.user
    assert authority.capacity == f"{capacity.capitalize()}. Sekretaris Daerah"
    assert authority.principals == (holder.user_id,)
    assert authority.is_mandate is mandate
    assert authorities_of(holder.user, DAY) == []


def test_stand_in_for_days_stands_in_for_everybody_behind():
    holder = AppointmentFactory()
    long = substitute(holder, "pj", start=date(2026, 3, 1), end=date(2026, 4, 1))
    short = substitute(holder)

    (authority,) = acting(holder.office)

    assert authority.person == short.user
    assert authority.principals == (long.user_id, holder.user_id)


def test_substitute_of_a_vacant_office_stands_in_for_nobody():
    stand_in = AppointmentFactory(capacity="plt", start=DAY, end=DAY)

    (authority,) = acting(stand_in.office)

    assert (authority.principals, authority.is_mandate) == ((), True)


def test_substitute_of_an_inactive_holder_still_stands_in_for_that_person():
    holder = AppointmentFactory(user__is_active=False)
    substitute(holder, "plt")

    (authority,) = acting(holder.office)

    assert authority.principals == (holder.user_id,)


def test_office_without_anybody_has_an_empty_list():
    office = OfficeFactory()
    assert authorities_for([office], DAY) == {office.pk: []}


def test_delegate_acts_beside_the_holder_and_stands_in_for_that_person():
    holder = AppointmentFactory(office__title="Kepala Dinas Kesehatan")
    own = AppointmentFactory(office__title="Sekretaris Dinas Kesehatan")
    letter = DelegationFactory(principal=holder, delegate=own.user)

    first, second = acting(holder.office)

    assert (first.person, second.person) == (holder.user, own.user)
    assert (second.office, second.appointment) == (holder.office, holder)
    assert (second.delegation, second.basis) == (letter, letter.basis_number)
    assert second.capacity == "a.n. Kepala Dinas Kesehatan, Sekretaris Dinas Kesehatan"
    assert (second.principals, second.is_mandate) == ((holder.user_id,), True)
    assert [one.capacity for one in authorities_of(own.user, DAY)] == [
        "Sekretaris Dinas Kesehatan",
        second.capacity,
    ]
    assert authorities_of(own.user, DAY)[1] == second


def test_delegate_without_an_office_signs_on_behalf_alone():
    letter = DelegationFactory(principal__office__title="Kepala Dinas Kesehatan")
    _holder, delegate = acting(letter.principal.office)
    assert delegate.capacity == "a.n. Kepala Dinas Kesehatan"


def test_delegate_is_known_by_the_definitive_office_held_longest():
    letter = DelegationFactory()
    mine = {"user": letter.delegate}
    AppointmentFactory(**mine, office__title="Kabid", start=date(2024, 1, 1))
    AppointmentFactory(**mine, office__title="Sekretaris", start=date(2022, 1, 1))
    AppointmentFactory(**mine, capacity="plt", start=date(2021, 1, 1), end=date(2027, 1, 1))

    _holder, delegate = acting(letter.principal.office)

    assert delegate.own_title == "Sekretaris"
    assert authorities_of(letter.delegate, DAY)[-1].own_title == "Sekretaris"


def test_delegate_of_an_interim_head_stands_in_for_all_before():
    holder = AppointmentFactory()
    interim = substitute(holder, "pjs")
    letter = DelegationFactory(principal=interim)

    _interim, delegate = acting(holder.office)

    assert delegate.capacity.startswith("a.n. Pjs. ")
    assert delegate.principals == (interim.user_id, holder.user_id)
    assert delegate.person == letter.delegate


def test_delegate_rests_while_another_speaks_for_the_office():
    holder = AppointmentFactory()
    letter = DelegationFactory(principal=holder)
    stand_in = substitute(holder, start=date(2026, 3, 9), end=DAY)

    assert who(acting(holder.office)) == [stand_in.user]
    assert authorities_of(letter.delegate, DAY) == []
    assert who(acting(holder.office, date(2026, 3, 11))) == [holder.user, letter.delegate]


@pytest.mark.parametrize("inactive", ["delegate", "principal__user"])
def test_delegation_of_inactive_people_counts_for_nothing(inactive):
    letter = DelegationFactory(**{f"{inactive}__is_active": False})

    assert letter.delegate not in who(acting(letter.principal.office))
    assert authorities_of(letter.delegate, DAY) == []


def test_delegation_ends_with_the_appointment_it_rests_on():
    letter = DelegationFactory(principal__end=date(2026, 3, 9))

    assert len(acting(letter.principal.office, date(2026, 3, 9))) == 2
    assert acting(letter.principal.office) == []
    assert authorities_of(letter.delegate, DAY) == []


def test_delegation_runs_from_midnight_to_midnight_of_the_regency():
    letter = DelegationFactory(start=DAY, end=DAY)
    first = datetime.datetime(2026, 3, 9, 17, tzinfo=UTC)
    second = datetime.timedelta(seconds=1)
    day = datetime.timedelta(days=1)

    for moment, acts in [
        (first - second, False),
        (first, True),
        (first + day - second, True),
        (first + day, False),
    ]:
        with time_machine.travel(moment, tick=False):
            found = authorities_of(letter.delegate, today())
            assert bool(found) is acts
            assert (letter.delegate in who(acting(letter.principal.office, today()))) is acts


def test_delegation_ended_early_counts_no_more_on_that_day_but_did_the_day_before():
    evening = datetime.datetime(2026, 3, 10, 16, 30, tzinfo=UTC)
    letter = DelegationFactory(
        revoked_at=evening, revoked_by=UserFactory(), revocation_reason="Kembali bertugas."
    )

    days = [date(2026, 3, 9), DAY, date(2026, 3, 11)]

    assert [len(acting(letter.principal.office, on)) for on in days] == [2, 1, 1]
    assert [len(authorities_of(letter.delegate, on)) for on in days] == [1, 0, 0]


def test_both_ways_of_asking_agree():
    people = [AppointmentFactory().user for _ in range(3)]
    offices = [person.appointments.get().office for person in people]
    for office, person in zip(offices, people[1:] + people[:1], strict=True):
        DelegationFactory(principal=holder_of(office, DAY), delegate=person)
    substitute(people[0].appointments.get(), user=people[2])

    by_office = [one for ones in authorities_for(offices, DAY).values() for one in ones]
    by_person = [one for person in people for one in authorities_of(person, DAY)]

    def key(one):
        return (one.office.pk, one.person.pk, one.capacity, one.principals, one.basis)

    assert sorted(map(key, by_office)) == sorted(map(key, by_person))


@pytest.mark.parametrize("count", [1, 5])
def test_asking_costs_as_many_queries_for_any_number(count, django_assert_num_queries):
    person = AppointmentFactory().user
    letters = DelegationFactory.create_batch(count, delegate=person)
    offices = [letter.principal.office for letter in letters]

    with django_assert_num_queries(4):
        by_office = authorities_for(offices, DAY)
        words = [(a.capacity, a.office.unit.name) for them in by_office.values() for a in them]
    assert len(words) == 2 * count
    with django_assert_num_queries(3):
        found = authorities_of(person, DAY)
        assert len([(a.capacity, a.person.name_plain, a.office.unit.name) for a in found]) == (
            count + 1
        )


def test_asking_for_no_office_costs_no_query(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert authorities_for([], DAY) == {}


def within(letter, stage="initialling", kind="regent_decree", amount: Decimal | None = None):
    _holder, delegate = acting(letter.principal.office)
    return delegate.limit(stage=stage, instrument_kind=kind, amount=amount)


def test_delegation_without_limits_has_none():
    letter = DelegationFactory()
    assert within(letter, amount=Decimal("9999999999999999.99")) == ""


def test_holder_has_no_limit_of_a_letter():
    (holder,) = acting(AppointmentFactory().office)
    assert holder.limit(stage="signing", instrument_kind="", amount=Decimal(10) ** 15) == ""


@pytest.mark.parametrize(
    ("scope", "asked", "sentence"),
    [
        ({"stages": ["initialling"]}, {}, ""),
        (
            {"stages": ["trial", "commitment"]},
            {},
            "Letter K/1 hands on these stages only: Trial, Resources.",
        ),
        ({"instrument_kinds": ["regent_decree"]}, {}, ""),
        ({"instrument_kinds": ["regent_decree"]}, {"kind": ""}, ""),
        (
            {"instrument_kinds": ["regent_decree"]},
            {"kind": "regent_regulation"},
            "Letter K/1 hands on these kinds of instrument only: Regent decree.",
        ),
        ({"ceiling": Decimal("50000000.00")}, {"amount": Decimal("50000000.00")}, ""),
        ({"ceiling": Decimal("50000000.00")}, {"amount": None}, ""),
        ({"ceiling": Decimal("0.00")}, {"amount": Decimal("0.00")}, ""),
        (
            {"ceiling": Decimal("50000000.00")},
            {"amount": Decimal("50000000.01")},
            "Letter K/1 reaches up to Rp50,000,000; this is about Rp50,000,000.01.",
        ),
    ],
)
def test_limit_names_the_scope_and_the_letter(scope, asked, sentence, monkeypatch):
    labels = {"trial": "Trial", "commitment": "Resources"}
    monkeypatch.setitem(scopes._offered, "stages", lambda: labels)
    letter = DelegationFactory(basis_number="K/1", **scope)
    assert within(letter, **asked) == sentence
