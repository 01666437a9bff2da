"""What one instrument does to another, and the work that follows from it."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.acting import recorded
from accounts.models import NeverDeleted, Office, User

from .instruments import Instrument


class LegalRelation(NeverDeleted):
    """`instrument` amends, revokes or corrects `target`, from the day it comes into force."""

    class Kind(models.TextChoices):
        AMENDS = "amends", _("amends")
        REVOKES = "revokes", _("revokes")
        CORRECTS = "corrects", _("corrects a mistake in")

    instrument = models.ForeignKey(
        Instrument, models.PROTECT, related_name="acts_on", verbose_name=_("instrument")
    )
    target = models.ForeignKey(
        Instrument, models.PROTECT, related_name="acted_on_by", verbose_name=_("target")
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    # Which parts, in the words of the legal section: `Diktum KEDUA`, `Pasal 3 ayat (2)`.
    parts = models.CharField(_("parts"), max_length=200, blank=True)

    history = recorded()

    class Meta:
        ordering = ["target", "pk"]
        verbose_name = _("relation between instruments")
        verbose_name_plural = _("relations between instruments")
        constraints = [
            models.UniqueConstraint(fields=["instrument", "target"], name="one_relation_a_pair"),
            models.CheckConstraint(
                condition=~Q(instrument=F("target")), name="no_relation_to_itself"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.instrument_id} {self.kind} {self.target_id}"


class Consequence(NeverDeleted):
    """Work that an amendment, a revocation or an expiry leaves to an office."""

    class Kind(models.TextChoices):
        COMMITMENT = "commitment", _("Commitment of resources")
        MONITORING = "monitoring", _("Monitoring plan")
        ASSIGNMENT = "assignment", _("Acting assignment")
        INSTRUMENT = "instrument", _("Instrument that rests on it")

    # What caused it: the acting instrument, or the one that expired.
    cause = models.ForeignKey(
        Instrument, models.PROTECT, related_name="consequences", verbose_name=_("cause")
    )
    target = models.ForeignKey(
        Instrument, models.PROTECT, related_name="+", verbose_name=_("target")
    )
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    # What it concerns, as the record calls it; with the cause and kind it names the work.
    subject = models.CharField(_("what it concerns"), max_length=200)
    office = models.ForeignKey(
        Office, models.PROTECT, related_name="consequences", verbose_name=_("office")
    )
    opened_at = models.DateTimeField(_("opened at"))
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)
    closed_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("closed by")
    )
    outcome = models.TextField(_("what was done"), blank=True)

    history = recorded()

    class Meta:
        ordering = ["opened_at", "pk"]
        verbose_name = _("consequence")
        verbose_name_plural = _("consequences")
        constraints = [
            models.UniqueConstraint(
                fields=["cause", "kind", "subject"], name="consequence_opened_once"
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True) | ~Q(outcome=""),
                name="closed_consequence_has_outcome",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.subject}"
