"""A decree is filled in, looked at and confirmed; whoever holds the work sees the new date."""

import pytest

from approvals.decrees import SHOWN
from approvals.models import Seat

from .counting import Walker
from .stock import free_day_ahead, keep_the_calendar, new_case, open_seat, seat_path, signer_of
from .watching import NARROW, WIDE, barriers, resize, too_wide

pytestmark = pytest.mark.e2e


def in_order(page):
    assert too_wide(page) == []
    assert barriers(page) == []


@pytest.mark.parametrize(
    ("size", "ahead"),
    [
        pytest.param(WIDE, 5, id="wide"),
        pytest.param(NARROW, 4, id="narrow", marks=pytest.mark.nightly),
    ],
)
def test_decree_is_previewed_and_confirmed(enter, size, ahead):
    seat = open_seat(new_case("alignment"))
    due, day = seat.due, free_day_ahead(ahead)
    page = enter(keep_the_calendar("admin"))
    resize(page, size)
    walker = Walker(page)

    walker.open("/calendar/")
    in_order(page)
    walker.click("a[href$='/calendar/decrees/new/']")
    page.fill("[name=number]", f"{ahead} Tahun 2026")
    page.fill("[name=date]", seat.opened_at.date().isoformat())
    page.fill("[name=title]", "Cuti bersama Pilkada")
    page.fill("[name=days-0-first]", day.isoformat())
    page.fill("[name=days-0-name]", "Cuti bersama Pilkada")
    walker.click("[name=preview]")
    in_order(page)
    # A report that is asked for later than that day (in this story: already) keeps its date.
    moving = Seat.objects.filter(state=Seat.State.OPEN, opened_at__date__lte=day, due__gte=day)
    assert page.locator("#moves-title").text_content().split()[0] == str(moving.count())
    assert moving.filter(pk=seat.pk).exists()
    named = [one.case_title for one in moving if page.get_by_text(one.case_title).count()]
    assert len(named) >= min(moving.count(), SHOWN)
    walker.click("[name=change]")
    assert page.input_value("[name=days-0-name]") == "Cuti bersama Pilkada"
    walker.click("[name=preview]")
    walker.click("[name=confirm]")
    page.wait_for_url("**/calendar/decrees/*/")
    in_order(page)

    moved = Seat.objects.get(pk=seat.pk)
    assert moved.due > due
    reader = enter(signer_of(moved))
    resize(reader, size)
    reader.goto(seat_path(moved))
    story = reader.locator(".act .due-story")
    assert not story.locator(".due-story-text").is_visible()
    story.locator("summary").click()
    assert "Cuti bersama Pilkada" in story.locator(".due-story-text").text_content()
    in_order(reader)


def test_row_with_a_fault_is_found_by_its_link_and_keeps_what_was_typed(enter):
    page = enter(keep_the_calendar("admin"))
    page.goto("/calendar/decrees/new/")
    assert page.locator("[data-rows=days] [data-row]:visible").count() == 1
    page.locator("[data-rows=days] [data-rows-add]").click()
    page.fill("[name=number]", "1 Tahun 2020")
    page.fill("[name=date]", "2020-01-02")
    page.fill("[name=title]", "Sudah lewat")
    for row, day in ((0, free_day_ahead(7).isoformat()), (1, "2020-01-03")):
        page.fill(f"[name=days-{row}-first]", day)
        page.fill(f"[name=days-{row}-name]", "Cuti bersama")
    page.click("[name=preview]")

    page.locator(".error-summary a").click()
    field = page.locator("[name=days-1-first]")
    assert field.input_value() == "2020-01-03"
    assert page.locator("[data-rows=days] [data-row]:visible").count() == 2
    in_order(page)


def test_clock_is_stopped_and_started_again_from_the_page_of_a_seat(enter):
    seat = open_seat(new_case("alignment"))
    page = enter(signer_of(seat))
    page.goto(seat_path(seat))
    page.locator(".act .due-story summary").click()
    page.locator(".act .due-story-links a").last.click()
    page.locator("[name=kind][value=ministry]").check()
    page.fill("[name=note]", "Menunggu izin prinsip.")
    with page.expect_navigation():
        page.click("[name=pause]")
    assert page.locator(".asked .pill-warn").count()
    in_order(page)

    page.goto(seat_path(seat))
    page.locator(".act .due-story summary").click()
    page.locator(".act .due-story-links a").last.click()
    with page.expect_navigation():
        page.click("[name=resume]")
    assert not page.locator(".asked .pill-warn").count()
