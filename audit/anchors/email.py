"""A mailbox of the inspectorate: each mail carries the newest checkpoint as it was signed."""

import smtplib
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..hashing import sha256
from . import AnchorFailed

if TYPE_CHECKING:
    from ..models import Checkpoint

LABEL = gettext_lazy("e-mail to the inspectorate")
TAKES_ALL = False


def fault() -> str:
    """Without an address there is nobody to write to."""
    return "" if settings.AUDIT_EMAIL else "AUDIT_EMAIL names no address."


def hand_over(checkpoint: "Checkpoint") -> str:
    """Send it; a repeat carries the same Message-ID."""
    host = urlsplit(settings.PUBLIC_URL).hostname or "localhost"
    name = f"<checkpoint-{checkpoint.number}-{sha256(checkpoint.statement)[:24]}@{host}>"
    try:
        _mail(checkpoint, name).send()
    except (OSError, smtplib.SMTPException) as error:
        raise AnchorFailed(
            _("The mail server did not take the checkpoint (%s).") % type(error).__name__
        ) from error
    return name


def _mail(checkpoint: "Checkpoint", name: str) -> EmailMessage:
    mail = EmailMessage(
        subject=_("Payung, checkpoint %(number)s: %(root)s")
        % {"number": checkpoint.number, "root": checkpoint.root[:16]},
        body=_(
            "Keep this mail. It holds how far the ledger of Payung had come, signed; what it "
            "covers cannot be changed unseen.\n\n"
            "Merkle root: %(root)s\nKey: %(key)s\nSignature: %(signature)s\n"
        )
        % {"root": checkpoint.root, "key": checkpoint.key, "signature": checkpoint.signature},
        to=settings.AUDIT_EMAIL,
        headers={"Message-ID": name, "Auto-Submitted": "auto-generated"},
    )
    text = f"{checkpoint.statement}signature: {checkpoint.signature}\n"
    mail.attach(f"checkpoint-{checkpoint.number}.txt", text, "text/plain")
    return mail
