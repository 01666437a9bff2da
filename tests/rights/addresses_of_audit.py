"""The addresses of the audit × every kind of person; as in `addresses.py`.

The finding, the requests and the sample are the inspector's; the head of the unit was asked. Those
who see every case read the ledger; only the inspectorate writes.
"""

from collections.abc import Callable
from typing import Any

from .kinds import parsed
from .world import World

ANSWERS = parsed(
    """
name                       meth anon stra init co_i secr pane unit fina draf rege insp laps acti supe admi
audit                      GET  in   403  403  403  200  403  403  200  200  200  200  403  403  403  403
audit                      POST in   405  405  405  405  405  405  405  405  405  405  405  405  405  405
audit_search_save          GET  in   405  405  405  405  405  405  405  405  405  405  405  405  405  405
audit_search_save          POST in   403  403  403  302  403  403  302  302  302  302  403  403  403  403
audit_search_delete        GET  in   405  405  405  405  405  405  405  405  405  405  405  405  405  405
audit_search_delete        POST in   403  403  403  302  403  403  302  302  302  302  403  403  403  403
audit_entry                GET  in   403  403  403  200  403  403  200  200  200  200  403  403  403  403
audit_entry                POST in   405  405  405  405  405  405  405  405  405  405  405  405  405  405
audit_proof                GET  in   403  403  403  200  403  403  200  200  200  200  403  403  403  403
audit_proof                POST in   405  405  405  405  405  405  405  405  405  405  405  405  405  405
audit_finding_new          GET  in   403  403  403  403  403  403  403  403  403  200  403  403  403  403
audit_finding_new          POST in   403  403  403  403  403  403  403  403  403  302  403  403  403  403
audit_findings             GET  in   403  403  403  200  403  403  200  200  200  200  403  403  403  403
audit_findings             POST in   405  405  405  405  405  405  405  405  405  405  405  405  405  405
audit_finding              GET  in   403  403  403  200  403  403  200  200  200  200  403  403  403  403
audit_finding              POST in   403  403  403  403  403  403  403  403  403  302  403  403  403  403
audit_requests             GET  in   200  200  200  200  200  200  200  200  200  200  200  200  200  200
audit_requests             POST in   405  405  405  405  405  405  405  405  405  405  405  405  405  405
audit_request_new          GET  in   403  403  403  403  403  403  403  403  403  200  403  403  403  403
audit_request_new          POST in   403  403  403  403  403  403  403  403  403  302  403  403  403  403
audit_request              GET  in   404  404  404  200  404  200  200  200  200  200  404  404  404  404
audit_request              POST in   404  404  404  403  404  302  403  403  403  403  404  404  404  404
audit_request_document     GET  in   404  404  404  200  404  200  200  200  200  200  404  404  404  404
audit_request_document     POST in   405  405  405  405  405  405  405  405  405  405  405  405  405  405
audit_samples              GET  in   403  403  403  200  403  403  200  200  200  200  403  403  403  403
audit_samples              POST in   403  403  403  403  403  403  403  403  403  302  403  403  403  403
audit_sample               GET  in   403  403  403  200  403  403  200  200  200  200  403  403  403  403
audit_sample               POST in   405  405  405  405  405  405  405  405  405  405  405  405  405  405
audit_checkpoints          GET  in   403  403  403  200  403  403  200  200  200  200  403  403  200  200
audit_checkpoints          POST in   405  405  405  405  405  405  405  405  405  405  405  405  405  405
audit_checkpoint           GET  in   403  403  403  200  403  403  200  200  200  200  403  403  200  200
audit_checkpoint           POST in   405  405  405  405  405  405  405  405  405  405  405  405  405  405
audit_checkpoint_statement GET  in   403  403  403  200  403  403  200  200  200  200  403  403  200  200
audit_checkpoint_statement POST in   405  405  405  405  405  405  405  405  405  405  405  405  405  405
"""  # noqa: E501 - the longest names need the room
)

PARTS: dict[str, Callable[[World], list[Any]]] = {
    "audit_search_delete": lambda world: [1],
    "audit_entry": lambda world: [world.issued.code, 1],
    "audit_proof": lambda world: [world.issued.code, 1],
    "audit_finding_new": lambda world: [world.issued.code, 1],
    "audit_finding": lambda world: [world.audited.finding.pk],
    "audit_request": lambda world: [world.audited.asked.pk],
    "audit_request_document": lambda world: [world.audited.answered.pk],
    "audit_sample": lambda world: [world.audited.sample.pk],
    "audit_checkpoint": lambda world: [world.audited.checkpoint.number],
    "audit_checkpoint_statement": lambda world: [world.audited.checkpoint.number],
}

POSTED: dict[str, Callable[[World], dict[str, Any]]] = {
    "audit_search_save": lambda world: {"name": "Pala", "query": "q=pala"},
    "audit_finding_new": lambda world: {"title": "Temuan", "text": "Isi.", "weight": "note"},
    "audit_finding": lambda world: {"text": "Ditindaklanjuti."},
    "audit_request_new": lambda world: {
        "office": world.audited.asked.office_id,
        "question": "Unggah surat.",
        "working_days": 3,
    },
    "audit_request": lambda world: {"answer": "Terlampir."},
    "audit_samples": lambda world: {"size": 1},
}
