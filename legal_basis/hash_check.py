"""What the SHA-256 of a file tells: whose exact bytes they are. The file itself is not needed."""

import re

from django.db.models import Q
from django.utils.translation import gettext as _

from .models import CertifiedCopy, Instrument
from .public_state import standing_of
from .validation import Indication, Verdict, stored_verdict, verdict

SHA256 = re.compile(r"[0-9a-f]{64}")


def verdict_on_hash(sha256: str) -> Verdict:
    """Judge a file by its hash alone; the stored document behind it is validated.

    What is changed cannot be told from what is foreign without the bytes: both are INDETERMINATE.
    """
    issued = Instrument.objects.filter(status=Instrument.Status.ISSUED)
    if instrument := issued.filter(document__sha256=sha256).first():
        return stored_verdict(instrument)
    unfinished = Q(rendered__sha256=sha256) | Q(signatures__signed__sha256=sha256)
    if instrument := issued.filter(unfinished).first():
        sentence = _("This is the instrument before all its signatures. It is not the document.")
        return _about(instrument, Indication.FAILED, sentence)
    copies = CertifiedCopy.objects.filter(document__sha256=sha256).select_related("document")
    if (copy := copies.first()) and copy.document:
        return verdict(copy.document.read())
    return Verdict(
        Indication.INDETERMINATE,
        _(
            "No document that this regency has issued with Payung has these bytes: the file was "
            "changed, or it comes from elsewhere."
        ),
    )


def _about(instrument: Instrument, indication: Indication, reason: str) -> Verdict:
    return Verdict(
        indication,
        reason,
        number=instrument.number,
        in_force=standing_of(instrument).in_force,
        instrument=instrument,
    )
