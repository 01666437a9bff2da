"""The command that walks a file: what it prints for people, and for programs."""

import io
import json

import pytest
from django.core.management import call_command
from django.utils import translation

from tests.regency import RUNS_ALREADY, record_of
from workflow.flows.institutionalisation import Institutionalisation
from workflow.nodes.stage import stage_nodes

pytestmark = [pytest.mark.integration, pytest.mark.usefixtures("regency", "db")]


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
    assert (innovation["state"], innovation["ledger_head"]) == ("institutionalised", None)
