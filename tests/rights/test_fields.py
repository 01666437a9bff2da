"""What a form does not ask for cannot be sent along with it."""

import datetime
import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from approvals.models import SignOff
from innovations.models import Draft, DraftFile, Innovation
from innovations.proposal_form import EvidenceForm, ProposalForm
from legal_basis.drafting import current_instrument
from tests.regency import person
from workflow.flows.institutionalisation import Institutionalisation
from workflow.flows.monitoring import Monitoring
from workflow.models import Case
from workflow.nodes.stage import Stage, stage_nodes

from .kinds import KINDS

pytestmark = [pytest.mark.integration, pytest.mark.one_database]

STAGE_NODES = [*stage_nodes(Institutionalisation), *stage_nodes(Monitoring)]
LONG_AGO = datetime.datetime(2001, 1, 1, tzinfo=datetime.UTC)
SMUGGLED = "SELUNDUPAN"
# Each is a column of a governed table that only the house itself writes.
GOVERNED_FIELDS = {
    *("actor", "asked_by", "assessor", "basis", "capacity", "code", "content_hash", "decided_at"),
    *("dated", "finished", "history_user", "initiator", "innovation", "number"),
    *("owner", "person", "policy_versions", "process", "removed_at", "reserved", "revision"),
    *("seat", "sequence", "sha256", "signatory", "signatory_capacity", "signatory_name", "stage"),
    *("stage_since", "state", "status", "submitted_at", "token"),
}


def smuggled(person_pk: int) -> dict[str, Any]:
    """Values for columns that are nobody's to type."""
    numbers = {"initiator", "owner", "person", "actor", "assessor", "signatory", "history_user"}
    moments = {"submitted_at", "decided_at", "dated", "stage_since", "finished", "removed_at"}
    return {
        name: person_pk
        if name in numbers
        else LONG_AGO.isoformat()
        if name in moments
        else 9
        if name in ("revision", "sequence")
        else SMUGGLED
        for name in GOVERNED_FIELDS
    }


def fields_of(node: Stage) -> Iterator[str]:
    """The names of everything that a stage's form takes."""
    form_class = next(filter(None, (node.form_class(group) for group in range(3))), None)
    if form_class is None:
        return
    yield from form_class.base_fields
    for table in form_class.tables.values():
        yield from table.form.base_fields


@pytest.mark.parametrize("node", STAGE_NODES, ids=lambda node: node.name)
def test_no_stage_asks_for_a_governed_field(node):
    assert set(fields_of(node)) & GOVERNED_FIELDS == set()


@pytest.mark.parametrize("form_class", [ProposalForm, EvidenceForm])
def test_no_proposal_asks_for_a_governed_field(form_class):
    assert set(form_class.base_fields) & GOVERNED_FIELDS == set()


@pytest.fixture
def stranger(db: None, world: Any) -> Any:
    return person(KINDS["stranger"])


def typed(draft: Draft) -> dict[str, Any]:
    """What the editor posts: an unticked box is not sent."""
    return {
        name: "on" if value is True else value
        for name, value in draft.data.items()
        if value not in (None, False)
    }


def test_submitting_takes_the_proposal_and_nothing_else(world, stranger):
    client, draft = world.client(KINDS["initiator"]), world.draft

    response = client.post(
        reverse("proposal", args=[draft.pk]), smuggled(stranger.pk) | typed(draft)
    )

    assert response.status_code == 302, response.context["form"].errors
    innovation = Innovation.objects.get(drafts=draft)
    assert innovation.initiator.username == KINDS["initiator"]
    assert innovation.code == f"INV-{timezone.localdate().year}-{draft.pk:04d}"
    assert (innovation.status, innovation.revision) == (Innovation.Status.IN_PROGRESS, 1)
    assert timezone.now() - innovation.submitted_at < datetime.timedelta(hours=1)
    case = Case.objects.get(innovation=innovation)
    assert (case.code, case.stage, case.finished) == (innovation.code, "completeness", None)
    assert SMUGGLED not in json.dumps(case.policy_versions)
    assert not innovation.evidence.exclude(removed_at=None).exists()


def test_keeping_a_draft_keeps_the_proposal_and_nothing_else(world, stranger):
    client, draft = world.client(KINDS["initiator"]), world.draft
    posted = json.dumps(smuggled(stranger.pk) | {"problem": "Baru."})

    response = client.post(
        reverse("proposal_save", args=[draft.pk]), posted, content_type="application/json"
    )

    assert response.status_code == 200
    kept = Draft.objects.get(pk=draft.pk)
    assert kept.data == draft.data | {"problem": "Baru."}
    assert (kept.owner, kept.innovation, kept.submitted_at) == (draft.owner, None, None)


def test_describing_a_file_changes_its_description_and_nothing_else(world, stranger):
    client, file = world.client(KINDS["initiator"]), world.draft.files.first()
    about = {"describe": file.pk, "kind": file.kind, "title": "Judul baru"}
    more = {"draft": world.draft.pk + 1, "file": 1, "evidence": world.evidence.pk, "name": SMUGGLED}

    client.post(
        reverse("proposal_file", args=[world.draft.pk]), smuggled(stranger.pk) | more | about
    )

    changed = DraftFile.objects.get(pk=file.pk)
    assert changed.title == "Judul baru"
    same = ("draft_id", "file_id", "evidence_id", "name")
    assert [getattr(changed, name) for name in same] == [getattr(file, name) for name in same]


def test_files_of_another_draft_stay(world, stranger):
    own = Draft.objects.create(owner=stranger)
    file = world.draft.files.first()

    client = world.client(KINDS["stranger"])
    client.post(reverse("proposal_file", args=[own.pk]), {"remove": file.pk})

    assert DraftFile.objects.filter(pk=file.pk, draft=world.draft).exists()


@pytest.mark.usefixtures("db")
def test_deciding_records_the_decision_and_nothing_else(waiting, stranger):
    if waiting.stage == "revision":
        return
    waiting.declare()
    before = Innovation.objects.get(pk=waiting.case.innovation_id)
    posted = smuggled(stranger.pk) | waiting.answer

    response = waiting.world.client(waiting.holder).post(waiting.url, posted)

    assert response.status_code == 302
    signed = SignOff.objects.select_related("person", "seat").get(seat=waiting.seat)
    assert signed.person.username == waiting.holder
    assert [version.history_user for version in signed.history.all()] == [signed.person]
    assert timezone.now() - signed.decided_at < datetime.timedelta(hours=1)
    assert SMUGGLED not in signed.capacity + signed.basis + signed.content_hash
    assert (signed.seat.state, signed.seat.case_code) == ("signed", waiting.case.code)
    assert SMUGGLED not in Case.objects.get(pk=waiting.case.pk).stage
    after = Innovation.objects.get(pk=before.pk)
    same = ("code", "initiator_id", "revision", "submitted_at", "name")
    assert [getattr(after, name) for name in same] == [getattr(before, name) for name in same]
    assert after.status in (before.status, Innovation.Status.RETURNED, "institutionalised")
    if instrument := current_instrument(before):
        assert instrument.number != SMUGGLED
        assert instrument.signatory != stranger
        assert SMUGGLED not in instrument.signatory_name + instrument.signatory_capacity
