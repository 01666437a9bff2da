"""Declarations of interests: said before reading on, kept for good, the newest one counts."""

from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.acting import verb
from accounts.models import User
from accounts.texts import clean_text

from .models import ConflictDeclaration, Innovation

SENTENCE_LENGTH = 2_000
Kind = ConflictDeclaration.Kind


@verb
def record_declaration(
    actor: User,
    innovation: Innovation,
    *,
    stage: str,
    kind: str,
    sentence: str = "",
    hints: Sequence[str] = (),
) -> ConflictDeclaration:
    """Keep what a person declares about their own nearness to an innovation at a stage.

    Raises ValidationError for an unknown kind, for a conflict without a sentence, and for somebody
    who stepped back before.
    """
    if kind not in Kind.values:
        raise ValidationError({"kind": _("Conflict of interest: choose one of the answers.")})
    said = clean_text(sentence, max_length=SENTENCE_LENGTH, field=_("In a sentence"))
    if kind == Kind.MANAGED and not said:
        raise ValidationError(
            {"sentence": _("In a sentence: say how you manage the possible conflict of interest.")}
        )
    if kind == Kind.RECUSE and not said:
        raise ValidationError(
            {"sentence": _("In a sentence: say what the conflict of interest is.")}
        )
    if kind != Kind.RECUSE and recusals_of(innovation).filter(person=actor).exists():
        raise ValidationError(_("You stepped back from this innovation; that stays so."))
    return ConflictDeclaration.objects.create(
        innovation=innovation,
        person=actor,
        stage=stage,
        kind=kind,
        sentence=said if kind != Kind.NONE else "",
        hints=list(hints),
        declared_at=timezone.now(),
    )


def recusals_of(innovation: Innovation) -> QuerySet[ConflictDeclaration]:
    """The declarations of those who stepped back from an innovation, at any stage."""
    return innovation.declarations.filter(kind=Kind.RECUSE)


def newest_declarations(innovation: Innovation) -> dict[int, ConflictDeclaration]:
    """The declaration that counts of every person who made one."""
    return {one.person_id: one for one in innovation.declarations.order_by("declared_at", "pk")}


def declaration_of(person: User, innovation: Innovation, stage: str) -> ConflictDeclaration | None:
    """What a person declared for a stage, the newest."""
    return innovation.declarations.filter(person=person, stage=stage).last()
