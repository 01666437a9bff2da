"""A browser before the whole application. Imports of our own wait until Django is set up."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page

Enter = Callable[..., Page]
HERE = Path(__file__).parent
LONGEST = {"test_screens.py", "test_reviewers.py", "test_keyboard.py"}


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """These tests come last: the browser's event loop stays in the thread, and others start one.

    The longest are the first of them, so that the processes end together.
    """
    items.sort(key=lambda item: (HERE in item.path.parents, item.path.name not in LONGEST))


@pytest.fixture(scope="session")
def browser_without_connections(playwright: Any) -> Iterator[None]:
    """A thread with an event loop has connections of its own; they end before the database does."""
    yield
    from django.db import connections

    connections.close_all()


# By its name pytest-django knows that the database is needed.
@pytest.fixture(scope="package")
def db(
    django_db_setup: None, django_db_blocker: Any, browser_without_connections: None
) -> Iterator[None]:
    """The database without a transaction around each test: the server's threads see it too."""
    with django_db_blocker.unblock():
        yield


@pytest.fixture(scope="package")
def address(db: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where the application answers; its database is filled once for all tests of this folder."""
    from .site import serving

    with serving(tmp_path_factory.mktemp("site")) as place:
        yield place


@pytest.fixture(scope="package")
def stock(address: str) -> Any:
    """Innovations at every stage, each walked there once."""
    from .stock import Stock

    return Stock()


@pytest.fixture
def complaints() -> Iterator[list[str]]:
    """What browser and policies complained about: a test must leave it empty."""
    found: list[str] = []
    yield found
    assert found == []


@pytest.fixture
def enter(address: str, new_context: Any, complaints: list[str]) -> Enter:
    """Open a browser of a person who is logged in, or of a visitor without an account."""
    from .site import session_of
    from .watching import watch

    def open_browser(username: str = "", **options: Any) -> Page:
        context: BrowserContext = new_context(base_url=address, **options)
        # Twenty seconds were too few for a first page on a machine at ten times its load.
        context.set_default_timeout(60_000)
        if username:
            session = session_of(username)
            context.add_cookies([{"name": "sessionid", "value": session, "url": address}])
        page = context.new_page()
        watch(page, complaints)
        return page

    return open_browser
