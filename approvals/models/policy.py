"""The versioned rule that says who must sign a stage."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.acting import recorded
from accounts.models import NeverDeleted


class SignOffPolicy(NeverDeleted):
    """One version of the rule that says who must sign a stage; a running case keeps its version."""

    class Status(models.TextChoices):
        PROPOSED = "proposed", _("Waits for a second administrator")
        ACTIVE = "active", _("In use")
        REFUSED = "refused", _("Refused")

    stage = models.CharField(_("stage"), max_length=60)
    version = models.PositiveIntegerField(_("version"))
    valid_from = models.DateField(_("valid from"))
    # The language is in `policies.py`: groups in order, each with a rule, members and conditions.
    groups = models.JSONField(_("groups"))
    # Who never signs, by the names in `exclusions.py`.
    exclusions = models.JSONField(_("exclusions"), default=list)
    # The sections of content that a signature here binds.
    covers = models.JSONField(_("sections covered"), default=list)
    working_days = models.PositiveIntegerField(_("working days"))
    declares_conflict = models.BooleanField(_("conflict of interest declared first"), default=False)
    batch_ceiling = models.DecimalField(
        _("approved in batch up to"), max_digits=18, decimal_places=2, null=True, blank=True
    )
    status = models.CharField(
        _("status"), max_length=8, choices=Status.choices, default=Status.ACTIVE
    )
    reason = models.TextField(_("reason"), blank=True)
    # Nobody: it came with the installation.
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="policies_proposed"
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="policies_decided"
    )
    decided_at = models.DateTimeField(_("decided"), null=True)

    history = recorded()

    class Meta:
        ordering = ["stage", "-version"]
        verbose_name = _("sign-off policy")
        verbose_name_plural = _("sign-off policies")
        permissions = [("govern_policies", "Can propose and approve sign-off policies")]
        constraints = [
            models.UniqueConstraint(fields=["stage", "version"], name="one_policy_per_version"),
            models.CheckConstraint(
                condition=models.Q(proposed_by__isnull=True)
                | models.Q(decided_by__isnull=True)
                | ~models.Q(proposed_by=models.F("decided_by")),
                name="policy_is_approved_by_a_second_person",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.stage} v{self.version}"
