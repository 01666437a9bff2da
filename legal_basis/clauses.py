"""What the program writes into an instrument: the library's clauses with the case's data."""

from collections.abc import Mapping, Sequence
from typing import Any, NotRequired, TypedDict

from django.db.models import OuterRef, QuerySet, Subquery

from innovations.models import Innovation

from .facts import AnnexRow, CostPart, DraftFacts
from .library import CONDITIONS, Values, filled, values_of
from .models import ClauseVersion, Instrument, LibraryClause

__all__ = ["BLOCKS", "AnnexRow", "CostPart", "DraftFacts", "annex", "copy_recipients", "written"]

# What is typed of each kind; a block that a kind does not print may hold rows of another one.
BLOCKS = {
    Instrument.Kind.REGENT_DECREE: ("considerations", "noting", "dicta"),
    Instrument.Kind.REGENT_REGULATION: ("considerations", "noting", "body"),
}


ANNEX_OF_SEVERAL = "PILAR, PROGRAM, INDIKATOR, DAN TARGET INOVASI DAERAH"


class Row(TypedDict):
    """One clause of a draft, and the version of the library's clause that it comes from."""

    key: str
    text: str
    version: NotRequired[int]
    unit: NotRequired[str]


def written(
    innovation: Innovation,
    facts: DraftFacts,
    kind: str = Instrument.Kind.REGENT_DECREE,
    purpose: str = Instrument.Purpose.STIPULATE,
) -> dict[str, dict[str, str]]:
    """Every clause the facts allow, by block and key, without the computed closing ones."""
    return texts_of(drafted(values_of(innovation, facts, kind), kind, purpose))


def drafted(values: Values, kind: str, purpose: str) -> dict[str, list[Row]]:
    """The rows of every block, in order of print, filled in with these values."""
    rows: dict[str, list[Row]] = {block: [] for block in LibraryClause.Block.values}
    for clause in clauses_of(kind, purpose):
        text = filled(clause.text or "", values)
        if text and _applies(clause, values):
            row: Row = {"key": clause.key, "text": text, "version": clause.version}
            rows[clause.block].append(row | {"unit": clause.unit} if clause.unit else row)
    return rows


def texts_of(rows: Mapping[str, list[Row]]) -> dict[str, dict[str, str]]:
    """The texts alone, by block and key."""
    return {block: {row["key"]: row["text"] for row in found} for block, found in rows.items()}


def kept_rows(before: Sequence[Mapping[str, Any]], sent: Sequence[Mapping[str, Any]]) -> list[Row]:
    """The sent rows, each with the version and unit of the row with its key that was there."""
    origins = {row["key"]: row for row in before if row.get("key")}
    kept: list[Row] = []
    for row in sent:
        origin = origins.get(row.get("key", ""), {})
        kept.append({**origin, **row, "key": row.get("key", "")})  # type: ignore[typeddict-item]
    return kept


def clauses_of(kind: str, purpose: str) -> QuerySet[LibraryClause, Any]:
    """The clauses in use, each with `text` and `version` of its newest wording."""
    newest = ClauseVersion.objects.filter(clause=OuterRef("pk")).order_by("-version")
    return LibraryClause.objects.filter(kind=kind, purpose=purpose, in_use=True).annotate(
        text=Subquery(newest.values("text")[:1]), version=Subquery(newest.values("version")[:1])
    )


def annex(innovation: Innovation, facts: DraftFacts) -> dict[str, Any] | None:
    """A table for each innovation: pillars, programme, indicators, baseline and yearly targets."""
    named = {innovation.name: facts.get("annex_rows", []), **facts.get("further_rows", {})}
    tables = [_table(name, rows) for name, rows in named.items() if rows]
    if len(tables) < 2:
        return tables[0] if tables else None
    return {"title": ANNEX_OF_SEVERAL, "parts": tables}


def _table(name: str, rows: Sequence[AnnexRow]) -> dict[str, Any]:
    years = sorted({year for row in rows for year in row["targets"]})
    return {
        "title": f"PILAR, PROGRAM, INDIKATOR, DAN TARGET INOVASI DAERAH {name.upper()}",
        "columns": [
            *("No.", "Pilar Prioritas (Bobot)", "Program", "Indikator", "Satuan", "Kondisi Awal"),
            *(f"Target {year}" for year in years),
        ],
        "rows": [
            [
                f"{number}.",
                *(row["pillar"], row["programme"], row["indicator"]),
                *(row["measure"], row["baseline"]),
                *(row["targets"].get(year, "-") for year in years),
            ]
            for number, row in enumerate(rows, start=1)
        ],
    }


def copy_recipients(facts: DraftFacts) -> list[str]:
    """Who gets a copy: those the caller names, else the officials whom the text charges."""
    named = list(facts.get("copy_recipients", []))
    charged = [facts.get("owner"), facts.get("custodian"), facts.get("coordinator")]
    return named or list(dict.fromkeys(name for name in charged if name))


def _applies(clause: LibraryClause, values: Mapping[str, str]) -> bool:
    """Whether its condition holds; one that is not known writes no clause."""
    condition = CONDITIONS.get(clause.applies)
    return condition is not None and condition.holds(values)
