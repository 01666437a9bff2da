"""The screens of instruments, of the register, and of the words and the law they rest on."""

from collections.abc import Callable

from django.db import transaction
from django.urls import reverse

from accounts.acting import acting_as
from accounts.offices import holder_of, today
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
from tests.accounts.factories import system_account
from tests.regency import person

from .screen import NOBODY, READER, Screen, of_case, page
from .stock import Stock, signer_of


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


def _clause(_stock: Stock) -> str:
    clause = LibraryClause.objects.get(kind="regent_decree", purpose="stipulate", key="cost")
    return reverse("library_clause", args=[clause.pk])


LAW = "/law/uu-23-2014/"
SCREENS = [
    page("verification", NOBODY, _verification),
    page("verification, search", NOBODY, "/verify/"),
    page("verification, found", NOBODY, _by_number),
    page("verification, no such number", NOBODY, "/verify/?number=77&year=1999"),
    page("instruments", NOBODY, _listed),
    page("instruments, of an official", READER, _listed),
    page("instruments, none fit", NOBODY, "/instruments/?q=tidak+ada"),
    Screen(
        "declarations",
        lambda stock: signer_of(stock.seat("verification")),
        lambda _stock: "/inbox/declarations/",
    ),
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
    Screen(
        "reviews, none",
        lambda stock: signer_of(stock.seat("drafting")),
        of_case("reviews", "drafting"),
    ),
    Screen("reviews, one out", lambda stock: signer_of(stock.seat("drafting")), _reviewed),
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
]
