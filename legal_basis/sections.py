"""What an instrument says, as labelled plain values: for screens, hashes and differences."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from innovations.models import Innovation

from .anatomy import Clause, considerations, dicta, texts
from .drafting import LIVING, current_instrument
from .models import Instrument, LegalBasis, LegalSource

Field = dict[str, Any]


def sections_of(innovation: Innovation, case_code: str = "") -> dict[str, Any]:
    """The section `instrument` of an innovation that has one, else nothing.

    It is the newest one, or that of a case where its code is given.
    """
    bases = LegalBasis.objects.filter(
        instrument__innovation=innovation, instrument__status__in=LIVING
    ).select_related("instrument", "source")
    found = list(bases.filter(instrument__subject_code=case_code) if case_code else bases)
    # One query where it rests on law, as every draft does.
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
    annex = instrument.content.get("annex")
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
        _field("noting", _("Noting"), texts(instrument, "noting"), "list"),
        _listed("dicta", _("Dicta"), dicta(instrument)),
        _field(
            "copy_recipients",
            _("Copies to"),
            instrument.content.get("copy_recipients", []),
            "list",
        ),
    ]
    if annex:
        fields.append(
            _field("annex", _("Annex"), annex["rows"], "table") | {"columns": annex["columns"]}
        )
    return {"title": _("Instrument"), "fields": fields}


def _field(key: str, label: Any, value: Any, kind: str = "text") -> Field:
    return {"key": key, "label": label, "value": value, "kind": kind}


def _listed(key: str, label: Any, clauses: tuple[Clause, ...]) -> Field:
    return _field(key, label, [_line(clause) for clause in clauses], "list")


def _line(clause: Clause) -> str:
    items = "".join(f"\n{item.label} {item.text}" for item in clause.items)
    return f"{clause.label} {clause.text}{items}"
