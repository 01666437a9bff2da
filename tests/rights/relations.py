"""How somebody can stand to the seat of an open stage: each made on the spot, in its own savepoint.

A function makes the relation and returns the person who has it.
"""

import datetime
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django.db import transaction

from accounts.acting import acting_as
from accounts.models import Appointment, Office, User
from accounts.offices import appoint, end_appointment, holder_of, today
from innovations.models import ConflictDeclaration
from tests.accounts.factories import DelegationFactory, UserFactory, system_account
from tests.regency import person

from .kinds import KINDS
from .seats import Waiting

DAY = datetime.timedelta(days=1)


def _office(waiting: Waiting) -> Office:
    assert waiting.seat.office is not None
    return waiting.seat.office


def _own(waiting: Waiting) -> Appointment:
    found = holder_of(_office(waiting), today())
    assert found is not None
    return found


def _stand_in(waiting: Waiting, who: User, first: datetime.date, last: datetime.date) -> User:
    with transaction.atomic():
        appoint(
            system_account(),
            who,
            _office(waiting),
            capacity="plh",
            start=first,
            end=last,
            basis_number="800/1/2026",
            basis_date=first - DAY,
        )
    return who


def _delegate(waiting: Waiting, **scope: Any) -> User:
    delegate: User = UserFactory()
    terms = {"start": today(), "end": today() + DAY} | scope
    DelegationFactory(principal=_own(waiting), delegate=delegate, **terms)
    return delegate


def holder(waiting: Waiting) -> User:
    """Who speaks for the office."""
    return _own(waiting).user


def proposer(waiting: Waiting) -> User:
    """The initiator, standing in for the office."""
    return _stand_in(waiting, person(KINDS["initiator"]), today(), today())


def co_proposer(waiting: Waiting) -> User:
    """A co-initiator, standing in for the office."""
    return _stand_in(waiting, person(KINDS["co_initiator"]), today(), today())


def for_the_proposer(waiting: Waiting) -> User:
    """Somebody who stands in for the initiator, who holds the office."""
    _replace(waiting, person(KINDS["initiator"]))
    return _stand_in(waiting, UserFactory(), today(), today())


def _replace(waiting: Waiting, who: User) -> None:
    own = _own(waiting)
    with transaction.atomic():
        end_appointment(system_account(), own, last_day=today() - DAY)
        appoint(
            system_account(),
            who,
            own.office,
            start=today(),
            basis_number="821/1/2026",
            basis_date=today() - DAY,
        )


def other_unit(_waiting: Waiting) -> User:
    """An official of another unit, who sees every case."""
    return person(KINDS["inspector"])


def lapsed(waiting: Waiting) -> User:
    """Who held the office until yesterday."""
    before = _own(waiting).user
    _replace(waiting, UserFactory())
    return before


def not_yet(waiting: Waiting) -> User:
    """Who holds the office from tomorrow on."""
    return _stand_in(waiting, UserFactory(), today() + DAY, today() + DAY)


def acting(waiting: Waiting) -> User:
    """A Plh. for today."""
    return _stand_in(waiting, UserFactory(), today(), today())


def stood_in_for(waiting: Waiting) -> User:
    """The definitive holder while a Plh. stands in."""
    definitive = _own(waiting).user
    acting(waiting)
    return definitive


def delegate(waiting: Waiting) -> User:
    """A delegate by letter, without limits."""
    return _delegate(waiting)


def delegate_elsewhere(waiting: Waiting) -> User:
    """A delegate for another stage only."""
    other = "signing" if waiting.stage != "signing" else "initialling"
    return _delegate(waiting, stages=[other])


def delegate_below(waiting: Waiting) -> User:
    """A delegate up to a single rupiah."""
    return _delegate(waiting, ceiling=Decimal(1))


def delegate_before(waiting: Waiting) -> User:
    """A delegate whose letter ran until yesterday."""
    return _delegate(waiting, start=today() - 3 * DAY, end=today() - DAY)


def superuser(_waiting: Waiting) -> User:
    """Somebody to whom Django itself refuses nothing."""
    return person(KINDS["superuser"])


def recused(waiting: Waiting) -> User:
    """The holder, who stepped back from this innovation at another stage."""
    who = _own(waiting).user
    with acting_as(who):
        ConflictDeclaration.objects.create(
            innovation=waiting.case.innovation,
            person=who,
            stage="elsewhere",
            kind="recuse",
            sentence="Adik saya inisiatornya.",
        )
    return who


def deactivated(waiting: Waiting) -> User:
    """The holder, whose account was closed."""
    who = _own(waiting).user
    with acting_as(system_account()):
        who.is_active = False
        who.save()
    return who


RELATIONS: dict[str, Callable[[Waiting], User]] = {
    "hold": holder,
    "prop": proposer,
    "copr": co_proposer,
    "forp": for_the_proposer,
    "othe": other_unit,
    "laps": lapsed,
    "noty": not_yet,
    "acti": acting,
    "away": stood_in_for,
    "dele": delegate,
    "dels": delegate_elsewhere,
    "delc": delegate_below,
    "delb": delegate_before,
    "supe": superuser,
    "recu": recused,
    "gone": deactivated,
}
