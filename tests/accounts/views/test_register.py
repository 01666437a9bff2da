import datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Appointment, Office, Unit, User
from accounts.offices import today
from approvals.models import Refusal
from tests.accounts.factories import (
    AppointmentFactory,
    OfficeFactory,
    UnitFactory,
    UserFactory,
)
from tests.accounts.files import samples

pytestmark = [pytest.mark.integration, pytest.mark.django_db]
A_DAY = datetime.timedelta(days=1)


@pytest.fixture
def desk(clerk):
    """The browser of an administrator."""
    return enter(clerk)


def enter(person):
    client = Client(headers={"accept-language": "en"})
    client.force_login(person)
    return client


def test_administrator_enters_and_changes_a_person(desk):
    unit = UnitFactory()
    fields = {"username": "siti", "name_plain": "Siti Rahayu", "language": "id"}

    response = desk.post("/administration/people/new/", fields | {"home_unit": unit.pk})

    person = User.objects.get(username="siti")
    assert response.url == reverse("person_edit", args=[person.pk])
    assert (person.home_unit, person.is_active) == (unit, True)
    changed = {"name_plain": "Siti R.", "language": "en", "username": "lain", "is_superuser": "on"}
    assert desk.post(response.url, changed | {"is_active": ""}).status_code == 302
    person.refresh_from_db()
    assert (person.name_plain, person.language, person.username) == ("Siti R.", "en", "siti")
    assert (person.is_superuser, person.is_active) == (False, True)


def test_refused_person_keeps_what_was_typed(desk):
    typed = {"username": "siti", "name_plain": "Siti", "nip": "12", "language": "id"}
    response = desk.post("/administration/people/new/", typed)
    page = response.content.decode()
    assert response.status_code == 422
    assert "A NIP has 18 digits and nothing else." in page
    assert 'value="12"' in page
    assert not User.objects.filter(username="siti").exists()


@pytest.mark.parametrize("name", ["a\x00b", "\u202eitis", "x" * 121, ""])
def test_hostile_name_is_refused_with_a_sentence(name, desk):
    typed = {"username": "siti", "name_plain": name, "language": "id"}
    response = desk.post("/administration/people/new/", typed)
    assert response.status_code == 422
    assert response.context["form"].errors["name_plain"]


def test_account_of_the_system_is_no_person(desk, system):
    assert desk.get(reverse("person_edit", args=[system.pk])).status_code == 404
    assert "sistem" not in desk.get("/administration/people/").content.decode()


def test_administrator_enters_units_and_offices(desk):
    top = UnitFactory()
    unit = {"code": "dinas-baru", "name": "Dinas Baru", "kind": "agency", "parent": top.pk}
    assert desk.get(f"/administration/units/new/?below={top.pk}").context["form"][
        "parent"
    ].initial == (top.pk)
    assert desk.post("/administration/units/new/", unit).status_code == 302
    made = Unit.objects.get(code="dinas-baru")
    assert made.parent == top

    office = {"code": "kepala-baru", "title": "Kepala Dinas Baru", "unit": made.pk, "is_head": "on"}
    response = desk.post("/administration/offices/new/", office)

    head = Office.objects.get(code="kepala-baru")
    assert response.url == reverse("office", args=[head.pk])
    assert head.is_head
    office |= {"title": "Kepala Dinas Terbaru", "code": "lain"}
    assert desk.post(reverse("office_edit", args=[head.pk]), office).status_code == 302
    head.refresh_from_db()
    assert (head.title, head.code) == ("Kepala Dinas Terbaru", "kepala-baru")


def test_unit_below_itself_is_refused_on_the_page(desk):
    unit = UnitFactory()
    fields = {"name": unit.name, "kind": "agency", "parent": unit.pk}
    response = desk.post(reverse("unit_edit", args=[unit.pk]), fields)
    assert response.status_code == 422
    assert response.context["form"].errors["parent"]


def test_administrator_appoints_and_ends(desk, clerk):
    holder, deputy = AppointmentFactory(), UserFactory()
    fields = {
        "user": f"{deputy.name_plain} ({deputy.username})",
        "capacity": "plh",
        "start": today().isoformat(),
        "end": (today() + 6 * A_DAY).isoformat(),
        "basis_number": "100/9/2026",
        "basis_date": today().isoformat(),
        "letter": samples.upload("SPT.pdf", samples.pdf()),
    }
    response = desk.post(reverse("appointment_new", args=[holder.office_id]), fields)

    assert response.url == reverse("office", args=[holder.office_id])
    stand_in = Appointment.objects.get(user=deputy)
    assert (stand_in.capacity, stand_in.letter_name) == ("plh", "SPT.pdf")
    assert stand_in.history.get().history_user == clerk
    page = desk.get(response.url).content.decode()
    assert "SPT.pdf" not in page
    assert reverse("appointment_letter", args=[stand_in.pk]) in page

    address = reverse("appointment_end", args=[stand_in.pk])
    assert desk.get(address).status_code == 200
    assert desk.post(address, {"end": (today() - A_DAY).isoformat()}).status_code == 422
    assert desk.post(address, {"end": today().isoformat()}).status_code == 302
    stand_in.refresh_from_db()
    assert stand_in.end == today()


def test_refused_appointment_says_why(desk):
    held = AppointmentFactory(user__name_plain="Siti Rahayu")
    fields = {
        "user": UserFactory().username,
        "capacity": "definitive",
        "start": today().isoformat(),
        "basis_number": "1",
        "basis_date": today().isoformat(),
    }
    response = desk.post(reverse("appointment_new", args=[held.office_id]), fields)
    assert response.status_code == 422
    assert "Siti Rahayu holds" in response.content.decode()
    assert Appointment.objects.get() == held


def test_others_are_refused_and_it_is_kept():
    person = UserFactory()
    response = enter(person).get("/administration/people/")
    assert response.status_code == 403
    assert "Only administrators look after people and offices." in response.content.decode()
    refusal = Refusal.objects.get()
    assert (refusal.person, refusal.path) == (person, "/administration/people/")


def test_tabs_are_for_administrators(desk):
    assert reverse("person_list") in desk.get("/authority/").content.decode()
    assert reverse("person_list") not in enter(UserFactory()).get("/authority/").content.decode()


@pytest.mark.parametrize("count", [1, 40])
@pytest.mark.parametrize(("name", "ceiling"), [("person_list", 10), ("unit_list", 10)])
def test_lists_stay_under_their_ceiling_at_any_size(name, ceiling, count, desk):
    for number in range(count):
        office = OfficeFactory(unit=UnitFactory(parent=UnitFactory()))
        AppointmentFactory(office=office, user__home_unit=office.unit)
        OfficeFactory(unit=office.unit, title=f"Kosong {number}")
    desk.get(reverse(name))
    with CaptureQueriesContext(connection) as queries:
        assert desk.get(reverse(name)).status_code == 200
    assert len(queries) <= ceiling


@pytest.mark.parametrize("count", [1, 15])
def test_office_page_stays_under_its_ceiling_at_any_size(count, desk):
    office = OfficeFactory()
    for number in range(count):
        day = datetime.date(2020, 1, 1) + number * 3 * A_DAY
        AppointmentFactory(office=office, start=day, end=day + A_DAY)
    address = reverse("office", args=[office.pk])
    desk.get(address)
    with CaptureQueriesContext(connection) as queries:
        assert desk.get(address).status_code == 200
    assert len(queries) <= 12


def test_names_are_found_for_whoever_types(desk, clerk):
    UserFactory(name_plain="Siti Rahayu", username="siti")
    UserFactory(name_plain="Siti Lama", is_active=False)
    found = desk.get("/people/?q=siti").json()["people"]
    assert [one["label"] for one in found] == ["Siti Rahayu (siti)"]
    assert desk.get("/people/?q=s").json() == {"people": []}
    assert desk.get(f"/people/?q={clerk.name_plain}").json() == {"people": []}
