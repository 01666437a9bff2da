"""An administrator lets somebody leave; whoever takes over finds the work, on desk and phone."""

import pytest
from django.db import transaction
from playwright.sync_api import expect

from accounts.offices import today
from innovations.drafts import save_draft
from innovations.models import Draft
from tests.regency import person

from .watching import NARROW, WIDE, barriers, resize, too_wide

pytestmark = pytest.mark.e2e

SIZES = pytest.mark.parametrize(
    ("size", "leaver", "successor"),
    [
        pytest.param(WIDE, "prakom", "guru", id="wide"),
        pytest.param(NARROW, "kader", "penyuluh", id="narrow", marks=pytest.mark.nightly),
    ],
)


@SIZES
def test_administrator_hands_everything_over_and_closes_the_account(enter, size, leaver, successor):
    with transaction.atomic():
        draft = save_draft(person(leaver), None, {"name": "Rumah Pintar"})
    page = enter("admin")
    resize(page, size)
    page.goto(f"/administration/people/{person(leaver).pk}/")
    with page.expect_navigation():
        page.get_by_role("link", name="Berhenti…").click()
    assert too_wide(page) == []
    assert barriers(page) == []
    expect(page.locator("main")).to_contain_text("Rumah Pintar")

    send = page.get_by_role("button", name="Serahkan dan tutup akun")
    send.click()
    expect(page.locator(".error-summary")).to_contain_text("Rumah Pintar")
    assert barriers(page) == []

    page.locator("[name=everything]").fill(person(successor).label)
    if page.locator("[name=end]").count():
        page.locator("[name=end]").fill(f"{today().year + 1}-01-31")
        page.locator("[name=basis_number]").fill("800/31/2026")
    send.click()

    expect(page.locator("main")).to_contain_text("Telah berhenti")
    assert barriers(page) == []
    assert not person(leaver).is_active
    assert Draft.objects.get(pk=draft.pk).owner == person(successor)
    page = enter(successor)
    page.goto("/")
    expect(page.locator("main")).to_contain_text("Rumah Pintar")
