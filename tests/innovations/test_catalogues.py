import json

import pytest
from django.utils import translation

from innovations.catalogues import DATA, all_checklist_items, criteria, localised
from innovations.models import AssessmentScore, Innovation

pytestmark = pytest.mark.unit


@pytest.mark.parametrize("name", ["checklist.json", "criteria.json"])
def test_catalogue_says_everything_in_both_languages(name):
    def texts(node):
        if isinstance(node, dict) and set(node) & {"en", "id"}:
            yield node
        elif isinstance(node, dict | list):
            for entry in node.values() if isinstance(node, dict) else node:
                yield from texts(entry)

    found = list(texts(json.loads((DATA / name).read_text(encoding="utf-8"))))
    assert found
    assert all(set(text) == {"en", "id"} and all(text.values()) for text in found)


def test_criteria_are_those_of_the_law():
    assert [c.code for c in criteria()] == AssessmentScore.Criterion.values
    assert {len(c.rubric) for c in criteria()} == {5}


def test_checklist_codes_fit_and_differ():
    codes = [item.code for item in all_checklist_items()]
    assert len(set(codes)) == len(codes)
    assert max(map(len, codes)) <= 40


def test_checklist_conditions_name_fields_and_values_of_an_innovation():
    for item in all_checklist_items():
        for name, wanted in item.only_for.items():
            field = Innovation._meta.get_field(name)
            choices = getattr(field, "choices", None) or [(True, ""), (False, "")]
            known = [value for value, _label in choices]
            assert set(wanted) <= set(known)


def test_localised_follows_the_reader_and_falls_back():
    texts = {"en": "yes", "id": "ya"}
    for language, said in (("en", "yes"), ("id", "ya"), ("en-gb", "yes"), ("fr", "ya")):
        with translation.override(language):
            assert localised(texts) == said
