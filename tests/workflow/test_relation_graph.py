"""Where the boxes and lines of the picture stand."""

import pytest

from accounts.offices import today
from legal_basis.standing import Standing, State
from workflow.relation_graph import BOX_HEIGHT, BOX_WIDTH, picture_of, shortened
from workflow.umbrella import Link

pytestmark = [pytest.mark.unit, pytest.mark.usefixtures("english")]

HERE = ("1", "In force", "good")


def links(count):
    state = Standing(State.IN_FORCE, today())
    return [Link(f"{n}", "Judul", "Regent decree", "amends it", state) for n in range(count)]


def test_nothing_connected_is_no_picture():
    assert picture_of(HERE, [], []) is None


@pytest.mark.parametrize(("does", "suffers"), [(0, 1), (1, 0), (2, 3), (0, 7)])
def test_boxes_lie_inside_and_apart_and_lines_join_them(does, suffers):
    picture = picture_of(HERE, links(does), links(suffers))

    assert len(picture.boxes) == 1 + does + suffers
    assert len(picture.arrows) == does + suffers
    for box in picture.boxes:
        assert box.x >= 0
        assert box.x + BOX_WIDTH <= picture.width
        assert box.y >= 0
        assert box.y + BOX_HEIGHT <= picture.height
    places = [(box.x, box.y) for box in picture.boxes]
    assert len(set(places)) == len(places)
    for arrow in picture.arrows:
        assert arrow.end < arrow.label_x < arrow.acting.x


def test_what_acts_stands_at_the_right_of_its_target():
    picture = picture_of(HERE, links(1), links(1))
    here, target, acting = picture.boxes

    assert (here.here, target.x < here.x < acting.x) == (True, True)
    assert [(a.acting, a.target) for a in picture.arrows] == [(here, target), (acting, here)]


def test_long_number_is_shortened():
    assert shortened("100.3.3.2/001/KUM/2026") == "100.3.3.2/001/KUM/2026"
    assert shortened("9" * 80) == "9" * 23 + "…"
