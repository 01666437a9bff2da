"""How late anchoring is, who is told, and what stops after a day: the issuing of instruments."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import OuterRef, Subquery
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.clock import is_story
from accounts.models import User
from accounts.rights import ADMINISTRATORS
from workflow.signals import case_event

from . import hindrances
from .anchors import label
from .models import Checkpoint, Entry, JournalRow, Receipt
from .models.entries import moment_of

ALERT_AFTER = datetime.timedelta(minutes=10)
STOP_AFTER = datetime.timedelta(hours=24)


@dataclass(frozen=True)
class Wait:
    """What waits to be signed, or to be taken by an anchor: since when, and why if known."""

    name: str
    since: datetime.datetime
    reason: str = ""

    @property
    def label(self) -> str:
        """What people call it."""
        return _("signing") if self.name == hindrances.SIGNING else label(self.name)

    @property
    def age(self) -> datetime.timedelta:
        """How long it has been waiting."""
        return timezone.now() - self.since

    @property
    def is_late(self) -> bool:
        """Whether administrators are told."""
        return self.age >= ALERT_AFTER

    @property
    def stops(self) -> bool:
        """Whether no instrument is issued until it is over."""
        return self.age >= STOP_AFTER


def waits() -> list[Wait]:
    """What waits now, the longest first; nothing where no anchor is configured."""
    if not settings.AUDIT_ANCHORS:
        return []
    return sorted(_waits(), key=lambda wait: wait.since)


def health() -> str:
    """For `/healthz`: "ok", or what is late and why, in a sentence."""
    late = [wait for wait in waits() if wait.is_late]
    if not late:
        return "ok"
    told = "; ".join(_plain(wait) for wait in late)
    stopped = any(wait.stops for wait in late)
    return f"{told}; no instrument is issued until this is mended" if stopped else told


def check_issuing(**_fields: Any) -> None:
    """Receives `number_wanted`: raise ValidationError when anchoring is late by a day."""
    if is_story():
        return
    for wait in waits():
        if wait.stops:
            raise ValidationError(why_stopped(wait))


def why_stopped(wait: Wait) -> str:
    """Why no instrument is issued, as a sentence."""
    sentence = _(
        "No instrument is issued now: since %(since)s no proof of the ledger has left this "
        "machine (%(what)s). An administrator has to mend it; everything else goes on."
    ) % {
        "since": date_format(timezone.localtime(wait.since), "j F Y H:i"),
        "what": wait.label,
    }
    return f"{sentence} {wait.reason}".strip()


def tell_administrators() -> None:
    """Tell each administrator once that something is late, and once that issuing has stopped."""
    for wait in waits():
        if wait.is_late:
            _tell("anchoring_late", wait)
        if wait.stops:
            _tell("issuing_stopped", wait)


def administrators() -> list[User]:
    """Who looks after the house."""
    groups = Group.objects.filter(name=ADMINISTRATORS)
    return list(User.objects.filter(groups__in=groups, is_active=True))


def _tell(event: str, wait: Wait) -> None:
    with transaction.atomic():
        case_event.send(
            sender=None,
            event=event,
            case=None,
            recipients=administrators(),
            params={"what": wait.label, "reason": wait.reason.rstrip(".") or "–"},
            occurrence=f"{wait.name}:{wait.since:%Y%m%dT%H%M%S%f}",
        )


def _plain(wait: Wait) -> str:
    since = timezone.localtime(wait.since).isoformat(timespec="minutes")
    what = "nothing was signed" if wait.name == hindrances.SIGNING else f"{wait.name} took nothing"
    return f"{what} since {since}" + (f": {wait.reason}" if wait.reason else "")


def _waits() -> Iterator[Wait]:
    known = hindrances.known()
    reasons = {name: hindrance.reason for name, hindrance in known.items()}
    last, unsigned = _unsigned()
    if unsigned is not None:
        yield Wait(hindrances.SIGNING, moment_of(unsigned), reasons.get(hindrances.SIGNING, ""))
    for name in settings.AUDIT_ANCHORS:
        if last and (since := _untaken_since(name, known.get(name))):
            yield Wait(name, since, reasons.get(name, ""))


def _unsigned() -> tuple[int, int | None]:
    """The last checkpoint, and when the first row change or act was written that none covers."""
    change, act = JournalRow.objects.order_by("pk"), Entry.objects.order_by("micros")
    last = Checkpoint.objects.values_list(
        "number",
        Subquery(change.filter(pk__gt=OuterRef("journal_until")).values("micros")[:1]),
        Subquery(act.filter(micros__gt=OuterRef("micros")).values("micros")[:1]),
    ).first()
    if last is None:
        number, found = 0, [rows.values_list("micros", flat=True).first() for rows in (change, act)]
    else:
        number, *found = last
    return number, min((one for one in found if one is not None), default=None)


def _untaken_since(name: str, hindrance: hindrances.Hindrance | None) -> datetime.datetime | None:
    """When the first checkpoint was signed that an anchor has not taken.

    One that has never taken any is late from its first failure on.
    """
    later = Checkpoint.objects.filter(number__gt=OuterRef("checkpoint__number"))
    taken = Receipt.objects.filter(anchor=name).order_by("-checkpoint__number")
    waiting = taken.values_list(Subquery(later.order_by("number").values("micros")[:1])).first()
    if waiting is None:
        return hindrance.since if hindrance else None
    return None if waiting[0] is None else moment_of(waiting[0])
