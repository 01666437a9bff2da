"""What a written row means: one table from recorded models to the kinds of the ledger."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from approvals.models import Outcome
from legal_basis.models import LegalRelation

from .hashing import canonical, sha256
from .kinds import Kind
from .ledger import SYSTEM, Deed
from .registry import GOVERNED

# Where a row names its chain itself; the others are led to one by their row above.
CODES = {
    "innovations.Innovation": "code",
    "workflow.Case": "code",
    "approvals.Seat": "case_code",
    "legal_basis.Instrument": "subject_code",
    "audit.Finding": "case_code",
    "audit.EvidenceRequest": "case_code",
}
ABOVE = {governed.label: governed.up for governed in GOVERNED} | {"audit.FollowUp": "finding"}
# Longer values stand in the ledger by their hash: the version keeps them.
LONG = 2_000
BY_CAPACITY = {Kind.SIGN_OFF, Kind.RETURN, Kind.SIGNATURE}
# Whose values are never put into the ledger: the row and its version are named, no more.
PERSONAL = {"accounts.User"}


@dataclass(frozen=True)
class Written:
    """A recorded row as it was written, with the version that was kept of it."""

    row: Any
    version: Any

    @property
    def label(self) -> str:
        """The model."""
        return str(self.row._meta.label)


def _of_outcome(written: Written) -> Kind:
    agreed = {Outcome.APPROVE, Outcome.ABSTAIN, Outcome.RECUSE}
    return Kind.SIGN_OFF if written.row.outcome in agreed else Kind.RETURN


def _of_relation(written: Written) -> Kind:
    return {
        LegalRelation.Kind.AMENDS: Kind.AMENDMENT,
        LegalRelation.Kind.REVOKES: Kind.REVOCATION,
        LegalRelation.Kind.CORRECTS: Kind.CORRECTION,
    }[LegalRelation.Kind(written.row.kind)]


def _of_signature(written: Written) -> Kind | None:
    return Kind.SIGNATURE if written.row.signed_id else None


def _when_made(kind: Kind) -> Callable[[Written], Kind | None]:
    return lambda written: kind if written.version.history_type == "+" else None


# A row of these is an act by itself.
ACTS: dict[str, Kind | Callable[[Written], Kind | None]] = {
    "accounts.Appointment": Kind.APPOINTMENT,
    "accounts.Delegation": Kind.DELEGATION,
    "accounts.User": Kind.ACCOUNT,
    "approvals.CalendarDecree": Kind.CALENDAR,
    "approvals.ClockPause": Kind.CLOCK,
    "approvals.Lapse": Kind.LAPSE,
    "approvals.Override": Kind.OVERRIDE,
    "approvals.SignOff": _of_outcome,
    "approvals.SignOffPolicy": Kind.POLICY,
    "audit.EvidencePack": _when_made(Kind.EXPORT),
    "audit.EvidenceRequest": Kind.REQUEST,
    "audit.Finding": Kind.FINDING,
    "audit.FollowUp": Kind.FINDING,
    "audit.Sample": Kind.SAMPLE,
    "innovations.ConflictDeclaration": Kind.DECLARATION,
    "legal_basis.CertifiedCopy": _when_made(Kind.COPY),
    "legal_basis.LegalRelation": _of_relation,
    "legal_basis.Publication": Kind.PUBLICATION,
    "legal_basis.RegisterEntry": Kind.NUMBER,
    "legal_basis.Signature": _of_signature,
    "planning.ActionItem": Kind.MONITORING,
    "planning.Commitment": Kind.COMMITMENT,
    "planning.MonitoringDecision": Kind.MONITORING,
    "planning.MonitoringEvaluation": Kind.MONITORING,
    "planning.MonitoringReport": Kind.MONITORING,
}
# What the other rows are where they are written alone; content of a case is edited.
ALONE = {"approvals.Seat": Kind.ASSIGNMENT, "workflow.Case": Kind.STAGE}


def entered(deeds: Iterable[Any]) -> list[Deed]:
    """The deeds of an act: its acts in their order, the other rows named in one of their chain."""
    acts: list[Deed] = []
    others: list[Written] = []
    for deed in deeds:
        made = deed if isinstance(deed, Deed) else _act(deed)
        if made is None:
            others.append(deed)
        else:
            acts.append(made)
    for chain, rows in _by_chain(acts, others).items():
        first = next((act for act in acts if act.chain == chain), None)
        if first:
            first.content["with"] = [_named(written) for written in rows]
        else:
            acts.append(_of_rows(chain, rows))
    return acts


def _by_chain(acts: list[Deed], others: list[Written]) -> dict[str, list[Written]]:
    """The rows by the chain to which they go; rows of the house go with the case they serve."""
    chains = {act.chain for act in acts}
    if others and len(chains) == 1 and SYSTEM not in chains:
        return {chains.pop(): others}
    found: dict[str, list[Written]] = {}
    for written in others:
        found.setdefault(chain_of(written.row), []).append(written)
    home = next((chain for chain in found if chain != SYSTEM), None)
    if home and SYSTEM in found and all(act.chain != SYSTEM for act in acts):
        found[home] += found.pop(SYSTEM)
    return found


def _act(written: Written) -> Deed | None:
    kind = ACTS.get(written.label)
    if callable(kind):
        kind = kind(written)
    if kind is None:
        return None
    content: dict[str, Any] = {"row": _named(written)}
    if written.label not in PERSONAL:
        content["values"] = dict(_values(written.version))
    return _deed(kind, chain_of(written.row), written, content)


def _of_rows(chain: str, rows: list[Written]) -> Deed:
    """Rows that were written without an act of their own."""
    told = next((one for one in rows if one.label in ALONE), rows[0])
    usual = Kind.REGISTRY if chain == SYSTEM else Kind.EDIT
    kind = ALONE.get(told.label, usual)
    return _deed(kind, chain, told, {"with": [_named(written) for written in rows]})


def _deed(kind: Kind, chain: str, written: Written, content: dict[str, Any]) -> Deed:
    capacity = getattr(written.row, "capacity", "") if kind in BY_CAPACITY else ""
    return Deed(kind, chain, written.version.history_user_id, content, capacity)


def _named(written: Written) -> list[Any]:
    """The model, the row, and the version of it that history keeps."""
    version = written.version
    return [written.label, written.row.pk, version.history_type, version.pk]


def chain_of(row: Any) -> str:
    """The code of the case that a row belongs to, or SYSTEM."""
    for above in _upwards(row):
        label = above._meta.label
        if label in CODES:
            return str(getattr(above, CODES[label]) or SYSTEM)
        if label == "viewflow.Process":
            # Another flow than ours may have seats as well.
            case = getattr(above, "case", None)
            return str(case.code) if case else SYSTEM
    return SYSTEM


def _upwards(row: Any) -> Iterator[Any]:
    while row is not None:
        yield row
        name = ABOVE.get(row._meta.label)
        row = getattr(row, name) if name else None


def _values(version: Any) -> Iterator[tuple[str, Any]]:
    for field in version._meta.concrete_fields:
        name = field.attname
        if not name.startswith("history_") and not field.primary_key:
            yield name, _short(getattr(version, name))


def _short(value: Any) -> Any:
    if not isinstance(value, str | dict | list):
        return value
    text = canonical(value)
    return value if len(text) <= LONG else {"sha256": sha256(text), "length": len(text)}
