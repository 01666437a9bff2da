"""What every test stands on: settings of its own, a database of its own, a browser.

PAYUNG_TEST_DB=postgresql starts a private PostgreSQL for the run; otherwise SQLite in a file.
DATABASE_URL, where the caller sets it, names another server instead.
"""

import atexit
import gc
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.house import ROOT, databases, kept, tiers

MEMORY_NEEDED = 2 * 1024**3
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "")


def _run_folder() -> Path:
    """One folder for the run, made by its first process and removed by it."""
    if not WORKER:
        place = _fast_disk() or tempfile.gettempdir()
        _remove_abandoned(Path(place))
        made = tempfile.mkdtemp(prefix=f"payung-tests-{os.getpid()}-", dir=place)
        Path(made).chmod(0o755)
        atexit.register(shutil.rmtree, made, ignore_errors=True)
        os.environ |= {"PAYUNG_TEST_FOLDER": made, "PYTEST_DEBUG_TEMPROOT": made}
    return Path(os.environ["PAYUNG_TEST_FOLDER"])


def _remove_abandoned(place: Path) -> None:
    """Take away the folders of runs that were killed."""
    for folder in place.glob("payung-tests-*-*"):
        if not Path("/proc", folder.name.split("-")[2]).exists():
            shutil.rmtree(folder, ignore_errors=True)


def _fast_disk() -> str | None:
    """Memory where there is plenty: nobody cuts the power, and every commit is synced."""
    memory = Path("/dev/shm")  # noqa: S108
    if os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > MEMORY_NEEDED:
        return str(memory)
    return None


def _database_url(folder: Path) -> str:
    if os.environ.get("PAYUNG_TEST_DB", "sqlite") == "sqlite":
        return f"sqlite:///{folder / 'payung.sqlite3'}"
    # The wheel keeps its lock there, and warns where a machine has none.
    os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.mkdtemp(dir=folder))
    from tests.house.postgresql import start_postgresql

    return start_postgresql(folder / "postgresql")


def _make_static_folder(place: Path) -> None:
    """Lend real servers the static files that set-up collected."""
    collected = Path(os.environ.get("PAYUNG_VAR", ROOT / "var")) / "static"
    if collected.exists():
        place.symlink_to(collected.absolute())
    else:
        place.mkdir()


RUN_FOLDER = _run_folder()
VAR = RUN_FOLDER / (WORKER or "main")
VAR.mkdir()
if not WORKER:
    os.environ.setdefault("DATABASE_URL", _database_url(RUN_FOLDER))
    _make_static_folder(RUN_FOLDER / "static")
(VAR / "static").symlink_to(RUN_FOLDER / "static")

# Set before the settings are read, and stronger than the .env of this installation.
os.environ |= {
    "PAYUNG_VAR": str(VAR),
    "SECRET_KEY": "only-for-tests-and-long-enough-to-be-accepted-by-every-check",
    "DEBUG": "0",
    "HTTPS": "0",
    "EMAIL_URL": "",
    # Tests travel in time; those of anchoring name their own.
    "AUDIT_ANCHORS": "",
    "PUBLIC_URL": "http://localhost:8000",
    "LOG_LEVEL": "WARNING",
    # All visitors of a run share one address; the limit has tests of its own.
    "PUBLIC_CHECKS_PER_MINUTE": "1000000",
    # A browser driven from this thread runs an event loop in it; our code never does.
    "DJANGO_ALLOW_ASYNC_UNSAFE": "1",
}

from django.conf import settings  # noqa: E402

if settings.configured:
    raise pytest.UsageError("Unset DJANGO_SETTINGS_MODULE: the suite reads settings of its own.")
os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
DATABASE: dict[str, Any] = settings.DATABASES["default"]
# A worker process that inherited the name would read the settings before it comes here.
del os.environ["DJANGO_SETTINGS_MODULE"]

# Threads and live servers share the database: a file with the options of production.
ON_SQLITE = DATABASE["ENGINE"].endswith("sqlite3")
if ON_SQLITE:
    DATABASE["TEST"] = {"NAME": str(RUN_FOLDER / "test.sqlite3")}
settings.STORAGES["staticfiles"] = {
    "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
}
# Every client of a test would look through all static files; e2e has them served as in production.
settings.WHITENOISE_AUTOREFRESH = True
# Cheap on purpose: a test that logs in must not wait for a strong hash.
settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Share the tests by file, unless another way was asked for."""
    from tests.house.sharing import ByFile

    return ByFile(config, log) if config.getoption("dist") == "load" else None


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Browsers last: after one, this thread has an event loop for good, and bears no second."""
    tiers.leave_out_nightly(config, items)
    items.sort(key=lambda item: item.get_closest_marker("e2e") is not None)


def pytest_collection_finish() -> None:
    """Ten thousand tests are no garbage: do not look through them again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


@pytest.fixture(scope="session")
def django_db_keepdb(django_db_keepdb: bool, django_db_modify_db_settings: None) -> bool:
    """Start from the migrated database that is kept for this schema."""
    if django_db_keepdb:
        return True
    name = DATABASE["TEST"]["NAME"] or f"test_{DATABASE['NAME']}"
    if ON_SQLITE:
        return kept.reuse_sqlite(Path(name))
    # A server that was named for us may be of another version.
    ours = os.environ.get("PAYUNG_TEST_DB") == "postgresql"
    return ours and kept.reuse_postgresql(os.environ["DATABASE_URL"], name)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Set a migrated database aside, for later runs or for servers in other processes."""
    from django.db import connection

    connection.close()
    if ON_SQLITE:
        kept.keep("sqlite", kept.copy_sqlite(Path(connection.settings_dict["NAME"])))
    else:
        databases.make_template(connection.settings_dict)
    with django_db_blocker.unblock():
        databases.original.remember()
        connection.close()
    with databases.put_back_after_commits():
        yield
    if not ON_SQLITE:
        databases.drop_template(connection.settings_dict)


@pytest.fixture
def spare_database(django_db_setup: None, tmp_path: Path) -> Iterator[str]:
    """The URL of one more migrated database, for a server in another process."""
    from django.db import connection

    with databases.spare(connection.settings_dict, tmp_path) as url:
        yield url


@pytest.fixture(autouse=True)
def application_clock(request: pytest.FixtureRequest) -> Iterator[None]:
    """Tests set the clock of this process; one marked `database_clock` takes the database's."""
    if request.node.get_closest_marker("database_clock"):
        yield
        return
    from accounts.clock import follow_application

    with follow_application():
        yield


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Debian's Chromium, which calls nobody: its shell without windows costs a third less."""
    program = os.environ.get("CHROMIUM") or shutil.which("chromium-headless-shell")
    quiet = ["--disable-background-networking", "--disable-component-update", "--disable-sync"]
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    return {
        **browser_type_launch_args,
        "executable_path": program,
        "args": [*quiet, *sandbox, "--disable-gpu", "--disable-quic", "--no-first-run"],
    }


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    """A visitor from the regency: Indonesian, in its time zone, on a desk screen."""
    return {
        **browser_context_args,
        "locale": "id-ID",
        "timezone_id": "Asia/Jakarta",
        "viewport": {"width": 1280, "height": 900},
    }
