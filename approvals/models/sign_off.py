"""What was answered on a seat: append-only, with its remarks, and what became of it later."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from viewflow.workflow.models import Process

from accounts.acting import recorded
from accounts.models import NeverDeleted

from .seat import Seat


class Outcome(models.TextChoices):
    """What a signer may answer; a stage offers some of them."""

    APPROVE = "approve", _("Approved")
    RETURN = "return", _("Returned for revision")
    SEND_BACK = "send_back", _("Sent back one stage")
    REJECT = "reject", _("Rejected")
    ABSTAIN = "abstain", _("Abstained")
    RECUSE = "recuse", _("Stepped back")


class SectionText(models.Model):
    """What a section said when somebody signed it, under its own hash: written once."""

    hash = models.CharField(max_length=64, primary_key=True)
    section = models.CharField(max_length=40)
    content = models.JSONField()

    class Meta:
        verbose_name = _("signed section")
        verbose_name_plural = _("signed sections")

    def __str__(self) -> str:
        return f"{self.section} {self.hash[:12]}"


class SignOff(NeverDeleted):
    """One act on a seat: append-only, with what the signer was and what the signer saw."""

    seat = models.ForeignKey(Seat, models.PROTECT, related_name="sign_offs")
    round = models.PositiveSmallIntegerField(_("round"), default=1)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="sign_offs")
    # Snapshots: the appointment may end, the page and the instrument keep what was true.
    capacity = models.CharField(_("capacity"), max_length=250)
    basis = models.CharField(_("basis"), max_length=120, blank=True)
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome.choices)
    note = models.TextField(_("note"), blank=True)
    content_hash = models.CharField(_("hash of what was shown"), max_length=64)
    # {section: hash} of each section that the signature binds; the texts are in SectionText.
    section_hashes = models.JSONField(_("hashes of the sections"), default=dict)
    decided_at = models.DateTimeField(_("decided"), default=timezone.now)

    history = recorded()

    class Meta:
        ordering = ["decided_at", "pk"]
        verbose_name = _("sign-off")
        verbose_name_plural = _("sign-offs")
        constraints = [
            models.UniqueConstraint(fields=["seat", "round"], name="one_answer_per_round")
        ]

    def __str__(self) -> str:
        return f"{self.capacity}: {self.get_outcome_display()}"


class Lapse(NeverDeleted):
    """Why a sign-off counts no longer; both rows stay."""

    class Cause(models.TextChoices):
        TAKEN_BACK = "taken_back", _("Taken back by its author")
        CONTENT_CHANGED = "changed", _("The content changed afterwards")
        ASKED_ANEW = "asked_anew", _("The stage was opened anew")

    sign_off = models.OneToOneField(SignOff, models.PROTECT, related_name="lapse")
    cause = models.CharField(_("cause"), max_length=10, choices=Cause.choices)
    reason = models.TextField(_("reason"), blank=True)
    sections = models.JSONField(_("sections that changed"), default=list)
    at = models.DateTimeField(_("since"), default=timezone.now)

    history = recorded()

    class Meta:
        ordering = ["at", "pk"]
        verbose_name = _("lapsed sign-off")
        verbose_name_plural = _("lapsed sign-offs")

    def __str__(self) -> str:
        return f"{self.sign_off}: {self.get_cause_display()}"


class Override(NeverDeleted):
    """The basis on which an acting official may bind organisation, personnel or budget here.

    UU 30/2014, art. 14 (7); domain.md 7.2.
    """

    process = models.ForeignKey(Process, models.PROTECT, related_name="overrides")
    stage = models.CharField(_("stage"), max_length=60)
    basis_number = models.CharField(_("letter number"), max_length=80)
    basis_date = models.DateField(_("letter date"))
    reason = models.TextField(_("reason"))
    at = models.DateTimeField(_("recorded"), default=timezone.now)

    history = recorded()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("basis of a binding signature")
        verbose_name_plural = _("bases of binding signatures")
        constraints = [
            models.UniqueConstraint(fields=["process", "stage"], name="one_override_per_stage")
        ]

    def __str__(self) -> str:
        return f"{self.stage}: {self.basis_number}"


class Remark(NeverDeleted):
    """What must be mended, anchored to a section of the proposal."""

    sign_off = models.ForeignKey(SignOff, models.PROTECT, related_name="remarks")
    section = models.CharField(_("section"), max_length=40, blank=True)
    text = models.TextField(_("remark"))
    # What the initiator says was done about it, and when; the signer may open it again.
    answer = models.TextField(_("answer"), blank=True)
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
