import pytest
from django.core import mail
from django.utils import translation

from notifications.channels import NAMES, channel
from notifications.channels.email import message_id
from tests.notifications.factories import MessageFactory, UserFactory

pytestmark = [pytest.mark.integration, pytest.mark.django_db]


def sent_mail(**fields):
    with translation.override("en"):
        channel("email").send(MessageFactory(**fields))
    return mail.outbox[-1]


@pytest.mark.parametrize("name", NAMES)
def test_channel_is_found_by_its_name(name):
    assert channel(name).reaches(UserFactory()) is True


def test_channel_that_is_not_listed_raises():
    with pytest.raises(LookupError, match="pigeon"):
        channel("pigeon")


def test_mail_holds_one_sentence_and_one_link(settings):
    settings.PUBLIC_URL = "https://payung.example"
    told = sent_mail(recipient__email="sari@example.test", recipient__name_plain="Sari")
    assert told.to == ["sari@example.test"]
    assert told.subject == "Rejected: Sirup Pala"
    assert told.body == (
        "“Sirup Pala” (INV-2026-0042) was rejected; its page gives the reason.\n\n"
        "https://payung.example/cases/INV-2026-0042/\n\n"
        "-- \nYou receive this message because you take part in this case in Payung.\n"
    )
    assert "Sari" not in told.message().as_string()
    assert told.extra_headers["Auto-Submitted"] == "auto-generated"


def test_mail_about_no_single_case_says_why_it_comes():
    params = {"number": "12/2026", "about": "Cuti bersama", "decree": 3}
    told = sent_mail(event="due_dates_moved", case_code="", params=params)
    assert told.body.endswith("You receive this message because work waits for you in Payung.\n")
    assert told.subject == "Due dates of yours have moved: decree no. 12/2026"


def test_mail_of_a_title_with_line_breaks_adds_no_header():
    title = "Sirup\r\nBcc: thief@example.test\u2028X-Evil: yes\x07"
    told = sent_mail(params={"title": title, "code": "INV-2026-0042"})
    letter = told.message()
    assert told.subject == "Rejected: Sirup Bcc: thief@example.test X-Evil: yes"
    assert letter["Bcc"] is None
    assert letter["X-Evil"] is None
    assert told.recipients() == [told.to[0]]


def test_mail_keeps_markup_of_a_title_as_plain_text():
    told = sent_mail(params={"title": "<b>Sirup</b> & Pala", "code": "INV-2026-0042"})
    assert "<b>Sirup</b> & Pala" in told.body
    assert told.content_subtype == "plain"


def test_message_id_depends_on_the_key_alone_and_reveals_nothing(settings):
    settings.PUBLIC_URL = "https://payung.example:8443"
    first, other = message_id("rejected:end:1:5"), message_id("rejected:end:1:6")
    assert first == message_id("rejected:end:1:5")
    assert first != other
    assert first.endswith("@payung.example>")
    assert "rejected" not in first


def test_mail_written_to_a_file_carries_the_message_id(settings, tmp_path):
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = tmp_path
    message = MessageFactory()
    channel("email").send(message)
    (written,) = tmp_path.iterdir()
    assert f"Message-ID: {message_id(message.key)}" in written.read_text()


def test_list_keeps_the_time_of_the_first_delivery():
    message = MessageFactory()
    channel("in_app").send(message)
    first = message.delivered_at
    channel("in_app").send(message)
    message.refresh_from_db()
    assert message.delivered_at == first
