"""Making an issued instrument public."""

import datetime

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.acting import verb
from accounts.models import User

from .citations import pages_of
from .models import Instrument, Publication

# How catalogues describe an instrument; a repeat that does not name them leaves them as they are.
DESCRIPTION = ("abstract", "subjects", "field_of_law", "call_number")


@verb
def publish(
    actor: User,
    instrument: Instrument,
    *,
    published_on: datetime.date,
    jdih_address: str = "",
    archive_number: str = "",
    note: str = "",
    **description: str,
) -> Publication:
    """Record where and when an issued instrument was published; a repeat updates the record.

    `description`: abstract, subjects, field_of_law and call_number, as catalogues want them.
    """
    if unknown := sorted(description.keys() - set(DESCRIPTION)):
        raise TypeError(f"publish() knows no {', '.join(unknown)}")
    if instrument.status != Instrument.Status.ISSUED:
        raise ValidationError(_("Only an issued instrument can be published."))
    _count_pages(instrument)
    publication, _is_new = Publication.objects.update_or_create(
        instrument=instrument,
        defaults={
            "published_on": published_on,
            "jdih_address": jdih_address,
            "archive_number": archive_number,
            "note": note,
            **description,
        },
    )
    return publication


def _count_pages(instrument: Instrument) -> None:
    """Keep the number of pages, which the gazette citation ends with, where nobody has yet."""
    if instrument.pages is None and (pages := pages_of(instrument)):
        instrument.pages = pages
        instrument.save(update_fields=["pages"])
