"""Several schedulers at once: what follows from an expiry is opened once, its end is told once."""

import datetime
import threading

import pytest
from django.db import connection

from accounts.acting import acting_as
from accounts.offices import today
from legal_basis.models import Consequence
from notifications.models import Message
from planning.models import Commitment
from tests.innovations.factories import AppointmentFactory, OfficeFactory
from tests.legal_basis.factories import issued, system
from tests.workflow.factories import CaseFactory
from workflow.aftermath import look_after_instruments
from workflow.expiry import warn_of_expiry

pytestmark = [pytest.mark.integration, pytest.mark.django_db(transaction=True)]

AT_ONCE = 4
DAY = datetime.timedelta(days=1)


def decree(*, until):
    """An issued decree of a case, with a promise of an office that somebody holds."""
    system()
    head = OfficeFactory(code="kabag-hukum", title="Kepala Bagian Hukum")
    AppointmentFactory(office=head)
    instrument = issued(b"%PDF-1.7 decree", in_force_from=today() - 9 * DAY, in_force_until=until)
    CaseFactory(innovation=instrument.innovation, code=instrument.innovation.code, stage="done")
    owner = AppointmentFactory().office
    with acting_as(system()):
        Commitment.objects.create(
            innovation=instrument.innovation,
            statement="Kami menjamin keberlanjutannya.",
            owner_office=owner,
            custodian_office=OfficeFactory(),
        )


def together(function):
    start, answers = threading.Barrier(AT_ONCE), []

    def run():
        start.wait()
        try:
            answers.append(function())
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(AT_ONCE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    assert len(answers) == AT_ONCE
    return answers


def test_what_follows_is_opened_and_told_once():
    decree(until=today() - DAY)

    answers = together(look_after_instruments)

    assert sum(answers) == 1
    assert Consequence.objects.count() == 1
    assert Message.objects.filter(event="consequence_opened").count() == 1


def test_end_is_told_once_to_each():
    decree(until=today() + 10 * DAY)

    together(warn_of_expiry)

    told = Message.objects.filter(event="instrument_expiring")
    people = list(told.values_list("recipient", flat=True))
    assert len(people) == 2
    assert len(set(people)) == 2
    with acting_as(system()):
        assert warn_of_expiry() == 1
    assert told.count() == 2
