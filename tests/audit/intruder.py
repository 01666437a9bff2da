"""Somebody with the rights of the database, and what he may know of it."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import connection
from simple_history.utils import get_history_manager_for_model

from audit.checkpoints import Head, named_heads, root_of, statement_of
from audit.checkpoints import checkpoint_hash as hash_of
from audit.hashing import entry_hash
from audit.keys import SigningKey
from audit.models import Checkpoint, Entry, JournalRow
from audit.verifying.versions import named_in
from tests.audit.finished import FIRST, Copies

Told = tuple[str, str, str]
ENTRY, CHECKPOINT, JOURNAL = "audit_entry", "audit_checkpoint", "audit_journal"


@dataclass
class Intruder:
    """Works on one case among many, by its number among the copies."""

    copies: Copies
    copy: int

    @property
    def chain(self) -> str:
        """The case."""
        return f"INV-2026-{FIRST + self.copy}"

    @property
    def last(self) -> int:
        """The place of the last entry of its chain."""
        return len(self.copies.entries)

    def run(self, sql: str, *parameters: Any) -> None:
        """One statement; it must touch something."""
        with connection.cursor() as cursor:
            cursor.execute(sql, parameters)
            assert cursor.rowcount != 0, sql

    def on_entry(self, sequence: int, change: str, *parameters: Any) -> None:
        """Change an entry of the case."""
        where = "WHERE chain = %s AND sequence = %s"
        self.run(f"UPDATE audit_entry SET {change} {where}", *parameters, self.chain, sequence)  # noqa: S608

    def entry(self, kind: str, *places: int) -> set[Told]:
        """A fault of entries of the case."""
        return {(kind, ENTRY, f"{self.chain} {place}") for place in places}

    def shift(self, start: int, by: int) -> None:
        """Move the entries from a place on, past the constraint that a place is taken once."""
        for far in (10_000, by - 10_000):
            self.run(
                "UPDATE audit_entry SET sequence = sequence + %s "
                "WHERE chain = %s AND sequence >= %s",
                far,
                self.chain,
                start if far > 0 else 10_000,
            )

    def rehash(self, start: int, end: int = 10_000) -> None:
        """Make the chain consistent again from a place on."""
        entries = Entry.objects.filter(chain=self.chain, sequence__range=(start - 1, end))
        first, *others = entries.order_by("sequence")
        for entry in others:
            entry.previous = first.hash
            entry.hash = entry_hash(
                entry.version,
                entry.chain,
                entry.sequence,
                entry.kind,
                entry.actor_id,
                entry.capacity,
                entry.micros,
                entry.payload_hash,
                entry.previous,
            )
            self.run(
                "UPDATE audit_entry SET previous = %s, hash = %s WHERE id = %s",
                entry.previous,
                entry.hash,
                entry.pk,
            )
            first = entry

    def unentered(self, *places: int) -> set[Told]:
        """The versions that these entries name, and no other."""
        payloads = Entry.objects.filter(chain=self.chain, sequence__in=places)
        return {
            ("version_unentered", table_of_versions(label), str(version))
            for payload in payloads.values_list("payload", flat=True)
            for label, _key, _type, version in named_in(payload or "{}")
        }

    def key(self, label: str) -> int:
        """The number of the case's (first) row of a model."""
        copied = self.copies.rows[label]
        return copied.of(min(copied.keys), self.copy)

    def version(self, label: str) -> int:
        """The number of its version."""
        row, versions = self.key(label), get_history_manager_for_model(apps.get_model(label))
        key = apps.get_model(label)._meta.pk.attname
        return int(versions.get(**{key: row}).history_id)

    def journal(self, table: str, key: int) -> int:
        """The newest row change of a row."""
        rows = JournalRow.objects.filter(relation=table, row_key=str(key))
        return int(rows.latest("pk").pk)

    def window(self, journal: int) -> set[Told]:
        """The fault of the checkpoint that covers a row change."""
        one = Checkpoint.objects.filter(journal_until__gte=journal).earliest("number")
        return {("journal_rewritten", JOURNAL, f"{one.journal_after + 1}-{one.journal_until}")}

    def without_constraint(self) -> None:
        """Let a place in a chain be taken twice."""
        if connection.vendor == "postgresql":
            self.run("SET CONSTRAINTS ALL IMMEDIATE")
            self.run("ALTER TABLE audit_entry DROP CONSTRAINT one_next_entry")
            return
        with connection.cursor() as cursor:
            cursor.execute("SELECT sql FROM sqlite_master WHERE name = 'audit_entry'")
            made = cursor.fetchone()[0].replace('"audit_entry"', '"forged"', 1)
        self.run(made.replace(', CONSTRAINT "one_next_entry" UNIQUE ("chain", "sequence")', ""))
        self.run("INSERT INTO forged SELECT * FROM audit_entry")
        self.run("DROP TABLE audit_entry")
        self.run("ALTER TABLE forged RENAME TO audit_entry")

    def forget_since(self, number: int) -> None:
        """Put the database back to where it was at a checkpoint; the copies since are gone."""
        kept = Checkpoint.objects.get(number=number)
        copy = number * self.copies.made // Checkpoint.objects.count()
        for label, copied in self.copies.rows.items():
            self._forget(apps.get_model(label), copied.of(min(copied.keys), copy))
        for label, copied in self.copies.versions.items():
            history = get_history_manager_for_model(apps.get_model(label)).model
            self._forget(history, copied.of(min(copied.keys), copy))
        chain = f"INV-2026-{FIRST + copy}"
        self.run("DELETE FROM audit_entry WHERE chain >= %s AND chain < 'K'", chain)
        self.run("DELETE FROM audit_journal WHERE id > %s", kept.journal_until)
        self.run("DELETE FROM audit_receipt WHERE checkpoint_id > %s", kept.pk)
        self.run("DELETE FROM audit_checkpoint WHERE number > %s", number)

    def _forget(self, model: Any, key: int) -> None:
        table, column = model._meta.db_table, model._meta.pk.column
        self.run(f'DELETE FROM "{table}" WHERE "{column}" >= %s', key)  # noqa: S608

    def sign_again(self, numbers: Iterable[int], key: SigningKey, heads: dict[str, Head]) -> None:
        """Make checkpoints say these heads of the chains that they name, and sign them."""
        for number in numbers:
            one = Checkpoint.objects.get(number=number)
            told = named_heads(one.statement)
            told |= {chain: head for chain, head in heads.items() if chain in told}
            whole: dict[str, Any] = {}
            for before in Checkpoint.objects.filter(number__lt=number).order_by("number"):
                whole |= named_heads(before.statement)
                one.previous = hash_of(before)
            one.root, one.key = root_of(whole | told), key.public
            one.statement = statement_of(one, told)
            self.run(
                "UPDATE audit_checkpoint SET root = %s, previous = %s, key = %s, statement = %s, "
                "signature = %s WHERE number = %s",
                one.root,
                one.previous,
                one.key,
                one.statement,
                key.sign(one.statement),
                number,
            )


def table_of_versions(label: str) -> str:
    """The history table of a model."""
    return str(get_history_manager_for_model(apps.get_model(label)).model._meta.db_table)


def payload(**content: Any) -> str:
    """A content as the ledger writes it."""
    return json.dumps(content, sort_keys=True, separators=(",", ":"))
