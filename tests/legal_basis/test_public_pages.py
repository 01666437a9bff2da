"""Verification by number, by hash and as JSON; the public list."""

import datetime
import hashlib
import json

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.offices import today
from legal_basis.hash_check import verdict_on_hash
from legal_basis.number_search import find, normalised
from legal_basis.signature_facts import SignatureFacts, SignatureState, signatures_in
from tests.legal_basis.factories import acting_as, issued, numbered, revoked, system
from tests.legal_basis.public import acted, entry, instrument, published, regulation, signed_by_two

pytestmark = [pytest.mark.integration, pytest.mark.one_database, pytest.mark.django_db]
JSON = {"accept": "application/json"}
HTML = {"accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


@pytest.fixture(autouse=True)
def visitor_reads_english(client):
    client.cookies["django_language"] = "en"


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def text(response) -> str:
    return " ".join(response.content.decode().split())


class TestPage:
    def page(self, client, made):
        return text(client.get(reverse("verify", args=[made.token])))

    def test_regulation_is_told_by_number_and_year_with_register_and_gazette(self, client):
        html = self.page(client, regulation())
        year = today().year
        wanted = [
            f"Regent regulation No. 12 of {year}</h1>",
            f"No. 12 of {year} (Regent regulation)",
            f"BD KABUPATEN BELITUNG TIMUR {year} (12): 10 hlm.",
        ]
        assert [part for part in wanted if part not in html] == []

    def test_every_signer_is_shown_with_role_capacity_and_letter(self, client):
        html = self.page(client, signed_by_two(regulation()))
        wanted = [
            "Signed by",
            "Rahmi Puspasari",
            "Promulgated by",
            "Andi Saputra",
            "Plh. Sekretaris Daerah",
            "By letter number 100.3/7/2026 of 5 January 2026",
        ]
        assert [part for part in wanted if part not in html] == []

    def test_amended_one_says_by_what_from_when_and_leads_there(self, client):
        made = regulation()
        other = instrument("13", title="Perubahan")
        acted(other, made, "amends", "Pasal 3")
        html = self.page(client, made)
        assert "In force, as amended" in html
        assert "Amended by" in html
        assert reverse("verify", args=[other.token]) in html
        assert "· Pasal 3" in html
        assert "Amends" in self.page(client, other)

    def test_act_of_a_draft_is_not_shown(self, client):
        made = regulation()
        acted(instrument("", status="draft", issued_at=None), made, "revokes")
        assert "What has become of it" not in self.page(client, made)

    def test_signature_says_its_certificate_and_that_it_is_valid(self, client, decree):
        html = self.page(client, issued(decree.signed))
        assert "Valid; the certificate is valid today" in html
        assert "Certificate of Otoritas Sertifikat Pemerintah Kabupaten Belitung Timur" in html


class TestSignatureState:
    START = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
    DAY = datetime.timedelta(days=1)

    def state(self, *, signed=10, now=20, ends=365, trusted=True, intact=True):
        facts = SignatureFacts(
            signed_at=self.START + signed * self.DAY,
            stamped=False,
            authority="",
            valid_from=self.START,
            valid_until=self.START + ends * self.DAY,
            intact=intact,
        )
        return facts.state(trusted=trusted, now=self.START + now * self.DAY)

    @pytest.mark.parametrize(
        ("about", "state"),
        [
            ({}, SignatureState.VALID),
            ({"now": 366}, SignatureState.VALID_WHEN_SIGNED),
            ({"signed": 366, "now": 400}, SignatureState.INVALID),
            ({"signed": -1}, SignatureState.INVALID),
            ({"intact": False}, SignatureState.INVALID),
            ({"trusted": False}, SignatureState.NOT_CHECKED),
        ],
    )
    def test_state_follows_from_the_day(self, about, state):
        assert self.state(**about) == state

    def test_facts_are_read_from_the_signed_bytes(self, decree):
        (facts,) = signatures_in(issued(decree.signed).document)
        assert facts.intact
        assert facts.signed_at <= timezone.now() < facts.valid_until

    def test_what_is_no_pdf_has_no_signature(self):
        assert signatures_in(instrument(content=b"none").document) == ()


class TestNumber:
    @pytest.mark.parametrize(
        ("typed", "same"),
        [
            ("100.3.3.2/007/KUM/2026", "100.3.3.2/7/kum/2026"),
            (" nomor : 100.3.3.2 / 07 / kum / 2026", "100.3.3.2/7/KUM/2026"),
            ("8a", "08 A"),
            ("Peraturan Bupati Nomor 12", "12"),
        ],
    )
    def test_spelling_does_not_matter(self, typed, same):
        assert normalised(typed) == normalised(same)

    @pytest.mark.parametrize("other", ["1", "120", "12A", "1 2/3"])
    def test_another_number_is_another(self, other):
        assert normalised(other) != normalised("12")

    def test_instruments_of_both_kinds_and_all_years_are_found(self):
        now, before = regulation(), instrument("12")
        entry(before.kind, 12, "12", instrument=before, year=2020)
        assert find("12").instruments == [now, before]
        assert find("12", 2020).instruments == [before]
        assert find("12 Tahun 2020").instruments == [before]
        assert find("12/2020").instruments == [before]

    def test_number_on_its_way_leads_nowhere(self):
        found = find(numbered().number)
        assert (found.instruments, found.void) == ([], [])

    @pytest.mark.parametrize("typed", ["", "abc", "%", "9" * 400, "\x00", "-1", "²"])
    def test_nonsense_finds_nothing(self, typed):
        regulation()
        assert find(typed).instruments == []

    def test_page_lists_what_was_found(self, client):
        made = regulation()
        html = text(client.get(reverse("verify_search"), {"number": "012"}))
        assert "1 instrument was issued under this number:" in html
        assert reverse("verify", args=[made.token]) in html

    @pytest.mark.parametrize(
        ("status", "sentence"), [("cancelled", "was cancelled"), ("reserved", "is reserved")]
    )
    def test_void_number_is_told_plainly_without_its_reason(self, client, status, sentence):
        entry("regent_regulation", 9, "9", status=status, reason="Ibu Sri sakit", dated=None)
        html = text(client.get(reverse("verify_search"), {"number": "9"}))
        assert "No instrument was issued under this number" in html
        assert sentence in html
        assert "Ibu Sri" not in html

    def test_unknown_number_says_what_to_do(self, client):
        html = text(client.get(reverse("verify_search"), {"number": "<b>77</b>"}))
        assert "Nothing was issued under this number" in html
        assert "<b>77" not in html


class TestHash:
    def test_exact_bytes_of_the_document_pass(self, client, decree):
        made = issued(decree.signed)
        response = client.get(reverse("verify_sha256", args=[sha256(decree.signed)]), headers=JSON)
        found = response.json()
        assert (found["verdict"], found["number"], found["in_force"]) == (
            "TOTAL-PASSED",
            made.number,
            True,
        )
        assert found["instrument"]["url"].endswith(reverse("verify", args=[made.token]))

    def test_browser_is_led_to_the_page(self, client, decree):
        made = issued(decree.signed)
        address = reverse("verify_sha256", args=[sha256(decree.signed).upper()])
        response = client.get(address, headers=HTML)
        assert (response.status_code, response["Location"]) == (
            302,
            reverse("verify", args=[made.token]),
        )
        assert "Accept" in response["Vary"]

    def test_damaged_stored_document_fails(self, decree):
        made = issued(decree.signed)
        made.document.location.write_bytes(b"%PDF")
        assert str(verdict_on_hash(sha256(decree.signed)).verdict) == "TOTAL-FAILED"

    def test_print_before_the_signature_fails(self):
        other = instrument("15", content=b"print", status="cancelled")
        made = instrument("14", rendered=other.document)
        found = verdict_on_hash(sha256(b"print"))
        assert (str(found.verdict), found.instrument) == ("TOTAL-FAILED", made)

    def test_unknown_bytes_are_indeterminate_for_programs_and_people(self, client):
        address = reverse("verify_sha256", args=["0" * 64])
        found = client.get(address, headers=JSON).json()
        assert (found["verdict"], found["instrument"]) == ("INDETERMINATE", None)
        assert "We do not know this file" in text(client.get(address, headers=HTML))

    @pytest.mark.parametrize("wrong", ["0" * 63, "g" * 64, "abc"])
    def test_what_is_no_hash_is_not_found(self, client, wrong):
        assert client.get(f"/verify/sha256/{wrong}/").status_code == 404


class TestUpload:
    def test_file_without_a_page_is_judged_and_leads_to_its_page(self, client, decree):
        from django.core.files.uploadedfile import SimpleUploadedFile

        made = issued(decree.signed)
        file = SimpleUploadedFile("a.pdf", decree.signed, "application/pdf")
        html = text(client.post(reverse("verify_search"), {"file": file}))
        assert "Your copy is the issued document" in html
        assert reverse("verify", args=[made.token]) in html


class TestData:
    KEYS = (
        "name cited_as kind form purpose number title place dated url state in_force in_force_from "
        "in_force_until state_reason acted_on_by acts_on verdict reason signatures register "
        "gazette publication innovations document ledger"
    )

    def data(self, client, made):
        return client.get(reverse("verify_data", args=[made.token])).json()

    def test_keys_are_those_of_the_document(self, client):
        assert list(self.data(client, regulation())) == self.KEYS.split()

    def test_page_and_data_say_the_same(self, client, decree):
        made = issued(decree.signed)
        data = self.data(client, made)
        assert (data["number"], data["verdict"], data["in_force"]) == (
            made.number,
            "TOTAL-PASSED",
            True,
        )
        (signature,) = data["signatures"]
        assert (signature["name"], signature["state"]) == ("Rahmi Puspasari", "valid")
        assert data["document"]["sha256"] == sha256(decree.signed)

    def test_revoked_one_names_what_revokes_it(self, client, decree):
        data = self.data(client, revoked(issued(decree.signed)))
        assert (data["state"], data["in_force"]) == ("revoked", False)
        assert [(act["kind"], act["number"]) for act in data["acted_on_by"]] == [("revokes", "9")]

    def test_nothing_personal_beyond_the_document(self, client, decree):
        made = published(signed_by_two(regulation()), abstract="Abstrak")
        told = json.dumps(self.data(client, made)) + text(
            client.get(reverse("verify", args=[made.token]))
        )
        person = made.signatory
        private = [person.nip, person.title_suffix, person.email, person.username]
        private += [made.innovation.initiator.name_plain, made.innovation.initiator.username]
        assert [word for word in private if word and f'"{word}"' in told] == []
        assert person.nip not in told
        assert made.innovation.initiator.name_plain not in told

    def test_instrument_that_is_not_issued_has_none(self, client):
        assert client.get(reverse("verify_data", args=[numbered().token])).status_code == 404


class TestList:
    def rows(self, client, **query):
        response = client.get(reverse("instruments"), query)
        return [row.instrument.number for row in response.context["rows"]]

    def test_newest_first_and_only_issued(self, client):
        moment = timezone.now()
        for days, number in ((3, "1"), (1, "3"), (2, "2")):
            instrument(number, issued_at=moment - datetime.timedelta(days=days))
        numbered()
        assert self.rows(client) == ["3", "2", "1"]

    def test_search_looks_into_number_title_and_abstract(self, client):
        published(instrument("21", title="Penetapan Ketam"), abstract="Perihal kepiting bakau.")
        instrument("22")
        for words in ("21", "ketam penetapan", "KEPITING"):
            assert self.rows(client, q=words) == ["21"]

    def test_filters_by_kind_year_and_state(self, client):
        old = instrument("1", dated=datetime.date(2020, 5, 1), in_force_from="2020-05-01")
        amended, ended = instrument("2"), instrument("3")
        decree = instrument("4", kind="regent_decree")
        coming = instrument("5", in_force_from=today() + datetime.timedelta(days=9))
        acted(decree, amended, "amends")
        acted(decree, ended, "revokes")
        acted(coming, old, "revokes")
        assert self.rows(client, kind="regent_decree") == ["4"]
        assert self.rows(client, year="2020") == ["1"]
        assert self.rows(client, state="amended") == ["2"]
        assert self.rows(client, state="ended") == ["3"]
        assert self.rows(client, state="in_force") == ["4", "2", "1"]

    @pytest.mark.parametrize(
        "query", [{"year": "0000"}, {"year": "x"}, {"kind": "x"}, {"state": "x"}, {"cursor": "x,y"}]
    )
    def test_nonsense_in_the_address_is_passed_over(self, client, query):
        instrument("1")
        assert self.rows(client, **query) == ["1"]

    def test_pages_are_walked_by_their_cursor_within_few_queries(
        self, client, django_assert_max_num_queries
    ):
        subject = instrument("1").innovation
        for number in range(2, 61):
            instrument(str(number), innovation=subject)
        seen, cursor = [], ""
        while True:
            with django_assert_max_num_queries(6):
                context = client.get(reverse("instruments"), {"cursor": cursor}).context
            seen += [row.instrument.number for row in context["rows"]]
            if not (cursor := context["next_cursor"]):
                break
        assert seen == [str(number) for number in range(60, 0, -1)]

    def test_empty_list_and_empty_search_say_what_to_do(self, client):
        assert "No instrument has been issued yet" in text(client.get("/instruments/"))
        assert "Show everything" in text(client.get("/instruments/?q=x"))

    def test_row_says_what_revoked_it(self, client, decree):
        revoked(issued(decree.signed))
        assert "revoked by 9" in text(client.get("/instruments/"))

    def test_visitor_finds_it_from_the_login_page(self, client):
        html = client.get(reverse("login")).content.decode()
        assert [
            html.count(f'href="{reverse(name)}"') for name in ("instruments", "verify_search")
        ] == [1, 1]


def test_extended_one_is_still_in_the_list_of_those_in_force(client):
    yesterday, later = today() - datetime.timedelta(days=1), today() + datetime.timedelta(days=9)
    made = instrument("1", in_force_until=yesterday)
    plain = instrument("2", in_force_until=yesterday)
    other = instrument("3")
    other.content = {"extends_until": later.isoformat()}
    with acting_as(system()):
        other.save()
    acted(other, made, "amends")
    acted(other, plain, "corrects")
    numbers = [
        [
            row.instrument.number
            for row in client.get(f"/instruments/?state={state}").context["rows"]
        ]
        for state in ("in_force", "ended")
    ]
    assert numbers == [["3", "1"], ["2"]]
