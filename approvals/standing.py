"""Who may sign a seat now: one chain of rules, by which decisions are made and explained alike.

Each rule answers for one person at one seat; the first that refuses decides, and says by which
rule and which fact. Nothing else in Payung decides who may sign.
"""

import datetime
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from django.utils import formats, timezone
from django.utils.translation import gettext as _

from accounts.authority import Authority, authorities_for
from accounts.models import Office, User

from .conditions import FACTS
from .exclusions import bar, own_sentence, principal_sentence
from .matter import Matter
from .models import Outcome, Override, Seat
from .policies import RECONFIRMATION, Group, groups_of
from .refusals import Claimed, NotAllowed, Refused


@dataclass(frozen=True)
class Answer:
    """May this person sign this seat now, by which rule, and in words why or why not."""

    allowed: bool
    rule: str
    sentence: str
    authority: Authority | None = None

    @property
    def about_rights(self) -> bool:
        """False where the person may have the right, but not at this moment."""
        return self.rule not in ("turn", "over", "not_asked", "claimed")


def refusal_of(answer: Answer) -> Refused:
    """The refusal that a "no" of the chain stands for: only lack of right is NotAllowed."""
    if answer.rule == "claimed":
        return Claimed(answer.sentence)
    return (NotAllowed if answer.about_rights else Refused)(answer.sentence)


def group_of(seat: Seat) -> Group:
    """The group of the policy that a seat belongs to."""
    if seat.reconfirms_id is not None:
        return RECONFIRMATION
    return groups_of(seat.policy)[seat.group]


Authorities = Callable[[Iterable[Office], datetime.date], dict[int, list[Authority]]]
OfficesOf = Callable[[Iterable[int]], Iterable[Office]]


def offices_of_units(units: Iterable[int]) -> Iterable[Office]:
    """Every office of these units."""
    return Office.objects.filter(unit__in=units).select_related("unit")


class Standing:
    """Who may sign some seats of one case on a day; what it takes is looked up once for all.

    `authorities`: how it is found who may act for offices; whoever asks about many cases on one
    day passes something that remembers. `offices`: how the offices of units are found; whoever
    asks about a day gone by passes what was recorded then.
    """

    def __init__(
        self,
        matter: Matter,
        seats: Sequence[Seat],
        on: datetime.date,
        *,
        authorities: Authorities = authorities_for,
        offices: OfficesOf = offices_of_units,
    ) -> None:
        self.matter = matter
        self.seats = list(seats)
        self.on = on
        self._ask = authorities
        self._offices_of = offices

    def answer(self, seat: Seat, person: User) -> Answer:
        """Allowed or not, by the one chain that decides; explanation and enforcement are this."""
        refused = self._state(seat) or self._excluded(seat, person)
        if refused:
            return refused
        return self._by_authority(seat, person, [self._claimed])

    def could_sign(self, seat: Seat, person: User) -> Answer:
        """The same, whether or not it is the seat's turn and whoever has taken it up."""
        return self._excluded(seat, person) or self._by_authority(seat, person, [])

    def eligible(self, seat: Seat) -> list[User]:
        """Everybody who could sign the seat, the one who speaks for the office first."""
        people = [seat.person] if seat.person else [a.person for a in self.authorities(seat)]
        known = {person.pk: person for person in people}
        return [p for p in known.values() if self.could_sign(seat, p).allowed]

    def authorities(self, seat: Seat) -> list[Authority]:
        """On what anybody could sign the seat today: the holder's right first, then delegates'."""
        if seat.office_id is not None:
            return self._authorities.get(seat.office_id, [])
        offices = self._offices_of_units.get(seat.unit_id or 0, [])
        return [right for office in offices for right in self._authorities.get(office.pk, [])]

    def shared_with(self, seat: Seat) -> list[Seat]:
        """The other seats where the answer at one is enough: taking one up takes up them all."""
        return list(self._stage_mates(seat)) if group_of(seat).shares else []

    def sits_twice(self, office: Office, seat: Seat) -> bool:
        """Whether an office would sit at a seat of a group that asks it, as one head, elsewhere."""
        mates = self._stage_mates(seat) if group_of(seat).counts_heads else ()
        return any(other.office_id == office.pk for other in mates)

    # ---- the rules, in the order in which they are asked ----

    def _state(self, seat: Seat) -> Answer | None:
        if seat.state == Seat.State.WAITING:
            sentence = _("It is not the turn of %(seat)s yet.")
            return _refused("turn", sentence % {"seat": seat.holder_label})
        if seat.state == Seat.State.CLOSED and (unmet := group_of(seat).unmet(self.matter)):
            sentence = _("Nobody is asked here: the case does not meet the condition on %(fact)s.")
            return _refused("not_asked", sentence % {"fact": FACTS[unmet["fact"]].label})
        if seat.state != Seat.State.OPEN:
            return _refused("over", _("This seat is no longer open."))
        return None

    def _excluded(self, seat: Seat, person: User) -> Answer | None:
        name = bar(self.matter, seat.policy.exclusions, person.pk)
        return _refused(name, own_sentence(self.matter, name)) if name else None

    def _by_authority(
        self, seat: Seat, person: User, further: Sequence[Callable[[Seat, User], Answer | None]]
    ) -> Answer:
        """The first of a person's rights to a seat that passes every rule, or the first refusal."""
        refusal = None
        for right in self._rights(seat, person):
            found = self._limits(seat, person, right)
            found = found or next((no for rule in further if (no := rule(seat, person))), None)
            if found is None:
                return Answer(True, "allowed", _allowed(right), right)
            refusal = refusal or found
        return refusal or self._not_theirs(seat)

    def _rights(self, seat: Seat, person: User) -> Iterator[Authority | None]:
        if seat.person_id is not None:
            if seat.person_id == person.pk and person.is_active:
                yield None
            return
        yield from (right for right in self.authorities(seat) if right.person.pk == person.pk)

    def _limits(self, seat: Seat, person: User, right: Authority | None) -> Answer | None:
        """What narrows a right that a person has: its principal, its scope, its kind, its use."""
        if right is not None:
            refused = (
                self._principal(seat, right) or self._scope(seat, right) or self._kind(seat, right)
            )
            if refused:
                return refused
        return self._head(seat, person)

    def _principal(self, seat: Seat, right: Authority) -> Answer | None:
        for principal in right.principals:
            if name := bar(self.matter, seat.policy.exclusions, principal):
                person = User.objects.get(pk=principal).get_short_name()
                return _refused(f"principal:{name}", principal_sentence(self.matter, name, person))
        return None

    def _scope(self, seat: Seat, right: Authority) -> Answer | None:
        if right.delegation is None:
            return None
        sentence = right.limit(
            stage=seat.stage,
            instrument_kind=self.matter.fact("instrument_kind") or "",
            amount=self.matter.fact("amount"),
        )
        return _refused("scope", sentence) if sentence else None

    def _kind(self, seat: Seat, right: Authority) -> Answer | None:
        """A mandate is not the last word on what binds the region, unless its basis is recorded."""
        if not (group_of(seat).definitive and right.is_mandate and self.matter.fact("binds")):
            return None
        if self._overridden(seat):
            return None
        return _refused(
            "mandate",
            _(
                "%(capacity)s acts by mandate and cannot be the last to sign what binds %(what)s "
                "(UU 30/2014, art. 14). The legal section can record a letter that allows it."
            )
            % {"capacity": right.capacity, "what": self.matter.fact("binds")},
        )

    def _head(self, seat: Seat, person: User) -> Answer | None:
        if not group_of(seat).counts_heads:
            return None
        signed = (
            other.answer.person_id
            for other in self._stage_mates(seat)
            if other.answer is not None and other.answer.outcome != Outcome.RECUSE
        )
        if person.pk not in signed:
            return None
        return _refused(
            "head", _("You have signed in this group already; it counts people, not offices.")
        )

    def _claimed(self, seat: Seat, person: User) -> Answer | None:
        for other in [seat, *self.shared_with(seat)]:
            if holds_claim(other, self.on) and other.claimed_by_id != person.pk:
                assert other.claimed_by
                assert other.claimed_at
                return _refused("claimed", _claim_sentence(other.claimed_by, other.claimed_at))
        return None

    def _not_theirs(self, seat: Seat) -> Answer:
        if seat.person is not None:
            sentence = _("This is for %(person)s.") % {"person": seat.person}
        elif rights := self.authorities(seat):
            sentence = _says_who(rights)
        elif seat.office is not None:
            sentence = _("Nobody holds the office %(office)s today.") % {"office": seat.office}
        else:
            sentence = _("Nobody holds an office of %(unit)s today.") % {"unit": seat.unit}
        return _refused("not_theirs", sentence)

    # ---- what the rules look up ----

    def _stage_mates(self, seat: Seat) -> Iterator[Seat]:
        """The other seats of the seat's group."""
        for other in self.seats:
            same = (other.task_id, other.group, other.reconfirms_id is None)
            if other.pk != seat.pk and same == (
                seat.task_id,
                seat.group,
                seat.reconfirms_id is None,
            ):
                yield other

    @cached_property
    def _offices_of_units(self) -> dict[int, list[Office]]:
        units = {seat.unit_id for seat in self.seats if seat.unit_id}
        found: dict[int, list[Office]] = {}
        if units:
            for office in self._offices_of(units):
                found.setdefault(office.unit_id, []).append(office)
        return found

    @cached_property
    def _authorities(self) -> dict[int, list[Authority]]:
        offices = [seat.office for seat in self.seats if seat.office]
        offices += [office for found in self._offices_of_units.values() for office in found]
        return self._ask(offices, self.on)

    def _overridden(self, seat: Seat) -> bool:
        key = f"override:{seat.stage}"
        found = Override.objects.filter(process=self.matter.process_id, stage=seat.stage)
        return bool(self.matter.once(key, found.exists))


def holds_claim(seat: Seat, on: datetime.date) -> bool:
    """Whether somebody has taken the seat up; it is free again the day after."""
    if seat.claimed_by_id is None or seat.claimed_at is None:
        return False
    return seat.state == Seat.State.OPEN and _day(seat.claimed_at) == on


def _day(moment: datetime.datetime) -> datetime.date:
    return timezone.localdate(moment, timezone.get_default_timezone())


def _refused(rule: str, sentence: str) -> Answer:
    return Answer(False, rule, sentence)


def _allowed(right: Authority | None) -> str:
    if right is None:
        return _("It is addressed to you by name.")
    sentence = _("You may sign as %(capacity)s, by letter %(letter)s.")
    return sentence % {"capacity": right.capacity, "letter": right.basis}


def _says_who(rights: Sequence[Authority]) -> str:
    first, others = rights[0], len(rights) - 1
    values = {"person": first.person, "capacity": first.capacity, "number": others}
    if not others:
        return _("Today %(person)s signs for this seat, as %(capacity)s.") % values
    return _("Today %(person)s (%(capacity)s) or one of %(number)s others signs for it.") % values


def _claim_sentence(person: User, at: datetime.datetime) -> str:
    return _("%(person)s has been working on this since %(time)s; you may take it over.") % {
        "person": person.get_short_name(),
        "time": formats.date_format(timezone.localtime(at), "H.i"),
    }
