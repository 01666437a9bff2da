"""Certified copies (salinan) and excerpts (petikan) of issued instruments."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.acting import recorded
from accounts.models import NeverDeleted, StoredFile, User

from .instruments import Instrument


class CertifiedCopy(NeverDeleted):
    """A copy or excerpt that the legal section certifies to be the same as the original."""

    class Kind(models.TextChoices):
        COPY = "copy", _("Certified copy")
        EXCERPT = "excerpt", _("Excerpt")

    instrument = models.ForeignKey(
        Instrument, models.PROTECT, related_name="copies", verbose_name=_("instrument")
    )
    kind = models.CharField(_("kind"), max_length=8, choices=Kind.choices)
    serial = models.PositiveSmallIntegerField(_("serial number"))
    recipient = models.CharField(_("recipient"), max_length=200, blank=True)
    # An excerpt shows these dicta or articles, by their position in the original.
    parts = models.JSONField(_("parts"), default=list)
    certified_by = models.ForeignKey(
        User, models.PROTECT, related_name="copies_certified", verbose_name=_("certified by")
    )
    certified_on = models.DateField(_("certified on"))
    capacity = models.CharField(_("capacity"), max_length=200)
    document = models.ForeignKey(
        StoredFile,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="copies",
        verbose_name=_("document"),
    )
    failure = models.TextField(_("failure"), blank=True)

    history = recorded()

    class Meta:
        ordering = ["instrument", "serial"]
        verbose_name = _("certified copy")
        verbose_name_plural = _("certified copies")
        constraints = [
            models.UniqueConstraint(fields=["instrument", "serial"], name="copy_serial_once")
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.serial}"
