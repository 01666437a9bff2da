"""Fixtures that stand on people and offices; a conftest imports the ones its tests ask for."""

from collections.abc import Iterator
from pathlib import Path
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
def clerk(db: None) -> Any:
    """An administrator: looks after people, offices and appointments."""
    from .factories import administrator

    return administrator()


@pytest.fixture
def english() -> Iterator[None]:
    """Sentences as they stand in the source."""
    with translation.override("en"):
        yield


@pytest.fixture(autouse=True)
def files_folder(settings, tmp_path: Path) -> Path:
    """Stored files of a test go with it."""
    settings.MEDIA_ROOT = tmp_path / "files"
    return tmp_path / "files"


@pytest.fixture
def on_the_day() -> Iterator[None]:
    """Noon of the day on which the delegations of `giving.py` begin."""
    import time_machine

    from .giving import NOON

    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def holder(db: None) -> Any:
    """Somebody who holds an office for good."""
    from .factories import AppointmentFactory

    return AppointmentFactory(
        office__title="Kepala Dinas Kesehatan", user__name_plain="Siti Rahayu"
    )
