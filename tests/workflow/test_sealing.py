"""Hashes of the content: worked out once for each state of it, and never kept over a newer one."""

import pytest
from django.apps import apps
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.acting import acting_as
from approvals.models import SectionText
from innovations.models import Innovation
from tests.accounts.factories import system_account
from tests.regency import person
from workflow.content import section_hashes, sections_of, source_texts
from workflow.models import ContentSeal
from workflow.sealing import OWNERS, _keep, sealed_content, sealed_sections

pytestmark = pytest.mark.integration
WALKED = ("signing",)
KEYS = ("identity", "design", "assessment", "alignment", "commitment", "instrument")


@pytest.fixture(autouse=True)
def somebody_reads(request):
    """What was shown is kept in the name of its reader."""
    if "at" not in request.fixturenames:
        yield
        return
    request.getfixturevalue("at")
    with acting_as(system_account()):
        yield


def fresh(case):
    return Innovation.objects.get(pk=case.innovation_id)


def hashes(case):
    return section_hashes(sections_of(fresh(case)))


def test_sealed_hashes_are_those_of_the_content(at):
    case = at("signing")

    assert sealed_content(fresh(case), KEYS).hashes == {key: hashes(case)[key] for key in KEYS}
    assert sealed_content(fresh(case), ["design", "monitoring"]).hashes.keys() == {"design"}


def test_content_that_did_not_change_is_not_read_again(at):
    case = at("signing")
    innovation = fresh(case)
    sealed_content(innovation, KEYS)

    with CaptureQueriesContext(connection) as again:
        sealed_content(innovation, KEYS)

    assert len(again) == 1


def test_what_was_shown_can_be_read_later(at):
    case = at("signing")

    shown, content = sealed_sections(fresh(case), ["identity", "design"])

    kept = {
        row.section: row.content
        for row in SectionText.objects.filter(pk__in=content.hashes.values())
    }
    assert kept == source_texts(shown)
    assert sealed_content(fresh(case), ["identity", "design"]) == content


ROWS = {
    "design": lambda innovation: innovation,
    "identity": lambda innovation: innovation,
    "evidence": lambda innovation: innovation.evidence.first(),
    "checklist": lambda innovation: innovation.checklist_answers.first(),
    "assessment": lambda innovation: innovation.assessments.first().scores.first(),
    "alignment": lambda innovation: innovation.alignment.indicators.first().targets.first(),
    "commitment": lambda innovation: innovation.commitment.lines.first(),
    "instrument": lambda innovation: innovation.instruments.first(),
}


@pytest.mark.parametrize("section", sorted(ROWS))
def test_saved_row_of_the_content_has_its_hash_worked_out_anew(section, at):
    case = at("signing")
    sealed_content(fresh(case), [section])

    with transaction.atomic(), acting_as(person("sekretariat")):
        ROWS[section](fresh(case)).save()

    assert ContentSeal.objects.get(innovation=case.innovation).hashes == {}
    assert sealed_content(fresh(case), [section]).hashes == {section: hashes(case)[section]}


def test_edit_shows_in_the_hash_of_its_section_alone(at):
    case = at("signing")
    before = sealed_content(fresh(case), KEYS).hashes

    innovation = fresh(case)
    innovation.benefit += " Dan lagi."
    with transaction.atomic(), acting_as(person("bidan.kampit")):
        innovation.save()

    after = sealed_content(innovation, KEYS).hashes
    assert [key for key in KEYS if before[key] != after[key]] == ["design"]


def test_reading_from_before_an_edit_is_not_kept_over_it(at):
    case = at("signing")
    early = fresh(case)
    seal, _made = ContentSeal.objects.get_or_create(innovation=early)
    read_early = sections_of(early, ["design"])
    innovation = fresh(case)
    innovation.benefit += " Dan lagi."
    with transaction.atomic(), acting_as(person("bidan.kampit")):
        innovation.save()
    _keep(seal, read_early, ["design"])

    assert ContentSeal.objects.get(innovation=early).hashes == {}
    assert sealed_content(innovation, ["design"]).hashes == {"design": hashes(case)["design"]}


def test_page_that_finds_another_content_than_the_seal_says_so(at):
    """A row that was written past the models is noticed when somebody looks."""
    case = at("signing")
    sealed_content(fresh(case), ["design"])
    with acting_as(person("bidan.kampit")):
        Innovation.objects.filter(pk=case.innovation_id).update(benefit="Lain.")

    _shown, content = sealed_sections(fresh(case), ["design"])

    assert content.hashes == {"design": hashes(case)["design"]}
    assert sealed_content(fresh(case), ["design"]) == content


@pytest.mark.unit
def test_every_model_that_belongs_to_an_innovation_breaks_the_seal_or_is_no_content():
    no_content = {
        "innovations.draft",
        "innovations.draftfile",
        "workflow.case",
        "workflow.contentseal",
        "legal_basis.registerentry",
    }
    belong = {
        model._meta.label_lower
        for model in apps.get_models()
        if any(
            f.related_model is Innovation
            and f.many_to_one
            or f.one_to_one
            and f.related_model is Innovation
            for f in model._meta.fields
        )
        and not model._meta.label_lower.split(".")[1].startswith("historical")
    }
    owned = {model._meta.label_lower for model in OWNERS}
    assert belong - owned <= no_content
