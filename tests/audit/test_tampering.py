"""An intruder with the rights of the database, against finished cases: nothing stays unseen."""

import inspect
import shutil
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import override_settings

from audit import triggers
from audit.keys import make_key
from audit.verifying.run import verify
from tests.audit import ledger_forgeries, row_forgeries
from tests.audit.finished import finished_cases
from tests.audit.intruder import Intruder
from tests.house.tiers import NIGHT
from tests.regency import case_at
from tests.workflow.conftest import regency

__all__ = ["regency"]

# By day on SQLite against a tenth of the cases, by night on both.
pytestmark = [pytest.mark.integration, pytest.mark.one_database]

CASES = 500 if NIGHT else 50


def forgeries(module: Any) -> list[Any]:
    """Every function of a module that an intruder does, by its name."""
    found = inspect.getmembers(module, inspect.isfunction)
    return [
        pytest.param(function, id=name)
        for name, function in found
        if [*inspect.signature(function).parameters] == ["by"] and not name.startswith("_")
    ]


FORGERIES = [*forgeries(ledger_forgeries), *forgeries(row_forgeries)]


@pytest.fixture(scope="module")
def copies(regency, django_db_blocker, tmp_path_factory):
    """The cases, made once; the key and the anchor lie outside of the database."""
    from django.db import transaction

    folder: Path = tmp_path_factory.mktemp("audit")
    places = {
        "AUDIT_KEY_DIR": folder / "keys",
        "AUDIT_ANCHOR_DIR": folder / "anchors",
        "AUDIT_ANCHORS": ["file"],
    }
    block: Any = transaction.atomic()
    block._from_testcase = True
    with django_db_blocker.unblock(), override_settings(**places):
        with block:
            make_key()
            made = finished_cases(case_at("done"), CASES)
        yield made


@pytest.fixture
def intruder(copies, db):
    """Without triggers in the way; the files are put back, the database goes back by itself."""
    media = Path(settings.MEDIA_ROOT)
    kept = media.with_name("kept")
    shutil.copytree(media, kept)
    triggers.remove(connection)
    yield Intruder(copies, CASES // 2)
    shutil.rmtree(media)
    kept.rename(media)


def found_by(report):
    return {(fault.kind.value, fault.table, fault.row) for fault in report.faults}


@pytest.mark.usefixtures("copies", "db")
def test_untouched_database_has_no_fault():
    report = verify()

    assert report.faults == []
    assert report.checkpoint == 5
    assert report.counts["instruments"] == CASES + 1
    assert report.counts["entries"] > CASES * 30


@pytest.mark.parametrize("forgery", FORGERIES)
def test_manipulation_is_found_and_named(intruder, forgery):
    expected = forgery(intruder)
    found = found_by(verify())

    assert {told for told in found if told[0] != "trigger"} == expected
    assert {told[0] for told in found} > {"trigger"}


def test_at_least_forty_kinds_of_manipulation_are_tried():
    assert len(FORGERIES) >= 60
