"""Who never signs: separation of duties as data (design.md section 3; reliability.md, threat 1).

An exclusion names a set of people of the case. What holds for a person holds for everybody who
would sign in that person's place.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from .matter import SIGNER, Matter

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True)
class Exclusion:
    """A set of people, what one of them is told, and what a substitute of one of them is told."""

    label: Callable[[], str]
    own: Callable[[], str]
    principal: Callable[[], str]


EXCLUSIONS = {
    "initiator": Exclusion(
        lambda: _("the initiator"),
        lambda: _("You are the initiator or its caretaker: nobody signs on their own innovation."),
        lambda: _("%(person)s, for whom you would sign, is the initiator or its caretaker."),
    ),
    "co_initiator": Exclusion(
        lambda: _("the co-initiators"),
        lambda: _("You are a co-initiator: nobody signs on their own innovation."),
        lambda: _("%(person)s, for whom you would sign, is a co-initiator."),
    ),
    "initiator_unit": Exclusion(
        lambda: _("people of the initiator's unit"),
        lambda: _("You work in the initiator's unit; this stage wants somebody from another unit."),
        lambda: _("%(person)s, for whom you would sign, works in the initiator's unit."),
    ),
    "drafter": Exclusion(
        lambda: _("those who drafted the instrument"),
        lambda: _("You drafted the instrument; this stage wants somebody who did not."),
        lambda: _("%(person)s, for whom you would sign, drafted the instrument."),
    ),
    "conflict": Exclusion(
        lambda: _("those who declared a conflict of interest and stepped back"),
        lambda: _("You declared a conflict of interest and stepped back from this innovation."),
        lambda: _(
            "%(person)s, for whom you would sign, has stepped back from this innovation "
            "for a conflict of interest."
        ),
    ),
}
SIGNED_EARLIER = Exclusion(
    lambda: _("who signed the stage “%(stage)s”"),
    lambda: _("You signed the stage “%(stage)s”; this stage wants somebody else."),
    lambda: _("%(person)s, for whom you would sign, signed the stage “%(stage)s”."),
)
# Nobody may leave these out of a policy, except where the stage is the initiator's own work.
ALWAYS = ("initiator", "co_initiator", "conflict")


def is_known(name: str) -> bool:
    """Whether the language has this exclusion; one names an earlier stage: `signer:<stage>`."""
    return name in EXCLUSIONS or (name.startswith(SIGNER) and len(name) > len(SIGNER))


def label_of(name: str, matter_label: Callable[[str], str] = str) -> str:
    """Whom the exclusion means, in the reader's language."""
    return _worded(name).label() % {"stage": matter_label(name.removeprefix(SIGNER))}


def bar(matter: Matter, exclusions: "Iterable[str]", person: int) -> str:
    """The exclusion that keeps a person away from a case, "" for none."""
    return next((name for name in exclusions if person in matter.people(name)), "")


def own_sentence(matter: Matter, name: str) -> str:
    """What an excluded person is told."""
    return _worded(name).own() % {"stage": matter.label(name.removeprefix(SIGNER))}


def principal_sentence(matter: Matter, name: str, person: str) -> str:
    """What the substitute of an excluded person is told."""
    who = _worded(name).principal() % {
        "person": person,
        "stage": matter.label(name.removeprefix(SIGNER)),
    }
    return _("%(who)s What the principal may not do here, a substitute may not do either.") % {
        "who": who
    }


def _worded(name: str) -> Exclusion:
    return SIGNED_EARLIER if name.startswith(SIGNER) else EXCLUSIONS[name]
