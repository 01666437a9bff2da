from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.core.checks import Tags, registry
from django.db import connection
from django.db.backends.sqlite3.base import DatabaseWrapper

from config.checks import check_database_options, faults_of_database

pytestmark = pytest.mark.integration


def sqlite(folder: Path, options: dict[str, object]) -> DatabaseWrapper:
    """A database file that nobody has connected to yet."""
    known = {**connection.settings_dict, "ENGINE": "django.db.backends.sqlite3"}
    return DatabaseWrapper(known | {"NAME": str(folder / "a.sqlite3"), "OPTIONS": options}, "a")


@pytest.fixture
def careless(tmp_path: Path) -> Iterator[DatabaseWrapper]:
    """SQLite as Django ships it."""
    wrapper = sqlite(tmp_path, {})
    yield wrapper
    wrapper.close()


@pytest.mark.django_db
def test_database_check_finds_nothing_in_our_settings():
    assert check_database_options(databases=["default"]) == []


def test_database_check_asks_nothing_when_no_database_is_named():
    assert check_database_options() == []


def test_database_check_is_registered_for_every_migrate():
    assert apps.is_installed("config")
    assert Tags.database in check_database_options.tags
    assert check_database_options in registry.registry.get_checks()


@pytest.mark.django_db
def test_database_check_names_each_careless_option(careless):
    faults = faults_of_database(careless)
    assert [(fault.id, fault.msg.split(",")[0]) for fault in faults] == [
        ("payung.E002", "SQLite transactions begin as DEFERRED"),
        ("payung.E003", "SQLite's journal_mode is delete"),
        ("payung.E003", "SQLite's recursive_triggers is 0"),
        ("payung.E003", "SQLite's busy_timeout is 5000"),
    ]


@pytest.mark.django_db
def test_database_check_finds_nothing_in_a_careful_file_before_its_first_use(tmp_path):
    pragmas = "journal_mode=WAL", "synchronous=FULL", "recursive_triggers=ON"
    options: dict[str, object] = {"transaction_mode": "IMMEDIATE", "timeout": 20}
    options["init_command"] = ";".join(f"PRAGMA {pragma}" for pragma in pragmas)
    careful = sqlite(tmp_path, options)
    assert faults_of_database(careful) == []
    careful.close()


@pytest.mark.django_db
def test_database_check_refuses_a_commit_that_does_not_wait():
    if connection.vendor != "postgresql":
        pragma, repair = "PRAGMA recursive_triggers=OFF", "PRAGMA recursive_triggers=ON"
    else:
        pragma, repair = "SET synchronous_commit=off", "SET synchronous_commit=on"
    with connection.cursor() as cursor:
        cursor.execute(pragma)
        faults = faults_of_database(connection)
        cursor.execute(repair)
    assert len(faults) == 1
    assert faults_of_database(connection) == []


def test_database_check_refuses_another_kind_of_database(careless):
    careless.vendor, careless.display_name = "oracle", "Oracle"
    assert [fault.id for fault in faults_of_database(careless)] == ["payung.E001"]
