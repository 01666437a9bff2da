"""An auditor slides back on the timeline, with the keyboard, or without script."""

import re

import pytest
from django.urls import reverse

pytestmark = pytest.mark.e2e


MOVED = re.compile(r"\?at=.*&slid=1")


def test_slider_leads_back_and_stays_under_the_hand(enter, stock):
    page = enter("inspektur")
    page.goto(reverse("case_moment", args=[stock.at("done").code]))
    page.locator("#step").focus()
    page.keyboard.press("Home")
    page.wait_for_url(MOVED)
    page.locator("#step:focus").wait_for()
    assert page.locator("#step").input_value() == "0"
    assert page.locator("output").text_content() in page.locator("h1").text_content()


def test_slider_works_without_script(enter, stock):
    page = enter("inspektur", java_script_enabled=False)
    page.goto(reverse("case_moment", args=[stock.at("done").code]))
    page.locator("#step").press("Home")
    page.locator("form.time-slider button").click()
    page.wait_for_url(MOVED)
    assert page.locator("#step").input_value() == "0"
