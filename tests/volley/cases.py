"""Innovations for the tests that commit: small money, names of their own, anywhere on the way."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

from django.db import connection, connections, transaction
from django.test import override_settings

from accounts.models import User
from accounts.offices import holder_of, today
from approvals.models import Seat
from innovations.models import Draft
from legal_basis.publication_form import PublicationForm
from tests.regency import (
    RUNS_ALREADY,
    SAMPLE,
    Record,
    case_at,
    person,
    record_of,
    settled,
)
from workflow.decisions import Act, Decision, decide
from workflow.models import Case
from workflow.walking import as_recorded, draft_of, next_seat, sign_one, walk

_numbers = count(1)
# The tests together must not use up the ceilings of the budget.
SMALL = "1.000.000"


@contextmanager
def committed_regency(folder: Path) -> Iterator[None]:
    """The demo's regency for other processes to see; the tables are empty again afterwards."""
    name = str(connection.settings_dict["NAME"])
    assert "test" in Path(name).name, f"{name} is no test database: it would be emptied"
    places = {name: folder / path for name, path in PLACES.items()}
    try:
        with override_settings(**places), settled():
            yield
    finally:
        connections.close_all()


# Where a process with PAYUNG_VAR=folder keeps them.
PLACES = {
    "VAR_DIR": "",
    "PKI_DIR": "pki",
    "MEDIA_ROOT": "files",
    "STATIC_ROOT": "static",
    "EMAIL_FILE_PATH": "mail",
}


def small_record(name: str = RUNS_ALREADY) -> Record:
    """A record of the demo under a name of its own, with little money."""
    record = record_of(name)
    record["name"] = f"{record['name']} {next(_numbers)}"
    for line in record["commitment"]["money"]:
        line["amount"] = SMALL
    return record


def new_case(stage: str, name: str = RUNS_ALREADY) -> Case:
    """A new innovation that waits at a stage."""
    return case_at(stage, record=small_record(name))


def draft_to_submit(name: str = RUNS_ALREADY) -> Draft:
    """A draft in which everything is filled in, in the hands of its initiator."""
    record = small_record(name)
    with transaction.atomic():
        return draft_of(record, person(record["initiator"]), folder=SAMPLE.parent)


def case_before_the_last_initial() -> Case:
    """A case for which only the regional secretary's initial is missing."""
    case = new_case("initialling")
    sign_until(case, "sekda")
    return case


def sign_until(case: Case, office: str) -> "OpenSeat":
    """Let the others of the stage sign, until it is the turn of the office."""
    record = small_record()
    while (seat := seat_of(case)).office_code != office:
        with transaction.atomic():
            sign_one(case, seat.row, record)
    return seat


def publishing(case: Case) -> Callable[[], Decision]:
    """The act by which the legal section publishes the decree of a case."""
    seat, record = seat_of(case), small_record()

    def act() -> Decision:
        about: dict[str, Any] = {"innovation": case.innovation, "actor": seat.signer}
        shown = as_recorded(PublicationForm(**about))
        filled = PublicationForm.from_record(shown | record["publication"], **about)
        with transaction.atomic():
            return decide(seat.signer, case.code, seat.row.pk, Act("approve", form=filled))

    return act


def go_on(case: Case, until: str) -> Case:
    """Let the officials sign until the case stands at the stage."""
    with transaction.atomic():
        return walk(case, small_record(), until=until)


class OpenSeat:
    """The seat that is asked first, with who may answer it today."""

    def __init__(self, row: Seat) -> None:
        self.row = row
        self.office_code = row.office.code if row.office else ""

    @property
    def signer(self) -> User:
        """Who holds it."""
        if self.row.person:
            return self.row.person
        assert self.row.office is not None
        speaking = holder_of(self.row.office, today())
        assert speaking is not None
        return speaking.user


def seat_of(case: Case) -> OpenSeat:
    """The first open seat of a case."""
    found = next_seat(case)
    assert found is not None, f"{case.code} waits for nobody"
    return OpenSeat(found)
