"""Signed statements of how far ledger and journal have come, and who outside holds them."""

import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _

from .entries import moment_of


class Checkpoint(models.Model):
    """The Merkle root over all heads, and the digest of the journal, signed with Ed25519.

    It covers the journal rows with (id > `journal_after` or tx >= `from_tx`) and
    id <= `journal_until` and tx < `until_tx`: rows that were under way at one checkpoint come
    with the next.
    """

    number = models.PositiveBigIntegerField(_("number"), unique=True)
    micros = models.BigIntegerField(_("microseconds since 1970"))
    heads = models.PositiveBigIntegerField(_("chains"))
    entries = models.PositiveBigIntegerField(_("entries"))
    root = models.CharField(_("Merkle root"), max_length=64)
    journal_after = models.BigIntegerField()
    journal_until = models.BigIntegerField()
    from_tx = models.BigIntegerField()
    until_tx = models.BigIntegerField()
    journal_rows = models.PositiveBigIntegerField(_("row changes"))
    journal_digest = models.CharField(_("digest of the row changes"), max_length=64)
    previous = models.CharField(_("hash of the checkpoint before"), max_length=64)
    key = models.CharField(_("key"), max_length=64)
    # The exact text that was signed, so that anyone can check it with any tool.
    statement = models.TextField(_("statement"))
    signature = models.CharField(_("signature"), max_length=128)
    occasion = models.CharField(_("occasion"), max_length=60, blank=True)

    class Meta:
        ordering = ["-number"]
        verbose_name = _("checkpoint")
        verbose_name_plural = _("checkpoints")

    def __str__(self) -> str:
        return str(self.number)

    @property
    def at(self) -> datetime.datetime:
        """When it was signed."""
        return moment_of(self.micros)


class Receipt(models.Model):
    """That an anchor outside took a checkpoint, with what it answered."""

    checkpoint = models.ForeignKey(Checkpoint, models.PROTECT, related_name="receipts")
    anchor = models.CharField(_("anchor"), max_length=30)
    at = models.DateTimeField(_("handed over"))
    answer = models.TextField(_("answer"), blank=True)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("receipt")
        verbose_name_plural = _("receipts")
        constraints = [
            models.UniqueConstraint(fields=["checkpoint", "anchor"], name="one_receipt_per_anchor")
        ]

    def __str__(self) -> str:
        return f"{self.checkpoint_id} {self.anchor}"
