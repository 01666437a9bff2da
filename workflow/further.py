"""Further instruments: an institutionalised innovation's umbrella is amended, revoked or joined."""

import datetime
from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.acting import verb
from accounts.models import User
from accounts.texts import clean_text
from approvals.policy_versions import current_versions
from approvals.refusals import NotAllowed, NotFound, Refused
from innovations.models import Innovation
from legal_basis.follow_ups import PARTS_LENGTH, Wish, draft_further
from legal_basis.legal_section import sits_in_legal_section
from legal_basis.models import Instrument
from legal_basis.relations import UNDER_WAY

from .access import grant_initiators
from .announcements import announce, initiators_of
from .draft_facts import draft_facts
from .flows.institutionalisation import Institutionalisation
from .locking import lock_case
from .models import Case, is_further

REASON_LENGTH = 400


@verb
def start_further(
    actor: User,
    code: str,
    *,
    kind: str,
    purpose: str,
    targets: Sequence[Instrument] = (),
    parts: str = "",
    reason: str,
    until: datetime.date | None = None,
    innovations: Sequence[Innovation] = (),
) -> Case:
    """Begin an amendment, a revocation, a correction or a further stipulation as a case of its own.

    Raises NotFound, Busy, NotAllowed for everybody but the legal section, Refused where the
    innovation is not institutionalised or another instrument of it is under way, ValidationError
    with a sentence for each thing that stands against it.
    """
    case = lock_case(_main_code(code))
    check_may_begin(actor, case.innovation)
    wish = Wish(
        kind=kind,
        purpose=purpose,
        reason=_said(reason),
        targets=targets,
        parts=clean_text(parts, max_length=PARTS_LENGTH, field=_("Parts"), lines=False),
        until=until,
        innovations=innovations,
    )
    innovation, new_code = case.innovation, _next_code(case)
    instrument = draft_further(
        actor, innovation, new_code, draft_facts(innovation, innovations), wish
    )
    further: Case = Institutionalisation.further.run(
        case={
            "innovation": innovation,
            "code": new_code,
            "policy_versions": current_versions(),
            "reason": wish.reason,
        }
    )
    grant_initiators(actor, further)
    _tell(further, instrument)
    return further


def check_may_begin(actor: User, innovation: Innovation) -> None:
    """Raise NotAllowed or Refused, as `start_further` does."""
    if not sits_in_legal_section(actor):
        raise NotAllowed(_("Only the legal section begins a further instrument."))
    if innovation.status != Innovation.Status.INSTITUTIONALISED:
        raise Refused(_("Only an innovation that is institutionalised gets a further instrument."))
    if (running := under_way(innovation)) is not None:
        raise Refused(
            _("The instrument of case %(code)s is under way. Let it come to its end first.")
            % {"code": running}
        )


def may_begin(actor: User, innovation: Innovation) -> bool:
    """Whether this person may begin a further instrument of the innovation now."""
    if innovation.status != Innovation.Status.INSTITUTIONALISED:
        return False
    try:
        check_may_begin(actor, innovation)
    except Refused:
        return False
    return True


def under_way(innovation: Innovation) -> str | None:
    """The code of the case whose instrument is not settled yet, if there is one."""
    running = Case.objects.filter(innovation=innovation, finished__isnull=True)
    codes = running.order_by("pk").values_list("code", flat=True)
    if found := next((code for code in codes if is_further(code)), None):
        return found
    drafts = Instrument.objects.filter(innovation=innovation, status__in=UNDER_WAY)
    return drafts.values_list("subject_code", flat=True).first()


def _main_code(code: str) -> str:
    found = Innovation.objects.filter(cases__code=code).values_list("code", flat=True).first()
    if found is None:
        raise NotFound(_("There is no such case, or you may not see it."))
    return found


def _said(reason: str) -> str:
    said = clean_text(reason, max_length=REASON_LENGTH, field=_("Reason"), lines=False)
    if not said:
        raise ValidationError({"reason": _("Reason: say in a sentence why it is needed.")})
    return said


def _next_code(case: Case) -> str:
    before = Case.objects.filter(code__startswith=f"{case.code}-H").count()
    return f"{case.code}-H{before + 1}"


def _tell(further: Case, instrument: Instrument) -> None:
    announce(
        further,
        "further_begun",
        initiators_of(further),
        occurrence=f"further:{further.pk}",
        instrument=instrument.title,
        reason=further.reason.rstrip("."),
    )
