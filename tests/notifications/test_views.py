import pytest
from django.core import mail
from django.urls import reverse

from notifications.models import Message
from notifications.views import PAGE
from tests.notifications.factories import ArrivedFactory, MessageFactory, UserFactory

pytestmark = [pytest.mark.integration, pytest.mark.django_db]


@pytest.fixture
def person(client):
    user = UserFactory()
    client.force_login(user)
    client.cookies["django_language"] = "en"
    return user


def subjects(response):
    return [row["words"].subject for row in response.context["rows"]]


def test_messages_need_a_login(client):
    for name, args in (("messages", []), ("message_open", [1]), ("messages_read", [])):
        response = client.post(reverse(name, args=args))
        assert response.status_code == 302
        assert response.url.startswith(reverse("login"))


def test_messages_lists_own_delivered_ones_only(client, person):
    mine = ArrivedFactory(recipient=person)
    ArrivedFactory()
    MessageFactory(recipient=person)
    response = client.get(reverse("messages"))
    assert [row["message"] for row in response.context["rows"]] == [mine]
    assert "Rejected: Sirup Pala" in response.content.decode()


def test_messages_without_any_say_what_will_come(client, person):
    assert "No messages" in client.get(reverse("messages")).content.decode()


def test_messages_escape_what_people_wrote(client, person):
    params = {"title": "<script>alert(1)</script>", "code": "INV-2026-0042"}
    ArrivedFactory(recipient=person, params=params)
    page = client.get(reverse("messages")).content.decode()
    assert "<script>alert(1)</script>" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_messages_follow_the_language_of_the_page(client, person):
    due = {"title": "Sirup Pala", "code": "INV-2026-0042", "period": 1, "due": "2026-03-09"}
    ArrivedFactory(recipient=person, event="monitoring_due", params=due)
    client.cookies["django_language"] = "id"
    assert "9 Maret 2026" in client.get(reverse("messages")).content.decode()
    client.cookies["django_language"] = "en"
    assert "9 March 2026" in client.get(reverse("messages")).content.decode()


def test_messages_page_by_page_show_each_once(client, person):
    made = ArrivedFactory.create_batch(PAGE + 3, recipient=person)
    first = client.get(reverse("messages"))
    second = client.get(reverse("messages"), {"cursor": first.context["next_cursor"]})
    seen = [row["message"].pk for page in (first, second) for row in page.context["rows"]]
    assert seen == sorted((message.pk for message in made), reverse=True)
    assert second.context["next_cursor"] is None


def test_messages_page_costs_the_same_for_one_and_for_thirty(
    client, person, django_assert_max_num_queries
):
    ArrivedFactory.create_batch(PAGE, recipient=person)
    with django_assert_max_num_queries(10):
        client.get(reverse("messages"))


@pytest.mark.parametrize("cursor", ["x", "-1", "1e3", "9" * 30, "٣"])
def test_messages_with_a_cursor_of_nobody_is_a_bad_request(client, person, cursor):
    assert client.get(reverse("messages"), {"cursor": cursor}).status_code == 400


def test_message_open_marks_it_read_and_goes_to_its_page(client, person):
    message = ArrivedFactory(recipient=person)
    response = client.get(reverse("message_open", args=[message.pk]))
    assert (response.status_code, response.url) == (302, message.path)
    message.refresh_from_db()
    first = message.read_at
    assert first is not None
    client.get(reverse("message_open", args=[message.pk]))
    message.refresh_from_db()
    assert message.read_at == first


def test_message_open_of_somebody_else_is_not_found(client, person):
    message = ArrivedFactory()
    assert client.get(reverse("message_open", args=[message.pk])).status_code == 404
    message.refresh_from_db()
    assert message.read_at is None


@pytest.mark.parametrize(
    "path", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"]
)
def test_message_open_never_leaves_the_house(client, person, path):
    message = ArrivedFactory(recipient=person, path=path)
    assert client.get(reverse("message_open", args=[message.pk])).status_code == 400


def test_messages_read_marks_one(client, person):
    one, other = ArrivedFactory.create_batch(2, recipient=person)
    client.post(reverse("messages_read"), {"message": one.pk})
    assert list(Message.objects.unread()) == [other]


def test_messages_read_marks_all_that_were_on_the_screen(client, person):
    older, newest, later = ArrivedFactory.create_batch(3, recipient=person)
    foreign = ArrivedFactory.create(pk=newest.pk - 100)
    response = client.post(reverse("messages_read"), {"until": newest.pk})
    assert response.url == reverse("messages")
    assert set(Message.objects.unread()) == {later, foreign}


def test_messages_read_by_get_or_without_a_number_changes_nothing(client, person):
    ArrivedFactory(recipient=person)
    assert client.get(reverse("messages_read")).status_code == 405
    assert client.post(reverse("messages_read")).status_code == 400
    assert Message.objects.unread().count() == 1
    assert mail.outbox == []
