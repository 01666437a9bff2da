"""What every page may show of a person's sight of the ledger."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from django.db.models import Exists, OuterRef
from django.http import HttpRequest

from accounts.models import Office
from accounts.offices import appointments_on, today

from .auditors import INSPECTOR


@dataclass(frozen=True)
class Sight:
    """That somebody reads the ledger, and whether as one of the inspectorate."""

    audits: bool


def sight(request: HttpRequest) -> dict[str, Callable[[], Sight | None]]:
    """`sees_ledger`: asked of the database only by a page that shows it; the pages check anew."""

    @cache
    def of_reader() -> Sight | None:
        user = getattr(request, "user", None)
        if user is None or not user.is_authenticated:
            return None
        inspectorate = Office.objects.filter(code=INSPECTOR, unit=OuterRef("office__unit"))
        held = appointments_on(today()).filter(user=user, office__sees_all_cases=True)
        found = list(held.order_by().values_list(Exists(inspectorate), flat=True))
        return Sight(any(found)) if found else None

    return {"sees_ledger": of_reader}
