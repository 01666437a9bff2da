"""What the completeness, verification and trial stages record."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.acting import recorded
from accounts.models import NeverDeleted, Unit, User

from .innovation import Innovation


class ChecklistAnswer(NeverDeleted):
    """The secretariat's answer to one item of the administrative checklist."""

    innovation = models.ForeignKey(Innovation, models.PROTECT, related_name="checklist_answers")
    revision = models.PositiveIntegerField(_("revision"))
    checklist_version = models.CharField(_("checklist"), max_length=20)
    item = models.SlugField(_("item"), max_length=40)
    met = models.BooleanField(_("met"))
    note = models.CharField(_("note"), max_length=500, blank=True)

    history = recorded()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("checklist answer")
        verbose_name_plural = _("checklist answers")
        constraints = [
            models.UniqueConstraint(
                fields=["innovation", "revision", "item"], name="checklist_answer_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.item}: {self.met}"


class ConflictDeclaration(NeverDeleted):
    """What a person declared, before reading on, about their own nearness to an innovation.

    A later declaration of the same person and stage counts instead; both stay.
    """

    class Kind(models.TextChoices):
        NONE = "none", _("I have no conflict of interest")
        MANAGED = "managed", _("A conflict is possible; this is how I manage it")
        RECUSE = "recuse", _("I have a conflict of interest and step back")

    innovation = models.ForeignKey(Innovation, models.PROTECT, related_name="declarations")
    person = models.ForeignKey(
        User, models.PROTECT, related_name="declarations", verbose_name=_("person")
    )
    stage = models.CharField(_("stage"), max_length=60)
    kind = models.CharField(_("conflict of interest"), max_length=8, choices=Kind.choices)
    sentence = models.TextField(_("in a sentence"), blank=True)
    # What the system had pointed out to the person, as it was said.
    hints = models.JSONField(_("pointed out"), default=list)
    declared_at = models.DateTimeField(_("declared"), default=timezone.now)

    history = recorded()

    class Meta:
        ordering = ["declared_at", "pk"]
        verbose_name = _("declaration of interests")
        verbose_name_plural = _("declarations of interests")
        indexes = [models.Index(fields=["innovation", "person"])]

    def __str__(self) -> str:
        return f"{self.person}: {self.get_kind_display()}"


class Assessment(NeverDeleted):
    """One panel member's scores on the five criteria of PP 38/2017, art. 6."""

    innovation = models.ForeignKey(Innovation, models.PROTECT, related_name="assessments")
    revision = models.PositiveIntegerField(_("revision"))
    assessor = models.ForeignKey(
        User, models.PROTECT, related_name="assessments", verbose_name=_("assessor")
    )
    note = models.TextField(_("recommendation"), blank=True)
    total = models.PositiveSmallIntegerField(_("total"))

    history = recorded()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("assessment")
        verbose_name_plural = _("assessments")
        constraints = [
            models.UniqueConstraint(
                fields=["innovation", "revision", "assessor"], name="assessment_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.assessor}: {self.total}"


class AssessmentScore(NeverDeleted):
    """The score of one criterion."""

    class Criterion(models.TextChoices):
        RENEWAL = "renewal", _("Renewal")
        BENEFIT = "benefit", _("Benefit")
        NO_UNLAWFUL_BURDEN = "no_unlawful_burden", _("No unlawful burden")
        AUTHORITY = "authority", _("Within the region's authority")
        REPLICABLE = "replicable", _("Replicable")

    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="scores")
    criterion = models.CharField(_("criterion"), max_length=20, choices=Criterion.choices)
    score = models.PositiveSmallIntegerField(_("score"))
    note = models.CharField(_("note"), max_length=1000, blank=True)

    history = recorded()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("assessment score")
        verbose_name_plural = _("assessment scores")
        constraints = [
            models.UniqueConstraint(fields=["assessment", "criterion"], name="score_once"),
            models.CheckConstraint(condition=models.Q(score__lte=4), name="score_at_most_four"),
        ]

    def __str__(self) -> str:
        return f"{self.criterion}: {self.score}"


class Trial(NeverDeleted):
    """A time-boxed trial in a laboratory unit, and what came of it."""

    class Result(models.TextChoices):
        APPLY = "apply", _("Successful: apply it")
        REVISE = "revise", _("Revise it first")
        STOP = "stop", _("Stop it")

    innovation = models.ForeignKey(Innovation, models.PROTECT, related_name="trials")
    revision = models.PositiveIntegerField(_("revision"))
    laboratory = models.ForeignKey(
        Unit, models.PROTECT, related_name="trials", verbose_name=_("laboratory")
    )
    start = models.DateField(_("start of the trial"))
    end = models.DateField(_("end of the trial"))
    report = models.TextField(_("trial report"))
    result = models.CharField(_("result"), max_length=8, choices=Result.choices)

    history = recorded()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("trial")
        verbose_name_plural = _("trials")
        constraints = [
            models.UniqueConstraint(fields=["innovation", "revision"], name="trial_once"),
            models.CheckConstraint(
                condition=models.Q(end__gte=models.F("start")), name="trial_ends_after_it_starts"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.innovation.code}: {self.get_result_display()}"
