"""The legal section keeps the law that instruments cite: adds, corrects, amends, revokes."""

import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.acting import verb
from accounts.models import User
from accounts.offices import today

from .legal_section import check_legal_section
from .models import LegalSource, SourceAmendment


@verb
def record_source(actor: User, source: LegalSource) -> LegalSource:
    """Write a piece of law that is new or was corrected; its key is made from form and number.

    Raises PermissionDenied for whoever does not sit in the legal section, ValidationError where
    the same law is there already.
    """
    check_legal_section(actor)
    same = LegalSource.objects.exclude(pk=source.pk).filter(
        kind=source.kind, form=source.form, number=source.number, year=source.year
    )
    if source.number and same.exists():
        raise ValidationError(
            _("Number: %s is recorded already. Correct it there.") % source.short_citation()
        )
    source.key = source.key or _new_key(source)
    source.save()
    return source


@verb
def record_amendment(actor: User, source: LegalSource, by: LegalSource) -> SourceAmendment:
    """Record that `by` amended `source`; every citation of it follows. A repeat changes nothing."""
    check_legal_section(actor)
    _check_later(source, by)
    amendment, _created = SourceAmendment.objects.get_or_create(source=source, by=by)
    return amendment


@verb
def record_revocation(
    actor: User, source: LegalSource, by: LegalSource, on: datetime.date
) -> LegalSource:
    """Record that `by` revoked `source`; no instrument can cite it from now on."""
    check_legal_section(actor)
    _check_later(source, by)
    if on > today():
        raise ValidationError(
            {"on": _("This day is yet to come. Record the revocation when it is in force.")}
        )
    locked = LegalSource.objects.select_for_update().get(pk=source.pk)
    if locked.revoked_by and locked.revoked_by != by:
        raise ValidationError(
            _("It is recorded already as revoked by %s.") % locked.revoked_by.short_citation()
        )
    locked.in_force, locked.revoked_by, locked.revoked_on = False, by, on
    locked.save()
    return locked


def _check_later(source: LegalSource, by: LegalSource) -> None:
    """Law is amended and revoked by law of its own or a higher rank that came after it."""
    if source.pk == by.pk:
        raise ValidationError({"by": _("A piece of law does not act on itself. Choose another.")})
    if by.rank > source.rank:
        raise ValidationError({"by": _("%s is of a lower rank. Choose another.") % by})
    if by.year and source.year and by.year < source.year:
        raise ValidationError({"by": _("%s is older. Choose another.") % by})


def _new_key(source: LegalSource) -> str:
    stem = "-".join(str(part) for part in (source.kind, source.number, source.year) if part)
    stem = stem.replace("_", "-").lower()[:50]
    taken = set(LegalSource.objects.filter(key__startswith=stem).values_list("key", flat=True))
    numbers: Any = range(2, len(taken) + 3)
    return next(key for key in [stem, *(f"{stem}-{n}" for n in numbers)] if key not in taken)
