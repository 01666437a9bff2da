"""What the sign-off policies need to know of a case: who is excluded, and who holds its roles."""

from collections.abc import Callable

from accounts.models import Office, User
from accounts.offices import holder_of, today
from approvals.sign_offs import Member
from innovations.models import Innovation

from .models import Case

ASSISTANTS = {
    "health": "asisten-1",
    "education": "asisten-1",
    "social": "asisten-1",
    "village": "asisten-1",
    "food": "asisten-2",
    "agriculture": "asisten-2",
    "cooperatives_sme": "asisten-2",
    "trade": "asisten-2",
    "tourism": "asisten-2",
}
ASSISTANT_FOR_THE_REST = "asisten-3"


def excluded_people(innovation: Innovation) -> dict[int, str]:
    """Who never signs on this innovation, and as what."""
    people = dict.fromkeys(
        innovation.participants.values_list("user_id", flat=True), "co_initiator"
    )
    return people | {innovation.initiator_id: "initiator"}


def head_of(unit_id: int) -> Office:
    """The office that heads a unit."""
    return Office.objects.select_related("superior").get(unit_id=unit_id, is_head=True)


def _owner(case: Case) -> Office:
    return case.innovation.commitment.owner_office


def _laboratory(case: Case) -> Office:
    unit_id = case.innovation.laboratory_id or case.innovation.owning_unit_id
    return head_of(unit_id)


# A role that a policy may name as "@role": one function each.
ROLES: dict[str, Callable[[Case], Member]] = {
    "initiator": lambda case: case.innovation.initiator,
    "owning_unit_head": lambda case: head_of(case.innovation.owning_unit_id),
    "laboratory_head": _laboratory,
    "assistant": lambda case: Office.objects.get(
        code=ASSISTANTS.get(case.innovation.affair, ASSISTANT_FOR_THE_REST)
    ),
    "owner": _owner,
}


def resolve(member: str, case: Case, excluded: dict[int, str]) -> Member:
    """The office or person that a policy's member stands for on this case.

    An office whose holder is excluded here gives its seat to the office above it.
    """
    if member.startswith("@"):
        found = ROLES[member[1:]](case)
    else:
        found = Office.objects.select_related("superior").get(code=member)
    return found if isinstance(found, User) else _eligible(found, excluded)


def _eligible(office: Office, excluded: dict[int, str]) -> Office:
    asked = {office.pk}
    while (speaking := holder_of(office, today())) and speaking.user_id in excluded:
        if office.superior is None or office.superior.pk in asked:
            break
        office = office.superior
        asked.add(office.pk)
    return office
