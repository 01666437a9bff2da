"""What a version of a policy would have done: played over cases, with nothing written.

Pure: whatever it needs of a case comes with it (`rehearsal_cases.py` reads it). What signatures
amount to and who is missing is said by the very rules that decide.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import Enum

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from approvals.arrangement import groups_with_seats, result_of, vote_of
from approvals.exclusions import bar
from approvals.matter import Matter
from approvals.models import Outcome, Seat, SignOff, SignOffPolicy
from approvals.policies import APPROVE, Group
from approvals.reach import gaps, wanted_of
from approvals.seats import Member, Place, new_seat, numbered
from approvals.standing import Standing

from .models import Case
from .policy_words import BETWEEN, Names

StandingOf = Callable[[Matter, Sequence[Seat]], Standing]
Told = Iterator[tuple["Effect", str]]


class Effect(Enum):
    """What a version would have done otherwise to a case."""

    NEEDS = "needs"
    STALLS = "stalls"
    EARLIER = "earlier"
    OTHERWISE = "otherwise"
    ASKS = "asks"
    SPARES = "spares"


@dataclass(frozen=True)
class Asked:
    """A version, and whom it asks on a case: the groups in order, each with its places."""

    policy: SignOffPolicy
    places: Sequence[Sequence[Place]]


@dataclass(frozen=True)
class Scene:
    """One case at a stage, under its own version and under the rehearsed one.

    answered: the seats with an answer that counts, of the last time the case stood there.
    waits: it stands there now.
    """

    case: Case
    matter: Matter
    own: Asked
    new: Asked
    answered: Sequence[Seat] = ()
    waits: bool = False


@dataclass(frozen=True)
class Finding:
    """One effect on one case, and the sentences that say why."""

    effect: Effect
    case: Case
    sentences: Sequence[str]


@dataclass(frozen=True)
class Rehearsal:
    """What a version would have done to some cases; `left_out` says in sentences which not."""

    played: int
    findings: Sequence[Finding]
    left_out: Sequence[str] = field(default_factory=list)

    @property
    def unchanged(self) -> int:
        """How many cases would not have noticed."""
        return self.played - len({finding.case.pk for finding in self.findings})

    def of(self, effect: Effect) -> list[Finding]:
        """The cases with one effect."""
        return [finding for finding in self.findings if finding.effect is effect]


def rehearse(scenes: Iterable[Scene], standing_of: StandingOf, names: Names) -> Rehearsal:
    """Play the rehearsed version over all scenes."""
    played = list(scenes)
    findings = [finding for scene in played for finding in play(scene, standing_of, names)]
    return Rehearsal(len(played), findings)


def play(scene: Scene, standing_of: StandingOf, names: Names) -> list[Finding]:
    """What the rehearsed version would have done otherwise than the case's own."""
    told: dict[Effect, list[str]] = {}
    for rule in (
        _asked_otherwise(scene),
        _ended_otherwise(scene),
        _not_counted(scene, names),
        _stalled(scene, standing_of),
    ):
        for effect, sentence in rule:
            told.setdefault(effect, []).append(sentence)
    return [Finding(effect, scene.case, sentences) for effect, sentences in told.items()]


def _asked_otherwise(scene: Scene) -> Told:
    own, new = (dict.fromkeys(_whom(one, scene.matter)) for one in (scene.own, scene.new))
    if more := [str(who) for who in new if who not in own]:
        yield Effect.ASKS, _("It would ask %(who)s.") % {"who": BETWEEN.join(more)}
    if less := [str(who) for who in own if who not in new]:
        yield Effect.SPARES, _("It would no longer ask %(who)s.") % {"who": BETWEEN.join(less)}


def _whom(asked: Asked, matter: Matter) -> Iterator[Member]:
    """Everybody whom the groups that apply to the case ask."""
    for group, own in groups_with_seats(asked.policy, seats_of(asked, (), matter)):
        if group.applies(matter):
            yield from (who_of(seat) for seat in own)


def _not_counted(scene: Scene, names: Names) -> Told:
    """Signatures that the rehearsed version asks for too, but of somebody else."""
    asked = set(_whom(scene.new, scene.matter))
    for seat in scene.answered:
        assert seat.answer is not None
        person = seat.answer.person
        name = bar(scene.matter, scene.new.policy.exclusions, person.pk)
        before = bar(scene.matter, scene.own.policy.exclusions, person.pk)
        if name and not before and who_of(seat) in asked:
            sentence = _(
                "Somebody else than %(person)s would have to sign for %(seat)s: excluded are "
                "%(whom)s."
            )
            yield (
                Effect.NEEDS,
                sentence
                % {
                    "person": person.get_short_name(),
                    "seat": seat.holder_label,
                    "whom": names.exclusion(name),
                },
            )


def _ended_otherwise(scene: Scene) -> Told:
    old = result_of(scene.own.policy, _seats(scene.own, scene), scene.matter)
    seats = _seats(scene.new, scene)
    new = result_of(scene.new.policy, seats, scene.matter)
    if old is None:
        if scene.waits and new == APPROVE:
            yield Effect.EARLIER, _("The signatures that it has would be enough.")
        elif scene.waits and new is not None:
            yield Effect.OTHERWISE, _("It would have ended: %(new)s.") % {"new": _outcome(new)}
    elif new is None:
        missing = BETWEEN.join(_missing(scene, seats))
        yield Effect.NEEDS, _("It would have needed a signature more: %(who)s.") % {"who": missing}
    elif new != old:
        values = {"old": _outcome(old), "new": _outcome(new)}
        yield Effect.OTHERWISE, _("It ended: %(old)s. It would have ended: %(new)s.") % values
    elif new == APPROVE:
        yield from _earlier(scene)


def _outcome(vote: str) -> str:
    return str(Outcome(vote).label)


def _missing(scene: Scene, seats: Sequence[Seat]) -> Iterator[str]:
    """Whose signatures are missing, group by group."""
    for group, own in groups_with_seats(scene.new.policy, seats):
        if not group.applies(scene.matter) or group.result([vote_of(s) for s in own]) is not None:
            continue
        empty = [place for place, seat in enumerate(own) if vote_of(seat) is None]
        labels = [own[place].holder_label for place in empty]
        wanted = wanted_of(group, own, empty)
        if wanted < len(labels):
            sentence = _("%(number)s of: %(who)s")
            yield sentence % {"number": wanted, "who": BETWEEN.join(labels)}
        else:
            yield from labels


def _earlier(scene: Scene) -> Told:
    """Whether fewer of the signatures, in the order in which they came, would have been enough."""
    signed = sorted((seat.answer for seat in scene.answered if seat.answer), key=_moment)
    old, new = (_enough(asked, scene, signed) for asked in (scene.own, scene.new))
    if new < old:
        sentence = ngettext(
            "The signature of %(who)s on %(day)s would have been enough: %(count)s fewer.",
            "The signature of %(who)s on %(day)s would have been enough: %(count)s fewer.",
            old - new,
        )
        last = signed[new - 1]
        values = {"who": last.capacity, "day": _day(last), "count": old - new}
        yield Effect.EARLIER, sentence % values


def _moment(sign_off: SignOff) -> tuple[object, int]:
    return sign_off.decided_at, sign_off.pk


def _day(sign_off: SignOff) -> str:
    return date_format(localtime(sign_off.decided_at), "j F Y")


def _enough(asked: Asked, scene: Scene, signed: Sequence[SignOff]) -> int:
    """How many of the signatures, as they came, satisfy a version."""
    for count in range(1, len(signed)):
        first = set(signed[:count])
        answered = [seat for seat in scene.answered if seat.answer in first]
        seats = seats_of(asked, answered, scene.matter)
        if result_of(asked.policy, seats, scene.matter) == APPROVE:
            return count
    return len(signed)


def _stalled(scene: Scene, standing_of: StandingOf) -> Told:
    missing = _lacking(scene.new, scene, standing_of)
    if not missing:
        return
    sentence = (
        _("Nobody can sign for %(missing)s today; so it is with its own version.")
        if missing == _lacking(scene.own, scene, standing_of)
        else _("Nobody can sign for %(missing)s today.")
    )
    yield Effect.STALLS, sentence % {"missing": missing}


def _lacking(asked: Asked, scene: Scene, standing_of: StandingOf) -> str:
    seats = _seats(asked, scene)
    if result_of(asked.policy, seats, scene.matter) is not None:
        return ""
    found = gaps(asked.policy, seats, standing_of(scene.matter, seats))
    return BETWEEN.join(dict.fromkeys(seat.holder_label for gap in found for seat in gap.seats))


def _seats(asked: Asked, scene: Scene) -> list[Seat]:
    return seats_of(asked, scene.answered, scene.matter)


def seats_of(asked: Asked, answered: Sequence[Seat], matter: Matter) -> list[Seat]:
    """The seats that a version would open, with the answers that fit; nothing is saved.

    An answer fits a place of the same office, unit or person, or of the same word of the policy
    (whose seat was moved to somebody else), unless the version excludes who gave it.
    """
    seats = numbered(
        [
            new_seat(place, asked.policy, number, position)
            for number, in_group in enumerate(asked.places)
            for position, place in enumerate(in_group)
        ]
    )
    allowed = [one for one in answered if one.answer and _may_count(one.answer, asked, matter)]
    for fits in (_same_holder, _same_word):
        for group, own in groups_with_seats(asked.policy, seats):
            for seat in own:
                _fill(seat, own, group, allowed, fits)
    return seats


def _may_count(answer: SignOff, asked: Asked, matter: Matter) -> bool:
    return not bar(matter, asked.policy.exclusions, answer.person_id)


def _fill(
    seat: Seat,
    own: Sequence[Seat],
    group: Group,
    answered: list[Seat],
    fits: Callable[[Seat, Seat], bool],
) -> None:
    """Give a seat the first answer that fits it; each answer is used once."""
    if seat.answer is not None:
        return
    heads = {mate.answer.person_id for mate in own if mate.answer} if group.counts_heads else set()
    for one in answered:
        assert one.answer is not None
        if fits(seat, one) and one.answer.person_id not in heads:
            seat.answer, seat.state = one.answer, Seat.State.SIGNED
            answered.remove(one)
            return


def _same_holder(seat: Seat, other: Seat) -> bool:
    if who_of(seat) == who_of(other):
        return True
    return other.office is not None and seat.unit is not None and other.office.unit == seat.unit


def _same_word(seat: Seat, other: Seat) -> bool:
    return bool(seat.member) and seat.member == other.member


def who_of(seat: Seat) -> Member:
    """Whose seat it is."""
    found = seat.office or seat.unit or seat.person
    assert found is not None
    return found
