"""Where a person's name, number and address stand in texts: found in SQL, then read closely."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import CharField, JSONField, Model, Q, SlugField, TextField
from django.db.models.functions import Cast

from accounts.models import User

REMOVED = "[dihapus]"
# Between the words of a name, also in file names, addresses and JSON.
GAP = r"(?:[\s_+.,\-]|%20|\\+[nrt])+"
SHORTEST_NUMBER = 8


@dataclass(frozen=True)
class Traces:
    """What tells of one person, as it was before it is erased."""

    person: User
    # Another person of the same name keeps it: free text does not say who is meant.
    has_namesake: bool

    @classmethod
    def of(cls, person: User) -> "Traces":
        """The traces of a person, with the names that the versions of the account have had."""
        others = User.objects.exclude(pk=person.pk)
        return cls(person, others.filter(name_plain__iexact=person.name_plain).exists())

    @cached_property
    def values(self) -> list[str]:
        """Each name, number and address that this account ever had."""
        named = ("name_plain", "nip", "email")
        rows = [*person_versions(self.person).values_list(*named)]
        rows.append(tuple(getattr(self.person, name) for name in named))
        found = {value for name, nip, email in rows for value in self._told(name, nip, email)}
        return sorted(found - {REMOVED}, key=lambda value: (-len(value), value))

    def _told(self, name: str, nip: str, email: str) -> Iterator[str]:
        # One word alone is anybody's name, and a word of the language besides.
        if len(name.split()) > 1 and not self.has_namesake:
            yield name
        if len(nip) >= SHORTEST_NUMBER:
            yield nip
        if email:
            yield email

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """What is taken out of a text."""
        account = rf"(?:\s*\({re.escape(self.person.username)}\))?"
        parts = "|".join(map(_spelled, self.values))
        return re.compile(rf"(?<!\w)(?:{parts})(?!\w){account}", re.IGNORECASE)

    def rows(self, model: type[Model], names: list[str]) -> Iterator[Any]:
        """The rows of a model that name the person in one of these columns."""
        if not self.values:
            return
        told = model._base_manager.annotate(
            **{f"text_{name}": Cast(name, TextField()) for name in names}
        )
        clues = {_clue(value) for value in self.values}
        wanted = Q()
        for name in names:
            for clue in clues:
                wanted |= Q(**{f"text_{name}__icontains": clue})
        for row in told.filter(wanted).order_by("pk").iterator(chunk_size=500):
            if any(self.pattern.search(getattr(row, f"text_{name}") or "") for name in names):
                yield row

    def cleaned(self, value: Any) -> Any:
        """A value without what tells of the person; nested values as well."""
        if isinstance(value, str):
            return self.pattern.sub(REMOVED, value)
        if isinstance(value, list):
            return [self.cleaned(one) for one in value]
        if isinstance(value, dict):
            return {self.cleaned(name): self.cleaned(one) for name, one in value.items()}
        return value


def person_versions(person: User) -> Any:
    """Every version of the account that history keeps."""
    return person.history.order_by("history_id")


def text_columns(model: type[Model]) -> list[str]:
    """The columns of a model in which somebody may have written a name."""
    return [
        field.name
        for field in model._meta.concrete_fields
        if isinstance(field, CharField | TextField | JSONField)
        and not isinstance(field, SlugField)
        and not field.choices
        and not field.primary_key
        and not field.name.startswith("history_")
    ]


def _spelled(value: str) -> str:
    words = ("".join(map(_letter, word)) for word in value.split())
    return GAP.join(words).replace("@", "(?:@|%40)")


def _letter(letter: str) -> str:
    """JSON in JSON writes letters beyond ASCII by their numbers."""
    return re.escape(letter) if letter.isascii() else rf"(?:{letter}|\\+u[0-9a-f]{{4}})"


def _clue(value: str) -> str:
    """The longest run of plain letters and digits: what every spelling of it shares."""
    return max(re.findall(r"[A-Za-z0-9]+", value) or [value], key=len)
