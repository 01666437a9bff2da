"""Without a pointer: keys of the inbox, the skip link, a decision, a co-author."""

import pytest

from approvals.models import Seat, SignOff
from tests.regency import person

from .counting import Walker
from .stock import declare_none, new_case, open_seat, seat_path, signer_of

pytestmark = pytest.mark.e2e

COUNT_ANSWERS = """
  window.asked = window.answered = 0;
  addEventListener("htmx:beforeSend", () => { window.asked += 1; });
  addEventListener("htmx:afterRequest", () => { window.answered += 1; });
"""
FOCUSED = "() => document.activeElement.id || document.activeElement.value"


def focused(page):
    return page.evaluate(FOCUSED)


def opened(page):
    """The case of the item that is marked as open at left, once it is open at right as well."""
    code = page.locator("[data-item][aria-current] [data-code]").inner_text()
    page.locator("#pane .act .overline", has_text=code).wait_for()
    return code


def test_inbox_moves_and_answers_by_single_keys(enter):
    first, second = new_case("initialling"), new_case("initialling")
    page = enter(signer_of(open_seat(first)))
    page.goto("/inbox/?stage=initialling")
    codes = [opened(page)]

    page.keyboard.press("j")
    page.locator("[data-item]").nth(1).and_(page.locator("[aria-current]")).wait_for()
    codes.append(opened(page))
    page.keyboard.press("k")
    page.locator("[data-item]").nth(0).and_(page.locator("[aria-current]")).wait_for()
    codes.append(opened(page))

    assert {first.code, second.code} <= set(
        page.locator("[data-item] [data-code]").all_inner_texts()
    )
    assert codes[0] == codes[2] != codes[1]
    for key, place in (("a", "approve"), ("c", "id_note")):
        page.keyboard.press(key)
        assert focused(page) == place
    page.keyboard.type("jkarc")
    assert page.input_value("#id_note") == "jkarc"
    page.locator("#act-title").click()
    page.keyboard.press("r")
    assert focused(page) == "id_note"


def waiting(page):
    return page.locator("[data-item] [data-code]").all_inner_texts()


def test_reviewer_answers_item_after_item_with_one_page_and_two_keys_for_each_further_one(enter):
    """The next item opens by itself, in the list that the reviewer had chosen."""
    for _ in range(3):
        new_case("initialling")
    page = enter(signer_of(open_seat(new_case("initialling"))))
    page.goto("/inbox/?stage=initialling")
    walker = Walker(page)
    answered = [opened(page)]

    for _further in range(2):
        spent = (walker.cost.pages, walker.cost.clicks)
        walker.press("body", "a")
        with page.expect_navigation():
            walker.press("*:focus", "Enter")
        answered.append(opened(page))

        assert answered[-1] not in answered[:-1]
        assert answered[-2] not in waiting(page)
        assert page.locator("[data-decision] [value=approve]").is_visible()
        cost = (walker.cost.pages - spent[0], walker.cost.clicks - spent[1])
        assert cost == (1, 2)

    approved = Seat.objects.filter(case_code__in=answered[:-1], state=Seat.State.SIGNED)
    assert set(approved.values_list("case_code", flat=True)) >= set(answered[:-1])


def test_reviewer_returns_an_item_by_keys_alone_and_the_next_one_opens(enter):
    for _ in range(2):
        new_case("initialling")
    page = enter("kapus.kampit")
    page.goto("/inbox/?stage=initialling")
    first = opened(page)

    page.keyboard.press("r")
    page.keyboard.type("Sebutkan dasar hukumnya.")
    button = page.locator("[data-decision] [name=outcome][value=send_back]")
    while not button.evaluate("one => one === document.activeElement"):
        page.keyboard.press("Tab")
    with page.expect_navigation():
        page.keyboard.press("Enter")

    assert opened(page) != first
    assert first not in waiting(page)
    answer = SignOff.objects.get(seat__case_code=first, outcome="send_back")
    assert answer.note == "Sebutkan dasar hukumnya."


@pytest.mark.parametrize("order", ["as asked", "the other way"])
def test_item_chosen_last_is_the_one_that_opens(enter, order):
    """Whichever answer comes first: the item that opened by itself may still be on its way."""
    for _ in range(2):
        new_case("initialling")
    page = enter("kapus.kampit")
    page.add_init_script(COUNT_ANSWERS)
    held = []
    page.route("**/cases/*/seats/*/**", lambda route: held.append(route))

    page.goto("/inbox/?stage=initialling")
    page.wait_for_function("() => window.asked === 1")
    chosen = page.locator("[data-item]").nth(1)
    chosen.click()
    page.wait_for_function("() => window.asked === 2")
    for number, route in enumerate(held if order == "as asked" else held[::-1], start=1):
        route.continue_()
        page.wait_for_function("number => window.answered === number", arg=number)

    code = chosen.locator("[data-code]").inner_text()
    assert page.locator("#pane .act .overline").inner_text().endswith(code)


def test_keys_can_be_switched_off(enter):
    new_case("initialling")
    page = enter("kapus.kampit")
    page.goto("/inbox/?stage=initialling")
    opened(page)
    page.locator(".keys summary").click()
    page.locator("[data-keys-switch]").uncheck()

    page.reload()
    opened(page)
    page.keyboard.press("a")

    assert focused(page) != "approve"


def test_first_tab_offers_to_skip_to_the_content(enter):
    page = enter("bidan.kampit")
    page.goto("/cases/")

    page.keyboard.press("Tab")
    skip = page.locator(".skip")
    assert skip.evaluate("one => one === document.activeElement")
    assert skip.bounding_box()["y"] >= 0
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")

    assert page.evaluate("() => document.activeElement.closest('main') !== null")


def test_seat_is_decided_with_the_keyboard_alone(enter):
    case = new_case("initialling")
    seat = open_seat(case)
    page = enter(signer_of(seat))
    page.goto(seat_path(seat))

    page.keyboard.press("a")
    outline = page.evaluate("() => getComputedStyle(document.activeElement).outlineStyle")
    with page.expect_navigation():
        page.keyboard.press("Enter")

    assert outline != "none"
    seat.refresh_from_db()
    assert seat.state == Seat.State.SIGNED


def test_score_is_given_with_the_keyboard_alone(enter):
    seat = open_seat(new_case("verification"))
    declare_none(seat)
    page = enter(signer_of(seat))
    page.goto(seat_path(seat))

    page.locator("[name=score_renewal]").first.focus()
    for _step in range(3):
        page.keyboard.press("ArrowRight")

    assert page.locator("[name=score_renewal]:checked").input_value() == "3"


def test_co_author_is_found_chosen_and_taken_off_by_keys(enter):
    page = enter("pendamping")
    page.goto("/proposals/new/")
    companion = person("gizi")

    page.locator("#people-search").focus()
    page.keyboard.type(companion.name_plain[:6])
    page.locator(f"[role=option][data-id='{companion.pk}']").wait_for()
    while not page.locator(f"[data-id='{companion.pk}'][aria-selected=true]").count():
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    chip = page.locator(f".chip:has([value='{companion.pk}'])")
    assert chip.locator("[data-name]").first.inner_text() == str(companion)
    chip.locator("button").focus()
    page.keyboard.press("Enter")

    assert chip.count() == 0
    assert focused(page) == "people-search"
