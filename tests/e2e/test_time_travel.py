"""An auditor slides back on the timeline, with a mouse's or a keyboard's keys, or without script."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

pytestmark = pytest.mark.e2e


def test_slider_leads_back_and_stays_under_the_hand(enter, stock):
    case = stock.at("done")
    page = enter("inspektur")
    page.goto(reverse("case_moment", args=[case.code]))
    heading = page.get_by_role("heading", level=1)
    latest = page.url
    slider = page.get_by_role("slider")
    said = slider.get_attribute("aria-valuetext")
    slider.focus()
    page.keyboard.press("Home")
    expect(page).to_have_url(re.compile(r"\?at=.*&slid=1"))
    assert page.url != latest
    expect(page.get_by_role("slider")).to_be_focused()
    expect(page.get_by_role("slider")).to_have_value("0")
    assert page.get_by_role("slider").get_attribute("aria-valuetext") != said
    expect(heading).to_be_visible()
    expect(page.locator(".event, .file-row").first).to_be_visible()


def test_slider_works_without_script(enter, stock):
    case = stock.at("done")
    page = enter("inspektur", java_script_enabled=False)
    page.goto(reverse("case_moment", args=[case.code]))
    page.get_by_role("slider").press("Home")
    page.locator("form.time-slider button").click()
    expect(page.get_by_role("slider")).to_have_value("0")
    expect(page).to_have_url(re.compile(r"\?at="))
