import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpResponse
from django.utils.functional import SimpleLazyObject

from accounts.acting import current_actor
from accounts.middleware import ActorMiddleware
from tests.accounts.factories import UnitFactory, UserFactory

pytestmark = [pytest.mark.integration, pytest.mark.django_db]


def answer(request, view):
    return ActorMiddleware(view)(request)


def test_request_acts_as_the_person_logged_in(rf):
    seen, request = [], rf.get("/")
    request.user = UserFactory()
    response = answer(request, lambda _: seen.append(current_actor()) or HttpResponse("ok"))
    assert (seen, response.content) == ([request.user], b"ok")
    assert current_actor() is None


def test_visitor_acts_as_nobody(rf):
    seen, request = [], rf.get("/")
    request.user = AnonymousUser()
    answer(request, lambda _: seen.append(current_actor()) or HttpResponse())
    assert seen == [None]


def test_actor_is_forgotten_when_the_view_fails(rf):
    request = rf.get("/")
    request.user = UserFactory()
    with pytest.raises(ZeroDivisionError):
        answer(request, lambda _: 1 / 0)
    assert current_actor() is None


def test_row_written_by_a_request_names_the_person(rf):
    person, unit, request = UserFactory(), UnitFactory(), rf.post("/")
    request.user = SimpleLazyObject(lambda: person)
    answer(request, lambda _: unit.save() or HttpResponse())
    assert unit.history.first().history_user == person
