"""What was answered on a seat: append-only, with its remarks, and the attempts refused."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.acting import recorded
from accounts.models import NeverDeleted

from .seat import Seat


class Outcome(models.TextChoices):
    """What a signer may answer; a stage offers some of them."""

    APPROVE = "approve", _("Approved")
    RETURN = "return", _("Returned for revision")
    SEND_BACK = "send_back", _("Sent back one stage")
    REJECT = "reject", _("Rejected")


class SignOff(NeverDeleted):
    """One act on a seat: append-only, with what the signer was and what the signer saw."""

    seat = models.OneToOneField(Seat, models.PROTECT, related_name="sign_off")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="sign_offs")
    # Snapshots: the appointment may end, the page and the instrument keep what was true.
    capacity = models.CharField(_("capacity"), max_length=250)
    basis = models.CharField(_("basis"), max_length=120, blank=True)
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome.choices)
    note = models.TextField(_("note"), blank=True)
    content_hash = models.CharField(_("hash of what was shown"), max_length=64)
    decided_at = models.DateTimeField(_("decided"), default=timezone.now)

    history = recorded()

    class Meta:
        ordering = ["decided_at", "pk"]
        verbose_name = _("sign-off")
        verbose_name_plural = _("sign-offs")

    def __str__(self) -> str:
        return f"{self.capacity}: {self.get_outcome_display()}"


class Remark(NeverDeleted):
    """What must be mended, anchored to a section of the proposal."""

    sign_off = models.ForeignKey(SignOff, models.PROTECT, related_name="remarks")
    section = models.CharField(_("section"), max_length=40, blank=True)
    text = models.TextField(_("remark"))
    resolved_at = models.DateTimeField(_("resolved"), null=True)

    history = recorded()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("remark")
        verbose_name_plural = _("remarks")

    def __str__(self) -> str:
        return self.text


class Refusal(models.Model):
    """An attempt that was refused for lack of right; kept, because somebody may ask."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="refusals")
    case_code = models.CharField(max_length=40, blank=True)
    path = models.CharField(max_length=200)
    reason = models.TextField()
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-at"]
        verbose_name = _("refused attempt")
        verbose_name_plural = _("refused attempts")

    def __str__(self) -> str:
        return f"{self.at:%F %T} {self.path}"
