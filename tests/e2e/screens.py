"""Every screen, and who looks at it."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db import transaction
from django.urls import reverse

from accounts.acting import acting_as
from accounts.models import Appointment, Delegation, Office
from accounts.offices import holder_of, today
from approvals.models import Seat, SignOff
from innovations.models import Innovation
from legal_basis.copies import certify_copy
from legal_basis.drafting import current_instrument
from legal_basis.models import (
    Consequence,
    ExternalReview,
    Instrument,
    LibraryClause,
    RegisterEntry,
)
from legal_basis.register import reserve_number
from notifications.delivery import deliver_pending
from tests.accounts.factories import DelegationFactory, UserFactory, stored_file, system_account
from tests.accounts.files import samples
from tests.regency import person
from tests.workflow.governing import SECOND
from workflow.remarks import open_remarks
from workflow.saved_views import save_view

from .stock import Stock, keep_the_calendar, new_draft, open_seat, seat_path, signer_of

NOBODY = ""
INITIATOR, READER, IDLE = "bidan.kampit", "inspektur", "admin"


@dataclass(frozen=True)
class Screen:
    """A page: who looks, where it is, and the status it answers with."""

    name: str
    who: Callable[[Stock], str]
    where: Callable[[Stock], str]
    status: int = 200


def page(name: str, who: str, where: str | Callable[[Stock], str], status: int = 200) -> Screen:
    """A page of one person at a fixed address, or at one made for it."""
    address = (lambda _stock: where) if isinstance(where, str) else where
    return Screen(name, lambda _stock: who, address, status)


def seat(stage: str) -> Screen:
    """The page on which the seat asked first at a stage is decided."""
    return Screen(
        f"act, {stage}",
        lambda stock: signer_of(stock.seat(stage)),
        lambda stock: seat_path(stock.seat(stage)),
    )


def of_seat(name: str, stage: str, who: str = "") -> Screen:
    """Another page of the seat asked first at a stage, as its signer or somebody else sees it."""
    return Screen(
        name.replace("_", " "),
        lambda stock: who or signer_of(stock.seat(stage)),
        lambda stock: reverse(name, args=[stock.at(stage).code, stock.seat(stage).pk]),
    )


def of_case(name: str, stage: str) -> Callable[[Stock], str]:
    """The address of something of the case that waits at a stage."""
    return lambda stock: reverse(name, args=[stock.at(stage).innovation.code])


def _verification(stock: Stock) -> str:
    instrument = Instrument.objects.get(subject_code=stock.at("done").code)
    return reverse("verify", args=[instrument.token])


def _revoked(stock: Stock) -> str:
    instrument = Instrument.objects.get(subject_code=stock.at("revoked").code)
    return reverse("instrument", args=[instrument.token])


def _followed_up(stock: Stock) -> tuple[Consequence, str]:
    """What has to be looked after once a decree is revoked, and who holds the office."""
    rows = Consequence.objects.filter(target__innovation=stock.at("revoked").innovation)
    row = rows.filter(kind="monitoring").select_related("office").latest("pk")
    holder = holder_of(row.office, today())
    assert holder is not None
    return row, holder.user.username


def _by_number(stock: Stock) -> str:
    instrument = Instrument.objects.get(innovation=stock.at("done").innovation)
    return reverse("verify_search", query={"number": instrument.number.lower()})


def _listed(stock: Stock) -> str:
    stock.at("done")
    return reverse("instruments")


def _copies(stock: Stock) -> str:
    """The copies of an issued decree, one of them still being made."""
    instrument = Instrument.objects.get(innovation=stock.at("done").innovation)
    if not instrument.copies.exists():
        with transaction.atomic():
            certify_copy(person("hukum"), instrument, recipient="Kepala Puskesmas Kampit")
    return reverse("copies", args=[instrument.token])


def _register(stock: Stock) -> str:
    """The register with numbers that were taken and one that is reserved."""
    stock.at("done")
    if not RegisterEntry.objects.filter(status="reserved").exists():
        with transaction.atomic():
            reserve_number(person("hukum"), "regent_decree", "Menunggu hasil fasilitasi gubernur.")
    return reverse("register")


def _of_entry(name: str) -> Callable[[Stock], str]:
    """The address of an act on the reserved number."""

    def where(stock: Stock) -> str:
        _register(stock)
        return reverse(name, args=[RegisterEntry.objects.filter(status="reserved")[0].pk])

    return where


def _difference(stock: Stock) -> str:
    innovation = Innovation.objects.get(pk=stock.at("done").innovation_id)
    newest, *_rest, first = innovation.history.all()
    return reverse(
        "case_diff", args=[innovation.code, "innovations.innovation", first.pk, newest.pk]
    )


def governed(name: str, where: Callable[[Stock], str], status: int = 200) -> Screen:
    """A page on policies, before the second administrator."""
    return Screen(name, lambda _stock: SECOND, where, status)


def _draft(_stock: Stock) -> str:
    return reverse("proposal", args=[new_draft("gizi").pk])


def _messages(stock: Stock) -> str:
    stock.at("revision")
    deliver_pending()
    return "/messages/"


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


def _reviewed(stock: Stock) -> str:
    """The reviews of a draft that has been outside once and is outside again."""
    instrument = current_instrument(stock.at("done").innovation)
    if instrument and not instrument.reviews.exists():
        terms = {"body": "Biro Hukum", "sent_on": today(), "sent_letter": "180/1"}
        back = {"returned_on": today(), "returned_letter": "180/2", "result": "agreed"}
        with acting_as(system_account()):
            ExternalReview.objects.create(
                instrument=instrument, kind="harmonisation", **terms, **back
            )
            ExternalReview.objects.create(instrument=instrument, kind="governor_review", **terms)
    return reverse("reviews", args=[stock.at("done").innovation.code])


def _clock(stage: str) -> Screen:
    """Where the clock of a stage is stopped, or started again."""
    return Screen(
        f"clock, {stage}",
        lambda stock: signer_of(stock.seat(stage)),
        lambda stock: reverse("clock", args=[stock.at(stage).code]),
    )


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


def _clause(_stock: Stock) -> str:
    clause = LibraryClause.objects.get(kind="regent_decree", purpose="stipulate", key="cost")
    return reverse("library_clause", args=[clause.pk])


LAW = "/law/uu-23-2014/"
SCREENS = [
    page("login", NOBODY, "/login/"),
    page("verification", NOBODY, _verification),
    page("verification, search", NOBODY, "/verify/"),
    page("verification, found", NOBODY, _by_number),
    page("verification, no such number", NOBODY, "/verify/?number=77&year=1999"),
    page("instruments", NOBODY, _listed),
    page("instruments, of an official", READER, _listed),
    page("instruments, none fit", NOBODY, "/instruments/?q=tidak+ada"),
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
    Screen(
        "declarations",
        lambda stock: signer_of(stock.seat("verification")),
        lambda _stock: "/inbox/declarations/",
    ),
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
    page("case, revoked", "hukum", of_case("case", "revoked")),
    page("instrument, revoked", READER, _revoked),
    page("further", "hukum", of_case("further", "done")),
    Screen(
        "consequence",
        lambda stock: _followed_up(stock)[1],
        lambda stock: reverse("consequence", args=[_followed_up(stock)[0].pk]),
    ),
    Screen(
        "home, to be followed up",
        lambda stock: _followed_up(stock)[1],
        lambda _stock: "/",
    ),
    page("library", READER, "/library/"),
    page("clause of the library", "hukum", _clause),
    page("clause worded anew", "hukum", lambda stock: f"{_clause(stock)}new/"),
    page("law", "hukum", "/law/"),
    page("law, none fits", READER, "/law/?q=tidak+ada"),
    page("piece of law", "hukum", LAW),
    page("piece of law, new", "hukum", "/law/new/"),
    page("piece of law, corrected", "hukum", f"{LAW}edit/"),
    page("piece of law, amended", "hukum", f"{LAW}amendment/"),
    page("piece of law, revoked", "hukum", f"{LAW}revocation/"),
    page("changes of a draft", "hukum", of_case("instrument_changes", "drafting")),
    page("signing, issued", READER, of_case("instrument_sign", "done")),
    page("signing, another way", "hukum", of_case("instrument_way", "done")),
    page("history", READER, of_case("case_history", "done")),
    page("difference", READER, _difference),
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
    Screen(
        "reviews, none",
        lambda stock: signer_of(stock.seat("drafting")),
        of_case("reviews", "drafting"),
    ),
    Screen("reviews, one out", lambda stock: signer_of(stock.seat("drafting")), _reviewed),
    _clock("paused"),
    page("calendar", READER, "/calendar/"),
    page("calendar of a unit", READER, "/calendar/?unit=dinkes&year=2026"),
    page("decree", READER, _decree),
    Screen(
        "decree, new",
        lambda _stock: keep_the_calendar(IDLE),
        lambda _stock: "/calendar/decrees/new/",
    ),
    page("register", READER, _register),
    page("register, legal section", "hukum", _register),
    page("register, nothing yet", READER, "/register/?register=gazette&year=2026"),
    page("register, not allowed", "bidan.kampit", "/register/", 403),
    page("register, reserve", "hukum", "/register/regent_decree/reserve/"),
    page("register, insert", "hukum", _of_entry("register_insert")),
    page("register, assign", "hukum", _of_entry("register_assign")),
    page("register, cancel", "hukum", _of_entry("register_cancel")),
    page(
        "register, template",
        "hukum",
        lambda _stock: reverse("register_template", args=["regent_decree", today().year]),
    ),
    page("copies", READER, _copies),
    page("copies, legal section", "hukum", _copies),
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
]
