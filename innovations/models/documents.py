"""The evidence of an innovation, and the drafts that come before it."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.acting import recorded
from accounts.models import FILE_NAME_LENGTH, NeverDeleted, StoredFile, User

from .innovation import Innovation

TITLE_LENGTH = 200


class EvidenceKind(models.TextChoices):
    """What a document proves."""

    PERMISSION_LETTER = "permission_letter", _("Written permission of the head of the unit")
    PLENARY_DECISION = "plenary_decision", _("Plenary decision of the regional council")
    RUNNING_EVIDENCE = "running_evidence", _("Evidence that the innovation runs")
    TRIAL_REPORT = "trial_report", _("Trial report")
    SUPPORT = "support", _("Supporting document")


class Document(models.Model):
    """The description of one file, as a draft and as evidence carry it."""

    kind = models.CharField(_("kind of document"), max_length=20, choices=EvidenceKind.choices)
    title = models.CharField(_("title of the document"), max_length=TITLE_LENGTH)
    document_number = models.CharField(_("document number"), max_length=80, blank=True)
    document_date = models.DateField(_("document date"), null=True, blank=True)
    name = models.CharField(_("file name"), max_length=FILE_NAME_LENGTH)
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+", verbose_name=_("file"))

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.title


class Evidence(NeverDeleted, Document):
    """A document that belongs to a submitted innovation; a removed one stays on the record."""

    innovation = models.ForeignKey(Innovation, models.PROTECT, related_name="evidence")
    removed_at = models.DateTimeField(_("removed"), null=True, blank=True)

    history = recorded()

    class Meta:
        ordering = ["kind", "pk"]
        verbose_name = _("evidence")
        verbose_name_plural = _("evidence")


class Draft(models.Model):
    """What its owner has typed so far, as typed; kept out of history because it saves itself."""

    owner = models.ForeignKey(User, models.PROTECT, related_name="drafts")
    # Set when a returned innovation is revised, and by the first submission.
    innovation = models.ForeignKey(
        Innovation, models.PROTECT, null=True, blank=True, related_name="drafts"
    )
    data = models.JSONField(_("data"), default=dict)
    updated_at = models.DateTimeField(_("saved"), auto_now=True)
    submitted_at = models.DateTimeField(_("submitted"), null=True, blank=True)

    class Meta:
        ordering = ["-updated_at", "-pk"]
        verbose_name = _("draft")
        verbose_name_plural = _("drafts")
        constraints = [
            models.UniqueConstraint(
                fields=["innovation"],
                condition=models.Q(submitted_at__isnull=True),
                name="draft_one_open_per_innovation",
            )
        ]
        indexes = [models.Index(fields=["owner", "submitted_at"])]

    def __str__(self) -> str:
        return str(self.data.get("name") or _("Proposal without a name"))

    @property
    def is_revision(self) -> bool:
        """True while a returned innovation is being revised."""
        return self.innovation_id is not None and self.submitted_at is None


class DraftFile(Document):
    """A file dropped on a draft; `evidence` when it was on the innovation already."""

    draft = models.ForeignKey(Draft, models.CASCADE, related_name="files")
    evidence = models.ForeignKey(Evidence, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["pk"]
        verbose_name = _("file of a draft")
        verbose_name_plural = _("files of a draft")
