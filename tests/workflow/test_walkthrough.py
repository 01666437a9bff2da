"""The command that walks a file: what it prints for people, and for programs."""

import io
import json

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import transaction
from django.utils import translation

from audit.models import Entry
from tests.regency import RUNS_ALREADY, SAMPLE, case_at, record_of
from tests.workflow.steps import leave
from workflow.faults import faults_of
from workflow.flows.institutionalisation import Institutionalisation
from workflow.nodes.stage import stage_nodes
from workflow.walking import WalkStopped, walk

pytestmark = [
    pytest.mark.integration,
    pytest.mark.one_database,
    pytest.mark.usefixtures("regency", "db"),
]


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "inovasi.json"
    path.write_text(json.dumps({"innovations": [record_of(RUNS_ALREADY)]}))
    return path


def walked(file, language, *options):
    told = io.StringIO()
    with translation.override(language):
        call_command("walkthrough", str(file), *options, stdout=told)
    return told.getvalue()


def test_walkthrough_tells_each_step_in_words(file):
    told = walked(file, "id")

    stages = stage_nodes(Institutionalisation)
    assert [stage.name for stage in stages if f" {stage.name} " in told] == []
    assert "Pemeriksaan kelengkapan – Analis Kebijakan pada Sekretariat Inovasi Daerah: " in told
    assert "menyatakan usulan lengkap" in told
    assert "menandatangani keputusan" in told


def test_walkthrough_tells_a_program_in_one_object(file):
    told = json.loads(walked(file, "id", "--json"))

    (innovation,) = told.pop("innovations")
    assert told == {}
    assert innovation.keys() == {
        "code",
        "state",
        "instrument_number",
        "pdf",
        "sha256",
        "ledger_head",
    }
    assert innovation["state"] == "institutionalised"
    last = Entry.objects.filter(chain=innovation["code"]).order_by("sequence").last()
    assert innovation["ledger_head"] == f"{last.chain}/{last.sequence} {last.hash}"


def panel(**declared):
    """The record, with what members of the panel declare: (conflict, note)."""
    record = record_of(RUNS_ALREADY)
    for row in record["assessments"]:
        conflict, note = declared.get(row["assessor"], ("none", ""))
        row |= {"conflict": conflict, "conflict_note": note}
    return record


def walked_to(record, until="alignment"):
    case = case_at("verification")
    told = []
    with transaction.atomic():
        case = walk(case, record, until=until, tell=told.append)
    return case, told


@pytest.mark.usefixtures("english")
def test_member_who_steps_back_is_passed_over():
    case, told = walked_to(
        panel(panel1=("recuse", "Adik inisiator."), panel2=("managed", "Mantan atasan; dicatat."))
    )

    assert case.stage == "alignment"
    assert told[0].endswith(": Stepped back")
    assert len(told) == 4
    kinds = dict(case.innovation.declarations.values_list("person__username", "kind"))
    assert kinds == {"panel1": "recuse", "panel2": "managed", "panel3": "none", "panel4": "none"}
    assert not case.innovation.assessments.filter(assessor__username="panel1").exists()


@pytest.mark.usefixtures("english")
def test_member_who_steps_back_needs_no_scores():
    record = panel(panel1=("recuse", "Adik inisiator."))
    first = record["assessments"][0]
    record["assessments"][0] = {key: first[key] for key in first if not key.startswith("score")}
    assert walked_to(record)[0].stage == "alignment"


@pytest.mark.usefixtures("english")
def test_panel_that_steps_back_stops_the_walk():
    declared = {f"panel{number}": ("recuse", "Kerabat.") for number in (1, 2, 3)}
    with pytest.raises(WalkStopped, match="Panel verification: nobody can sign for Ketua"):
        walked_to(panel(**declared))


@pytest.mark.usefixtures("english")
@pytest.mark.parametrize(
    ("conflict", "note", "sentence"),
    [
        ("", "", "Conflict of interest: choose one of the answers."),
        (None, None, "Conflict of interest: choose one of the answers."),
        ("maybe", "", "Conflict of interest: choose one of the answers."),
        (["none"], "", "Conflict of interest: choose one of the answers."),
        ("managed", "", "In a sentence: say how you manage the possible conflict of interest."),
        ("recuse", " ", "In a sentence: say what the conflict of interest is."),
    ],
)
def test_declaration_that_says_nothing_names_its_row(conflict, note, sentence):
    with pytest.raises(ValidationError) as refusal:
        walked_to(panel(panel2=(conflict, note)))
    (fault,) = faults_of(refusal.value)
    assert (fault.sentence, fault.path, fault.row) == (sentence, ("assessments",), 1)


@pytest.mark.usefixtures("english")
def test_panel_member_without_a_row_is_named():
    record = panel()
    del record["assessments"][0]
    with pytest.raises(ValidationError, match="assessments: there is none of “panel1”"):
        walked_to(record)


def test_seat_that_nobody_holds_is_left_where_others_suffice():
    case = case_at("verification")
    leave("panel1")
    with transaction.atomic():
        case = walk(case, record_of(RUNS_ALREADY), until="alignment")
    assert case.stage == "alignment"


@pytest.mark.parametrize("sample", ["walkthrough-sample.json", "walkthrough-sample.xlsx"])
def test_samples_of_the_documentation_go_all_the_way(sample):
    told = json.loads(walked(SAMPLE.parent / sample, "id", "--json"))
    states = [(one["state"], bool(one["sha256"])) for one in told["innovations"]]
    assert states == [("institutionalised", True)] * 2
