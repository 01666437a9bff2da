"""Checkpoints: what they cover, and that nothing is signed over a chain that was rewritten."""

import os

import psycopg
import pytest
from django.db import connection

from accounts.acting import acting_as
from accounts.models import User
from audit import checkpoints, triggers
from audit.checkpoints import (
    Head,
    Rewritten,
    checkpoint_hash,
    covered,
    current_heads,
    heads_at,
    journal_digest,
    make_checkpoint,
    named_heads,
    root_of,
    statement_of,
)
from audit.hashing import NOTHING
from audit.keys import is_signed, rotate_key
from audit.ledger import SYSTEM
from audit.models import Checkpoint, Entry, JournalRow
from tests.accounts.factories import UserFactory, system_account
from tests.audit.entering import checkpoint_over_a_change_under_way, enter, in_thread
from tests.house.databases import triggers_lifted

pytestmark = [pytest.mark.integration, pytest.mark.django_db]


@pytest.fixture
def committed_key(transactional_db, checkpoint_key):
    """PostgreSQL covers row changes once their transaction has ended."""
    return checkpoint_key


def without_triggers(statement: str) -> None:
    triggers.remove(connection)
    with connection.cursor() as cursor:
        cursor.execute(statement)
    triggers.install(connection)


def assert_sound(checkpoint: Checkpoint) -> None:
    """Its statement says what its columns say, is signed, and covers what it counts."""
    kept = Checkpoint.objects.get(pk=checkpoint.pk)
    heads = heads_at(kept)
    assert kept.statement == statement_of(kept, named_heads(kept.statement))
    assert is_signed(kept.statement, kept.signature, kept.key)
    assert (kept.heads, kept.root) == (len(heads), root_of(heads))
    assert kept.entries == sum(head.sequence for head in heads.values())
    rows = covered(kept).values_list(*checkpoints.ROW)
    assert (kept.journal_rows, kept.journal_digest) == journal_digest(rows)


def test_the_first_covers_everything_there_is(checkpoint_key):
    enter("PYG-1", "PYG-1", "PYG-2")
    made = make_checkpoint("first")
    assert_sound(made)
    assert (made.number, made.previous, made.occasion) == (1, NOTHING, "first")
    assert heads_at(made) == current_heads()
    assert made.entries == Entry.objects.count()
    assert made.journal_rows == JournalRow.objects.count() > 0
    assert set(named_heads(made.statement)) == {SYSTEM, "PYG-1", "PYG-2"}


@pytest.mark.django_db(transaction=True)
def test_the_next_names_the_one_before_and_the_chains_that_grew(committed_key):
    enter("PYG-1", "PYG-2")
    first = make_checkpoint()
    enter("PYG-2", "PYG-3")
    UserFactory()
    second = make_checkpoint()
    assert_sound(second)
    assert (second.number, second.previous) == (2, checkpoint_hash(first))
    assert named_heads(second.statement).keys() == {"PYG-2", "PYG-3", SYSTEM}
    assert heads_at(second) == current_heads()
    assert first.journal_rows + second.journal_rows == JournalRow.objects.count()


def test_nothing_new_makes_none(checkpoint_key):
    make_checkpoint()
    assert make_checkpoint() is None


@pytest.mark.django_db(transaction=True)
def test_a_change_that_is_no_act_makes_one(committed_key):
    person = UserFactory()
    make_checkpoint()
    with acting_as(system_account()):
        User.objects.filter(pk=person.pk).update(email="baru@example.test")
    made = make_checkpoint()
    assert (made.journal_rows, named_heads(made.statement)) == (1, {})
    assert_sound(made)


def test_a_full_one_names_all_heads_and_later_ones_start_there(checkpoint_key, monkeypatch):
    monkeypatch.setattr(checkpoints, "FULL_EVERY", 2)
    for chain in ("PYG-1", "PYG-2", "PYG-3", "PYG-4"):
        enter(chain)
        assert_sound(make_checkpoint())
    named = [set(named_heads(one.statement)) for one in Checkpoint.objects.order_by("number")]
    assert named == [
        {SYSTEM, "PYG-1"},
        {"PYG-2"},
        {SYSTEM, "PYG-1", "PYG-2", "PYG-3"},
        {"PYG-4"},
    ]


def test_the_key_of_the_day_signs(checkpoint_key):
    enter("PYG-1")
    first = make_checkpoint()
    new = rotate_key()
    second = make_checkpoint()
    assert (first.key, second.key) == (checkpoint_key.public, new)
    assert_sound(first)
    assert_sound(second)


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM audit_entry WHERE chain = 'PYG-1' AND sequence = 2",
        "DELETE FROM audit_entry WHERE chain = 'PYG-1'",
        "UPDATE audit_entry SET hash = '00' WHERE chain = 'PYG-1' AND sequence = 2",
    ],
)
def test_nothing_is_signed_over_a_chain_that_was_cut_or_changed(checkpoint_key, statement):
    enter("PYG-1", "PYG-1", "PYG-2")
    make_checkpoint()
    without_triggers(statement)
    enter("PYG-2")
    with pytest.raises(Rewritten, match="^PYG-1$"):
        make_checkpoint()


def test_heads_stand_in_one_order_on_every_database(checkpoint_key):
    enter("b", "B", "a-1", "a_1")
    made = make_checkpoint()
    lines = [line for line in made.statement.splitlines() if line.startswith("head: ")]
    assert lines == sorted(lines)
    assert heads_at(made)["B"] == Head(1, Entry.objects.get(chain="B").hash)


@pytest.mark.django_db(transaction=True)
def test_a_row_under_way_at_one_checkpoint_comes_with_the_next(committed_key):
    """On PostgreSQL a later transaction may end first; SQLite knows no later one."""
    if connection.vendor == "sqlite":
        pytest.skip("SQLite has one writer at a time")
    between = checkpoint_over_a_change_under_way()
    last = make_checkpoint()
    assert_sound(between)
    assert_sound(last)
    rows = [pk for one in Checkpoint.objects.all() for pk in covered(one).values_list("pk")]
    assert sorted(rows) == sorted(JournalRow.objects.values_list("pk"))


@pytest.mark.django_db(transaction=True)
def test_work_in_another_database_of_the_server_holds_nothing_up(committed_key):
    if connection.vendor == "sqlite":
        pytest.skip("SQLite has no other database")
    system = system_account()
    with psycopg.connect(os.environ["DATABASE_URL"]) as elsewhere:
        elsewhere.execute("SELECT pg_current_xact_id()")
        with acting_as(system):
            User.objects.filter(pk=system.pk).update(email="baru@example.test")
        made = make_checkpoint()
    assert made.journal_rows == JournalRow.objects.count()
    assert_sound(made)


def test_the_whole_journal_is_not_read_for_a_checkpoint(checkpoint_key):
    make_checkpoint()
    with triggers_lifted(), connection.cursor() as cursor:
        cursor.execute(
            "WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers "
            "WHERE n < 40000) INSERT INTO audit_journal "
            "(tx, relation, row_key, operation, actor, micros, digest) "
            "SELECT 0, 'accounts_user', n, 'U', 1, n, 'x' FROM numbers"
        )
    enter("PYG-1")
    last = Checkpoint.objects.get()
    last.journal_after = last.journal_until = JournalRow.objects.latest("pk").pk - 10
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE audit_journal")
    plan = covered(checkpoints._follower(last, "")).explain()
    assert "Seq Scan" not in plan
    assert "SCAN" not in plan


@pytest.mark.django_db(transaction=True)
def test_of_two_that_sign_at_once_the_second_begins_again(committed_key, monkeypatch):
    enter("PYG-1")
    follower = checkpoints._follower

    def overtaken(last, occasion):
        monkeypatch.setattr(checkpoints, "_follower", follower)
        in_thread(lambda: make_checkpoint("faster"))
        enter("PYG-2")
        return follower(last, occasion)

    monkeypatch.setattr(checkpoints, "_follower", overtaken)
    made = make_checkpoint("slower")
    assert [one.occasion for one in Checkpoint.objects.all()] == ["slower", "faster"]
    assert_sound(made)
    assert heads_at(made) == current_heads()
