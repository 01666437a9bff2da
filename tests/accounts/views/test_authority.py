import datetime

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.authority import authorities_of
from accounts.files.uploads import check_upload
from accounts.models import Delegation
from accounts.offices import today
from approvals.models import Refusal
from tests.accounts.factories import (
    AppointmentFactory,
    DelegationFactory,
    OfficeFactory,
    UserFactory,
    stored_file,
)
from tests.accounts.files import samples

pytestmark = [pytest.mark.integration, pytest.mark.django_db]
NEW = "/authority/delegations/new/"


def enter(person):
    client = Client(headers={"accept-language": "en"})
    client.force_login(person)
    return client


def typed(principal, delegate, **changes):
    return {
        "principal": principal.pk,
        "delegate": delegate.username,
        "start": today().isoformat(),
        "end": (today() + datetime.timedelta(days=4)).isoformat(),
        "basis_number": "800/12/2026",
        "basis_date": today().isoformat(),
        "letter": samples.upload("kuasa.pdf", samples.pdf()),
    } | changes


def test_holder_hands_authority_on_with_its_letter(holder):
    deputy = UserFactory()

    response = enter(holder.user).post(NEW, typed(holder, deputy, stages=["trial"]))

    assert (response.status_code, response.url) == (302, reverse("my_authority"))
    given = Delegation.objects.get()
    assert (given.principal, given.delegate, given.stages) == (holder, deputy, ["trial"])
    assert (given.letter_name, given.history.get().history_user) == ("kuasa.pdf", holder.user)
    assert len(authorities_of(deputy, today())) == 1
    page = enter(deputy).get("/authority/").content.decode()
    assert "Kepala Dinas Kesehatan" in page


def test_refused_delegation_says_why_and_keeps_what_was_typed(holder):
    response = enter(holder.user).post(
        NEW, typed(holder, holder.user, basis_number="800/77/2026", ceiling="1.500.000")
    )

    page = response.content.decode()
    assert response.status_code == 422
    assert "Nobody acts on behalf of themselves." in page
    assert 'value="800/77/2026"' in page
    assert 'value="1.500.000"' in page
    assert not Delegation.objects.exists()


def test_delegation_of_yesterday_is_refused_after_midnight(holder):
    eve = datetime.datetime(2026, 3, 10, 16, 59, 50, tzinfo=datetime.UTC)
    with time_machine.travel(eve, tick=False):
        client = enter(holder.user)
        asked = typed(holder, UserFactory(), end=today().isoformat())
        assert client.get(NEW).status_code == 200
    with time_machine.travel(eve + datetime.timedelta(seconds=10), tick=False):
        response = client.post(NEW, asked)
    assert response.status_code == 422
    assert "The last day has passed. Choose today or a later day." in response.content.decode()


def test_whoever_holds_no_office_hands_nothing_on():
    response = enter(UserFactory()).get(NEW)
    assert response.status_code == 403
    assert "You hold no office whose authority you could hand on." in response.content.decode()
    assert Refusal.objects.get().path == NEW


def test_administrator_hands_on_for_a_holder(holder, clerk):
    address = f"{NEW}?for={holder.pk}"
    assert enter(clerk).get(address).status_code == 200
    response = enter(clerk).post(address, typed(holder, UserFactory()))
    assert response.url == reverse("office", args=[holder.office_id])
    assert Delegation.objects.get().principal == holder


@pytest.mark.parametrize("wanted", ["999999", "9" * 40])
def test_appointment_that_is_not_there_is_not_found(wanted, clerk):
    assert enter(clerk).get(f"{NEW}?for={wanted}").status_code == 404


def test_appointment_of_somebody_else_is_not_found(holder):
    other = AppointmentFactory()
    assert enter(other.user).get(f"{NEW}?for={holder.pk}").status_code == 404
    posted = enter(other.user).post(NEW, typed(holder, UserFactory()))
    assert posted.status_code == 422
    assert not Delegation.objects.exists()


def test_holder_ends_a_delegation_with_a_reason(holder):
    given = DelegationFactory(principal=holder, end=today() + datetime.timedelta(days=3))
    client, address = enter(holder.user), reverse("delegation_end", args=[given.pk])
    assert client.get(address).status_code == 200
    assert client.post(address, {"reason": ""}).status_code == 422
    assert client.post(address, {"reason": "Kembali bertugas."}).status_code == 302
    given.refresh_from_db()
    assert given.revocation_reason == "Kembali bertugas."
    assert client.post(address, {"reason": "Sekali lagi."}).status_code == 422


def test_delegate_does_not_end_the_delegation(holder):
    given = DelegationFactory(principal=holder)
    address = reverse("delegation_end", args=[given.pk])
    assert enter(given.delegate).post(address, {"reason": "Saya mau."}).status_code == 404
    given.refresh_from_db()
    assert given.revoked_at is None


def readers(clerk):
    """Who asks for a letter, and who gets it."""
    sees_all = AppointmentFactory(office=OfficeFactory(sees_all_cases=True)).user
    return [(clerk, True), (sees_all, True), (UserFactory(), False)]


@pytest.mark.parametrize("kind", ["appointment", "delegation"])
def test_letter_is_for_those_it_names_and_those_who_see_everything(kind, holder, clerk):
    letter = stored_file(samples.pdf(), "application/pdf")
    held = AppointmentFactory(letter=letter, letter_name="SK bupati.pdf")
    given = DelegationFactory(principal=holder, letter=letter, letter_name="SK bupati.pdf")
    row = held if kind == "appointment" else given
    address = reverse(f"{kind}_letter", args=[row.pk])
    named = [held.user] if kind == "appointment" else [holder.user, given.delegate]
    for person, may in [*readers(clerk), *((who, True) for who in named)]:
        response = enter(person).get(address)
        assert response.status_code == (200 if may else 404)
        if may:
            assert b"".join(response) == letter.read()
            assert response["Content-Disposition"] == 'attachment; filename="SK bupati.pdf"'
            assert response["Content-Security-Policy"] == "sandbox; default-src 'none'"
            assert response["X-Content-Type-Options"] == "nosniff"


def test_delegate_of_an_office_that_sees_all_reads_letters():
    office = OfficeFactory(sees_all_cases=True)
    given = DelegationFactory(principal__office=office, end=today() + datetime.timedelta(days=1))
    letter = check_upload(samples.upload("sk.pdf", samples.pdf()))
    held = AppointmentFactory(letter=stored_file(letter.content, letter.media_type))
    response = enter(given.delegate).get(reverse("appointment_letter", args=[held.pk]))
    assert response.status_code == 200
    response.close()


def test_letter_that_was_not_handed_in_is_not_found(holder):
    address = reverse("appointment_letter", args=[holder.pk])
    assert enter(holder.user).get(address).status_code == 404


@pytest.mark.parametrize("count", [1, 12])
def test_own_page_stays_under_its_ceiling_at_any_size(count):
    person = UserFactory()
    for held in AppointmentFactory.create_batch(count, user=person):
        DelegationFactory(principal=held, end=today())
        DelegationFactory(delegate=person, end=today())
    client = enter(person)
    client.get("/authority/")
    with CaptureQueriesContext(connection) as queries:
        assert client.get("/authority/").status_code == 200
    assert len(queries) <= 12
