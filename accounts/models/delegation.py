"""A holder's letter that lets somebody else act for the office, for some days and some matters."""

import datetime

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ..acting import recorded
from .base import NeverDeleted
from .offices import Appointment
from .people import User
from .stored_file import ByLetter


class DelegationQuerySet(models.QuerySet["Delegation"]):
    """Delegations by the days on which they run."""

    def running(self, on: datetime.date) -> "DelegationQuerySet":
        """Those whose days include that one and that were not ended on it or before."""
        return self.filter(
            Q(revoked_at=None) | Q(revoked_at__gte=_after(on)), start__lte=on
        ).filter(end__gte=on)

    def crossing(self, first: datetime.date, last: datetime.date) -> "DelegationQuerySet":
        """Those that were not ended early and share a day with that span."""
        return self.filter(revoked_at=None, start__lte=last, end__gte=first)


def _after(day: datetime.date) -> datetime.datetime:
    """The midnight of the regency at which that day is over."""
    over = datetime.datetime.combine(day + datetime.timedelta(days=1), datetime.time())
    return timezone.make_aware(over, timezone.get_default_timezone())


class Delegation(NeverDeleted, ByLetter):
    """One person acts for the office of another from a day to a day, within a scope, by a letter.

    It counts only while the principal's appointment is the one that speaks for its office:
    `authority.py` says so, and nothing needs to be switched on or off.
    """

    principal = models.ForeignKey(
        Appointment, models.PROTECT, related_name="delegations", verbose_name=_("on behalf of")
    )
    delegate = models.ForeignKey(
        User, models.PROTECT, related_name="delegations_received", verbose_name=_("who acts")
    )
    start = models.DateField(_("from"))
    end = models.DateField(_("until"))
    # Empty means every one; the floors above say which there are (`scopes.py`).
    stages = models.JSONField(_("stages"), default=list, blank=True)
    instrument_kinds = models.JSONField(_("kinds of instrument"), default=list, blank=True)
    ceiling = models.DecimalField(
        _("up to the amount"), max_digits=18, decimal_places=2, null=True, blank=True
    )
    revoked_at = models.DateTimeField(_("ended early"), null=True, blank=True)
    revoked_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("ended by")
    )
    revocation_reason = models.TextField(_("why it was ended"), blank=True)

    objects = DelegationQuerySet.as_manager()
    history = recorded()

    class Meta:
        ordering = ["-start", "-pk"]
        verbose_name = _("delegation")
        verbose_name_plural = _("delegations")
        constraints = [
            models.CheckConstraint(
                condition=Q(end__gte=models.F("start")), name="delegation_ends_after_it_starts"
            ),
            models.CheckConstraint(
                condition=Q(ceiling=None) | Q(ceiling__gte=0), name="delegation_ceiling_positive"
            ),
            models.CheckConstraint(
                condition=Q(revoked_at=None, revoked_by=None, revocation_reason="")
                | Q(revoked_at__isnull=False, revoked_by__isnull=False),
                name="delegation_ended_by_somebody",
            ),
        ]
        indexes = [models.Index(fields=["delegate", "start", "end"])]

    def __str__(self) -> str:
        return f"{self.delegate}: {self.principal.title}"
