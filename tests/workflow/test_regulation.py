"""A regulation over an innovation: drafted, initialled, signed, promulgated, published."""

import io

import pytest
from django.db import transaction
from pypdf import PdfReader

from approvals.models import SignOff
from legal_basis.drafting import current_instrument
from legal_basis.models import RegisterEntry
from legal_basis.standing import standing_of
from legal_basis.validation import verdict
from tests.regency import NEEDS_A_TRIAL, case_at, person
from tests.workflow.conftest import shared
from workflow.further import start_further
from workflow.models import Case
from workflow.walking import issue_now, walk

pytestmark = [
    pytest.mark.integration,
    pytest.mark.one_database,
    pytest.mark.usefixtures("regency", "db", "english"),
]

WALKED = ["done"]
REASON = "Penerapan inovasi perlu diatur bagi seluruh perangkat daerah."


@pytest.fixture(scope="module")
def finished(walked, django_db_blocker):
    """A regulation that joins two institutionalised innovations, walked once to its end."""
    with shared(django_db_blocker):
        case, other = Case.objects.get(pk=walked["done"]), case_at("done", NEEDS_A_TRIAL)
        with transaction.atomic():
            further = start_further(
                person("hukum"),
                case.code,
                kind="regent_regulation",
                purpose="stipulate",
                innovations=[other.innovation],
                reason=REASON,
            )
            walk(further, {})
        issue_now(further)
        with transaction.atomic():
            walk(further, {})
        return further.pk


@pytest.fixture
def published(finished, db):
    """The case of that regulation."""
    return Case.objects.select_related("innovation").get(pk=finished)


def test_regulation_is_signed_by_the_regent_and_promulgated_by_the_secretary(published):
    instrument = current_instrument(published.innovation)
    assert published.finished
    assert [(one.role, one.office.code) for one in instrument.signatures.all()] == [
        ("signatory", "bupati"),
        ("promulgator", "sekda"),
    ]
    signers = SignOff.objects.filter(seat__process=published.pk, seat__stage="signing")
    assert [one.person.username for one in signers.order_by("pk")] == ["bupati", "sekda"]
    found = verdict(instrument.document.read())
    assert (str(found.verdict), found.in_force) == ("TOTAL-PASSED", True)


def test_regulation_and_its_gazette_entry_have_numbers_of_their_own(published):
    instrument = current_instrument(published.innovation)
    entries = instrument.entries.order_by("kind")
    assert [(one.kind, one.number, one.status) for one in entries] == [
        ("gazette", "1", RegisterEntry.Status.ISSUED),
        ("regent_regulation", "1", RegisterEntry.Status.ISSUED),
    ]
    assert instrument.register_entry.dated == instrument.gazette_entry.dated == instrument.dated


def test_regulation_prints_both_blocks_the_gazette_line_and_a_part_for_each_innovation(published):
    instrument = current_instrument(published.innovation)
    pages = PdfReader(io.BytesIO(instrument.document.read())).pages
    text = " ".join(" ".join(page.extract_text().split()) for page in pages)
    year = instrument.dated.year
    wanted = [
        "PERATURAN BUPATI BELITUNG TIMUR",
        f"NOMOR 1 TAHUN {year}",
        "DENGAN RAHMAT TUHAN YANG MAHA ESA",
        "Ditetapkan di Manggar",
        "Diundangkan di Manggar",
        "SEKRETARIS DAERAH",
        f"BERITA DAERAH KABUPATEN BELITUNG TIMUR TAHUN {year} NOMOR 1",
        "LAMPIRAN",
    ]
    places = [text.find(words) for words in wanted]
    assert places == sorted(places)
    assert -1 not in places
    annex = text[places[-1] :]
    assert ("KERITAK" in annex, NEEDS_A_TRIAL in annex) == (True, True)


def test_innovation_rests_on_its_decree_and_on_the_regulation(published):
    instrument = current_instrument(published.innovation)
    rests_on = [row.instrument.kind for row in published.innovation.stipulations.order_by("pk")]
    assert rests_on == ["regent_decree", "regent_regulation"]
    assert standing_of(instrument).in_force
