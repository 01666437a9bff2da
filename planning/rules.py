"""What must hold for an alignment and a commitment; forms and verbs ask the same functions.

Each `check_…` raises ValidationError with one sentence per fault, naming the row and the mend.
"""

import datetime
from collections import Counter
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import TypedDict, TypeVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.models import Office
from accounts.offices import holders_of, today

from .models import FundingSource, Indicator, NomenclatureVersion, Pillar, SubActivity

T = TypeVar("T")

# The period of the regional action plan (RAD).
TARGET_YEARS = (2026, 2027, 2028, 2029)
FIRST_FISCAL_YEAR = 2025
FIRST_BASELINE_YEAR = 2000
PROOF_LENGTH = 20
MAX_AMOUNT = Decimal(10) ** 16


class PillarRow(TypedDict):
    """One pillar that an innovation serves."""

    pillar: Pillar
    weight: int
    is_lead: bool
    proof: str


class IndicatorRow(TypedDict):
    """One indicator with its targets by year."""

    name: str
    measure: str
    baseline: Decimal
    baseline_year: int
    targets: dict[int, Decimal]


class MoneyRow(TypedDict):
    """Money of one fiscal year, sub-activity and source."""

    fiscal_year: int
    sub_activity: SubActivity
    source: FundingSource
    amount: Decimal


class StaffRow(TypedDict):
    """People in one role."""

    role: str
    headcount: int
    person_months: Decimal


class TechnologyRow(TypedDict):
    """One piece of technology."""

    kind: str
    description: str


class AchievementRow(TypedDict):
    """What one indicator reached."""

    indicator: Indicator
    year: int
    value: Decimal
    note: str


def regent_term_end() -> int:
    """The last fiscal year that the regent in office may commit."""
    return int(getattr(settings, "REGENT_TERM_END", 2030))


def complain(faults: Iterable[str]) -> None:
    """Raise ValidationError with the sentences, if there are any."""
    if sentences := list(faults):
        raise ValidationError(sentences)


def check_pillars(rows: Sequence[PillarRow]) -> None:
    """Each pillar once, weights that add up to 100 %, one lead, a proof for each."""
    if not rows:
        raise ValidationError(_("Choose at least one priority pillar."))
    faults = [
        _("The pillar “%s” stands in two rows. Keep one of them and add up the weights.") % name
        for name in _twice(str(row["pillar"]) for row in rows)
    ]
    faults += [
        _(
            "The proof for “%(pillar)s” has fewer than %(length)s characters. "
            "Write which document, figure or act shows the contribution."
        )
        % {"pillar": row["pillar"], "length": PROOF_LENGTH}
        for row in rows
        if len(row["proof"].strip()) < PROOF_LENGTH
    ]
    complain(faults + _weight_faults([row["weight"] for row in rows]) + _lead_faults(rows))


def _weight_faults(weights: Sequence[int]) -> list[str]:
    if any(not 1 <= weight <= 100 for weight in weights):
        return [_("Each weight lies between 1 and 100 %. Correct the weights of the pillars.")]
    if sum(weights) == 100:
        return []
    return [
        _("The weights of the pillars add up to %s %%. Change them so that they add up to 100 %%.")
        % sum(weights)
    ]


def _lead_faults(rows: Sequence[PillarRow]) -> list[str]:
    leads = sum(bool(row["is_lead"]) for row in rows)
    if leads == 1:
        return []
    return [_("Mark exactly one pillar as the lead pillar; now %s are marked.") % leads]


def check_indicators(rows: Sequence[IndicatorRow]) -> None:
    """Each indicator once, with a target, and a baseline that lies before its targets."""
    if not rows:
        raise ValidationError(_("Add at least one indicator with its targets."))
    faults = [
        _("The indicator “%s” stands in two rows. Keep one of them.") % name
        for name in _twice(row["name"].casefold() for row in rows)
    ]
    for row in rows:
        faults += _baseline_faults(row)
    complain(faults)


def _baseline_faults(row: IndicatorRow) -> list[str]:
    year, name = row["baseline_year"], row["name"]
    if not row["targets"]:
        return [_("The indicator “%s” has no target. Fill in at least one year.") % name]
    first = min(row["targets"])
    if not FIRST_BASELINE_YEAR <= year <= today().year:
        return [
            _(
                "The baseline year of “%(name)s” is %(year)s. Give the year in which the baseline "
                "was measured, from %(first)s to %(last)s."
            )
            % {"name": name, "year": year, "first": FIRST_BASELINE_YEAR, "last": today().year}
        ]
    if year > first:
        return [
            _(
                "The baseline of “%(name)s” is of %(year)s, after its first target of %(first)s. "
                "Correct the baseline year, or leave the target of %(first)s empty."
            )
            % {"name": name, "year": year, "first": first}
        ]
    return []


def check_money(rows: Sequence[MoneyRow]) -> None:
    """Each line once, with a sane year, an amount, and a sub-activity that the year knows."""
    faults = [
        _("The line “%s” stands in two rows. Keep one of them and add up the amounts.") % line
        for line in _twice(money_line(row) for row in rows)
    ]
    versions = dict(NomenclatureVersion.objects.values_list("valid_from_fy", "pk"))
    for row in rows:
        faults += year_faults(row["fiscal_year"]) or _nomenclature_faults(row, versions)
        faults += _amount_faults(row)
    complain(faults)


def money_line(row: MoneyRow) -> str:
    """A money line as sentences name it."""
    return _("fiscal year %(year)s, %(sub_activity)s, %(source)s") % {
        "year": row["fiscal_year"],
        "sub_activity": row["sub_activity"],
        "source": row["source"],
    }


def year_faults(year: int) -> list[str]:
    """What is wrong with a fiscal year, as sentences."""
    if year > regent_term_end():
        return [
            _(
                "Fiscal year %(year)s lies after the end of the regent's term (%(end)s). "
                "Commit money up to %(end)s and leave later years to the next regent."
            )
            % {"year": year, "end": regent_term_end()}
        ]
    if year < FIRST_FISCAL_YEAR:
        return [
            _("Fiscal year %(year)s lies before the action plan. Type a year from %(first)s on.")
            % {"year": year, "first": FIRST_FISCAL_YEAR}
        ]
    return []


def _nomenclature_faults(row: MoneyRow, versions: dict[int, int]) -> list[str]:
    valid = [year for year in versions if year <= row["fiscal_year"]]
    if valid and versions[max(valid)] == row["sub_activity"].version_id:
        return []
    return [
        _(
            "The sub-activity %(code)s does not exist in the nomenclature of fiscal year %(year)s. "
            "Choose a sub-activity of that year."
        )
        % {"code": row["sub_activity"].code, "year": row["fiscal_year"]}
    ]


def _amount_faults(row: MoneyRow) -> list[str]:
    amount = row["amount"]
    if not isinstance(amount, Decimal) or not amount.is_finite():
        return [_("The amount of the line “%s” is not a number. Type digits.") % money_line(row)]
    if amount <= 0:
        return [
            _("The amount of the line “%s” must be above zero. Type it, or remove the line.")
            % money_line(row)
        ]
    if amount >= MAX_AMOUNT:
        return [
            _("The amount of the line “%s” has too many digits. Check the number of zeros.")
            % money_line(row)
        ]
    return []


def check_staff(rows: Sequence[StaffRow]) -> None:
    """Each role once."""
    complain(
        _("The role “%s” stands in two rows. Keep one of them and add up the people.") % role
        for role in _twice(row["role"].casefold() for row in rows)
    )


def check_technology(rows: Sequence[TechnologyRow]) -> None:
    """Each piece of technology once."""
    complain(
        _("The technology “%s” stands in two rows. Keep one of them.") % description
        for _kind, description in _twice(
            (row["kind"], row["description"].casefold()) for row in rows
        )
    )


def check_means(rows: Sequence[MoneyRow], no_money_reason: str) -> None:
    """Money, or a sentence why none is needed; not both."""
    if not rows and not no_money_reason.strip():
        raise ValidationError(
            _("Add at least one money line, or write in one sentence why no money is needed.")
        )
    if rows and no_money_reason.strip():
        raise ValidationError(
            _(
                "There are money lines and a reason why no money is needed. "
                "Remove the lines, or empty the reason."
            )
        )


def check_offices(owner: Office, custodian: Office, on: datetime.date) -> None:
    """An innovation must not depend on one person: two offices, held by two people on that day."""
    if owner.pk == custodian.pk:
        raise ValidationError(
            _("The owner and the second custodian are the same office. Choose another custodian.")
        )
    holders = holders_of([owner, custodian], on)
    people = {appointment.user_id for appointment in holders.values()}
    if len(holders) == 2 and len(people) == 1:
        raise ValidationError(
            _(
                "%(person)s holds both %(owner)s and %(custodian)s today. Choose a custodian "
                "office that somebody else holds."
            )
            % {
                "person": holders[owner.pk].user,
                "owner": owner.title,
                "custodian": custodian.title,
            }
        )


def check_achievements(
    rows: Sequence[AchievementRow], expected: Sequence[Indicator], years: range
) -> None:
    """Every indicator of the alignment is reported, each once, for one of the years."""
    counts = Counter(row["indicator"].pk for row in rows)
    faults = [
        _("The indicator “%s” stands in two rows. Keep one of them.") % indicator.name
        for indicator in expected
        if counts[indicator.pk] > 1
    ]
    faults += [
        _("The indicator “%s” is missing. Report what it reached, even if it is zero.")
        % indicator.name
        for indicator in expected
        if not counts[indicator.pk]
    ]
    faults += [
        _("“%(indicator)s” is reported for %(year)s. Type a year of the period: %(years)s.")
        % {
            "indicator": row["indicator"].name,
            "year": row["year"],
            "years": ", ".join(map(str, years)),
        }
        for row in rows
        if row["year"] not in years
    ]
    complain(faults)


def _twice(values: Iterable[T]) -> list[T]:
    return [value for value, count in Counter(values).items() if count > 1]
