"""What every page may show of a person's sight of the ledger."""

from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest

from accounts.offices import appointments_on, today

from .auditors import INSPECTORATE


@dataclass(frozen=True)
class Sight:
    """That somebody reads the ledger, and whether as one of the inspectorate."""

    audits: bool


def sight(request: HttpRequest) -> dict[str, Callable[[], Sight | None]]:
    """`sees_ledger`: asked of the database only by a page that shows it; the pages check anew."""
    return {"sees_ledger": lambda: sight_of(request)}


def sight_of(request: HttpRequest) -> Sight | None:
    """What the reader of this request sees of the ledger today; asked once for each request."""
    if not hasattr(request, "_sight"):
        request._sight = _sight(request)  # type: ignore[attr-defined]
    found: Sight | None = request._sight  # type: ignore[attr-defined]
    return found


def _sight(request: HttpRequest) -> Sight | None:
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return None
    held = appointments_on(today()).filter(user=user, office__sees_all_cases=True)
    units = list(held.order_by().values_list("office__unit__code", flat=True))
    return Sight(INSPECTORATE in units) if units else None
