import datetime

import pytest
from django.utils import translation

from audit import history
from audit.history import (
    FieldChange,
    Place,
    contents,
    differences,
    timeline,
    title_of,
    versions_of_row,
)
from audit.registry import governed_by_key
from tests.audit.factories import DESIGN, NEW_DESIGN, at, story

pytestmark = [pytest.mark.integration, pytest.mark.django_db]


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


def lines(acts):
    return [(change.label, change.version.history_type) for act in acts for change in act.changes]


def test_timeline_groups_what_one_person_wrote_at_one_moment():
    told = story()
    acts, following = timeline(told.case.innovation_id)
    assert [(act.who, len(act.changes)) for act in acts] == [
        (told.assessor, 1),
        (told.assessor, 3),
        (told.initiator, 1),
        (told.initiator, 3),
    ]
    assert [act.when.minute for act in acts] == [30, 20, 10, 0]
    assert following is None


def test_timeline_says_what_changed_in_words():
    acts, _ = timeline(story().case.innovation_id)
    (correction,) = acts[2].changes
    assert correction.label == "Innovation"
    assert correction.title == "Sirup Pala Maju"
    assert [(field.label, field.old, field.new) for field in correction.fields] == [
        ("Name of the innovation", "Sirup Pala", "Sirup Pala Maju"),
        (
            "Design (rancang bangun)",
            DESIGN,
            NEW_DESIGN,
        ),
    ]
    assert correction.compared_with == correction.version.prev_record.pk


def test_timeline_compares_each_row_with_its_own_version_before():
    acts, _ = timeline(story().case.innovation_id)
    (mended,) = acts[0].changes
    assert [(field.old, field.new) for field in mended.fields] == [("3", "4")]
    for made in acts[1].changes:
        assert made.previous is None
        assert made.fields == []
        assert made.compared_with == made.version.pk


def test_timeline_leaves_out_other_cases():
    told = story()
    before = lines(timeline(told.case.innovation_id)[0])
    story()
    assert lines(timeline(told.case.innovation_id)[0]) == before


@pytest.mark.parametrize(("size", "kinds"), [(1, 11), (2, 11), (3, 11), (50, 1), (50, 2)])
def test_timeline_page_by_page_shows_every_version_once(monkeypatch, size, kinds):
    told = story()
    whole = lines(timeline(told.case.innovation_id)[0])
    monkeypatch.setattr(history, "PAGE", size)
    monkeypatch.setattr(history, "MOST_KINDS", kinds)
    seen, after = [], None
    for _ in range(len(whole) + 1):
        acts, after = timeline(told.case.innovation_id, after)
        seen += lines(acts)
        if after is None:
            break
        after = Place.parse(str(after))
    assert seen == whole


def test_timeline_costs_one_query_and_one_for_each_kind(django_assert_num_queries):
    told = story()
    with django_assert_num_queries(1 + 5):
        for act in timeline(told.case.innovation_id)[0]:
            assert str(act.who)
            assert all(change.title for change in act.changes)


@pytest.mark.parametrize(
    "text", ["", "1.2", "1.2.3.4", "a.b.c", "-1.0.0", "1.0.99999999999999999999"]
)
def test_place_that_str_did_not_write_raises(text):
    with pytest.raises(ValueError, match=r"\d|a|^$|not enough"):
        Place.parse(text)


def test_place_survives_its_text_to_the_microsecond():
    place = Place(datetime.datetime(2026, 3, 9, 3, 0, 0, 123457, tzinfo=datetime.UTC), 3, 7)
    assert Place.parse(str(place)) == place


def test_differences_between_any_two_versions_leave_out_what_is_the_same():
    told = story()
    governed, innovation = governed_by_key("innovations.innovation"), told.case.innovation
    with at(40, told.initiator):
        innovation.name = "Sirup Pala"
        innovation.save()
    newest, middle, first = innovation.history.all()
    assert [change.label for change in differences(governed, first, newest)] == [
        "Design (rancang bangun)"
    ]
    assert len(differences(governed, middle, newest)) == 1
    assert differences(governed, first, first) == []


def test_contents_are_every_filled_field():
    told = story()
    version = told.assessment.history.get()
    shown = {
        field.label: field.new
        for field in contents(governed_by_key("innovations.assessment"), version)
    }
    assert shown["Total"] == "3"
    assert str(told.assessor) in shown.values()


def test_short_values_stand_side_by_side_and_long_texts_are_compared_by_words():
    assert FieldChange("Score", "3", "").parts == [
        {"kind": "delete", "text": "3"},
        {"kind": "equal", "text": " → "},
        {"kind": "insert", "text": "–"},
    ]
    assert FieldChange("Design", DESIGN, NEW_DESIGN).parts == []
    assert FieldChange("Score", "3", "3").parts == []


def test_title_of_a_row_is_made_of_the_fields_that_tell_it_apart():
    told = story()
    score = told.assessment.scores.get(criterion="benefit")
    governed = governed_by_key("innovations.assessmentscore")
    assert title_of(governed, score) == score.get_criterion_display()


def test_versions_of_a_row_are_its_own_newest_first():
    told = story()
    governed = governed_by_key("innovations.assessmentscore")
    mended = told.assessment.scores.get(criterion="renewal").history.first()
    found = versions_of_row(governed, mended)
    assert [row.score for row in found] == [4, 3]
