"""What a signature covers: the same hash for the same content, another one for any other."""

import hashlib
import json
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from accounts.acting import acting_as
from innovations.models import Innovation
from tests.regency import person
from workflow.checks import default_policies
from workflow.content import section_hashes, section_titles, sections_of, source_texts
from workflow.models import Case
from workflow.stages import stages_by_name

pytestmark = [
    pytest.mark.integration,
    pytest.mark.one_database,
    pytest.mark.usefixtures("regency", "db"),
]

WALKED = ["completeness", "signing", "done"]


def hashes(case: Case, language: str) -> dict[str, str]:
    with translation.override(language):
        return section_hashes(sections_of(Innovation.objects.get(pk=case.innovation_id)))


def test_hash_is_the_same_in_every_language(at):
    case = at("signing")

    in_indonesian = hashes(case, "id")

    assert set(in_indonesian) >= {"identity", "evidence", "assessment", "commitment", "instrument"}
    assert hashes(case, "en") == in_indonesian


def edited(case: Case) -> None:
    with transaction.atomic(), acting_as(person("bidan.kampit")):
        case.innovation.benefit += " Dan lagi."
        case.innovation.save()


def test_hash_of_a_section_changes_with_that_section_alone(at):
    case = at("completeness")
    before = hashes(case, "id")

    edited(case)

    after = hashes(case, "id")
    assert [key for key in before if before[key] != after[key]] == ["design"]


def test_section_that_is_not_recorded_yet_has_no_hash(at):
    assert set(hashes(at("completeness"), "id")) == {
        "identity",
        "design",
        "people",
        "evidence",
    }


def test_text_of_a_section_is_what_its_hash_is_of(at):
    case = at("signing")

    kept = []
    for language in ("id", "en"):
        with translation.override(language):
            kept.append(source_texts(sections_of(Innovation.objects.get(pk=case.innovation_id))))

    assert kept[0] == kept[1]
    assert kept[0]["design"]["benefit"] == case.innovation.benefit
    again = json.loads(json.dumps(kept[0]))
    assert {key: hash_of({key: said}) for key, said in again.items()} == hashes(case, "id")


def hash_of(said: dict[str, Any]) -> str:
    """A section's hash, made of what was kept of it as anybody can make it."""
    canonical = json.dumps(said, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(f"payung-content-1:{canonical}".encode()).hexdigest()


def test_sections_that_are_not_asked_for_are_not_read(at):
    case = at("signing")
    innovation = Innovation.objects.get(pk=case.innovation_id)

    with CaptureQueriesContext(connection) as few:
        assert list(sections_of(innovation, ["design"])) == ["design"]

    assert len(few) == 0
    wanted = {"people", "alignment", "instrument"}
    assert set(sections_of(innovation, wanted)) == wanted


def test_every_section_has_a_name(at):
    assert set(sections_of(at("done").innovation)) <= set(section_titles())


@pytest.mark.parametrize("stage", stages_by_name())
def test_policy_of_a_stage_covers_sections_that_there_are(stage):
    covers = default_policies()[stage]["covers"]
    assert covers
    assert set(covers) <= set(section_titles())
    assert set(stages_by_name()[stage].reads) <= set(section_titles())
