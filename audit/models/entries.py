"""The ledger: what was done, in chains that nobody rewrites unseen."""

import datetime

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from ..kinds import Kind

EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)
MICROSECOND = datetime.timedelta(microseconds=1)


def micros_of(moment: datetime.datetime) -> int:
    """Microseconds since 1970 in UTC: one form of a time on every database and in every hash."""
    return (moment - EPOCH) // MICROSECOND


def moment_of(micros: int) -> datetime.datetime:
    """The time, aware, of so many microseconds since 1970."""
    return EPOCH + micros * MICROSECOND


class Entry(models.Model):
    """One act in its chain; its hash covers everything but the payload, and that by its hash."""

    # The code of a case, or SYSTEM.
    chain = models.CharField(_("chain"), max_length=60)
    sequence = models.PositiveBigIntegerField(_("place in the chain"))
    version = models.PositiveSmallIntegerField(_("format"), default=1)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("who")
    )
    capacity = models.CharField(_("capacity"), max_length=250, blank=True)
    micros = models.BigIntegerField(_("microseconds since 1970"))
    # Canonical JSON; taken away where the law asks for it, and only then.
    payload = models.TextField(_("content"), null=True)  # noqa: DJ001 - erased is not empty
    payload_hash = models.CharField(_("hash of the content"), max_length=64)
    previous = models.CharField(_("hash of the entry before"), max_length=64)
    hash = models.CharField(_("hash"), max_length=64)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("ledger entry")
        verbose_name_plural = _("ledger entries")
        constraints = [models.UniqueConstraint(fields=["chain", "sequence"], name="one_next_entry")]
        indexes = [
            models.Index(fields=["kind", "micros"]),
            models.Index(fields=["actor", "micros"]),
            models.Index(fields=["micros"]),
        ]

    def __str__(self) -> str:
        return f"{self.chain} {self.sequence}"

    @property
    def at(self) -> datetime.datetime:
        """When it was written, by the clock of the database."""
        return moment_of(self.micros)


class Erasure(models.Model):
    """The right to take personal data out of one guarded row: without it the triggers refuse.

    UU 27/2022, art. 43; the row's hashes stay, and an entry of the ledger names the basis.
    """

    relation = models.CharField(_("table"), max_length=63)
    row_key = models.CharField(_("row"), max_length=64)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    basis = models.TextField(_("legal basis"))
    # What the row's content hashes to now, where the row itself lives on without it.
    digest = models.CharField(_("hash of what is left"), max_length=64, blank=True)
    at = models.DateTimeField(_("erased"), auto_now_add=True)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("erasure")
        verbose_name_plural = _("erasures")
        indexes = [models.Index(fields=["relation", "row_key"])]

    def __str__(self) -> str:
        return f"{self.relation} {self.row_key}"
