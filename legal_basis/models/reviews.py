"""Steps outside the house that a draft takes on its way."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.acting import recorded
from accounts.models import NeverDeleted, StoredFile

from .instruments import Instrument


class ExternalReview(NeverDeleted):
    """The draft goes to a body outside and comes back with its letter; the clock stands still."""

    class Kind(models.TextChoices):
        GOVERNOR = "governor_review", _("Governor's review (fasilitasi)")
        HARMONISATION = "harmonisation", _("Harmonisation by the ministry")

    class Result(models.TextChoices):
        AGREED = "agreed", _("No objection")
        REMARKS = "remarks", _("Remarks to follow")
        REFUSED = "refused", _("Refused")

    instrument = models.ForeignKey(
        Instrument, models.PROTECT, related_name="reviews", verbose_name=_("instrument")
    )
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices)
    body = models.CharField(_("body"), max_length=200)
    sent_on = models.DateField(_("sent on"))
    sent_letter = models.CharField(_("number of the letter sent"), max_length=80)
    returned_on = models.DateField(_("returned on"), null=True, blank=True)
    returned_letter = models.CharField(_("number of the answer"), max_length=80, blank=True)
    result = models.CharField(_("result"), max_length=10, choices=Result.choices, blank=True)
    note = models.TextField(_("note"), blank=True)
    letter = models.ForeignKey(
        StoredFile,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="reviews",
        verbose_name=_("letter"),
    )

    history = recorded()

    class Meta:
        ordering = ["instrument", "sent_on", "pk"]
        verbose_name = _("external review")
        verbose_name_plural = _("external reviews")
        constraints = [
            models.UniqueConstraint(
                fields=["instrument", "kind"],
                condition=Q(returned_on__isnull=True),
                name="one_review_of_a_kind_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(returned_on__isnull=True)
                | Q(returned_on__gte=F("sent_on")) & ~Q(result=""),
                name="returned_review_has_result",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.sent_on}"
