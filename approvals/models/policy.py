"""The versioned rule that says who must sign a stage."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.acting import recorded
from accounts.models import NeverDeleted


class SignOffPolicy(NeverDeleted):
    """One version of the rule that says who must sign a stage; a running case keeps its version."""

    stage = models.CharField(_("stage"), max_length=60)
    version = models.PositiveIntegerField(_("version"))
    valid_from = models.DateField(_("valid from"))
    # The language is in `policies.py`: groups in order, each with a rule and its members.
    groups = models.JSONField(_("groups"))
    # Who never signs: "initiator", "co_initiator". Conditions join here when they are built.
    exclusions = models.JSONField(_("exclusions"), default=list)
    working_days = models.PositiveIntegerField(_("working days"))

    history = recorded()

    class Meta:
        ordering = ["stage", "-version"]
        verbose_name = _("sign-off policy")
        verbose_name_plural = _("sign-off policies")
        constraints = [
            models.UniqueConstraint(fields=["stage", "version"], name="one_policy_per_version")
        ]

    def __str__(self) -> str:
        return f"{self.stage} v{self.version}"
