"""The picture in the README is the program itself: PAYUNG_SCREENSHOTS=1 takes it anew."""

import os
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import reverse

from tests.regency import case_at, record_of

from .site import backstage
from .watching import jumps

pytestmark = pytest.mark.e2e

PICTURE = Path(settings.BASE_DIR) / "docs" / "screenshot.png"


def test_picture_of_the_readme_shows_a_case(enter):
    wanted = os.environ.get("PAYUNG_SCREENSHOTS") == "1"
    case = backstage(case_at, "signing", record=record_of("SIE CANTIK"))
    page = enter("sekda")
    page.set_viewport_size({"width": 1280, "height": 800})
    page.emulate_media(color_scheme="light")

    page.goto(reverse("case", args=[case.code]))

    assert page.locator("h1").inner_text() == "SIE CANTIK"
    assert page.locator(".stage-bar [aria-current=step]").count() == 1
    assert jumps(page) == []
    if wanted:
        page.screenshot(path=PICTURE)
