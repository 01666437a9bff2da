"""What a pack says of one innovation: every version of its rows, sign-offs, chains and files."""

import mimetypes
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePath
from typing import Any

from django.db.models import ForeignKey, QuerySet
from django.utils import timezone
from django.utils.text import get_valid_filename

from accounts.models import StoredFile, User
from approvals.models import SignOff
from innovations.models import Innovation
from legal_basis.models import Instrument
from workflow.models import Case

from .history import Act, timeline
from .models import Entry
from .registry import GOVERNED, Governed, versions_of

FORMAT = "payung-case-1"
# The fields that name a file beside the field that holds it.
NAMES = ("{field}_name", "name")
MOST_OF_A_NAME = 60


@dataclass(frozen=True)
class PackedFile:
    """A file of the case, with every name under which its rows have held it."""

    stored: StoredFile
    name: str
    held_by: str

    @property
    def path(self) -> str:
        """Where it lies in the folder of its case."""
        named = PurePath(get_valid_filename(PurePath(self.name).name.lstrip(".") or "x"))
        suffix = named.suffix or mimetypes.guess_extension(self.stored.media_type) or ""
        return f"files/{self.stored.sha256[:16]}-{named.stem[:MOST_OF_A_NAME]}{suffix[:10]}"


@dataclass(frozen=True)
class PackedCase:
    """One innovation with the cases that carried it."""

    innovation: Innovation

    @property
    def code(self) -> str:
        """The name of its folder."""
        return self.innovation.code

    @cached_property
    def cases(self) -> list[Case]:
        """Every case of the innovation, the first journey first."""
        return list(self.innovation.cases.order_by("pk"))

    @cached_property
    def chains(self) -> list[str]:
        """The chains of the ledger that tell of it."""
        named = {self.code, *(case.code for case in self.cases)}
        named |= {instrument.subject_code for instrument in self.instruments}
        there = Entry.objects.filter(chain__in=named).order_by().values_list("chain", flat=True)
        return sorted(set(there))

    @property
    def entries(self) -> QuerySet[Entry]:
        """The entries of these chains, the oldest first."""
        found = Entry.objects.filter(chain__in=self.chains).select_related("actor")
        return found.order_by("micros", "chain", "sequence")

    @cached_property
    def instruments(self) -> list[Instrument]:
        """The instruments that were drafted on it."""
        found = self.innovation.instruments.select_related("document", "signatory")
        return list(found.order_by("pk"))

    @cached_property
    def sign_offs(self) -> list[SignOff]:
        """Everything that was answered on its seats, in order."""
        found = SignOff.objects.filter(seat__process__in=[case.pk for case in self.cases])
        related = ("person", "seat__office", "seat__unit", "seat__person", "lapse")
        return list(found.select_related(*related).order_by("decided_at", "pk"))

    @cached_property
    def files(self) -> list[PackedFile]:
        """Every file that any version of its rows has held, each once."""
        named: dict[int, tuple[str, str]] = {}
        for governed in GOVERNED:
            for pk, name in self._held(governed):
                named.setdefault(pk, (name, governed.label))
        stored = StoredFile.objects.in_bulk(list(named))
        return [PackedFile(stored[pk], *named[pk]) for pk in sorted(named) if pk in stored]

    def acts(self, most: int) -> tuple[list[Act], bool]:
        """Its time line, the newest first, up to so many changes; and whether that is all."""
        acts: list[Act] = []
        after, told = None, 0
        while told < most:
            page, after = timeline(self.innovation.pk, after)
            acts += page
            told += sum(len(act.changes) for act in page)
            if after is None:
                return acts, True
        return acts, False

    def as_data(self) -> dict[str, Any]:
        """All of it for programs."""
        return {
            "format": FORMAT,
            "code": self.code,
            "name": self.innovation.name,
            "packed_at": timezone.now(),
            "cases": [
                {"code": case.code, "stage": case.stage, "since": case.stage_since}
                for case in self.cases
            ],
            "chains": self.chains,
            "rows": {governed.label: list(self._versions(governed)) for governed in GOVERNED},
            "sign_offs": [_sign_off(sign_off) for sign_off in self.sign_offs],
            "files": [
                {
                    "path": file.path,
                    "name": file.name,
                    "held_by": file.held_by,
                    "sha256": file.stored.sha256,
                    "size": file.stored.size,
                    "media_type": file.stored.media_type,
                }
                for file in self.files
            ],
            "people": dict(self._people()),
        }

    def _held(self, governed: Governed) -> Iterator[tuple[int, str]]:
        fields = [
            field
            for field in governed.model._meta.concrete_fields
            if isinstance(field, ForeignKey) and field.related_model is StoredFile
        ]
        if not fields:
            return
        for version in versions_of(governed, self.innovation.pk).order_by("history_id"):
            for field in fields:
                if pk := getattr(version, field.attname):
                    yield pk, _name_of(version, field.name)

    def _versions(self, governed: Governed) -> Iterator[dict[str, Any]]:
        for version in versions_of(governed, self.innovation.pk).order_by("history_id"):
            yield {
                "row": getattr(version, governed.row_key),
                "version": version.history_id,
                "change": version.history_type,
                "at": version.history_date,
                "by": version.history_user_id,
                "values": {
                    field.attname: _value(field, version)
                    for field in version._meta.concrete_fields
                    if not field.name.startswith("history_")
                },
            }

    def _people(self) -> Iterator[tuple[str, str]]:
        """Who acted on it, by the numbers that the ledger names them by."""
        wanted = set(self.entries.order_by().values_list("actor_id", flat=True))
        wanted |= {sign_off.person_id for sign_off in self.sign_offs}
        for person in User.objects.filter(pk__in=wanted).order_by("pk"):
            yield str(person.pk), person.get_full_name()


def _value(field: Any, version: Any) -> Any:
    value = getattr(version, field.attname)
    # A flow is stored by its name.
    return field.value_to_string(version) if isinstance(value, type) else value


def _name_of(version: Any, field: str) -> str:
    names = (getattr(version, name.format(field=field), "") for name in NAMES)
    return next((str(name) for name in names if name), field)


def _sign_off(sign_off: SignOff) -> dict[str, Any]:
    lapse = getattr(sign_off, "lapse", None)
    return {
        "stage": sign_off.seat.stage,
        "person": sign_off.person_id,
        "capacity": sign_off.capacity,
        "basis": sign_off.basis,
        "outcome": sign_off.outcome,
        "note": sign_off.note,
        "decided_at": sign_off.decided_at,
        "content_hash": sign_off.content_hash,
        "section_hashes": sign_off.section_hashes,
        "lapsed": {"cause": lapse.cause, "at": lapse.at} if lapse else None,
    }
