"""Every named address of the site, and what each kind of person is answered there.

`in` is the login page, a number is the status. The case stands at publication: its decree is
issued. `revise`, `withdraw` are asked of another case of the same initiator, one that was returned
at the completeness check; `proposal...` of a draft of that initiator, `message_open` of a message
to that initiator. `instrument_retry` is asked while the issuing has failed.
"""

from collections.abc import Callable
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from .kinds import parsed
from .world import World

ANSWERS = parsed(
    """
name               method anon stra init co_i secr pane unit fina draf rege insp laps acti supe
home               GET    in   200  200  200  200  200  200  200  200  200  200  200  200  200
inbox              GET    in   200  200  200  200  200  200  200  200  200  200  200  200  200
cases              GET    in   200  200  200  200  200  200  200  200  200  200  200  200  200
case               GET    in   404  200  200  200  200  200  200  200  200  200  404  200  404
case_diagram       GET    in   404  200  200  200  200  200  200  200  200  200  404  200  404
case_history       GET    in   404  200  200  200  200  200  200  200  200  200  404  200  404
case_history       POST   in   405  405  405  405  405  405  405  405  405  405  405  405  405
case_diff          GET    in   404  200  200  200  200  200  200  200  200  200  404  200  404
case_diff          POST   in   405  405  405  405  405  405  405  405  405  405  405  405  405
act                GET    in   404  200  200  200  200  200  200  200  200  200  404  200  404
act                POST   in   404  403  403  403  403  403  403  302  403  403  404  403  404
revise             GET    in   404  302  403  403  404  403  403  403  403  403  404  403  404
revise             POST   in   404  302  403  403  404  403  403  403  403  403  404  403  404
withdraw           GET    in   404  200  200  200  404  200  200  200  200  200  404  200  404
withdraw           POST   in   404  302  403  403  404  403  403  403  403  403  404  403  404
instrument_preview GET    in   404  200  200  200  200  200  200  200  200  200  404  200  404
instrument_retry   GET    in   405  405  405  405  405  405  405  405  405  405  405  405  405
instrument_retry   POST   in   404  403  403  403  403  403  403  302  403  403  404  403  404
evidence           GET    in   404  200  200  200  200  200  200  200  200  200  404  200  404
proposal_new       GET    in   302  302  302  302  302  302  302  302  302  302  302  302  302
proposal           GET    in   404  200  404  404  404  404  404  404  404  404  404  404  404
proposal           POST   in   404  302  404  404  404  404  404  404  404  404  404  404  404
proposal_save      GET    in   405  405  405  405  405  405  405  405  405  405  405  405  405
proposal_save      POST   in   404  200  404  404  404  404  404  404  404  404  404  404  404
proposal_file      GET    in   405  405  405  405  405  405  405  405  405  405  405  405  405
proposal_file      POST   in   404  302  404  404  404  404  404  404  404  404  404  404  404
people             GET    in   200  200  200  200  200  200  200  200  200  200  200  200  200
messages           GET    in   200  200  200  200  200  200  200  200  200  200  200  200  200
messages           POST   in   405  405  405  405  405  405  405  405  405  405  405  405  405
messages_read      GET    in   405  405  405  405  405  405  405  405  405  405  405  405  405
messages_read      POST   in   302  302  302  302  302  302  302  302  302  302  302  302  302
message_open       GET    in   404  302  404  404  404  404  404  404  404  404  404  404  404
message_open       POST   in   405  405  405  405  405  405  405  405  405  405  405  405  405
login              GET    200  302  302  302  302  302  302  302  302  302  302  302  302  302
login              POST   200  302  302  302  302  302  302  302  302  302  302  302  302  302
logout             GET    405  405  405  405  405  405  405  405  405  405  405  405  405  405
logout             POST   302  302  302  302  302  302  302  302  302  302  302  302  302  302
set_language       GET    302  302  302  302  302  302  302  302  302  302  302  302  302  302
set_language       POST   302  302  302  302  302  302  302  302  302  302  302  302  302  302
source             GET    200  200  200  200  200  200  200  200  200  200  200  200  200  200
source             POST   405  405  405  405  405  405  405  405  405  405  405  405  405  405
healthz            GET    200  200  200  200  200  200  200  200  200  200  200  200  200  200
healthz            POST   405  405  405  405  405  405  405  405  405  405  405  405  405  405
verify             GET    200  200  200  200  200  200  200  200  200  200  200  200  200  200
verify             POST   422  422  422  422  422  422  422  422  422  422  422  422  422  422
verify_document    GET    200  200  200  200  200  200  200  200  200  200  200  200  200  200
verify_document    POST   405  405  405  405  405  405  405  405  405  405  405  405  405  405
"""
)

# What stands in an address; an address that is not here takes nothing.
PARTS: dict[str, Callable[[World], list[Any]]] = {
    "case": lambda world: [world.issued.code],
    "case_diagram": lambda world: [world.issued.code],
    "case_history": lambda world: [world.issued.code],
    "case_diff": lambda world: [world.issued.code, "innovations.innovation", *world.versions],
    "act": lambda world: [world.issued.code, world.seat.pk],
    "revise": lambda world: [world.returned.code],
    "withdraw": lambda world: [world.returned.code],
    "instrument_preview": lambda world: [world.issued.code],
    "instrument_retry": lambda world: [world.issued.code],
    "evidence": lambda world: [world.evidence.pk],
    "proposal": lambda world: [world.draft.pk],
    "proposal_save": lambda world: [world.draft.pk],
    "proposal_file": lambda world: [world.draft.pk],
    "message_open": lambda world: [world.message.pk],
    "verify": lambda world: [world.instrument.token],
    "verify_document": lambda world: [world.instrument.token],
}

# What is posted; the others are posted nothing.
POSTED: dict[str, Callable[[World], dict[str, Any]]] = {
    "act": lambda world: world.answer,
    "withdraw": lambda world: {"reason": "Digabung dengan program lain."},
    "proposal": lambda world: {"save": "1", "name": "KETAM LEGIT BARU"},
    "messages_read": lambda world: {"until": world.message.pk},
    "login": lambda world: {"username": "bupati", "password": "bukan-kata-sandinya"},
    "set_language": lambda world: {"language": "en"},
}


def names_of_the_site() -> set[str]:
    """The name of every address that the site knows; one without a name is told by its pattern."""
    return set(_names(get_resolver().url_patterns))


def _names(patterns: list[Any]) -> list[str]:
    found = []
    for entry in patterns:
        if isinstance(entry, URLResolver):
            found += _names(entry.url_patterns)
        elif isinstance(entry, URLPattern):
            found.append(entry.name or f"unnamed: {entry.pattern}")
    return found
