"""What is not the issued file, byte for byte, never passes."""

import datetime
import io
import random

import pytest
import time_machine
from django.db import transaction
from django.test import override_settings
from pypdf import PdfReader, PdfWriter

from accounts.acting import acting_as
from accounts.files.storage import store
from accounts.models import User
from legal_basis.authority import identity_of, make_authority, root
from legal_basis.models import Instrument
from legal_basis.signing import SignatureRequest, sign
from legal_basis.validation import (
    Indication,
    check_signatures,
    in_force,
    stored_verdict,
    verdict,
)
from tests.innovations.factories import UserFactory
from tests.legal_basis.factories import issued, numbered, regent, revoked, system

pytestmark = [pytest.mark.integration, pytest.mark.one_database, pytest.mark.django_db]

PASSED, FAILED, UNSURE = Indication.PASSED, Indication.FAILED, Indication.INDETERMINATE


def test_issued_bytes_pass_and_name_their_instrument(decree):
    instrument = issued(decree.signed)
    found = verdict(decree.signed)
    assert found.as_data() == {
        "verdict": "TOTAL-PASSED",
        "reason": found.reason,
        "number": instrument.number,
        "in_force": True,
    }


@pytest.fixture(scope="session")
def document_of_two(decree, django_db_blocker, authority_folder) -> bytes:
    """The same decree, signed by two one after the other."""
    with django_db_blocker.unblock(), override_settings(PKI_DIR=authority_folder):
        return signed_by_two(decree.unsigned)


def signed_by_two(document: bytes) -> bytes:
    for order, name in enumerate(("Rahmi Puspasari", "Mathur Noviansyah"), start=1):
        person = User(pk=-order, name_plain=name)
        request = SignatureRequest(person, name, "Pejabat", "Manggar", "", order, planned=2)
        document = sign(document, request)
    return document


def issued_by_two(document: bytes) -> Instrument:
    """An issued instrument with two planned signatures whose bytes are these."""
    instrument = issued(document)
    first = instrument.signatures.get()
    with acting_as(system()):
        instrument.signatures.create(
            order=2,
            role="promulgator",
            office=first.office,
            person=first.person,
            name="Mathur Noviansyah",
            capacity="Sekretaris Daerah",
        )
    return instrument


def test_bytes_signed_by_two_pass_and_one_of_them_alone_does_not(decree, document_of_two):
    issued_by_two(document_of_two)
    assert verdict(document_of_two).verdict == PASSED
    assert check_signatures(document_of_two, None, 2).signers == (
        "Rahmi Puspasari",
        "Mathur Noviansyah",
    )
    assert not check_signatures(decree.signed, None, 2).passed
    assert not check_signatures(document_of_two, None, 1).passed


def test_second_signature_locks_the_document(document_of_two):
    from tests.legal_basis.bsre import append_signature

    third = append_signature(document_of_two, identity_of(regent().user, "Bupati"), root())
    assert not check_signatures(third, None, 3).passed


def flipped(document: bytes, times: int) -> list[tuple[int, int]]:
    """Single-bit changes of a document that still pass."""
    chance, passed = random.Random(2026), []
    for _ in range(times):
        position, bit = chance.randrange(len(document)), chance.randrange(8)
        changed = bytearray(document)
        changed[position] ^= 1 << bit
        if verdict(bytes(changed)).verdict == PASSED:
            passed.append((position, bit))
    return passed


def test_single_bit_changes_are_flagged(decree):
    issued(decree.signed)
    assert flipped(decree.signed, 1000) == []


def test_single_bit_changes_of_a_document_of_two_are_flagged(document_of_two):
    issued_by_two(document_of_two)
    assert flipped(document_of_two, 1000) == []


def updated(document: bytes, change) -> bytes:
    """The document with an incremental update behind it, as a PDF program writes one."""
    writer = PdfWriter(io.BytesIO(document), incremental=True)
    change(writer)
    target = io.BytesIO()
    writer.write(target)
    return target.getvalue()


UPDATES = {
    "title in the metadata": lambda w: w.add_metadata({"/Title": "Lain"}),
    "page added": lambda w: w.add_blank_page(200, 200),
    "bookmark": lambda w: w.add_outline_item(title="Lain", page_number=0),
    "attachment": lambda w: w.add_attachment("lain.txt", b"lain"),
    "page turned": lambda w: w.pages[0].rotate(90),
}
TAILS = {
    "one byte": b"\n",
    "comment": b"\n% disahkan\n",
    "second end": b"\n%%EOF\n",
    "another file": b"%PDF-1.7\n",
    "zeros": bytes(1000),
}


@pytest.mark.parametrize("name", UPDATES)
def test_update_behind_the_signature_fails_and_names_the_original(decree, name):
    instrument = issued(decree.signed)
    changed = updated(decree.signed, UPDATES[name])
    assert changed.startswith(decree.signed)
    found = verdict(changed)
    assert (found.verdict, found.number) == (FAILED, instrument.number)


@pytest.mark.parametrize("name", UPDATES)
def test_update_behind_two_signatures_fails_and_names_the_original(document_of_two, name):
    instrument = issued_by_two(document_of_two)
    found = verdict(updated(document_of_two, UPDATES[name]))
    assert (found.verdict, found.number) == (FAILED, instrument.number)


@pytest.mark.parametrize("name", TAILS)
def test_bytes_behind_the_end_fail(decree, document_of_two, name):
    issued(decree.signed)
    issued_by_two(document_of_two)
    assert verdict(decree.signed + TAILS[name]).verdict == FAILED
    assert verdict(document_of_two + TAILS[name]).verdict == FAILED


def test_document_signed_by_us_but_never_issued_fails(decree):
    found = verdict(decree.signed)
    assert (found.verdict, found.number, found.in_force) == (FAILED, None, None)


def test_document_signed_by_another_authority_with_our_names_is_not_ours(
    decree, settings, tmp_path
):
    holder = regent()
    ours = settings.PKI_DIR
    settings.PKI_DIR = tmp_path / "other"
    make_authority()
    request = SignatureRequest(holder.user, holder.user.name_plain, holder.title, "Manggar", "")
    forged = sign(decree.unsigned, request)
    settings.PKI_DIR = ours
    issued(decree.signed)
    assert verdict(forged).verdict == UNSURE


def test_print_without_its_signature_fails(decree):
    instrument = issued(decree.signed)
    with acting_as(system()), transaction.atomic():
        instrument.rendered = store(decree.unsigned, media_type="application/pdf")
        instrument.save()
    found = verdict(decree.unsigned)
    assert (found.verdict, found.number) == (FAILED, instrument.number)


@pytest.mark.parametrize("content", [b"", b"not a PDF", b"%PDF-1.7\n%%EOF", b"\x00" * 5000])
def test_anything_else_is_not_ours(content):
    assert verdict(content).verdict == UNSURE


def test_signature_dictionaries_of_a_hostile_file_are_read_without_unpacking_it():
    flood = b"/Contents <" + b"30" * 90_000 + b"> /ByteRange [0 1 2 3] "
    assert verdict(b"%PDF-1.7\n" + flood * 40).verdict == UNSURE


def test_document_stays_valid_after_its_certificate_ended(decree):
    issued(decree.signed)
    with time_machine.travel(datetime.datetime.now(datetime.UTC) + datetime.timedelta(days=1500)):
        assert verdict(decree.signed).verdict == PASSED


def test_document_signed_while_the_certificate_had_ended_is_uncertain(decree):
    late = datetime.datetime.now(datetime.UTC) + datetime.timedelta(days=1500)
    issued(decree.signed, issued_at=late)
    assert verdict(decree.signed).verdict == UNSURE


def test_document_of_a_lost_authority_is_uncertain(decree, settings, tmp_path):
    issued(decree.signed)
    settings.PKI_DIR = tmp_path / "gone"
    assert verdict(decree.signed).verdict == UNSURE


def test_stored_document_that_was_changed_on_the_disk_fails(decree):
    instrument = issued(decree.signed)
    location = instrument.document.location
    location.write_bytes(decree.signed.replace(b"%%EOF", b"%%EoF"))
    assert stored_verdict(instrument).verdict == FAILED


def test_stored_document_that_is_missing_fails(decree):
    instrument = issued(decree.signed)
    instrument.document.location.unlink()
    assert stored_verdict(instrument).verdict == FAILED


def test_stored_document_as_issued_passes(decree):
    assert stored_verdict(issued(decree.signed)).verdict == PASSED


def test_signature_certifies_against_any_change(decree):
    root = PdfReader(io.BytesIO(decree.signed)).trailer["/Root"]
    signature = root["/Perms"]["/DocMDP"].get_object()
    parameters = signature["/Reference"][0].get_object()["/TransformParams"].get_object()
    assert (parameters["/P"], signature["/SubFilter"]) == (1, "/ETSI.CAdES.detached")


def test_signature_field_is_invisible(decree):
    field = PdfReader(io.BytesIO(decree.signed)).trailer["/Root"]["/AcroForm"]["/Fields"][0]
    assert [float(side) for side in field.get_object()["/Rect"]] == [0, 0, 0, 0]


class TestInForce:
    def test_from_its_day_on(self):
        day = datetime.date(2026, 11, 23)
        instrument = Instrument(status="issued", in_force_from=day)
        before = in_force(instrument, day - datetime.timedelta(days=1))[0]
        assert (before, in_force(instrument, day)[0]) == (False, True)

    def test_until_its_last_day(self):
        day = datetime.date(2026, 11, 23)
        instrument = Instrument(status="issued", in_force_from=day, in_force_until=day)
        after = in_force(instrument, day + datetime.timedelta(days=1))[0]
        assert (in_force(instrument, day)[0], after) == (True, False)

    def test_not_when_revoked(self, decree):
        instrument = revoked(issued(decree.signed))
        assert in_force(instrument)[0] is False

    def test_not_before_it_is_issued(self):
        assert in_force(numbered())[0] is False


def test_person_without_a_certificate_gets_one_when_signing(decree):
    person = UserFactory()
    signed = sign(decree.unsigned, SignatureRequest(person, "Nama", "Camat Gantung", "Manggar", ""))
    assert signed.startswith(decree.unsigned)
