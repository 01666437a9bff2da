"""From a question to evidence that is verified: what an auditor walks, counted."""

import hashlib
import json

import pytest

from audit.checkpoints import make_checkpoint
from audit.hashing import head_leaf
from audit.keys import is_signed
from audit.models import Entry
from audit.proving import root_by
from legal_basis.drafting import current_instrument

from .counting import Walker
from .site import backstage

pytestmark = pytest.mark.e2e


def test_question_becomes_verified_evidence_on_two_pages_with_four_clicks(enter, stock, tmp_path):
    case = stock.at("done")
    instrument = current_instrument(case.innovation)
    backstage(make_checkpoint)
    walker = Walker(enter("inspektur"))

    walker.open("/audit/", screen="ledger")
    question = walker.page.locator("#id_q")
    question.fill(instrument.number)
    with walker.page.expect_response(lambda reply: "q=" in reply.url):
        walker.press(question, "Enter")
    signed = walker.page.locator("#found .link-card", has_text="Produk hukum ditandatangani")
    signed.first.wait_for()
    assert walker.page.locator("#found .overline").all_inner_texts() != []
    with walker.page.expect_navigation():
        walker.click(signed.first.locator("a"))
    walker.cost.screens.add("entry")
    assert walker.page.locator("[data-proof=good]").count() == 1
    with walker.page.expect_download() as arriving:
        walker.click("a[href$='/proof.json']")
    arriving.value.save_as(tmp_path / "bukti.json")

    assert (len(walker.cost.screens), walker.cost.pages) == (2, 2)
    assert walker.cost.clicks == 3
    assert walker.cost.clicks <= 4
    proof = json.loads((tmp_path / "bukti.json").read_text())
    assert proves(proof, case.code)


def proves(proof, code):
    """Whether the file alone shows that the entry is what the signed checkpoint covers."""
    before = "0" * 64
    for link in proof["chain"]:
        assert link["chain"] == code
        assert hashlib.sha256(link["payload"].encode()).hexdigest() == link["payload_hash"]
        names = ("version", "chain", "sequence", "kind", "actor", "capacity", "micros")
        lines = [*(str(link[name]) for name in names), link["payload_hash"], before]
        before = hashlib.sha256("\n".join(lines).encode()).hexdigest()
        assert before == link["hash"]
    point = proof["checkpoint"]
    assert point["head"]["hash"] == before
    root = root_by(head_leaf(code, point["head"]["sequence"], before), point["path"])
    assert f"root: {root}\n" in point["statement"]
    return is_signed(point["statement"], point["signature"], point["key"])


def test_ledger_is_asked_without_javascript_as_well(enter, stock):
    case = stock.at("done")
    page = enter("inspektur", java_script_enabled=False)
    page.goto("/audit/")
    page.fill("#id_q", case.code)
    with page.expect_navigation():
        page.press("#id_q", "Enter")

    shown = page.locator("#found .overline span:first-child").all_inner_texts()
    newest = Entry.objects.filter(chain=case.code).latest("sequence")
    # Acts of the innovation's monitoring, found by the same code, may be newer.
    assert f"{case.code}/{newest.sequence}" in shown
    assert page.locator("#id_q").input_value() == case.code
