"""Instruments, the law they rest on, and the register that numbers them."""

import uuid
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.acting import recorded
from accounts.models import NeverDeleted, Office, StoredFile, User
from innovations.models import Innovation


class LegalSource(NeverDeleted):
    """A piece of law that instruments cite: curated, for typed citations contradict each other."""

    class Kind(models.TextChoices):
        CONSTITUTION = "uud", _("Constitution")
        LAW = "uu", _("Law")
        GOVERNMENT_REGULATION = "pp", _("Government regulation")
        PRESIDENTIAL_REGULATION = "perpres", _("Presidential regulation")
        MINISTERIAL_REGULATION = "permen", _("Ministerial regulation")
        PROVINCIAL_BYLAW = "perda_provinsi", _("Provincial bylaw")
        GOVERNOR_REGULATION = "pergub", _("Governor regulation")
        BYLAW = "perda", _("Regency bylaw")
        REGENT_REGULATION = "perbup", _("Regent regulation")

    # An instrument cites from the highest rank down.
    RANKS: ClassVar[dict[str, int]] = {kind: rank for rank, kind in enumerate(Kind.values, start=1)}

    key = models.SlugField(_("key"), max_length=60, unique=True)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices)
    form = models.CharField(_("form as cited"), max_length=120)
    number = models.CharField(_("number"), max_length=20, blank=True)
    year = models.PositiveSmallIntegerField(_("year"), null=True, blank=True)
    title = models.CharField(_("title"), max_length=400)
    gazette = models.CharField(_("gazette"), max_length=300, blank=True)
    amendment_tail = models.TextField(_("amendments as cited"), blank=True)
    rank = models.PositiveSmallIntegerField(_("rank"), editable=False)
    in_force = models.BooleanField(_("in force"), default=True)
    usual = models.BooleanField(_("cited by innovation decrees"), default=False)
    verified = models.BooleanField(_("verified by the legal section"), default=False)
    remark = models.TextField(_("what is not verified"), blank=True)

    history = recorded()

    class Meta:
        ordering = ["rank", "year", "number"]
        verbose_name = _("legal source")
        verbose_name_plural = _("legal sources")

    def __str__(self) -> str:
        return f"{self.short_citation()} tentang {self.title}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep the rank what the kind says."""
        self.rank = self.RANKS[self.kind]
        super().save(*args, **kwargs)

    @property
    def is_citable(self) -> bool:
        """True when number and year are known and it is in force."""
        return bool(self.in_force and self.number and self.year)

    @property
    def position(self) -> tuple[int, int, int, str]:
        """Where it stands among others: by rank, then year, then number."""
        digits = "".join(c for c in self.number if c.isdigit())
        return self.rank, self.year or 9999, int(digits or 0), self.number

    def short_citation(self) -> str:
        """Kind, number and year alone: `Peraturan Pemerintah Nomor 38 Tahun 2017`."""
        return f"{self.form} Nomor {self.number or '…'} Tahun {self.year or '…'}"

    def citation(self) -> str:
        """The item as `Mengingat` prints it, with gazette and amendments, without its last mark."""
        gazette = f" ({self.gazette})" if self.gazette else ""
        tail = f" {self.amendment_tail}" if self.amendment_tail else ""
        return f"{self.short_citation()} tentang {self.title}{gazette}{tail}"


class Instrument(NeverDeleted):
    """A legal instrument, from its first draft to the signed bytes that count."""

    class Kind(models.TextChoices):
        REGENT_DECREE = "regent_decree", _("Regent decree")

    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        NUMBERED = "numbered", _("Numbered")
        RENDERED = "rendered", _("Rendered")
        ISSUED = "issued", _("Issued")
        FAILED = "failed", _("Failed, can be repeated")
        CANCELLED = "cancelled", _("Cancelled")
        REVOKED = "revoked", _("Revoked")

    token = models.UUIDField(_("public token"), default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(
        _("kind"), max_length=30, choices=Kind.choices, default=Kind.REGENT_DECREE
    )
    innovation = models.ForeignKey(
        Innovation, models.PROTECT, related_name="instruments", verbose_name=_("innovation")
    )
    subject_code = models.CharField(_("case"), max_length=40)
    title = models.CharField(_("title"), max_length=400)
    content = models.JSONField(_("content"), default=dict)
    legal_sources = models.ManyToManyField(
        LegalSource, through="LegalBasis", verbose_name=_("legal sources")
    )
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
        return self.entries.exclude(status=RegisterEntry.Status.CANCELLED).first()

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


class NumberSeries(NeverDeleted):
    """The counter of one kind of instrument in one year, with the template of its numbers."""

    kind = models.CharField(_("kind"), max_length=30, choices=Instrument.Kind.choices)
    year = models.PositiveSmallIntegerField(_("year"))
    template = models.CharField(_("template"), max_length=120)
    classification = models.CharField(_("classification code"), max_length=40, blank=True)
    unit_code = models.CharField(_("unit code"), max_length=40, blank=True)
    next_sequence = models.PositiveIntegerField(_("next sequence"), default=1)

    history = recorded()

    class Meta:
        ordering = ["-year", "kind"]
        verbose_name = _("number series")
        verbose_name_plural = _("number series")
        constraints = [models.UniqueConstraint(fields=["kind", "year"], name="series_per_year")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.year}"


class RegisterEntry(NeverDeleted):
    """One number of a series: taken once, issued or cancelled, never reused."""

    class Status(models.TextChoices):
        TAKEN = "taken", _("Taken")
        ISSUED = "issued", _("Issued")
        CANCELLED = "cancelled", _("Cancelled")

    series = models.ForeignKey(NumberSeries, models.PROTECT, related_name="entries")
    sequence = models.PositiveIntegerField(_("sequence"))
    number = models.CharField(_("number"), max_length=80, db_index=True)
    instrument = models.ForeignKey(Instrument, models.PROTECT, related_name="entries")
    taken_at = models.DateTimeField(_("taken at"))
    dated = models.DateField(_("dated"))
    status = models.CharField(
        _("status"), max_length=10, choices=Status.choices, default=Status.TAKEN
    )
    reason = models.TextField(_("reason"), blank=True)

    history = recorded()

    class Meta:
        ordering = ["series", "sequence"]
        verbose_name = _("register entry")
        verbose_name_plural = _("register entries")
        constraints = [
            models.UniqueConstraint(fields=["series", "sequence"], name="number_used_once"),
            models.UniqueConstraint(
                fields=["instrument"],
                condition=~Q(status="cancelled"),
                name="one_number_per_instrument",
            ),
            models.CheckConstraint(
                condition=~Q(status="cancelled") | ~Q(reason=""),
                name="cancelled_number_has_reason",
            ),
        ]

    def __str__(self) -> str:
        return self.number


class Publication(NeverDeleted):
    """Where an issued instrument was made public, and under which number the archive keeps it."""

    instrument = models.OneToOneField(Instrument, models.PROTECT, related_name="publication")
    published_on = models.DateField(_("published on"))
    jdih_address = models.URLField(_("address at the legal network (JDIH)"), blank=True)
    archive_number = models.CharField(_("archive number (SRIKANDI)"), max_length=80, blank=True)
    note = models.TextField(_("note"), blank=True)

    history = recorded()

    class Meta:
        verbose_name = _("publication")
        verbose_name_plural = _("publications")

    def __str__(self) -> str:
        return f"{self.instrument} ({self.published_on})"
