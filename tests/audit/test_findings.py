"""Findings: attached to an entry, followed up, closed once."""

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction

from approvals.refusals import NotAllowed
from audit.evidence_requests import accept_answer, answer_request, request_evidence
from audit.findings import close_finding, follow_up, record_finding
from audit.kinds import Kind
from audit.models import Entry, Finding
from tests.accounts.factories import AppointmentFactory, OfficeFactory
from tests.audit.factories import inspector, sees_everything, story
from tests.notifications.factories import UserFactory

pytestmark = [pytest.mark.integration, pytest.mark.django_db]


@pytest.fixture
def entry():
    return Entry.objects.filter(chain=story().case.code).latest("sequence")


def say(act, *args, **kwargs):
    with transaction.atomic():
        return act(*args, **kwargs)


def found(auditor, entry, **changed):
    said = {"title": "Tanpa surat tugas", "text": "Tidak ada surat.", "weight": "major"} | changed
    return say(record_finding, auditor, entry, **said)


def test_finding_is_attached_to_its_entry_and_enters_the_chain_of_the_case(entry):
    auditor = inspector()

    finding = found(auditor, entry)

    assert (finding.entry, finding.case_code) == (entry, entry.chain)
    assert (finding.found_by, finding.closed_at) == (auditor, None)
    newest = Entry.objects.filter(chain=entry.chain).latest("sequence")
    assert (newest.kind, newest.actor, newest.previous) == (Kind.FINDING, auditor, entry.hash)


def test_finding_on_the_system_belongs_to_no_case():
    auditor = inspector()
    entry = Entry.objects.filter(chain="system").latest("sequence")
    assert found(auditor, entry).case_code == ""


@pytest.mark.parametrize(
    ("field", "typed"),
    [("title", " "), ("title", "x" * 161), ("text", ""), ("text", "\x00"), ("weight", "huge")],
)
def test_finding_without_its_words_names_the_field(entry, field, typed):
    with pytest.raises(ValidationError) as refused:
        found(inspector(), entry, **{field: typed})
    assert set(refused.value.error_dict) == {field}
    assert not Finding.objects.exists()


def test_follow_up_until_it_is_closed(entry):
    auditor = inspector()
    finding = found(auditor, entry)

    say(follow_up, auditor, finding, "Sudah dibicarakan.")
    closed = say(close_finding, auditor, finding, "Surat ditemukan.")

    assert [one.text for one in finding.follow_ups.all()] == ["Sudah dibicarakan."]
    assert (closed.closed_by, closed.conclusion) == (auditor, "Surat ditemukan.")
    for act in (follow_up, close_finding):
        with pytest.raises(ValidationError):
            say(act, auditor, finding, "Lagi.")


def test_finding_stays_open_while_evidence_is_awaited(entry):
    auditor, office = inspector(), OfficeFactory()
    holder = AppointmentFactory(office=office).user
    finding = found(auditor, entry)
    asked = say(
        request_evidence, auditor, office, question="Mana?", working_days=3, finding=finding
    )

    with pytest.raises(ValidationError):
        say(close_finding, auditor, finding, "Selesai.")
    say(answer_request, holder, asked, "Ini.")
    say(accept_answer, auditor, asked)
    say(close_finding, auditor, finding, "Selesai.")

    finding.refresh_from_db()
    assert finding.conclusion == "Selesai."


@pytest.mark.parametrize("who", [sees_everything, UserFactory])
def test_only_the_inspectorate_holds_findings(entry, who):
    finding, person = found(inspector(), entry), who()
    for act, args in (
        (follow_up, (finding, "Sudah.")),
        (close_finding, (finding, "Sudah.")),
        (record_finding, (entry,)),
    ):
        words = {"title": "A", "text": "B", "weight": "note"} if act is record_finding else {}
        with pytest.raises(NotAllowed):
            say(act, person, *args, **words)
