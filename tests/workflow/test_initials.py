"""The sheet of initials behind a draft: who has initialled, for whom, and who has not yet."""

import io

import pytest
from django.db import transaction
from django.urls import reverse
from pypdf import PdfReader

from accounts.offices import today
from approvals.models import Outcome
from legal_basis.wording import long_date
from tests.regency import RUNS_ALREADY, person, record_of
from workflow.initials import initials_of
from workflow.walking import next_seat, sign_one

pytestmark = [
    pytest.mark.integration,
    pytest.mark.one_database,
    pytest.mark.usefixtures("regency", "db"),
]

WALKED = ["drafting", "initialling", "signing"]


def given(rows):
    return [bool(row.given) for row in rows]


def test_draft_that_is_not_initialled_yet_has_no_sheet(at):
    assert initials_of(at("drafting").code) is None


def test_sheet_names_the_related_units_first_and_then_those_above(at):
    sheet = initials_of(at("initialling").code)
    assert [row.office for row in sheet.coordination][-1].startswith("Kepala Badan Perencanaan")
    assert sheet.hierarchy[-1].office.startswith("Sekretaris Daerah")
    assert given(sheet.coordination) == [False, False]


def test_initial_is_dated_when_it_is_given(at):
    case = at("initialling")
    with transaction.atomic():
        sign_one(case, next_seat(case), record_of(RUNS_ALREADY))
    sheet = initials_of(case.code)
    assert given(sheet.coordination) == [True, False]
    assert sheet.coordination[0].given == f"Diparaf secara elektronik, {long_date(today())}"


def test_draft_sent_back_is_initialled_anew(at):
    case = at("initialling")
    with transaction.atomic():
        sign_one(
            case, next_seat(case), record_of(RUNS_ALREADY), Outcome.SEND_BACK.value, "Perbaiki."
        )
    assert given(initials_of(case.code).coordination) == [False, False]


def test_whoever_signs_sees_the_sheet_behind_the_draft(client, at):
    case = at("signing")
    client.force_login(person("bupati"))
    response = client.get(reverse("instrument_preview", args=[case.code]))
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(response.content)).pages]
    assert "LEMBAR PARAF" in pages[-1]
    assert pages[-1].index("Paraf Koordinasi") < pages[-1].index("Paraf Hierarki")
    assert pages[-1].count("Diparaf secara elektronik") == 4
