"""Cases from before the ledger are taken over, and every chain says so."""

import os
import subprocess
import sys

import pytest

from tests.house import ROOT
from tests.house.migrating import at

pytestmark = [pytest.mark.integration, pytest.mark.postgresql_by_day]
BEFORE = [("audit", None)]
ROWS = "tests.audit.old_rows"


def migrate(url: str) -> None:
    subprocess.run(
        [sys.executable, "manage.py", "migrate", "--verbosity", "0"],
        cwd=ROOT,
        env=os.environ | {"DATABASE_URL": url},
        check=True,
    )


def test_cases_from_before_the_ledger_begin_their_chains_with_an_import(spare_database):
    at(spare_database, BEFORE, f"{ROWS}.plant")
    migrate(spare_database)

    found = at(spare_database, [], f"{ROWS}.read")
    assert list(found) == ["INV-2025-0001", "INV-2025-0002", "INV-2025-0002-M"]
    payloads = [payload for *_place, payload in found.values()]
    assert [entry[:3] for entry in found.values()] == [[1, "import", "sistem"]] * 3
    assert payloads[0]["found"] == {
        "stage": "trial",
        "since": "2025-03-10T01:00:00.000000+00:00",
        "innovation": "INV-2025-0001",
        "status": "in_progress",
    }
    base = payloads[0]["baseline"]
    assert [payload["baseline"] for payload in payloads] == [base] * 3
    assert (base["after"], base["rows"]) == (0, base["until"])
    rows = at(spare_database, [], f"{ROWS}.baseline")
    assert [operation for operation, _key in rows] == ["B"] * 3

    migrate(spare_database)
    assert at(spare_database, [], f"{ROWS}.read") == found
