"""The register on the screen: who reads it, who acts, and what it costs."""

import pytest
from django.db import transaction
from django.urls import reverse

from accounts.acting import acting_as
from accounts.offices import today
from legal_basis import register
from legal_basis.models import Instrument, RegisterEntry
from tests.innovations.factories import UserFactory
from tests.legal_basis.factories import (
    draft,
    head_of_legal_section,
    number,
    numbered,
    regent,
    system,
    with_case,
)

pytestmark = [pytest.mark.integration, pytest.mark.one_database, pytest.mark.django_db]
DECREE = Instrument.Kind.REGENT_DECREE
QUERIES = 12


@pytest.fixture
def enter(client):
    def entered(user):
        client.cookies["django_language"] = "en"
        with acting_as(system()):
            client.force_login(user)
        return client

    return entered


def reserve(reason="Menunggu.") -> RegisterEntry:
    with transaction.atomic():
        return register.reserve_number(head_of_legal_section().user, DECREE, reason)


def test_page_shows_every_number_of_the_year(enter):
    instrument, kept = numbered(), reserve("<b>Menunggu</b>")
    html = enter(regent().user).get("/register/").content.decode()
    wanted = [instrument.number, instrument.title, kept.number, "&lt;b&gt;Menunggu&lt;/b&gt;"]
    assert [one for one in wanted if one not in html] == []
    assert "/cancel/" not in html


def test_case_is_linked_where_the_reader_may_see_it(enter):
    instrument = with_case(numbered())
    address = reverse("case", args=[instrument.subject_code])
    head = head_of_legal_section()
    shown = [address in enter(head.user).get("/register/").content.decode()]
    with acting_as(system()):
        head.office.sees_all_cases = True
        head.office.save()
    shown.append(address in enter(head.user).get("/register/").content.decode())
    assert shown == [False, True]


def test_whoever_holds_no_office_is_refused(enter):
    with acting_as(system()):
        stranger = UserFactory(username="tamu")
    assert enter(stranger).get("/register/").status_code == 403


@pytest.mark.parametrize("count", [1, 60])
def test_page_asks_few_questions_at_any_size(enter, django_assert_max_num_queries, count):
    client = enter(head_of_legal_section().user)
    for _ in range(count):
        reserve()
    number(draft())
    with django_assert_max_num_queries(QUERIES):
        client.get("/register/")


@pytest.mark.parametrize(
    "query", ["register=apa", "register=regent_decree&year=x", "cursor=%00", "year=99999999999"]
)
def test_strange_addresses_are_answered(enter, query):
    status = enter(regent().user).get(f"/register/?{query}").status_code
    assert status == (404 if "apa" in query else 200)


def test_number_is_reserved_given_and_cancelled_on_pages(enter):
    instrument, client = draft(), enter(head_of_legal_section().user)
    client.post(reverse("register_reserve", args=[DECREE]), {"reason": "Menunggu."})
    entry = RegisterEntry.objects.get()
    page = client.get(reverse("register_assign", args=[entry.pk])).content.decode()
    assert instrument.title in page
    client.post(reverse("register_assign", args=[entry.pk]), {"instrument": instrument.pk})
    entry.refresh_from_db()
    assert entry.instrument == instrument
    client.post(reverse("register_cancel", args=[entry.pk]), {"reason": "Ditarik."})
    client.post(reverse("register_insert", args=[entry.pk]), {"reason": "Susulan."})
    found = RegisterEntry.objects.order_by("suffix").values_list("suffix", "status")
    assert list(found) == [("", "cancelled"), ("A", "reserved")]


def test_refused_act_keeps_what_was_typed(enter):
    client, entry = enter(head_of_legal_section().user), number(draft())
    answer = client.post(reverse("register_cancel", args=[entry.pk]), {"reason": "Ditarik saja."})
    html = answer.content.decode()
    assert answer.status_code == 422
    assert "Ditarik saja." in html
    assert "Only a reserved one" in html


def test_template_is_changed_on_its_page(enter):
    client, year = enter(head_of_legal_section().user), today().year
    address = reverse("register_template", args=[DECREE, year])
    assert "{class}/{seq:03d}/{unit}/{year}" in client.get(address).content.decode()
    wrong = client.post(address, {"template": "{tahun}"})
    assert (wrong.status_code, "not usable" in wrong.content.decode()) == (422, True)
    client.post(address, {"template": "188.45/{seq}/{year}"})
    assert number(draft()).number == f"188.45/1/{year}"


@pytest.mark.parametrize(("form", "start"), [("xlsx", b"PK"), ("pdf", b"%PDF-")])
def test_register_of_a_year_is_handed_out(enter, form, start):
    numbered()
    address = reverse(f"register_{form}", args=[DECREE, today().year])
    answer = enter(regent().user).get(address)
    assert answer.content.startswith(start)
    assert answer["Content-Disposition"].endswith(f'{today().year}.{form}"')
