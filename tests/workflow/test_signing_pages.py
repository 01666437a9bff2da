"""The pages on which a numbered document is signed, by passphrase or on paper."""

import logging

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.urls import reverse
from django.utils import translation

from accounts.acting import acting_as
from accounts.models import Office
from legal_basis import issuing, jobs
from legal_basis.models import Instrument, Scan
from legal_basis.validation import Indication, verdict
from notifications.delivery import deliver_pending
from notifications.models import Message
from tests.accounts.factories import system_account
from tests.innovations.factories import AppointmentFactory, OfficeFactory, UserFactory
from tests.legal_basis.bsre import PASSWORD, USER, serving
from tests.legal_basis.factories import on_its_way, regent

pytestmark = [
    pytest.mark.integration,
    pytest.mark.one_database,
    pytest.mark.django_db(transaction=True),
]

NIK, PASSPHRASE = "1906777788889999", "kenari-rahasia-8821"
TYPED = {"national_id": NIK, "passphrase": PASSPHRASE}


@pytest.fixture(autouse=True)
def installation(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.PKI_DIR = tmp_path / "pki"
    from legal_basis.authority import make_authority

    make_authority()
    with translation.override("en"):
        yield


@pytest.fixture
def service(settings, tmp_path):
    with serving(tmp_path / "bsre", {(NIK, PASSPHRASE): "RAHMI PUSPASARI"}) as found:
        settings.SIGNING_PROVIDER = "bsre_v2"
        settings.BSRE_URL, settings.BSRE_USER, settings.BSRE_PASSWORD = found.url, USER, PASSWORD
        settings.SIGNING_ROOTS = str(tmp_path / "bsre" / "root.crt")
        yield found


def at_hand(client, person):
    client.cookies["django_language"] = "en"
    client.force_login(person)
    return client


def numbered(printed: bool = True) -> Instrument:
    """An instrument of a case that its signer may see, printed or not yet."""
    instrument = on_its_way()
    with acting_as(system_account()):
        Office.objects.filter(code__in=["bupati", "kabag-hukum"]).update(sees_all_cases=True)
    if printed:
        issuing.issue(instrument.pk)
    return Instrument.objects.get(pk=instrument.pk)


def address(instrument: Instrument, name: str = "instrument_sign", *more) -> str:
    return reverse(name, args=[instrument.subject_code, *more])


def section() -> tuple:
    """Two people of the legal section."""
    head = Office.objects.get(code="kabag-hukum")
    other = OfficeFactory(
        code="perancang",
        title="Perancang",
        unit=head.unit,
        is_head=False,
        sees_all_cases=True,
    )
    people = UserFactory(name_plain="Satu"), UserFactory(name_plain="Dua")
    for person, office in zip(people, (head, other), strict=True):
        AppointmentFactory(user=person, office=office)
    return people


def again(instrument: Instrument) -> Instrument:
    return Instrument.objects.get(pk=instrument.pk)


class TestPassphrase:
    def test_page_waits_for_the_print(self, client, service):
        instrument = numbered(printed=False)
        html = at_hand(client, regent().user).get(address(instrument)).content.decode()
        assert ("The print is being made" in html, 'name="passphrase"' in html) == (True, False)

    def test_signer_is_told_and_signs(self, client, service):
        instrument = numbered()
        told = Message.objects.get(event="signature_awaited")
        assert (told.recipient.username, told.case_code) == ("bupati", instrument.subject_code)
        browser = at_hand(client, regent().user)
        assert 'name="passphrase"' in browser.get(address(instrument)).content.decode()
        case_page = browser.get(reverse("case", args=[instrument.subject_code]))
        assert "Sign it electronically" in case_page.content.decode()
        answer = browser.post(address(instrument), TYPED, follow=True)
        assert "the document is issued" in answer.content.decode()
        assert verdict(again(instrument).document.read()).verdict == Indication.PASSED
        repeated = browser.post(address(instrument), TYPED, follow=True)
        assert "nothing was signed twice" in repeated.content.decode()
        assert len(service.asked) == 1

    def test_wrong_passphrase_is_told_and_never_shown_again(self, client, service):
        instrument = numbered()
        sent = TYPED | {"passphrase": "salah-ketik-42"}
        answer = at_hand(client, regent().user).post(address(instrument), sent)
        html = answer.content.decode()
        assert (answer.status_code, "The passphrase is wrong" in html) == (422, True)
        assert ("salah-ketik-42" in html, answer["Cache-Control"]) == (
            False,
            "max-age=0, no-cache, no-store, must-revalidate, private",
        )

    @pytest.mark.parametrize("nik", ["", "123", "19067777888899990", "abcdefghijklmnop"])
    def test_malformed_number_never_reaches_the_service(self, nik, client, service):
        instrument = numbered()
        sent = TYPED | {"national_id": nik}
        answer = at_hand(client, regent().user).post(address(instrument), sent)
        assert (answer.status_code, service.asked) == (422, [])

    def test_somebody_else_sees_how_it_stands_and_may_not_sign(self, client, service):
        instrument = numbered()
        browser = at_hand(client, section()[0])
        html = browser.get(address(instrument)).content.decode()
        assert "It waits for the signature of Rahmi Puspasari" in html
        assert 'name="passphrase"' not in html
        assert browser.post(address(instrument), TYPED).status_code == 403
        assert service.asked == []

    def test_stranger_does_not_find_it(self, client, service):
        instrument = numbered()
        assert at_hand(client, UserFactory()).get(address(instrument)).status_code == 404


def everything_written(tmp_path) -> str:
    """Every row of every table, every file and every mail."""
    texts = [str(sent.message()) for sent in mail.outbox]
    texts += [html for sent in mail.outbox for html, _ in getattr(sent, "alternatives", [])]
    for path in tmp_path.rglob("*"):
        if path.is_file():
            texts.append(path.read_bytes().decode("latin-1"))
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608
            texts += [repr(row) for row in cursor.fetchall()]
    return "\n".join(texts)


FAILURES = {
    "signed": {},
    "wrong passphrase": {"status": 400, "code": 2031},
    "unknown number": {"status": 400, "code": 2011},
    "broken service": {"status": 500},
    "hung up": {"trouble": "hang up"},
    "half": {"trouble": "half"},
    "late": {"trouble": "sleep"},
    "unsigned": {"lie": lambda sent, signed: sent},
    "no document": {"lie": lambda sent, signed: b"[]"},
}


@pytest.fixture
def told_administrators(settings):
    """Unhandled errors are mailed with all that Django's report of an error shows."""
    from django.utils.log import AdminEmailHandler

    settings.ADMINS = [("Admin", "admin@example.org")]
    handler = AdminEmailHandler(include_html=True)
    logger = logging.getLogger("django.request")
    logger.addHandler(handler)
    yield
    logger.removeHandler(handler)


def assert_nothing_kept(tmp_path, caplog, capfd, *answers):
    """Neither secret is anywhere but in what the signer was shown."""
    while deliver_pending():
        pass
    out, err = capfd.readouterr()
    kept = everything_written(tmp_path) + caplog.text + out + err
    kept += "".join(str(vars(record)) for record in caplog.records)
    assert "bupati" in kept
    assert [secret for secret in (NIK, PASSPHRASE) if secret in kept] == []
    shown = "".join(answer.content.decode() for answer in answers)
    assert PASSPHRASE not in shown


@pytest.mark.parametrize("failure", FAILURES)
def test_secrets_are_kept_nowhere(
    failure, client, service, settings, tmp_path, caplog, capfd, told_administrators
):
    caplog.set_level(logging.DEBUG)
    instrument = numbered()
    for name, value in FAILURES[failure].items():
        setattr(service, name, value)
    settings.BSRE_SECONDS = 1 if failure == "late" else 30
    answer = at_hand(client, regent().user).post(address(instrument), TYPED)
    assert answer.status_code == (302 if failure == "signed" else 422)
    assert service.asked[0]["passphrase"] == PASSPHRASE
    assert_nothing_kept(tmp_path, caplog, capfd, answer)


@pytest.mark.parametrize("step", ["sign", "_check", "store", "conclude"])
def test_secrets_are_not_in_the_report_of_an_unforeseen_error(
    step, client, service, tmp_path, caplog, capfd, told_administrators, monkeypatch
):
    caplog.set_level(logging.DEBUG)
    instrument = numbered()

    def broken(*args, **kwargs):
        raise RuntimeError("something nobody thought of")

    monkeypatch.setattr(issuing, step, broken)
    browser = at_hand(client, regent().user)
    browser.raise_request_exception = False
    answer = browser.post(address(instrument), TYPED)
    assert (answer.status_code, again(instrument).status) == (500, "rendered")
    assert "something nobody thought of" in str(mail.outbox[-1].message())
    assert_nothing_kept(tmp_path, caplog, capfd, answer)
    monkeypatch.undo()
    assert browser.post(address(instrument), TYPED).status_code == 302


def pdf(settings_text: str = "scan") -> SimpleUploadedFile:
    from workflow.cover_sheet import cover_sheet

    content = cover_sheet([settings_text])
    return SimpleUploadedFile("scan.pdf", content, "application/pdf")


class TestPaper:
    @pytest.fixture(autouse=True)
    def on_paper(self, settings):
        settings.SIGNING_PROVIDER = "wet_ink"

    def test_print_has_room_for_ink_and_says_nothing_of_electronic_signatures(self):
        from pypdf import PdfReader

        with numbered().rendered.open() as stream:
            text = "".join(page.extract_text() for page in PdfReader(stream).pages)
        assert ("elektronik" in text, "Keberlakuan dokumen ini" in text) == (False, True)

    def test_scan_confirmed_by_a_second_person_is_issued(self, client):
        instrument = numbered()
        assert Message.objects.filter(event="scan_awaited").count() == 0
        first, second = section()
        browser = at_hand(client, first)
        read = browser.get(address(instrument, "instrument_print"))
        assert read.getvalue() == again(instrument).rendered.read()
        sent = browser.post(address(instrument, "instrument_scan"), {"scan": pdf()}, follow=True)
        assert "A second person of the legal section confirms" in sent.content.decode()
        scan = Scan.objects.get()
        own = browser.post(address(instrument, "scan_judge", scan.pk), {"confirm": "1"})
        assert (own.status_code, again(instrument).status) == (422, "rendered")
        other = at_hand(client, second)
        assert other.get(address(instrument, "scan", scan.pk)).getvalue() == scan.file.read()
        done = other.post(address(instrument, "scan_judge", scan.pk), {"confirm": "1"})
        repeated = other.post(address(instrument, "scan_judge", scan.pk), {"confirm": "1"})
        after = again(instrument)
        assert (done.status_code, repeated.status_code, after.status) == (302, 302, "issued")
        assert (after.document, after.pages) == (scan.file, 1)
        assert after.entries.get().status == "issued"
        found = verdict(scan.file.read())
        assert (found.verdict, "confirmed scan" in found.reason) == (Indication.PASSED, True)
        assert verdict(scan.file.read() + b"\n").verdict != Indication.PASSED

    def test_refused_scan_gives_its_reason_and_another_may_come(self, client):
        instrument, (first, second) = numbered(), section()
        at_hand(client, first).post(address(instrument, "instrument_scan"), {"scan": pdf("1")})
        scan = Scan.objects.get()
        assert verdict(scan.file.read()).verdict == Indication.FAILED
        browser = at_hand(client, second)
        empty = browser.post(address(instrument, "scan_judge", scan.pk), {"refuse": "1"})
        assert "say in a sentence what is wrong" in empty.content.decode()
        sent = {"refuse": "1", "reason": "Halaman 2 tidak ada."}
        browser.post(address(instrument, "scan_judge", scan.pk), sent)
        html = browser.get(address(instrument)).content.decode()
        assert "Halaman 2 tidak ada." in html
        again_sent = browser.post(address(instrument, "instrument_scan"), {"scan": pdf("2")})
        assert (again_sent.status_code, Scan.objects.count()) == (302, 2)

    def test_what_is_no_pdf_is_refused_with_a_sentence(self, client):
        instrument, (first, _) = numbered(), section()
        wrong = SimpleUploadedFile("scan.pdf", b"bukan pdf", "application/pdf")
        answer = at_hand(client, first).post(
            address(instrument, "instrument_scan"), {"scan": wrong}
        )
        assert (answer.status_code, Scan.objects.count()) == (422, 0)

    def test_others_get_neither_print_nor_scan(self, client):
        instrument = numbered()
        browser = at_hand(client, regent().user)
        answers = [
            browser.get(address(instrument, "instrument_print")),
            browser.post(address(instrument, "instrument_scan"), {"scan": pdf()}),
            browser.get(address(instrument, "instrument_way")),
        ]
        assert [answer.status_code for answer in answers] == [403] * 3
        assert Scan.objects.count() == 0


class TestWay:
    def test_service_that_is_down_is_replaced_by_paper(self, client, service):
        instrument, (first, _) = numbered(), section()
        sent = {"way": "wet_ink", "reason": "Layanan BSrE terganggu."}
        answer = at_hand(client, first).post(address(instrument, "instrument_way"), sent)
        after = again(instrument)
        assert (answer.status_code, after.status, after.signing_way, after.number) == (
            302,
            "numbered",
            "wet_ink",
            instrument.number,
        )
        assert after.history.latest().history_change_reason == "Layanan BSrE terganggu."
        jobs.issue_instrument.func(instrument.pk)
        assert Message.objects.get(event="scan_awaited").recipient == first
        late = client
        late.force_login(regent().user)
        refused = late.post(address(instrument), TYPED)
        assert (refused.status_code, service.asked) == (422, [])

    def test_way_back_to_our_own_certificate_is_signed_by_the_worker(self, client, settings):
        settings.SIGNING_PROVIDER = "wet_ink"
        instrument, (first, _) = numbered(), section()
        sent = {"way": "local", "reason": "Bupati di luar daerah."}
        at_hand(client, first).post(address(instrument, "instrument_way"), sent)
        issuing.issue(instrument.pk)
        document = again(instrument).document.read()
        assert verdict(document).verdict == Indication.PASSED

    def test_scan_that_waits_is_judged_first(self, client, settings):
        settings.SIGNING_PROVIDER = "wet_ink"
        instrument, (first, _) = numbered(), section()
        browser = at_hand(client, first)
        browser.post(address(instrument, "instrument_scan"), {"scan": pdf()})
        sent = {"way": "local", "reason": "Lain."}
        answer = browser.post(address(instrument, "instrument_way"), sent)
        assert "Confirm or refuse it first" in answer.content.decode()

    def test_reason_is_asked_for(self, client, service):
        instrument, (first, _) = numbered(), section()
        sent = {"way": "local", "reason": ""}
        answer = at_hand(client, first).post(address(instrument, "instrument_way"), sent)
        assert (answer.status_code, again(instrument).signing_way) == (422, "bsre_v2")
