"""What the secretariat, the panel and the laboratory find out about an innovation."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.acting import verb
from accounts.files.storage import store
from accounts.files.uploads import CheckedUpload
from accounts.models import Unit, User
from accounts.offices import today

from .catalogues import HIGHEST_SCORE, checklist_for, checklist_version, criteria
from .models import (
    Assessment,
    AssessmentScore,
    ChecklistAnswer,
    Evidence,
    EvidenceKind,
    Innovation,
    Trial,
)
from .signals import innovation_act


@dataclass(frozen=True)
class Answer:
    """The answer to one item of the checklist."""

    met: bool
    note: str = ""


@dataclass(frozen=True)
class Score:
    """The score of one criterion, from 0 to 4, with what it rests on."""

    score: int
    note: str = ""


@verb
def record_completeness(
    actor: User,
    innovation: Innovation,
    *,
    answers: Mapping[str, Answer],
    laboratory: Unit | None = None,
) -> list[ChecklistAnswer]:
    """Keep the answers to the checklist and, unless the innovation runs already, its laboratory.

    Raises ValidationError naming each item without an answer.
    """
    _check_reviewer(actor, innovation)
    items = checklist_for(innovation)
    _check_all_given([item.code for item in items], answers, {i.code: i.label for i in items})
    if not innovation.already_running and laboratory is None:
        raise ValidationError(
            {"laboratory": _("Laboratory: choose the unit in which the innovation is tried out.")}
        )
    if innovation.laboratory != laboratory:
        innovation.laboratory = laboratory
        innovation.save()
    recorded = [_keep_answer(innovation, item.code, answers[item.code]) for item in items]
    unmet = [answer.item for answer in recorded if not answer.met]
    _tell(actor, innovation, "completeness_checked", unmet=unmet)
    return recorded


@verb
def record_assessment(
    actor: User,
    innovation: Innovation,
    *,
    scores: Mapping[str, Score],
    note: str = "",
) -> Assessment:
    """Keep one panel member's scores.

    Raises ValidationError naming each criterion without a score.
    """
    _check_reviewer(actor, innovation)
    known = criteria()
    _check_all_given([c.code for c in known], scores, {c.code: c.label for c in known})
    for criterion in known:
        _check_score(criterion.label, scores[criterion.code].score)
    assessment, _created = Assessment.objects.update_or_create(
        innovation=innovation,
        revision=innovation.revision,
        assessor=actor,
        defaults={
            "note": note,
            "total": sum(scores[c.code].score for c in known),
        },
    )
    kept = {score.criterion: score for score in assessment.scores.all()}
    for criterion in known:
        given = scores[criterion.code]
        row = kept.get(criterion.code) or AssessmentScore(
            assessment=assessment, criterion=criterion.code
        )
        row.score, row.note = given.score, given.note
        row.save()
    _tell(actor, innovation, "assessed", total=assessment.total)
    return assessment


@verb
def record_trial(
    actor: User,
    innovation: Innovation,
    *,
    start: datetime.date,
    end: datetime.date,
    report: str,
    result: str,
    document: CheckedUpload | None = None,
) -> Trial:
    """Keep when the trial ran in the laboratory, what it showed and what follows.

    Raises ValidationError for crossing or future days, and where no laboratory was chosen.
    """
    _check_reviewer(actor, innovation)
    check_trial_days(start, end)
    if innovation.laboratory is None:
        raise ValidationError(_("No laboratory was chosen for this innovation."), code="laboratory")
    trial, _created = Trial.objects.update_or_create(
        innovation=innovation,
        revision=innovation.revision,
        defaults={
            "laboratory": innovation.laboratory,
            "start": start,
            "end": end,
            "report": report,
            "result": result,
        },
    )
    if document is not None:
        _add_evidence(innovation, document, trial)
    _tell(actor, innovation, "trial_reported", result=result)
    return trial


def check_trial_days(start: datetime.date, end: datetime.date) -> None:
    """Raise ValidationError for the field to mend when the days of a trial cannot be."""
    if end < start:
        raise ValidationError(
            {"end": _("The trial ends before it starts. Check both dates.")}, code="crossing"
        )
    if end > today():
        raise ValidationError(
            {"end": _("The trial has not ended yet. Report on it when it has.")}, code="future"
        )


def check_owner_absent(actor: User, innovation: Innovation) -> None:
    """Raise ValidationError when somebody would judge their own innovation."""
    if innovation.is_of(actor):
        raise ValidationError(
            _("You are an initiator of this innovation and cannot review it."), code="own"
        )


def _check_reviewer(actor: User, innovation: Innovation) -> None:
    check_owner_absent(actor, innovation)
    if innovation.status != Innovation.Status.IN_PROGRESS:
        raise ValidationError(
            _("This innovation is not under review: it is “%s”.") % innovation.get_status_display(),
            code="not_in_progress",
        )


def _check_all_given(
    codes: list[str], given: Mapping[str, object], labels: Mapping[str, str]
) -> None:
    if missing := [code for code in codes if code not in given]:
        raise ValidationError(
            [_("“%s” has no answer yet. Answer it.") % labels[code] for code in missing]
        )


def _check_score(label: str, score: int) -> None:
    if not 0 <= score <= HIGHEST_SCORE:
        raise ValidationError(
            _("%(criterion)s: scores go from 0 to %(highest)s.")
            % {"criterion": label, "highest": HIGHEST_SCORE},
            code="score",
        )


def _keep_answer(innovation: Innovation, item: str, answer: Answer) -> ChecklistAnswer:
    kept, _created = ChecklistAnswer.objects.update_or_create(
        innovation=innovation,
        revision=innovation.revision,
        item=item,
        defaults={
            "checklist_version": checklist_version(),
            "met": answer.met,
            "note": answer.note,
        },
    )
    return kept


def _add_evidence(innovation: Innovation, document: CheckedUpload, trial: Trial) -> None:
    Evidence.objects.create(
        innovation=innovation,
        kind=EvidenceKind.TRIAL_REPORT,
        title=_("Trial report"),
        document_date=trial.end,
        name=document.name,
        file=store(document.content, media_type=document.media_type),
    )


def _tell(actor: User, innovation: Innovation, act: str, **details: object) -> None:
    innovation_act.send(Innovation, act=act, innovation=innovation, actor=actor, details=details)
