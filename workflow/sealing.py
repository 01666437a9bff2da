"""What the sections of a case say, under their hashes: read once for each state of the content.

A signature binds hashes. They are worked out when the content was first shown after it had changed,
and kept until something is saved that belongs to the content; then they are worked out anew. What
was signed can be read later: every hash stands for a text in `SectionText`.
"""

from collections.abc import Callable, Collection, Mapping
from typing import Any

from django.db import models
from django.db.models import F

from approvals.models import SectionText
from approvals.sign_offs import Content
from innovations import models as inn
from legal_basis import models as law
from planning import models as plan

from .content import Sections, section_hashes, sections_of, source_texts
from .models import ContentSeal

# Every model whose rows are content, and the innovation that a row belongs to.
OWNERS: Mapping[type[models.Model], Callable[[Any], int]] = {
    inn.Innovation: lambda row: row.pk,
    **dict.fromkeys(
        (
            inn.Participant,
            inn.Evidence,
            inn.ChecklistAnswer,
            inn.ConflictDeclaration,
            inn.Assessment,
            inn.Trial,
            plan.Alignment,
            plan.Commitment,
            plan.ActionItem,
            law.Instrument,
        ),
        lambda row: row.innovation_id,
    ),
    inn.AssessmentScore: lambda row: row.assessment.innovation_id,
    **dict.fromkeys((plan.PillarLink, plan.Indicator), lambda row: row.alignment.innovation_id),
    plan.Target: lambda row: row.indicator.alignment.innovation_id,
    **dict.fromkeys(
        (plan.CommitmentLine, plan.StaffLine, plan.TechnologyLine),
        lambda row: row.commitment.innovation_id,
    ),
    plan.MonitoringPeriod: lambda row: row.action_item.innovation_id,
    **dict.fromkeys(
        (plan.MonitoringReport, plan.MonitoringEvaluation, plan.MonitoringDecision),
        lambda row: row.period.action_item.innovation_id,
    ),
    plan.Achievement: lambda row: row.report.period.action_item.innovation_id,
    **dict.fromkeys((law.LegalBasis, law.Stipulation), lambda row: row.instrument.innovation_id),
}


def break_seal(sender: type[models.Model], instance: models.Model, **_: Any) -> None:
    """Let the hashes be worked out anew: a row of the content was saved or deleted."""
    seals = ContentSeal.objects.filter(innovation=OWNERS[sender](instance))
    seals.update(version=F("version") + 1, hashes={})


def watch() -> None:
    """Hear of every row of the content that is saved or deleted."""
    for model in OWNERS:
        models.signals.post_save.connect(break_seal, sender=model)
        models.signals.post_delete.connect(break_seal, sender=model)


def sealed_content(innovation: inn.Innovation, keys: Collection[str]) -> Content:
    """The hashes of some sections, as they are now; reads the sections only where that is new."""
    seal = _seal_of(innovation)
    if missing := [key for key in keys if key not in seal.hashes]:
        _keep(seal, sections_of(innovation, missing), missing)
    return Content({key: value for key in keys if (value := seal.hashes[key])})


def sealed_sections(innovation: inn.Innovation, keys: Collection[str]) -> tuple[Sections, Content]:
    """Some sections as people read them, with their hashes, which are kept for whoever signs."""
    seal = _seal_of(innovation)
    sections = sections_of(innovation, keys)
    fresh = section_hashes(sections)
    if any(seal.hashes.get(key) != fresh.get(key, "") for key in keys):
        _keep(seal, sections, keys)
    return sections, Content(fresh)


def _seal_of(innovation: inn.Innovation) -> ContentSeal:
    return (
        ContentSeal.objects.filter(innovation=innovation).first()
        or (ContentSeal.objects.get_or_create(innovation=innovation)[0])
    )


def _keep(seal: ContentSeal, sections: Sections, keys: Collection[str]) -> None:
    """Keep hashes and texts of these sections, unless the content has changed meanwhile."""
    hashes = section_hashes(sections)
    SectionText.objects.bulk_create(
        [
            SectionText(hash=hashes[key], section=key, content=text)
            for key, text in source_texts(sections).items()
        ],
        ignore_conflicts=True,
    )
    # A section that is not recorded yet is known to be empty.
    seal.hashes = seal.hashes | {key: hashes.get(key, "") for key in keys}
    ContentSeal.objects.filter(pk=seal.pk, version=seal.version).update(hashes=seal.hashes)
