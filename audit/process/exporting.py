"""Handing the event log out: the file is written first, then its hash goes into the ledger."""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import IO

from django.utils.translation import gettext as _

from accounts.acting import verb
from accounts.models import User
from approvals.refusals import NotAllowed

from ..kinds import Kind
from ..ledger import record
from .events import Trace, traces
from .ocel import ocel
from .scope import Scope, may_look
from .xes import xes

Form = Callable[[Scope, Iterator[Trace]], Iterator[str]]
# By the ending of the file: how it is written, and its media type.
FORMS: dict[str, tuple[Form, str]] = {
    "ocel.json": (ocel, "application/json"),
    "xes": (xes, "application/xml"),
}


@dataclass
class Exported:
    """What was written."""

    form: str
    cases: int = 0
    events: int = 0
    sha256: str = ""


def write_log(scope: Scope, form: str, target: IO[bytes]) -> Exported:
    """Write the event log in one of FORMS; no transaction is held meanwhile."""
    done, digest = Exported(form), hashlib.sha256()
    for piece in FORMS[form][0](scope, _counted(traces(scope), done)):
        data = piece.encode()
        digest.update(data)
        target.write(data)
    done.sha256 = digest.hexdigest()
    return done


def _counted(found: Iterator[Trace], done: Exported) -> Iterator[Trace]:
    for trace in found:
        done.cases += 1
        done.events += len(trace.events)
        yield trace


@verb
def enter_export(actor: User, scope: Scope, done: Exported) -> None:
    """Enter into the ledger that a log was taken out; raises NotAllowed for lack of right.

    The right is that of the person for whom the log was read; a log read for nobody is the
    machine's own, which whoever runs commands may have.
    """
    if scope.reader is not None and not may_look(actor):
        raise NotAllowed(_("Only the inspectorate and the innovation secretariat see this."))
    content = {
        "what": f"event log, {done.form}",
        "question": scope.query,
        "cases": done.cases,
        "events": done.events,
        "sha256": done.sha256,
    }
    record(Kind.EXPORT, content, actor=actor)
