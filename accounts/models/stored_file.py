"""Bytes that were handed in: letters, evidence, instruments."""

from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from ..acting import recorded
from .base import NeverDeleted

FILE_NAME_LENGTH = 120


class StoredFile(NeverDeleted):
    """Bytes under their SHA-256: written once, never changed, shared by whoever sends the same."""

    sha256 = models.CharField("SHA-256", max_length=64, unique=True)
    size = models.PositiveBigIntegerField(_("size in bytes"))
    media_type = models.CharField(_("media type"), max_length=100)
    path = models.CharField(_("path"), max_length=80)

    history = recorded(table_name="innovations_historicalstoredfile")

    class Meta:
        # Born one floor above; the tables kept their names when the model came down.
        db_table = "innovations_storedfile"
        verbose_name = _("stored file")
        verbose_name_plural = _("stored files")

    def __str__(self) -> str:
        return f"{self.sha256[:12]} ({self.media_type})"

    @property
    def location(self) -> Path:
        """Where the bytes lie on this machine."""
        return Path(settings.MEDIA_ROOT) / self.path

    def open(self) -> BinaryIO:
        """The stored bytes, for reading."""
        return self.location.open("rb")

    def read(self) -> bytes:
        """All stored bytes at once."""
        return self.location.read_bytes()


class ByLetter(models.Model):
    """What rests on a letter: its number and date, and the letter itself where it was handed in."""

    basis_number = models.CharField(_("letter number"), max_length=80)
    basis_date = models.DateField(_("letter date"))
    letter = models.ForeignKey(
        StoredFile,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("letter"),
    )
    letter_name = models.CharField(_("file name"), max_length=FILE_NAME_LENGTH, blank=True)

    class Meta:
        abstract = True
