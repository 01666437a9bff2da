"""The list of cases a person may see, by keyset pages."""

from collections.abc import Mapping
from typing import Any

from django.db.models import F, Q
from django.urls import reverse

from accounts.addresses import asked, number, place
from accounts.models import User
from innovations.models import Innovation

from .models import Case
from .stages import stage_labels

PAGE = 25


def page_of_cases(user: User, wanted: Mapping[str, str]) -> tuple[list[dict[str, Any]], str]:
    """One page of the innovations' journeys, the newest movement first, and the next cursor."""
    cases = (
        Case.objects.visible_to(user)
        .exclude(code__endswith="-M")
        .filter(Q(code=F("innovation__code")) | Q(finished__isnull=True))
        .select_related("innovation", "innovation__owning_unit")
        .order_by("-stage_since", "-pk")
    )
    wanted = asked(wanted)
    cases = _filtered(cases, wanted)
    if after := place(wanted.get("cursor", "")):
        moment, pk = after
        cases = cases.filter(Q(stage_since__lt=moment) | Q(stage_since=moment, pk__lt=pk))
    rows = list(cases[: PAGE + 1])
    labels = stage_labels()
    last = rows[PAGE - 1] if len(rows) > PAGE else None
    cursor = f"{last.stage_since.isoformat()},{last.pk}" if last and last.stage_since else ""
    return [_row(case, labels) for case in rows[:PAGE]], cursor


def _filtered(cases: Any, wanted: Mapping[str, str]) -> Any:
    if typed := wanted.get("q"):
        cases = cases.filter(Q(innovation__name__icontains=typed) | Q(code__icontains=typed))
    if wanted.get("stage"):
        cases = cases.filter(stage=wanted["stage"])
    if wanted.get("status"):
        cases = cases.filter(innovation__status=wanted["status"])
    if unit := number(wanted.get("unit", "")):
        cases = cases.filter(innovation__owning_unit_id=unit)
    return cases


def _row(case: Case, labels: Mapping[str, str]) -> dict[str, Any]:
    innovation = case.innovation
    return {
        "code": case.code,
        "title": innovation.name,
        "unit": innovation.owning_unit.name,
        "stage_label": labels.get(case.stage, Innovation.Status(innovation.status).label),
        "status": innovation.status,
        "status_label": innovation.get_status_display(),
        "since": case.stage_since,
        "url": reverse("case", args=[case.code]),
    }
