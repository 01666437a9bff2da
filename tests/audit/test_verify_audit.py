"""The command: what it prints, where it starts, and that it goes on where it was stopped."""

import io
import json

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from accounts.acting import acting_as
from audit import triggers
from audit.anchoring import anchor_new
from audit.checkpoints import make_checkpoint
from audit.hashing import head_leaf, merkle_root
from audit.kinds import Kind
from audit.ledger import record
from audit.models import Entry, JournalRow, Receipt
from audit.verifying.faults import Found
from audit.verifying.run import note, verify
from audit.verifying.trees import HeadTree
from tests.accounts.factories import system_account
from tests.audit.entering import checkpoint_over_a_change_under_way
from tests.legal_basis.stamps import outside_authority

pytestmark = [pytest.mark.integration, pytest.mark.usefixtures("checkpoint_key", "places")]


@pytest.fixture
def places(settings, tmp_path):
    settings.VAR_DIR = tmp_path
    settings.AUDIT_ANCHOR_DIR = tmp_path / "anchors"


def enter(count: int, chain: str = "PYG-1") -> None:
    with transaction.atomic(), acting_as(system_account()):
        for number in range(count):
            record(Kind.STAGE, {"n": number}, chain=chain)


def spoil(place: int, chain: str = "PYG-1") -> None:
    triggers.remove(connection)
    Entry.objects.filter(chain=chain, sequence=place).update(capacity="palsu")
    triggers.install(connection)


def told(*arguments: str) -> tuple[int, str]:
    out = io.StringIO()
    try:
        call_command("verify_audit", *arguments, stdout=out)
    except SystemExit as end:
        return int(end.code or 0), out.getvalue()
    return 0, out.getvalue()


def test_sound_audit_is_told_in_one_object():
    enter(3)
    make_checkpoint()

    status, printed = told("--json")

    report = json.loads(printed)
    assert (status, report["ok"], report["faults"]) == (0, True, [])
    assert report["checkpoint"] == 1
    assert report["counts"]["entries"] == Entry.objects.count()


def test_fault_is_named_with_what_was_expected_and_found():
    enter(3)
    spoil(2)

    status, printed = told("--json")

    (fault,) = json.loads(printed)["faults"]
    entry = Entry.objects.get(chain="PYG-1", sequence=2)
    assert status == 1
    assert (fault["kind"], fault["table"], fault["row"]) == (
        "entry_edited",
        "audit_entry",
        "PYG-1 2",
    )
    assert fault["expected"] == entry.hash != fault["found"]


def test_fault_is_told_to_a_person():
    enter(3)
    spoil(2)

    status, printed = told()

    assert status == 1
    assert "entry_edited: audit_entry PYG-1 2: " in printed


def test_since_a_checkpoint_reads_what_came_after_it():
    enter(3)
    make_checkpoint()
    spoil(2)
    enter(2)

    since = told("--json", "--since", "1")
    whole = told("--json")

    assert (since[0], json.loads(since[1])["counts"]["entries"]) == (0, 2)
    assert whole[0] == 1


def test_since_names_a_checkpoint_that_is_not_there():
    with pytest.raises(CommandError, match="--since"):
        call_command("verify_audit", "--since", "7")
    with pytest.raises(CommandError, match="--since"):
        call_command("verify_audit", "--since", "kemarin")


def test_stopped_verification_goes_on_where_it_was():
    enter(3)
    spoil(2)

    def stop(name, count, of):
        if name == "changes":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        verify(kept=note(), tell=stop)
    spoil(3)

    report = verify(kept=note(), resume=True)

    # The chains had been read before; what was found in them is kept.
    assert [fault.row for fault in report.faults] == ["PYG-1 2"]
    assert report.counts["entries"] == Entry.objects.count()
    assert note().read() == {}


def test_progress_is_told_up_to_the_whole():
    enter(3)
    make_checkpoint()
    far = {}

    verify(tell=lambda name, count, of: far.update({name: (count, of)}))

    entries = Entry.objects.count()
    assert far["entries"] == (entries, entries)
    assert all(far[name][0] == far[name][1] > 0 for name in ("changes", "checkpoints", "tables"))


def test_stamps_from_outside_are_verified(settings, tmp_path):
    settings.AUDIT_ANCHORS = ["timestamp"]
    enter(1)
    with outside_authority(settings, tmp_path):
        anchor_new()
    clean = verify()
    triggers.remove(connection)
    Receipt.objects.filter(anchor="timestamp").update(answer="bm8=")
    triggers.install(connection)

    assert (clean.faults, clean.counts["stamps"]) == ([], 1)
    assert Found.RECEIPT in {fault.kind for fault in verify().faults}


@pytest.mark.django_db(transaction=True)
def test_since_reads_what_was_under_way_at_its_checkpoint():
    if connection.vendor == "sqlite":
        pytest.skip("SQLite has one writer at a time")
    between = checkpoint_over_a_change_under_way()
    make_checkpoint()
    late = JournalRow.objects.filter(relation="accounts_user", row_key=str(system_account().pk))
    late = late.latest("pk")

    assert late.pk <= between.journal_until
    assert verify(between).faults == []
    triggers.remove(connection)
    JournalRow.objects.filter(pk=late.pk).update(actor=0)
    triggers.install(connection)
    assert [fault.kind for fault in verify(between).faults] == [Found.JOURNAL_REWRITTEN]


def test_every_kind_of_fault_has_its_words():
    assert all(str(kind.label) for kind in Found)
    assert len(set(Found.values)) == len(Found)


def test_tree_that_grows_has_the_root_of_the_whole():
    tree, heads = HeadTree(), {}
    for step in range(1, 40):
        new = {f"C-{(step * 7) % 23}": (step, "a" * 64), f"B-{step}": (1, "b" * 64)}
        heads |= new
        tree.put(new)
        leaves = [head_leaf(chain, *heads[chain]) for chain in sorted(heads)]
        assert tree.root == merkle_root(leaves)
