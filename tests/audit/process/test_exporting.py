"""The event log in both forms: whole, in order, without names, and entered into the ledger."""

import io
import json
from xml.etree import ElementTree

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from accounts.models import User
from approvals.refusals import NotAllowed
from audit.hashing import sha256
from audit.models import Entry
from audit.process import events
from audit.process.events import traces
from audit.process.exporting import enter_export, write_log
from audit.process.scope import Scope
from tests.accounts.factories import UserFactory
from tests.approvals.calendar_factories import ClockPauseFactory
from tests.approvals.factories import LapseFactory

from .factories import REJECTED, answered, asked, day, save, step_of, travelled

pytestmark = [pytest.mark.integration, pytest.mark.django_db, pytest.mark.usefixtures("english")]
XES = "{http://www.xes-standard.org/}"
NAME = "Siti Rahmawati"


@pytest.fixture
def case():
    case = travelled(*REJECTED, code="INV-A", stays=2)
    signed = answered(asked(case, "completeness"), 1, person=UserFactory(name_plain=NAME))
    signed.capacity = "Plt. <Kepala> & \x0bBidang"
    save(signed)
    ClockPauseFactory(task=step_of(case, "completeness"), started_at=day(0, 1), kind="ministry")
    lapse = LapseFactory(sign_off=signed)
    lapse.at = day(1, 1)
    save(lapse)
    return case


def written(form):
    target = io.BytesIO()
    done = write_log(Scope(), form, target)
    return done, target.getvalue().decode()


def test_trace_tells_what_happened_in_its_order(case):
    (trace,) = traces(Scope())
    assert [(event.activity, event.lifecycle) for event in trace.events] == [
        ("Proposal", "complete"),
        ("Completeness check", "start"),
        ("Completeness check: clock stopped", "complete"),
        ("Completeness check: answer", "complete"),
        ("Completeness check: answer lapsed", "complete"),
        ("Completeness check", "complete"),
        ("End: Rejected", "complete"),
    ]
    head = Entry.objects.filter(chain="INV-A").order_by("sequence").last()
    assert (trace.code, trace.sequence, trace.head) == ("INV-A", head.sequence, head.hash)


def test_batches_lose_no_case(case, monkeypatch):
    for code in ("INV-B", "INV-C"):
        travelled(*REJECTED, code=code)
    monkeypatch.setattr(events, "BATCH", 2)
    assert [(one.code, len(one.events)) for one in traces(Scope())] == [
        ("INV-A", 7),
        ("INV-B", 4),
        ("INV-C", 4),
    ]


def test_xes_is_well_formed_and_names_nobody(case):
    done, text = written("xes")
    log = ElementTree.fromstring(text)
    (trace,) = log.findall(f"{XES}trace")
    found = trace.findall(f"{XES}event")
    assert (done.cases, done.events, len(found)) == (1, 7, 7)
    values = {one.get("key"): one.get("value") for one in found[3]}
    assert values["time:timestamp"] == "2026-03-03T03:00:00.000+00:00"
    assert values["org:role"] == "Plt. <Kepala> & Bidang"
    assert values["payung:outcome"] == "approve"
    assert values["org:resource"] == f"person-{User.objects.get(name_plain=NAME).pk}"
    assert NAME not in text


def test_ocel_relates_every_event_to_objects_that_it_lists(case):
    _done, text = written("ocel.json")
    log = json.loads(text)
    assert {*log} == {"events", "objects", "objectTypes", "eventTypes"}
    objects = {one["id"]: one["type"] for one in log["objects"]}
    kinds = {kind["name"]: kind for kind in log["objectTypes"]}
    types = {
        kind["name"]: {one["name"] for one in kind["attributes"]} for kind in log["eventTypes"]
    }
    related = [link["objectId"] for one in log["events"] for link in one["relationships"]]
    linked = [link["objectId"] for one in log["objects"] for link in one["relationships"]]
    assert {*related, *linked} <= objects.keys()
    assert {*objects.values()} <= kinds.keys()
    assert all(
        {a["name"] for a in one["attributes"]} <= types[one["type"]] for one in log["events"]
    )
    assert len({one["id"] for one in log["events"]}) == len(log["events"]) == 7
    assert NAME not in text


def test_export_is_an_entry_with_the_hash_of_the_file(case, tmp_path, capsys):
    path = tmp_path / "log.xes"
    call_command("export_process", str(path), "--json")
    report = json.loads(capsys.readouterr().out)
    entry = Entry.objects.filter(kind="export").get()
    content = json.loads(entry.payload)
    assert report["sha256"] == content["sha256"] == sha256(path.read_text())
    assert (content["cases"], content["events"]) == (1, 7)
    assert entry.actor == User.objects.system()


def test_person_without_the_right_enters_no_export():
    stranger = UserFactory()
    scope = Scope(stranger)
    with pytest.raises(NotAllowed), transaction.atomic():
        enter_export(stranger, scope, write_log(scope, "xes", io.BytesIO()))
    assert not Entry.objects.filter(kind="export").exists()


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["log.csv"], "FILE ends with .ocel.json or .xes."),
        (["log.xes", "--since", "kemarin"], "Begun from: write the day as 2026-11-23."),
        (["taken.xes"], "File exists"),
    ],
)
def test_command_says_what_is_wrong_and_writes_nothing(arguments, sentence, tmp_path):
    (tmp_path / "taken.xes").write_text("mine")
    with pytest.raises(CommandError, match=sentence):
        call_command("export_process", str(tmp_path / arguments[0]), *arguments[1:])
    assert [(one.name, one.read_text()) for one in tmp_path.iterdir()] == [("taken.xes", "mine")]
