"""Who looks after the house: people, offices, appointments, and what floors above add."""

from typing import Any

from django.apps import AppConfig
from django.contrib.auth.models import Group, Permission
from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from .acting import acting_as, verb
from .models import User

APPOINT = "accounts.appoint"
ADMINISTRATORS = "Administrators"

_administrators_may = {APPOINT}


def administrators_may(permission: str) -> None:
    """Let every administrator have this permission ("app.codename") from the next migrate on."""
    _administrators_may.add(permission)


def grant_administrators(sender: AppConfig, **_: Any) -> None:
    """After an app's migrations its permissions exist: give the group those that it should have."""
    wanted = {name for name in _administrators_may if name.startswith(f"{sender.label}.")}
    if not wanted:
        return
    with acting_as(User.objects.system()):
        names = [name.partition(".")[2] for name in wanted]
        group, _created = Group.objects.get_or_create(name=ADMINISTRATORS)
        group.permissions.add(
            *Permission.objects.filter(
                content_type__app_label=sender.label, codename__in=names
            ).distinct()
        )


def may_appoint(person: User) -> bool:
    """Whether this person appoints others: an administrator, or the system account itself."""
    return person.username == User.SYSTEM or person.has_perm(APPOINT)


def check_may_appoint(person: User) -> None:
    """Raise PermissionDenied with a sentence for whoever is no administrator."""
    if not may_appoint(person):
        raise PermissionDenied(_("Only administrators look after people and offices."))


@verb
def make_administrator(actor: User, person: User) -> None:
    """Put a person among the administrators; the history of the person names the actor."""
    if not person.groups.filter(name=ADMINISTRATORS).exists():
        person.groups.add(Group.objects.get(name=ADMINISTRATORS))


@verb
def dismiss_administrator(actor: User, person: User) -> None:
    """Take a person out of the administrators."""
    person.groups.remove(Group.objects.get(name=ADMINISTRATORS))
