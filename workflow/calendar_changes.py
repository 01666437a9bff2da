"""A decree takes effect, and those whose due dates it moves are told once each."""

from django.db.models import Q

from accounts.acting import verb
from accounts.authority import authorities_for
from accounts.models import Office, User
from accounts.offices import today
from approvals.decrees import Enacted, enact
from approvals.new_decree import NewDecree

from .announcements import announce_to


@verb
def enter_decree(actor: User, new: NewDecree) -> Enacted:
    """Enter a decree, move the due dates, and tell each holder once, however many seats moved.

    Raises what `approvals.decrees.enact` raises.
    """
    enacted = enact(actor, new)
    decree = enacted.decree
    announce_to(
        _holders(enacted),
        "due_dates_moved",
        occurrence=f"decree:{decree.pk}",
        decree=decree.pk,
        number=decree.number,
        about=decree.title,
    )
    return enacted


def _holders(enacted: Enacted) -> list[User]:
    """Everybody who may act for the work that moved: holders, delegates, and those named."""
    moved = Q(pk__in=enacted.offices) | Q(unit__in=enacted.units)
    rights = authorities_for(Office.objects.filter(moved), today())
    people = User.objects.filter(pk__in=enacted.people)
    return [*(right.person for found in rights.values() for right in found), *people]
