import hashlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.offices import today
from legal_basis.models import Instrument, Publication
from tests.legal_basis.factories import acting_as, issued, numbered, revoked, system

pytestmark = [pytest.mark.integration, pytest.mark.one_database, pytest.mark.django_db]


@pytest.fixture(autouse=True)
def visitor_reads_english(client):
    client.cookies["django_language"] = "en"


def page(client, instrument: Instrument):
    return client.get(reverse("verify", args=[instrument.token]))


def compared(client, instrument: Instrument, content: bytes):
    return client.post(
        reverse("verify", args=[instrument.token]),
        {"file": SimpleUploadedFile("salinan.pdf", content, "application/pdf")},
    )


def test_page_says_what_it_is_who_signed_and_that_it_holds(client, decree):
    instrument = issued(decree.signed)
    html = page(client, instrument).content.decode()
    wanted = [
        instrument.number,
        instrument.title,
        "Rahmi Puspasari",
        "Bupati Belitung Timur",
        "In force",
        "Genuine and unchanged",
        "TOTAL-PASSED",
        hashlib.sha256(decree.signed).hexdigest(),
    ]
    assert [text for text in wanted if text not in html] == []


def test_page_shows_no_personal_numbers_and_no_titles(client, decree):
    html = page(client, issued(decree.signed)).content.decode()
    assert [text for text in ("1" * 18, "M.Si.", "@beltim") if text in html] == []


def test_page_carries_no_script_or_style_of_its_own(client, decree):
    html = page(client, issued(decree.signed)).content.decode()
    assert [text for text in ("<script>", "<style", " style=", " onclick=") if text in html] == []


def test_page_of_a_revoked_instrument_says_so(client, decree):
    html = page(client, revoked(issued(decree.signed))).content.decode()
    assert "Not in force" in html
    assert "It was revoked by number 9 on" in html


def test_page_of_a_damaged_file_warns(client, decree):
    instrument = issued(decree.signed)
    instrument.document.location.write_bytes(decree.signed[:-10])
    html = page(client, instrument).content.decode()
    assert "Do not rely on it" in html
    assert "TOTAL-FAILED" in html


def test_page_links_to_the_publication(client, decree):
    instrument = issued(decree.signed)
    with acting_as(system()):
        Publication.objects.create(
            instrument=instrument,
            published_on=today(),
            jdih_address="https://jdih.beltim.example/1",
        )
    assert "https://jdih.beltim.example/1" in page(client, instrument).content.decode()


@pytest.mark.parametrize("name", ["verify", "verify_document"])
def test_instrument_that_is_not_issued_is_not_found(client, name):
    assert client.get(reverse(name, args=[numbered().token])).status_code == 404


def test_unknown_token_is_not_found(client):
    address = "/verify/00000000-0000-4000-8000-000000000000/"
    assert client.get(address).status_code == 404


def test_document_is_a_download_of_the_exact_bytes(client, decree):
    instrument = issued(decree.signed)
    response = client.get(reverse("verify_document", args=[instrument.token]))
    assert b"".join(response.streaming_content) == decree.signed
    name = instrument.number.replace("/", "-")
    assert response["Content-Disposition"] == f'attachment; filename="{name}.pdf"'
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response["Content-Security-Policy"]


def test_the_issued_file_compares_as_the_issued_file(client, decree):
    response = compared(client, issued(decree.signed), decree.signed)
    assert "Your copy is the issued document" in response.content.decode()


def test_a_changed_file_compares_as_another(client, decree):
    response = compared(client, issued(decree.signed), decree.signed + b"\n")
    html = response.content.decode()
    assert "Your copy is not the issued document" in html
    assert "TOTAL-FAILED" in html


def test_a_file_of_another_instrument_names_its_number(client, decree):
    other = issued(decree.signed)
    shown = issued(decree.unsigned)
    html = compared(client, shown, decree.signed).content.decode()
    assert "Your copy is another document" in html
    assert other.number in html


def test_compared_file_is_not_kept(client, decree, settings):
    instrument = issued(decree.signed)
    before = sorted(settings.MEDIA_ROOT.rglob("*"))
    compared(client, instrument, b"%PDF-1.7 salinan")
    assert sorted(settings.MEDIA_ROOT.rglob("*")) == before


def test_comparing_nothing_says_what_to_do(client, decree):
    response = client.post(reverse("verify", args=[issued(decree.signed).token]))
    assert response.status_code == 422
    assert "choose the PDF" in response.content.decode()


def test_comparing_too_large_a_file_is_refused(client, decree, settings):
    settings.UPLOAD_MAX_BYTES = 1024 * 1024
    response = compared(client, issued(decree.signed), bytes(1024 * 1024 + 1))
    assert response.status_code == 422
    assert "larger than 1 MB" in response.content.decode()


def test_page_takes_few_queries(client, decree, django_assert_max_num_queries):
    instrument = issued(decree.signed)
    with django_assert_max_num_queries(15):
        page(client, instrument)
