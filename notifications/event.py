"""What an event is: its words, its details, and where its link leads."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


class Kind(Enum):
    """What a detail of an event is: it decides how it is stored and how it is shown."""

    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    STAGE = "stage"


@dataclass(frozen=True)
class Event:
    """The words of an event: a subject, one sentence, and the page that its link opens.

    Every sentence may name its own `details`, and `title` and `code` of the case it is about.
    """

    subject: "_StrPromise"
    sentence: "_StrPromise"
    details: Mapping[str, Kind] = field(default_factory=dict)
    # The name of an address, and the details that fill it.
    link: tuple[str, ...] = ("case", "code")
    channels: tuple[str, ...] = ("in_app", "email")
    of_a_case: bool = True
