import pytest
from django.urls import reverse

from tests.audit.factories import DESIGN, aligned, at, sees_everything, story
from tests.notifications.factories import CaseFactory, UserFactory

pytestmark = [pytest.mark.integration, pytest.mark.one_database, pytest.mark.django_db]


@pytest.fixture
def told(client):
    client.force_login(sees_everything())
    client.cookies["django_language"] = "en"
    return story()


def history_of(case):
    return reverse("case_history", args=[case.code])


def diff_of(case, key, a, b):
    return reverse("case_diff", args=[case.code, key, a, b])


def text(response):
    return response.content.decode()


def test_history_shows_who_wrote_what_and_when(client, told):
    page = text(client.get(history_of(told.case)))
    assert f"History of {told.case.code}" in page
    assert str(told.assessor) in page
    assert "9 March 2026, 10:30" in page
    assert "<del>3</del> → <ins>4</ins>" in page


def test_history_links_lead_to_the_differences(client, told):
    newest, first = told.case.innovation.history.all()
    link = diff_of(told.case, "innovations.innovation", first.pk, newest.pk)
    assert f'href="{link}"' in text(client.get(history_of(told.case)))
    page = text(client.get(link))
    assert "<ins>Sirup Pala Maju</ins>" in page
    assert "<del>telepon." in page


def test_history_in_indonesian_keeps_the_local_form_of_time(client, told):
    client.cookies["django_language"] = "id"
    assert "9 Maret 2026, 10.30" in text(client.get(history_of(told.case)))


def test_history_escapes_what_people_wrote(client, told):
    with at(50, told.initiator):
        told.case.innovation.name = "<img src=x onerror=alert(1)>"
        told.case.innovation.save()
    newest, before, _ = told.case.innovation.history.all()
    for address in (
        history_of(told.case),
        diff_of(told.case, "innovations.innovation", before.pk, newest.pk),
        diff_of(told.case, "innovations.innovation", newest.pk, newest.pk),
    ):
        page = text(client.get(address))
        assert "<img src=x" not in page
        assert "&lt;img src=x" in page


def test_history_pages_stay_under_their_ceiling(client, told, django_assert_max_num_queries):
    newest, first = told.case.innovation.history.all()
    # Four of them enter the auditor's reading in the ledger.
    with django_assert_max_num_queries(24):
        client.get(history_of(told.case))
    with django_assert_max_num_queries(24):
        client.get(diff_of(told.case, "innovations.innovation", first.pk, newest.pk))


@pytest.mark.parametrize("name", ["history", "diff"])
def test_history_of_a_case_that_a_person_may_not_see_is_not_found(client, told, name):
    client.force_login(UserFactory())
    version = told.case.innovation.history.first().pk
    address = {
        "history": history_of(told.case),
        "diff": diff_of(told.case, "innovations.innovation", version, version),
    }[name]
    assert client.get(address).status_code == 404


def test_history_needs_a_login(client, told):
    client.logout()
    response = client.get(history_of(told.case))
    assert (response.status_code, response.url.split("?")[0]) == (302, reverse("login"))


@pytest.mark.parametrize("cursor", ["x", "1.2", "1.2.x"])
def test_history_with_a_cursor_of_nobody_is_a_bad_request(client, told, cursor):
    assert client.get(history_of(told.case), {"cursor": cursor}).status_code == 400


def test_differences_are_the_same_whichever_version_comes_first(client, told):
    newest, first = told.case.innovation.history.all()
    there = client.get(diff_of(told.case, "innovations.innovation", first.pk, newest.pk))
    back = client.get(diff_of(told.case, "innovations.innovation", newest.pk, first.pk))
    assert there.context["changes"] == back.context["changes"]
    assert back.context["old"] == first


def test_one_version_alone_is_shown_as_it_was(client, told):
    first = told.case.innovation.history.last()
    page = text(client.get(diff_of(told.case, "innovations.innovation", first.pk, first.pk)))
    assert "As it was recorded:" in page
    assert DESIGN in page
    assert "<ins>" not in page


def test_versions_of_another_case_row_or_model_are_not_found(client, told):
    other = CaseFactory()
    score = told.assessment.scores.get(criterion="renewal").history.first().pk
    benefit = told.assessment.scores.get(criterion="benefit").history.first().pk
    foreign = other.innovation.history.first().pk
    own = told.case.innovation.history.first().pk
    for key, a, b in (
        ("innovations.innovation", foreign, foreign),
        ("innovations.innovation", own, foreign),
        ("innovations.assessmentscore", score, benefit),
        ("innovations.innovation", own, 10**9),
        ("innovations.innovation", own, 10**30),
        ("accounts.user", 1, 1),
        ("nothing", 1, 1),
    ):
        assert client.get(diff_of(told.case, key, a, b)).status_code == 404


def test_two_chosen_versions_have_an_address_of_their_own(client, told):
    newest, first = told.case.innovation.history.all()
    here = diff_of(told.case, "innovations.innovation", first.pk, first.pk)
    response = client.get(here, {"a": first.pk, "b": newest.pk})
    assert response.status_code == 302
    assert response.url == diff_of(told.case, "innovations.innovation", first.pk, newest.pk)
    for wrong in ("x", "-1", ""):
        assert client.get(here, {"a": wrong, "b": newest.pk}).status_code == 400


def test_removed_row_says_so(client, told):
    with at(60, told.initiator):
        link, *_ = aligned(told.case)
        made = link.history.get()
        link.delete()
    page = text(client.get(history_of(told.case)))
    removed = type(made).objects.get(history_type="-")
    address = diff_of(told.case, "planning.pillarlink", made.pk, removed.pk)
    assert f'href="{address}"' in page
    assert "This row was removed." in text(client.get(address))
