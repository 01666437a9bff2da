import datetime
import threading
from datetime import UTC, date
from decimal import Decimal

import pytest
import time_machine
from django.contrib.auth.models import Permission
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction
from django.db.models import ProtectedError

from accounts import scopes
from accounts.authority import authorities_of
from accounts.delegations import delegate, revoke
from accounts.models import Delegation, User
from accounts.offices import today
from tests.accounts.factories import (
    AppointmentFactory,
    DelegationFactory,
    UserFactory,
    system_account,
)

pytestmark = [
    pytest.mark.integration,
    pytest.mark.django_db,
    pytest.mark.usefixtures("english", "on_the_day"),
]
DAY = date(2026, 3, 10)
NOON = datetime.datetime(2026, 3, 10, 5, tzinfo=UTC)
A_DAY = datetime.timedelta(days=1)


@pytest.fixture
def on_the_day():
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def holder():
    return AppointmentFactory(
        office__title="Kepala Dinas Kesehatan", user__name_plain="Siti Rahayu"
    )


def administrator():
    person = UserFactory()
    person.user_permissions.add(Permission.objects.get(codename="appoint"))
    return User.objects.get(pk=person.pk)


def give(principal, to=None, by=None, **changes):
    terms = {
        "start": DAY,
        "end": date(2026, 3, 14),
        "basis_number": "100.3.5/014/2026",
        "basis_date": date(2026, 3, 9),
    }
    with transaction.atomic():
        return delegate(by or principal.user, principal, to or UserFactory(), **terms | changes)


def refused(field, sentence, *args, **kwargs):
    before = Delegation.objects.count()
    with pytest.raises(ValidationError) as refusal:
        give(*args, **kwargs)
    assert refusal.value.message_dict == {field: [sentence]}
    assert Delegation.objects.count() == before


def test_delegation_is_recorded_with_its_letter_and_scope(holder):
    deputy = UserFactory()

    given = give(
        holder,
        deputy,
        stages=["initialling"],
        instrument_kinds=["regent_decree"],
        ceiling=Decimal("50000000"),
    )

    kept = Delegation.objects.get()
    assert kept == given
    assert (kept.principal, kept.delegate, kept.start, kept.end) == (
        holder,
        deputy,
        DAY,
        date(2026, 3, 14),
    )
    assert (kept.stages, kept.instrument_kinds) == (["initialling"], ["regent_decree"])
    assert (kept.ceiling, kept.basis_number) == (Decimal("50000000.00"), "100.3.5/014/2026")
    assert kept.history.get().history_user == holder.user
    assert [one.delegation for one in authorities_of(deputy, DAY)] == [kept]


def test_administrator_gives_and_ends_in_the_name_of_the_holder(holder):
    clerk = administrator()
    given = give(holder, by=clerk)
    with transaction.atomic():
        revoke(clerk, given, "Surat dicabut.")
    assert (given.revoked_by, given.history.count()) == (clerk, 2)


def test_system_account_may_give(holder, system):
    assert give(holder, by=system).history.get().history_user == system


@pytest.mark.parametrize("kind", ["stranger", "delegate", "successor"])
def test_others_neither_give_nor_end(holder, kind):
    given = give(holder)
    person = {
        "stranger": UserFactory,
        "delegate": lambda: given.delegate,
        "successor": lambda: AppointmentFactory(office=holder.office, start=date(2027, 1, 1)).user,
    }[kind]()

    with pytest.raises(PermissionDenied, match="Only the holder of an office hands"):
        give(holder, by=person, start=date(2026, 3, 20), end=date(2026, 3, 21))
    with pytest.raises(PermissionDenied), transaction.atomic():
        revoke(person, given, "Saya mau.")

    assert Delegation.objects.get() == given
    assert given.revoked_at is None


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


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        (
            {"start": date(2026, 3, 14), "end": date(2026, 3, 13)},
            "end",
            "The last day lies before the first. Check both dates.",
        ),
        (
            {"start": date(2026, 3, 1), "end": date(2026, 3, 9)},
            "end",
            "The last day has passed. Choose today or a later day.",
        ),
        (
            {"start": date(2026, 3, 9)},
            "start",
            "Authority is not handed on for days that have passed.",
        ),
        (
            {"end": date(2027, 3, 11)},
            "end",
            "A delegation lasts at most 366 days. Choose an earlier last day.",
        ),
        (
            {"end": date(9999, 12, 31)},
            "end",
            "A delegation lasts at most 366 days. Choose an earlier last day.",
        ),
        (
            {"basis_date": date(2026, 3, 11)},
            "basis_date",
            "The letter cannot be dated after today.",
        ),
        ({"basis_number": "  "}, "basis_number", "Give the number of the letter."),
        ({"basis_number": "9" * 81}, "basis_number", "At most 80 characters fit; shorten it."),
        (
            {"ceiling": Decimal("-1")},
            "ceiling",
            "Type an amount of rupiah without a minus sign.",
        ),
        (
            {"ceiling": Decimal("NaN")},
            "ceiling",
            "Type an amount of rupiah without a minus sign.",
        ),
        (
            {"ceiling": Decimal("10000000000000")},
            "ceiling",
            "The amount has more than 13 digits before the comma. Check the zeros.",
        ),
        (
            {"ceiling": Decimal("0.001")},
            "ceiling",
            "An amount has at most two digits behind the comma.",
        ),
        ({"stages": ["terbang"]}, "stages", "“terbang” cannot be chosen here."),
        (
            {"instrument_kinds": ["surat"]},
            "instrument_kinds",
            "“surat” cannot be chosen here.",
        ),
    ],
)
def test_impossible_delegation_is_refused(changes, field, sentence, holder):
    refused(field, sentence, holder, **changes)


@pytest.mark.parametrize(
    ("moment", "allowed"),
    [
        (datetime.datetime(2026, 3, 10, 16, 59, 59, tzinfo=UTC), True),
        (datetime.datetime(2026, 3, 10, 17, tzinfo=UTC), False),
    ],
)
def test_last_day_is_over_at_midnight_of_the_regency(moment, allowed, holder):
    terms = {"start": DAY, "end": DAY}
    with time_machine.travel(moment, tick=False):
        if allowed:
            assert give(holder, **terms).end == today()
        else:
            refused("end", "The last day has passed. Choose today or a later day.", holder, **terms)


@pytest.mark.parametrize("ceiling", ["0", "0.01", "9999999999999.99"])
def test_ceiling_is_kept(ceiling, holder):
    given = give(holder, ceiling=Decimal(ceiling))
    given.refresh_from_db()
    assert given.ceiling == Decimal(ceiling)


def test_delegation_of_a_year_and_of_a_day_are_possible(holder):
    give(holder, end=DAY)
    give(holder, start=date(2026, 3, 11), end=date(2027, 3, 11))
    assert Delegation.objects.count() == 2


@pytest.mark.parametrize(
    ("start", "end", "field", "sentence"),
    [
        (
            DAY,
            date(2026, 3, 21),
            "end",
            "Siti Rahayu does not hold Kabid that long. Choose an earlier last day.",
        ),
        (
            DAY,
            DAY,
            "start",
            "Siti Rahayu holds Kabid from a later day on. Choose a later first day.",
        ),
    ],
)
def test_nobody_hands_on_more_days_than_the_own(start, end, field, sentence):
    held = AppointmentFactory(
        user__name_plain="Siti Rahayu",
        office__title="Kabid",
        start=date(2026, 3, 11) if field == "start" else DAY,
        end=date(2026, 3, 20),
    )
    refused(field, sentence, held, start=start, end=end)


def test_last_day_of_the_appointment_can_be_handed_on():
    held = AppointmentFactory(start=DAY, end=date(2026, 3, 14))
    assert give(held).end == held.end


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


def test_ended_delegation_stays_on_the_record(holder):
    given = give(holder)
    person = given.delegate
    with transaction.atomic():
        revoke(holder.user, given, " Kembali bertugas. ")

    kept = Delegation.objects.get()
    assert (kept.revoked_at, kept.revoked_by) == (NOON, holder.user)
    assert kept.revocation_reason == "Kembali bertugas."
    assert authorities_of(person, DAY) == []
    assert give(holder, person).pk != kept.pk


def test_delegation_is_not_ended_twice(holder):
    given = give(holder)
    with transaction.atomic():
        revoke(holder.user, given, "Kembali bertugas.")
    with pytest.raises(ValidationError, match="has ended already"), transaction.atomic():
        revoke(holder.user, given, "Sekali lagi.")
    assert given.history.count() == 2


def test_delegation_that_ran_out_is_not_ended_again(holder):
    given = give(holder)
    with (
        time_machine.travel(NOON + 5 * A_DAY, tick=False),
        pytest.raises(ValidationError, match="has ended already"),
        transaction.atomic(),
    ):
        revoke(holder.user, given, "Terlambat.")


@pytest.mark.parametrize("reason", ["", "  \n"])
def test_end_without_a_reason_is_refused(reason, holder):
    given = give(holder)
    with pytest.raises(ValidationError) as refusal, transaction.atomic():
        revoke(holder.user, given, reason)
    assert refusal.value.message_dict == {"reason": ["Say in a sentence why it ends early."]}
    given.refresh_from_db()
    assert given.revoked_at is None


def test_delegation_is_never_deleted(holder):
    given = give(holder)
    with pytest.raises(ProtectedError):
        given.delete()
    with pytest.raises(ProtectedError):
        Delegation.objects.all().delete()


@pytest.mark.parametrize(
    "fields",
    [
        {"end": date(2025, 1, 1)},
        {"ceiling": Decimal("-1")},
        {"revoked_at": NOON},
        {"revocation_reason": "Tanpa hari."},
    ],
)
def test_database_refuses_what_cannot_be(fields):
    with pytest.raises(IntegrityError), transaction.atomic():
        DelegationFactory(**fields)


def test_scope_of_a_stage_that_is_gone_keeps_its_name(monkeypatch):
    monkeypatch.setitem(scopes._offered, "stages", lambda: {"trial": "Trial"})
    assert scopes.listed("stages", ["trial", "hilang"]) == "Trial, hilang"


@pytest.mark.django_db(transaction=True)
def test_two_given_at_once_are_not_both_given(holder):
    people = UserFactory.create_batch(4)
    system, together = system_account(), threading.Barrier(4, timeout=30)
    outcomes = []

    def try_to_give(person):
        together.wait()
        try:
            give(holder, person, by=system)
            outcomes.append("given")
        except ValidationError:
            outcomes.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=try_to_give, args=(person,)) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["given", "refused", "refused", "refused"]
    assert Delegation.objects.count() == 1
