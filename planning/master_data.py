"""Bring pillars, programmes, nomenclature, funding sources and ceilings from the data files."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.db.models import Model
from simple_history.utils import bulk_create_with_history

from accounts.acting import verb
from accounts.models import User

from .lines import save_changed
from .models import (
    Ceiling,
    FundingSource,
    NomenclatureVersion,
    Pillar,
    Programme,
    SubActivity,
)

DATA = Path(__file__).parent / "data"


@verb
def load_master_data(actor: User) -> dict[str, int]:
    """Load the data files; a second call adds nothing. Returns how many rows were written.

    Names follow the files. A ceiling that exists stays as it is: the finance agency may have
    revised it, and money may be reserved in it.
    """
    return {
        "pillars": _load(Pillar, _read("pillars")),
        "funding_sources": _load(FundingSource, _read("funding_sources")),
        "programmes": _load(Programme, _read("programmes")),
        "sub_activities": _load_nomenclature(_read("nomenclature")),
        "ceilings": _load_ceilings(actor, _read("ceilings")),
    }


def _read(name: str) -> Any:
    return json.loads((DATA / f"{name}.json").read_text(encoding="utf-8"))


def _load(model: type[Model], rows: list[dict[str, Any]], **fixed: Any) -> int:
    existing = {row.code: row for row in model._default_manager.filter(**fixed)}  # type: ignore[attr-defined]
    return sum(save_changed(existing.get(row["code"]) or model(), **fixed, **row) for row in rows)


def _load_nomenclature(data: dict[str, Any]) -> int:
    decree, year = data["decree"], data["valid_from_fy"]
    version = NomenclatureVersion.objects.filter(decree=decree).first()
    version = version or NomenclatureVersion(decree=decree)
    save_changed(version, valid_from_fy=year)
    return _load(SubActivity, data["sub_activities"], version=version)


def _load_ceilings(actor: User, data: dict[str, Any]) -> int:
    sources = {source.code: source for source in FundingSource.objects.all()}
    existing = set(Ceiling.objects.values_list("fiscal_year", "sub_activity__code", "source__code"))
    years = {int(year) for row in data["ceilings"] for year in row["amounts"]}
    known = {year: {row.code: row for row in SubActivity.objects.in_force(year)} for year in years}
    missing = [
        Ceiling(
            fiscal_year=int(year),
            sub_activity=known[int(year)][row["sub_activity"]],
            source=sources[row["source"]],
            amount=Decimal(amount),
            budget_version=data["budget_version"],
        )
        for row in data["ceilings"]
        for year, amount in row["amounts"].items()
        if (int(year), row["sub_activity"], row["source"]) not in existing
    ]
    bulk_create_with_history(missing, Ceiling, default_user=actor)
    return len(missing)
