import json

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection, transaction

from accounts.acting import acting_as
from accounts.leaving import close_account
from accounts.models import User
from accounts.offices import today
from approvals.models import SectionText
from audit.checkpoints import make_checkpoint
from audit.erasing import erase_person
from audit.hashing import NOTHING, entry_hash, sha256
from audit.kinds import Kind
from audit.models import Entry, Erasure, JournalRow
from audit.traces import REMOVED
from audit.triggers import content_of, digest_of, faults, tables_of
from innovations.models import Draft
from notifications.models import Message
from planning.models import Pillar
from tests.accounts.factories import (
    AppointmentFactory,
    DelegationFactory,
    UserFactory,
    administrator,
    system_account,
)
from tests.audit.factories import at
from tests.notifications.factories import CaseFactory
from workflow.models import SavedView

pytestmark = [pytest.mark.integration, pytest.mark.postgresql_by_day, pytest.mark.django_db]

NAME, NIP, EMAIL = "Rangga Sasmita Wijaya", "198701012010011001", "rangga.w@belitung.test"
BASIS = "Permohonan 12/PDP/2026, pasal 8 UU 27/2022"


@pytest.fixture
def admin(settings, tmp_path):
    settings.PACKS_DIR = tmp_path
    return administrator(name_plain="Ani Admin Utama")


@pytest.fixture
def rangga(admin):
    """Somebody whose name has come into every corner, and who has left."""
    person = UserFactory(
        username="rangga", name_plain=NAME, title_prefix="Dr.", nip=NIP, email=EMAIL, rank="IV/a"
    )
    appointment = AppointmentFactory(user=person)
    DelegationFactory(principal=appointment)
    with acting_as(person):
        case = CaseFactory(innovation__initiator=person)
        case.innovation.problem = f"Hubungi {NAME.upper()} ({EMAIL})."
        case.innovation.save()
        case.innovation.problem = "Hubungi kami."
        case.innovation.save()
        SectionText.objects.create(hash="a" * 64, section="x", content={"oleh": [NAME, NIP]})
        pillar = Pillar.objects.create(
            code="P9", name="Pilar", order=9, description=f"Kata {NAME}."
        )
        Draft.objects.create(owner=person, data={"co_initiators": f"{NAME} (rangga)"})
        SavedView.objects.create(user=person, name="saya", query="q=Rangga+Sasmita%20Wijaya")
        Message.objects.create(
            recipient=person, event="x", case_code="", path="/", params={"who": NAME}, key="k"
        )
    person.pillar = pillar
    with transaction.atomic():
        close_account(admin, person, on=today())
    return person


def erase(admin, person, basis=BASIS):
    with transaction.atomic():
        return erase_person(admin, person, basis)


def everything():
    """Every row of every table, as text."""
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608
            for row in cursor.fetchall():
                yield (
                    table,
                    "\n".join(
                        json.dumps(part) if isinstance(part, dict | list) else str(part)
                        for part in row
                    ),
                )


def naming(*words):
    return {
        table for table, text in everything() if any(word.lower() in text.lower() for word in words)
    }


def test_nothing_of_the_person_remains_in_the_database(admin, rangga):
    words = ("sasmita", NIP, "rangga")
    assert naming(*words) >= {
        "accounts_user",
        "accounts_historicaluser",
        "accounts_delegation",
        "accounts_historicaldelegation",
        "approvals_sectiontext",
        "audit_entry",
        "audit_journal",
        "innovations_draft",
        "innovations_historicalinnovation",
        "notifications_message",
        "planning_pillar",
        "workflow_savedview",
    }
    erase(admin, rangga)
    assert naming(*words) == set()


def test_account_keeps_its_number_and_nothing_else(admin, rangga):
    erase(admin, rangga)
    fresh = User.objects.get(pk=rangga.pk)
    assert (fresh.username, fresh.get_full_name(), fresh.nip, fresh.rank, fresh.email) == (
        f"terhapus-{rangga.pk}",
        REMOVED,
        "",
        "",
        "",
    )
    assert not fresh.has_usable_password()
    assert fresh.history.first().name_plain == REMOVED


def test_texts_keep_what_is_not_personal(admin, rangga):
    erase(admin, rangga)
    rangga.pillar.refresh_from_db()
    assert rangga.pillar.description == f"Kata {REMOVED}."
    assert rangga.pillar.history.get().description == f"Kata {REMOVED}."


def test_every_chain_still_verifies(admin, rangga):
    erase(admin, rangga)
    erased = set(Erasure.objects.filter(relation="audit_entry").values_list("row_key", flat=True))
    assert erased
    heads = {}
    for entry in Entry.objects.order_by("chain", "sequence"):
        sequence, previous = heads.get(entry.chain, (0, NOTHING))
        assert (entry.sequence, entry.previous) == (sequence + 1, previous)
        columns = {
            "version": entry.version,
            "chain": entry.chain,
            "sequence": entry.sequence,
            "kind": entry.kind,
            "actor": entry.actor_id,
            "capacity": entry.capacity,
            "micros": entry.micros,
            "payload_hash": entry.payload_hash,
            "previous": entry.previous,
        }
        assert entry_hash(**columns) == entry.hash
        if entry.payload is None:
            assert str(entry.pk) in erased
        else:
            assert sha256(entry.payload) == entry.payload_hash
        heads[entry.chain] = entry.sequence, entry.hash


def test_every_row_is_as_its_journal_or_its_erasure_says(admin, rangga):
    erase(admin, rangga)
    for table in tables_of(connection):
        if not table.journalled:
            continue
        content = content_of(connection, table, "live")
        with connection.cursor() as cursor:
            cursor.execute(
                f'SELECT CAST(live."{table.key}" AS TEXT), '  # noqa: S608
                f"{digest_of(connection, content)} "
                f'FROM "{table.table}" AS live'
            )
            found = dict(cursor.fetchall())
        rows = JournalRow.objects.filter(relation=table.table).order_by("pk")
        said = dict(rows.values_list("row_key", "digest"))
        erasures = Erasure.objects.filter(relation=table.table)
        said |= dict(erasures.values_list("row_key", "digest"))
        assert {key: said[key] for key in found} == found, table.table


def test_triggers_are_all_there_and_refuse_other_rows(admin, rangga):
    erase(admin, rangga)
    assert faults(connection) == []
    granted = Erasure.objects.filter(relation="audit_entry").values_list("row_key", flat=True)
    other = Entry.objects.exclude(pk__in=[int(key) for key in granted]).order_by("pk")[0]
    with pytest.raises(Exception, match="written once"), transaction.atomic():
        Entry.objects.filter(pk=other.pk).update(payload=None)


def test_erasure_is_an_entry_with_its_basis_and_counts(admin, rangga):
    rows = erase(admin, rangga)
    entry = Entry.objects.get(kind=Kind.ERASURE)
    assert entry.actor == admin
    told = json.loads(entry.payload)
    versions = told.pop("with")
    assert told == {"basis": BASIS, "person": rangga.pk, "rows": rows}
    # The versions that the emptied entries had entered.
    assert {label for label, *_row in versions} == {"accounts.Delegation"}
    assert Erasure.objects.values_list("basis", flat=True).distinct().get() == BASIS


def test_name_that_another_person_has_too_stays_in_texts(admin, rangga):
    UserFactory(name_plain=NAME)
    erase(admin, rangga)
    rangga.pillar.refresh_from_db()
    assert rangga.pillar.description == f"Kata {NAME}."
    assert naming(NIP, EMAIL) == set()


def test_one_word_is_no_name_to_look_for(admin):
    person = UserFactory(username="maju", name_plain="Maju", email="", is_active=False)
    with acting_as(system_account()):
        pillar = Pillar.objects.create(code="P8", name="Desa Maju", order=8)
    erase(admin, person)
    pillar.refresh_from_db()
    assert pillar.name == "Desa Maju"
    assert User.objects.get(pk=person.pk).name_plain == REMOVED


def test_what_others_are_called_stays(admin, rangga):
    other = UserFactory(name_plain="Rangga Sasmita Wijayanti")
    with at(0, other):
        pillar = Pillar.objects.create(
            code="P7", name="Pilar", order=7, description=other.name_plain
        )
    erase(admin, rangga)
    pillar.refresh_from_db()
    assert pillar.description == "Rangga Sasmita Wijayanti"


def test_only_administrators_erase(rangga):
    with pytest.raises(PermissionDenied):
        erase(UserFactory(), rangga)


def test_open_account_is_closed_first(admin):
    person = UserFactory()
    with pytest.raises(ValidationError, match=str(person)):
        erase(admin, person)


@pytest.mark.parametrize("basis", ["  ", f"Permohonan {NAME}", f"NIP {NIP}"])
def test_basis_is_named_without_the_person(admin, rangga, basis):
    with pytest.raises(ValidationError) as refused:
        erase(admin, rangga, basis)
    assert list(refused.value.message_dict) == ["basis"]


def test_erasing_twice_changes_nothing_more(admin, rangga):
    erase(admin, rangga)
    again = erase(admin, User.objects.get(pk=rangga.pk))
    assert set(again) <= {"accounts_user", "accounts_historicaluser", "audit_journal"}


def test_command_erases_in_the_name_of_an_administrator(admin, rangga, capsys):
    call_command("erase_person", "rangga", "--basis", BASIS, "--by", admin.username)
    assert Entry.objects.get(kind=Kind.ERASURE).actor == admin
    assert "accounts_user" in capsys.readouterr().out


@pytest.mark.parametrize("wrong", [("nobody", "admin"), ("rangga", "nobody"), ("rangga", "rangga")])
def test_command_says_what_is_wrong(admin, rangga, wrong):
    username, by = wrong
    with pytest.raises(CommandError):
        call_command("erase_person", username, "--basis", BASIS, "--by", by)


def test_packs_made_before_are_removed(admin, rangga, settings, django_capture_on_commit_callbacks):
    kept = settings.PACKS_DIR / "a.zip"
    kept.write_bytes(b"x")
    with django_capture_on_commit_callbacks(execute=True):
        erase(admin, rangga)
    assert not kept.exists()


def test_verification_finds_nothing_amiss(admin, rangga, checkpoint_key, capsys):
    make_checkpoint()
    erase(admin, rangga)
    make_checkpoint()
    call_command("verify_audit", "--json")
    assert json.loads(capsys.readouterr().out)["faults"] == []
