"""Imports of our own wait inside the fixtures: Django is not set up yet when pytest reads this."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.accounts.fixtures import english, system

__all__ = ["english", "system"]


@pytest.fixture(scope="module")
def regency(
    django_db_setup: None, django_db_blocker: object, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[None]:
    """The demo's regency, loaded once for a module of tests and taken back after it."""
    from django.db import transaction
    from django.test import override_settings

    from tests.regency import settle_in

    folder: Path = tmp_path_factory.mktemp("regency")
    places = {"PKI_DIR": folder / "pki", "MEDIA_ROOT": folder / "files"}
    with django_db_blocker.unblock(), override_settings(**places):  # type: ignore[attr-defined]
        outer = transaction.atomic()
        outer.__enter__()
        try:
            settle_in()
            yield
        finally:
            transaction.set_rollback(True)
            outer.__exit__(None, None, None)
