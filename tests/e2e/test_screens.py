"""Every screen, wide and narrow, light and dark: light to load, no barrier, jump or overflow."""

import pytest

from .screens import SCREENS, Screen
from .watching import (
    NARROW,
    OF_COLOUR,
    WIDE,
    Weight,
    barriers,
    jumps,
    resize,
    settled,
    too_wide,
)

pytestmark = pytest.mark.e2e

STRICT = {
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
}
FIRST_VISIT = 150 * 1024
REQUESTS = 8


@pytest.mark.parametrize("screen", SCREENS, ids=lambda screen: screen.name)
def test_screen_is_light_has_no_barrier_and_stays_in_its_place(enter, stock, screen: Screen):
    page = enter(screen.who(stock), reduced_motion="reduce")
    where = screen.where(stock)
    weight = Weight(page)

    for size in (WIDE, NARROW):
        resize(page, size)
        response = page.goto(where)
        settled(page)

        assert response.status == screen.status
        policy = {part.strip() for part in response.headers["content-security-policy"].split(";")}
        assert policy >= STRICT
        assert not any("unsafe" in part for part in policy)
        assert too_wide(page) == []
        assert jumps(page) == []
        if size == WIDE:
            assert barriers(page) == []
            assert sum(weight.without_fonts().values()) <= FIRST_VISIT, weight.arrived
            assert len(weight.arrived) <= REQUESTS, weight.arrived
        # The narrow page is looked through whole in the dark: both have the colours of one sheet.
        page.emulate_media(color_scheme="dark")
        assert barriers(page, OF_COLOUR if size == WIDE else None) == []
        page.emulate_media(color_scheme="light")
