import json

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from accounts.acting import acting_as
from innovations.catalogues import criteria
from innovations.conflicts import record_declaration
from innovations.models import Innovation
from innovations.sections import bare, plain, sections_of
from innovations.statuses import change_status

from .factories import (
    EvidenceFactory,
    InnovationFactory,
    ParticipantFactory,
    UserFactory,
    draft_of,
    headed_unit,
    submitted,
)
from .test_reviews import assess, check, try_out

pytestmark = [pytest.mark.integration, pytest.mark.django_db]


def fresh(innovation):
    return Innovation.objects.get(pk=innovation.pk)


def hashed(innovation):
    found = sections_of(fresh(innovation))
    return {key: json.dumps(bare(section), sort_keys=True) for key, section in found.items()}


@pytest.fixture
def innovation():
    made = submitted(budget_need="150.000.000")
    ParticipantFactory(innovation=made)
    EvidenceFactory(innovation=made, document_number="7/2026")
    return made


def full(innovation):
    check(innovation, laboratory=headed_unit())
    assess(innovation)
    try_out(innovation)
    return innovation


def test_sections_of_a_new_innovation(innovation):
    assert list(sections_of(innovation)) == ["identity", "design", "people", "evidence"]


def test_sections_of_later_stages_follow(innovation):
    assert list(sections_of(full(innovation)))[4:] == ["checklist", "assessment", "trial"]


def test_sections_bare_is_the_same_in_every_language(innovation):
    full(innovation)
    with translation.override("id"):
        indonesian = hashed(innovation)
    with translation.override("en"):
        assert hashed(innovation) == indonesian


def test_sections_bare_is_the_same_before_and_after_the_database(innovation):
    assert hashed(innovation) == {
        key: json.dumps(bare(section), sort_keys=True)
        for key, section in sections_of(innovation).items()
    }


def test_sections_bare_does_not_follow_the_status(innovation):
    before = hashed(innovation)
    with transaction.atomic():
        change_status(UserFactory(), innovation, "returned", reason="Lengkapi.")
    assert hashed(innovation) == before


@pytest.mark.parametrize(
    ("change", "section"),
    [
        ({"name": "LAIN"}, "identity"),
        ({"budget_need": "150.000.000,01"}, "identity"),
        ({"problem": "Lain sekali."}, "design"),
        ({"affair": "education"}, "identity"),
    ],
)
def test_sections_bare_change_shows_where_it_happened(change, section):
    owner, unit = UserFactory(), headed_unit()
    one = hashed(submitted(owner, unit=unit))
    other = hashed(submitted(owner, unit=unit, **change))
    assert [key for key in one if one[key] != other[key]] == [section]


def test_sections_evidence_with_other_bytes_differs(innovation):
    before = hashed(innovation)
    EvidenceFactory(innovation=innovation)
    after = hashed(innovation)
    assert [key for key in before if before[key] != after[key]] == ["evidence"]


def field(section, key):
    return next(entry for entry in section["fields"] if entry["key"] == key)


def test_sections_speak_the_readers_language(innovation):
    with translation.override("en"):
        identity = sections_of(innovation)["identity"]
    assert identity["title"] == "Identity"
    affair = field(identity, "affair")
    assert (affair["label"], affair["value"], affair["raw"]) == (
        "Government affair",
        "Health",
        "health",
    )
    assert field(identity, "budget_need")["kind"] == "money"
    assert field(identity, "budget_need")["raw"] == "150000000.00"


def test_sections_show_no_removed_people_or_documents(innovation):

    with acting_as(UserFactory()):
        for row in (innovation.participants.get(), innovation.evidence.get()):
            setattr(row, "left_at" if hasattr(row, "left_at") else "removed_at", timezone.now())
            row.save()
    found = sections_of(innovation)
    assert field(found["people"], "co_initiators")["value"] == []
    assert field(found["evidence"], "documents")["value"] == []


def test_sections_assessment_is_a_table_of_all_members(innovation):
    check(innovation, laboratory=headed_unit())
    for _ in range(3):
        assess(innovation)
    table = field(sections_of(innovation)["assessment"], "scores")
    assert len(table["columns"]) == 1 + 3
    assert len(table["value"]) == len(criteria()) + 3
    assert {len(row) for row in table["value"]} == {len(table["columns"])}


def test_sections_assessment_shows_what_its_assessor_declared(innovation):
    check(innovation, laboratory=headed_unit())
    about = {"stage": "verification", "kind": "managed", "sentence": "Mantan atasan; dicatat."}
    assessor = assess(innovation).assessor
    with transaction.atomic():
        record_declaration(assessor, innovation, **about)
        record_declaration(UserFactory(), innovation, **about | {"kind": "none"})
    table = field(sections_of(innovation)["assessment"], "scores")
    assert [row[1] for row in table["value"]][-2] == "Mantan atasan; dicatat."
    (raw,) = table["raw"]
    assert (raw["conflict"], raw["conflict_note"]) == ("managed", "Mantan atasan; dicatat.")


def test_sections_later_revision_keeps_the_last_assessment(innovation):
    full(innovation)
    innovation.revision = 2
    assert set(sections_of(innovation)) >= {"checklist", "assessment", "trial"}


def test_sections_cost_few_queries(innovation):
    full(innovation)
    loaded = Innovation.objects.select_related("owning_unit", "initiator", "laboratory").get(
        pk=innovation.pk
    )
    with CaptureQueriesContext(
        connection,
    ) as queries:
        sections_of(loaded)
    assert len(queries) <= 9


def test_sections_running_innovation_says_since_when():
    running = InnovationFactory(already_running=True, running_since="2024-02-01")
    running.refresh_from_db()
    since = field(sections_of(running)["identity"], "running_since")
    assert (since["kind"], since["raw"]) == ("date", "2024-02-01")


def test_bare_takes_the_value_where_nothing_else_is_said():
    assert bare({"fields": [{"key": "a", "value": ("x", 1)}]}) == {"a": ["x", 1]}


def test_plain_keeps_json_types():
    assert plain({"a": (1, None, True, 1.5), 2: ["x"]}) == {"a": [1, None, True, 1.5], "2": ["x"]}


def test_drafts_have_no_sections_of_their_own():
    assert draft_of(UserFactory()).innovation is None
