"""Offices, people, cases and versions that are never saved: what policies are played with."""

import datetime
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import Any

from accounts.authority import Authority
from accounts.models import Appointment, Office, Unit, User
from approvals.matter import Matter
from approvals.models import Outcome, Seat, SignOff, SignOffPolicy
from approvals.seats import Member, Place
from approvals.standing import Standing
from innovations.models import Innovation
from workflow.models import Case
from workflow.policy_words import Names
from workflow.rehearsal import Asked, Scene

ON = datetime.date(2026, 3, 10)
MORNING = datetime.datetime(2026, 3, 10, 2, tzinfo=datetime.UTC)
UNITS = {
    name: Unit(pk=number, code=name.lower(), name=name)
    for number, name in enumerate(("Setda", "Hukum", "Dinkes", "Kosong"), start=1)
}
# Code, title, unit; the number is the row.
OFFICES = {
    code: Office(pk=number, code=code, title=title, unit=UNITS[unit])
    for number, (code, title, unit) in enumerate(
        (
            ("sekda", "Sekretaris Daerah", "Setda"),
            ("kabag", "Kepala Bagian Hukum", "Hukum"),
            ("perancang", "Perancang", "Hukum"),
            ("dinkes", "Kepala Dinas Kesehatan", "Dinkes"),
            ("inspektur", "Inspektur", "Setda"),
        ),
        start=1,
    )
}


def known_names() -> Names:
    """Names that know these offices and units, without asking the database."""
    names = Names()
    names.__dict__["office_rows"] = [
        (office.code, office.title, office.unit.code, office.unit.name)
        for office in OFFICES.values()
    ]
    names.__dict__["units"] = {unit.code: unit.name for unit in UNITS.values()}
    return names


def person(number: int) -> User:
    """A person, always the same under a number."""
    return User(pk=number, username=f"orang{number}", name_plain=f"Orang {number}")


def group(rule: str, *members: str, **more: Any) -> dict[str, Any]:
    """One group of a version."""
    return {"rule": rule, "members": list(members), **more}


def version(*groups: dict[str, Any], **dials: Any) -> SignOffPolicy:
    """A version of who signs the verification."""
    return SignOffPolicy(stage="verification", version=2, groups=list(groups), **dials)


def asked(policy: SignOffPolicy, moved: Mapping[str, Member] | None = None) -> Asked:
    """Whom a version asks, word by word; `moved` names others than a word stands for."""
    return Asked(
        policy,
        [
            [Place(word, (moved or {}).get(word) or OFFICES[word]) for word in group["members"]]
            for group in policy.groups
        ],
    )


def answered(
    code: str, number: int, outcome: str = "approve", *, day: int = 0, who: Member | None = None
) -> Seat:
    """A seat of an office that a person has answered, some days after the first."""
    office = who or OFFICES[code]
    seat = Seat(
        pk=100 + number,
        member=code,
        office=office if isinstance(office, Office) else None,
        person=office if isinstance(office, User) else None,
    )
    seat.answer = SignOff(
        pk=100 + number,
        person=person(number),
        capacity=str(office),
        outcome=Outcome(outcome).value,
        decided_at=MORNING + datetime.timedelta(days=day),
    )
    return seat


def matter(facts: Mapping[str, Any] | None = None, **people: Iterable[int]) -> Matter:
    """A case of which this is known, and to which these people stand near."""
    near = {"initiator": (), "co_initiator": (), "conflict": (), "initiator_unit": ()} | people
    return Matter(
        7,
        facts={name: partial(_itself, value) for name, value in (facts or {}).items()},
        people={name: partial(_itself, them) for name, them in near.items()},
    )


def _itself(value: Any) -> Any:
    return value


def scene(
    own: SignOffPolicy,
    new: SignOffPolicy,
    *given: Seat,
    waits: bool = False,
    about: Matter | None = None,
) -> Scene:
    """A case under its own version and a new one, with the answers that it has."""
    case = Case(pk=7, code="INV-2026-0007", stage="verification", innovation=Innovation(name="X"))
    return Scene(case, about or matter(), asked(own), asked(new), given, waits=waits)


class Holders:
    """Who speaks for the offices: office by office the number of a person, 0 for nobody."""

    def __init__(self, **holders: int) -> None:
        self.holders = {code: number for number, code in enumerate(OFFICES, start=1)} | holders

    def authorities(
        self, offices: Iterable[Office], on: datetime.date
    ) -> dict[int, list[Authority]]:
        """What `authorities_for` would say."""
        return {office.pk: self._of(office) for office in offices}

    def _of(self, office: Office) -> list[Authority]:
        if not self.holders[office.code]:
            return []
        who = person(self.holders[office.code])
        return [Authority(office, who, Appointment(user=who, office=office, start=ON))]

    def standing(self, about: Matter, seats: Sequence[Seat]) -> Standing:
        """Who may sign these seats."""
        return Standing(about, seats, ON, authorities=self.authorities)
