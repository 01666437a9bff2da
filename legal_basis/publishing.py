"""Making an issued instrument public."""

import datetime

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.acting import verb
from accounts.models import User

from .models import Instrument, Publication


@verb
def publish(
    actor: User,
    instrument: Instrument,
    *,
    published_on: datetime.date,
    jdih_address: str = "",
    archive_number: str = "",
    note: str = "",
) -> Publication:
    """Record where and when an issued instrument was published; a repeat updates the record."""
    if instrument.status != Instrument.Status.ISSUED:
        raise ValidationError(_("Only an issued instrument can be published."))
    publication, _is_new = Publication.objects.update_or_create(
        instrument=instrument,
        defaults={
            "published_on": published_on,
            "jdih_address": jdih_address,
            "archive_number": archive_number,
            "note": note,
        },
    )
    return publication
