import datetime

import pytest
from django.utils import translation

from audit.stops import (
    MOST_STOPS,
    act_of,
    neighbours,
    place_of,
    stations_of,
    stops_of,
    thinned,
)
from tests.audit.factories import START, at, story

MINUTE = datetime.timedelta(minutes=1)


def minutes(moments):
    return [(moment - START) // MINUTE for moment in moments]


@pytest.mark.integration
@pytest.mark.django_db
def test_stops_are_the_acts_and_cost_one_query(django_assert_num_queries):
    told = story()
    with django_assert_num_queries(1):
        stops = stops_of(told.case.innovation_id)
    assert minutes(stops) == [0, 10, 20, 30]
    story()
    assert stops_of(told.case.innovation_id) == stops


@pytest.mark.integration
@pytest.mark.django_db
def test_two_people_at_one_moment_are_two_stops():
    told = story()
    with at(40, told.initiator):
        told.case.innovation.save()
    with at(40, told.assessor):
        told.assessment.save()
    assert minutes(stops_of(told.case.innovation_id)) == [0, 10, 20, 30, 40, 40]


@pytest.mark.integration
@pytest.mark.django_db
def test_stations_are_the_stages_in_the_order_in_which_the_case_came_to_them():
    told = story()
    for minute, stage in ((40, "verification"), (50, "verification"), (60, "revision")):
        with at(minute, told.initiator):
            told.case.stage = stage
            told.case.save()
    with translation.override("en"):
        stations = stations_of(told.case, stops_of(told.case.innovation_id))
    assert minutes(station.at for station in stations)[-2:] == [40, 60]
    assert [station.stage for station in stations][-2:] == [
        "Panel verification",
        "Revision by the initiator",
    ]


@pytest.mark.unit
@pytest.mark.parametrize("count", [1, 2, MOST_STOPS, MOST_STOPS + 1, 10_000])
def test_slider_has_few_stops_with_the_first_and_the_last(count):
    stops = [START + n * MINUTE for n in range(count)]
    few = thinned(stops)
    assert len(few) == min(count, MOST_STOPS)
    assert (few[0], few[-1]) == (stops[0], stops[-1])
    assert few == sorted(set(few))


@pytest.mark.unit
@pytest.mark.parametrize(
    ("minute", "place", "before", "after"),
    [(-1, 0, None, 0), (0, 0, None, 10), (5, 0, None, 10), (10, 1, 0, 20), (99, 2, 10, None)],
)
def test_moment_has_its_place_among_the_stops(minute, place, before, after):
    stops = [START + n * MINUTE for n in (0, 10, 20)]
    moment = START + minute * MINUTE
    assert place_of(stops, moment) == place
    expected = [None if n is None else START + n * MINUTE for n in (before, after)]
    assert list(neighbours(stops, moment)) == expected


@pytest.mark.unit
def test_act_of_something_written_ends_with_it_or_later():
    stops = [START, START + MINUTE]
    assert act_of(stops, START) == START
    assert act_of(stops, START + MINUTE / 2) == START + MINUTE
    assert act_of(stops, START + 2 * MINUTE) == START + MINUTE
