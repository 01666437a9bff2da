import json

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import transaction
from django.utils import translation

from accounts.files.uploads import CheckedUpload
from legal_basis.issuing import PDF, issue
from legal_basis.models import Instrument
from legal_basis.wet_ink import confirm_scan, upload_scan
from tests.accounts.factories import AppointmentFactory, OfficeFactory
from tests.accounts.files import samples
from tests.legal_basis.factories import (
    head_of_legal_section,
    issued,
    number,
    numbered,
    on_its_way,
    regulation,
    secretary,
    with_case,
)

pytestmark = [pytest.mark.integration, pytest.mark.one_database, pytest.mark.django_db]


def checked(capsys, *arguments: str) -> tuple[int, str]:
    """Exit status and output of verify_document."""
    try:
        call_command("verify_document", *arguments)
    except SystemExit as left:
        return int(left.code or 0), capsys.readouterr().out
    return 0, capsys.readouterr().out


def test_issued_file_leaves_with_zero(capsys, tmp_path, decree):
    instrument = issued(decree.signed)
    file = tmp_path / "salinan.pdf"
    file.write_bytes(decree.signed)
    status, output = checked(capsys, str(file), "--json")
    answer = json.loads(output)
    assert (status, answer["verdict"], answer["number"], answer["in_force"]) == (
        0,
        "TOTAL-PASSED",
        instrument.number,
        True,
    )
    assert sorted(answer) == ["in_force", "number", "reason", "verdict"]


@pytest.mark.parametrize(
    ("content", "verdict"), [(b"%PDF-1.7", "INDETERMINATE"), (None, "TOTAL-FAILED")]
)
def test_anything_else_leaves_with_one(capsys, tmp_path, decree, content, verdict):
    issued(decree.signed)
    file = tmp_path / "salinan.pdf"
    file.write_bytes(content or decree.signed + b" ")
    status, output = checked(capsys, str(file), "--json")
    assert (status, json.loads(output)["verdict"]) == (1, verdict)


def test_verdict_is_a_sentence_without_json(capsys, tmp_path, decree):
    instrument = issued(decree.signed)
    file = tmp_path / "salinan.pdf"
    file.write_bytes(decree.signed)
    status, output = checked(capsys, str(file))
    assert status == 0
    assert output.startswith("TOTAL-PASSED: ")
    assert instrument.number in output


@pytest.mark.parametrize(
    ("language", "said"), [("id", "berlaku pada hari ini"), ("en", "in force today")]
)
def test_verdict_is_said_in_the_language_of_the_installation(
    capsys, tmp_path, decree, language, said
):
    instrument = issued(decree.signed)
    file = tmp_path / "salinan.pdf"
    file.write_bytes(decree.signed)
    with translation.override(language):
        _status, output = checked(capsys, str(file))
    assert output.splitlines()[1] == f"{instrument.number}: {said}"


def test_missing_file_is_an_error_with_its_name(tmp_path):
    with pytest.raises(CommandError, match=r"tidak-ada\.pdf"):
        call_command("verify_document", str(tmp_path / "tidak-ada.pdf"))


def test_make_authority_is_repeatable(capsys, settings, tmp_path):
    settings.PKI_DIR = tmp_path / "pki"
    call_command("make_authority")
    first = capsys.readouterr().out
    call_command("make_authority")
    assert ("was created" in first, "is there already" in capsys.readouterr().out) == (True, True)


def test_issue_pending_enqueues_what_nobody_issued(capsys):
    numbered()
    call_command("issue_pending", "--older-than", "0")
    assert capsys.readouterr().out == "1 enqueued.\n"


def issued_regulation() -> Instrument:
    """A regulation that the regent has signed and the secretary has promulgated."""
    made = with_case(regulation())
    number(made, secretary())
    issue(made.pk)
    return Instrument.objects.get(pk=made.pk)


def scanned_decree() -> Instrument:
    """A decree that was signed in ink, and whose scan a second person has confirmed."""
    made = on_its_way()
    issue(made.pk)
    unit = head_of_legal_section().office.unit
    first, second = (AppointmentFactory(office=OfficeFactory(unit=unit)).user for _ in range(2))
    with transaction.atomic():
        confirm_scan(
            second, upload_scan(first, made, CheckedUpload("scan.pdf", PDF, samples.pdf()))
        )
    return Instrument.objects.get(pk=made.pk)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("way", "made", "reason"),
    [
        ("local", issued_regulation, "and its signatures are valid."),
        ("wet_ink", scanned_decree, "the exact bytes of the confirmed scan"),
    ],
    ids=["two signatures", "scan"],
)
def test_document_of_every_way_is_known_and_one_changed_byte_is_not(
    capsys, tmp_path, settings, way, made, reason
):
    settings.SIGNING_PROVIDER = way
    instrument = made()
    assert instrument.status == Instrument.Status.ISSUED
    content = instrument.document.read()
    file = tmp_path / "salinan.pdf"
    file.write_bytes(content)

    with translation.override("en"):
        status, output = checked(capsys, str(file), "--json")
        answer = json.loads(output)
        file.write_bytes(content.replace(b"%%EOF", b"%%eof", 1))
        changed, said = checked(capsys, str(file), "--json")

    assert (status, answer["verdict"], answer["number"], answer["in_force"]) == (
        0,
        "TOTAL-PASSED",
        instrument.number,
        True,
    )
    assert reason in answer["reason"]
    assert (changed, json.loads(said)["verdict"] == "TOTAL-PASSED") == (1, False)
