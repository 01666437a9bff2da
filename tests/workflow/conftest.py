"""Imports of our own wait inside the fixtures: Django is not set up yet when pytest reads this."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.accounts.fixtures import english, system

__all__ = ["english", "system"]


@pytest.fixture(scope="module")
def regency(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[None]:
    """The demo's regency for a module of tests, taken back after it."""
    from django.db import transaction
    from django.test import override_settings

    from tests.regency import settled

    folder: Path = tmp_path_factory.mktemp("regency")
    places = {"PKI_DIR": folder / "pki", "MEDIA_ROOT": folder / "files"}
    unblocked = django_db_blocker.unblock()
    with unblocked, override_settings(**places), settled(), transaction.atomic():
        yield
        transaction.set_rollback(True)


@contextmanager
def shared(blocker: Any) -> Iterator[None]:
    """Where a fixture of a module writes what its tests share."""
    from django.db import transaction

    block: Any = transaction.atomic()
    # As Django's own test cases do: issuing must not take this for a caller's transaction.
    block._from_testcase = True
    with blocker.unblock(), block:
        yield


@pytest.fixture(scope="module")
def walked(
    request: pytest.FixtureRequest, regency: None, django_db_blocker: object
) -> dict[str, int]:
    """A case at each stage that the module names in `WALKED`, walked there once for all tests."""
    from tests.regency import case_at

    with shared(django_db_blocker):
        return {stage: case_at(stage).pk for stage in request.module.WALKED}


@pytest.fixture
def at(walked: dict[str, int], db: None) -> Callable[[str], Any]:
    """The module's case at a stage, as it is stored; what a test does to it is taken back."""
    from workflow.models import Case

    return lambda stage: Case.objects.select_related("innovation").get(pk=walked[stage])
