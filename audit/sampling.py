"""Random samples that anybody can draw again.

The population is every case of which an entry, not younger than the draw, fits the question, in
the order of code points. Each code gets the SHA-256 of `seed`, a line feed and the code, in
hexadecimal; the codes with the smallest are the sample, in the order of those hashes. The hash of
the population is the SHA-256 of its codes, joined by line feeds.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.acting import verb
from accounts.models import User
from accounts.texts import clean_text

from .auditors import check_audits
from .hashing import sha256
from .models import Sample
from .models.entries import micros_of
from .search import codes_matching, filters_of, query_of
from .search_form import SearchForm

LARGEST = 1_000
LONGEST_QUERY = 500


@dataclass(frozen=True)
class Again:
    """What the same draw gives now."""

    population: int
    population_hash: str
    codes: list[str]


@verb
def draw_sample(actor: User, size: int, *, seed: str = "", query: str = "") -> Sample:
    """Draw so many cases among those that a question fits; without a seed, one is made.

    Raises NotAllowed for whoever is no auditor, ValidationError for a size that nothing fills.
    """
    check_audits(actor)
    chosen = clean_text(seed, max_length=64, lines=False, field=_("Seed")) or secrets.token_hex(16)
    at = timezone.now()
    form = question(query)
    kept = query_of(filters_of(QueryDict(query)))
    if not form.is_valid() or len(kept) > LONGEST_QUERY:
        raise ValidationError(_("This question cannot be asked. Mend it on the search page first."))
    codes = codes_matching(form, micros_of(at))
    if not codes:
        raise ValidationError({"size": _("No case fits the question. Ask a wider one.")})
    if not 0 < size <= min(len(codes), LARGEST):
        sentence = _("Size: choose between 1 and %(most)s; so many cases fit the question.")
        raise ValidationError({"size": sentence % {"most": min(len(codes), LARGEST)}})
    return Sample.objects.create(
        seed=chosen,
        size=size,
        query=kept,
        population=len(codes),
        population_hash=hash_of(codes),
        codes=drawn(codes, chosen, size),
        drawn_by=actor,
        drawn_at=at,
    )


def question(query: str) -> SearchForm:
    """The form of a question that was kept as the query of an address."""
    return SearchForm(filters_of(QueryDict(query)))


def drawn(codes: Sequence[str], seed: str, size: int) -> list[str]:
    """The sample of a population by a seed."""
    return sorted(codes, key=lambda code: (sha256(f"{seed}\n{code}"), code))[:size]


def hash_of(codes: Sequence[str]) -> str:
    """The hash of a population in its order."""
    return sha256("\n".join(codes))


def draw_again(sample: Sample) -> Again:
    """Repeat a draw: the population of that moment, and the codes by the recorded seed."""
    form = question(sample.query)
    codes = codes_matching(form, micros_of(sample.drawn_at)) if form.is_valid() else []
    return Again(len(codes), hash_of(codes), drawn(codes, sample.seed, sample.size))
