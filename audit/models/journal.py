"""The journal: every change of a governed row, written by the database itself."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class JournalRow(models.Model):
    """One change of one row, as a trigger saw it; `digest` is the SHA-256 of the row's content."""

    class Operation(models.TextChoices):
        INSERT = "I", _("Made")
        UPDATE = "U", _("Changed")
        DELETE = "D", _("Removed")
        BASELINE = "B", _("Found when the journal began")
        MIGRATION = "M", _("Changed by a new version of the program")

    # PostgreSQL's transaction number; 0 on SQLite, where transactions come one after the other.
    transaction = models.BigIntegerField(db_column="tx")
    relation = models.CharField(_("table"), max_length=63)
    row_key = models.CharField(_("row"), max_length=64)
    operation = models.CharField(_("change"), max_length=1, choices=Operation.choices)
    actor = models.BigIntegerField(_("who"))
    micros = models.BigIntegerField(_("microseconds since 1970"))
    # The row as JSON; histories keep their content themselves, and erased rows none.
    content = models.TextField(_("content"), null=True)  # noqa: DJ001 - none is not empty
    digest = models.CharField(_("hash of the content"), max_length=64)

    class Meta:
        db_table = "audit_journal"
        ordering = ["pk"]
        verbose_name = _("row change")
        verbose_name_plural = _("row changes")
        indexes = [models.Index(fields=["relation", "row_key", "id"])]

    def __str__(self) -> str:
        return f"{self.relation} {self.row_key} {self.operation}"
