"""Certified copies and excerpts: the text of the original, whoever certifies it, and its file."""

import io

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from pypdf import PdfReader

from accounts.acting import acting_as
from accounts.offices import today
from legal_basis import copies, issuing
from legal_basis.copies import Kind, certify_copy, make_copy, parts_of
from legal_basis.hash_check import verdict_on_hash
from legal_basis.models import CertifiedCopy, Instrument, LegalSource
from legal_basis.originals import original_anatomy
from legal_basis.signing import SigningError
from legal_basis.validation import Indication, verdict
from legal_basis.wording import long_date
from tests.accounts.factories import system_account
from tests.innovations.factories import AppointmentFactory, UserFactory
from tests.legal_basis.factories import (
    draft,
    head_of_legal_section,
    issued,
    number,
    on_its_way,
    regent,
    system,
)

pytestmark = [
    pytest.mark.integration,
    pytest.mark.one_database,
    pytest.mark.django_db(transaction=True),
]


@pytest.fixture
def original() -> Instrument:
    """A decree that was really laid out, signed and issued."""
    head_of_legal_section()
    instrument = on_its_way()
    issuing.issue(instrument.pk)
    return Instrument.objects.get(pk=instrument.pk)


def certified(instrument: Instrument, by=None, **terms) -> CertifiedCopy:
    with transaction.atomic():
        return certify_copy(by or head_of_legal_section().user, instrument, **terms)


def made(instrument: Instrument, **terms) -> CertifiedCopy:
    copy = certified(instrument, **terms)
    make_copy(copy.pk)
    copy.refresh_from_db()
    return copy


def text_of(pdf: bytes) -> str:
    pages = PdfReader(io.BytesIO(pdf)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def test_copy_has_the_text_of_the_original_and_who_certifies_it(original):
    copy = made(original, recipient="Dinas Kesehatan")
    text = text_of(copy.document.read())
    clauses = [clause.text for clause in original_anatomy(original).dicta]
    wanted = [
        "SALINAN",
        original.number,
        *(" ".join(clause.split())[:60] for clause in clauses),
        "ttd RAHMI PUSPASARI",
        "Salinan sesuai dengan aslinya",
        "KEPALA BAGIAN HUKUM, Sulaiman Hadi, S.H., M.H.",
        "Pembina (IV/a) NIP 197903112005011004",
        "Salinan ke-1 untuk Dinas Kesehatan",
        long_date(today()),
    ]
    assert [one for one in wanted if one not in text] == []
    assert "Ditandatangani secara elektronik" not in text


def test_copy_keeps_to_what_was_printed_when_the_case_and_the_law_change(original):
    before = original_anatomy(original)
    with acting_as(system()):
        original.content["dicta"] = [{"key": "x", "text": "Diubah diam-diam"}]
        original.save()
        with acting_as(system_account()):
            LegalSource.objects.update(title="Judul baru")
    after = Instrument.objects.get(pk=original.pk)
    assert original_anatomy(after) == before
    text = text_of(made(after).document.read())
    assert "Diubah diam-diam" not in text
    assert "Judul baru" not in text


def test_excerpt_has_the_chosen_parts_alone(original):
    parts = parts_of(original_anatomy(original))
    copy = made(original, kind=Kind.EXCERPT, parts=[1])
    text = text_of(copy.document.read())
    chosen, left_out = " ".join(parts[1].text.split())[:50], " ".join(parts[0].text.split())[:50]
    assert "PETIKAN" in text
    assert "Petikan sesuai dengan aslinya" in text
    assert "Menimbang : dst. Mengingat : dst." in text
    assert f"dst. KEDUA : {chosen}" in text
    assert left_out not in text
    assert "LAMPIRAN" not in text


@pytest.mark.parametrize("parts", [[], [99], [-1]])
def test_excerpt_of_nothing_is_refused(original, parts):
    with pytest.raises(ValidationError, match="Parts"):
        certified(original, kind=Kind.EXCERPT, parts=parts)


def test_signed_copy_is_known_by_its_bytes(original):
    copy = made(original)
    content = copy.document.read()
    found = verdict(content)
    assert (found.verdict, found.instrument) == (Indication.PASSED, original)
    assert found.reason == f"This is certified copy no. 1 of number {original.number}."
    assert verdict(content[:-1]).verdict == Indication.FAILED


def test_hash_of_a_copy_says_what_its_bytes_say(original):
    copy = made(original)
    assert verdict_on_hash(copy.document.sha256) == verdict(copy.document.read())


def test_unsigned_copy_is_known_and_said_to_be_unsigned(original, settings):
    settings.SIGNING_PROVIDER = "wet_ink"
    copy = made(original)
    found = verdict(copy.document.read())
    assert (found.verdict, found.instrument) == (Indication.INDETERMINATE, original)
    assert "no valid electronic signature" in found.reason


def test_failure_is_a_sentence_and_is_repeated(original, settings, tmp_path):
    copy = certified(original)
    authority, settings.PKI_DIR = settings.PKI_DIR, tmp_path / "gone"
    with pytest.raises(SigningError):
        make_copy(copy.pk)
    copy.refresh_from_db()
    assert "certificate authority" in copy.failure
    settings.PKI_DIR = authority
    make_copy(copy.pk)
    copy.refresh_from_db()
    first = copy.document
    make_copy(copy.pk)
    copy.refresh_from_db()
    assert (copy.failure, copy.document) == ("", first)


def test_substitute_certifies_in_that_capacity(decree):
    instrument, head = issued(decree.signed), head_of_legal_section()
    with acting_as(system()):
        person = UserFactory(username="plh", name_plain="Rina Wulandari", nip="1980")
        AppointmentFactory(user=person, office=head.office, capacity="plh", start=today())
    copy = certified(instrument, by=person)
    assert (copy.capacity, copy.certified_by) == ("Plh. Kepala Bagian Hukum", person)
    with pytest.raises(PermissionDenied):
        certified(instrument, by=head.user)


def test_serials_follow_each_other_for_each_instrument(decree):
    instrument = issued(decree.signed)
    assert [certified(instrument).serial for _ in range(3)] == [1, 2, 3]


def test_others_certify_nothing(decree):
    instrument = issued(decree.signed)
    head_of_legal_section()
    with pytest.raises(PermissionDenied, match="head of the legal section"):
        certified(instrument, by=regent().user)
    assert not CertifiedCopy.objects.exists()


def test_draft_is_not_copied():
    instrument = draft()
    number(instrument)
    with pytest.raises(ValidationError, match="Only an issued"):
        certified(instrument)


@pytest.mark.parametrize("recipient", ["a\u202eb", "x" * 201, "a\nb"])
def test_hostile_recipient_is_refused(decree, recipient):
    with pytest.raises(ValidationError, match="Recipient"):
        certified(issued(decree.signed), recipient=recipient)


def test_markup_in_a_recipient_is_text(decree):
    instrument = issued(decree.signed)
    copy = certified(instrument, recipient='<img src="file:///etc/passwd">')
    pdf = copies.lay_out_copy(copy, original_anatomy(instrument))
    assert '<img src="file:///etc/passwd">' in text_of(pdf)
