"""Manipulations of ledger and checkpoints: each does one thing, and says what must be found."""

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from audit.checkpoints import Head
from audit.hashing import sha256
from audit.keys import SigningKey, signing_key
from audit.models import Entry
from tests.audit.intruder import CHECKPOINT, ENTRY, payload

AT = 5
FORGED = payload(note="palsu")


def entry_kind_changed(by):
    by.on_entry(AT, "kind = 'edit'")
    return by.entry("entry_edited", AT)


def entry_ascribed_to_another(by):
    by.on_entry(AT, "actor_id = actor_id + 1")
    return by.entry("entry_edited", AT)


def capacity_changed(by):
    by.on_entry(AT, "capacity = 'Bupati'")
    return by.entry("entry_edited", AT)


def entry_back_dated(by):
    by.on_entry(AT, "micros = micros - 86400000000")
    return by.entry("entry_edited", AT)


def format_changed(by):
    by.on_entry(AT, "version = 2")
    return by.entry("entry_edited", AT)


def predecessor_changed(by):
    by.on_entry(AT, "previous = %s", "0" * 64)
    return by.entry("entry_edited", AT) | by.entry("chain_broken", AT)


def last_hash_changed(by):
    by.on_entry(by.last, "hash = %s", "a" * 64)
    return by.entry("entry_edited", by.last) | by.entry("chain_rewritten", by.last)


def content_changed(by):
    lost = by.unentered(AT)
    by.on_entry(AT, "payload = %s", FORGED)
    return by.entry("payload_edited", AT) | lost


def content_and_its_hash_changed(by):
    lost = by.unentered(AT)
    by.on_entry(AT, "payload = %s, payload_hash = %s", FORGED, sha256(FORGED))
    return by.entry("entry_edited", AT) | lost


def content_taken_away(by):
    lost = by.unentered(AT)
    by.on_entry(AT, "payload = NULL")
    return by.entry("payload_removed", AT) | lost


def entry_rewritten_with_its_hash(by):
    lost = by.unentered(AT)
    by.on_entry(AT, "payload = %s, payload_hash = %s", FORGED, sha256(FORGED))
    by.rehash(AT, AT)
    return by.entry("chain_broken", AT + 1) | lost


def chain_rewritten_from_an_entry_on(by):
    lost = by.unentered(AT)
    by.on_entry(AT, "payload = %s, payload_hash = %s", FORGED, sha256(FORGED))
    by.rehash(AT)
    return by.entry("chain_rewritten", by.last) | lost


def entry_deleted(by):
    lost = by.unentered(AT)
    by.run("DELETE FROM audit_entry WHERE chain = %s AND sequence = %s", by.chain, AT)
    return by.entry("entry_missing", AT) | lost


def entry_deleted_and_places_closed(by):
    lost = entry_deleted(by) - by.entry("entry_missing", AT)
    by.shift(AT + 1, -1)
    return (
        lost
        | by.entry("entry_edited", *range(AT, by.last))
        | by.entry("chain_broken", AT)
        | {("chain_truncated", ENTRY, by.chain)}
    )


def entry_deleted_and_chain_rewritten(by):
    lost = entry_deleted(by) - by.entry("entry_missing", AT)
    by.shift(AT + 1, -1)
    by.rehash(AT)
    return lost | {("chain_truncated", ENTRY, by.chain)}


def tail_cut(by):
    lost = by.unentered(*range(by.last - 2, by.last + 1))
    by.run("DELETE FROM audit_entry WHERE chain = %s AND sequence > %s", by.chain, by.last - 3)
    return lost | {("chain_truncated", ENTRY, by.chain)}


def whole_chain_deleted(by):
    lost = by.unentered(*range(1, by.last + 1))
    by.run("DELETE FROM audit_entry WHERE chain = %s", by.chain)
    return lost | {("chain_truncated", ENTRY, by.chain)}


def entries_swapped(by):
    """The places stay, everything else changes sides."""
    told = "payload, payload_hash, previous, hash, kind, actor_id, capacity, micros"
    sides = Entry.objects.filter(chain=by.chain, sequence__in=(AT, AT + 1)).order_by("sequence")
    first, second = sides.values_list(*told.replace("actor_id", "actor").split(", "))
    change = ", ".join(f"{name} = %s" for name in told.split(", "))
    by.on_entry(AT, change, *second)
    by.on_entry(AT + 1, change, *first)
    broken = by.entry("chain_broken", AT, AT + 1, AT + 2)
    return broken | by.entry("entry_edited", AT, AT + 1)


def entries_reordered(by):
    sides = Entry.objects.filter(chain=by.chain, sequence__in=(AT, AT + 1)).order_by("sequence")
    first, second = sides.values_list("pk", flat=True)
    for old, new in ((first, 10**9), (second, first), (10**9, second)):
        by.run("UPDATE audit_entry SET id = %s WHERE id = %s", new, old)
    return by.entry("entry_reordered", AT)


def entry_inserted_between(by):
    by.shift(AT, 1)
    _enter(by, AT)
    by.rehash(AT, AT)
    shifted = by.entry("entry_edited", *range(AT + 1, by.last + 2))
    # Its number is the newest: at its place stood nothing when the later ones were written.
    moved = by.entry("entry_reordered", AT)
    return shifted | moved | by.entry("chain_rewritten", by.last)


def entry_inserted_and_chain_rewritten(by):
    by.shift(AT, 1)
    _enter(by, AT)
    by.rehash(AT)
    return by.entry("entry_reordered", AT) | by.entry("chain_rewritten", by.last)


def place_taken_twice(by):
    """The constraint is dropped, too."""
    by.without_constraint()
    _enter(by, AT)
    return by.entry("entry_inserted", AT) | by.entry("entry_edited", AT)


def entry_of_versions_that_never_were(by):
    forged = payload(row=["approvals.SignOff", 1, "+", 10**6])
    _enter(by, by.last + 1, forged)
    by.rehash(by.last + 1)
    return {("entry_unfounded", "approvals_historicalsignoff", str(10**6))}


def case_renamed_in_the_ledger(by):
    old = by.chain
    by.run("UPDATE audit_entry SET chain = 'INV-2026-9999' WHERE chain = %s", old)
    edited = {("entry_edited", ENTRY, f"INV-2026-9999 {at}") for at in range(1, by.last + 1)}
    return edited | {("chain_truncated", ENTRY, old)}


def entry_of_the_system_changed(by):
    by.run(
        "UPDATE audit_entry SET actor_id = (SELECT MAX(id) FROM accounts_user) "
        "WHERE chain = 'system' AND sequence = 9"
    )
    return {("entry_edited", ENTRY, "system 9")}


def _enter(by, place, content=FORGED):
    """One more entry like the first of the case."""
    by.run(
        "INSERT INTO audit_entry (chain, sequence, version, kind, actor_id, capacity, micros, "
        "payload, payload_hash, previous, hash) SELECT chain, %s, version, kind, actor_id, "
        "capacity, micros, %s, %s, previous, hash FROM audit_entry "
        "WHERE chain = %s AND sequence = 1",
        place,
        content,
        sha256(content),
        by.chain,
    )


def checkpoint_deleted(by):
    _delete_checkpoint(by, 3)
    return {("checkpoint_missing", CHECKPOINT, "3"), ("checkpoint_anchor", CHECKPOINT, "3")}


def newest_checkpoint_deleted(by):
    _delete_checkpoint(by, 5)
    return {("checkpoint_anchor", CHECKPOINT, "5")}


def _delete_checkpoint(by, number):
    by.run(
        "DELETE FROM audit_receipt WHERE checkpoint_id = "
        "(SELECT id FROM audit_checkpoint WHERE number = %s)",
        number,
    )
    by.run("DELETE FROM audit_checkpoint WHERE number = %s", number)


def root_changed(by):
    by.run("UPDATE audit_checkpoint SET root = %s WHERE number = 3", "b" * 64)
    return {("checkpoint_edited", CHECKPOINT, "3")}


def checkpoint_back_dated(by):
    by.run("UPDATE audit_checkpoint SET micros = micros - 86400000000 WHERE number = 3")
    return {("checkpoint_edited", CHECKPOINT, "3")}


def signature_changed(by):
    by.run("UPDATE audit_checkpoint SET signature = %s WHERE number = 3", "c" * 128)
    return {("checkpoint_signature", CHECKPOINT, "3")}


def statement_changed(by):
    by.run(
        "UPDATE audit_checkpoint SET statement = replace(statement, 'entries: ', 'entries: 1') "
        "WHERE number = 3"
    )
    return {
        (kind, CHECKPOINT, "3")
        for kind in (
            "checkpoint_edited",
            "checkpoint_signature",
            "checkpoint_root",
            "checkpoint_anchor",
        )
    } | {("checkpoint_link", CHECKPOINT, "4")}


def checkpoints_signed_with_another_key(by):
    by.sign_again((3, 4, 5), SigningKey(Ed25519PrivateKey.generate()), {})
    return {
        (kind, CHECKPOINT, str(number))
        for kind in ("checkpoint_key", "checkpoint_anchor")
        for number in (3, 4, 5)
    }


def chain_rewritten_and_checkpoints_signed_with_the_stolen_key(by):
    found = chain_rewritten_from_an_entry_on(by) - by.entry("chain_rewritten", by.last)
    head = Entry.objects.get(chain=by.chain, sequence=by.last)
    by.sign_again((3, 4, 5), signing_key(), {by.chain: Head(head.sequence, head.hash)})
    return found | {("checkpoint_anchor", CHECKPOINT, str(number)) for number in (3, 4, 5)}


def last_weeks_database_put_back(by):
    """Everything since the third checkpoint is gone, without a trace in the database itself."""
    by.forget_since(3)
    return {("checkpoint_anchor", CHECKPOINT, str(number)) for number in (4, 5)}
