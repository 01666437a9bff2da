"""Keeping the register of people, units and offices: created and changed, never deleted."""

import re
from typing import TypeVar

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from .acting import verb
from .models import Office, Unit, User
from .rights import check_may_appoint

Row = TypeVar("Row", Unit, Office)
USERNAME = re.compile(r"[\w.@+-]+")
NIP = re.compile(r"[0-9]{18}")


@verb
def keep_person(actor: User, person: User) -> None:
    """Record a new or changed person; who has no password yet cannot log in.

    Raises PermissionDenied for whoever is no administrator, ValidationError with a sentence per
    field.
    """
    check_may_appoint(actor)
    if person.username == User.SYSTEM:
        raise ValidationError({"username": _("The system's own account stays as it is.")})
    if person.pk is None:
        person.username = person.normalize_username(person.username)
        if not USERNAME.fullmatch(person.username):
            sentence = _("Use letters, digits and the signs . _ @ + - for the user name.")
            raise ValidationError({"username": sentence})
    if not person.password:
        person.set_unusable_password()
    if person.nip and not NIP.fullmatch(person.nip):
        raise ValidationError({"nip": _("A NIP has 18 digits and nothing else.")})
    person.full_clean()
    person.save()


@verb
def keep_unit(actor: User, unit: Unit) -> None:
    """Record a new or changed unit. Raises what `keep_person` raises."""
    check_may_appoint(actor)
    if _above_itself(unit, unit.parent, "parent"):
        sentence = _("%(unit)s belongs to this unit itself. Choose another one above it.")
        raise ValidationError({"parent": sentence % {"unit": unit.parent}})
    unit.full_clean()
    unit.save()


@verb
def keep_office(actor: User, office: Office) -> None:
    """Record a new or changed office. Raises what `keep_person` raises."""
    check_may_appoint(actor)
    if _above_itself(office, office.superior, "superior"):
        sentence = _("%(office)s stands under this office itself. Choose another superior.")
        raise ValidationError({"superior": sentence % {"office": office.superior}})
    heads = Office.objects.filter(unit=office.unit_id, is_head=True).exclude(pk=office.pk)
    if office.is_head and (head := heads.first()):
        sentence = _("%(office)s heads the unit already; a unit has one head.")
        raise ValidationError({"is_head": sentence % {"office": head}})
    office.full_clean()
    office.save()


def _above_itself(row: Row, above: Row | None, field: str) -> bool:
    """Whether going up from `above` comes by the row again."""
    while above is not None:
        if above.pk == row.pk:
            return True
        above = getattr(above, field)
    return False
