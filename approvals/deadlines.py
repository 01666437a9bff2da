"""Working days and due dates (domain.md section 9)."""

import datetime
from functools import lru_cache

import holidays

# Collective leave ("government") is no working day for civil servants.
CATEGORIES = ("public", "government")


@lru_cache(maxsize=8)
def _holidays(year: int) -> frozenset[datetime.date]:
    return frozenset(holidays.country_holidays("ID", years=year, categories=CATEGORIES))


def is_working_day(day: datetime.date) -> bool:
    """Monday to Friday, neither a national holiday nor collective leave."""
    return day.weekday() < 5 and day not in _holidays(day.year)


def working_days_after(start: datetime.date, days: int) -> datetime.date:
    """The day on which `days` working days have passed since `start`, the start not counted."""
    day = start
    while days > 0:
        day += datetime.timedelta(days=1)
        days -= is_working_day(day)
    return day
