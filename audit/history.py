"""Versions of rows: one time line of a case, and what differs between two versions."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import IntegerField, OuterRef, Q, QuerySet, Subquery, Value

from .registry import GOVERNED, Governed, versions_of
from .values import label_of, shown

PAGE = 50
# Each kind of row on a page costs a query: a page ends before the next kind would be one too many.
MOST_KINDS = 11
# Versions written closer together than this by one person are one act.
ONE_ACT = datetime.timedelta(seconds=2)
EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)
MICROSECOND = datetime.timedelta(microseconds=1)


@dataclass(frozen=True)
class FieldChange:
    """One field in two versions, in words."""

    label: str
    old: str
    new: str

    @property
    def is_long(self) -> bool:
        """Whether the texts are too long for one line."""
        return len(self.old) + len(self.new) > 120 or "\n" in self.old + self.new

    @property
    def parts(self) -> list[dict[str, str]]:
        """Short values whole, one beside the other; nothing for texts to be compared by words."""
        if self.is_long or self.old == self.new:
            return []
        sides = (("delete", self.old), ("equal", " → "), ("insert", self.new))
        return [{"kind": kind, "text": text or "–"} for kind, text in sides]


@dataclass(frozen=True)
class Change:
    """One version of one row: what it was, and what is different since the version before."""

    governed: Governed
    version: Any
    previous: Any
    fields: list[FieldChange]

    @property
    def label(self) -> str:
        """What kind of row it is."""
        return label_of_model(self.governed)

    @property
    def title(self) -> str:
        """Which row it is."""
        return title_of(self.governed, self.version)

    @property
    def compared_with(self) -> int:
        """The version to compare with: the one before, or itself for the first."""
        return (self.previous or self.version).pk


@dataclass
class Act:
    """What one person wrote at one moment."""

    who: Any
    when: datetime.datetime
    changes: list[Change] = field(default_factory=list)


@dataclass(frozen=True)
class Place:
    """A version's place in the time line: the later first, then by kind, then the newer first."""

    when: datetime.datetime
    kind: int
    version: int

    @classmethod
    def parse(cls, text: str) -> "Place":
        """The place that `str()` wrote; raises ValueError for anything else."""
        micros, kind, version = (int(part) for part in text.split("."))
        if not (0 <= micros < 10**17 and 0 <= kind < 1000 and 0 <= version < 2**63):
            raise ValueError(text)
        return cls(EPOCH + micros * MICROSECOND, kind, version)

    def __str__(self) -> str:
        return f"{(self.when - EPOCH) // MICROSECOND}.{self.kind}.{self.version}"

    def behind(self, kind: int) -> Q:
        """The versions of a kind that come after this place."""
        at = Q(history_date=self.when)
        later = Q(history_date__lt=self.when)
        if kind == self.kind:
            return later | (at & Q(history_id__lt=self.version))
        return later | at if kind > self.kind else later


def timeline(innovation_pk: int, after: Place | None = None) -> tuple[list[Act], Place | None]:
    """One page of acts, the newest first, and the place where the next page goes on."""
    places = [Place(*row) for row in _places(innovation_pk, after)[: PAGE + 1]]
    page = _within_budget(places[:PAGE])
    more = len(places) > len(page)
    return _acts(_changes(page)), page[-1] if more and page else None


def _places(innovation_pk: int, after: Place | None) -> QuerySet[Any, Any]:
    parts = []
    for kind, governed in enumerate(GOVERNED):
        rows = versions_of(governed, innovation_pk).order_by()
        if after is not None:
            rows = rows.filter(after.behind(kind))
        rows = rows.annotate(line=Value(kind, IntegerField()))
        parts.append(rows.values_list("history_date", "line", "history_id"))
    whole = parts[0].union(*parts[1:], all=True)
    return whole.order_by("-history_date", "line", "-history_id")


def _within_budget(places: Sequence[Place]) -> list[Place]:
    kinds: set[int] = set()
    kept: list[Place] = []
    for place in places:
        kinds.add(place.kind)
        if len(kinds) > MOST_KINDS:
            break
        kept.append(place)
    return kept


def _changes(places: Sequence[Place]) -> list[Change]:
    wanted: dict[int, list[int]] = {}
    for place in places:
        wanted.setdefault(place.kind, []).append(place.version)
    found = {
        (kind, change.version.pk): change
        for kind, pks in wanted.items()
        for change in _changes_of(GOVERNED[kind], pks)
    }
    return [found[place.kind, place.version] for place in places]


def _changes_of(governed: Governed, pks: list[int]) -> list[Change]:
    """These versions, each with the one before it, in one query."""
    row_key = governed.row_key
    earlier = governed.versions.filter(
        **{row_key: OuterRef(row_key)}, history_id__lt=OuterRef("history_id")
    ).order_by("-history_id")
    previous = (
        governed.versions.filter(pk__in=pks)
        .order_by()
        .values(before=Subquery(earlier.values("history_id")[:1]))
    )
    rows = governed.versions.filter(Q(pk__in=pks) | Q(pk__in=previous))
    rows = rows.select_related(*governed.related()).order_by(row_key, "history_id")
    changes, before = [], None
    for row in rows:
        if before is not None and getattr(before, row_key) != getattr(row, row_key):
            before = None
        if row.pk in pks:
            changes.append(Change(governed, row, before, differences(governed, before, row)))
        before = row
    return changes


def _acts(changes: Sequence[Change]) -> list[Act]:
    acts: list[Act] = []
    last: Any = None
    for change in changes:
        row = change.version
        together = (
            last is not None
            and last.history_user_id == row.history_user_id
            and last.history_date - row.history_date < ONE_ACT
        )
        if not together:
            acts.append(Act(row.history_user, row.history_date))
        acts[-1].changes.append(change)
        last = row
    return acts


def differences(governed: Governed, old: Any, new: Any) -> list[FieldChange]:
    """The fields that differ; none for the first version of a row and for its removal."""
    if old is None or new.history_type == "-":
        return []
    return [
        FieldChange(label_of(field), shown(field, old), shown(field, new))
        for field in governed.fields()
        if getattr(old, field.attname) != getattr(new, field.attname)
    ]


def contents(governed: Governed, version: Any) -> list[FieldChange]:
    """Every filled field of one version."""
    values = ((label_of(field), shown(field, version)) for field in governed.fields())
    return [FieldChange(label, text, text) for label, text in values if text]


def title_of(governed: Governed, version: Any) -> str:
    """Which row a version is of, in words."""
    fields = {field.name: field for field in governed.fields()}
    parts = (shown(fields[name], version) for name in governed.titles)
    return " · ".join(part for part in parts if part)


def label_of_model(governed: Governed) -> str:
    """What kind of row it is."""
    name = str(governed.model._meta.verbose_name)
    return name[:1].upper() + name[1:]


def versions_of_row(governed: Governed, version: Any) -> QuerySet[Any]:
    """All versions of the row that this is a version of, the newest first."""
    same_row = {governed.row_key: getattr(version, governed.row_key)}
    found = governed.versions.filter(**same_row).select_related("history_user")
    return found.order_by("-history_id")
