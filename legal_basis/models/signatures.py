"""Who signs an instrument, one after the other, and what each signature left behind."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.acting import recorded
from accounts.models import NeverDeleted, Office, StoredFile, User

from .instruments import Instrument


class Signature(NeverDeleted):
    """One planned signature; `signed` are the bytes after it, which the next one starts from."""

    class Role(models.TextChoices):
        SIGNATORY = "signatory", _("Signs")
        PROMULGATOR = "promulgator", _("Promulgates")

    instrument = models.ForeignKey(
        Instrument, models.PROTECT, related_name="signatures", verbose_name=_("instrument")
    )
    order = models.PositiveSmallIntegerField(_("order"))
    role = models.CharField(_("role"), max_length=12, choices=Role.choices)
    office = models.ForeignKey(Office, models.PROTECT, related_name="+", verbose_name=_("office"))
    person = models.ForeignKey(
        User, models.PROTECT, related_name="signatures", verbose_name=_("person")
    )
    name = models.CharField(_("name"), max_length=120)
    capacity = models.CharField(_("capacity"), max_length=200)
    signed = models.ForeignKey(
        StoredFile,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="signatures",
        verbose_name=_("signed file"),
    )
    signed_at = models.DateTimeField(_("signed at"), null=True, blank=True)

    history = recorded()

    class Meta:
        ordering = ["instrument", "order"]
        verbose_name = _("signature")
        verbose_name_plural = _("signatures")
        constraints = [
            models.UniqueConstraint(fields=["instrument", "order"], name="signatures_in_order"),
            models.CheckConstraint(
                condition=Q(signed__isnull=True) | Q(signed_at__isnull=False),
                name="signature_given_has_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.order}. {self.capacity}"


class Scan(NeverDeleted):
    """The scan of a print that was signed in ink; it counts when a second person confirms it."""

    instrument = models.ForeignKey(
        Instrument, models.PROTECT, related_name="scans", verbose_name=_("instrument")
    )
    file = models.ForeignKey(
        StoredFile, models.PROTECT, related_name="scans", verbose_name=_("scanned file")
    )
    uploaded_by = models.ForeignKey(
        User, models.PROTECT, related_name="+", verbose_name=_("uploaded by")
    )
    uploaded_at = models.DateTimeField(_("uploaded at"))
    judged_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("judged by")
    )
    judged_at = models.DateTimeField(_("judged at"), null=True, blank=True)
    accepted = models.BooleanField(_("accepted"), null=True)
    reason = models.TextField(_("reason"), blank=True)

    history = recorded()

    class Meta:
        ordering = ["instrument", "pk"]
        verbose_name = _("scan")
        verbose_name_plural = _("scans")
        constraints = [
            models.CheckConstraint(
                condition=Q(judged_by__isnull=True) | ~Q(judged_by=F("uploaded_by")),
                name="scan_judged_by_a_second_person",
            )
        ]

    def __str__(self) -> str:
        return f"{self.instrument_id} {self.uploaded_at:%Y-%m-%d}"
