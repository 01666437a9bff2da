"""The auditor's pages: what they show, what they keep, what they cost."""

import json
import re

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.acting import acting_as
from audit.checkpoints import make_checkpoint
from audit.evidence_requests import request_evidence
from audit.findings import record_finding
from audit.kinds import Kind
from audit.ledger import record
from audit.models import Entry, EvidenceRequest, Finding, Sample, SavedSearch
from tests.accounts.factories import AppointmentFactory
from tests.accounts.files import samples
from tests.audit.factories import inspector, sees_everything, story
from tests.notifications.factories import UserFactory, system

pytestmark = [pytest.mark.integration, pytest.mark.one_database, pytest.mark.django_db]


@pytest.fixture
def told(client):
    client.cookies["django_language"] = "en"
    return story()


@pytest.fixture
def auditor(client, told):
    who = inspector()
    client.force_login(who)
    return who


def text(response):
    return response.content.decode()


def entry_page(code, sequence=2, name="audit_entry"):
    return reverse(name, args=[code, sequence])


def test_search_leads_to_the_entry_and_says_who_did_what(client, auditor, told):
    page = text(client.get("/audit/", {"q": "Sirup Pala", "kind": "edit"}))
    edits = Entry.objects.filter(chain=told.case.code, kind="edit")
    assert page.count('<li class="link-card">') == edits.count() > 0
    assert f'href="{entry_page(told.case.code, edits[0].sequence)}"' in page
    assert str(told.assessor) in page


def test_wrong_question_keeps_what_was_typed(client, auditor):
    response = client.get("/audit/", {"since": "kemarin", "q": "pala"})
    page = text(response)
    assert 'value="kemarin"' in page
    assert 'value="pala"' in page
    assert "Type a day, for example 2024-03-31." in page


def test_question_is_kept_opened_and_deleted(client, auditor):
    kept = client.post("/audit/searches/", {"name": "Pala", "query": "q=pala&cursor=1.1"})
    assert kept.url.startswith("/audit/?q=pala")
    mine = SavedSearch.objects.get()
    assert (mine.user, mine.name, mine.query) == (auditor, "Pala", "q=pala")
    assert 'href="/audit/?q=pala"' in text(client.get("/audit/"))

    other = SavedSearch.objects.create(user=UserFactory(), name="Lain", query="q=x")
    for pk in (mine.pk, other.pk, 10**6):
        assert client.post(f"/audit/searches/{pk}/").status_code == 302
    assert list(SavedSearch.objects.all()) == [other]


@pytest.mark.parametrize(
    ("name", "query"), [("", "q=pala"), ("Pala", ""), ("Pala", "evil=1"), ("x" * 61, "q=pala")]
)
def test_question_that_cannot_be_kept_is_told(client, auditor, name, query):
    response = client.post("/audit/searches/", {"name": name, "query": query})
    assert response.status_code == 422
    assert "Something needs your attention" in text(response)
    assert not SavedSearch.objects.exists()


def test_entry_shows_content_and_proof(client, auditor, told, checkpoint_key):
    assert 'data-proof="waiting"' in text(client.get(entry_page(told.case.code)))
    checkpoint = make_checkpoint()
    page = text(client.get(entry_page(told.case.code)))
    assert 'data-proof="good"' in page
    assert reverse("audit_checkpoint", args=[checkpoint.number]) in page
    assert Entry.objects.get(chain=told.case.code, sequence=2).hash in page


def test_entry_leads_to_the_case_as_it_stood_then(client, auditor, told):
    page = text(client.get(entry_page(told.case.code)))
    [address] = re.findall(r'href="(/audit/cases/[^"]+)"', page)
    assert client.get(address).status_code == 200
    of_the_system = text(client.get(entry_page("system", 1)))
    assert "/as-of/" not in of_the_system


def test_proof_is_a_file_that_names_the_entry(client, auditor, told, checkpoint_key):
    make_checkpoint()
    response = client.get(entry_page(told.case.code, name="audit_proof"))
    assert response["Content-Disposition"].startswith("attachment")
    proof = json.loads(response.content)
    entry = Entry.objects.get(chain=told.case.code, sequence=2)
    assert proof["entry"] == {"chain": entry.chain, "sequence": 2, "hash": entry.hash}
    assert proof["state"] == "good"


def test_entry_escapes_what_people_wrote(client, auditor, told):
    evil = "<img src=x onerror=alert(1)>"
    with transaction.atomic(), acting_as(system()):
        record(Kind.EDIT, {"act": evil}, chain=told.case.code, actor=system())
    newest = Entry.objects.filter(chain=told.case.code).latest("sequence")
    for address in (entry_page(told.case.code, newest.sequence), "/audit/?kind=edit"):
        page = text(client.get(address))
        assert evil not in page
        assert "&lt;img src=x" in page


@pytest.mark.parametrize(("code", "sequence"), [("x", 1), ("{code}", 99), ("{code}", 10**30)])
def test_entry_that_is_not_there_is_not_found(client, auditor, told, code, sequence):
    address = entry_page(code.format(code=told.case.code), sequence)
    assert client.get(address).status_code == 404


def test_finding_from_its_entry_to_its_end(client, auditor, told):
    new = entry_page(told.case.code, name="audit_finding_new")
    assert client.post(new, {"title": "Tanpa surat"}).status_code == 422
    typed = {"title": "Tanpa surat", "text": "Tidak ada surat.", "weight": "minor"}
    page = client.post(new, typed).url
    finding = Finding.objects.get()
    assert page == reverse("audit_finding", args=[finding.pk])

    client.post(page, {"text": "Sudah dibicarakan."})
    assert "Sudah dibicarakan." in text(client.get(page))
    assert client.post(page, {"close": "1", "conclusion": ""}).status_code == 422
    client.post(page, {"close": "1", "conclusion": "Surat ada."})

    assert "Surat ada." in text(client.get(page))
    assert "Tanpa surat" not in text(client.get("/audit/findings/"))
    assert "Tanpa surat" in text(client.get("/audit/findings/?state=closed"))
    assert "Tanpa surat" in text(client.get(entry_page(told.case.code)))


def test_request_on_a_finding_is_answered_with_a_file_and_accepted(client, auditor, told):
    entry = Entry.objects.get(chain=told.case.code, sequence=1)
    with transaction.atomic():
        words = {"title": "Tanpa surat", "text": "Isi.", "weight": "note"}
        finding = record_finding(auditor, entry, **words)
    appointment = AppointmentFactory()
    typed = {"office": appointment.office_id, "question": "Mana?", "working_days": 3}
    new = f"{reverse('audit_request_new')}?finding={finding.pk}"
    assert client.post(new, typed | {"working_days": 99}).status_code == 422
    page = client.post(new, typed).url
    asked = EvidenceRequest.objects.get()
    assert (asked.finding, asked.case_code) == (finding, told.case.code)

    client.force_login(appointment.user)
    assert "Mana?" in text(client.get("/audit/requests/"))
    assert "Mana?" in text(client.get("/"))
    letter = samples.upload("surat.pdf", samples.pdf())
    client.post(page, {"answer": "Terlampir.", "document": letter})
    assert client.post(page, {"answer": "Lagi."}).status_code == 422
    assert client.post(page, {"accept": "1"}).status_code == 403

    client.force_login(auditor)
    assert "Terlampir." in text(client.get(page))
    document = client.get(f"{page}document/")
    assert b"".join(document.streaming_content) == samples.pdf()
    client.post(page, {"accept": "1"})
    asked.refresh_from_db()
    assert asked.closed_at is not None


def test_request_of_another_office_is_not_found(client, told):
    with transaction.atomic():
        office = AppointmentFactory().office
        asked = request_evidence(inspector(), office, question="Mana?", working_days=3)
    client.force_login(AppointmentFactory().user)
    page = reverse("audit_request", args=[asked.pk])
    assert client.get(page).status_code == client.post(page).status_code == 404
    assert client.get(f"{page}document/").status_code == 404
    assert "Mana?" not in text(client.get("/audit/requests/"))


def test_sample_is_drawn_from_a_question_and_drawn_again(client, auditor, told):
    asked = f"case={told.case.code}"
    assert asked in text(client.get("/audit/samples/", {"query": asked}))
    assert client.post("/audit/samples/", {"size": "2", "query": asked}).status_code == 422
    page = client.post("/audit/samples/", {"size": "1", "seed": "s", "query": asked}).url
    assert Sample.objects.get().codes == [told.case.code]
    shown = text(client.get(page))
    assert "verdict-good" in shown
    assert "Sirup Pala Maju" in shown


def test_full_sight_reads_and_only_the_inspectorate_writes(client, told):
    client.force_login(sees_everything())
    assert client.get("/audit/").status_code == client.get("/audit/samples/").status_code == 200
    assert client.post("/audit/samples/", {"size": "1"}).status_code == 403
    new = entry_page(told.case.code, name="audit_finding_new")
    assert client.get(new).status_code == client.get("/audit/requests/new/").status_code == 403
    assert client.get("/audit/requests/").status_code == 200


def test_navigation_leads_those_who_may_and_no_others(client, auditor):
    assert text(client.get("/")).count('href="/audit/"') >= 2
    client.force_login(sees_everything())
    assert text(client.get("/")).count('href="/audit/"') == 1
    client.force_login(UserFactory())
    assert 'href="/audit/"' not in text(client.get("/"))


def queries_of(client, address):
    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    # What is read is entered afterwards, at a price of its own.
    sql = [query["sql"] for query in queries]
    return next((n for n, one in enumerate(sql) if "SAVEPOINT" in one), len(sql))


@pytest.mark.parametrize("count", [1, 60])
def test_lists_cost_at_most_twelve_queries_at_any_size(client, auditor, told, count):
    entry = Entry.objects.get(chain=told.case.code, sequence=1)
    office = AppointmentFactory().office
    with transaction.atomic():
        for number in range(count):
            words = {"title": f"T{number}", "text": "Isi.", "weight": "note"}
            record_finding(auditor, entry, **words)
            request_evidence(auditor, office, question=f"Q{number}", working_days=3)
    for address in (
        "/audit/",
        "/audit/?q=pala&kind=edit&least=0&person=x",
        "/audit/findings/",
        "/audit/requests/",
        "/audit/samples/",
    ):
        assert queries_of(client, address) <= 12, address
