"""Assessments as they stood when each carried its own answer on conflicts of interest."""

import datetime
from typing import Any

ANSWERS = {
    "panel-a": ("none", ""),
    "panel-b": ("managed", "Mantan atasan; dicatat."),
}
ASSESSED = datetime.datetime(2026, 3, 10, 1, tzinfo=datetime.UTC)


def plant(apps: Any) -> None:
    """An innovation with an assessment of each panel member, and the version that wrote it."""
    user = apps.get_model("accounts", "User").objects.create
    unit = apps.get_model("accounts", "Unit").objects.create(code="d", name="Dinas", kind="agency")
    innovation = apps.get_model("innovations", "Innovation").objects.create(
        code="INV-2026-0001",
        name="Pala",
        initiator_type="community",
        initiator=user(username="warga-a", name_plain="Warga"),
        owning_unit=unit,
        submitted_at=ASSESSED,
    )
    for name, (conflict, note) in ANSWERS.items():
        assessor = user(username=name, name_plain=name)
        fields = {
            "innovation": innovation,
            "revision": 1,
            "assessor": assessor,
            "conflict": conflict,
            "conflict_note": note,
            "total": 15,
        }
        row = apps.get_model("innovations", "Assessment").objects.create(**fields)
        apps.get_model("innovations", "HistoricalAssessment").objects.create(
            id=row.pk, history_date=ASSESSED, history_type="+", history_user=assessor, **fields
        )


def read_old(apps: Any) -> dict[str, Any]:
    """Each assessor's answer, and its history, in the assessment."""
    assessments = apps.get_model("innovations", "Assessment").objects.order_by("pk")
    return {
        row.assessor.username: [row.conflict, row.conflict_note, row.total]
        for row in assessments.filter(assessor__username__in=ANSWERS)
    }


def read_new(apps: Any) -> dict[str, Any]:
    """Each assessor's declaration, with who wrote it when."""
    declared = apps.get_model("innovations", "ConflictDeclaration").objects
    versions = apps.get_model("innovations", "HistoricalConflictDeclaration").objects
    return {
        one.person.username: [
            one.stage,
            one.kind,
            one.sentence,
            one.hints,
            one.declared_at.isoformat(),
            [
                (version.history_user.username, version.history_type, version.kind)
                for version in versions.filter(id=one.pk)
            ],
        ]
        for one in declared.filter(person__username__in=ANSWERS).order_by("pk")
    }
