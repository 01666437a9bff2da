"""What an innovation says, by sections: for screens, comparisons and what a signature binds."""

import datetime
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from .catalogues import all_checklist_items, criteria
from .conflicts import newest_declarations
from .models import Assessment, ConflictDeclaration, Evidence, Innovation

Field = dict[str, Any]
Section = dict[str, Any]


def section(title: str, fields: Iterable[Field]) -> Section:
    """A section: its title in the reader's language, and its fields."""
    return {"title": title, "fields": list(fields)}


def field(key: str, label: str, value: Any, *, kind: str = "text", raw: Any = None) -> Field:
    """One labelled value, as people read it; `raw` is the same without any language.

    kind: text, money, date, bool, list.
    """
    return {
        "key": key,
        "label": label,
        "kind": kind,
        "value": value,
        "raw": plain(value if raw is None else raw),
    }


def table(key: str, label: str, columns: Sequence[str], rows: Any, *, raw: Any) -> Field:
    """A table: the cells as people read them, and in `raw` the same without any language."""
    return {
        "key": key,
        "label": label,
        "kind": "table",
        "columns": list(columns),
        "value": [list(row) for row in rows],
        "raw": plain(raw),
    }


def plain(value: Any) -> Any:
    """The value in JSON's own types, the same in every language and on every database."""
    if isinstance(value, Decimal):
        return f"{value:.2f}"
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, dict):
        return {str(key): plain(entry) for key, entry in value.items()}
    if isinstance(value, list | tuple):
        return [plain(entry) for entry in value]
    return value if value is None or isinstance(value, bool | int | float) else str(value)


def bare(found: Section) -> dict[str, Any]:
    """A section without words around its values: what is hashed and compared."""
    return {
        entry["key"]: entry["raw"] if "raw" in entry else plain(entry["value"])
        for entry in found["fields"]
    }


Writer = Callable[[Innovation], Section | None]


def written(
    writers: Mapping[str, Writer], innovation: Innovation, only: Container[str] | None
) -> dict[str, Section]:
    """The sections that these writers find something for, in their order; `only` names some."""
    wanted = (key for key in writers if only is None or key in only)
    return {key: found for key in wanted if (found := writers[key](innovation))}


def sections_of(innovation: Innovation, only: Container[str] | None = None) -> dict[str, Section]:
    """Every section of the innovation, in reading order; those of later stages once recorded.

    `only` names the ones that are wanted: the others are not read.
    """
    writers: dict[str, Writer] = {
        "identity": _identity,
        "design": _design,
        "people": _people,
        "evidence": _evidence,
        "checklist": _checklist,
        "assessment": _assessment,
        "trial": _trial,
    }
    return written(writers, innovation, only)


def _label(name: str) -> str:
    label = str(getattr(Innovation._meta.get_field(name), "verbose_name", name))
    return label[:1].upper() + label[1:]


def _choice(innovation: Innovation, name: str) -> Field:
    display = getattr(innovation, f"get_{name}_display")()
    return field(name, _label(name), display, raw=getattr(innovation, name))


def _identity(innovation: Innovation) -> Section:
    unit = innovation.owning_unit
    fields = [
        field("name", _label("name"), innovation.name),
        _choice(innovation, "initiator_type"),
        field("owning_unit", _label("owning_unit"), unit.name, raw=unit.code),
        _choice(innovation, "form"),
        _choice(innovation, "affair"),
        _choice(innovation, "innovation_class"),
        field("is_digital", _label("is_digital"), innovation.is_digital, kind="bool"),
        field("budget_need", _label("budget_need"), innovation.budget_need, kind="money"),
        field(
            "already_running", _label("already_running"), innovation.already_running, kind="bool"
        ),
    ]
    if innovation.already_running:
        since = innovation.running_since
        fields.append(field("running_since", _label("running_since"), since, kind="date"))
    return section(_("Identity"), fields)


def _design(innovation: Innovation) -> Section:
    names = ("problem", "design_description", "objective", "benefit", "outcome")
    return section(
        _("Design"), [field(name, _label(name), getattr(innovation, name)) for name in names]
    )


def _people(innovation: Innovation) -> Section:
    present = innovation.participants.filter(left_at__isnull=True).select_related("user")
    others = [participant.user for participant in present]
    initiator = innovation.initiator
    return section(
        _("People"),
        [
            field("initiator", _label("initiator"), str(initiator), raw=initiator.username),
            field(
                "co_initiators",
                _("Co-initiators"),
                [str(person) for person in others],
                kind="list",
                raw=sorted(person.username for person in others),
            ),
        ],
    )


def _evidence(innovation: Innovation) -> Section:
    present = innovation.evidence.filter(removed_at__isnull=True).select_related("file")
    rows = list(present.order_by("pk"))
    columns = [_("Kind"), _("Title"), _("Number"), _("Date"), _("File")]
    return section(
        _("Evidence"),
        [
            table(
                "documents",
                _("Documents"),
                columns,
                [_evidence_cells(row) for row in rows],
                raw=[_evidence_raw(row) for row in rows],
            )
        ],
    )


def _evidence_cells(row: Evidence) -> list[str]:
    return [
        row.get_kind_display(),
        row.title,
        row.document_number or "–",
        _day(row.document_date),
        row.name,
    ]


def _evidence_raw(row: Evidence) -> list[Any]:
    return [row.kind, row.title, row.document_number, row.document_date, row.name, row.file.sha256]


def _checklist(innovation: Innovation) -> Section | None:
    answers = list(_newest(innovation.checklist_answers.order_by("pk")))
    if not answers:
        return None
    labels = {item.code: item.label for item in all_checklist_items()}
    fields = [
        table(
            "items",
            _("Checklist"),
            [_("Item"), _("Met"), _("Note")],
            [
                (labels.get(a.item, a.item), _("Yes") if a.met else _("No"), a.note or "–")
                for a in answers
            ],
            raw=[[a.item, a.met, a.note] for a in answers],
        )
    ]
    if laboratory := innovation.laboratory:
        fields.append(
            field("laboratory", _label("laboratory"), laboratory.name, raw=laboratory.code)
        )
    return section(_("Completeness check"), fields)


def _assessment(innovation: Innovation) -> Section | None:
    recorded = innovation.assessments.select_related("assessor").prefetch_related("scores")
    assessments = list(_newest(recorded.order_by("pk")))
    if not assessments:
        return None
    declared = newest_declarations(innovation)
    raw = [_assessment_raw(one, declared.get(one.assessor_id)) for one in assessments]
    # A column for each assessor: their answers to one question stand side by side.
    columns = [_("Criterion"), *(str(assessment.assessor) for assessment in assessments)]
    rows = [
        *([one.label, *(_scored(entry, one.code) for entry in raw)] for one in criteria()),
        [_("Total"), *(one.total for one in assessments)],
        [
            _("Conflict of interest"),
            *(_declared(declared.get(one.assessor_id)) for one in assessments),
        ],
        [_("Note"), *(one.note or "–" for one in assessments)],
    ]
    return section(_("Panel assessment"), [table("scores", _("Scores"), columns, rows, raw=raw)])


def _scored(entry: dict[str, Any], code: str) -> str:
    """A score with the note that its assessor made of it."""
    score, note = entry["scores"].get(code, "–"), entry["notes"].get(code, "")
    return f"{score} – {note}" if note else str(score)


def _declared(declaration: ConflictDeclaration | None) -> str:
    return declaration.sentence or declaration.get_kind_display() if declaration else "–"


def _assessment_raw(
    assessment: Assessment, declaration: ConflictDeclaration | None
) -> dict[str, Any]:
    return {
        "assessor": assessment.assessor.username,
        "conflict": declaration.kind if declaration else "",
        "conflict_note": declaration.sentence if declaration else "",
        "note": assessment.note,
        "scores": {score.criterion: score.score for score in assessment.scores.all()},
        "notes": {score.criterion: score.note for score in assessment.scores.all()},
    }


def _trial(innovation: Innovation) -> Section | None:
    trial = innovation.trials.select_related("laboratory").order_by("-revision").first()
    if trial is None:
        return None
    return section(
        _("Trial"),
        [
            field("laboratory", _("Laboratory"), trial.laboratory.name, raw=trial.laboratory.code),
            field("start", _("Start"), trial.start, kind="date"),
            field("end", _("End"), trial.end, kind="date"),
            field("result", _("Result"), trial.get_result_display(), raw=trial.result),
            field("report", _("Report"), trial.report),
        ],
    )


def _newest(rows: QuerySet[Any]) -> QuerySet[Any]:
    """The rows of the newest revision among them; a later one need not repeat the stage."""
    newest = rows.order_by("-revision").values_list("revision", flat=True).first()
    return rows.filter(revision=newest)


def _day(date: datetime.date | None) -> str:
    return date_format(date, "j M Y") if date else "–"
