import datetime
from datetime import UTC, date
from decimal import Decimal

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from accounts import scopes
from accounts.authority import authorities_of
from accounts.delegations import revoke
from accounts.files.uploads import check_upload
from accounts.models import Delegation, StoredFile
from accounts.offices import today
from tests.accounts.factories import (
    AppointmentFactory,
    DelegationFactory,
    UserFactory,
)
from tests.accounts.files import samples
from tests.accounts.giving import DAY, NOON, give, refused

pytestmark = [
    pytest.mark.integration,
    pytest.mark.django_db,
    pytest.mark.usefixtures("english", "on_the_day"),
]
NOT_AN_AMOUNT = (
    "This is not an amount of rupiah. Type digits only, for example 1.500.000 or 1500000,50."
)
A_DAY = datetime.timedelta(days=1)


def substitute(holder):
    """Somebody who speaks for the office in later days."""
    days = {"start": date(2026, 4, 1), "end": date(2026, 4, 7)}
    return AppointmentFactory(office=holder.office, capacity="plh", **days)


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


def test_letter_is_kept_with_the_delegation(holder):
    letter = check_upload(samples.upload("surat kuasa.pdf", samples.pdf()))
    given = give(holder, letter=letter)
    assert (given.letter_name, given.letter.read()) == ("surat kuasa.pdf", letter.content)


def test_refused_delegation_keeps_no_letter(holder):
    letter = check_upload(samples.upload("kuasa.pdf", samples.pdf()))
    with pytest.raises(ValidationError):
        give(holder, holder.user, letter=letter)
    assert not StoredFile.objects.exists()


def test_administrator_gives_and_ends_in_the_name_of_the_holder(holder, clerk):
    given = give(holder, by=clerk)
    with transaction.atomic():
        revoke(clerk, given, "Surat dicabut.")
    assert (given.revoked_by, given.history.count()) == (clerk, 2)


def test_system_account_may_give(holder, system):
    assert give(holder, by=system).history.get().history_user == system


@pytest.mark.parametrize("kind", ["stranger", "delegate", "substitute"])
def test_others_neither_give_nor_end(holder, kind):
    given = give(holder)
    person = {
        "stranger": UserFactory,
        "delegate": lambda: given.delegate,
        "substitute": lambda: substitute(holder).user,
    }[kind]()

    with pytest.raises(PermissionDenied, match="Only the holder of an office hands"):
        give(holder, by=person, start=date(2026, 3, 20), end=date(2026, 3, 21))
    with pytest.raises(PermissionDenied), transaction.atomic():
        revoke(person, given, "Saya mau.")

    assert Delegation.objects.get() == given
    assert given.revoked_at is None


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
        (
            {"basis_number": "9" * 81},
            "basis_number",
            "This has 81 characters; at most 80 fit. Shorten it.",
        ),
        (
            {"basis_number": "K/1\nK/2"},
            "basis_number",
            "This must be one line. Remove the line break or tab at character 4.",
        ),
        (
            {"ceiling": Decimal("-1")},
            "ceiling",
            "The amount is negative. Type it without the minus sign.",
        ),
        ({"ceiling": Decimal("NaN")}, "ceiling", NOT_AN_AMOUNT),
        ({"ceiling": Decimal("0.001")}, "ceiling", NOT_AN_AMOUNT),
        (
            {"ceiling": Decimal("10000000000000")},
            "ceiling",
            "The amount has more than 13 digits before the comma. Check the number of zeros.",
        ),
        (
            {"ceiling": Decimal("1e400")},
            "ceiling",
            "The amount has more than 13 digits before the comma. Check the number of zeros.",
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
        {"end": date(2019, 1, 1)},
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
