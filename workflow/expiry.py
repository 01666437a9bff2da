"""A word in time before an instrument ends: to the legal section and to the owner's office."""

import datetime
import logging

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from accounts.acting import acting_as
from accounts.models import Office, User
from accounts.offices import appointments_on, holder_of, today
from legal_basis.legal_section import LEGAL_SECTION_HEAD
from legal_basis.models import Instrument
from legal_basis.standing import EXTENDS_UNTIL, Standing, standings
from planning.models import Commitment

from .aftermath import stipulated_by
from .announcements import announce
from .models import Case

logger = logging.getLogger(__name__)


def warn_of_expiry() -> int:
    """Tell of every instrument in force that ends soon; says how many were told of.

    Runs daily. A message has a key of its own for the instrument, its last day and the person: a
    repeat tells nobody twice, and whoever has come into the office since is told as well.
    """
    told = 0
    with acting_as(User.objects.system()):
        for instrument, standing in ending_soon():
            try:
                with transaction.atomic():
                    _warn(instrument, standing)
                told += 1
            except Exception:
                logger.exception("%s: nobody was told of its end", instrument.subject_code)
    return told


def ending_soon() -> list[tuple[Instrument, Standing]]:
    """The instruments in force that end within the time set for a warning."""
    last = today() + datetime.timedelta(days=settings.WARN_OF_EXPIRY_DAYS)
    ends = Q(in_force_until__lte=last, in_force_until__gte=today())
    extended = Q(acted_on_by__instrument__content__has_key=EXTENDS_UNTIL)
    issued = Instrument.objects.filter(ends | extended, status=Instrument.Status.ISSUED)
    found = list(issued.distinct().select_related("innovation").order_by("in_force_until", "pk"))
    states = standings(found)
    return [(one, states[one.pk]) for one in found if _ends_by(states[one.pk], last)]


def _ends_by(standing: Standing, last: datetime.date) -> bool:
    return standing.in_force and standing.until is not None and standing.until <= last


def _warn(instrument: Instrument, standing: Standing) -> None:
    assert standing.until is not None
    announce(
        Case.objects.select_related("innovation").get(code=instrument.innovation.code),
        "instrument_expiring",
        [*_legal_section(), *_owners(instrument)],
        occurrence=f"expiring:{instrument.pk}:{standing.until.isoformat()}",
        number=instrument.number,
        until=standing.until,
    )


def _legal_section() -> list[User]:
    section = Office.objects.filter(code=LEGAL_SECTION_HEAD).values("unit")
    return [one.user for one in appointments_on(today()).filter(office__unit__in=section)]


def _owners(instrument: Instrument) -> list[User]:
    """Who speaks for the offices that own what the instrument stipulates."""
    owned = Commitment.objects.filter(innovation__in=stipulated_by(instrument))
    offices = [one.owner_office for one in owned.select_related("owner_office")]
    speaking = (holder_of(office, today()) for office in dict.fromkeys(offices))
    return [one.user for one in speaking if one]
