import pytest
from django.contrib.auth.models import AnonymousUser
from django.template import Context, Template

from notifications.context import unread
from tests.notifications.factories import ArrivedFactory, MessageFactory, UserFactory

pytestmark = [pytest.mark.integration, pytest.mark.django_db]


def shown(request, text="{% if unread_messages %}{{ unread_messages }}{% endif %}"):
    return Template(text).render(Context(unread(request)))


def test_unread_counts_own_arrived_messages_once(rf, django_assert_num_queries):
    person, request = UserFactory(), rf.get("/")
    ArrivedFactory.create_batch(2, recipient=person)
    ArrivedFactory(recipient=person, read_at="2026-03-09T10:00:00Z")
    ArrivedFactory()
    MessageFactory(recipient=person)
    request.user = person
    with django_assert_num_queries(1):
        assert shown(request) == "2"


def test_unread_costs_nothing_where_no_page_shows_it(rf, django_assert_num_queries):
    request = rf.get("/")
    request.user = UserFactory()
    with django_assert_num_queries(0):
        assert shown(request, "nothing") == "nothing"


def test_unread_of_a_visitor_is_none_and_asks_nobody(rf, django_assert_num_queries):
    request = rf.get("/")
    with django_assert_num_queries(0):
        assert shown(request) == ""
        request.user = AnonymousUser()
        assert shown(request) == ""
