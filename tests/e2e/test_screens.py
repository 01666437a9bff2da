"""Every screen, wide and narrow, light and dark: no barrier, no complaint, no jump, no overflow."""

import pytest

from .screens import SCREENS, Screen
from .watching import NARROW, OF_COLOUR, WIDE, barriers, resize, settled, shifted, too_wide

pytestmark = pytest.mark.e2e

STRICT = {
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
}
# A twentieth of what the web calls good: a line that finds its place is not yet a jump.
JUMP = 0.005


@pytest.mark.parametrize("screen", SCREENS, ids=lambda screen: screen.name)
def test_screen_has_no_barrier_and_stays_in_its_place(enter, stock, screen: Screen):
    page = enter(screen.who(stock), reduced_motion="reduce")
    where = screen.where(stock)

    for size in (NARROW, WIDE):
        resize(page, size)
        response = page.goto(where)
        settled(page)

        assert response.status == screen.status
        policy = {part.strip() for part in response.headers["content-security-policy"].split(";")}
        assert policy >= STRICT
        assert not any("unsafe" in part for part in policy)
        assert too_wide(page) == []
        assert shifted(page) <= JUMP
        assert barriers(page) == []
        page.emulate_media(color_scheme="dark")
        assert barriers(page, OF_COLOUR) == []
        page.emulate_media(color_scheme="light")
