"""A signing service that refuses, breaks off, is slow, or lies: nothing counts but what was sent,
signed by whom it should be."""

import io
import shutil
import threading
from collections import defaultdict

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from pypdf import PdfReader

from accounts.acting import acting_as
from accounts.files.storage import orphan_files, remove_orphans
from accounts.models import StoredFile, User
from legal_basis import issuing, jobs
from legal_basis.models import Instrument
from legal_basis.numbering import Promulgator, take_number
from legal_basis.signals import instrument_issued, signature_awaited
from legal_basis.signing import Credentials, Need, SigningError
from legal_basis.validation import Indication, check_signatures, verdict
from tests.house.databases import Rows, starting_from
from tests.innovations.factories import AppointmentFactory, OfficeFactory, UserFactory
from tests.legal_basis.bsre import PASSWORD, USER, Service, append_signature, serving
from tests.legal_basis.factories import draft, on_its_way, regent, system

pytestmark = [
    pytest.mark.integration,
    pytest.mark.one_database,
    pytest.mark.django_db(transaction=True),
]

REGENT = Credentials("1906010101700001", "kata sandi bupati")
SECRETARY = Credentials("1906010101700002", "kata sandi sekda")
STRANGER = Credentials("1906010101700003", "kata sandi lain")
NAMES = {
    (REGENT.national_id, REGENT.passphrase): "RAHMI PUSPASARI, S.E.",
    (SECRETARY.national_id, SECRETARY.passphrase): "Drs. MATHUR NOVIANSYAH",
    (STRANGER.national_id, STRANGER.passphrase): "BUDI SANTOSO",
}


V1 = pytest.mark.parametrize("service", ["bsre_v1"], indirect=True)
V2 = pytest.mark.parametrize("service", ["bsre_v2"], indirect=True)


@pytest.fixture(params=["bsre_v1", "bsre_v2"])
def service(request, settings, tmp_path):
    with serving(tmp_path / "bsre", NAMES) as found:
        settings.SIGNING_PROVIDER = request.param
        settings.BSRE_URL, settings.BSRE_USER, settings.BSRE_PASSWORD = found.url, USER, PASSWORD
        settings.BSRE_SECONDS = 30
        settings.SIGNING_ROOTS = str(tmp_path / "bsre" / "root.crt")
        yield found


@pytest.fixture(scope="module")
def printed(tmp_path_factory):
    """By the service that it waits for: the rows of a printed decree, and its file."""
    return defaultdict(lambda: (Rows(), tmp_path_factory.mktemp("printed")))


@pytest.fixture
def waiting(service: Service, settings, printed):
    """A decree whose print waits for the regent's passphrase; printed once for all tests."""
    rows, files = printed[settings.SIGNING_PROVIDER]

    def issue():
        issuing.issue(on_its_way().pk)
        shutil.copytree(settings.MEDIA_ROOT, files, dirs_exist_ok=True)

    with starting_from(rows, issue):
        shutil.copytree(files, settings.MEDIA_ROOT, dirs_exist_ok=True)
        yield Instrument.objects.get()


def again(instrument: Instrument) -> Instrument:
    return Instrument.objects.get(pk=instrument.pk)


def sign(instrument: Instrument, credentials: Credentials = REGENT) -> bool:
    return issuing.sign_in_person(regent().user, instrument.pk, credentials)


def test_worker_prints_and_leaves_the_signature_to_its_signer(service):
    heard = []

    def hear(sender, instrument, signature, need, **_):
        assert transaction.get_connection().in_atomic_block
        heard.append((signature.person.username, need))

    signature_awaited.connect(hear)
    instrument = on_its_way()
    issuing.issue(instrument.pk)
    issuing.issue(instrument.pk)
    signature_awaited.disconnect(hear)
    after = again(instrument)
    assert (after.status, after.document, service.asked) == ("rendered", None, [])
    assert heard == [("bupati", Need.PASSPHRASE)]
    assert jobs.enqueue_unfinished(jobs.PATIENCE * 0) == 0


def test_print_waits_for_its_signer_alone_until_it_is_signed(waiting):
    assert issuing.awaiting(regent().user) == [waiting]
    assert issuing.awaiting(UserFactory()) == []
    sign(waiting)
    assert issuing.awaiting(regent().user) == []


def test_home_leads_the_signer_to_the_document(waiting, client):
    client.force_login(regent().user)
    html = client.get("/").content.decode()
    assert f"/cases/{waiting.subject_code}/instrument/sign/" in html


def test_signer_signs_what_was_printed(waiting, service):
    assert sign(waiting) is True
    after = again(waiting)
    document = after.document.read()
    pages = len(PdfReader(io.BytesIO(document)).pages)
    assert (after.status, after.number, after.pages) == ("issued", waiting.number, pages)
    assert document.startswith(waiting.rendered.read())
    assert verdict(document).verdict == Indication.PASSED
    assert check_signatures(document, None).signers == ("RAHMI PUSPASARI, S.E.",)
    assert [asked["reason"] for asked in service.asked] == [
        f"Penetapan Keputusan Bupati Nomor {waiting.number}"
    ]


def test_foot_of_the_print_names_the_service(waiting):
    with waiting.rendered.open() as stream:
        text = " ".join(PdfReader(stream).pages[0].extract_text().split())
    assert "Balai Besar Sertifikasi Elektronik" in text


def test_repeat_signs_nothing_twice(waiting, service):
    sign(waiting)
    before = StoredFile.objects.count()
    assert (sign(waiting), len(service.asked), StoredFile.objects.count()) == (False, 1, before)


def test_two_windows_at_once_leave_one_document(waiting, service):
    barrier, results, heard = threading.Barrier(2), [], []
    service.lie = lambda sent, signed: (barrier.wait(), signed)[1]

    def hear(sender, **_):
        heard.append(1)

    instrument_issued.connect(hear)
    before = StoredFile.objects.count()

    def work():
        try:
            results.append(sign(waiting))
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    instrument_issued.disconnect(hear)
    assert (sorted(results), heard) == ([False, True], [1])
    assert StoredFile.objects.count() == before + 1


def test_nobody_but_the_planned_signer_signs(waiting, service):
    with pytest.raises(ValidationError, match="does not wait for your signature"):
        issuing.sign_in_person(UserFactory(), waiting.pk, REGENT)
    assert service.asked == []


def unchanged_and_repeatable(instrument: Instrument, service: Service) -> None:
    """Nothing was recorded or kept, and the same click goes on."""
    after = again(instrument)
    assert (after.status, after.document, after.failure) == ("rendered", None, "")
    assert after.rendered_id == instrument.rendered_id
    assert not after.signatures.filter(signed__isnull=False).exists()
    assert orphan_files(older_than=0) == []
    service.lie, service.status, service.trouble = None, 200, ""
    assert sign(instrument) is True


def resigned(sent: bytes, service: Service, root=None) -> bytes:
    identity = service.signers[REGENT.national_id, REGENT.passphrase]
    return append_signature(sent, identity, root or service.root)


LIES = {
    "another file": lambda sent, signed: b"%PDF-1.7\n" + signed,
    "the unsigned file": lambda sent, signed: sent,
    "half the file": lambda sent, signed: signed[: len(signed) // 2],
    "nothing": lambda sent, signed: b"",
    "bytes behind the end": lambda sent, signed: signed + b"\n",
    "a changed byte in front": lambda sent, signed: signed.replace(b"%PDF-1.7", b"%PDF-1.6", 1),
    "an unsigned update": lambda sent, signed: sent + b"\n1 0 obj\n<<>>\nendobj\n%%EOF\n",
    "a web page": lambda sent, signed: b"<html>Silakan masuk</html>",
    "a changed bit in the update": lambda sent, signed: (
        signed[: len(sent) + 400] + bytes([signed[len(sent) + 400] ^ 1]) + signed[len(sent) + 401 :]
    ),
    "a list of two": lambda sent, signed: b'{"time": 1, "file": ["JVBERi0=", "JVBERi0="]}',
    "no list": lambda sent, signed: b'{"time": 1}',
}


@pytest.mark.parametrize(
    ("lie", "service"),
    [(lie, f"bsre_v{1 + turn % 2}") for turn, lie in enumerate(LIES)],
    indirect=["service"],
)
def test_lie_is_never_issued(lie, waiting, service):
    service.lie = LIES[lie]
    with pytest.raises((SigningError, issuing.WrongAnswer)):
        sign(waiting)
    unchanged_and_repeatable(waiting, service)


@V1
def test_two_signatures_for_one_are_never_issued(waiting, service):
    service.lie = lambda sent, signed: resigned(signed, service)
    with pytest.raises(issuing.WrongAnswer, match="exactly one"):
        sign(waiting)
    unchanged_and_repeatable(waiting, service)


@V1
def test_another_print_signed_well_is_never_issued(waiting, service, decree):
    service.lie = lambda sent, signed: resigned(decree.unsigned, service)
    with pytest.raises(issuing.WrongAnswer, match="not the file that was sent"):
        sign(waiting)
    unchanged_and_repeatable(waiting, service)


@V1
def test_certificate_of_an_unknown_root_is_never_issued(waiting, service, settings):
    roots, settings.SIGNING_ROOTS = settings.SIGNING_ROOTS, ""
    with pytest.raises(issuing.WrongAnswer, match="not valid"):
        sign(waiting)
    settings.SIGNING_ROOTS = roots
    unchanged_and_repeatable(waiting, service)


@V1
def test_certificate_of_another_person_is_never_issued(waiting, service):
    with pytest.raises(issuing.WrongAnswer, match="BUDI SANTOSO, but Rahmi Puspasari"):
        sign(waiting, STRANGER)
    unchanged_and_repeatable(waiting, service)


@V2
@pytest.mark.parametrize("trouble", ["sleep", "drip", "hang up", "half"])
def test_line_that_breaks_or_takes_too_long_changes_nothing(trouble, waiting, service, settings):
    service.trouble, settings.BSRE_SECONDS = trouble, 1
    with pytest.raises(SigningError, match="could not be used"):
        sign(waiting)
    settings.BSRE_SECONDS = 30
    unchanged_and_repeatable(waiting, service)


@V2
@pytest.mark.parametrize(
    ("status", "code", "sentence"),
    [
        (400, 2011, "does not know this NIK"),
        (400, 2031, "passphrase is wrong"),
        (500, 0, "refused"),
        (503, 9999, "refused"),
        (401, 0, "refuses the account"),
        (302, 0, "refused"),
    ],
)
def test_refusal_of_the_service_is_a_sentence(status, code, sentence, waiting, service):
    service.status, service.code = status, code
    with pytest.raises(SigningError, match=sentence) as caught:
        sign(waiting)
    assert REGENT.passphrase not in str(caught.value)
    assert REGENT.national_id not in str(caught.value)
    assert (caught.value.__cause__, caught.value.__context__) == (None, None)
    unchanged_and_repeatable(waiting, service)


def test_wrong_passphrase_and_unknown_number_are_told_apart(waiting, service):
    with pytest.raises(SigningError, match="passphrase is wrong"):
        sign(waiting, Credentials(REGENT.national_id, "salah"))
    with pytest.raises(SigningError, match="does not know this NIK"):
        sign(waiting, Credentials("9" * 16, REGENT.passphrase))
    unchanged_and_repeatable(waiting, service)


@V1
def test_service_that_is_not_there_changes_nothing(waiting, service, settings):
    settings.BSRE_URL = "http://127.0.0.1:9"
    with pytest.raises(SigningError, match="nobody answers there"):
        sign(waiting)
    settings.BSRE_URL = service.url
    unchanged_and_repeatable(waiting, service)


@V1
@pytest.mark.parametrize(
    ("url", "sentence"), [("", "BSRE_URL is empty"), ("http://esign.go.id", "https://")]
)
def test_address_that_would_give_the_passphrase_away_is_not_called(
    url, sentence, waiting, service, settings
):
    settings.BSRE_URL = url
    with pytest.raises(SigningError, match=sentence):
        sign(waiting)
    assert service.asked == []


@V1
def test_no_transaction_is_open_while_the_service_is_asked(waiting, monkeypatch):
    real, seen = issuing.sign, []

    def watched(*args):
        seen.append(connection.in_atomic_block)
        return real(*args)

    monkeypatch.setattr(issuing, "sign", watched)
    sign(waiting)
    assert seen == [False]


def test_credentials_never_show_themselves():
    assert repr(REGENT) == "Credentials()"


def with_two() -> tuple[Instrument, User]:
    """A printed instrument that the regent signs and the regional secretary promulgates."""
    instrument = on_its_way()
    office = OfficeFactory(code="sekda", title="Sekretaris Daerah")
    person = UserFactory(username="sekda", name_plain="Mathur Noviansyah")
    AppointmentFactory(user=person, office=office)
    with acting_as(system()), transaction.atomic():
        instrument.signatures.create(
            order=2,
            role="promulgator",
            office=office,
            person=person,
            name=person.name_plain,
            capacity=office.title,
        )
    issuing.issue(instrument.pk)
    return again(instrument), person


def test_two_sign_one_after_the_other(service):
    instrument, secretary = with_two()
    with pytest.raises(ValidationError):
        issuing.sign_in_person(secretary, instrument.pk, SECRETARY)
    assert sign(instrument) is True
    half = again(instrument)
    assert (half.status, half.document) == ("rendered", None)
    first = half.signatures.get(order=1).signed.read()
    assert verdict(first).verdict == Indication.FAILED
    assert issuing.sign_in_person(secretary, instrument.pk, SECRETARY) is True
    document = again(instrument).document.read()
    assert document.startswith(first)
    assert verdict(document).verdict == Indication.PASSED
    assert remove_orphans(older_than=0) == []


def test_promulgator_is_planned_with_the_number():
    instrument, holder = draft(), regent()
    office = OfficeFactory(code="sekda", title="Sekretaris Daerah")
    person = UserFactory(name_plain="Mathur")
    with transaction.atomic():
        take_number(
            system(),
            instrument,
            signatory=holder.user,
            capacity=holder.title,
            promulgator=Promulgator(person, "Sekretaris Daerah", office),
        )
    assert list(instrument.signatures.values_list("order", "role", "name")) == [
        (1, "signatory", "Rahmi Puspasari"),
        (2, "promulgator", "Mathur"),
    ]
