import datetime

import pytest
from django.utils import timezone, translation

from accounts.acting import acting_as
from accounts.models import Appointment, Office
from audit.comparing import differences_between
from audit.moments import moment_of
from tests.audit.factories import DESIGN, NEW_DESIGN, START, aligned, at, story
from tests.notifications.factories import system
from tests.regency import case_at, person, settle_in

pytestmark = [pytest.mark.integration, pytest.mark.postgresql_by_day, pytest.mark.django_db]


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


def between(case, first, last):
    minutes = (START + datetime.timedelta(minutes=minute) for minute in (first, last))
    return differences_between(*(moment_of(case.innovation_id, at) for at in minutes))


def told(differences):
    return [(one.state, one.label, [field.label for field in one.fields]) for one in differences]


def test_nothing_differs_where_nothing_was_written():
    assert between(story().case, 10, 19) == []


def test_changed_row_tells_the_fields_that_differ():
    (changed,) = between(story().case, 0, 10)
    assert (changed.state, changed.title) == ("changed", "Sirup Pala Maju")
    assert [(field.label, field.old, field.new) for field in changed.fields] == [
        ("Name of the innovation", "Sirup Pala", "Sirup Pala Maju"),
        ("Design (rancang bangun)", DESIGN, NEW_DESIGN),
    ]


def test_row_that_came_is_told_with_its_contents():
    assert told(between(story().case, 10, 20)) == [
        ("added", "Assessment", ["Revision", "Assessor", "Total"]),
        ("added", "Assessment score", ["Criterion", "Score"]),
        ("added", "Assessment score", ["Criterion", "Score"]),
    ]


def test_row_that_went_is_told_with_what_it_was():
    one = story()
    with at(40, one.initiator):
        link, *_rest = aligned(one.case)
    with at(50, one.initiator):
        link.delete()
    (gone,) = between(one.case, 40, 50)
    assert (gone.state, gone.title) == ("removed", "Kesehatan")
    assert {field.new for field in gone.fields} == {""}


def test_row_that_came_and_went_between_the_moments_does_not_differ():
    one = story()
    with at(40, one.initiator):
        link, *_rest = aligned(one.case)
    with at(50, one.initiator):
        link.delete()
    labels = [difference.label for difference in between(one.case, 30, 50)]
    assert labels == ["Alignment", "Indicator", "Target"]


def test_instrument_differs_by_the_words_of_its_printed_text_and_offices_by_their_holders():
    settle_in()
    case = case_at("initialling")
    before = timezone.now()
    secretary, successor = Office.objects.get(code="sekda"), person("asisten1")
    instrument = case.innovation.instruments.get()
    with acting_as(system()):
        text = instrument.content["dicta"][0]["text"]
        instrument.content["dicta"][0]["text"] = text.replace(" ", " dan mengumumkan ", 1)
        instrument.save()
        Appointment.objects.create(
            office=secretary,
            user=successor,
            capacity="plh",
            start=timezone.localdate(),
            end=timezone.localdate(),
            basis_number="800/2",
            basis_date=timezone.localdate(),
        )
    now = timezone.now()
    changed, held = differences_between(*(moment_of(case.innovation_id, a) for a in (before, now)))
    (dicta,) = changed.fields
    assert (changed.label, dicta.label) == ("Instrument", "Dicta")
    assert dicta.new.replace(" dan mengumumkan", "", 1) == dicta.old
    assert held.label == "Who held the offices"
    (field,) = held.fields
    assert field.label == secretary.title
    assert field.new == f"{successor}, Plh. {secretary.title}"
