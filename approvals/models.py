"""Seats and sign-offs: who must sign a stage, and who did, in which capacity, on what content."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from viewflow.workflow.models import Process, Task

from accounts.acting import recorded
from accounts.models import NeverDeleted, Office


class Outcome(models.TextChoices):
    """What a signer may answer; a stage offers some of them."""

    APPROVE = "approve", _("Approved")
    RETURN = "return", _("Returned for revision")
    SEND_BACK = "send_back", _("Sent back one stage")
    REJECT = "reject", _("Rejected")


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


class Seat(NeverDeleted):
    """One signature that an open stage waits for, at an office or a named person.

    It is the indexed table that the inbox reads: who holds the office is found at the moment of
    reading, so that a transfer needs no rewriting.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting for its turn")
        OPEN = "open", _("Open")
        SIGNED = "signed", _("Signed")
        CLOSED = "closed", _("Closed without a signature")

    process = models.ForeignKey(Process, models.PROTECT, related_name="seats")
    task = models.ForeignKey(Task, models.PROTECT, related_name="seats")
    policy = models.ForeignKey(SignOffPolicy, models.PROTECT, related_name="seats")
    stage = models.CharField(_("stage"), max_length=60)
    office = models.ForeignKey(
        Office, models.PROTECT, null=True, related_name="seats", verbose_name=_("office")
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="seats"
    )
    group = models.PositiveSmallIntegerField(_("group"))
    position = models.PositiveSmallIntegerField(_("position"))
    state = models.CharField(_("state"), max_length=8, choices=State.choices)
    opened_at = models.DateTimeField(_("opened"), null=True)
    due = models.DateField(_("due"), null=True)
    # The line that a list shows, so that no list joins what it only prints.
    case_code = models.CharField(_("case"), max_length=40)
    case_title = models.CharField(_("title"), max_length=200)

    history = recorded()

    class Meta:
        ordering = ["group", "position"]
        verbose_name = _("seat")
        verbose_name_plural = _("seats")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(office__isnull=False, person__isnull=True)
                | models.Q(office__isnull=True, person__isnull=False),
                name="seat_is_of_an_office_or_a_person",
            ),
            models.UniqueConstraint(
                fields=["task", "group", "position"], name="one_seat_per_place"
            ),
        ]
        indexes = [
            models.Index(
                fields=["office", "due", "id"],
                condition=models.Q(state="open"),
                name="seat_open_office",
            ),
            models.Index(
                fields=["person", "due", "id"],
                condition=models.Q(state="open"),
                name="seat_open_person",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_code} {self.stage}: {self.holder_label}"

    @property
    def holder_label(self) -> str:
        """Whose seat it is, in words."""
        return self.office.title if self.office else str(self.person)


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
