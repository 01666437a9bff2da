"""The mailbox of the inspectorate."""

import pytest
from django.core import mail

from audit.anchors import AnchorFailed, email
from audit.checkpoints import make_checkpoint
from tests.audit.entering import enter

pytestmark = [pytest.mark.integration, pytest.mark.django_db, pytest.mark.one_database]


@pytest.fixture
def made(checkpoint_key, settings):
    settings.AUDIT_EMAIL = ["inspektorat@example.test"]
    enter("PYG-1")
    return make_checkpoint()


def test_the_mail_carries_the_statement_as_it_was_signed(made):
    answer = email.hand_over(made)
    (sent,) = mail.outbox
    assert sent.to == ["inspektorat@example.test"]
    assert sent.extra_headers["Message-ID"] == answer
    assert made.root[:16] in sent.subject
    assert made.signature in sent.body
    ((name, content, kind),) = sent.attachments
    assert (name, kind) == ("checkpoint-1.txt", "text/plain")
    assert content == f"{made.statement}signature: {made.signature}\n"


def test_a_repeat_is_recognisable(made):
    assert email.hand_over(made) == email.hand_over(made)


def test_a_mail_server_that_is_away_is_told_in_a_sentence(made, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    with pytest.raises(AnchorFailed, match="ConnectionRefusedError"):
        email.hand_over(made)
