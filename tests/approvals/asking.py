"""What the chain of rules says of a person at a seat, and who stands in for whom."""

from accounts.offices import today
from tests.accounts.factories import AppointmentFactory, DelegationFactory
from tests.approvals.factories import standing_of


def answer(seat, person, about=None, on=None):
    standing, here = standing_of(seat, about, on)
    return standing.answer(here, person)


def told(seat, person, about=None, on=None):
    """Allowed or not, by which rule, in which words."""
    found = answer(seat, person, about, on)
    return (found.allowed, found.rule, found.sentence)


def eligible(seat, about=None):
    standing, here = standing_of(seat, about)
    return standing.eligible(here)


def substitute(appointment, capacity="plh", **about):
    """Somebody who speaks for the appointment's office today."""
    return AppointmentFactory(
        office=appointment.office, capacity=capacity, start=today(), end=today(), **about
    )


def letter(principal, **about):
    """Somebody else who may act for the office by the holder's letter, today."""
    return DelegationFactory(
        principal=principal, start=today(), end=today(), **{"basis_number": "SK-7", **about}
    )
