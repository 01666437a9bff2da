from datetime import date
from decimal import Decimal

import pytest
from django.utils import timezone

from accounts import scopes
from accounts.overview import Letter, can_be_handed_on, overview_of
from tests.accounts.factories import AppointmentFactory, DelegationFactory, UserFactory

pytestmark = [pytest.mark.integration, pytest.mark.django_db, pytest.mark.usefixtures("english")]
DAY = date(2026, 3, 10)


def test_person_without_an_office_holds_and_hands_on_nothing():
    overview = overview_of(UserFactory(), DAY)
    assert (overview.held, overview.received, overview.may_hand_on) == ([], [], False)


def test_holder_sees_who_acts_and_who_speaks_instead():
    holder = AppointmentFactory()
    letter = DelegationFactory(principal=holder)
    stand_in = AppointmentFactory(office=holder.office, capacity="plh", start=DAY, end=DAY)

    (held,) = overview_of(holder.user, DAY).held

    assert (held.appointment, held.state, held.instead) == (holder, "resting", stand_in)
    assert [(one.delegation, one.state) for one in held.delegates] == [(letter, "resting")]
    (received,) = overview_of(letter.delegate, DAY).received
    assert (received.delegation, received.state) == (letter, "resting")
    (acting,) = overview_of(stand_in.user, DAY).held
    assert (acting.state, acting.may_hand_on) == ("speaks", False)


def test_what_is_over_stands_among_what_was_before():
    person = UserFactory()
    now = AppointmentFactory(user=person)
    gone = AppointmentFactory(user=person, end=date(2026, 3, 9))
    coming = AppointmentFactory(user=person, start=date(2026, 4, 1))
    over = DelegationFactory(principal=now, end=date(2026, 3, 9))
    ended = DelegationFactory(principal=now, revoked_at=timezone.now(), revoked_by=person)
    running = DelegationFactory(principal=now)

    overview = overview_of(person, DAY)

    assert [(one.appointment, one.state) for one in overview.held] == [
        (now, "speaks"),
        (coming, "coming"),
    ]
    assert [one.delegation for one in overview.held[0].delegates] == [running]
    assert overview.before == [gone]
    assert overview.given_before == [ended, over]
    assert overview_of(ended.delegate, DAY).received == []


@pytest.mark.parametrize("count", [1, 6])
def test_overview_costs_five_queries(count, django_assert_num_queries):
    person = UserFactory()
    for held in AppointmentFactory.create_batch(count, user=person):
        DelegationFactory(principal=held)
        DelegationFactory(delegate=person)
    with django_assert_num_queries(5):
        overview = overview_of(person, DAY)
        words = [
            (one.appointment.title, one.appointment.office.unit.name, one.delegates[0].capacity)
            for one in overview.held
        ]
        words += [
            (one.capacity, str(one.delegation.principal.user), "") for one in overview.received
        ]
    assert len(words) == 2 * count


def test_mandates_and_what_is_over_are_not_handed_on():
    person = UserFactory()
    own = AppointmentFactory(user=person)
    coming = AppointmentFactory(user=person, start=date(2026, 4, 1))
    AppointmentFactory(user=person, end=date(2026, 3, 9))
    AppointmentFactory(user=person, capacity="plt", start=DAY, end=date(2026, 6, 1))
    assert list(can_be_handed_on(person, DAY)) == [own, coming]


def test_limits_of_a_letter_are_told_in_words(monkeypatch):
    monkeypatch.setitem(scopes._offered, "stages", lambda: {"trial": "Trial", "signing": "Signing"})
    limited = DelegationFactory(stages=["trial", "signing"], ceiling=Decimal("5000000"))
    assert Letter(limited, "at_work").limits == ["Trial, Signing", "up to Rp5,000,000"]
    assert Letter(DelegationFactory(), "at_work").limits == []
