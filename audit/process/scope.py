"""Which cases are looked at, and who may look."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from viewflow.workflow.flow import Flow, Switch

from accounts.addresses import asked, number
from accounts.authority import Authority, authorities_of
from accounts.models import User
from accounts.offices import today
from approvals.secretariat import is_secretary
from workflow.flows.institutionalisation import Institutionalisation
from workflow.flows.monitoring import Monitoring
from workflow.models import Case, CaseQuerySet
from workflow.nodes import Ending

from ..auditors import sees_everything

FLOWS: dict[str, type[Flow]] = {"journey": Institutionalisation, "monitoring": Monitoring}
DAY = datetime.timedelta(days=1)


@dataclass(frozen=True)
class Scope:
    """The cases of one flow, perhaps only those begun in a span of days or owned by one unit.

    Without a reader it is every case: that is the machine's own look.
    """

    reader: User | None = None
    flow: str = "journey"
    since: datetime.date | None = None
    until: datetime.date | None = None
    unit: int | None = None

    @property
    def flow_class(self) -> type[Flow]:
        """The flow whose cases are looked at."""
        return FLOWS[self.flow]

    def cases(self) -> CaseQuerySet:
        """The cases, in no order; those of a reader are the ones visible to them."""
        found = Case.objects.all()
        if self.reader is not None:
            found = found.readable_by(self.reader, self._rights)
        return found.filter(self._narrowing(), flow_class=self.flow_class).order_by()

    @cached_property
    def _rights(self) -> list[Authority]:
        """Looked up once: a page asks many questions about the same cases."""
        return authorities_of(self.reader, today()) if self.reader else []

    def _narrowing(self) -> Q:
        found = Q()
        if self.since:
            found &= Q(created__gte=_midnight(self.since))
        if self.until:
            found &= Q(created__lt=_midnight(self.until + DAY))
        if self.unit:
            found &= Q(innovation__owning_unit=self.unit)
        return found

    def label(self, step: str) -> str:
        """A step in words; a switch, which has none, by the stage behind which it decides."""
        node = self.flow_class.instance.node(step, no_obsolete=True)
        if isinstance(node, Switch):
            return _("Decision after “%(stage)s”") % {"stage": self.label(step[len("after_") :])}
        if isinstance(node, Ending):
            return _("End: %(end)s") % {"end": node.task_title}
        return str(node.task_title) if node else step

    @property
    def query(self) -> str:
        """The same question as the query of an address."""
        told: dict[str, Any] = {"flow": self.flow, "unit": self.unit}
        told |= {name: day and day.isoformat() for name, day in self._days().items()}
        return urlencode({name: value for name, value in told.items() if value})

    def _days(self) -> dict[str, datetime.date | None]:
        return {"since": self.since, "until": self.until}


def scope_of(reader: User | None, query: Mapping[str, str]) -> Scope:
    """The question in an address; raises ValidationError, by field, for days that are none."""
    wanted = asked(query)
    flow = wanted.get("flow", "")
    scope = Scope(
        reader, flow if flow in FLOWS else "journey", unit=number(wanted.get("unit", "")) or None
    )
    since, until = _day(wanted, "since"), _day(wanted, "until")
    if since and until and until < since:
        raise ValidationError({"until": _("Begun until: choose a day after the first one.")})
    return replace(scope, since=since, until=until)


def may_look(user: User) -> bool:
    """Whether a person sees how cases travel: offices that read every case, and the secretariat."""
    return sees_everything(user) or is_secretary(user)


def _day(wanted: Mapping[str, str], name: str) -> datetime.date | None:
    text = wanted.get(name, "")
    try:
        day = parse_date(text) if text else None
    except ValueError:
        day = None
    if text and (day is None or not 1970 <= day.year < 9999):
        sentence = _("%(field)s: write the day as 2026-11-23.")
        raise ValidationError({name: sentence % {"field": _FIELDS[name]()}})
    return day


_FIELDS = {"since": lambda: _("Begun from"), "until": lambda: _("Begun until")}


def _midnight(day: datetime.date) -> datetime.datetime:
    return timezone.make_aware(
        datetime.datetime.combine(day, datetime.time()), timezone.get_default_timezone()
    )
