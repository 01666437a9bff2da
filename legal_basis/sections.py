"""What an instrument says, as labelled plain values: for screens, hashes and differences."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from innovations.models import Innovation

from .anatomy import Clause, Unit, body, considerations, dicta, noting
from .drafting import LIVING, current_instrument
from .models import Instrument, LegalBasis, LegalSource
from .models.sources import with_amendments

Field = dict[str, Any]


def sections_of(innovation: Innovation, case_code: str = "") -> dict[str, Any]:
    """The section `instrument` of an innovation that has one, else nothing.

    It is the newest one, or that of a case where its code is given.
    """
    bases = LegalBasis.objects.filter(
        instrument__innovation=innovation, instrument__status__in=LIVING
    ).select_related("instrument", "source")
    bases = bases.filter(instrument__subject_code=case_code) if case_code else bases
    found = list(bases.prefetch_related(with_amendments("source")))
    # Two queries where it rests on law, as every draft does.
    instrument = found[0].instrument if found else current_instrument(innovation)
    if instrument is None:
        return {}
    sources = [basis.source for basis in found if basis.instrument_id == instrument.pk]
    return {"instrument": section_of(instrument, sources)}


def section_of(instrument: Instrument, sources: Sequence[LegalSource]) -> dict[str, Any]:
    """Text, legal bases, annex and copies.

    Number, date and signatory come later and are left out, so that a signature given before
    them still covers the same content after them.
    """
    is_regulation = instrument.kind == Instrument.Kind.REGENT_REGULATION
    fields = [
        _field("kind", _("Kind"), Instrument.Kind(instrument.kind).label),
        _field("title", _("Title"), instrument.title),
        _listed("considerations", _("Considerations"), considerations(instrument)),
        _field(
            "legal_bases",
            _("Legal bases"),
            [source.citation() for source in sources],
            "list",
        ),
        _field("noting", _("Noting"), noting(instrument), "list"),
        _listed("body", _("Articles"), body(instrument))
        if is_regulation
        else _listed("dicta", _("Dicta"), dicta(instrument)),
        _field(
            "copy_recipients",
            _("Copies to"),
            instrument.content.get("copy_recipients", []),
            "list",
        ),
        *_end(instrument),
        *_annex_fields(instrument),
    ]
    return {"title": _("Instrument"), "fields": fields}


def _end(instrument: Instrument) -> list[Field]:
    """Only where there is one: what earlier instruments said keeps its hash."""
    until = instrument.in_force_until
    return [_field("in_force_until", _("In force until"), until, "date")] if until else []


def _annex_fields(instrument: Instrument) -> list[Field]:
    """The annex as one table, or one for every innovation that it stipulates."""
    annex = instrument.content.get("annex") or {}
    if "parts" not in annex:
        return [_table("annex", _("Annex"), annex)] if annex else []
    return [
        _table(f"annex-{number}", format_lazy("{}: {}", _("Annex"), part["title"]), part)
        for number, part in enumerate(annex["parts"], start=1)
    ]


def _table(key: str, label: Any, table: dict[str, Any]) -> Field:
    return _field(key, label, table["rows"], "table") | {"columns": table["columns"]}


def _field(key: str, label: Any, value: Any, kind: str = "text") -> Field:
    return {"key": key, "label": label, "value": value, "kind": kind}


def _listed(key: str, label: Any, clauses: Iterable[Clause | Unit]) -> Field:
    return _field(key, label, [_line(clause) for clause in clauses], "list")


def _line(clause: Clause | Unit) -> str:
    own, items = (
        (clause.heading, clause.clauses)
        if isinstance(clause, Unit)
        else (clause.text, clause.items)
    )
    return "\n".join([f"{clause.label} {own}", *map(_line, items)])
