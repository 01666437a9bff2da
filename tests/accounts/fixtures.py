"""Fixtures that stand on people and offices; a conftest imports the ones its tests ask for."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.utils import translation


@pytest.fixture
def system(db: None) -> Any:
    """The account in whose name jobs and timers write."""
    # A conftest is read before the models are ready.
    from .factories import system_account

    return system_account()


@pytest.fixture
def english() -> Iterator[None]:
    """Sentences as they stand in the source."""
    with translation.override("en"):
        yield
