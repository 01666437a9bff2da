"""The content of a case by sections, and the hashes of what a signature covers."""

import hashlib
import json
from collections.abc import Container
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

import innovations.sections
import legal_basis.sections
import planning.sections
from innovations.models import Innovation
from innovations.sections import bare

Sections = dict[str, Any]


def sections_of(
    innovation: Innovation, only: Container[str] | None = None, *, case_code: str = ""
) -> Sections:
    """What the case says, in the order in which people read it; `only` names some sections.

    An innovation may have several instruments: the newest is told, or that of the case given.
    """
    instrument = only is None or "instrument" in only
    return (
        innovations.sections.sections_of(innovation, only)
        | planning.sections.sections_of(innovation, only)
        | (legal_basis.sections.sections_of(innovation, case_code) if instrument else {})
    )


def section_titles() -> dict[str, str]:
    """The name of every section, in the reader's language."""
    return {
        "identity": _("Identity"),
        "design": _("Design"),
        "people": _("People"),
        "evidence": _("Evidence"),
        "checklist": _("Completeness check"),
        "assessment": _("Panel assessment"),
        "trial": _("Trial"),
        "alignment": _("Alignment"),
        "commitment": _("Commitment"),
        "monitoring": _("Monitoring"),
        "instrument": _("Instrument"),
    }


def section_hashes(sections: Sections) -> dict[str, str]:
    """A hash for each section, the same in every language and order of keys."""
    return {key: _hash({key: section}) for key, section in sections.items()}


def source_texts(sections: Sections) -> dict[str, Any]:
    """The bare values of each section, as they are hashed and kept."""
    # A word that still waits for its language is kept as it stands in the source.
    with translation.override(None):
        found = {key: bare(section) for key, section in sections.items()}
        return json.loads(_canonical(found))


def text_hash(key: str, text: Any) -> str:
    """The hash of a section as it was kept: equal to the one that was signed, or it was altered."""
    return _hash_of(_canonical({key: text}))


def _hash(sections: Sections) -> str:
    with translation.override(None):
        return _hash_of(_canonical({key: bare(section) for key, section in sections.items()}))


def _hash_of(canonical: str) -> str:
    return hashlib.sha256(f"payung-content-1:{canonical}".encode()).hexdigest()


def _canonical(values: dict[str, Any]) -> str:
    return json.dumps(values, sort_keys=True, separators=(",", ":"), default=str)
