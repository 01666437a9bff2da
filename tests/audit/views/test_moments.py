import datetime

import pytest
from django.urls import reverse

from accounts.acting import acting_as
from accounts.models import Appointment, Office
from audit.stops import stops_of
from tests.audit.factories import DESIGN, at, sees_everything, story
from tests.notifications.factories import UnitFactory, UserFactory, system
from tests.regency import case_at, settle_in
from workflow.access import grant_initiators

pytestmark = [pytest.mark.integration, pytest.mark.one_database, pytest.mark.django_db]

BEFORE, BETWEEN, LATEST = "2026-03-01", "2026-03-09T10:05", "2026-03-09T10:30"


@pytest.fixture
def told(client):
    client.force_login(sees_everything())
    client.cookies["django_language"] = "en"
    return story()


def as_of(case):
    return reverse("case_moment", args=[case.code])


def compare(case):
    return reverse("case_compare", args=[case.code])


def text(response):
    return response.content.decode()


def an_office(**more):
    """An office that somebody held before the story began."""
    with at(-10, system()):
        user, unit = UserFactory(), more.pop("unit", None) or UnitFactory()
        office = Office.objects.create(code=f"o{unit.pk}", title="Kepala Dinas", unit=unit, **more)
        day = datetime.date(2026, 1, 1)
        letter = {"basis_number": "800/1", "basis_date": day}
        Appointment.objects.create(user=user, office=office, start=day, **letter)
    return office, user


def test_page_shows_the_case_as_it_was_and_no_later_word(client, told):
    page = text(client.get(as_of(told.case), {"at": BETWEEN}))
    assert "As of 9 March 2026, 10:05" in page
    assert DESIGN in page
    assert "Sirup Pala Maju" not in page
    assert "This is the past" in page


def test_page_without_a_moment_shows_the_latest(client, told):
    response = client.get(as_of(told.case))
    assert response.context["at"] == stops_of(told.case.innovation_id)[-1]
    assert "Sirup Pala Maju" in text(response)
    assert "This is the past" not in text(response)


def test_page_before_the_case_says_that_nothing_was_recorded(client, told):
    page = text(client.get(as_of(told.case), {"at": BEFORE}))
    assert "Nothing of this case was recorded yet" in page


def test_slider_leads_to_the_moment_of_its_stop_and_keeps_the_office(client, told):
    office, _user = an_office()
    response = client.get(as_of(told.case), {"step": "1", "office": office.pk})
    assert response.status_code == 302
    assert response.url == (
        f"{as_of(told.case)}?at=2026-03-09T03%3A10%3A00Z&slid=1&office={office.pk}"
    )
    shown = client.get(response.url)
    assert (shown.context["step"], shown.context["last_step"]) == (1, 3)
    assert 'value="1"' in text(shown)
    assert f"&amp;office={office.pk}" in text(shown)


@pytest.mark.parametrize(("step", "minute"), [("99", 30), ("x", 0), ("-3", 0), ("0", 0)])
def test_slider_has_no_place_beyond_its_ends(client, told, step, minute):
    address = client.get(as_of(told.case), {"step": step}).url
    assert address == f"{as_of(told.case)}?at=2026-03-09T03%3A{minute:02d}%3A00Z&slid=1"


def test_neighbours_and_comparisons_are_links(client, told):
    page = text(client.get(as_of(told.case), {"at": "2026-03-09T10:15"}))
    assert 'rel="prev" href="?at=2026-03-09T03:00:00Z"' in page
    assert 'rel="next" href="?at=2026-03-09T03:20:00Z"' in page
    assert f"{compare(told.case)}?a=2026-03-09T03:00:00Z&amp;b=2026-03-09T03:15:59.999999Z" in page


@pytest.mark.parametrize("at", ["kemarin", "2999-01-01"])
def test_what_is_no_moment_is_told_beside_the_field_and_kept(client, told, at):
    for address, name in ((as_of(told.case), "at"), (compare(told.case), "b")):
        response = client.get(address, {name: at})
        assert response.status_code == 422
        assert f'value="{at}"' in text(response) or at.startswith("2999")
        assert f"#id_{name}" in text(response)
        assert DESIGN not in text(response)


def test_office_that_could_not_see_the_case_is_shown_nothing_of_it(client, told):
    office, user = an_office()
    response = client.get(as_of(told.case), {"at": BETWEEN, "office": office.pk})
    page = text(response)
    assert str(user) in page
    assert "No. Nothing gave this office sight of it." in page
    assert DESIGN not in page
    assert response.context["sight"].opens is False


def test_office_that_could_see_the_case_is_shown_why_and_what(client, told):
    office, _user = an_office(unit=told.case.innovation.owning_unit, is_head=True)
    page = text(client.get(as_of(told.case), {"at": BETWEEN, "office": office.pk}))
    assert "It leads the owning unit, or the one above it." in page
    assert DESIGN in page


def test_office_that_nobody_held_then_sees_nothing(client, told):
    office, user = an_office()
    with at(1, system()):
        appointment = user.appointments.get()
        appointment.end = datetime.date(2026, 2, 1)
        appointment.save()
    page = text(client.get(as_of(told.case), {"at": BETWEEN, "office": office.pk}))
    assert "Nobody spoke for this office at that moment" in page
    assert DESIGN not in page


def test_only_who_sees_all_cases_looks_through_the_eyes_of_others(client, told):
    client.force_login(told.initiator)
    grant_initiators(system(), told.case)
    office, _user = an_office()
    response = client.get(as_of(told.case), {"at": BETWEEN, "office": office.pk})
    assert response.status_code == 200
    assert "sight" not in response.context
    assert 'name="office"' not in text(response)


@pytest.mark.parametrize("address", [as_of, compare])
def test_case_that_a_person_may_not_see_is_not_found(client, told, address):
    client.force_login(UserFactory())
    assert client.get(address(told.case)).status_code == 404


def test_two_moments_are_compared_by_words_whichever_comes_first(client, told):
    there = client.get(compare(told.case), {"a": BETWEEN, "b": LATEST})
    back = client.get(compare(told.case), {"a": LATEST, "b": BETWEEN})
    assert "<ins>Sirup Pala Maju</ins>" in text(there)
    assert "<del>telepon." in text(there)
    assert "Nothing differs" not in text(there)
    assert back.context["differences"] == there.context["differences"]
    same = text(client.get(compare(told.case), {"a": BETWEEN, "b": BETWEEN}))
    assert "Nothing differs between these moments" in same


def test_comparison_without_moments_is_of_the_first_and_the_last(client, told):
    context = client.get(compare(told.case)).context
    stops = stops_of(told.case.innovation_id)
    assert (context["before"].at, context["after"].at) == (stops[0], stops[-1])


def test_pages_escape_what_people_wrote(client, told):
    with at(50, told.initiator):
        told.case.innovation.name = "<img src=x onerror=alert(1)>"
        told.case.innovation.save()
    for address in (as_of(told.case), compare(told.case)):
        page = text(client.get(address))
        assert "<img src=x" not in page
        assert "&lt;img src=x" in page


def test_pages_of_a_case_in_the_midst_of_signing_ask_a_bounded_number_of_questions(
    client, django_assert_max_num_queries
):
    settle_in()
    case = case_at("initialling")
    client.force_login(sees_everything())
    office = Office.objects.get(code="sekda")
    for _round in range(2):
        with django_assert_max_num_queries(80):
            assert client.get(as_of(case), {"office": office.pk}).status_code == 200
        with django_assert_max_num_queries(100):
            assert client.get(compare(case)).status_code == 200
        with acting_as(system()):
            for number in range(100):
                case.innovation.name = f"Nama {number}"
                case.innovation.save()
