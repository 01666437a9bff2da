"""The clause library: what instruments say in general, version after version."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.acting import recorded
from accounts.models import NeverDeleted, User

from .instruments import Instrument


class LibraryClause(NeverDeleted):
    """A clause of the library: where it stands in which kind of instrument, and when it applies."""

    class Block(models.TextChoices):
        CONSIDERATIONS = "considerations", _("Considerations (Menimbang)")
        NOTING = "noting", _("Noting (Memperhatikan)")
        DICTA = "dicta", _("Dicta")
        BODY = "body", _("Chapters and articles")

    kind = models.CharField(_("kind"), max_length=30, choices=Instrument.Kind.choices)
    purpose = models.CharField(
        _("purpose"),
        max_length=12,
        choices=Instrument.Purpose.choices,
        default=Instrument.Purpose.STIPULATE,
    )
    block = models.CharField(_("block"), max_length=16, choices=Block.choices)
    key = models.SlugField(_("key"), max_length=40)
    title = models.CharField(_("title"), max_length=120)
    order = models.PositiveSmallIntegerField(_("order"))
    # The condition of the closed list in `library` under which it is written; empty for always.
    applies = models.CharField(_("applies when"), max_length=40, blank=True)
    # What the body's clause is: a chapter (its text is the heading) or an article.
    unit = models.CharField(_("unit"), max_length=10, blank=True)
    in_use = models.BooleanField(_("in use"), default=True)

    history = recorded()

    class Meta:
        ordering = ["kind", "purpose", "block", "order"]
        verbose_name = _("library clause")
        verbose_name_plural = _("library clauses")
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "purpose", "block", "key"], name="library_clause_once"
            )
        ]

    def __str__(self) -> str:
        return self.title


class ClauseVersion(NeverDeleted):
    """One wording of a library clause; the one with the highest number is written into drafts."""

    clause = models.ForeignKey(
        LibraryClause, models.PROTECT, related_name="versions", verbose_name=_("library clause")
    )
    version = models.PositiveSmallIntegerField(_("version"))
    text = models.TextField(_("text"))
    note = models.CharField(_("why it was changed"), max_length=300, blank=True)
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("made by"))
    made_at = models.DateTimeField(_("made at"))

    history = recorded()

    class Meta:
        ordering = ["clause", "-version"]
        verbose_name = _("wording of a clause")
        verbose_name_plural = _("wordings of clauses")
        constraints = [
            models.UniqueConstraint(fields=["clause", "version"], name="clause_version_once")
        ]

    def __str__(self) -> str:
        return f"{self.clause} v{self.version}"
