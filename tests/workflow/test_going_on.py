"""Where an answer leads: to the next item that its page has named, or to the one found anew."""

import re

import pytest
from django.core.signing import dumps
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.acting import acting_as
from approvals.models import Seat
from tests.accounts.factories import system_account
from tests.regency import person

from .filling import copied, waiting

pytestmark = [
    pytest.mark.integration,
    pytest.mark.one_database,
    pytest.mark.usefixtures("regency", "db"),
]

WALKED = ["initialling", "completeness"]
CEILING = 22


def path_of(seat):
    return reverse("act", args=[seat.case_code, seat.pk])


@pytest.fixture
def two(at):
    """The open seat of an office, and one of the same stage behind it, of another case."""
    first, elsewhere = waiting(at("initialling")), waiting(at("completeness"))
    of_the_other = {
        name: getattr(elsewhere, name) for name in ("process_id", "task_id", "case_code")
    }
    return first, copied(first, **of_the_other)


@pytest.fixture
def reader(client, two):
    client.force_login(two[0].office.appointments.get(end=None).user)
    return client


def case_of(seat):
    return reverse("case", args=[seat.process.case.innovation.code])


def promised(client, seat):
    """What the page of a seat has named to go on with."""
    form = client.get(path_of(seat)).content.decode().partition("data-decision")[2]
    found = re.search(r'name="next" value="([^"]+)"', form)
    return found and found[1]


def answered(client, seat, **typed):
    return client.post(path_of(seat), {"outcome": "approve", **typed})


def test_answer_leads_to_what_its_page_has_named(reader, two):
    first, second = two
    promise = promised(reader, first)

    assert answered(reader, first, next=promise).url == path_of(second)


def test_last_one_names_nothing_and_leads_back_to_the_top(reader, two):
    first, second = two

    assert promised(reader, second) is None
    assert answered(reader, first).url == path_of(second)


def test_what_was_answered_meanwhile_is_passed_over(reader, two):
    first, second = two
    promise = promised(reader, first)
    with acting_as(system_account()):
        Seat.objects.filter(pk=second.pk).update(state=Seat.State.SIGNED)

    assert answered(reader, first, next=promise).url == case_of(first)


def test_what_a_colleague_has_taken_up_meanwhile_is_passed_over(reader, two):
    first, second = two
    promise = promised(reader, first)
    taken_up = {"claimed_by": person("admin"), "claimed_at": timezone.now()}
    with acting_as(system_account()):
        Seat.objects.filter(pk=second.pk).update(**taken_up)

    assert answered(reader, first, next=promise).url == case_of(first)


@pytest.mark.parametrize("forged", ["", "1", "eyJ4IjoxfQ:1:2", "ÿ" * 100_000])
def test_forged_name_is_looked_up_anew(reader, two, forged):
    assert answered(reader, two[0], next=forged).url == path_of(two[1])


def test_name_made_for_another_reader_is_worth_nothing(reader, two):
    first, second = two
    with acting_as(system_account()):
        Seat.objects.filter(pk=second.pk).update(office=None, person=person("admin"))
    for_another = dumps([second.case_code, second.pk], salt=f"next:{person('admin').pk}")

    assert answered(reader, first, next=for_another).url == case_of(first)


def test_answer_that_goes_on_as_named_stays_under_its_ceiling(reader, two):
    promise = promised(reader, two[0])

    with CaptureQueriesContext(connection) as queries:
        answered(reader, two[0], next=promise)

    assert len(queries) <= CEILING
