import datetime

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.utils import translation

from audit.moment_forms import MomentField, PairForm, written

pytestmark = pytest.mark.unit

NOW = datetime.datetime(2026, 3, 9, 3, 30, 20, tzinfo=datetime.UTC)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-03-08", "2026-03-08T16:59:59.999999Z"),
        ("2026-03-09", "2026-03-09T16:59:59.999999Z"),
        ("2026-03-09T10:30", "2026-03-09T03:30:59.999999Z"),
        (" 2026-03-09 10:29 ", "2026-03-09T03:29:59.999999Z"),
        ("2026-03-09T03:30:20.000001Z", "2026-03-09T03:30:20.000001Z"),
        ("2026-03-09T10:30:20+07:00", "2026-03-09T03:30:20Z"),
    ],
)
def test_day_or_minute_means_its_end_by_the_clock_of_the_regency(text, moment):
    with time_machine.travel(NOW, tick=False):
        assert written(MomentField().clean(text)) == moment


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("kemarin", "Write day and time like"),
        ("2026-13-01", "Write day and time like"),
        ("0001-01-01", "Write day and time like"),
        ("9999-12-31T23:59:59.999999-23:59", "This moment has not come yet"),
        ("9999-12-31", "This moment has not come yet"),
        ("2026-03-10", "This moment has not come yet"),
        ("2026-03-09T10:31", "This moment has not come yet"),
        ("", "This field is required"),
    ],
)
def test_what_is_no_moment_so_far_is_refused_with_a_sentence(text, sentence):
    with (
        time_machine.travel(NOW, tick=False),
        translation.override("en"),
        pytest.raises(ValidationError, match=sentence),
    ):
        MomentField().clean(text)


def test_what_was_typed_stays_and_what_can_be_read_is_shown_to_the_minute():
    form = PairForm({"a": "kemarin", "b": "2026-03-09T03:30:20.5Z"})
    assert 'value="kemarin"' in str(form["a"])
    assert 'value="2026-03-09T10:30"' in str(form["b"])
