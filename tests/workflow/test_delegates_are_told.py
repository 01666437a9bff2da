"""Whoever is handed authority learns it from a message, and likewise that it has ended."""

import datetime

import pytest
from django.db import transaction

from accounts.delegations import delegate, revoke
from accounts.models import Appointment
from accounts.offices import today
from notifications.events import words
from notifications.models import Message
from tests.regency import person

pytestmark = [pytest.mark.integration, pytest.mark.usefixtures("regency", "db", "english")]

DELEGATE = "hukum"


@pytest.fixture
def given():
    """The regional secretary is away today."""
    holder = Appointment.objects.get(office__code="sekda", end=None)
    with transaction.atomic():
        return delegate(
            holder.user,
            holder,
            person(DELEGATE),
            start=today(),
            end=today() + datetime.timedelta(days=3),
            basis_number="100/7/KUASA/2026",
            basis_date=today(),
        )


def told(event):
    message = Message.objects.get(event=event)
    return message.recipient.username, message.path, words(event, message.params).sentence


def test_delegate_is_told_for_whom_by_which_letter_and_until_when(given):
    who, path, sentence = told("authority_given")

    assert (who, path) == (DELEGATE, "/authority/")
    assert f"you may sign a.n. {given.principal.title}, by letter 100/7/KUASA/2026." in sentence
    assert f"{given.end.day} {given.end:%B} {given.end.year}" in sentence


def test_delegate_is_told_that_it_has_ended_early(given):
    with transaction.atomic():
        revoke(given.principal.user, given, "Sudah kembali.")

    who, path, sentence = told("authority_ended")

    assert (who, path) == (DELEGATE, "/authority/")
    assert sentence.startswith("Letter 100/7/KUASA/2026, by which you signed a.n. ")


def test_nobody_is_told_of_what_was_not_handed_on():
    holder = Appointment.objects.get(office__code="sekda", end=None)
    with pytest.raises(Exception, match="behalf of themselves"), transaction.atomic():
        delegate(
            holder.user,
            holder,
            holder.user,
            start=today(),
            end=today(),
            basis_number="1",
            basis_date=today(),
        )

    assert not Message.objects.exists()
