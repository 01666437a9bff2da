"""Earlier instruments get the rows that say what they stipulate and who signed them."""

import pytest

from tests.house.migrating import at

pytestmark = [pytest.mark.integration, pytest.mark.nightly]
OLD = [("legal_basis", "0002_documents_refer_to_accounts")]
ROWS = "tests.legal_basis.old_rows"
WRITTEN = ["sistem", "+"]


def test_instruments_say_themselves_what_they_stipulate_and_who_signed(spare_database):
    at(spare_database, OLD, f"{ROWS}.plant")

    new = at(spare_database, [], f"{ROWS}.read_new")
    signed = [1, "signatory", "Bupati", "a", "2026-03-10T01:00:00+00:00"]
    assert new == {
        "Penetapan": [["Pala"], [signed], ["regent_decree"], [WRITTEN, WRITTEN]],
        "Rancangan": [["Pala"], [], [], [WRITTEN]],
    }

    assert at(spare_database, OLD, f"{ROWS}.read_old") == [["100/1", "Penetapan", "issued"]]
