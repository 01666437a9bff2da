"""The picture beside a draft follows what is typed into it."""

import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser

from legal_basis.drafting import current_instrument

from .counting import Walker
from .stock import new_case, open_seat, seat_path, signer_of
from .watching import NARROW, resize

pytestmark = pytest.mark.e2e

ROW = "[data-rows=considerations] textarea:visible"
WORDS = "bahwa kapal pompong perlu dijaga bersama nelayan"


@pytest.fixture(scope="module")
def browser(launch_browser: Any) -> Iterator[Browser]:
    """Chromium whole: its lighter shell shows no PDF."""
    whole = launch_browser(executable_path=shutil.which("chromium"))
    yield whole
    whole.close()


def picture(page):
    """The address of what the frame shows."""
    return page.locator(".preview-frame").get_attribute("src")


def shown_anew(page, act):
    """Do something, and wait until the frame shows another picture."""
    before = picture(page)
    with page.expect_response("**/preview.pdf") as answer:
        act()
    page.wait_for_function(
        "before => [...document.querySelectorAll('.preview-frame')]"
        ".every(one => one.getAttribute('src') !== before)",
        arg=before,
    )
    return answer.value


def test_typed_text_is_shown_beside_it_and_a_fault_keeps_the_last_picture(enter):
    case = new_case("drafting")
    seat = open_seat(case)
    page = enter(signer_of(seat))
    page.goto(seat_path(seat))
    before = current_instrument(case.innovation).content
    page.locator("[data-rows=considerations] [data-rows-add]").click()
    row = page.locator(ROW).last

    answer = shown_anew(page, lambda: row.press_sequentially(WORDS, delay=5))

    assert (answer.status, answer.headers["content-type"]) == (200, "application/pdf")
    good = picture(page)
    assert good.startswith("blob:")
    number = page.locator(ROW).count()
    assert good.endswith(f"&nameddest=considerations-{number}")

    with page.expect_response("**/preview.pdf") as refused:
        row.fill("Kapal pompong perlu dijaga")
    fault = page.locator("[data-live-fault] li")
    fault.wait_for()
    assert refused.value.status == 422
    assert fault.all_inner_texts() == refused.value.json()["sentences"]
    assert picture(page) == good

    shown_anew(page, lambda: row.fill(f"{WORDS} setempat"))
    assert fault.count() == 0
    assert current_instrument(case.innovation).content == before

    Walker(page).decide()
    assert f"{WORDS} setempat" in str(current_instrument(case.innovation).content)


def test_slow_picture_is_waited_for_and_only_the_newest_text_is_asked_for_next(enter):
    case = new_case("drafting")
    seat = open_seat(case)
    page = enter(signer_of(seat))
    page.goto(seat_path(seat))
    title = page.locator("[name=title]")
    asked, held = [], []
    page.on("request", lambda one: asked.append(one) if one.method == "POST" else None)
    page.route("**/preview.pdf", lambda route: held.append(route), times=1)
    for number in range(3):
        title.fill(f"Penetapan Kapal {number}")
        page.wait_for_timeout(1500)

    assert len(asked) == 1
    with page.expect_response(
        lambda one: one.request.post_data and "Kapal 2" in one.request.post_data
    ):
        held[0].continue_()
    assert len(asked) == 2


def test_phone_and_page_without_scripts_or_viewer_show_the_saved_draft(enter):
    case = new_case("drafting")
    seat = open_seat(case)
    page = enter(signer_of(seat), java_script_enabled=False)
    page.goto(seat_path(seat))
    saved = page.locator("[data-live-says]")
    phone = enter(signer_of(seat))
    resize(phone, NARROW)
    phone.goto(seat_path(seat))
    without = enter(signer_of(seat))
    without.add_init_script("Object.defineProperty(navigator, 'pdfViewerEnabled', {value: false})")
    without.goto(seat_path(seat))

    assert saved.inner_text() == phone.locator("[data-live-says]").inner_text()
    assert saved.inner_text() == without.locator("[data-live-says]").inner_text()
    assert picture(page).split("#")[0].endswith("/instrument.pdf")
