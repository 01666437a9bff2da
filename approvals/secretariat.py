"""The innovation secretariat: whoever looks after cases that nobody else moves."""

from accounts.models import Office, User
from accounts.offices import appointments_on, holders_of, today

OFFICES = ("sekretariat-inovasi-1", "sekretariat-inovasi-2")


def secretaries() -> list[User]:
    """Who speaks for the secretariat's offices today."""
    offices = Office.objects.filter(code__in=OFFICES)
    return [appointment.user for appointment in holders_of(offices, today()).values()]


def is_secretary(user: User) -> bool:
    """Whether a person speaks for one of the secretariat's offices today."""
    own = appointments_on(today()).filter(user=user, office__code__in=OFFICES)
    speaking = holders_of([appointment.office for appointment in own], today())
    return any(appointment.user_id == user.pk for appointment in speaking.values())
