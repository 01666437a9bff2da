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


def say_who(request):
    return HttpResponse(str(current_actor()))


def test_request_acts_as_the_person_logged_in(rf):
    request = rf.get("/")
    request.user = UserFactory(name_plain="Siti Rahayu")
    assert answer(request, say_who).content == b"Siti Rahayu"
    assert current_actor() is None


def test_visitor_acts_as_nobody(rf):
    request = rf.get("/")
    request.user = AnonymousUser()
    assert answer(request, say_who).content == b"None"


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
