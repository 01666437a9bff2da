"""What a signature covers: the same hash for the same content, another one for any other."""

import pytest
from django.db import transaction
from django.utils import translation

from accounts.acting import acting_as
from innovations.models import Innovation
from tests.regency import RUNS_ALREADY, case_at, person
from workflow.content import covered_hash, section_hashes, sections_of
from workflow.models import Case

pytestmark = [pytest.mark.integration, pytest.mark.usefixtures("regency", "db")]


def hashes(case: Case, language: str) -> dict[str, str]:
    with translation.override(language):
        return section_hashes(sections_of(Innovation.objects.get(pk=case.innovation_id)))


def test_hash_is_the_same_in_every_language():
    case = case_at("signing")

    in_indonesian = hashes(case, "id")

    assert set(in_indonesian) >= {"identity", "evidence", "assessment", "commitment", "instrument"}
    assert hashes(case, "en") == in_indonesian


def test_covered_hash_is_the_same_in_every_language():
    case = case_at("signing", RUNS_ALREADY)

    found = set()
    for language in ("id", "en"):
        with translation.override(language):
            sections = sections_of(case.innovation)
        with translation.override("id"):
            found.add(covered_hash(sections, ["identity", "commitment", "instrument"]))
            found.add(covered_hash(sections, ["instrument", "commitment", "identity"]))
    assert len(found) == 1


def test_covered_hash_changes_with_what_it_covers_alone():
    case = case_at("completeness")
    before = sections_of(case.innovation)

    with transaction.atomic(), acting_as(person("bidan.kampit")):
        case.innovation.benefit += " Dan lagi."
        case.innovation.save()
    after = sections_of(case.innovation)

    assert covered_hash(before, ["design"]) != covered_hash(after, ["design"])
    assert covered_hash(before, ["identity", "people"]) == covered_hash(
        after, ["identity", "people"]
    )


def test_section_that_is_not_recorded_yet_is_no_part_of_the_hash():
    case = case_at("completeness")
    sections = sections_of(case.innovation)

    assert "commitment" not in sections
    assert covered_hash(sections, ["design", "commitment"]) == covered_hash(sections, ["design"])
