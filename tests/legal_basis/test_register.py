"""What the legal section does with numbers, and that they are never used again."""

import datetime

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from accounts.offices import today
from legal_basis import register
from legal_basis.models import Instrument, NumberSeries, RegisterEntry
from tests.legal_basis.factories import draft, head_of_legal_section, number, regent, regulation

pytestmark = [pytest.mark.integration, pytest.mark.django_db]
DECREE, GAZETTE = Instrument.Kind.REGENT_DECREE, "gazette"
WHY = "Menunggu fasilitasi gubernur."


def act(verb, *args, by=None, **kwargs):
    with transaction.atomic():
        return verb(by or head_of_legal_section().user, *args, **kwargs)


def reserve(kind: str = DECREE) -> RegisterEntry:
    return act(register.reserve_number, kind, WHY)


def test_reserved_number_has_a_reason_and_no_date():
    entry = reserve()
    assert (entry.number, entry.status) == (f"100.3.3.2/001/KUM/{today().year}", "reserved")
    assert (entry.dated, entry.instrument, entry.reason) == (None, None, WHY)


def test_reserved_number_is_passed_over_by_the_next_instrument():
    reserve()
    assert number(draft()).sequence == 2


def test_inserted_numbers_follow_each_other_behind_the_same_number():
    first = number(draft())
    inserted = [act(register.insert_number, first, WHY) for _ in range(2)]
    year = today().year
    assert [one.number for one in inserted] == [
        f"100.3.3.2/001A/KUM/{year}",
        f"100.3.3.2/001B/KUM/{year}",
    ]
    assert {one.status for one in inserted} == {"reserved"}


def test_number_behind_an_inserted_one_takes_the_next_letter():
    inserted = act(register.insert_number, number(draft()), WHY)
    assert act(register.insert_number, inserted, WHY).suffix == "B"


def test_letters_end_with_z():
    first = number(draft())
    for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ":
        assert act(register.insert_number, first, WHY).suffix == letter
    with pytest.raises(ValidationError, match="all letters are used"):
        act(register.insert_number, first, WHY)


def test_draft_takes_the_number_given_to_it_with_the_date_of_that_day():
    entry, instrument = reserve(), draft()
    number(draft())
    act(register.assign_reserved, entry, instrument)
    taken = number(instrument)
    assert (taken.pk, taken.sequence, taken.status) == (entry.pk, 1, "taken")
    assert (taken.dated, instrument.dated, taken.reason) == (today(), today(), WHY)
    assert NumberSeries.objects.get().next_sequence == 3


def test_inserted_number_of_an_earlier_year_is_used_today():
    with time_machine.travel(datetime.datetime(2025, 11, 3, 5, tzinfo=datetime.UTC)):
        old = number(draft())
    with time_machine.travel(datetime.datetime(2026, 11, 3, 5, tzinfo=datetime.UTC)):
        entry, instrument = act(register.insert_number, old, WHY), draft()
        act(register.assign_reserved, entry, instrument)
        number(instrument)
    assert instrument.number == "100.3.3.2/001A/KUM/2025"
    assert instrument.dated == datetime.date(2026, 11, 3)


def test_reserved_number_ends_with_its_year():
    with time_machine.travel(datetime.datetime(2026, 12, 31, 16, 59, tzinfo=datetime.UTC)):
        late, instrument = reserve(), draft()
        entry = act(register.assign_reserved, reserve(), instrument)
    with time_machine.travel(datetime.datetime(2026, 12, 31, 17, 0, tzinfo=datetime.UTC)):
        with pytest.raises(ValidationError, match="that year is over"):
            number(instrument)
        with pytest.raises(ValidationError, match="that year is over"):
            act(register.assign_reserved, late, draft())
        act(register.cancel_reserved, entry, "Tahun berganti.")
        assert number(instrument).number == "100.3.3.2/001/KUM/2027"


def test_month_is_that_of_the_day_on_which_it_is_taken():
    with time_machine.travel(datetime.datetime(2026, 11, 3, 5, tzinfo=datetime.UTC)):
        terms = {"template": "{seq}/{month_roman}/{year}", "classification": "", "unit_code": ""}
        act(register.edit_template, DECREE, 2026, **terms)
        entry, instrument = reserve(), draft()
        act(register.assign_reserved, entry, instrument)
    with time_machine.travel(datetime.datetime(2026, 12, 3, 5, tzinfo=datetime.UTC)):
        assert (entry.number, number(instrument).number) == ("1/XI/2026", "1/XII/2026")


def test_gazette_number_is_given_to_a_regulation_alone():
    entry = reserve(GAZETTE)
    with pytest.raises(ValidationError, match="not numbered in this register"):
        act(register.assign_reserved, entry, draft())
    reserve(GAZETTE)
    instrument = regulation()
    act(register.assign_reserved, entry, instrument)
    number(instrument)
    assert (instrument.number, instrument.gazette_entry.pk) == ("1", entry.pk)


def test_number_moves_to_another_draft():
    entry, first, second = reserve(), draft(), draft()
    act(register.assign_reserved, entry, first)
    entry.refresh_from_db()
    act(register.assign_reserved, entry, second)
    assert (number(first).sequence, number(second).sequence) == (2, 1)


def test_second_number_for_one_draft_is_refused():
    instrument = draft()
    act(register.assign_reserved, reserve(), instrument)
    with pytest.raises(ValidationError, match="set apart for it already"):
        act(register.assign_reserved, reserve(), instrument)


def test_draft_that_has_its_number_takes_no_reserved_one():
    instrument = draft()
    number(instrument)
    with pytest.raises(ValidationError, match="no longer a draft"):
        act(register.assign_reserved, reserve(), instrument)


def test_cancelled_number_keeps_both_reasons_and_frees_its_draft():
    entry, instrument = reserve(), draft()
    entry = act(register.assign_reserved, entry, instrument)
    cancelled = act(register.cancel_reserved, entry, "Rancangan ditarik.")
    assert (cancelled.status, cancelled.reason) == ("cancelled", f"{WHY}\nRancangan ditarik.")
    assert number(instrument).sequence == 2
    with pytest.raises(ValidationError, match="Only a reserved one"):
        act(register.assign_reserved, cancelled, draft())


def test_taken_number_is_not_cancelled_here():
    with pytest.raises(ValidationError, match="Only a reserved one"):
        act(register.cancel_reserved, number(draft()), WHY)


@pytest.mark.parametrize("reason", ["", "  \n", "a\u202eb"])
def test_without_a_printable_reason_nothing_happens(reason):
    with pytest.raises(ValidationError, match="Reason"):
        act(register.reserve_number, DECREE, reason)
    assert not RegisterEntry.objects.exists()


def test_others_than_the_legal_section_change_nothing():
    entry, instrument, outsider = reserve(), draft(), regent().user
    terms = {"template": "{seq}", "classification": "", "unit_code": ""}
    for verb, args, more in [
        (register.reserve_number, (DECREE, WHY), {}),
        (register.insert_number, (entry, WHY), {}),
        (register.assign_reserved, (entry, instrument), {}),
        (register.cancel_reserved, (entry, WHY), {}),
        (register.edit_template, (DECREE, today().year), terms),
    ]:
        with pytest.raises(PermissionDenied, match="legal section"):
            act(verb, *args, by=outsider, **more)
    entry.refresh_from_db()
    assert (entry.status, entry.instrument, RegisterEntry.objects.count()) == ("reserved", None, 1)


class TestTemplate:
    def test_holds_for_numbers_that_are_not_taken(self):
        taken, kept = number(draft()), reserve()
        terms = {"template": "188.45/{seq}/{unit}/{year}", "unit_code": "HK"}
        act(register.edit_template, DECREE, today().year, classification="", **terms)
        taken.refresh_from_db()
        kept.refresh_from_db()
        year = today().year
        assert taken.number == f"100.3.3.2/001/KUM/{year}"
        assert kept.number == f"188.45/2/HK/{year}"
        assert number(draft()).number == f"188.45/3/HK/{year}"

    @pytest.mark.parametrize("template", ["{year}", "{seq}/{nomor}", "{seq"])
    def test_unusable_one_is_refused(self, template):
        terms = {"template": template, "classification": "", "unit_code": ""}
        with pytest.raises(ValidationError, match="not usable"):
            act(register.edit_template, DECREE, today().year, **terms)

    @pytest.mark.parametrize("years", [-1, 2])
    def test_other_years_stay_as_they_are(self, years):
        terms = {"template": "{seq}", "classification": "", "unit_code": ""}
        with pytest.raises(ValidationError, match="of this and of the next year"):
            act(register.edit_template, DECREE, today().year + years, **terms)
