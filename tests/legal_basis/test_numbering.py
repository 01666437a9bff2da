import datetime
import threading

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from accounts.acting import acting_as
from accounts.offices import today
from legal_basis.models import Instrument, LegalSource, NumberSeries, RegisterEntry
from legal_basis.numbering import cancel_number, format_number, take_number
from legal_basis.signals import number_cancelled, number_taken
from tests.accounts.factories import system_account
from tests.legal_basis.factories import (
    draft,
    innovation,
    number,
    numbered,
    regent,
    regulation,
    system,
)

DAY = datetime.date(2026, 11, 23)
# Half past midnight of 1 January in the regency; the old year in UTC.
NEW_YEAR = datetime.datetime(2026, 12, 31, 17, 30, tzinfo=datetime.UTC)
database = [pytest.mark.integration, pytest.mark.django_db]


def series(template: str) -> NumberSeries:
    return NumberSeries(
        template=template, year=DAY.year, classification="100.3.3.2", unit_code="KUM"
    )


def cancel(entry: RegisterEntry, reason: str) -> None:
    with transaction.atomic():
        cancel_number(system(), entry, reason)


class TestFormat:
    pytestmark = pytest.mark.unit

    @pytest.mark.parametrize(
        ("template", "printed"),
        [
            ("{class}/{seq:03d}/{unit}/{year}", "100.3.3.2/007/KUM/2026"),
            ("188.45/{seq}/{unit}/{month_roman}/{year}", "188.45/7/KUM/XI/2026"),
            ("{seq:04d}", "0007"),
        ],
    )
    def test_tokens_are_filled_in(self, template, printed):
        assert format_number(series(template), 7, DAY) == printed

    def test_inserted_number_carries_its_letter_behind_the_sequence(self):
        assert format_number(series("{seq:03d}/{unit}"), 8, DAY, "A") == "008A/KUM"

    def test_year_printed_is_that_of_the_series(self):
        assert format_number(series("{seq}/{year}"), 8, NEW_YEAR.date(), "A") == "8A/2026"

    @pytest.mark.parametrize(
        "template",
        [
            "{class}/{year}",
            "{seq}/{unknown}",
            "{seq!r}",
            "{seq.__class__}",
            "{seq",
            "{seq}" + "x" * 90,
        ],
    )
    def test_unusable_template_is_refused_with_its_text(self, template):
        with pytest.raises(ValidationError, match="template"):
            format_number(series(template), 7, DAY)

    @given(st.lists(st.integers(min_value=1, max_value=10**6), unique=True, min_size=2))
    def test_different_sequences_never_print_the_same_number(self, sequences):
        printed = {format_number(series("{class}/{seq:03d}/{year}"), n, DAY) for n in sequences}
        assert len(printed) == len(sequences)


class TestTaking:
    pytestmark = database

    def test_number_date_and_signatory_are_taken_together(self):
        instrument = draft()
        with time_machine.travel(datetime.datetime(2026, 11, 23, 3, tzinfo=datetime.UTC)):
            entry = number(instrument)
        assert (entry.number, entry.sequence, entry.dated) == ("100.3.3.2/001/KUM/2026", 1, DAY)
        assert (instrument.number, instrument.dated, instrument.in_force_from) == (
            entry.number,
            DAY,
            DAY,
        )
        assert (instrument.signatory_name, instrument.status) == ("Rahmi Puspasari", "numbered")

    def test_second_call_returns_the_entry_taken(self):
        instrument = draft()
        first, second = number(instrument), number(instrument)
        assert (first, RegisterEntry.objects.count()) == (second, 1)

    def test_numbers_follow_each_other(self):
        entries = [number(draft()) for _ in range(3)]
        assert [entry.sequence for entry in entries] == [1, 2, 3]

    def test_rolled_back_number_leaves_no_gap(self):
        instrument, holder = draft(), regent()
        with transaction.atomic():
            take_number(system(), instrument, signatory=holder.user, capacity=holder.title)
            transaction.set_rollback(True)
        instrument.refresh_from_db()
        assert number(instrument).sequence == 1

    def test_year_is_the_local_year(self):
        with time_machine.travel(NEW_YEAR, tick=False):
            entry = number(draft())
        assert (entry.series.year, entry.number) == (2027, "100.3.3.2/001/KUM/2027")

    def test_new_year_starts_at_one_with_the_template_of_the_old_year(self):
        with time_machine.travel(NEW_YEAR - datetime.timedelta(hours=1), tick=False):
            old = number(draft())
            old.series.template = "{seq}/LAMA/{year}"
            with acting_as(system()):
                old.series.save()
        with time_machine.travel(NEW_YEAR, tick=False):
            assert number(draft()).number == "1/LAMA/2027"

    @pytest.mark.parametrize(
        ("minutes", "year"), [(-1, 2026), (0, 2027), (365 * 24 * 60 - 1, 2027), (525_600, 2028)]
    )
    def test_year_changes_at_midnight_in_the_regency(self, minutes, year):
        midnight = datetime.datetime(2026, 12, 31, 17, tzinfo=datetime.UTC)
        with time_machine.travel(midnight + datetime.timedelta(minutes=minutes), tick=False):
            assert number(draft()).series.year == year

    def test_regulation_takes_a_plain_number_and_one_of_the_gazette(self):
        number(draft())
        instrument = regulation()
        entry = number(instrument)
        gazette = instrument.gazette_entry
        assert (entry.kind, entry.number) == ("regent_regulation", "1")
        assert (gazette.number, gazette.dated, gazette.status) == ("1", entry.dated, "taken")
        assert (instrument.number, instrument.register_entry) == ("1", entry)

    def test_gazette_counts_apart_from_the_regulations(self):
        with acting_as(system()):
            NumberSeries.objects.create(
                kind="gazette", year=today().year, template="{seq}", next_sequence=42
            )
        instrument = regulation()
        number(instrument)
        assert (instrument.number, instrument.gazette_entry.number) == ("1", "42")

    def test_rolled_back_regulation_leaves_no_gap_in_either_register(self):
        instrument, holder = regulation(), regent()
        with transaction.atomic():
            take_number(system(), instrument, signatory=holder.user, capacity=holder.title)
            transaction.set_rollback(True)
        instrument.refresh_from_db()
        number(instrument)
        sequences = RegisterEntry.objects.order_by("kind").values_list("kind", "sequence")
        assert list(sequences) == [("gazette", 1), ("regent_regulation", 1)]

    def test_settings_change_single_values_of_a_template(self, settings):
        settings.NUMBER_TEMPLATES = {"regent_decree": {"unit_code": "HK"}}
        assert number(draft()).number == f"100.3.3.2/001/HK/{today().year}"

    def test_number_that_prints_like_an_earlier_one_is_refused(self):
        entry = number(draft())
        waiting = draft()
        with acting_as(system_account()):
            RegisterEntry.objects.filter(pk=entry.pk).update(number=f"100.3.3.2/002/KUM/{DAY.year}")
        with pytest.raises(ValidationError, match="in the register already"):
            number(waiting)

    def test_clock_set_back_is_refused(self):
        with time_machine.travel(datetime.datetime(2026, 11, 23, 3, tzinfo=datetime.UTC)):
            numbered()
            waiting = draft()
        with (
            time_machine.travel(datetime.datetime(2026, 1, 1, 5, tzinfo=datetime.UTC)),
            pytest.raises(ValidationError, match="clock"),
        ):
            number(waiting)

    def test_source_without_number_is_refused(self):
        instrument = draft()
        with acting_as(system_account()):
            LegalSource.objects.filter(key="pp-38-2017").update(number="")
        with pytest.raises(ValidationError, match="Legal bases"):
            number(instrument)

    def test_start_that_has_passed_is_refused(self):
        instrument = draft()
        with acting_as(system_account()):
            Instrument.objects.filter(pk=instrument.pk).update(
                in_force_from=datetime.date(2020, 1, 1)
            )
        with pytest.raises(ValidationError, match="has passed"):
            number(instrument)

    def test_signal_carries_entry_and_actor(self):
        heard = []

        def hear(sender, instrument, actor, entry, **_):
            heard.append((instrument.pk, actor, entry.sequence))

        number_taken.connect(hear)
        instrument = numbered()
        number_taken.disconnect(hear)
        assert heard == [(instrument.pk, system(), 1)]


class TestCancelling:
    pytestmark = database

    def test_cancelled_number_stays_and_is_not_reused(self):
        first = number(draft())
        cancel(first, "Rancangan ditarik.")
        first.refresh_from_db()
        assert (first.status, first.reason) == ("cancelled", "Rancangan ditarik.")
        assert number(draft()).sequence == 2

    def test_cancelling_without_a_reason_is_refused(self):
        with pytest.raises(ValidationError, match="Reason"):
            cancel(number(draft()), "  ")

    def test_issued_number_cannot_be_cancelled(self):
        entry = number(draft())
        with acting_as(system_account()):
            RegisterEntry.objects.filter(pk=entry.pk).update(status="issued")
        with pytest.raises(ValidationError, match=entry.number):
            cancel(entry, "Terlambat.")

    def test_cancelled_instrument_takes_no_second_number(self):
        instrument = draft()
        cancel(number(instrument), "Rancangan ditarik.")
        with pytest.raises(ValidationError, match="cannot be numbered"):
            number(instrument)

    def test_regulation_loses_both_its_numbers(self):
        instrument = regulation()
        cancel(number(instrument), "Rancangan ditarik.")
        found = instrument.entries.order_by("kind").values_list("kind", "status", "reason")
        assert list(found) == [
            ("gazette", "cancelled", "Rancangan ditarik."),
            ("regent_regulation", "cancelled", "Rancangan ditarik."),
        ]

    def test_repeated_cancelling_tells_once(self):
        heard, entry = [], number(draft())

        def hear(sender, entry, **_):
            heard.append(entry.pk)

        number_cancelled.connect(hear)
        cancel(entry, "Satu.")
        cancel(entry, "Dua.")
        number_cancelled.disconnect(hear)
        entry.refresh_from_db()
        assert (heard, entry.reason) == ([entry.pk], "Satu.")


@pytest.mark.integration
@pytest.mark.django_db(transaction=True)
def test_numbers_taken_at_once_have_no_gap_and_no_double():
    holder, actor = regent(), system()
    drafts = [draft(innovation(owning_unit=holder.office.unit)) for _ in range(8)]
    # Every draft is numbered twice, every fourth one fails after it took its number.
    volley = [instrument.pk for instrument in drafts] * 2
    barrier = threading.Barrier(len(volley))
    failing = {instrument.pk for instrument in drafts[::4]}

    def take(pk: int) -> None:
        barrier.wait()
        try:
            with transaction.atomic():
                instrument = Instrument.objects.get(pk=pk)
                take_number(actor, instrument, signatory=holder.user, capacity=holder.title)
                if pk in failing:
                    raise RuntimeError
        except RuntimeError:
            pass
        finally:
            connection.close()

    threads = [threading.Thread(target=take, args=[pk]) for pk in volley]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    sequences = RegisterEntry.objects.order_by("sequence").values_list("sequence", flat=True)
    assert list(sequences) == list(range(1, 7))
    assert NumberSeries.objects.get().next_sequence == 7
