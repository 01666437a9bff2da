"""Delegations as a holder gives them, on a day in March."""

import datetime
from datetime import UTC, date
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.delegations import delegate
from accounts.models import Appointment, Delegation, User
from tests.accounts.factories import UserFactory

DAY = date(2026, 3, 10)
NOON = datetime.datetime(2026, 3, 10, 5, tzinfo=UTC)


def give(
    principal: Appointment, to: User | None = None, by: User | None = None, **changes: Any
) -> Delegation:
    """Hand on for five days, with what a test changes about it."""
    terms: dict[str, Any] = {
        "start": DAY,
        "end": date(2026, 3, 14),
        "basis_number": "100.3.5/014/2026",
        "basis_date": date(2026, 3, 9),
    }
    with transaction.atomic():
        return delegate(by or principal.user, principal, to or UserFactory(), **terms | changes)


def refused(field: str, sentence: str, *args: Any, **kwargs: Any) -> None:
    """The same, refused with one sentence at one field; nothing is recorded."""
    before = Delegation.objects.count()
    with pytest.raises(ValidationError) as refusal:
        give(*args, **kwargs)
    assert refusal.value.message_dict == {field: [sentence]}
    assert Delegation.objects.count() == before
