"""What somebody signed, as it was kept under its hash, and what has changed in it since."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from accounts.models import User
from approvals.models import Outcome, Seat, SectionText, SignOff
from innovations.sections import Field

from .content import Sections, section_hashes, section_titles, text_hash
from .signed_words import raw_of, shown, text_of


@dataclass(frozen=True)
class Change:
    """One field that no longer says what was signed."""

    label: str
    old: str
    new: str


@dataclass(frozen=True)
class SignedSection:
    """One section of what was signed: as it was kept, and what differs now."""

    key: str
    title: str
    hash: str
    fields: list[Field]
    changes: list[Change]
    # The kept text is there and still has the hash that was signed.
    intact: bool

    @property
    def changed(self) -> bool:
        """Whether it says something else now."""
        return bool(self.changes)


def earlier_answer(person: User, seat: Seat) -> SignOff | None:
    """What was answered here before, or by this person at this stage of the case, the newest."""
    if seat.reconfirms_id is not None:
        return seat.reconfirms
    answers = SignOff.objects.filter(seat__process=seat.process_id, seat__stage=seat.stage)
    answers = answers.filter(Q(seat=seat) | Q(person=person)).exclude(outcome=Outcome.RECUSE)
    return answers.select_related("person", "seat", "lapse").order_by("decided_at", "pk").last()


def signed_sections(sign_off: SignOff, now: Sections) -> list[SignedSection]:
    """The sections that an answer bound, in reading order; `now` holds the present ones."""
    hashes: Mapping[str, str] = sign_off.section_hashes
    kept = SectionText.objects.in_bulk(list(hashes.values()))
    current = section_hashes({key: now[key] for key in hashes if key in now})
    order = list(section_titles())
    return [
        _signed(key, hashes[key], kept.get(hashes[key]), now.get(key), current.get(key))
        for key in sorted(hashes, key=lambda key: order.index(key) if key in order else len(order))
    ]


def _signed(
    key: str, signed: str, kept: SectionText | None, now: Any, current: str | None
) -> SignedSection:
    text = kept.content if kept else {}
    labelled = {field["key"]: field for field in now["fields"]} if now else {}
    changes = list(_changes(key, text, labelled)) if kept and current != signed else []
    return SignedSection(
        key=key,
        title=section_titles().get(key, key),
        hash=signed,
        fields=[
            shown(key, name, text[name], labelled.get(name))
            for name in dict.fromkeys([*labelled, *text])
            if name in text
        ],
        changes=changes,
        intact=kept is not None and text_hash(key, text) == signed,
    )


def _changes(
    section: str, text: Mapping[str, Any], labelled: Mapping[str, Field]
) -> Iterator[Change]:
    """Field by field; what was not there, or is gone, differs from nothing."""
    for name in dict.fromkeys([*labelled, *text]):
        now = labelled.get(name)
        old, new = text.get(name), raw_of(now) if now else None
        if old == new:
            continue
        yield Change(
            label=str(now["label"]) if now else name.replace("_", " "),
            old=text_of(section, name, old, now) if name in text else "",
            new=text_of(section, name, new, now) if now else "",
        )
