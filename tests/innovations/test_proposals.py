import datetime
from decimal import Decimal

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils import translation

from innovations.drafts import describe_file, remove_file, save_draft
from innovations.models import Draft, Evidence, Innovation
from innovations.proposals import (
    InvalidProposal,
    draft_from_record,
    form_of,
    open_revision_draft,
    resubmit_draft,
    submit_draft,
)
from innovations.signals import innovation_act
from tests.accounts.files import samples as files

from .factories import DESIGN, UserFactory, draft_of, drop, returned, submitted, typed

pytestmark = [pytest.mark.integration, pytest.mark.django_db]


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


@pytest.fixture
def owner():
    return UserFactory()


@pytest.fixture
def heard():
    acts = []

    def listen(sender, act, innovation, actor, details, **_):
        assert connection.in_atomic_block
        acts.append((act, innovation.code, actor, details))

    innovation_act.connect(listen)
    yield acts
    innovation_act.disconnect(listen)


def submit(owner, draft):
    with transaction.atomic():
        return submit_draft(owner, draft)


def resubmit(owner, draft):
    with transaction.atomic():
        return resubmit_draft(owner, draft)


def revise(owner, innovation):
    with transaction.atomic():
        return open_revision_draft(owner, innovation)


@time_machine.travel(datetime.datetime(2026, 12, 31, 17, 30, tzinfo=datetime.UTC), tick=False)
def test_submit_draft_becomes_an_innovation(owner, heard):
    friend = UserFactory()
    draft = draft_of(owner, co_initiators=[friend.pk])
    drop(owner, draft, title="Foto")
    innovation = submit(owner, draft)
    # 1 January 2027 in the regency, whatever UTC says.
    assert innovation.code == f"INV-2027-{draft.pk:04d}"
    assert innovation.initiator == owner
    assert innovation.budget_need == Decimal("150000000.00")
    assert innovation.design_description == DESIGN
    assert (innovation.status, innovation.revision) == ("in_progress", 1)
    assert [p.user for p in innovation.participants.all()] == [friend]
    assert [e.title for e in innovation.evidence.all()] == ["Foto"]
    assert heard == [("submitted", innovation.code, owner, {"revision": 1})]


def test_submit_draft_everything_carries_its_actor(owner):
    draft = draft_of(owner, co_initiators=[UserFactory().pk])
    drop(owner, draft)
    innovation = submit(owner, draft)
    rows = [innovation, innovation.participants.get(), innovation.evidence.get()]
    assert [row.history.get().history_user for row in rows] == [owner] * 3


def test_submit_draft_twice_is_the_same_innovation(owner, heard):
    draft = draft_of(owner)
    drop(owner, draft)
    assert submit(owner, draft) == submit(owner, draft)
    assert (Innovation.objects.count(), Evidence.objects.count(), len(heard)) == (1, 1, 1)


def test_submit_draft_of_another_person_does_not_exist(owner):
    with pytest.raises(Draft.DoesNotExist):
        submit(UserFactory(), draft_of(owner))
    assert Innovation.objects.count() == 0


def test_submit_draft_incomplete_tells_and_keeps_everything(owner, heard):
    draft = draft_of(owner, name="", budget_need="-1", initiator_type="civil_servant")
    with pytest.raises(InvalidProposal) as caught:
        submit(owner, draft)
    assert len(caught.value.messages) == 3
    assert set(caught.value.form.errors) == {"name", "budget_need", "__all__"}
    draft.refresh_from_db()
    assert (draft.data["budget_need"], draft.submitted_at) == ("-1", None)
    assert (Innovation.objects.count(), heard) == (0, [])


def test_submit_draft_listener_that_fails_undoes_all(owner):
    def refuse(**_):
        raise RuntimeError("the ledger is full")

    draft = draft_of(owner)
    innovation_act.connect(refuse)
    try:
        with pytest.raises(RuntimeError, match="ledger"):
            submit(owner, draft)
    finally:
        innovation_act.disconnect(refuse)
    draft.refresh_from_db()
    assert (Innovation.objects.count(), draft.innovation) == (0, None)


def test_open_revision_draft_holds_what_was_submitted(owner):
    friend = UserFactory()
    draft = draft_of(
        owner,
        co_initiators=[friend.pk],
        already_running=True,
        running_since="2024-02-01",
        budget_need="1.500.000,50",
    )
    drop(owner, draft, "running_evidence", document_number="7")
    innovation = returned(submit(owner, draft))
    again = revise(owner, innovation)
    assert again.is_revision
    assert again.data == draft.data
    assert [(f.kind, f.document_number) for f in again.files.all()] == [("running_evidence", "7")]
    assert form_of(again).is_valid()


def test_open_revision_draft_twice_is_the_same(owner):
    innovation = returned(submitted(owner))
    assert revise(owner, innovation) == revise(owner, innovation)


def test_open_revision_draft_only_for_the_initiator_of_a_returned_one(owner):
    innovation = submitted(owner)
    with pytest.raises(ValidationError, match="does not wait for a revision"):
        revise(owner, innovation)
    returned(innovation)
    with pytest.raises(ValidationError, match="Only the initiator"):
        revise(UserFactory(), innovation)


def test_resubmit_draft_is_the_next_revision(owner, heard):
    draft = revise(owner, returned(submitted(owner)))
    save_draft(owner, draft.pk, draft.data | {"problem": "Antrean panjang."})
    innovation = resubmit(owner, draft)
    innovation.refresh_from_db()
    assert (innovation.problem, innovation.revision) == ("Antrean panjang.", 2)
    assert (innovation.status, innovation.status_reason) == ("in_progress", "")
    assert heard[-1] == ("resubmitted", innovation.code, owner, {"revision": 2})
    newest, older = innovation.history.all()[:2]
    assert "problem" in newest.diff_against(older).changed_fields


def test_resubmit_draft_twice_counts_once(owner):
    draft = revise(owner, returned(submitted(owner)))
    assert resubmit(owner, draft) == resubmit(owner, draft)
    assert Innovation.objects.get().revision == 2


def test_resubmit_draft_that_was_never_submitted_is_refused(owner):
    with pytest.raises(ValidationError, match="never submitted"):
        resubmit(owner, draft_of(owner))


def test_submit_draft_refuses_a_revision(owner):
    draft = revise(owner, returned(submitted(owner)))
    with pytest.raises(ValidationError, match="Resubmit it"):
        submit(owner, draft)


def test_resubmit_draft_incomplete_changes_nothing(owner):
    draft = revise(owner, returned(submitted(owner)))
    save_draft(owner, draft.pk, draft.data | {"design_description": "Terlalu pendek."})
    with pytest.raises(InvalidProposal):
        resubmit(owner, draft)
    assert Innovation.objects.get().status == "returned"


def test_resubmit_draft_people_who_left_stay_on_the_record(owner):
    stays, leaves, comes = UserFactory(), UserFactory(), UserFactory()
    innovation = submitted(owner, co_initiators=[stays.pk, leaves.pk])
    draft = revise(owner, returned(innovation))
    save_draft(owner, draft.pk, draft.data | {"co_initiators": [stays.pk, comes.pk]})
    resubmit(owner, draft)
    left = dict(innovation.participants.values_list("user", "left_at"))
    assert [left[stays.pk], left[comes.pk]] == [None, None]
    assert left[leaves.pk] is not None
    assert innovation.is_of(leaves)
    draft = revise(owner, returned(innovation))
    save_draft(owner, draft.pk, draft.data | {"co_initiators": [leaves.pk]})
    resubmit(owner, draft)
    assert innovation.participants.get(user=leaves).left_at is None


def test_resubmit_draft_evidence_follows_the_draft(owner):
    draft = draft_of(owner)
    for title in ("tetap", "dihapus", "diubah"):
        drop(owner, draft, title=title)
    innovation = submit(owner, draft)
    draft = revise(owner, returned(innovation))
    _kept, removed, changed = draft.files.all()
    remove_file(owner, draft, removed.pk)
    describe_file(owner, draft, changed.pk, {"title": "diubah benar"})
    drop(owner, draft, title="baru")
    resubmit(owner, draft)
    found = innovation.evidence.order_by("pk")
    assert [(evidence.title, evidence.removed_at is None) for evidence in found] == [
        ("tetap", True),
        ("dihapus", False),
        ("diubah benar", True),
        ("baru", True),
    ]
    assert innovation.evidence.get(title="tetap").history.count() == 1


def record(**fields):
    return {k: v for k, v in typed(**fields).items() if k != "co_initiators"}


def test_draft_from_record_is_submitted_like_any_other(owner, tmp_path):
    friend = UserFactory()
    (tmp_path / "izin.pdf").write_bytes(files.pdf())
    with transaction.atomic():
        draft = draft_from_record(
            owner,
            record(initiator_type="civil_servant", budget_need=150_000_000)
            | {
                "co_initiators": [friend.username],
                "evidence": [
                    {
                        "kind": "permission_letter",
                        "title": "Izin",
                        "document_date": "2026-01-05",
                        "file": "izin.pdf",
                    },
                    {"file": files.picture(), "name": "foto.png"},
                ],
            },
            folder=tmp_path,
        )
        innovation = submit_draft(owner, draft)
    assert innovation.budget_need == Decimal("150000000")
    assert [e.name for e in innovation.evidence.order_by("pk")] == ["izin.pdf", "foto.png"]
    assert [p.user for p in innovation.participants.all()] == [friend]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"nama": "X"}, "nama: not known in a proposal."),
        ({"co_initiators": ["hantu"]}, "Co-initiators: nobody has the user name hantu."),
        ({"evidence": [{"kind": "support"}]}, "Evidence: name the file of each document"),
        ({"evidence": ["izin.pdf"]}, "Evidence: name the file of each document"),
        ({"evidence": [{"file": "tidak.pdf"}]}, "Evidence: there is no file tidak.pdf"),
        ({"evidence": [{"file": "../rahasia.pdf"}]}, "Evidence: there is no file ../rahasia.pdf"),
        ({"evidence": [{"file": "/etc/passwd"}]}, "Evidence: there is no file /etc/passwd"),
        (
            {"evidence": [{"file": b"x", "name": "x.exe"}]},
            "File: x.exe: This kind of file is not accepted.",
        ),
    ],
)
def test_draft_from_record_wrong_row_is_told(owner, tmp_path, change, sentence):
    folder = tmp_path / "berkas"
    folder.mkdir()
    (tmp_path / "rahasia.pdf").write_bytes(files.pdf())
    with transaction.atomic(), pytest.raises(ValidationError) as caught:
        draft_from_record(owner, record() | change, folder=folder)
    assert caught.value.messages[0].startswith(sentence)
