"""What pages say of the instruments of an innovation, and of one of them among the others."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from innovations.models import Innovation
from legal_basis.drafting import LIVING
from legal_basis.models import Instrument, LegalRelation
from legal_basis.relations import instruments_of, resting_on
from legal_basis.signing import Need, need_of
from legal_basis.standing import Standing, standings

from .issuing import may_retry
from .models import Case

Status = Instrument.Status


@dataclass(frozen=True)
class Link:
    """Another instrument as a page names it; no address where the reader may not open it."""

    number: str
    title: str
    kind: str
    what: str
    state: Standing
    url: str = ""
    parts: str = ""


def instruments_visible_to(user: User) -> QuerySet[Instrument]:
    """Those drafted for, or stipulating, an innovation of which the person may see a case."""
    seen = Case.objects.visible_to(user).values("innovation")
    stipulating = Q(stipulations__innovation__in=seen, stipulations__withdrawn=False)
    own = Q(innovation__in=seen)
    return Instrument.objects.filter(
        pk__in=Instrument.objects.filter(own | stipulating).order_by().values("pk")
    )


def panel_of(innovation: Innovation, user: User) -> dict[str, Any]:
    """All instruments of an innovation with their states: its newest living one, then the others.

    Drafts that are still being written for another innovation are not its own yet.
    """
    own = Q(innovation=innovation.pk) | Q(status=Status.ISSUED)
    found = list(instruments_of(innovation.pk).filter(own, status__in=LIVING))
    found.sort(key=lambda one: one.innovation_id != innovation.pk)
    if not found:
        last = Instrument.objects.filter(innovation=innovation).first()
        return {"instrument": _shown(last, None, user, innovation.code) if last else None}
    states = standings(found)
    shown = [_shown(one, states[one.pk], user, innovation.code) for one in found]
    return {"instrument": shown[0], "instruments": shown[1:]}


def _shown(
    instrument: Instrument, standing: Standing | None, user: User, code: str
) -> dict[str, Any]:
    issued = instrument.status == Status.ISSUED
    token = [instrument.token]
    return {
        "kind": instrument.get_kind_display(),
        "number": instrument.number,
        "title": instrument.title,
        "status": instrument.status,
        "status_label": standing.label if standing and issued else instrument.get_status_display(),
        "tone": standing.tone if standing and issued else "",
        "failure": instrument.failure,
        "can_retry": may_retry(user, instrument),
        "preview": reverse("instrument_preview", args=[code]),
        "signing": reverse("instrument_sign", args=[instrument.subject_code])
        if instrument.number and not issued
        else "",
        "signs_next": _signs_next(user, instrument),
        "verify": reverse("verify", args=token) if issued else "",
        "document": reverse("verify_document", args=token) if issued else "",
        "copies": reverse("copies", args=token) if issued else "",
        "url": reverse("instrument", args=token),
    }


def _signs_next(user: User, instrument: Instrument) -> bool:
    """Whether the print waits for this reader's passphrase."""
    if (
        instrument.status != Status.RENDERED
        or need_of(instrument.signing_way) is not Need.PASSPHRASE
    ):
        return False
    step = instrument.signatures.filter(signed__isnull=True).first()
    return step is not None and step.person_id == user.pk


def connections_of(instrument: Instrument, user: User) -> dict[str, list[Link]]:
    """What the instrument does to others, what others do to it, and which others rest on it."""
    done = list(instrument.acts_on.select_related("target"))
    acting = instrument.acted_on_by.filter(instrument__status__in=LIVING)
    suffered = list(acting.select_related("instrument"))
    resting = resting_on(instrument)
    others = [
        *(one.target for one in done),
        *(one.instrument for one in suffered),
        *resting,
    ]
    see = _Seen(user, others)
    return {
        "does": [see.link(one.target, _active(one), one.parts) for one in done],
        "suffers": [see.link(one.instrument, _passive(one), one.parts) for one in suffered],
        "carries": [see.link(one, _("rests on it")) for one in resting],
    }


class _Seen:
    """States of other instruments, and which of them the reader may open: two queries for all."""

    def __init__(self, user: User, others: list[Instrument]) -> None:
        self.states = standings(others)
        numbers = [one.pk for one in others]
        visible = instruments_visible_to(user).filter(pk__in=numbers)
        self.open = set(visible.values_list("pk", flat=True)) if numbers else set()

    def link(self, other: Instrument, what: str, parts: str = "") -> Link:
        """The other instrument, as a page names it."""
        return Link(
            number=other.number,
            title=other.title,
            kind=other.get_kind_display(),
            what=what,
            state=self.states[other.pk],
            url=reverse("instrument", args=[other.token]) if other.pk in self.open else "",
            parts=parts,
        )


def _active(relation: LegalRelation) -> str:
    return str(relation.get_kind_display())


def _passive(relation: LegalRelation) -> str:
    Kind = LegalRelation.Kind
    return {
        Kind.AMENDS: _("amends it"),
        Kind.REVOKES: _("revokes it"),
        Kind.CORRECTS: _("corrects a mistake in it"),
    }[Kind(relation.kind)]
