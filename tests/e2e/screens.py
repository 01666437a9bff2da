"""Every screen, and who looks at it."""

from django.db import transaction
from django.urls import reverse

from accounts.models import Appointment, Delegation, Office
from accounts.offices import today
from approvals.models import Seat, SignOff
from audit.checkpoints import make_checkpoint
from audit.keys import make_key
from audit.models import EvidencePack
from audit.packing import ask_for_pack
from innovations.models import Innovation
from notifications.delivery import deliver_pending
from tests.accounts.factories import DelegationFactory, UserFactory, stored_file
from tests.accounts.files import samples
from tests.regency import person
from workflow.remarks import open_remarks
from workflow.saved_views import save_view

from . import screens_of_audit, screens_of_law
from .screen import IDLE, INITIATOR, NOBODY, READER, Screen, governed, of_case, of_seat, page, seat
from .stock import Stock, keep_the_calendar, new_draft, open_seat, seat_path, signer_of


def _difference(stock: Stock) -> str:
    innovation = Innovation.objects.get(pk=stock.at("done").innovation_id)
    newest, *_rest, first = innovation.history.all()
    return reverse(
        "case_diff", args=[innovation.code, "innovations.innovation", first.pk, newest.pk]
    )


def _moment(stock: Stock) -> str:
    return reverse("case_moment", args=[stock.at("verification").code])


def _through_an_office(stock: Stock) -> str:
    """While the panel is asked, through the eyes of one of its members."""
    office = Office.objects.get(code="panel-1")
    return f"{_moment(stock)}?office={office.pk}"


def _draft(_stock: Stock) -> str:
    return reverse("proposal", args=[new_draft("gizi").pk])


def _messages(stock: Stock) -> str:
    stock.at("revision")
    deliver_pending()
    return "/messages/"


def _pack(stock: Stock) -> str:
    code = stock.at("done").code
    found = EvidencePack.objects.first()
    if found is None:
        with transaction.atomic():
            found = ask_for_pack(person(READER), [code])
    return reverse("audit_pack", args=[found.token])


def _secretary() -> Office:
    return Office.objects.get(code="sekda")


def _letter() -> Delegation:
    """A delegation of the regional secretary, with its letter, made when first asked for."""
    principal = Appointment.objects.get(office=_secretary())
    found = Delegation.objects.filter(principal=principal).first()
    letter = stored_file(samples.pdf(), "application/pdf")
    terms = {"principal": principal, "delegate": person("asisten1"), "letter": letter}
    return found or DelegationFactory(**terms, start=today(), end=today(), stages=["trial"])


def _authority(_stock: Stock) -> str:
    _letter()
    return "/authority/"


def _end_of_delegation(_stock: Stock) -> str:
    return reverse("delegation_end", args=[_letter().pk])


def _end_of_appointment(_stock: Stock) -> str:
    return reverse("appointment_end", args=[_letter().principal_id])


def _decree(stock: Stock) -> str:
    stock.at("moved")
    return reverse("calendar_decree", args=[stock.decree.pk])


def _clock(stage: str) -> Screen:
    """Where the clock of a stage is stopped, or started again."""
    return Screen(
        f"clock, {stage}",
        lambda stock: signer_of(stock.seat(stage)),
        lambda stock: reverse("clock", args=[stock.at(stage).code]),
    )


def _checkpoints(stock: Stock) -> str:
    """The page of the checkpoints, with one that covers a finished case."""
    stock.at("done")
    make_key()
    make_checkpoint()
    return "/audit/checkpoints/"


def _leaving(stock: Stock) -> str:
    """Somebody with an office, an innovation on its way and a draft."""
    stock.at("commitment")
    new_draft(INITIATOR)
    return reverse("person_leave", args=[person(INITIATOR).pk])


def _gone(_stock: Stock) -> str:
    gone = UserFactory(is_active=False)
    return reverse("person_edit", args=[gone.pk])


def _all_forms(_stock: Stock) -> str:
    """An inbox with a saved view, and filters that it is not."""
    with transaction.atomic():
        save_view(person("sekretariat"), "Terlambat", {"late": "1"})
    return "/inbox/?stage=completeness&capacity=own"


def _left(stock: Stock) -> Seat:
    """The seat that was left empty."""
    return Seat.objects.filter(process_id=stock.at("stalled").pk, state="recused")[0]


def _answer(stock: Stock) -> SignOff:
    return SignOff.objects.filter(seat__process=stock.at("again").pk, seat__stage="verification")[0]


def _own_answer(stock: Stock) -> SignOff:
    return SignOff.objects.filter(seat__process=stock.at("answered").pk).latest("pk")


def _remark(stock: Stock) -> str:
    remark = open_remarks(stock.at("revision"))[0]
    return reverse("remark", args=[stock.at("revision").code, remark.pk])


def _mandate(stock: Stock) -> str:
    """The page on which a letter for somebody who acts by mandate is recorded."""
    principal = Appointment.objects.get(office__code="bupati", end=None)
    terms = {"principal": principal, "delegate": person("asisten2"), "stages": ["signing"]}
    DelegationFactory(**terms, start=today(), end=today())
    seat = stock.seat("signing")
    return reverse("override", args=[seat.case_code, seat.pk])


SCREENS = [
    page("login", NOBODY, "/login/"),
    page("not found", IDLE, "/cases/INV-2000-0001/", 404),
    page("not allowed", READER, of_case("revise", "revision"), 403),
    page("home, innovator", INITIATOR, "/"),
    Screen("home, official", lambda stock: signer_of(stock.seat("drafting")), lambda _stock: "/"),
    page("home, nothing waits", IDLE, "/"),
    Screen("inbox", lambda stock: signer_of(stock.seat("completeness")), lambda _stock: "/inbox/"),
    page("inbox, empty", IDLE, "/inbox/"),
    page("inbox, filtered", "sekretariat", _all_forms),
    page("inbox, for others", INITIATOR, "/inbox/?view=others"),
    page("inbox, for others, none", IDLE, "/inbox/?view=others"),
    page("inbox, my unit", "bappelitbangda", "/inbox/?view=unit"),
    page("inbox, none fit", IDLE, "/inbox/?q=tidak+ada"),
    page("saved views", "sekretariat", "/inbox/views/"),
    page("saved views, none", IDLE, "/inbox/views/"),
    Screen(
        "batch",
        lambda stock: signer_of(stock.seat("initialling")),
        lambda _stock: "/inbox/batch/",
    ),
    page("batch, nothing waits", IDLE, "/inbox/batch/"),
    page("declarations, none", IDLE, "/inbox/declarations/"),
    of_seat("declare", "initialling"),
    Screen(
        "signature",
        lambda _stock: READER,
        lambda stock: reverse("signature", args=[stock.at("again").code, _answer(stock).pk]),
    ),
    Screen(
        "take back",
        lambda stock: _own_answer(stock).person.username,
        lambda stock: reverse(
            "take_back", args=[stock.at("answered").code, _own_answer(stock).seat_id]
        ),
    ),
    Screen(
        "act, answered",
        lambda stock: _own_answer(stock).person.username,
        lambda stock: seat_path(_own_answer(stock).seat),
    ),
    page("case, stalled", "sekretariat", of_case("case", "stalled")),
    page(
        "replacement",
        "sekretariat",
        lambda stock: reverse("replacement", args=[stock.at("stalled").code, _left(stock).pk]),
    ),
    page("override", "hukum", _mandate),
    page("case, ended", "sekretariat", of_case("case", "rejected")),
    page("reopen", "sekretariat", of_case("reopen", "rejected")),
    page("remark", INITIATOR, _remark),
    page("case, asked again", READER, of_case("case", "again")),
    page("messages", INITIATOR, _messages),
    page("messages, none", IDLE, "/messages/"),
    page("cases", READER, "/cases/"),
    page("cases, none fit", READER, "/cases/?q=tidak+ada"),
    page("case, submitted", INITIATOR, of_case("case", "completeness")),
    page("case, returned", INITIATOR, of_case("case", "revision")),
    page("case, at work", "dinkes", of_case("case", "finance")),
    page("case, institutionalised", READER, of_case("case", "done")),
    page("history", READER, of_case("case_history", "done")),
    page("checkpoints", READER, _checkpoints),
    page("checkpoint", READER, lambda stock: f"{_checkpoints(stock)}1/"),
    page("as of a moment", READER, of_case("case_moment", "done")),
    page("as of a moment, as an office saw it", READER, _through_an_office),
    page("as of no moment", READER, lambda stock: f"{_moment(stock)}?at=kemarin", 422),
    page("two moments compared", READER, of_case("case_compare", "done")),
    page("difference", READER, _difference),
    page("process", READER, "/audit/process/"),
    page("process, variants", READER, "/audit/process/variants/"),
    page("process, stops", READER, "/audit/process/stops/"),
    page("process, conformance", READER, "/audit/process/conformance/"),
    page("proposal, new", "penyuluh", "/proposals/new/"),
    page("proposal, filled", "gizi", _draft),
    page("proposal, revision", INITIATOR, of_case("revise", "revision")),
    page("withdraw", INITIATOR, of_case("withdraw", "completeness")),
    page("authority", "sekda", _authority),
    page("authority, nothing held", INITIATOR, "/authority/"),
    page("authority, an administrator's", IDLE, "/authority/"),
    page("delegation", "sekda", "/authority/delegations/new/"),
    page("delegation, refused", INITIATOR, "/authority/delegations/new/", 403),
    page("delegation, its end", "sekda", _end_of_delegation),
    page("people", IDLE, "/administration/people/"),
    page("people, none fit", IDLE, "/administration/people/?q=tidak+ada"),
    page("person", IDLE, lambda _stock: reverse("person_edit", args=[person("sekda").pk])),
    page("person, new", IDLE, "/administration/people/new/"),
    page("units", IDLE, "/administration/units/"),
    page("leaving", IDLE, _leaving),
    page("left", IDLE, _gone),
    page("unit", IDLE, lambda _stock: reverse("unit_edit", args=[_secretary().unit_id])),
    page("office", IDLE, lambda _stock: reverse("office", args=[_secretary().pk])),
    page("office, its form", IDLE, lambda _stock: reverse("office_edit", args=[_secretary().pk])),
    page("appointment", IDLE, lambda _stock: reverse("appointment_new", args=[_secretary().pk])),
    page("appointment, its end", IDLE, _end_of_appointment),
    page("case, clock stands still", READER, of_case("case", "paused")),
    page("case, due date moved", READER, of_case("case", "moved")),
    _clock("drafting"),
    _clock("paused"),
    page("calendar", READER, "/calendar/"),
    page("calendar of a unit", READER, "/calendar/?unit=dinkes&year=2026"),
    page("decree", READER, _decree),
    page("evidence packs", READER, "/audit/packs/?codes=INV-2026-0001"),
    page("evidence pack", READER, _pack),
    page("evidence packs, not allowed", INITIATOR, "/audit/packs/", 403),
    Screen(
        "decree, new",
        lambda _stock: keep_the_calendar(IDLE),
        lambda _stock: "/calendar/decrees/new/",
    ),
    page("policies, not allowed", READER, "/policies/", 403),
    governed("policies", lambda stock: reverse("policies", query={"with": stock.proposal.version})),
    governed("policy of a stage", lambda stock: f"/policies/{stock.proposal.stage}/?a=1&b=2"),
    governed("policy, new version", lambda _stock: "/policies/commitment/new/"),
    governed(
        "policy, proposal",
        lambda stock: reverse("policy_version", args=[stock.proposal.stage, 2]),
    ),
    governed("policy, in use", lambda _stock: "/policies/verification/1/"),
    page("act, not mine", INITIATOR, lambda stock: seat_path(open_seat(stock.at("completeness")))),
    *map(
        seat,
        [
            "completeness",
            "verification",
            "declared",
            "again",
            "taken",
            "trial",
            "alignment",
            "paused",
            "moved",
            "commitment",
            "finance",
            "drafting",
            "initialling",
            "signing",
            "publication",
            "report",
        ],
    ),
    *screens_of_law.SCREENS,
    *screens_of_audit.SCREENS,
]
