"""Manipulations of rows, their journal and history, files, instruments and triggers."""

from pathlib import Path

from django.conf import settings
from django.db import connection

from accounts.models import User
from audit.hashing import sha256
from audit.models import Entry, JournalRow
from legal_basis.models import Instrument
from tests.audit.intruder import JOURNAL

INNOVATION, SIGN_OFF = "innovations_innovation", "approvals_signoff"
INSTRUMENT, REGISTER = "legal_basis_instrument", "legal_basis_registerentry"
PUBLICATION, SEAT = "legal_basis_publication", "approvals_seat"
VERSIONS = "approvals_historicalsignoff"


def _somebody() -> int:
    """An account that is no administrator's."""
    return int(User.objects.order_by("pk").values_list("pk", flat=True)[2])


def changed(table, key):
    """A live row that neither journal nor history know as it is."""
    return {("row_changed", table, str(key)), ("row_unversioned", table, str(key))}


def _set(by, table, key, change, *values):
    by.run(f'UPDATE "{table}" SET {change} WHERE id = %s', *values, key)  # noqa: S608
    return changed(table, key)


def name_changed(by):
    return _set(by, INNOVATION, by.key("innovations.Innovation"), "name = 'Lain'")


def refusal_made_an_approval(by):
    return _set(by, SIGN_OFF, by.key("approvals.SignOff"), "outcome = 'return'")


def signer_exchanged(by):
    return _set(by, SIGN_OFF, by.key("approvals.SignOff"), "person_id = person_id + 1")


def sign_off_back_dated(by):
    return _set(by, SIGN_OFF, by.key("approvals.SignOff"), "decided_at = '2020-01-01 00:00:00+00'")


def seat_closed(by):
    return _set(by, SEAT, by.key("approvals.Seat"), "state = 'open'")


def account_made_superuser(by):
    return _set(by, "accounts_user", _somebody(), "is_superuser = %s", True)


def appointment_extended(by):
    return _set(by, "accounts_appointment", 1, "basis_number = '800/palsu'")


def policy_changed(by):
    return _set(by, "approvals_signoffpolicy", 1, "version = version + 50")


def process_reopened(by):
    key = by.key("viewflow.Process")
    by.run("UPDATE viewflow_process SET status = 'NEW' WHERE id = %s", key)
    return {("row_changed", "viewflow_process", str(key))}


def publication_deleted(by):
    key = by.key("legal_basis.Publication")
    by.run("DELETE FROM legal_basis_publication WHERE id = %s", key)
    return {("row_missing", PUBLICATION, str(key)), ("row_unversioned", PUBLICATION, str(key))}


def number_deleted(by):
    key = by.key("legal_basis.RegisterEntry")
    by.run("DELETE FROM legal_basis_registerentry WHERE id = %s", key)
    return {("row_missing", REGISTER, str(key)), ("row_unversioned", REGISTER, str(key))}


def sign_off_inserted(by):
    by.run(
        "INSERT INTO approvals_signoff (id, seat_id, round, person_id, capacity, basis, outcome, "
        "note, content_hash, section_hashes, decided_at) SELECT 900000, seat_id, 7, person_id, "
        "capacity, basis, outcome, note, content_hash, section_hashes, decided_at "
        "FROM approvals_signoff WHERE id = %s",
        by.key("approvals.SignOff"),
    )
    return {("row_inserted", SIGN_OFF, "900000")}


def administrator_added(by):
    by.run(
        "INSERT INTO accounts_user_groups (id, user_id, group_id) "
        "SELECT 900000, %s, MIN(id) FROM auth_group",
        _somebody(),
    )
    return {("row_inserted", "accounts_user_groups", "900000")}


def texts_emptied(by):
    lost = _texts()
    by.run("DELETE FROM approvals_sectiontext")
    return {("row_missing", "approvals_sectiontext", key) for key in lost}


def _texts():
    rows = JournalRow.objects.filter(relation="approvals_sectiontext")
    return set(rows.values_list("row_key", flat=True))


def row_and_version_changed_alike(by):
    key, version = by.key("approvals.SignOff"), by.version("approvals.SignOff")
    by.run("UPDATE approvals_signoff SET capacity = 'Bupati' WHERE id = %s", key)
    by.run(f"UPDATE {VERSIONS} SET capacity = 'Bupati' WHERE history_id = %s", version)  # noqa: S608
    return {("row_changed", SIGN_OFF, str(key)), ("version_changed", VERSIONS, str(version))}


def row_changed_with_a_journal_row_made_for_it(by):
    """Younger than the last checkpoint: the history gives it away."""
    key = by.key("legal_basis.Publication")
    by.run("UPDATE legal_basis_publication SET note = 'palsu' WHERE id = %s", key)
    _journal_as_it_is(by, PUBLICATION, key)
    return {("row_unversioned", PUBLICATION, str(key))}


def _journal_as_it_is(by, table, key, operation="U", row="id", kept=True):
    from audit import triggers

    watched = next(one for one in triggers.tables_of(connection) if one.table == table)
    content = triggers.content_of(connection, watched, "live")
    told = content if kept else "NULL"
    by.run(
        "INSERT INTO audit_journal (tx, relation, row_key, operation, actor, micros, content, "  # noqa: S608
        f"digest) SELECT 0, %s, %s, %s, 1, 1, {told}, {triggers.digest_of(connection, content)} "
        f'FROM "{table}" AS live WHERE live."{row}" = %s',
        table,
        str(key),
        operation,
        key,
    )


def version_changed(by):
    key = _older_version()
    by.run("UPDATE workflow_historicalcase SET reason = 'palsu' WHERE history_id = %s", key)
    return {("version_changed", "workflow_historicalcase", str(key))}


def version_ascribed_to_another(by):
    key = _older_version()
    by.run(
        "UPDATE workflow_historicalcase SET history_user_id = %s WHERE history_id = %s",
        _somebody(),
        key,
    )
    return {("version_changed", "workflow_historicalcase", str(key))}


def version_back_dated(by):
    key = _older_version()
    by.run(
        "UPDATE workflow_historicalcase SET history_date = '2020-01-01 00:00:00+00' "
        "WHERE history_id = %s",
        key,
    )
    return {("version_changed", "workflow_historicalcase", str(key))}


def version_deleted(by):
    key = _older_version()
    by.run("DELETE FROM workflow_historicalcase WHERE history_id = %s", key)
    return {("version_missing", "workflow_historicalcase", str(key))}


def version_deleted_with_its_journal_row(by):
    key = _older_version()
    journal = by.journal("workflow_historicalcase", key)
    by.run("DELETE FROM workflow_historicalcase WHERE history_id = %s", key)
    by.run("DELETE FROM audit_journal WHERE id = %s", journal)
    return by.window(journal) | {("entry_unfounded", "workflow_historicalcase", str(key))}


def _older_version():
    """The second version of the case that was walked."""
    rows = JournalRow.objects.filter(relation="workflow_historicalcase").order_by("pk")
    return int(rows.values_list("row_key", flat=True)[1])


def _copy_version(by):
    key = by.version("approvals.SignOff")
    with connection.cursor() as cursor:
        columns = connection.introspection.get_table_description(cursor, VERSIONS)
    others = ", ".join(f'"{one.name}"' for one in columns if one.name != "history_id")
    by.run(
        f"INSERT INTO {VERSIONS} (history_id, {others}) SELECT 900000, {others} "  # noqa: S608
        f"FROM {VERSIONS} WHERE history_id = %s",
        key,
    )


def version_made_up(by):
    _copy_version(by)
    return {("version_inserted", VERSIONS, "900000")}


def version_made_up_with_a_journal_row(by):
    """Younger than the last checkpoint: no entry names it."""
    _copy_version(by)
    _journal_as_it_is(by, VERSIONS, 900000, "I", "history_id", kept=False)
    return {("version_unentered", VERSIONS, "900000")}


def _on_journal(by, change, *values):
    journal = by.journal(SIGN_OFF, by.key("approvals.SignOff"))
    by.run(f"UPDATE audit_journal SET {change} WHERE id = %s", *values, journal)  # noqa: S608
    return journal


def journal_content_changed(by):
    journal = _on_journal(by, "content = '{}'")
    return {("journal_edited", JOURNAL, str(journal))}


def journal_content_taken_away(by):
    journal = _on_journal(by, "content = NULL")
    return {("journal_removed", JOURNAL, str(journal))}


def journal_content_and_digest_changed(by):
    journal = _on_journal(by, "content = '{}', digest = %s", sha256("{}"))
    key = str(by.key("approvals.SignOff"))
    return by.window(journal) | {("row_changed", SIGN_OFF, key)}


def journal_actor_changed(by):
    return by.window(_on_journal(by, "actor = actor + 1"))


def journal_back_dated(by):
    return by.window(_on_journal(by, "micros = micros - 86400000000"))


def journal_operation_changed(by):
    return by.window(_on_journal(by, "operation = 'B'"))


def journal_row_deleted(by):
    key = by.key("approvals.SignOff")
    journal = by.journal(SIGN_OFF, key)
    by.run("DELETE FROM audit_journal WHERE id = %s", journal)
    return by.window(journal) | {("row_inserted", SIGN_OFF, str(key))}


def journal_row_deleted_with_its_row(by):
    """As if it had never been; the newest version says that it was."""
    key = by.key("legal_basis.Publication")
    journal = by.journal(PUBLICATION, key)
    by.run("DELETE FROM legal_basis_publication WHERE id = %s", key)
    by.run("DELETE FROM audit_journal WHERE id = %s", journal)
    return by.window(journal) | {("row_unversioned", PUBLICATION, str(key))}


def journal_beginning_deleted(by):
    first = JournalRow.objects.filter(relation="workflow_case", operation="I").earliest("pk")
    by.run("DELETE FROM audit_journal WHERE id = %s", first.pk)
    return by.window(first.pk) | {("journal_beginning", "workflow_case", first.row_key)}


def erasure_made_up(by):
    """A leave that nobody gave, for a content that is taken away."""
    entry = Entry.objects.get(chain=by.chain, sequence=5)
    lost = by.unentered(5)
    by.run("UPDATE audit_entry SET payload = NULL WHERE id = %s", entry.pk)
    by.run(
        "INSERT INTO audit_erasure (id, relation, row_key, person_id, basis, digest, at) "
        "VALUES (900000, 'audit_entry', %s, %s, 'palsu', '', '2026-01-01 00:00:00+00')",
        str(entry.pk),
        _somebody(),
    )
    return lost | {
        ("row_inserted", "audit_erasure", "900000"),
        ("erasure", "audit_erasure", f"audit_entry {_somebody()}"),
    }


def number_of_an_instrument_changed(by):
    key = by.key("legal_basis.Instrument")
    found = _set(by, INSTRUMENT, key, "number = '100.3.3.2/999/KUM/2026'")
    return found | {("instrument", INSTRUMENT, str(key))}


def document_exchanged(by):
    """For the print without a signature."""
    key = by.key("legal_basis.Instrument")
    found = _set(by, INSTRUMENT, key, "document_id = rendered_id")
    return found | {(kind, INSTRUMENT, str(key)) for kind in ("instrument", "signature")}


def _file(by):
    instrument = Instrument.objects.select_related("document").get(
        pk=by.key("legal_basis.Instrument")
    )
    return instrument.document


def signed_file_and_its_row_exchanged(by):
    """The bytes, their hash and their row agree; what was signed does not."""
    stored = _file(by)
    forged = Path(settings.MEDIA_ROOT) / "palsu"
    forged.write_bytes(b"%PDF-1.7 palsu")
    digest = sha256("%PDF-1.7 palsu")
    found = _set(
        by, "innovations_storedfile", stored.pk, "path = 'palsu', size = 14, sha256 = %s", digest
    )
    all_of_them = Instrument.objects.filter(document=stored.pk).values_list("pk", flat=True)
    kinds = ("instrument", "signature")
    return found | {(kind, INSTRUMENT, str(key)) for kind in kinds for key in all_of_them}


def file_changed(by):
    stored = _file(by)
    content = bytearray(stored.read())
    content[-1] ^= 1
    stored.location.write_bytes(content)
    return {("file_changed", "innovations_storedfile", str(stored.pk))}


def file_cut(by):
    stored = _file(by)
    stored.location.write_bytes(stored.read()[:-1])
    return {("file_changed", "innovations_storedfile", str(stored.pk))}


def file_deleted(by):
    stored = _file(by)
    stored.location.unlink()
    return {("file_missing", "innovations_storedfile", str(stored.pk))}
