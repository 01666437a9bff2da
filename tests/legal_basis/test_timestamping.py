"""Every signature carries a time stamp; an outside authority makes it last."""

import datetime
import io

import pytest
from asn1crypto import x509 as asn1  # type: ignore[import-untyped]
from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext
from pypdf import PdfReader

from legal_basis import authority, issuing
from legal_basis.models import Instrument
from legal_basis.signing import SignatureRequest, SigningError, sign
from legal_basis.validation import Indication, check_signatures, verdict
from tests.innovations.factories import UserFactory
from tests.legal_basis.bsre import append_signature
from tests.legal_basis.factories import on_its_way, regent, system
from tests.legal_basis.stamps import outside_authority

pytestmark = [
    pytest.mark.integration,
    pytest.mark.one_database,
    pytest.mark.django_db(transaction=True),
]


@pytest.fixture
def outside(settings, tmp_path):
    """A time-stamp authority on loopback, with a root of its own; `trouble` makes it fail."""
    with outside_authority(settings, tmp_path) as handler:
        yield handler


def request(order: int = 1, planned: int = 1) -> SignatureRequest:
    system()
    return SignatureRequest(
        UserFactory(), "Rahmi", "Bupati", "Manggar", "Penetapan", order=order, planned=planned
    )


def embedded(document: bytes) -> list:
    return list(PdfFileReader(io.BytesIO(document)).embedded_signatures)


def stamp_in(document: bytes) -> datetime.datetime | None:
    """The time in the stamp of the first signature, if it has one."""
    (signature, *_) = embedded(document)
    context = ValidationContext(
        trust_roots=[asn1.Certificate.load(authority.der(authority.root()))]
    )
    found = validate_pdf_signature(signature, context).timestamp_validity
    return found.timestamp if found else None


def test_certificate_of_our_stamps_is_for_stamps_alone():
    found = authority.time_stamper().certificate
    usage = found.extensions.get_extension_for_class(x509.ExtendedKeyUsage)
    assert (list(usage.value), usage.critical) == ([ExtendedKeyUsageOID.TIME_STAMPING], True)
    assert authority.is_ours(found)


def test_installation_from_before_makes_its_stamper_when_first_needed(settings, tmp_path):
    settings.PKI_DIR = tmp_path / "old"
    authority.make_authority()
    (settings.PKI_DIR / "time-stamps.pem").unlink()
    first, again = authority.time_stamper(), authority.time_stamper()
    assert first.certificate == again.certificate


def test_signature_carries_a_stamp_of_now(decree):
    stamp = stamp_in(sign(decree.unsigned, request()))
    assert abs(datetime.datetime.now(datetime.UTC) - stamp) < datetime.timedelta(seconds=60)


def test_signature_without_a_stamp_from_before_still_passes(decree):
    old = append_signature(
        decree.unsigned, authority.identity_of(regent().user, "Bupati"), authority.root()
    )
    assert stamp_in(old) is None
    assert check_signatures(old, None).passed


@pytest.mark.parametrize("planned", [1, 2])
def test_outside_stamps_make_signatures_last(planned, decree, outside):
    document = decree.unsigned
    for order in range(1, planned + 1):
        document = sign(document, request(order, planned))
        assert check_signatures(document, None, order).passed
    catalogue = PdfReader(io.BytesIO(document)).trailer["/Root"]
    assert catalogue["/DSS"]["/CRLs"]
    assert [one.sig_object_type for one in embedded(document)] == [
        "/Sig",
        "/DocTimeStamp",
    ] * planned
    assert not check_signatures(document + b"\n", None, planned).passed


def test_stamp_of_an_authority_that_nobody_trusts_is_doubtful(decree, outside, settings):
    document = sign(decree.unsigned, request())
    settings.TSA_ROOTS = ""
    found = check_signatures(document, None)
    assert (found.intact, found.trusted) == (True, False)


@pytest.mark.parametrize("trouble", ["refused", "broken", "half"])
def test_stamps_that_fail_leave_no_file_and_can_be_repeated(trouble, outside):
    instrument = on_its_way()
    outside.trouble = trouble
    with pytest.raises(SigningError, match="could not be signed"):
        issuing.issue(instrument.pk)
    failed = Instrument.objects.get(pk=instrument.pk)
    assert (failed.status, failed.document) == ("failed", None)
    assert failed.failure.startswith("The document could not be signed")
    outside.trouble = ""
    issuing.issue(instrument.pk)
    issued = Instrument.objects.get(pk=instrument.pk)
    assert (issued.number, issued.rendered) == (instrument.number, failed.rendered)
    assert verdict(issued.document.read()).verdict == Indication.PASSED


def test_stamper_that_is_down_is_told_in_a_sentence(decree, settings):
    settings.TSA_URL = "http://127.0.0.1:9/"
    with pytest.raises(SigningError, match="nobody answers there"):
        sign(decree.unsigned, request())
