"""How things are said on the screens: money, days, people, differences, rows."""

import datetime
from decimal import Decimal
from types import SimpleNamespace

import pytest
import time_machine
from django import forms
from django.template import Context, Template
from django.utils import timezone, translation

from workflow.templatetags import payung

pytestmark = pytest.mark.unit

NOON = datetime.datetime(2026, 11, 23, 5, 3, tzinfo=datetime.UTC)
TODAY = datetime.date(2026, 11, 23)


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"), time_machine.travel(NOON, tick=False):
        yield


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize(
    ("amount", "written"),
    [
        (Decimal("1500000.00"), "Rp1.500.000"),
        ("0", "Rp0"),
        (0, "Rp0"),
        (None, "–"),
        ("many", "–"),
        ("NaN", "–"),
        ("Infinity", "–"),
    ],
)
def test_money_is_written_as_in_indonesia(amount, written, language):
    with translation.override(language):
        assert payung.money(amount) == written


@pytest.mark.parametrize(
    ("row", "labels", "cells"),
    [
        ([1, 2], ["Year", "Target"], [("Year", 1), ("Target", 2)]),
        ([1, 2], None, [("", 1), ("", 2)]),
        ([], ["Year"], [("Year", "")]),
    ],
)
def test_cells_of_a_row_carry_the_heads_of_their_columns(row, labels, cells):
    assert payung.labelled(row, labels) == cells


def test_day_is_said_in_the_readers_language():
    assert payung.day(TODAY) == "Monday, 23 November 2026"
    with translation.override("id"):
        assert payung.day(TODAY) == "Senin, 23 November 2026"


def test_day_of_a_moment_is_the_day_in_the_regency():
    late_in_utc = datetime.datetime(2026, 12, 31, 17, 30, tzinfo=datetime.UTC)
    assert payung.day(late_in_utc) == "Friday, 1 January 2027"
    assert payung.short_day(late_in_utc) == "1 Jan 2027"


def test_clock_has_a_full_stop_in_indonesian():
    assert payung.clock(NOON) == "12:03"
    assert payung.moment(NOON) == "23 November 2026, 12:03"
    with translation.override("id"):
        assert payung.clock(NOON) == "12.03"


@pytest.mark.parametrize("said", [payung.day, payung.short_day, payung.clock, payung.moment])
def test_no_date_is_a_dash(said):
    assert said(None) == "–"


@pytest.mark.parametrize(
    ("days", "words"),
    [(0, "today"), (1, "yesterday"), (2, "2 days ago"), (40, "40 days ago"), (-1, "today")],
)
def test_ago_counts_days(days, words):
    assert payung.ago(TODAY - datetime.timedelta(days=days)) == words


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (-2, "2 days late"),
        (-1, "1 day late"),
        (0, "due today"),
        (1, "due tomorrow"),
        (5, "due in 5 days"),
    ],
)
def test_until_counts_days(days, words):
    assert payung.until(TODAY + datetime.timedelta(days=days)) == words


def test_until_without_a_date_says_so():
    assert payung.until(None) == "no due date"


@pytest.mark.parametrize(
    ("name", "letters"),
    [("Rina Puspita", "RP"), ("Suharto", "S"), ("Siti Nur Aini", "SA")],
)
def test_initials_stand_for_the_name_without_titles(name, letters):
    assert payung.initials(SimpleNamespace(name_plain=name)) == letters


def test_icon_is_decoration_unless_it_has_a_label():
    assert 'aria-hidden="true"' in payung.icon("check")
    spoken = payung.icon("check", label='"<b>')
    assert 'role="img" aria-label="&quot;&lt;b&gt;"' in spoken


def test_person_chip_escapes_the_name():
    shown = Template("{% load payung %}{% person who 'Plh. Sekretaris Daerah' %}").render(
        Context({"who": SimpleNamespace(name_plain="<i>x")})
    )
    assert "<i>" not in shown
    assert "Plh. Sekretaris Daerah" in shown


def test_word_diff_tells_what_went_and_what_came():
    assert payung.word_diff("satu dua tiga", "satu empat tiga") == [
        {"kind": "equal", "text": "satu "},
        {"kind": "delete", "text": "dua "},
        {"kind": "insert", "text": "empat "},
        {"kind": "equal", "text": "tiga"},
    ]


@pytest.mark.parametrize(
    ("old", "new", "kinds"),
    [
        ("", "baru", ["insert"]),
        ("lama", None, ["delete"]),
        ("sama", "sama", ["equal"]),
        ("", "", []),
    ],
)
def test_word_diff_at_the_edges(old, new, kinds):
    assert [part["kind"] for part in payung.word_diff(old, new)] == kinds


def test_word_diff_of_very_long_texts_shows_one_after_the_other():
    parts = payung.word_diff("a " * 4_000, "b " * 4_000)
    assert [part["kind"] for part in parts] == ["delete", "insert"]


class RowForm(forms.Form):
    name = forms.CharField(label="Name")


RowTable = forms.formset_factory(RowForm, extra=0, can_delete=True)


def sent(*rows):
    data = {"rows-TOTAL_FORMS": len(rows), "rows-INITIAL_FORMS": 0}
    for number, row in enumerate(rows):
        data |= {f"rows-{number}-{key}": value for key, value in row.items()}
    return RowTable(data, prefix="rows")


def test_kept_rows_leaves_out_what_was_removed():
    table = sent({"name": "a"}, {"name": "", "DELETE": "on"}, {"name": "c"})
    assert [row.prefix for row in payung.kept_rows(table)] == ["rows-0", "rows-2"]


def test_row_number_counts_from_one():
    assert payung.row_number("rows-0") == 1
    assert payung.row_number("money-lines-11") == 12


def test_columns_leave_out_the_deletion_box():
    (row,) = sent({"name": "a"}).forms
    assert [cell.name for cell in payung.columns(row)] == ["name"]


def test_fields_and_other_fields_together_are_the_form():
    class Three(forms.Form):
        a = forms.CharField()
        b = forms.CharField()
        c = forms.CharField(widget=forms.HiddenInput)

    form = Three()
    assert [field.name for field in payung.fields(form, "b nothing a")] == ["b", "a"]
    assert [field.name for field in payung.other_fields(form, "b")] == ["a"]


def test_wrong_looks_into_the_tables():
    form = RowForm({"name": "x"})
    assert payung.wrong(form) is False
    form.rows = {"rows": sent({"name": "x" * 3})}
    assert payung.wrong(form) is False
    form.rows = {"rows": RowTable({}, prefix="rows")}
    assert payung.wrong(form) is True


def test_item_reads_dicts_and_forms():
    assert payung.item({"a": 1}, "a") == 1
    assert payung.item({}, "a") is None
    assert payung.item(None, "a") is None
    assert payung.item(RowForm(), "name").name == "name"
    assert payung.item(RowForm(), "other") is None


def test_title_of_a_section_falls_back_to_the_part_of_the_proposal():
    shown = [{"key": "alignment", "title": "Alignment"}]
    assert payung.title_of(shown, "alignment") == "Alignment"
    assert payung.title_of(None, "design") == "Design"
    assert payung.title_of([], "unknown") == "unknown"


def test_stage_without_a_template_of_its_own_gets_the_plain_one():
    assert payung.stage_templates("new")[-1] == "workflow/stages/plain.html"


def test_short_hash_keeps_what_the_eye_compares():
    assert payung.short_hash("0123456789abcdef") == "0123456789ab…"
    assert payung.short_hash("0123") == "0123"


def test_tone_of_an_unknown_status_is_plain():
    assert payung.tone("issued") == "good"
    assert payung.tone("whatever") == "plain"


def test_ago_of_a_moment_counts_days_of_the_regency():
    assert payung.ago(timezone.now() - datetime.timedelta(hours=13)) == "yesterday"
