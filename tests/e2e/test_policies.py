"""Two administrators change who signs a stage: on a desk, on a phone, and without scripts."""

import pytest
from playwright.sync_api import Page, expect

from approvals.policy_versions import version_in_use
from tests.workflow.governing import FIRST, SECOND

from .site import backstage
from .watching import NARROW, WIDE, barriers, resize, too_wide

pytestmark = pytest.mark.e2e

STAGE = "evaluation"
# From the first version, whatever an earlier test has put into use.
EDITOR = f"/policies/{STAGE}/new/?from=1"


def add(page: Page, group: int, word: str) -> None:
    """Choose somebody by name and let the group ask them."""
    page.locator(f'[name="g{group}-add_member"]').select_option(word)
    page.locator(f'[name="do"][value="{group}:members:"]').click()
    expect(page.locator(f'[name="g{group}-members"][value="{word}"]')).to_have_count(1)


def press(page: Page, wish: str) -> None:
    """Press a button of the editor."""
    page.locator(f'[name="do"][value="{wish}"]').click()


def rules(page: Page) -> list[str]:
    """The rules of the groups, in the order in which they stand."""
    chosen = page.locator(".policy-group select[name$='-rule']").all()
    return [one.input_value() for one in chosen]


def fill_in(page: Page, days: str) -> None:
    """A second group, moved before the first and with a condition; then one removed again."""
    page.goto(EDITOR)
    press(page, "add")
    expect(page.locator(".policy-group")).to_have_count(2)
    add(page, 1, "kabid-perencanaan")
    add(page, 1, "sekda")
    page.locator('[name="g1-rule"]').select_option("ordered")
    press(page, "1:members:1:up")
    expect(page.locator('[name="g1-members"]').first).to_have_value("sekda")
    page.locator('[name="g1-add_fact"]').select_option("amount")
    press(page, "1:when:")
    page.locator('[name="g1-c0-value"]').fill("50.000.000.000")
    press(page, "add")
    expect(page.locator(".policy-group")).to_have_count(3)
    press(page, "2:remove")
    expect(page.locator(".policy-group")).to_have_count(2)
    press(page, "1:up")
    expect(page.locator('[name="g0-c0-value"]')).to_have_value("50.000.000.000")
    assert rules(page) == ["ordered", "any"]
    press(page, "0:down")
    expect(page.locator('[name="g1-c0-value"]')).to_have_value("50.000.000.000")
    page.locator('[name="working_days"]').fill(days)


def go_on(page: Page, button: str) -> None:
    """Send the page by one of its buttons, and wait for the next one."""
    with page.expect_navigation():
        page.locator(f'.buttons [name="{button}"]').click()


def look_well(page: Page) -> None:
    """Nothing in the way of anybody, and nothing beside the screen."""
    assert barriers(page) == []
    assert too_wide(page) == []


@pytest.mark.parametrize(
    ("size", "days"),
    [
        pytest.param(WIDE, "11", id="wide"),
        pytest.param(NARROW, "12", id="narrow", marks=pytest.mark.nightly),
    ],
)
def test_one_proposes_and_another_approves_after_the_rehearsal(enter, stock, size, days):
    stock.at("report")
    first = enter(FIRST, reduced_motion="reduce")
    resize(first, size)
    fill_in(first, days)
    look_well(first)

    go_on(first, "preview")
    # The reason is missing: told, and nothing lost.
    expect(first.locator(".error-summary")).to_be_focused()
    expect(first.locator('[name="working_days"]')).to_have_value(days)
    look_well(first)
    first.locator('[name="reason"]').fill("Uang besar dibaca juga oleh Sekda.")
    go_on(first, "preview")
    look_well(first)
    go_on(first, "change")
    expect(first.locator('[name="reason"]')).to_have_value("Uang besar dibaca juga oleh Sekda.")
    go_on(first, "preview")
    go_on(first, "propose")
    expect(first.locator('[name="approve"]')).to_have_count(0)

    second = enter(SECOND, reduced_motion="reduce")
    resize(second, size)
    second.goto("/policies/")
    second.locator(f'a[href="/policies/{STAGE}/"]').click()
    second.locator(".cards .link-card").first.get_by_role("link").click()
    for effect in second.locator("details.sheet > summary").all():
        effect.click()
    look_well(second)
    with second.expect_navigation():
        second.locator('[name="approve"]').click()

    expect(second.locator(".notice-success")).to_be_visible()
    used = backstage(version_in_use, STAGE)
    assert used.working_days == int(days)
    assert used.groups[1] == {
        "rule": "ordered",
        "members": ["sekda", "kabid-perencanaan"],
        "when": [{"fact": "amount", "at_least": "50000000000"}],
    }
    assert used.proposed_by.username == FIRST


def test_editor_works_without_scripts(enter):
    page = enter(FIRST, java_script_enabled=False)

    fill_in(page, "13")
    page.locator('[name="reason"]').fill("Tanpa skrip.")
    go_on(page, "preview")

    expect(page.locator('[name="propose"]')).to_be_visible()


def test_fields_that_a_rule_does_not_need_are_out_of_the_way(enter):
    page = enter(FIRST)
    page.goto("/policies/initialling/new/")
    need, move = page.locator('[name="g0-need"]'), page.locator('[value="0:members:0:down"]')

    expect(need).to_be_hidden()
    expect(move).to_be_hidden()
    page.locator('[name="g0-rule"]').select_option("n_of_m")
    expect(need).to_be_visible()
    page.locator('[name="g0-rule"]').select_option("ordered")
    expect(need).to_be_hidden()
    expect(move).to_be_visible()
