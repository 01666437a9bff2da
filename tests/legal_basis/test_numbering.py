import datetime
import threading

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from accounts.acting import acting_as
from legal_basis.models import Instrument, LegalSource, NumberSeries, RegisterEntry
from legal_basis.numbering import cancel_number, format_number, take_number
from legal_basis.signals import number_cancelled, number_taken
from tests.legal_basis.factories import draft, innovation, number, numbered, regent, system

DAY = datetime.date(2026, 11, 23)
# Half past midnight of 1 January in the regency; the old year in UTC.
NEW_YEAR = datetime.datetime(2026, 12, 31, 17, 30, tzinfo=datetime.UTC)
database = [pytest.mark.integration, pytest.mark.django_db]


def series(template: str) -> NumberSeries:
    return NumberSeries(template=template, classification="100.3.3.2", unit_code="KUM")


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
        LegalSource.objects.filter(key="pp-38-2017").update(number="")
        with pytest.raises(ValidationError, match="Legal bases"):
            number(instrument)

    def test_start_that_has_passed_is_refused(self):
        instrument = draft()
        Instrument.objects.filter(pk=instrument.pk).update(in_force_from=datetime.date(2020, 1, 1))
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
        RegisterEntry.objects.filter(pk=entry.pk).update(status="issued")
        with pytest.raises(ValidationError, match=entry.number):
            cancel(entry, "Terlambat.")

    def test_cancelled_instrument_takes_no_second_number(self):
        instrument = draft()
        cancel(number(instrument), "Rancangan ditarik.")
        with pytest.raises(ValidationError, match="cannot be numbered"):
            number(instrument)

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
