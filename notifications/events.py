"""What gets told, in which words, by which channels: one table; an event is one row of it."""

import datetime
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from workflow.stages import stage_labels

from .event import Event, Kind
from .events_of_anchoring import OF_ANCHORING


class UnknownEvent(LookupError):
    """Somebody announced what the table of events does not know."""


AUTHORITY = {"capacity": Kind.TEXT, "letter": Kind.TEXT}
POLICY = {"stage": Kind.STAGE, "version": Kind.NUMBER, "who": Kind.TEXT}
EVIDENCE = {"office": Kind.TEXT, "due": Kind.DATE, "request": Kind.NUMBER}
SEAT = {"stage": Kind.STAGE, "office": Kind.TEXT, "due": Kind.DATE, "seat": Kind.NUMBER}

# The keys are stored with every message: never renamed without a data migration.
EVENTS: dict[str, Event] = {
    **OF_ANCHORING,
    "seat_opened": Event(
        _("Your turn: %(title)s"),
        _(
            "“%(title)s” (%(code)s) has arrived at the desk of %(office)s "
            "for the stage “%(stage)s”; due: %(due)s."
        ),
        SEAT,
        link=("act", "code", "seat"),
    ),
    "asked_again": Event(
        _("Please look again: %(title)s"),
        _(
            "What %(office)s had signed of “%(title)s” (%(code)s) at the stage “%(stage)s” has "
            "changed since; its page shows the change. Due: %(due)s."
        ),
        SEAT,
        link=("act", "code", "seat"),
    ),
    "taken_over": Event(
        _("Taken over: %(title)s"),
        _(
            "%(person)s goes on with “%(title)s” (%(code)s) at the stage “%(stage)s”, "
            "on which you had been working."
        ),
        {"person": Kind.TEXT, "stage": Kind.STAGE, "seat": Kind.NUMBER},
        link=("act", "code", "seat"),
    ),
    "handed_over": Event(
        _("Handed over to you: from %(person)s"),
        _("%(person)s has left. Handed over to you: %(what)s."),
        {"person": Kind.TEXT, "what": Kind.TEXT},
        link=("inbox",),
        of_a_case=False,
    ),
    "authority_given": Event(
        _("Authority handed to you: %(capacity)s"),
        _(
            "From %(start)s to %(until)s you may sign %(capacity)s, by letter %(letter)s. "
            "What waits there is in your inbox in those days."
        ),
        AUTHORITY | {"start": Kind.DATE, "until": Kind.DATE},
        link=("my_authority",),
        of_a_case=False,
    ),
    "authority_ended": Event(
        _("Handed back: %(capacity)s"),
        _(
            "Letter %(letter)s, by which you signed %(capacity)s, has been ended early. "
            "What you have signed stays signed."
        ),
        AUTHORITY,
        link=("my_authority",),
        of_a_case=False,
    ),
    "stage_stalled": Event(
        _("Nobody can sign: %(title)s"),
        _(
            "“%(title)s” (%(code)s) cannot go on at the stage “%(stage)s”: nobody can sign for "
            "%(missing)s. Name a replacement on its page."
        ),
        {"stage": Kind.STAGE, "missing": Kind.TEXT},
    ),
    "reopened": Event(
        _("Opened anew: %(title)s"),
        _("“%(title)s” (%(code)s) was opened anew (%(reason)s)."),
        {"reason": Kind.TEXT},
    ),
    "due_soon": Event(
        _("Due soon: %(title)s"),
        _(
            "“%(title)s” (%(code)s) waits at the desk of %(office)s "
            "for the stage “%(stage)s” and is due on %(due)s."
        ),
        SEAT,
        link=("act", "code", "seat"),
    ),
    "overdue": Event(
        _("Overdue: %(title)s"),
        _(
            "“%(title)s” (%(code)s) was due on %(due)s and still waits at the desk "
            "of %(office)s for the stage “%(stage)s”."
        ),
        SEAT,
        link=("act", "code", "seat"),
    ),
    "escalated": Event(
        _("Long overdue: %(title)s"),
        _(
            "“%(title)s” (%(code)s) was due on %(due)s and still waits at the desk of %(office)s "
            "for the stage “%(stage)s”; you are told because your office is above it."
        ),
        SEAT,
        link=("act", "code", "seat"),
    ),
    "was_escalated": Event(
        _("Passed on to the office above: %(title)s"),
        _(
            "“%(title)s” (%(code)s), due on %(due)s, still waits at the desk of %(office)s for the "
            "stage “%(stage)s”; it was therefore passed on to %(above)s."
        ),
        {**SEAT, "above": Kind.TEXT},
        link=("act", "code", "seat"),
    ),
    "clock_stopped": Event(
        _("The clock stands still: %(title)s"),
        _("The clock of “%(title)s” (%(code)s) at the stage “%(stage)s” stands still: %(reason)s."),
        {"stage": Kind.STAGE, "reason": Kind.TEXT},
    ),
    "clock_runs_again": Event(
        _("The clock runs again: %(title)s"),
        _(
            "The clock of “%(title)s” (%(code)s) at the stage “%(stage)s” runs again; "
            "its page tells the new due date."
        ),
        {"stage": Kind.STAGE},
    ),
    "due_dates_moved": Event(
        _("Due dates of yours have moved: decree no. %(number)s"),
        _(
            "Decree no. %(number)s (%(about)s) moves due dates of work that waits at your desk; "
            "the inbox tells each new one."
        ),
        {"number": Kind.TEXT, "about": Kind.TEXT, "decree": Kind.NUMBER},
        link=("calendar_decree", "decree"),
        of_a_case=False,
    ),
    "returned": Event(
        _("Please revise: %(title)s"),
        _(
            "“%(title)s” (%(code)s) was returned to you with remarks: "
            "revise it and submit it again; due: %(due)s."
        ),
        {"due": Kind.DATE, "seat": Kind.NUMBER},
        link=("act", "code", "seat"),
    ),
    "resubmitted": Event(
        _("Revised: %(title)s"),
        _(
            "“%(title)s” (%(code)s) was revised and is back at the stage “%(stage)s”; "
            "its page shows what changed."
        ),
        {"stage": Kind.STAGE},
    ),
    "stage_passed": Event(
        _("One step further: %(title)s"),
        _("“%(title)s” (%(code)s) has passed the stage “%(stage)s”."),
        {"stage": Kind.STAGE},
    ),
    "rejected": Event(
        _("Rejected: %(title)s"),
        _("“%(title)s” (%(code)s) was rejected; its page gives the reason."),
    ),
    "stopped": Event(
        _("Stopped: %(title)s"),
        _("“%(title)s” (%(code)s) was stopped after its trial; its page gives the reason."),
    ),
    "withdrawn": Event(
        _("Withdrawn: %(title)s"),
        _("“%(title)s” (%(code)s) was withdrawn; its page gives the reason."),
    ),
    "instrument_issued": Event(
        _("Decree issued: %(title)s"),
        _("The decree on “%(title)s” (%(code)s) is signed and issued with the number %(number)s."),
        {"number": Kind.TEXT},
    ),
    "instrument_failed": Event(
        _("Decree not issued yet: %(title)s"),
        _(
            "The document of the decree on “%(title)s” (%(code)s) could not be made; "
            "the number %(number)s is kept, and its page gives the cause."
        ),
        {"number": Kind.TEXT},
    ),
    "further_begun": Event(
        _("Further instrument begun: %(title)s"),
        _(
            "The legal section has begun an instrument on “%(title)s” (%(code)s): "
            "%(instrument)s (%(reason)s)."
        ),
        {"instrument": Kind.TEXT, "reason": Kind.TEXT},
    ),
    "consequence_opened": Event(
        _("To be followed up: %(title)s"),
        _(
            "Number %(target)s on “%(title)s” (%(code)s) was amended or revoked, or has expired. "
            "Your office looks after what rests on it: %(what)s."
        ),
        {"target": Kind.TEXT, "what": Kind.TEXT, "consequence": Kind.NUMBER},
        link=("consequence", "consequence"),
    ),
    "instrument_expiring": Event(
        _("About to expire: %(title)s"),
        _(
            "Number %(number)s on “%(title)s” (%(code)s) ends after %(until)s. "
            "Extend or replace it in time, or let it end."
        ),
        {"number": Kind.TEXT, "until": Kind.DATE},
    ),
    "signature_awaited": Event(
        _("Ready for your signature: %(title)s"),
        _(
            "The document with the number %(number)s on “%(title)s” (%(code)s) is printed and "
            "waits for your electronic signature with NIK and passphrase."
        ),
        {"number": Kind.TEXT},
        link=("instrument_sign", "code"),
    ),
    "scan_awaited": Event(
        _("Ready to be signed on paper: %(title)s"),
        _(
            "The document with the number %(number)s on “%(title)s” (%(code)s) can be printed and "
            "signed in ink; its page takes the scan."
        ),
        {"number": Kind.TEXT},
        link=("instrument_sign", "code"),
    ),
    "institutionalised": Event(
        _("Now policy of the region: %(title)s"),
        _("“%(title)s” (%(code)s) has entered the action plan, and its monitoring has begun."),
    ),
    "retired": Event(
        _("Retired: %(title)s"),
        _("“%(title)s” (%(code)s) was retired after its monitoring; its page gives the reason."),
    ),
    "monitoring_due": Event(
        _("Report due: %(title)s"),
        _(
            "The report of monitoring period %(period)s of “%(title)s” (%(code)s) "
            "is due on %(due)s."
        ),
        {"period": Kind.NUMBER, "due": Kind.DATE},
    ),
    "policy_proposed": Event(
        _("A sign-off policy waits for you: %(stage)s"),
        _(
            "%(who)s proposes version %(version)s of who signs the stage “%(stage)s”. A second "
            "administrator has to approve or refuse it."
        ),
        POLICY,
        link=("policy_version", "stage", "version"),
        of_a_case=False,
    ),
    "policy_approved": Event(
        _("Your sign-off policy is in use: %(stage)s"),
        _(
            "%(who)s has approved version %(version)s of who signs the stage “%(stage)s”. "
            "It holds for new cases; running ones keep theirs."
        ),
        POLICY,
        link=("policy_version", "stage", "version"),
        of_a_case=False,
    ),
    "policy_refused": Event(
        _("Your sign-off policy was refused: %(stage)s"),
        _(
            "%(who)s has refused version %(version)s of who signs the stage “%(stage)s”; "
            "its page gives the reason."
        ),
        POLICY,
        link=("policy_version", "stage", "version"),
        of_a_case=False,
    ),
    "evidence_asked": Event(
        _("Evidence asked of your office by %(due)s"),
        _(
            "The inspectorate asks %(office)s for evidence; due: %(due)s. "
            "Its page has the question and takes the answer and a document."
        ),
        EVIDENCE,
        link=("audit_request", "request"),
        of_a_case=False,
    ),
    "evidence_overdue": Event(
        _("Evidence is overdue: %(office)s"),
        _("The inspectorate asked %(office)s for evidence by %(due)s; the answer is missing."),
        EVIDENCE,
        link=("audit_request", "request"),
        of_a_case=False,
    ),
    "evidence_answered": Event(
        _("Evidence has come: %(office)s"),
        _("%(office)s has answered your request for evidence. Accept the answer, or ask again."),
        EVIDENCE,
        link=("audit_request", "request"),
        of_a_case=False,
    ),
}


@dataclass(frozen=True)
class Words:
    """An event as a person reads it."""

    subject: str
    sentence: str


def event_named(key: str) -> Event:
    """The row of the table; raises UnknownEvent, so that nothing is announced that nobody words."""
    try:
        return EVENTS[key]
    except KeyError:
        raise UnknownEvent(f"notifications.events knows no event {key!r}") from None


def frozen(event: Event, details: Mapping[str, Any]) -> dict[str, Any]:
    """The details as plain values to store; raises KeyError for a missing one."""
    return {name: _freeze(kind, details[name]) for name, kind in event.details.items()}


def address(event: Event, params: Mapping[str, Any]) -> str:
    """The path that the link of this event opens."""
    name, *details = event.link
    return reverse(name, args=[params[detail] for detail in details])


def words(key: str, params: Mapping[str, Any]) -> Words:
    """Subject and sentence in the language that is active now."""
    event = event_named(key)
    about = ("title", "code") if event.of_a_case else ()
    shown = {name: one_line(str(params[name])) for name in about}
    shown |= {name: one_line(_show(kind, params[name])) for name, kind in event.details.items()}
    return Words(str(event.subject) % shown, str(event.sentence) % shown)


def one_line(text: str) -> str:
    """The text without line breaks and control characters: it may stand in a mail's header."""
    kept = (" " if unicodedata.category(mark) in {"Cc", "Zl", "Zp"} else mark for mark in text)
    return " ".join("".join(kept).split())


def _freeze(kind: Kind, value: Any) -> Any:
    if kind is Kind.DATE:
        return _date(value).isoformat() if value else None
    if kind is Kind.NUMBER:
        return int(value)
    if kind is Kind.STAGE and value not in stage_labels():
        raise LookupError(f"no flow has a stage {value!r}")
    return str(value)


def _show(kind: Kind, value: Any) -> str:
    if kind is Kind.DATE:
        if value is None:
            return gettext("no date")
        return date_format(datetime.date.fromisoformat(value), "j F Y")
    if kind is Kind.STAGE:
        return stage_labels().get(value, value)
    return str(value)


def _date(value: datetime.date | str) -> datetime.date:
    if isinstance(value, str):
        return datetime.date.fromisoformat(value)
    return timezone.localtime(value).date() if isinstance(value, datetime.datetime) else value
