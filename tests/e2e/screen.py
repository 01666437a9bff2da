"""What a screen is: who looks at it, and where it is."""

from collections.abc import Callable
from dataclasses import dataclass

from django.urls import reverse

from tests.workflow.governing import SECOND

from .stock import Stock, seat_path, signer_of

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


def governed(name: str, where: Callable[[Stock], str], status: int = 200) -> Screen:
    """A page on policies, before the second administrator."""
    return Screen(name, lambda _stock: SECOND, where, status)
