import datetime
from decimal import Decimal

import pytest
from django.utils import translation
from django.utils.functional import Promise

from audit.registry import GOVERNED, governed_by_key
from audit.values import NAMES, label_of, plain, shown
from tests.notifications.factories import CaseFactory, UnitFactory

pytestmark = [pytest.mark.integration, pytest.mark.django_db]


def value_of(key, name, row):
    model = governed_by_key(key).model
    with translation.override("en"):
        return shown(model._meta.get_field(name), row)


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        ("name", "Sirup", "Sirup"),
        ("name", "", ""),
        ("is_digital", True, "Yes"),
        ("is_digital", False, "No"),
        ("affair", "health", "Health"),
        ("affair", "gone", "gone"),
        ("budget_need", Decimal("1500000.00"), "Rp1.500.000"),
        ("budget_need", None, ""),
        ("running_since", datetime.date(2026, 3, 9), "9 March 2026"),
        (
            "submitted_at",
            datetime.datetime(2026, 3, 9, 3, 5, tzinfo=datetime.UTC),
            "9 March 2026, 10:05",
        ),
        ("revision", 3, "3"),
    ],
)
def test_shown_reads_as_a_person_would_say_it(name, value, text):
    innovation = governed_by_key("innovations.innovation").model(**{name: value})
    assert value_of("innovations.innovation", name, innovation) == text


def test_shown_names_what_a_reference_points_to():
    innovation = CaseFactory(innovation__owning_unit=UnitFactory(name="Dinas Kesehatan")).innovation
    version = innovation.history.get()
    assert value_of("innovations.innovation", "owning_unit", version) == "Dinas Kesehatan"
    version.owning_unit_id = 10**6
    assert value_of("innovations.innovation", "owning_unit", version) == "#1000000"


def test_shown_translates_the_codes_of_stages_and_outcomes():
    case = CaseFactory(stage="verification", outcome="return")
    assert value_of("workflow.case", "stage", case) == "Panel verification"
    assert value_of("workflow.case", "outcome", case) == "Returned for revision"


@pytest.mark.parametrize(
    ("field", "code", "words"),
    [
        ("stage", "done", "Institutionalised"),
        ("stage", "rejected", "Rejected"),
        ("stage", "withdrawn", "Withdrawn"),
        ("stage", "retired", "Retired"),
        ("outcome", "withdraw", "Withdrawn"),
    ],
)
def test_shown_translates_every_end(field, code, words):
    assert value_of("workflow.case", field, CaseFactory(**{field: code})) == words


@pytest.mark.parametrize(
    ("key", "field", "code", "words"),
    [
        ("innovations.checklistanswer", "item", "profile_complete", "The profile is complete"),
        ("approvals.remark", "section", "design", "Design"),
    ],
)
def test_shown_translates_items_and_sections(key, field, code, words):
    row = governed_by_key(key).model(**{field: code})
    assert value_of(key, field, row).startswith(words)


def test_every_field_of_the_history_has_a_name_in_both_languages():
    unnamed = {
        f"{governed.key}.{field.name}"
        for governed in GOVERNED
        for field in governed.fields()
        if not isinstance(field.verbose_name, Promise) and field.verbose_name not in NAMES
    }
    assert unnamed == set()


def test_plain_says_a_clause_by_its_text():
    draft = {"dicta": [{"key": "cost", "text": "Biaya."}], "assembled": {"dicta": {"cost": "x"}}}
    with translation.override("en"):
        assert plain(draft) == "Dicta:\n  1. Biaya."


def test_label_is_the_field_s_name_in_words():
    field = governed_by_key("innovations.innovation").model._meta.get_field("name")
    with translation.override("en"):
        assert label_of(field) == "Name of the innovation"


def test_plain_writes_nested_data_as_indented_lines():
    data = {"dicta": ["First", {"text": "Second", "open": True}], "annex": {}, "note": None}
    with translation.override("en"):
        assert plain(data) == (
            "Dicta:\n  1. First\n  2.\n    text: Second\n    open: Yes\nAnnex:\nnote:"
        )
