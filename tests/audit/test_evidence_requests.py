"""Requests for evidence: who is asked, by when, who answers, and who is told."""

import datetime

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.acting import acting_as
from accounts.files.uploads import CheckedUpload
from accounts.models import User
from accounts.offices import today
from approvals.calendar import NATIONAL
from approvals.refusals import NotAllowed
from audit.evidence_requests import (
    accept_answer,
    answer_request,
    ask_again,
    awaiting,
    may_answer,
    remind_of_evidence,
    request_evidence,
    visible_requests,
)
from audit.kinds import Kind
from audit.models import Entry, EvidenceRequest
from notifications.models import Message
from tests.accounts.factories import AppointmentFactory, DelegationFactory
from tests.accounts.files import samples
from tests.audit.factories import inspector, sees_everything, story
from tests.notifications.factories import UserFactory

pytestmark = [pytest.mark.integration, pytest.mark.django_db]


@pytest.fixture
def auditor():
    return inspector()


@pytest.fixture
def holder():
    return AppointmentFactory().user


@pytest.fixture
def office(holder):
    return holder.appointments.get().office


def say(act, *args, **kwargs):
    with transaction.atomic():
        return act(*args, **kwargs)


def ask(auditor, office, **changed):
    said = {"question": "Unggah surat tugas.", "working_days": 5} | changed
    return say(request_evidence, auditor, office, **said)


def told(event):
    return set(Message.objects.filter(event=event).values_list("recipient", flat=True))


def test_office_is_asked_by_a_working_day_and_its_holder_is_told(auditor, holder, office):
    asked = ask(auditor, office)

    assert asked.due == NATIONAL.working_days_after(today(), 5)
    assert told("evidence_asked") == {holder.pk}
    assert Message.objects.get().path == f"/audit/requests/{asked.pk}/"
    assert list(awaiting({office.pk})) == [asked]
    assert Entry.objects.filter(kind=Kind.REQUEST, chain="system", actor=auditor).count() == 1


def test_question_on_a_case_enters_its_chain(auditor, office):
    code = story().case.code
    ask(auditor, office, case_code=code)
    assert Entry.objects.filter(chain=code).latest("sequence").kind == Kind.REQUEST


def test_answer_with_a_document_reaches_the_auditor(auditor, holder, office):
    asked = ask(auditor, office)
    document = CheckedUpload("surat.pdf", "application/pdf", samples.pdf())

    answered = say(answer_request, holder, asked, "Terlampir.", document)

    assert (answered.answered_by, answered.answer) == (holder, "Terlampir.")
    with answered.document.open() as kept:
        assert kept.read() == samples.pdf()
    assert answered.document_name == "surat.pdf"
    assert told("evidence_answered") == {auditor.pk}
    assert list(awaiting({office.pk})) == []


def test_answer_is_given_once_and_accepted_after_it_was_given(auditor, holder, office):
    asked = ask(auditor, office)
    with pytest.raises(ValidationError):
        say(accept_answer, auditor, asked)
    say(answer_request, holder, asked, "Ini.")
    with pytest.raises(ValidationError):
        say(answer_request, holder, asked, "Bukan, ini.")

    assert say(accept_answer, auditor, asked).closed_at is not None
    asked.refresh_from_db()
    assert asked.answer == "Ini."


def test_asking_again_closes_the_first_request(auditor, holder, office):
    asked = ask(auditor, office)
    say(answer_request, holder, asked, "Tidak tahu.")

    second = say(ask_again, auditor, asked, question="Siapa yang tahu?", working_days=2)

    asked.refresh_from_db()
    assert asked.closed_at is not None
    assert (second.office, second.closed_at) == (office, None)
    with pytest.raises(ValidationError):
        say(ask_again, auditor, asked, question="Siapa?", working_days=2)


def test_delegate_of_the_office_answers_and_others_do_not(auditor, holder, office):
    asked = ask(auditor, office)
    stranger = UserFactory()
    delegate = DelegationFactory(
        principal=holder.appointments.get(), start=today(), end=today()
    ).delegate

    assert (may_answer(holder, asked), may_answer(delegate, asked)) == (True, True)
    for person in (stranger, auditor):
        with pytest.raises(NotAllowed):
            say(answer_request, person, asked, "Ini.")


def test_request_is_visible_to_the_office_and_with_full_sight(auditor, holder, office):
    asked = ask(auditor, office)
    people = [holder, auditor, sees_everything(), UserFactory(), AppointmentFactory().user]
    assert [asked in visible_requests(person) for person in people] == [
        True,
        True,
        True,
        False,
        False,
    ]


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("question", " "),
        ("working_days", 0),
        ("working_days", 61),
        ("case_code", "INV-1999-0001"),
    ],
)
def test_request_that_cannot_be_names_the_field(auditor, office, field, typed):
    with pytest.raises(ValidationError) as refused:
        ask(auditor, office, **{field: typed})
    assert set(refused.value.error_dict) == {field}
    assert not EvidenceRequest.objects.exists()


@pytest.mark.parametrize("who", [sees_everything, UserFactory])
def test_only_the_inspectorate_asks_and_accepts(auditor, holder, office, who):
    asked, person = ask(auditor, office), who()
    say(answer_request, holder, asked, "Ini.")
    with pytest.raises(NotAllowed):
        ask(person, office)
    with pytest.raises(NotAllowed):
        say(accept_answer, person, asked)
    with pytest.raises(NotAllowed):
        say(ask_again, person, asked, question="Apa?", working_days=1)


def test_overdue_is_told_once_to_the_office_and_the_auditor(auditor, holder, office):
    asked = ask(auditor, office, working_days=1)
    assert remind_of_evidence() == 0
    with time_machine.travel(
        datetime.datetime.combine(asked.due, datetime.time(5), datetime.UTC)
        + datetime.timedelta(days=1)
    ):
        assert remind_of_evidence() == 1
        remind_of_evidence()

    assert told("evidence_overdue") == {holder.pk, auditor.pk}
    assert Message.objects.filter(event="evidence_overdue").count() == 2


def test_answered_in_time_is_not_overdue(auditor, holder, office):
    asked = ask(auditor, office, working_days=1)
    say(answer_request, holder, asked, "Ini.")
    with acting_as(User.objects.system()), transaction.atomic():
        EvidenceRequest.objects.filter(pk=asked.pk).update(due=today() - datetime.timedelta(9))
    assert remind_of_evidence() == 0
