"""The law that instruments cite: curated, with what has amended it and what has revoked it."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Prefetch, Q
from django.utils.translation import gettext_lazy as _

from accounts.acting import recorded
from accounts.models import NeverDeleted


class LegalSource(NeverDeleted):
    """A piece of law that instruments cite: curated, for typed citations contradict each other."""

    class Kind(models.TextChoices):
        CONSTITUTION = "uud", _("Constitution")
        LAW = "uu", _("Law")
        GOVERNMENT_REGULATION = "pp", _("Government regulation")
        PRESIDENTIAL_REGULATION = "perpres", _("Presidential regulation")
        MINISTERIAL_REGULATION = "permen", _("Ministerial regulation")
        PROVINCIAL_BYLAW = "perda_provinsi", _("Provincial bylaw")
        GOVERNOR_REGULATION = "pergub", _("Governor regulation")
        BYLAW = "perda", _("Regency bylaw")
        REGENT_REGULATION = "perbup", _("Regent regulation")

    # An instrument cites from the highest rank down.
    RANKS: ClassVar[dict[str, int]] = {kind: rank for rank, kind in enumerate(Kind.values, start=1)}

    key = models.SlugField(_("key"), max_length=60, unique=True)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices)
    form = models.CharField(_("form as cited"), max_length=120)
    number = models.CharField(_("number"), max_length=20, blank=True)
    year = models.PositiveSmallIntegerField(_("year"), null=True, blank=True)
    title = models.CharField(_("title"), max_length=400)
    gazette = models.CharField(_("gazette"), max_length=300, blank=True)
    amendment_tail = models.TextField(_("amendments as cited"), blank=True)
    rank = models.PositiveSmallIntegerField(_("rank"), editable=False)
    in_force = models.BooleanField(_("in force"), default=True)
    revoked_by = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="revokes",
        verbose_name=_("revoked by"),
    )
    revoked_on = models.DateField(_("revoked on"), null=True, blank=True)
    usual = models.BooleanField(_("cited by innovation decrees"), default=False)
    verified = models.BooleanField(_("verified by the legal section"), default=False)
    remark = models.TextField(_("what is not verified"), blank=True)

    history = recorded()

    class Meta:
        ordering = ["rank", "year", "number"]
        verbose_name = _("legal source")
        verbose_name_plural = _("legal sources")

    def __str__(self) -> str:
        if self.kind == self.Kind.CONSTITUTION:
            return self.form
        return f"{self.short_citation()} tentang {self.title}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep the rank what the kind says."""
        self.rank = self.RANKS[self.kind]
        super().save(*args, **kwargs)

    @property
    def is_revoked(self) -> bool:
        """True when it is no longer in force."""
        return not self.in_force or self.revoked_by_id is not None

    @property
    def is_citable(self) -> bool:
        """True when number and year are known and it is in force."""
        known = self.kind == self.Kind.CONSTITUTION or (self.number and self.year)
        return bool(known and not self.is_revoked)

    @property
    def position(self) -> tuple[int, int, int, str]:
        """Where it stands among others: by rank, then year, then number."""
        digits = "".join(c for c in self.number if c.isdigit())
        return self.rank, self.year or 9999, int(digits or 0), self.number

    def short_citation(self) -> str:
        """Kind, number and year alone: `Peraturan Pemerintah Nomor 38 Tahun 2017`."""
        if self.kind == self.Kind.CONSTITUTION:
            return self.form
        return f"{self.form} Nomor {self.number or '…'} Tahun {self.year or '…'}"

    def citation(self) -> str:
        """The item as `Mengingat` prints it, with gazette and amendments, without its last mark.

        Its amendments are read row by row unless they were fetched `with_amendments`.
        """
        if self.kind == self.Kind.CONSTITUTION:
            return self.form
        tail = self.amendment_tail or _tail([one.by for one in self.amended_by.all()])
        return self._own_citation() + (f" {tail}" if tail else "")

    def _own_citation(self) -> str:
        gazette = f" ({self.gazette})" if self.gazette else ""
        return f"{self.short_citation()} tentang {self.title}{gazette}"


class SourceAmendment(NeverDeleted):
    """That one piece of law was amended by another; the citation follows from these."""

    source = models.ForeignKey(
        LegalSource, models.PROTECT, related_name="amended_by", verbose_name=_("legal source")
    )
    by = models.ForeignKey(
        LegalSource, models.PROTECT, related_name="amends", verbose_name=_("amended by")
    )

    history = recorded()

    class Meta:
        ordering = ["source", "by__year", "by__number"]
        verbose_name = _("amendment of a legal source")
        verbose_name_plural = _("amendments of legal sources")
        constraints = [
            models.UniqueConstraint(fields=["source", "by"], name="source_amended_once_by_each"),
            models.CheckConstraint(condition=~Q(source=F("by")), name="no_source_amends_itself"),
        ]

    def __str__(self) -> str:
        return f"{self.source} ← {self.by}"


def with_amendments(path: str = "") -> Prefetch:
    """What to prefetch, in one query, before sources are cited; `path` leads to the source."""
    amendments = SourceAmendment.objects.select_related("by")
    return Prefetch(f"{path}__amended_by" if path else "amended_by", queryset=amendments)


def _tail(amending: Sequence[LegalSource]) -> str:
    """`sebagaimana telah … diubah` with the last amendment (UU 12/2011, annex II)."""
    if not amending:
        return ""
    last = max(amending, key=lambda source: (source.year or 9999, source.position))
    again = " beberapa kali diubah, terakhir dengan" if len(amending) > 1 else " diubah dengan"
    return f"sebagaimana telah{again} {last._own_citation()}"
