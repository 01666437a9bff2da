"""Acts become entries: each in its chain, in the transaction of the act."""

import json

import pytest
from django.db import DatabaseError, connection, transaction

from accounts.acting import NoActor, verb
from accounts.models import Unit
from accounts.offices import appoint, today
from accounts.rights import dismiss_administrator, make_administrator
from approvals.models import SignOff
from audit.hashing import NOTHING, entry_hash, sha256
from audit.kinds import Kind
from audit.ledger import SYSTEM, record
from audit.models import Entry
from tests.accounts.factories import OfficeFactory, UnitFactory, UserFactory, system_account
from tests.regency import person
from workflow.decisions import Act, decide
from workflow.walking import next_seat

pytestmark = [pytest.mark.integration, pytest.mark.usefixtures("regency", "db", "english")]
WALKED = ["initialling"]


def kinds_since(before):
    return list(Entry.objects.filter(pk__gt=before).values_list("kind", "chain"))


def last():
    return Entry.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def test_every_chain_holds_from_its_first_entry(at):
    at("initialling")
    heads = {}
    for entry in Entry.objects.order_by("pk"):
        sequence, previous = heads.get(entry.chain, (0, NOTHING))
        assert (entry.sequence, entry.previous) == (sequence + 1, previous)
        assert entry.payload_hash == sha256(entry.payload)
        assert entry.hash == entry_hash(
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
        heads[entry.chain] = entry.sequence, entry.hash
    assert len(heads) > 1


def test_sign_off_is_one_entry_of_its_case_with_capacity_and_rows(at):
    case = at("initialling")
    seat, before = next_seat(case), last()
    with transaction.atomic():
        decide(person("kapus.kampit"), case.code, seat.pk, Act("approve"))
    assert kinds_since(before) == [(Kind.SIGN_OFF, case.code)]
    entry = Entry.objects.get(pk__gt=before)
    sign_off = SignOff.objects.get(seat=seat)
    assert (entry.actor_id, entry.capacity) == (sign_off.person_id, sign_off.capacity)
    content = json.loads(entry.payload)
    assert content["row"][:3] == ["approvals.SignOff", sign_off.pk, "+"]
    assert content["values"]["content_hash"] == sign_off.content_hash
    assert ["approvals.Seat", seat.pk, "~"] in [row[:3] for row in content["with"]]


def test_act_without_its_entry_does_not_happen(at):
    case = at("initialling")
    seat = next_seat(case)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE audit_entry RENAME COLUMN capacity TO elsewhere")
    with pytest.raises(DatabaseError), transaction.atomic():
        decide(person("kapus.kampit"), case.code, seat.pk, Act("approve"))
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE audit_entry RENAME COLUMN elsewhere TO capacity")
    assert not SignOff.objects.filter(seat=seat).exists()


def test_rows_of_the_house_are_entries_of_the_system():
    before = last()
    office, user = OfficeFactory(), UserFactory()
    with transaction.atomic():
        appoint(
            system_account(),
            user,
            office,
            start=today(),
            basis_number="SK-1",
            basis_date=today(),
        )
    assert (Kind.APPOINTMENT, SYSTEM) in kinds_since(before)


def test_permissions_are_entered_when_granted_and_when_withdrawn():
    other, before = UserFactory(), last()
    with transaction.atomic():
        make_administrator(system_account(), other)
        dismiss_administrator(system_account(), other)
    changes = [
        json.loads(payload)["change"]
        for payload in Entry.objects.filter(pk__gt=before, kind=Kind.PERMISSION).values_list(
            "payload", flat=True
        )
    ]
    assert changes == ["add", "remove"]


def test_personal_data_stay_out_of_the_ledger():
    before = last()
    user = UserFactory(nip="197001012000011001", email="rahasia@example.test")
    told = "".join(Entry.objects.filter(pk__gt=before).values_list("payload", flat=True))
    assert [part for part in (user.nip, user.email, user.name_plain) if part in told] == []


def test_deeds_of_a_block_that_failed_are_forgotten():
    @verb
    def fails(actor):
        UnitFactory()
        raise ValueError

    @verb
    def tries(actor):
        try:
            with transaction.atomic():
                fails(actor)
        except ValueError:
            Unit.objects.first().save()

    before = last()
    with transaction.atomic():
        tries(system_account())
    (entry,) = Entry.objects.filter(pk__gt=before)
    assert [row[2] for row in json.loads(entry.payload)["with"]] == ["~"]


def test_entry_needs_an_actor():
    with pytest.raises(NoActor), transaction.atomic():
        record(Kind.EXPORT, {})


def test_login_of_a_privileged_account_is_entered(client):
    before = last()
    for username in ("kapus.kampit", "inspektur", "admin"):
        client.force_login(person(username))
    entered = Entry.objects.filter(pk__gt=before, kind=Kind.LOGIN).values_list("actor__username")
    assert list(entered) == [("inspektur",), ("admin",)]


def test_refused_attempt_is_entered(client, at):
    case = at("initialling")
    client.force_login(person("kapus.kampit"))
    before = last()
    assert client.post(f"/cases/{case.code}/withdraw/", {"reason": "Batal."}).status_code == 403
    (entry,) = Entry.objects.filter(pk__gt=before)
    assert (entry.kind, json.loads(entry.payload)["case"]) == (Kind.REFUSAL, case.code)
