"""The content of a case by sections, and the hash of what a signature covers."""

import hashlib
import json
from collections.abc import Container, Iterable
from typing import Any

from django.utils import translation

import innovations.sections
import legal_basis.sections
import planning.sections
from innovations.models import Innovation
from innovations.sections import bare

Sections = dict[str, Any]


def sections_of(innovation: Innovation, only: Container[str] | None = None) -> Sections:
    """What the case says, in the order in which people read it; `only` names some sections."""
    instrument = only is None or "instrument" in only
    return (
        innovations.sections.sections_of(innovation, only)
        | planning.sections.sections_of(innovation, only)
        | (legal_basis.sections.sections_of(innovation) if instrument else {})
    )


def section_hashes(sections: Sections) -> dict[str, str]:
    """A hash for each section, the same in every language and order of keys."""
    return {key: _hash({key: section}) for key, section in sections.items()}


def covered_hash(sections: Sections, covers: Iterable[str]) -> str:
    """One hash over the sections that a stage's signature binds."""
    return _hash({key: sections[key] for key in covers if key in sections})


def _hash(sections: Sections) -> str:
    # A word that still waits for its language is hashed as it stands in the source.
    with translation.override(None):
        values = {key: bare(section) for key, section in sections.items()}
    canonical = json.dumps(values, sort_keys=True, separators=(",", ":"), default=str)
    return hashlib.sha256(f"payung-content-1:{canonical}".encode()).hexdigest()
