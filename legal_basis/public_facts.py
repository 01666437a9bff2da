"""What the public may know of an issued instrument: one set of facts for the page and for JSON.

Nothing of a person beyond what the document itself says: no NIP, titles, addresses or accounts.
"""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from .citations import (
    form_of,
    full_name,
    gazette_citation,
    heading_of,
    official_name,
    pages_of,
    public_address,
)
from .evidence import Evidence, evidence_of
from .models import Instrument, Publication, RegisterEntry
from .public_state import Act, Standing, effects_of, standing_of
from .signers import Signer, signers_of
from .validation import Indication, Verdict, stored_verdict

Data = dict[str, Any]


@dataclass(frozen=True)
class PublicFacts:
    """One issued instrument with everything that is public about it, as it stands today."""

    instrument: Instrument
    heading: str
    standing: Standing
    effects: list[Act]
    verdict: Verdict
    signers: list[Signer]
    entry: RegisterEntry | None
    gazette: RegisterEntry | None
    citation: str
    publication: Publication | None
    innovations: list[str]
    evidence: Evidence | None

    @property
    def passed(self) -> bool:
        """Whether the stored document can be relied on."""
        return self.verdict.verdict == Indication.PASSED


def facts_of(instrument: Instrument) -> PublicFacts:
    """Gather the facts; the stored document is read and validated."""
    entries = instrument.entries.exclude(status=RegisterEntry.Status.CANCELLED)
    by_register = {entry.kind: entry for entry in entries.select_related("series")}
    gazette = by_register.get("gazette")
    verdict = stored_verdict(instrument)
    return PublicFacts(
        instrument=instrument,
        heading=heading_of(instrument),
        standing=standing_of(instrument),
        effects=effects_of(instrument),
        verdict=verdict,
        signers=signers_of(instrument, trusted=verdict.verdict == Indication.PASSED),
        entry=by_register.get(instrument.kind),
        gazette=gazette,
        citation=gazette_citation(instrument, gazette),
        publication=Publication.objects.filter(instrument=instrument).first(),
        innovations=_innovations(instrument),
        evidence=evidence_of(instrument),
    )


def _innovations(instrument: Instrument) -> list[str]:
    stipulated = instrument.stipulations.filter(withdrawn=False).select_related("innovation")
    return [one.innovation.name for one in stipulated] or [instrument.innovation.name]


def as_data(facts: PublicFacts) -> Data:
    """The same as plain values; the keys are described in docs/public-addresses.md."""
    return {
        **_identity(facts.instrument),
        **_force(facts),
        "verdict": str(facts.verdict.verdict),
        "reason": facts.verdict.reason,
        "signatures": [_signature(one) for one in facts.signers],
        "register": _entry(facts.entry),
        "gazette": _entry(facts.gazette) | {"citation": facts.citation} if facts.gazette else None,
        "publication": _publication(facts.publication),
        "innovations": facts.innovations,
        "document": _document(facts.instrument),
        "ledger": _ledger(facts.evidence),
    }


def _identity(instrument: Instrument) -> Data:
    return {
        "name": full_name(instrument),
        "cited_as": official_name(instrument),
        "kind": instrument.kind,
        "form": form_of(instrument),
        "purpose": instrument.purpose,
        "number": instrument.number,
        "title": instrument.title,
        "place": instrument.place,
        "dated": _day(instrument.dated),
        "url": _page(instrument.token),
    }


def _force(facts: PublicFacts) -> Data:
    standing = facts.standing
    return {
        "state": str(standing.state),
        "in_force": standing.in_force,
        "in_force_from": _day(standing.since),
        "in_force_until": _day(standing.until),
        "state_reason": standing.sentence,
        "acted_on_by": [_act(one) for one in (*standing.acts, *standing.coming)],
        "acts_on": [_act(one) for one in facts.effects],
    }


def _act(act: Act) -> Data:
    return {
        "kind": str(act.kind),
        "parts": act.parts,
        "number": act.number,
        "title": act.title,
        "from": _day(act.day),
        "url": _page(act.token),
    }


def _signature(signer: Signer) -> Data:
    facts = signer.facts
    return {
        "role": str(signer.role),
        "name": signer.name,
        "capacity": signer.capacity,
        "basis": signer.basis,
        "signed_at": _day(signer.signed_at),
        "time_stamped": facts.stamped if facts else None,
        "state": str(signer.state),
        "state_reason": signer.state_label,
        "certificate": {
            "issued_by": facts.authority,
            "valid_from": _day(facts.valid_from),
            "valid_until": _day(facts.valid_until),
        }
        if facts
        else None,
    }


def _entry(entry: RegisterEntry | None) -> Data:
    if entry is None:
        return {}
    return {
        "year": entry.series.year,
        "sequence": f"{entry.sequence}{entry.suffix}",
        "number": entry.number,
        "dated": _day(entry.dated),
    }


def _publication(publication: Publication | None) -> Data | None:
    if publication is None:
        return None
    return {
        "published_on": _day(publication.published_on),
        "jdih_address": publication.jdih_address,
        "abstract": publication.abstract,
        "subjects": publication.subjects,
        "field_of_law": publication.field_of_law,
    }


def _document(instrument: Instrument) -> Data | None:
    stored = instrument.document
    if stored is None:
        return None
    return {
        "sha256": stored.sha256,
        "size": stored.size,
        "pages": pages_of(instrument),
        "url": public_address(reverse("verify_document", args=[instrument.token])),
    }


def _ledger(evidence: Evidence | None) -> Data | None:
    if evidence is None:
        return None
    printed = evidence.printed
    return {
        **evidence.position.as_data(),
        "printed": printed.as_data() | {"holds": evidence.printed_holds} if printed else None,
        "checkpoint": evidence.checkpoint,
        "signed_at": _day(evidence.signed_at),
        "kept_by": [{"anchor": one.name, "since": _day(one.at)} for one in evidence.witnesses],
    }


def _page(token: Any) -> str:
    return public_address(reverse("verify", args=[token]))


def _day(value: Any) -> str | None:
    return value.isoformat() if value else None
