"""Imports of our own wait inside the fixtures: Django is not set up yet when pytest reads this."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest


# Under this name pytest-django knows that the tests here need a database that they may commit to.
@pytest.fixture(scope="module")
def transactional_db(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Path]:
    """The regency in the test database, committed for other processes; yields its PAYUNG_VAR."""
    from audit.verifying.run import verify
    from tests.volley.cases import committed_regency

    folder = tmp_path_factory.mktemp("crash")
    with django_db_blocker.unblock(), committed_regency(folder):
        yield folder
        # However often an act was killed: ledger, journal, rows, versions and files agree.
        assert verify().faults == []
