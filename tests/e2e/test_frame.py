"""What stands around every page: signing in and out, language, theme, the way through a case."""

import pytest
from django.urls import reverse

from legal_basis.models import Instrument
from notifications.delivery import deliver_pending
from workflow.demo.people import PASSWORD

from .counting import Walker
from .stock import new_case
from .watching import barriers

pytestmark = pytest.mark.e2e

THEME = "() => document.documentElement.dataset.bsTheme || ''"
BACKGROUND = "() => getComputedStyle(document.body).backgroundColor"


def log_in(page, password=PASSWORD):
    page.fill("#id_username", "bidan.kampit")
    page.fill("#id_password", password)
    with page.expect_navigation():
        page.click("main form button")


def test_person_logs_in_and_comes_where_the_link_led(enter, stock):
    where = reverse("case", args=[stock.at("completeness").code])
    page = enter()
    page.goto(where)

    log_in(page)

    assert page.url.endswith(where)
    assert page.locator("html").get_attribute("lang") == "id"


def test_wrong_password_is_refused_with_a_sentence_and_keeps_the_name(enter):
    page = enter()
    page.goto("/login/")

    log_in(page, "salah")

    assert page.locator("main [role=alert], main .notice").first.is_visible()
    assert page.input_value("#id_username") == "bidan.kampit"
    assert barriers(page) == []


def test_person_logs_out_and_is_out(enter):
    page = enter("bidan.kampit")
    page.goto("/")

    page.locator(".user-menu summary").click()
    with page.expect_navigation():
        page.locator(".user-menu form button").click()
    page.goto("/inbox/")

    assert "/login/" in page.url


def test_language_is_switched_on_the_same_page_and_kept(enter):
    page = enter("bidan.kampit")
    page.goto("/inbox/?late=1")

    with page.expect_navigation():
        page.locator(".language [value=en]").click()

    assert page.url.endswith("/inbox/?late=1")
    assert page.locator("html").get_attribute("lang") == "en"
    assert page.locator(".site-nav [aria-current]").inner_text().strip().startswith("Inbox")
    page.goto("/")
    assert page.locator("h1").inner_text().startswith("Hello, ")
    with page.expect_navigation():
        page.locator(".language [value=id]").click()
    assert page.locator("h1").inner_text().startswith("Halo, ")


def test_theme_is_switched_and_the_next_page_comes_in_it(enter):
    page = enter("bidan.kampit", color_scheme="light")
    page.goto("/")
    light = page.evaluate(BACKGROUND)

    page.locator("[data-theme-toggle]").click()
    dark = page.evaluate(BACKGROUND)
    page.goto("/cases/")

    assert dark != light
    assert page.evaluate(THEME) == "dark"
    assert page.evaluate(BACKGROUND) == dark
    page.locator("[data-theme-toggle]").click()
    assert page.evaluate(BACKGROUND) == light


def test_reader_finds_what_changed_from_the_case_by_two_clicks(enter, stock):
    page = enter("inspektur")
    page.goto(reverse("case", args=[stock.at("done").code]))

    with page.expect_navigation():
        page.locator("main a[href$='/history/']").first.click()
    with page.expect_navigation():
        page.locator("main a[href*='/history/innovations.innovation/']").first.click()

    assert page.locator(".diff :is(ins, del), .facts :is(ins, del)").count() > 0
    page.select_option("#a", index=page.locator("#a option").count() - 1)
    with page.expect_navigation():
        page.locator("main form button.btn-primary").click()
    assert page.locator("main .facts").is_visible()


def test_reader_comes_from_the_case_to_verified_evidence_in_two_pages_and_four_clicks(enter, stock):
    page, case = enter("inspektur"), stock.at("done")
    page.goto(f"/cases/?q={case.innovation.name}")
    walker = Walker(page)
    instrument = Instrument.objects.get(innovation=case.innovation)

    with page.expect_navigation():
        walker.click(f"main a[href='{reverse('case', args=[case.code])}']")
    with page.expect_navigation():
        walker.click("main a[href*='/verify/']:not([href$='/document/'])")

    assert page.url.endswith(reverse("verify", args=[instrument.token]))
    assert page.locator(".verdict-good").count() == 2
    assert (walker.cost.pages, walker.cost.clicks) == (2, 2)
    assert walker.cost.clicks <= 4


def test_nothing_of_a_page_comes_after_the_end_that_its_drawing_waits_for(enter):
    """A page is drawn whole or not at all: on a slow machine a footer came in two pieces."""
    page = enter()
    page.goto("/login/")

    awaited = page.locator("link[rel=expect][blocking=render]").get_attribute("href")
    end = page.locator(f"body > {awaited}")
    assert end.evaluate("one => one === document.body.lastElementChild")
    assert end.evaluate("one => one.childNodes.length") == 0


def test_message_leads_to_the_page_it_speaks_of_and_counts_as_read(enter):
    case = new_case("verification")
    while deliver_pending():
        pass
    page = enter("bidan.kampit")
    page.goto("/messages/")
    unread = page.locator(".site-nav [href='/messages/'] .count")
    before = int(unread.inner_text().split()[-1])

    with page.expect_navigation():
        page.locator("main li a", has_text=case.innovation.name).first.click()

    assert case.code in page.url
    assert unread.count() == 0 or int(unread.inner_text().split()[-1]) == before - 1
