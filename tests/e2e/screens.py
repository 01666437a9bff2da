"""Every screen, and who looks at it."""

from collections.abc import Callable
from dataclasses import dataclass

from django.urls import reverse

from innovations.models import Innovation
from legal_basis.models import Instrument
from notifications.delivery import deliver_pending

from .stock import Stock, new_draft, open_seat, seat_path, signer_of

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


def of_case(name: str, stage: str) -> Callable[[Stock], str]:
    """The address of something of the case that waits at a stage."""
    return lambda stock: reverse(name, args=[stock.at(stage).innovation.code])


def _verification(stock: Stock) -> str:
    instrument = Instrument.objects.get(innovation=stock.at("done").innovation)
    return reverse("verify", args=[instrument.token])


def _difference(stock: Stock) -> str:
    innovation = Innovation.objects.get(pk=stock.at("done").innovation_id)
    newest, *_rest, first = innovation.history.all()
    return reverse(
        "case_diff", args=[innovation.code, "innovations.innovation", first.pk, newest.pk]
    )


def _draft(_stock: Stock) -> str:
    return reverse("proposal", args=[new_draft("gizi").pk])


def _messages(stock: Stock) -> str:
    stock.at("revision")
    deliver_pending()
    return "/messages/"


SCREENS = [
    page("login", NOBODY, "/login/"),
    page("verification", NOBODY, _verification),
    page("not found", IDLE, "/cases/INV-2000-0001/", 404),
    page("not allowed", READER, of_case("revise", "revision"), 403),
    page("home, innovator", INITIATOR, "/"),
    Screen("home, official", lambda stock: signer_of(stock.seat("drafting")), lambda _stock: "/"),
    page("home, nothing waits", IDLE, "/"),
    Screen("inbox", lambda stock: signer_of(stock.seat("completeness")), lambda _stock: "/inbox/"),
    page("inbox, empty", IDLE, "/inbox/"),
    page("messages", INITIATOR, _messages),
    page("messages, none", IDLE, "/messages/"),
    page("cases", READER, "/cases/"),
    page("cases, none fit", READER, "/cases/?q=tidak+ada"),
    page("case, submitted", INITIATOR, of_case("case", "completeness")),
    page("case, returned", INITIATOR, of_case("case", "revision")),
    page("case, at work", "dinkes", of_case("case", "finance")),
    page("case, institutionalised", READER, of_case("case", "done")),
    page("history", READER, of_case("case_history", "done")),
    page("difference", READER, _difference),
    page("proposal, new", "penyuluh", "/proposals/new/"),
    page("proposal, filled", "gizi", _draft),
    page("proposal, revision", INITIATOR, of_case("revise", "revision")),
    page("withdraw", INITIATOR, of_case("withdraw", "completeness")),
    page("act, not mine", INITIATOR, lambda stock: seat_path(open_seat(stock.at("completeness")))),
    *map(
        seat,
        [
            "completeness",
            "verification",
            "trial",
            "alignment",
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
