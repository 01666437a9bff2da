"""Imports of our own wait inside the fixtures: Django is not set up yet when pytest reads this."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.legal_basis.factories import Decree


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Sentences are compared in their source language."""
    from django.utils import translation

    with translation.override("en"):
        yield


@pytest.fixture(scope="module", autouse=True)
def law(request: pytest.FixtureRequest) -> Iterator[None]:
    """The curated law and the clauses, which every draft needs, for modules with a database."""
    if not request.node.get_closest_marker("django_db"):
        yield
        return
    request.getfixturevalue("django_db_setup")
    from tests.legal_basis.factories import with_the_law

    with request.getfixturevalue("django_db_blocker").unblock(), with_the_law():
        yield


@pytest.fixture(scope="session")
def authority_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("pki")


@pytest.fixture(autouse=True)
def folders(settings, tmp_path: Path, authority_folder: Path) -> None:
    """Stored files of a test go with it; the authority lasts for the run."""
    from legal_basis.authority import make_authority

    settings.MEDIA_ROOT = tmp_path / "files"
    settings.PKI_DIR = authority_folder
    make_authority()


@pytest.fixture(scope="session")
def decree(django_db_setup, django_db_blocker, authority_folder: Path) -> "Decree":
    """One decree laid out and signed once for the whole run: both cost a second."""
    from django.test import override_settings

    from tests.legal_basis.factories import printed_decree

    with django_db_blocker.unblock(), override_settings(PKI_DIR=authority_folder):
        return printed_decree()
