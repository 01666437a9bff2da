import pytest
from django.db import transaction
from django.urls import reverse

from accounts.offices import today
from legal_basis.master_data import load_master_data
from legal_basis.models import LegalSource, LibraryClause
from tests.innovations.factories import UserFactory
from tests.legal_basis.factories import system
from tests.legal_basis.law_office import drafter

pytestmark = [pytest.mark.integration, pytest.mark.one_database, pytest.mark.django_db]

NEW = "Menetapkan {innovation}[[ menurut {annex}]]."


@pytest.fixture
def office(client):
    """A browser of somebody in the legal section."""
    with transaction.atomic():
        load_master_data(system())
    client.force_login(drafter())
    client.cookies["django_language"] = "en"
    return client


def clause() -> LibraryClause:
    return LibraryClause.objects.get(kind="regent_decree", purpose="stipulate", key="stipulation")


def page(response) -> str:
    return response.content.decode()


def test_list_shows_the_clauses_of_one_kind_and_purpose(office):
    response = office.get("/library/?kind=regent_regulation&purpose=revoke")
    lines = [line for lines in response.context["blocks"].values() for line in lines]
    assert [line["clause"].key for line in lines] == [
        "revocation",
        "consequences",
        "stipulated",
        "change",
    ]


def test_list_takes_an_unknown_kind_for_the_first(office):
    assert office.get("/library/?kind=x&purpose=y").context["kind"] == "regent_decree"


def test_list_stays_under_its_ceiling(office, django_assert_max_num_queries):
    office.get("/library/")
    with django_assert_max_num_queries(9):
        office.get("/library/")


def test_new_wording_is_shown_with_sample_data_and_without(office):
    address = reverse("library_clause_new", args=[clause().pk])
    response = office.post(address, {"text": NEW, "note": "Disingkat.", "preview": "1"})
    assert response.context["shown"] == {
        "full": "Menetapkan SIE CANTIK menurut Lampiran.",
        "bare": "Menetapkan SIE CANTIK.",
    }
    assert clause().versions.count() == 1


def test_refused_wording_keeps_what_was_typed(office):
    address = reverse("library_clause_new", args=[clause().pk])
    response = office.post(address, {"text": "Oleh {boss}.", "note": "x", "record": "1"})
    assert response.status_code == 422
    assert ("Oleh {boss}." in page(response), "{boss} is not known" in page(response)) == (
        True,
        True,
    )


def test_recorded_wording_is_compared_with_the_one_before(office):
    address = reverse("library_clause_new", args=[clause().pk])
    office.post(address, {"text": NEW, "note": "Disingkat.", "record": "1"})
    response = office.get(reverse("library_clause", args=[clause().pk]) + "?a=1&b=2")
    compared = response.context["compared"]
    assert (compared["old"].version, compared["new"].text) == (1, NEW)
    assert "<ins>" in page(response)


@pytest.mark.parametrize("asked", ["?a=1&b=99", "?a=x", "?a=1"])
def test_versions_that_are_not_there_are_not_compared(office, asked):
    response = office.get(reverse("library_clause", args=[clause().pk]) + asked)
    assert response.context["compared"] is None


def test_whoever_holds_no_office_does_not_read(client):
    client.force_login(UserFactory())
    assert [client.get(path).status_code for path in ("/library/", "/law/")] == [403, 403]


def test_law_is_found_by_words_of_its_citation(office):
    found = office.get("/law/?q=inovasi daerah").context["sources"]
    assert [source.key for source in found] == ["pp-38-2017", "permendagri-104-2018"]


def test_law_stays_under_its_ceiling(office, django_assert_max_num_queries):
    office.get("/law/")
    with django_assert_max_num_queries(12):
        office.get("/law/")


def test_new_law_is_added(office):
    told = {
        "kind": "permen",
        "form": "Peraturan Menteri Dalam Negeri",
        "number": "9",
        "year": "2026",
        "title": "Tata Naskah",
        "gazette": "Berita Negara Republik Indonesia Tahun 2026 Nomor 1",
    }
    response = office.post("/law/new/", told)
    assert response.url == reverse("law_source", args=["permen-9-2026"])


def test_refused_law_names_the_field(office):
    response = office.post("/law/new/", {"kind": "permen", "title": "Tata Naskah"})
    assert response.status_code == 422
    assert list(response.context["form"].errors) == ["form"]


def test_placeholder_is_completed(office):
    told = {"kind": "perda", "form": "Peraturan Daerah", "title": "APBD", "number": "4"}
    office.post("/law/perda-apbd/edit/", told | {"year": "2025"})
    assert LegalSource.objects.get(key="perda-apbd").is_citable


def test_amendment_and_revocation_are_recorded(office):
    by = LegalSource.objects.get(key="uu-6-2023")
    office.post("/law/pp-12-2019/amendment/", {"by": by.pk})
    office.post("/law/pp-12-2019/revocation/", {"by": by.pk, "on": today().isoformat()})
    source = LegalSource.objects.get(key="pp-12-2019")
    assert (source.amended_by.count(), source.revoked_by) == (1, by)


def test_refused_revocation_keeps_what_was_typed(office):
    by = LegalSource.objects.get(key="permendagri-1-2023")
    response = office.post("/law/pp-12-2019/revocation/", {"by": by.pk, "on": "2024-01-02"})
    assert (response.status_code, "2024-01-02" in page(response)) == (422, True)
    assert list(response.context["form"].errors) == ["by"]
