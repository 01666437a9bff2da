"""Instruments, the innovations they stipulate, and the law they rest on."""

import uuid
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.acting import recorded
from accounts.models import NeverDeleted, Office, StoredFile, User
from innovations.models import Innovation

from .sources import LegalSource

if TYPE_CHECKING:
    from .register import RegisterEntry

# The register of the regional gazette (Berita Daerah), beside those of the kinds of instrument.
GAZETTE = "gazette"


class Instrument(NeverDeleted):
    """A legal instrument, from its first draft to the signed bytes that count."""

    class Kind(models.TextChoices):
        REGENT_DECREE = "regent_decree", _("Regent decree")
        REGENT_REGULATION = "regent_regulation", _("Regent regulation")

    class Purpose(models.TextChoices):
        STIPULATE = "stipulate", _("Stipulates")
        AMEND = "amend", _("Amends")
        REVOKE = "revoke", _("Revokes")
        CORRECT = "correct", _("Corrects a mistake in")

    class Paper(models.TextChoices):
        F4 = "F4", _("F4 (215 × 330 mm)")
        A4 = "A4", _("A4 (210 × 297 mm)")

    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        NUMBERED = "numbered", _("Numbered")
        RENDERED = "rendered", _("Rendered")
        ISSUED = "issued", _("Issued")
        FAILED = "failed", _("Failed, can be repeated")
        CANCELLED = "cancelled", _("Cancelled")

    token = models.UUIDField(_("public token"), default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(
        _("kind"), max_length=30, choices=Kind.choices, default=Kind.REGENT_DECREE
    )
    purpose = models.CharField(
        _("purpose"), max_length=12, choices=Purpose.choices, default=Purpose.STIPULATE
    )
    # The innovation on whose case it is drafted; all that it stipulates are `stipulations`.
    innovation = models.ForeignKey(
        Innovation, models.PROTECT, related_name="instruments", verbose_name=_("innovation")
    )
    subject_code = models.CharField(_("case"), max_length=40)
    title = models.CharField(_("title"), max_length=400)
    content = models.JSONField(_("content"), default=dict)
    legal_sources = models.ManyToManyField(
        LegalSource, through="LegalBasis", verbose_name=_("legal sources")
    )
    paper = models.CharField(_("paper"), max_length=4, choices=Paper.choices, default=Paper.F4)
    # The module of `signing` by which it is signed, fixed when it takes its number.
    signing_way = models.CharField(_("way of signing"), max_length=30, blank=True)
    status = models.CharField(
        _("status"), max_length=12, choices=Status.choices, default=Status.DRAFT
    )
    number = models.CharField(_("number"), max_length=80, blank=True)
    place = models.CharField(_("place"), max_length=60)
    dated = models.DateField(_("dated"), null=True, blank=True)
    in_force_from = models.DateField(_("in force from"), null=True, blank=True)
    in_force_until = models.DateField(_("in force until"), null=True, blank=True)
    signatory_office = models.ForeignKey(
        Office, models.PROTECT, related_name="instruments", verbose_name=_("signatory's office")
    )
    signatory = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="instruments_signed"
    )
    signatory_name = models.CharField(_("signatory"), max_length=120, blank=True)
    signatory_capacity = models.CharField(_("signatory's capacity"), max_length=200, blank=True)
    failure = models.TextField(_("failure"), blank=True)
    rendered = models.ForeignKey(
        StoredFile, models.PROTECT, null=True, blank=True, related_name="rendered_instruments"
    )
    document = models.ForeignKey(
        StoredFile, models.PROTECT, null=True, blank=True, related_name="issued_instruments"
    )
    issued_at = models.DateTimeField(_("issued at"), null=True, blank=True)
    pages = models.PositiveSmallIntegerField(_("pages"), null=True, blank=True)

    history = recorded()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("instrument")
        verbose_name_plural = _("instruments")
        constraints = [
            models.CheckConstraint(
                condition=~Q(status="issued")
                | Q(document__isnull=False, dated__isnull=False, issued_at__isnull=False),
                name="issued_instrument_has_document",
            )
        ]

    def __str__(self) -> str:
        return f"{self.number or _('(no number yet)')} {self.title}"

    @property
    def register_entry(self) -> "RegisterEntry | None":
        """The number it holds in the register; cancelled ones do not count."""
        return self._entry_in(self.kind)

    @property
    def gazette_entry(self) -> "RegisterEntry | None":
        """The number and date of a regulation in the regional gazette."""
        return self._entry_in(GAZETTE)

    def _entry_in(self, register: str) -> "RegisterEntry | None":
        return self.entries.filter(kind=register).exclude(status="cancelled").first()

    @property
    def is_open(self) -> bool:
        """True while its text may still be edited."""
        return self.status == self.Status.DRAFT


class LegalBasis(models.Model):
    """One item of `Mengingat`; its order is computed from the hierarchy, never typed."""

    instrument = models.ForeignKey(Instrument, models.PROTECT, related_name="bases")
    source = models.ForeignKey(LegalSource, models.PROTECT, related_name="uses")
    order = models.PositiveSmallIntegerField(_("order"))

    history = recorded()

    class Meta:
        ordering = ["instrument", "order"]
        verbose_name = _("legal basis")
        verbose_name_plural = _("legal bases")
        constraints = [
            models.UniqueConstraint(fields=["instrument", "source"], name="source_cited_once")
        ]

    def __str__(self) -> str:
        return f"{self.order}. {self.source}"


class Stipulation(NeverDeleted):
    """An innovation that an instrument stipulates: the one of its case, and those of its annex."""

    instrument = models.ForeignKey(
        Instrument, models.PROTECT, related_name="stipulations", verbose_name=_("instrument")
    )
    innovation = models.ForeignKey(
        Innovation, models.PROTECT, related_name="stipulations", verbose_name=_("innovation")
    )
    order = models.PositiveSmallIntegerField(_("order"), default=1)
    withdrawn = models.BooleanField(_("taken out of the draft again"), default=False)

    history = recorded()

    class Meta:
        ordering = ["instrument", "order", "pk"]
        verbose_name = _("stipulation")
        verbose_name_plural = _("stipulations")
        constraints = [
            models.UniqueConstraint(
                fields=["instrument", "innovation"], name="innovation_stipulated_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.instrument_id}: {self.innovation}"
