"""The ledger on paper and on the public page: printed, read back, covered, and kept outside."""

import io

import pytest
from django.db import connection
from django.urls import reverse
from pypdf import PdfReader

from audit import triggers
from audit.anchoring import anchor_new
from audit.kinds import Kind
from audit.models import Checkpoint, Entry
from legal_basis.authority import make_authority
from legal_basis.evidence import Position, evidence_of, position_of, printed_position
from legal_basis.issuing import issue
from legal_basis.models import Instrument
from tests.legal_basis.factories import on_its_way
from tests.legal_basis.public import instrument

pytestmark = [pytest.mark.integration, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def places(settings, tmp_path, checkpoint_key):
    settings.VAR_DIR = tmp_path
    settings.PKI_DIR = tmp_path / "pki"
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.AUDIT_ANCHOR_DIR = tmp_path / "anchors"
    settings.AUDIT_ANCHORS = ["file"]
    make_authority()


@pytest.fixture
def issued(places) -> Instrument:
    """A decree that was laid out, signed and issued."""
    made = on_its_way()
    issue(made.pk)
    return Instrument.objects.get(pk=made.pk)


def text(response) -> str:
    return " ".join(response.content.decode().split())


def test_the_position_is_printed_kept_in_the_file_and_shown_to_everybody(issued, client):
    printed = printed_position(issued)
    last = Entry.objects.filter(chain=issued.subject_code, hash=printed.digest)
    assert last.values_list("chain", "sequence").get() == (printed.chain, printed.sequence)
    pages = PdfReader(io.BytesIO(issued.document.read())).pages
    foot = " ".join(pages[0].extract_text().split())
    assert f"Buku besar: {printed.chain}/{printed.sequence} {printed.digest[:16]}" in foot

    entry = Entry.objects.get(chain=issued.subject_code, kind=Kind.ISSUE)
    uncovered = evidence_of(issued)
    assert uncovered.position == Position(entry.chain, entry.sequence, entry.hash)
    assert (uncovered.printed_holds, uncovered.checkpoint, uncovered.witnesses) == (True, None, [])

    anchor_new()
    made = Checkpoint.objects.get()
    client.cookies["django_language"] = "en"
    shown = text(client.get(reverse("verify", args=[issued.token])))
    for wanted in (entry.hash, str(printed), "unchanged", f"No. {made.number}, signed", "file,"):
        assert wanted in shown

    told = client.get(reverse("verify_data", args=[issued.token])).json()["ledger"]
    assert told.pop("signed_at") == made.at.isoformat()
    assert [one.pop("since") for one in told["kept_by"]] == [
        made.receipts.get().at.isoformat(),
    ]
    assert told == {
        "chain": entry.chain,
        "sequence": entry.sequence,
        "hash": entry.hash,
        "printed": printed.as_data() | {"holds": True},
        "checkpoint": 1,
        "kept_by": [{"anchor": "file"}],
    }

    # Whoever rewrites the chain cannot rewrite the paper.
    triggers.remove(connection)
    Entry.objects.filter(chain=printed.chain, sequence=printed.sequence).update(hash="0" * 64)
    triggers.install(connection)
    client.cookies["django_language"] = "en"
    shown = text(client.get(reverse("verify", args=[issued.token])))
    assert "The ledger does not have this entry: it was changed." in shown


def test_an_instrument_whose_file_names_no_position_still_has_its_chain(places):
    made = instrument()
    assert printed_position(made) is None
    found = evidence_of(made)
    assert found.position == position_of(made.subject_code)
    assert (found.printed, found.printed_holds) == (None, False)


def test_a_case_that_the_ledger_does_not_know_has_no_position(places):
    assert position_of("PYG-0") is None
    assert evidence_of(Instrument(subject_code="PYG-0")) is None
