"""Imports of our own wait inside the fixtures: Django is not set up yet when pytest reads this."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from .stages import STAGES


@contextmanager
def taken_back() -> Iterator[None]:
    """Whatever is written inside is gone afterwards."""
    from django.db import transaction

    block: Any = transaction.atomic()
    # As Django's own test cases do: issuing must not take this for a caller's transaction.
    block._from_testcase = True
    with block:
        yield
        transaction.set_rollback(True)


@pytest.fixture(scope="package")
def world(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Any]:
    """Loaded once for the folder: each test changes only its own copy."""
    from django.test import override_settings

    from tests.regency import settled

    from .world import build

    folder = tmp_path_factory.mktemp("rights")
    places = {"PKI_DIR": folder / "pki", "MEDIA_ROOT": folder / "files"}
    places["AUDIT_KEY_DIR"] = folder / "audit-keys"
    with django_db_blocker.unblock(), override_settings(**places), settled(), taken_back():
        yield build()


@pytest.fixture
def db(world: Any) -> Iterator[None]:
    """One savepoint: a thousand cells cannot afford a test case of Django's each."""
    with taken_back():
        yield


@pytest.fixture(scope="package", params=STAGES)
def waiting(request: pytest.FixtureRequest, world: Any) -> Any:
    """Each stage in turn, with the seat at which it waits and a complete answer for it."""
    from .seats import Waiting

    return Waiting.at(world, request.param)


@pytest.fixture(scope="package")
def substituted(world: Any) -> Any:
    """A case that waits for an office whose definitive holder is gone and has a substitute."""
    from .world import OFFICE_OF_A_SUBSTITUTE, new_case, small_record

    return new_case("commitment", small_record(OFFICE_OF_A_SUBSTITUTE))
