"""Further instruments: who may begin them, on what, and how they travel to their end."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.offices import today
from approvals.models import Seat
from approvals.refusals import NotAllowed, Refused
from innovations.models import Innovation
from legal_basis.drafting import current_instrument
from legal_basis.models import Instrument, LegalRelation
from legal_basis.standing import standing_of
from planning.models import ActionItem
from tests.regency import case_at, person
from workflow.further import may_begin, start_further
from workflow.models import Case
from workflow.reversals import withdraw
from workflow.walking import issue_now, sign_one, walk

pytestmark = [pytest.mark.integration, pytest.mark.usefixtures("regency", "db")]

REASON = "Penanggung jawab berganti."


def begin(case: Case, purpose: str = "amend", **changed) -> Case:
    wish = {
        "kind": "regent_decree",
        "purpose": purpose,
        "targets": [Instrument.objects.filter(innovation=case.innovation).earliest("pk")],
        "parts": "" if purpose in ("revoke", "stipulate") else "Diktum KEDUA",
        "reason": REASON,
    }
    with transaction.atomic():
        return start_further(person("hukum"), case.code, **(wish | changed))


def walked(further: Case) -> Case:
    """The further instrument issued and published."""
    with transaction.atomic():
        walk(further, {})
    issue_now(further)
    with transaction.atomic():
        walk(further, {})
    further.refresh_from_db()
    return further


def test_further_instrument_travels_from_drafting_to_its_end():
    case = case_at("done")
    first = current_instrument(case.innovation)
    innovation = Innovation.objects.get(pk=case.innovation_id)

    further = begin(case)

    assert (further.code, further.stage) == (f"{case.code}-H1", "drafting")
    draft = current_instrument(case.innovation)
    assert (draft.subject_code, draft.purpose) == (further.code, Instrument.Purpose.AMEND)
    further = walked(further)
    assert further.stage == "done"
    assert further.finished is not None
    amendment = Instrument.objects.get(subject_code=further.code)
    assert amendment.status == Instrument.Status.ISSUED
    assert amendment.number != first.number
    assert standing_of(first).amended_by[0].number == amendment.number
    # The innovation, its journey and its place in the action plan stay as they were.
    assert Innovation.objects.get(pk=innovation.pk).status == innovation.status
    assert ActionItem.objects.filter(innovation=innovation).count() == 1
    assert Case.objects.filter(code=f"{case.code}-M").count() == 1
