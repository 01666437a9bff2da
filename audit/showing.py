"""What a case said at a moment, in words: as sections to read, and as texts to compare."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy, ngettext

from accounts.models import Office
from legal_basis.sections import section_of
from workflow.stages import place_labels

from .history import label_of_model
from .moments import Moment
from .registry import GOVERNED, Governed
from .values import label_of, plain, shown

INSTRUMENT = "legal_basis.Instrument"
# Told by the sections of the instrument, in the words in which it is printed.
PRINTED = {"kind", "title", "content", "in_force_until"}
# A case is called by the name of its innovation, which has a section of its own.
NAMES: dict[str, Any] = {"workflow.Case": gettext_lazy("Where the case stood")}
# Rows beside the instrument say on which law it rests.
ELSEWHERE = {"legal_bases"}

Text = tuple[str, str]


def sections_then(moment: Moment) -> list[dict[str, Any]]:
    """Everything that was recorded, a section for each kind of row."""
    return [
        section
        for governed in GOVERNED
        if (rows := moment.of(governed.label))
        for section in _sections(governed, rows)
    ]


def texts_of(governed: Governed, row: Any) -> list[Text]:
    """Every filled field of a row with its label; an instrument's text as it is printed."""
    fields = [field for field in governed.fields() if not _is_printed(governed, field.name)]
    texts = [(label_of(field), shown(field, row)) for field in fields]
    if governed.label == INSTRUMENT:
        printed = section_of(row, [])["fields"]
        texts = [_printed(field) for field in printed if field["key"] not in ELSEWHERE] + texts
    return [(label, text) for label, text in texts if text]


def concerned_offices(moment: Moment) -> list[Office]:
    """The offices that the case asked, or that it named as owner, custodian or signatory."""
    named: tuple[tuple[str, tuple[str, ...]], ...] = (
        ("approvals.Seat", ("office",)),
        ("planning.Commitment", ("owner_office", "custodian_office")),
        ("planning.ActionItem", ("owner_office",)),
        (INSTRUMENT, ("signatory_office",)),
    )
    offices = (
        getattr(row, name) for label, names in named for row in moment.of(label) for name in names
    )
    found = {office.pk: office for office in offices if office is not None}
    return sorted(found.values(), key=lambda office: office.title)


def files_then(moment: Moment) -> list[dict[str, Any]]:
    """The files that belonged to the case, and the document that had been issued."""
    present = [one for one in moment.of("innovations.Evidence") if one.removed_at is None]
    files = [
        _file(
            one.title,
            one.get_kind_display(),
            one.file,
            reverse("evidence", args=[one.pk]),
            document_number=one.document_number,
            document_date=one.document_date,
        )
        for one in present
    ]
    issued = [one for one in moment.of(INSTRUMENT) if one.document is not None]
    return files + [
        _file(
            one.number or one.title,
            one.get_kind_display(),
            one.document,
            reverse("verify_document", args=[one.token]),
        )
        for one in issued
    ]


def stage_then(stage: str) -> str:
    """The name of a stage or an end."""
    return place_labels().get(stage, stage)


def _file(name: str, kind: str, file: Any, url: str, **more: Any) -> dict[str, Any]:
    return {"name": name, "kind": kind, "size": file.size, "sha256": file.sha256, "url": url} | more


def _is_printed(governed: Governed, name: str) -> bool:
    return governed.label == INSTRUMENT and name in PRINTED


def _printed(field: dict[str, Any]) -> Text:
    value = field["value"]
    if field["kind"] == "table":
        text = "\n".join(" · ".join(str(cell) for cell in row) for row in value)
    elif field["kind"] == "list":
        text = "\n".join(str(entry) for entry in value)
    else:
        text = "" if value in (None, "") else plain(value)
    return str(field["label"]), text


def _sections(governed: Governed, rows: Sequence[Any]) -> Iterable[dict[str, Any]]:
    if len(rows) == 1 or governed.label == INSTRUMENT:
        title = str(NAMES.get(governed.label) or label_of_model(governed))
        for row in rows:
            yield _section(f"{governed.key}-{row.pk}", title, _fields(governed, row))
        return
    plural = NAMES.get(governed.label) or governed.model._meta.verbose_name_plural
    yield _section(governed.key, capfirst(str(plural)), [_table(governed, rows)])


def _section(key: str, title: str, fields: list[dict[str, Any]]) -> dict[str, Any]:
    return {"key": key.replace(".", "-"), "title": title, "fields": fields}


def _fields(governed: Governed, row: Any) -> list[dict[str, Any]]:
    if governed.label != INSTRUMENT:
        return [_field(label, text) for label, text in texts_of(governed, row)]
    printed = [f for f in section_of(row, [])["fields"] if f["key"] not in ELSEWHERE]
    others = [field for field in governed.fields() if field.name not in PRINTED]
    texts = [(label_of(field), shown(field, row)) for field in others]
    return printed + [_field(label, text) for label, text in texts if text]


def _field(label: str, text: str) -> dict[str, Any]:
    return {"label": label, "value": text, "kind": "text"}


def _table(governed: Governed, rows: Sequence[Any]) -> dict[str, Any]:
    """The rows of one kind beside each other; columns in which nothing stands are left out."""
    columns: list[tuple[str, Callable[[Any], str]]] = [
        (label_of(field), lambda row, field=field: shown(field, row))  # type: ignore[misc]
        for field in governed.fields()
    ]
    cells = [[show(row) for _label, show in columns] for row in rows]
    filled = [n for n in range(len(columns)) if any(line[n] for line in cells)]
    count = ngettext("%(count)s row", "%(count)s rows", len(rows)) % {"count": len(rows)}
    return {
        "label": count,
        "kind": "table",
        "columns": [columns[n][0] for n in filled],
        "value": [[line[n] or "–" for n in filled] for line in cells],
    }
