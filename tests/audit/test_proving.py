"""What an entry proves, and what a page says of one that was rewritten."""

import hashlib
import json

import pytest
from django.db import transaction

from accounts.acting import acting_as
from audit.checkpoints import make_checkpoint
from audit.hashing import canonical, head_leaf
from audit.kinds import Kind
from audit.ledger import SYSTEM, record
from audit.models import Entry
from audit.proving import MOST_LINKS, as_data, proof_of, root_by
from tests.audit.factories import story
from tests.house.databases import triggers_lifted
from tests.notifications.factories import CaseFactory, UserFactory, system

pytestmark = [pytest.mark.integration, pytest.mark.django_db]


@pytest.fixture
def code(checkpoint_key):
    with acting_as(system()):
        CaseFactory.create_batch(3)
    return story().case.code


def entry_of(code, sequence=2):
    return Entry.objects.get(chain=code, sequence=sequence)


def tampered(code, sequence=2, **changed):
    """Rewrite an entry as somebody with the rights of the database would."""
    with triggers_lifted():
        Entry.objects.filter(chain=code, sequence=sequence).update(**changed)


def test_entry_waits_for_its_checkpoint_and_is_proven_by_it(code):
    assert proof_of(entry_of(code)).state == "waiting"

    checkpoint = make_checkpoint()
    proof = proof_of(entry_of(code))

    assert proof.state == "good"
    assert proof.coverage.checkpoint == checkpoint
    assert proof.coverage.head == Entry.objects.filter(chain=code).latest("sequence").sequence
    assert [link.sequence for link in proof.links] == list(range(1, proof.coverage.head + 1))


def test_earliest_checkpoint_that_covers_it_proves_an_entry(code):
    first = make_checkpoint()
    with transaction.atomic():
        record(Kind.EDIT, {"x": 1}, chain=code, actor=system())
    newest = Entry.objects.filter(chain=code).latest("sequence")
    assert proof_of(newest).state == "waiting"
    second = make_checkpoint()

    assert proof_of(entry_of(code)).coverage.checkpoint == first
    assert proof_of(newest).coverage.checkpoint == second


@pytest.mark.parametrize(
    "changed",
    [
        {"payload": '{"row":[]}'},
        {"payload_hash": "0" * 64},
        {"capacity": "Bupati"},
        {"kind": "login"},
        {"micros": 1},
        {"hash": "f" * 64},
        {"previous": "f" * 64},
    ],
)
def test_rewritten_entry_does_not_hold(code, changed):
    make_checkpoint()
    tampered(code, **changed)
    proof = proof_of(Entry.objects.get(chain=code, sequence=3))
    assert (proof.state, proof.broken) == ("bad", 2)


def test_chain_rewritten_as_a_whole_does_not_fit_the_checkpoint(code):
    make_checkpoint()
    entries = list(Entry.objects.filter(chain=code).order_by("sequence"))
    with triggers_lifted():
        Entry.objects.filter(chain=code, sequence__gte=2).delete()
    with transaction.atomic():
        for entry in entries[1:]:
            record(Kind(entry.kind), {"rewritten": True}, chain=code, actor=system())
    proof = proof_of(entry_of(code, 1))
    assert (proof.state, proof.broken) == ("bad", len(entries))


@pytest.mark.parametrize("gone", [1, 2, -1])
def test_removed_entry_is_missed(code, gone):
    make_checkpoint()
    sequences = list(Entry.objects.filter(chain=code).values_list("sequence", flat=True))
    place = gone if gone > 0 else sequences[-1]
    with triggers_lifted():
        Entry.objects.filter(chain=code, sequence=place).delete()

    proof = proof_of(entry_of(code, 3))

    assert (proof.state, proof.broken) == ("bad", place)


def test_checkpoint_signed_by_a_stranger_does_not_hold(code):
    checkpoint = make_checkpoint()
    with triggers_lifted():
        type(checkpoint).objects.update(signature="0" * 128)
    assert proof_of(entry_of(code)).state == "bad"


def test_erased_content_leaves_the_chain_whole(code):
    make_checkpoint()
    tampered(code, payload=None)
    assert proof_of(entry_of(code)).state == "good"


def test_proof_for_a_machine_is_recomputed_without_the_program(code):
    make_checkpoint()
    entry = entry_of(code)
    data = json.loads(canonical(as_data(entry, proof_of(entry))))

    before = "0" * 64
    for link in data["chain"]:
        assert hashlib.sha256(link["payload"].encode()).hexdigest() == link["payload_hash"]
        columns = ("version", "chain", "sequence", "kind", "actor", "capacity", "micros")
        lines = [str(link[name]) for name in columns] + [link["payload_hash"], before]
        before = hashlib.sha256("\n".join(lines).encode()).hexdigest()
        assert before == link["hash"]
    head = data["checkpoint"]["head"]
    assert head == {"sequence": len(data["chain"]), "hash": before}
    leaf = head_leaf(code, head["sequence"], head["hash"])
    root = root_by(leaf, data["checkpoint"]["path"])
    assert f"root: {root}\n" in data["checkpoint"]["statement"]


def test_long_chain_of_the_system_is_recomputed_in_part(checkpoint_key):
    who = UserFactory()
    with transaction.atomic():
        for number in range(20):
            record(Kind.READING, {"number": number}, actor=who)
    last = Entry.objects.filter(chain=SYSTEM).latest("sequence")
    links = proof_of(last).links
    assert [link.sequence for link in links] == [last.sequence - 1, last.sequence]
    assert len(links) <= MOST_LINKS
