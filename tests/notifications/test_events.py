import datetime

import pytest
from django.test import override_settings
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from notifications.channels import NAMES
from notifications.events import (
    EVENTS,
    Kind,
    UnknownEvent,
    address,
    event_named,
    frozen,
    one_line,
    words,
)

pytestmark = pytest.mark.unit

DETAILS = {
    "stage": "verification",
    "office": "Kepala Bappelitbangda",
    "due": datetime.date(2026, 3, 9),
    "seat": 7,
    "number": "100.3.3.2/001/KUM/2026",
    "period": 2,
    "above": "Sekretaris Daerah",
    "missing": "Sekretaris Daerah",
    "reason": "menunggu kementerian",
    "person": "Dewi Lestari",
    "about": "Cuti bersama",
    "decree": 3,
    "version": 4,
    "who": "Nur Aini",
    "what": "Sekretaris Daerah; LAIS",
    "capacity": "a.n. Sekretaris Daerah",
    "letter": "100/7/KUASA/2026",
    "start": datetime.date(2026, 3, 9),
    "instrument": "Perubahan atas Keputusan Bupati",
    "target": "100.3.3.2/001/KUM/2026",
    "consequence": 5,
    "until": datetime.date(2026, 3, 13),
    "request": 6,
}
CASE = {"title": "Sirup Pala", "code": "INV-2026-0042"}


OF_A_CASE = [key for key, event in EVENTS.items() if event.of_a_case]


def params_of(key: str) -> dict[str, object]:
    about = CASE if event_named(key).of_a_case else {}
    return {**about, **frozen(event_named(key), DETAILS)}


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("key", EVENTS)
def test_words_of_every_event_are_one_sentence(key, language):
    with translation.override(language):
        told = words(key, params_of(key))
    assert "\n" not in told.subject + told.sentence
    assert told.sentence.endswith(".")


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("key", OF_A_CASE)
def test_words_of_an_event_of_a_case_name_the_case(key, language):
    with translation.override(language):
        told = words(key, params_of(key))
    assert "Sirup Pala" in told.subject
    assert "Sirup Pala" in told.sentence
    assert "INV-2026-0042" in told.sentence


@pytest.mark.parametrize("key", EVENTS)
def test_every_event_travels_by_known_channels_and_opens_a_page(key):
    event = event_named(key)
    assert set(event.channels) <= set(NAMES)
    assert address(event, params_of(key)).startswith("/")


def test_words_when_a_seat_opens_in_english():
    with translation.override("en"):
        told = words("seat_opened", params_of("seat_opened"))
    assert told.subject == "Your turn: Sirup Pala"
    assert told.sentence == (
        "“Sirup Pala” (INV-2026-0042) has arrived at the desk of Kepala Bappelitbangda "
        "for the stage “Panel verification”; due: 9 March 2026."
    )


def test_words_show_dates_in_the_language_of_the_reader():
    with translation.override("id"):
        assert "9 Maret 2026" in words("overdue", params_of("overdue")).sentence


def test_words_of_a_seat_without_a_due_date_say_so():
    stored = {**CASE, **frozen(event_named("seat_opened"), {**DETAILS, "due": ""})}
    with translation.override("en"):
        assert words("seat_opened", stored).sentence.endswith("due: no date.")


def test_words_leave_percent_signs_of_a_title_alone():
    params = {"title": "100%(code)s %s", "code": "INV-2026-0042"}
    with translation.override("en"):
        assert words("rejected", params).subject == "Rejected: 100%(code)s %s"


def test_frozen_keeps_only_what_the_table_names_as_plain_values():
    assert frozen(event_named("seat_opened"), {**DETAILS, "secret": "x"}) == {
        "stage": "verification",
        "office": "Kepala Bappelitbangda",
        "due": "2026-03-09",
        "seat": 7,
    }


def test_frozen_takes_the_local_day_of_a_moment():
    moment = datetime.datetime(2026, 12, 31, 17, 30, tzinfo=datetime.UTC)
    event = event_named("returned")
    assert frozen(event, {"due": moment, "seat": 1})["due"] == "2027-01-01"


def test_frozen_without_a_needed_detail_raises():
    with pytest.raises(KeyError, match="office"):
        frozen(event_named("seat_opened"), {"stage": "trial", "due": None, "seat": 1})


def test_frozen_with_a_stage_of_no_flow_raises():
    with pytest.raises(LookupError, match="no flow has a stage 'harvest'"):
        frozen(event_named("stage_passed"), {"stage": "harvest"})


def test_event_that_nobody_words_raises():
    with pytest.raises(UnknownEvent, match="'harvested'"):
        event_named("harvested")


def test_words_of_a_stage_that_was_renamed_show_its_stored_name():
    told = words("stage_passed", {**CASE, "stage": "harvest"})
    assert "“harvest”" in told.sentence


@given(st.text())
def test_one_line_never_breaks_a_header(text):
    assert len(one_line(text).splitlines()) <= 1
    assert "\r" not in one_line(text)
    assert "\x00" not in one_line(text)


def test_every_kind_of_detail_is_used():
    used = {kind for event in EVENTS.values() for kind in event.details.values()}
    assert used == set(Kind)


@override_settings(LANGUAGE_CODE="en")
def test_subjects_of_all_events_differ():
    subjects = [str(event.subject) for event in EVENTS.values()]
    assert len(set(subjects)) == len(subjects)
