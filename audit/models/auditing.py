"""An auditor's work: searches, samples, findings, requests for evidence, packs."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.acting import recorded
from accounts.models import NeverDeleted, Office, StoredFile

from .entries import Entry

USER = settings.AUTH_USER_MODEL


class SavedSearch(models.Model):
    """A question to the ledger that an auditor keeps under a name."""

    user = models.ForeignKey(USER, models.CASCADE, related_name="+")
    name = models.CharField(_("name"), max_length=60)
    # The query of the address, without the place in the list.
    query = models.CharField(_("question"), max_length=500)

    class Meta:
        ordering = ["name", "pk"]
        verbose_name = _("saved search")
        verbose_name_plural = _("saved searches")
        constraints = [models.UniqueConstraint(fields=["user", "name"], name="one_search_per_name")]

    def __str__(self) -> str:
        return self.name


class Sample(NeverDeleted):
    """Cases drawn at random; the seed and the population make the draw repeatable by anyone."""

    seed = models.CharField(_("seed"), max_length=64)
    size = models.PositiveIntegerField(_("size"))
    # The search whose results were the population, how many they were, and their hash in order.
    query = models.CharField(_("question"), max_length=500, blank=True)
    population = models.PositiveIntegerField(_("population"))
    population_hash = models.CharField(_("hash of the population"), max_length=64)
    codes = models.JSONField(_("cases drawn"), default=list)
    drawn_by = models.ForeignKey(USER, models.PROTECT, related_name="+", verbose_name=_("drawn by"))
    drawn_at = models.DateTimeField(_("drawn"))

    history = recorded()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("random sample")
        verbose_name_plural = _("random samples")

    def __str__(self) -> str:
        return f"{self.size}/{self.population} {self.seed[:12]}"


class Finding(NeverDeleted):
    """What an auditor holds against an entry, followed up until it is closed."""

    class Weight(models.TextChoices):
        NOTE = "note", _("Note")
        MINOR = "minor", _("Minor")
        MAJOR = "major", _("Major")

    entry = models.ForeignKey(
        Entry, models.PROTECT, related_name="findings", verbose_name=_("entry")
    )
    case_code = models.CharField(_("case"), max_length=60, blank=True)
    title = models.CharField(_("finding"), max_length=160)
    text = models.TextField(_("what was found"))
    weight = models.CharField(_("weight"), max_length=8, choices=Weight.choices)
    found_by = models.ForeignKey(USER, models.PROTECT, related_name="+", verbose_name=_("found by"))
    found_at = models.DateTimeField(_("found"))
    closed_by = models.ForeignKey(
        USER, models.PROTECT, null=True, related_name="+", verbose_name=_("closed by")
    )
    closed_at = models.DateTimeField(_("closed"), null=True)
    conclusion = models.TextField(_("conclusion"), blank=True)

    history = recorded()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("finding")
        verbose_name_plural = _("findings")

    def __str__(self) -> str:
        return self.title


class FollowUp(NeverDeleted):
    """What was done about a finding, or said of it."""

    finding = models.ForeignKey(
        Finding, models.PROTECT, related_name="follow_ups", verbose_name=_("finding")
    )
    person = models.ForeignKey(USER, models.PROTECT, related_name="+", verbose_name=_("who"))
    text = models.TextField(_("follow-up"))
    at = models.DateTimeField(_("when"))

    history = recorded()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("follow-up")
        verbose_name_plural = _("follow-ups")

    def __str__(self) -> str:
        return self.text[:60]


class EvidenceRequest(NeverDeleted):
    """A question to an office, with the working day by which it answers."""

    finding = models.ForeignKey(
        Finding,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="requests",
        verbose_name=_("finding"),
    )
    case_code = models.CharField(_("case"), max_length=60, blank=True)
    office = models.ForeignKey(
        Office, models.PROTECT, related_name="+", verbose_name=_("office asked")
    )
    question = models.TextField(_("question"))
    due = models.DateField(_("due"))
    asked_by = models.ForeignKey(USER, models.PROTECT, related_name="+", verbose_name=_("asked by"))
    asked_at = models.DateTimeField(_("asked"))
    answer = models.TextField(_("answer"), blank=True)
    document = models.ForeignKey(
        StoredFile,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("document"),
    )
    document_name = models.CharField(_("file name"), max_length=120, blank=True)
    answered_by = models.ForeignKey(
        USER, models.PROTECT, null=True, related_name="+", verbose_name=_("answered by")
    )
    answered_at = models.DateTimeField(_("answered"), null=True)
    closed_at = models.DateTimeField(_("accepted"), null=True)

    history = recorded()

    class Meta:
        ordering = ["due", "pk"]
        verbose_name = _("request for evidence")
        verbose_name_plural = _("requests for evidence")
        indexes = [
            models.Index(
                fields=["office", "due"],
                condition=models.Q(answered_at__isnull=True),
                name="evidence_awaited",
            )
        ]

    def __str__(self) -> str:
        return self.question[:60]

    @property
    def is_awaited(self) -> bool:
        """Whether the office still owes an answer."""
        return self.answered_at is None and self.closed_at is None


class EvidencePack(NeverDeleted):
    """A ZIP that proves cases to somebody outside; made by the worker, with its progress."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting for the worker")
        PACKING = "packing", _("Being packed")
        READY = "ready", _("Ready")
        FAILED = "failed", _("Failed")

    token = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    codes = models.JSONField(_("cases"), default=list)
    asked_by = models.ForeignKey(USER, models.PROTECT, related_name="+", verbose_name=_("asked by"))
    asked_at = models.DateTimeField(_("asked"))
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.WAITING)
    packed = models.PositiveIntegerField(_("cases packed"), default=0)
    path = models.CharField(_("path"), max_length=120, blank=True)
    size = models.PositiveBigIntegerField(_("size in bytes"), default=0)
    sha256 = models.CharField("SHA-256", max_length=64, blank=True)
    reason = models.TextField(_("reason"), blank=True)

    history = recorded(excluded_fields=["packed"])

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("evidence pack")
        verbose_name_plural = _("evidence packs")

    def __str__(self) -> str:
        return str(self.token)
