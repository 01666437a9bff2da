"""The initials (paraf) that a draft carries on a sheet of its own before it is signed."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Initial:
    """One office, and what stands in its field: empty until the initial is given."""

    office: str
    given: str


@dataclass(frozen=True)
class Initials:
    """Across the related units first (koordinasi), then up to the signatory (hierarki)."""

    coordination: tuple[Initial, ...]
    hierarchy: tuple[Initial, ...]
