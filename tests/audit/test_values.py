import datetime
from decimal import Decimal

import pytest
from django.utils import translation

from audit.registry import governed_by_key
from audit.values import label_of, plain, shown
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


def test_label_is_the_field_s_name_in_words():
    field = governed_by_key("innovations.innovation").model._meta.get_field("name")
    with translation.override("en"):
        assert label_of(field) == "Name of the innovation"


def test_plain_writes_nested_data_as_indented_lines():
    data = {"dicta": ["First", {"text": "Second", "open": True}], "annex": {}, "note": None}
    with translation.override("en"):
        assert plain(data) == (
            "dicta:\n  1. First\n  2.\n    text: Second\n    open: Yes\nannex:\nnote:"
        )
