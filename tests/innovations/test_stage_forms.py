from typing import ClassVar

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.utils import translation

from accounts.models import User
from accounts.texts import MoneyField, PlainCharField
from innovations.models import Innovation
from innovations.stage_forms import StageForm

pytestmark = [pytest.mark.unit, pytest.mark.one_database]


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


class Line(forms.Form):
    source = PlainCharField(label="Source")
    amount = MoneyField(label="Amount")


class LinesSet(forms.BaseFormSet):
    def clean(self):
        if len(self.forms) > 2:
            raise ValidationError("At most two lines.")


class CostForm(StageForm):
    statement = PlainCharField(label="Statement")
    agreed = forms.BooleanField(label="Agreed", required=False)
    tables: ClassVar = {
        "lines": forms.formset_factory(Line, formset=LinesSet, extra=1, can_delete=True)
    }

    def recorded(self):
        return {"statement": "lama"}

    def recorded_rows(self):
        return {"lines": [{"source": "PAD", "amount": 5}]}

    def clean(self):
        if self.cleaned_data.get("agreed") is False:
            raise ValidationError("Agree to the whole.")
        return self.cleaned_data


def from_record(**record):
    given = {"statement": "Kami sanggup", "agreed": True} | record
    return CostForm.from_record(given, innovation=Innovation(), actor=User())


def test_unbound_form_shows_what_is_recorded():
    form = CostForm(innovation=Innovation(), actor=User())
    assert form["statement"].value() == "lama"
    assert [row["source"].value() for row in form.rows["lines"].forms] == ["PAD", None]


def test_from_record_fills_fields_and_tables():
    form = from_record(lines=[{"source": "PAD", "amount": "1.500"}, {"source": "DAU", "amount": 7}])
    assert form.is_valid()
    assert form.cleaned_data == {"statement": "Kami sanggup", "agreed": True}
    assert [(row["source"], int(row["amount"])) for row in form.table_data("lines")] == [
        ("PAD", 1500),
        ("DAU", 7),
    ]


def test_from_record_row_like_the_recorded_one_is_kept():
    form = from_record(lines=[{"source": "PAD", "amount": 5}])
    assert form.is_valid()
    assert [row["source"] for row in form.table_data("lines")] == ["PAD"]


def test_from_record_without_the_table_has_no_rows():
    form = from_record()
    assert form.is_valid()
    assert form.table_data("lines") == []


@pytest.mark.parametrize("rows", ["PAD", {"source": "PAD"}, ["PAD"], None])
def test_from_record_table_that_is_none_is_told(rows):
    with pytest.raises(ValidationError, match="lines: must be a list of rows"):
        from_record(lines=rows)


def test_from_record_unknown_field_is_told():
    with pytest.raises(ValidationError, match=r"pernyataan: not known here\. Known are: statement"):
        from_record(pernyataan="x")


def posted(*rows, initial=0):
    data: dict[str, object] = {"statement": "Kami sanggup", "agreed": "on"}
    data |= {"lines-TOTAL_FORMS": len(rows), "lines-INITIAL_FORMS": initial}
    for number, row in enumerate(rows):
        data |= {f"lines-{number}-{key}": value for key, value in row.items()}
    return CostForm(data, innovation=Innovation(), actor=User())


def test_table_data_leaves_out_empty_and_deleted_rows():
    form = posted(
        {"source": "PAD", "amount": "5", "DELETE": "on"},
        {"source": "", "amount": ""},
        initial=1,
    )
    assert form.is_valid()
    assert form.table_data("lines") == []


def test_table_data_keeps_unchanged_recorded_rows():
    form = posted({"source": "PAD", "amount": "5"}, {"source": "", "amount": ""}, initial=1)
    assert form.is_valid()
    assert [row["source"] for row in form.table_data("lines")] == ["PAD"]


def test_sentences_name_field_and_row():
    form = from_record(
        statement="", agreed=False, lines=[{"source": "PAD", "amount": 1}, {"source": "DAU"}]
    )
    assert not form.is_valid()
    assert form.sentences() == [
        "Statement: This field is required.",
        "Agree to the whole.",
        "Row 2, Amount: This field is required.",
    ]


def test_sentences_of_a_whole_table():
    rows = [{"source": "PAD", "amount": 1}] * 3
    assert from_record(lines=rows).sentences() == ["At most two lines."]


def test_posted_table_without_its_frame_is_refused():
    form = CostForm({"statement": "x", "agreed": "on"}, innovation=Innovation(), actor=User())
    assert not form.is_valid()
    assert form.sentences()


def test_is_valid_needs_fields_and_tables():
    assert not from_record(lines=[{"source": "", "amount": "-1"}]).is_valid()
    assert not from_record(statement="a\u200bb").is_valid()
