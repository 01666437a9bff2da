"""Every screen, wide and narrow, light and dark: light to load, no barrier, jump or overflow."""

import pytest
from playwright.sync_api import Page

from tests.house.tiers import NIGHT

from .screens import SCREENS, Screen
from .stock import Stock
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
# One sheet holds the colours of the dark for all: by day a quarter of the screens is asked.
IN_THE_DARK = SCREENS if NIGHT else SCREENS[::4]
EACH = pytest.mark.parametrize("screen", SCREENS, ids=lambda screen: screen.name)


@EACH
def test_screen_is_light_has_no_barrier_and_stays_in_its_place(enter, stock, screen: Screen):
    page = enter(screen.who(stock), reduced_motion="reduce")
    weight = Weight(page)

    opened(page, stock, screen)

    assert barriers(page) == []
    assert sum(weight.without_fonts().values()) <= FIRST_VISIT, weight.arrived
    assert len(weight.arrived) <= REQUESTS, weight.arrived
    resize(page, NARROW)
    page.emulate_media(color_scheme="dark")
    assert too_wide(page) == []
    if screen in IN_THE_DARK:
        assert barriers(page, OF_COLOUR) == []


@EACH
@pytest.mark.nightly
def test_screen_opened_narrow_and_dark_has_no_barrier_either(enter, stock, screen: Screen):
    page = enter(screen.who(stock), reduced_motion="reduce", color_scheme="dark")

    opened(page, stock, screen, NARROW)

    # Looked through whole: both widths have the colours of one sheet.
    assert barriers(page) == []
    page.emulate_media(color_scheme="light")
    assert barriers(page, OF_COLOUR) == []
    resize(page, WIDE)
    page.emulate_media(color_scheme="dark")
    assert too_wide(page) == []
    assert barriers(page, OF_COLOUR) == []


def opened(page: Page, stock: Stock, screen: Screen, size: tuple[int, int] = WIDE) -> None:
    """Open a screen at its size: it answers as it should, and nothing moves or reaches out."""
    resize(page, size)
    response = page.goto(screen.where(stock))
    assert response is not None
    settled(page)
    assert response.status == screen.status
    policy = {part.strip() for part in response.headers["content-security-policy"].split(";")}
    assert policy >= STRICT
    assert not any("unsafe" in part for part in policy)
    assert too_wide(page) == []
    assert jumps(page) == []
