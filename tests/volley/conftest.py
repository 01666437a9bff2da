"""Imports of our own wait inside the fixtures: Django is not set up yet when pytest reads this."""

import sys
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
    from tests.volley.cases import committed_regency

    folder = tmp_path_factory.mktemp("volley")
    with django_db_blocker.unblock(), committed_regency(folder):
        yield folder


@pytest.fixture(scope="module")
def field(transactional_db: Path, request: pytest.FixtureRequest) -> Iterator[Any]:
    """A server on the committed regency; what the volleys took is printed at the end."""
    from tests.volley.field import Field
    from tests.volley.server import running_server

    with running_server(transactional_db) as port:
        made = Field(port, transactional_db / "server.log")
        yield made
    if made.seconds:
        _say(request, f"{len(made.seconds)} requests in volleys of 50: p95 {made.p95():.2f} s")


def _say(request: pytest.FixtureRequest, line: str) -> None:
    """Tell whoever watches the run, though nothing failed."""
    with request.config.pluginmanager.getplugin("capturemanager").global_and_fixture_disabled():
        sys.stderr.write(f"\n{line}\n")
