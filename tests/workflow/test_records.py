"""What `walkthrough` says of a file that does not hold, and that nothing is half done."""

import json
from io import StringIO
from pathlib import Path

import openpyxl
import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command

from innovations.models import Innovation
from legal_basis.models import RegisterEntry
from workflow.records import read

SAMPLES = Path(settings.BASE_DIR) / "docs"


@pytest.fixture
def sample():
    return json.loads((SAMPLES / "walkthrough-sample.json").read_text())


@pytest.fixture
def in_json(tmp_path):
    def write(data):
        path = tmp_path / "daftar.json"
        path.write_text(json.dumps(data))
        return path

    return write


@pytest.fixture
def in_xlsx(tmp_path):
    def write(*changes):
        book = openpyxl.load_workbook(SAMPLES / "walkthrough-sample.xlsx")
        for sheet, row, heading, value in changes:
            headings = [cell.value for cell in book[sheet][1]]
            book[sheet].cell(row, headings.index(heading) + 1).value = value
        path = tmp_path / "daftar.xlsx"
        book.save(path)
        return path

    return write


def refusal(path):
    with pytest.raises(ValidationError) as refused:
        read(path)
    return refused.value.messages[0]


@pytest.mark.unit
def test_both_forms_of_the_sample_hold_the_same(english):
    from_json = [located.record for located in read(SAMPLES / "walkthrough-sample.json")]
    from_xlsx = [located.record for located in read(SAMPLES / "walkthrough-sample.xlsx")]

    assert [record["name"] for record in from_json] == [record["name"] for record in from_xlsx]
    assert [len(r["alignment"]["pillars"]) for r in from_json] == [
        len(r["alignment"]["pillars"]) for r in from_xlsx
    ]


@pytest.mark.unit
@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("daftar.json", "{", "is no valid JSON"),
        ("daftar.json", "[]", 'needs a list under "innovations"'),
        ("daftar.json", '{"innovations": []}', 'needs a list under "innovations"'),
        ("daftar.json", '{"innovations": [7]}', "is no object with fields"),
        ("daftar.json", '{"innovations": [{"trial": 7}]}', "must be an object"),
        ("daftar.json", '{"innovations": [{"evidence": {"a": 1}}]}', "must be a list of objects"),
        ("daftar.xlsx", "no spreadsheet", "cannot be read as XLSX"),
        ("daftar.csv", "a,b", "is neither a JSON nor an XLSX file"),
    ],
)
def test_unreadable_file_is_refused_with_a_sentence(tmp_path, english, name, content, says):
    path = tmp_path / name
    path.write_text(content)

    assert says in refusal(path)


@pytest.mark.unit
def test_missing_file_is_refused_with_a_sentence(tmp_path, english):
    assert "There is no file" in refusal(tmp_path / "tidak-ada.json")


@pytest.mark.unit
def test_row_without_its_innovation_names_sheet_and_line(in_xlsx, english):
    path = in_xlsx(("bukti", 3, "no", 99))

    assert refusal(path).startswith("sheet bukti, line 3: there is no innovation number 99")


@pytest.mark.unit
def test_number_that_stands_twice_names_its_line(in_xlsx, english):
    assert "sheet inovasi, line 3: number 1 stands twice" in refusal(
        in_xlsx(("inovasi", 3, "no", 1))
    )


@pytest.mark.integration
@pytest.mark.usefixtures("regency", "db", "english")
@pytest.mark.parametrize(
    ("change", "says"),
    [
        (("bukti", 2, "document_date", "kemarin"), "sheet bukti, line 2: "),
        (("pilar", 2, "weight", 1), "sheet pilar: "),
        (("dana", 2, "amount", -5), "sheet dana, line 2: "),
        (("dana", 2, "amount", "sejuta"), "sheet dana, line 2: "),
        (("indikator", 2, "baseline", "banyak"), "sheet indikator, line 2: "),
        (("penilaian", 2, "score_benefit", 9), "sheet penilaian, line 2: "),
        (("inovasi", 2, "design_description", "Terlalu pendek."), "sheet inovasi, line 2: "),
        (("inovasi", 2, "name", "N" * 300), "sheet inovasi, line 2: "),
        (("inovasi", 2, "initiator", "siapa"), "sheet inovasi, line 2: "),
    ],
)
def test_wrong_row_names_its_place_and_leaves_nothing(in_xlsx, change, says):
    before = Innovation.objects.count()
    path = in_xlsx(change)
    from workflow.faults import faults_of
    from workflow.walking import go_all_the_way

    located = read(path)[0]
    with pytest.raises(ValidationError) as refused:
        go_all_the_way(located.record, folder=path.parent, tell=lambda _: None)
    told = [
        f"{located.place_of(fault.path, fault.row)}: {fault.sentence}"
        for fault in faults_of(refused.value)
    ]

    assert any(line.startswith(says) for line in told), told
    assert Innovation.objects.count() == before
    assert RegisterEntry.objects.count() == 0


@pytest.mark.integration
@pytest.mark.usefixtures("regency")
@pytest.mark.django_db
def test_unknown_field_is_named(in_json, sample, english):
    sample["innovations"] = [sample["innovations"][0] | {"nmae": "SIMPOR"}]

    with pytest.raises(CommandError, match="innovation 1 .SIMPOR.: nmae: not known"):
        call_command("walkthrough", in_json(sample), stdout=StringIO())
