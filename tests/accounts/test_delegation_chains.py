from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction

from accounts.authority import authorities_of
from accounts.delegations import revoke
from accounts.models import Delegation
from tests.accounts.factories import (
    AppointmentFactory,
    UserFactory,
)
from tests.accounts.giving import DAY, give, refused

pytestmark = [
    pytest.mark.integration,
    pytest.mark.django_db,
    pytest.mark.usefixtures("english", "on_the_day"),
]


@pytest.mark.parametrize("capacity", ["plt", "plh"])
def test_mandate_is_not_passed_on(holder, capacity):
    acting = AppointmentFactory(
        office=holder.office, capacity=capacity, start=DAY, end=date(2026, 3, 16)
    )
    title = f"{capacity.capitalize()}. Kepala Dinas Kesehatan"
    refused(
        "principal",
        f"{title} is a mandate and cannot be passed on. Ask who gave it.",
        acting,
    )


@pytest.mark.parametrize("capacity", ["pj", "pjs"])
def test_interim_head_hands_on(capacity):
    head = AppointmentFactory(capacity=capacity, start=DAY, end=date(2026, 6, 30))
    assert give(head).principal == head


def test_delegate_passes_nothing_on(holder):
    given = give(holder)
    with pytest.raises(PermissionDenied):
        give(holder, by=given.delegate)
    assert Delegation.objects.get() == given


def test_delegate_hands_on_the_own_office_only(holder):
    own = AppointmentFactory()
    give(holder, own.user)
    third = UserFactory()

    give(own, third)

    assert [one.office for one in authorities_of(third, DAY)] == [own.office]


def test_nobody_acts_on_behalf_of_themselves(holder):
    refused("delegate", "Nobody acts on behalf of themselves.", holder, holder.user)


def test_inactive_person_receives_nothing(holder):
    gone = UserFactory(name_plain="Budi", is_active=False)
    refused("delegate", "The account of Budi is not active. Choose somebody else.", holder, gone)


def test_inactive_holder_gives_nothing(system):
    gone = AppointmentFactory(user__is_active=False, user__name_plain="Budi")
    refused("principal", "The account of Budi is not active.", gone, by=system)


def test_interim_head_does_not_hand_back_to_the_holder(holder):
    interim = AppointmentFactory(
        office=holder.office, capacity="pjs", start=DAY, end=date(2026, 4, 30)
    )
    refused(
        "delegate",
        "Siti Rahayu is appointed to Kepala Dinas Kesehatan in those days. Choose somebody else.",
        interim,
        holder.user,
    )


def circle(giver, to):
    return (
        f"{to} has handed authority on in those days, and the letters lead back to {giver}. "
        "Choose somebody who is there, or other days."
    )


def test_two_do_not_stand_in_for_each_other(holder):
    other = AppointmentFactory()
    give(holder, other.user)
    refused("delegate", circle(other.user, holder.user), other, holder.user)


def test_letters_of_many_do_not_lead_in_a_circle(holder):
    second, third = AppointmentFactory.create_batch(2)
    give(holder, second.user)
    give(second, third.user)
    refused("delegate", circle(third.user, holder.user), third, holder.user)


def test_letters_of_other_days_make_no_circle(holder):
    second, third = AppointmentFactory.create_batch(2)
    give(holder, second.user, end=DAY)
    give(second, third.user, start=date(2026, 3, 11))
    give(third, holder.user)
    give(second, holder.user, start=date(2026, 3, 20), end=date(2026, 3, 20))
    assert Delegation.objects.count() == 4


def test_letter_that_ended_early_makes_no_circle(holder):
    other = AppointmentFactory()
    given = give(holder, other.user)
    with transaction.atomic():
        revoke(holder.user, given, "Kembali bertugas.")
    assert give(other, holder.user).delegate == holder.user


@pytest.mark.parametrize(
    ("first", "second", "meets"),
    [
        ({}, {}, True),
        ({"stages": ["trial"]}, {}, True),
        ({"stages": ["trial"]}, {"stages": ["trial", "signing"]}, True),
        ({"stages": ["trial"]}, {"stages": ["signing"]}, False),
        ({"stages": ["trial"]}, {"instrument_kinds": ["regent_decree"]}, True),
        ({"ceiling": Decimal(1)}, {"ceiling": Decimal(2)}, True),
        ({"end": DAY}, {"start": date(2026, 3, 11)}, False),
        ({}, {"start": date(2026, 3, 14)}, True),
    ],
)
def test_one_matter_has_one_delegate_a_day(first, second, meets, holder):
    taken = give(holder, UserFactory(name_plain="Budi"), basis_number="K/1", **first)
    if not meets:
        give(holder, **second)
        assert Delegation.objects.count() == 2
        return
    for person in (UserFactory(), taken.delegate):
        refused(
            "delegate",
            "By letter K/1 Budi acts for the same matters in those days. "
            "End that delegation first, or choose other stages or days.",
            holder,
            person,
            **second,
        )


def test_two_of_another_office_run_beside_each_other(holder):
    other = AppointmentFactory(user=holder.user)
    assert give(holder).start == give(other).start
