"""What the caller tells of a case so that its instrument can be written."""

import datetime
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import NotRequired, TypedDict


class CostPart(TypedDict):
    """One amount of the cost dictum."""

    fiscal_year: int
    amount: Decimal
    source: str
    sub_activity: NotRequired[str]


class AnnexRow(TypedDict):
    """One indicator of the annex; `targets` maps a year to its value, all values as printed."""

    pillar: str
    programme: str
    indicator: str
    measure: str
    baseline: str
    targets: dict[int, str]


class DraftFacts(TypedDict):
    """What the caller tells of the case; titles are printed as they come, all texts Indonesian.

    `further` names the innovations beside that of the case, `further_rows` has their annex rows;
    `target_…` and `reason` are told of an instrument that amends, revokes or corrects another one
    (`target_form`: `Keputusan Bupati`).
    """

    signatory_office: str
    owner: NotRequired[str]
    custodian: NotRequired[str]
    coordinator: NotRequired[str]
    monitoring_months: NotRequired[int]
    pillar: NotRequired[str]
    programme: NotRequired[str]
    cost: NotRequired[Sequence[CostPart]]
    annex_rows: NotRequired[Sequence[AnnexRow]]
    copy_recipients: NotRequired[Sequence[str]]
    further: NotRequired[Sequence[str]]
    further_rows: NotRequired[Mapping[str, Sequence[AnnexRow]]]
    target_form: NotRequired[str]
    target_number: NotRequired[str]
    target_title: NotRequired[str]
    target_dated: NotRequired[datetime.date]
    target_parts: NotRequired[str]
    reason: NotRequired[str]
