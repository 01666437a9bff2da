"""Loads the offices and people of the demo; names come from Faker, so they are nobody's."""

import datetime
import json
from functools import cache
from pathlib import Path
from typing import Any

from django.contrib.auth.hashers import make_password
from faker import Faker

from accounts.acting import verb
from accounts.models import Appointment, Office, Unit, User
from accounts.offices import appoint, today
from accounts.rights import make_administrator

FOLDER = Path(__file__).parent
PASSWORD = "payung-demo-2026"


def _read(name: str) -> dict[str, Any]:
    data: dict[str, Any] = json.loads((FOLDER / name).read_text())
    return data


@verb
def load_offices(actor: User) -> None:
    """Create the units and offices that are not there yet."""
    data = _read("offices.json")
    for row in data["units"]:
        parent = Unit.objects.filter(code=row["parent"]).first()
        Unit.objects.get_or_create(code=row["code"], defaults=row | {"parent": parent})
    for row in data["offices"]:
        superior = Office.objects.filter(code=row.get("superior")).first()
        unit = Unit.objects.get(code=row["unit"])
        Office.objects.get_or_create(
            code=row["code"], defaults=row | {"superior": superior, "unit": unit}
        )


@verb
def load_people(actor: User, on: datetime.date | None = None) -> None:
    """Create the accounts and appointments that are not there yet; all share one demo password.

    The days of their letters are counted from today, or from the day that is given.
    """
    data = _read("people.json")
    faker = Faker("id_ID")
    faker.seed_instance(data["seed"])
    for row in data["people"]:
        name = _name(faker, row["gender"])
        user = User.objects.filter(username=row["username"]).first()
        user = user or _create(row, name, data["email_domain"], faker)
        for appointment in row["appointments"]:
            _appoint(actor, user, appointment, on or today())
        if row.get("administrator"):
            make_administrator(actor, user)


def _name(faker: Faker, gender: str) -> str:
    """A name drawn for every row, so that the names stay the same when rows are skipped."""
    if gender == "f":
        return f"{faker.first_name_female()} {faker.last_name_female()}"
    return f"{faker.first_name_male()} {faker.last_name_male()}"


@cache
def _hashed() -> str:
    """One hash for all: fifty deliberate delays would be a minute of waiting."""
    return make_password(PASSWORD)


def _create(row: dict[str, Any], name: str, domain: str, faker: Faker) -> User:
    born = faker.date_between(datetime.date(1968, 1, 1), datetime.date(1994, 12, 31))
    entered = datetime.date(born.year + 25, 3, 1)
    serial = faker.random_int(1, 999)
    return User.objects.create(
        username=row["username"],
        password=_hashed(),
        name_plain=name,
        title_prefix=row["title_prefix"],
        title_suffix=row["title_suffix"],
        rank=row["rank"],
        # The 9 in the place of the sex makes it a number that no official can have.
        nip=f"{born:%Y%m%d}{entered:%Y%m}9{serial:03d}" if row["nip"] else "",
        email=f"{row['username']}@{domain}",
        home_unit=Unit.objects.get(code=row["unit"]),
    )


def days(text: str, on: datetime.date | None = None) -> datetime.date:
    """`-400d` is the day 400 days ago, `+70d` the day in 70 days, or as many from another day."""
    return (on or today()) + datetime.timedelta(days=int(text.removesuffix("d")))


def _appoint(actor: User, user: User, row: dict[str, Any], on: datetime.date) -> None:
    office = Office.objects.get(code=row["office"])
    if Appointment.objects.filter(user=user, office=office, capacity=row["capacity"]).exists():
        return
    basis_date = days(row["basis_date"], on)
    appoint(
        actor,
        user,
        office,
        capacity=row["capacity"],
        start=days(row["start"], on),
        end=days(row["end"], on) if row["end"] else None,
        basis_number=row["basis_number"].replace("{year}", str(basis_date.year)),
        basis_date=basis_date,
    )


def accounts() -> list[tuple[str, str]]:
    """Each demo account with what it does, for those who try Payung out."""
    return [(row["username"], row["role"]) for row in _read("people.json")["people"]]
