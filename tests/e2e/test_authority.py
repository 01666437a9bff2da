"""Handing authority on by letter, and appointing a stand-in, on a desk and on a phone."""

import datetime

import pytest
from playwright.sync_api import expect

from accounts.authority import authorities_of
from accounts.models import Appointment, Delegation
from accounts.offices import holder_of, today
from tests.accounts.files import samples
from tests.regency import person

from .watching import NARROW, WIDE, barriers, resize, too_wide

pytestmark = pytest.mark.e2e

SIZES = pytest.mark.parametrize(
    ("size", "holder", "other"),
    [
        pytest.param(WIDE, "distan", "penyuluh", id="wide"),
        pytest.param(NARROW, "dinkop", "pendamping", id="narrow", marks=pytest.mark.nightly),
    ],
)
A_DAY = datetime.timedelta(days=1)


@pytest.fixture
def letter(tmp_path):
    """A letter as it lies on somebody's disk."""
    place = tmp_path / "surat kuasa.pdf"
    place.write_bytes(samples.pdf())
    return place


def inspect(page):
    assert too_wide(page) == []
    assert barriers(page) == []


def follow(page, link):
    """Go where a link leads; the page that it leaves is not looked at any more."""
    with page.expect_navigation():
        link.click()


def choose(page, field, username):
    """Type part of a name until the list knows the person, and take it."""
    who = person(username)
    field.press_sequentially(who.name_plain[:6])
    known = page.locator("#people-known option")
    expect(known.and_(page.locator(f'[value="{who.label}"]'))).to_have_count(1)
    field.fill(who.label)


def days(page, first, last):
    page.locator("[name=start]").fill(first.isoformat())
    page.locator("[name=end]").fill(last.isoformat())


@SIZES
def test_holder_hands_authority_on_and_takes_it_back(enter, letter, size, holder, other):
    page = enter(holder)
    resize(page, size)
    page.goto("/")
    page.locator(".user-menu summary").click()
    page.locator(".user-menu-panel").get_by_role("link", name="Wewenang saya").click()
    follow(page, page.locator("main a.btn-primary"))
    inspect(page)

    choose(page, page.locator("[name=delegate]"), other)
    days(page, today(), today() + 4 * A_DAY)
    page.locator("[name=basis_number]").fill("800/12/2026")
    page.locator("[name=letter]").set_input_files(letter)
    page.locator("details.sheet summary").click()
    page.locator("[name=stages][value=initialling]").check()
    page.locator("[name=ceiling]").fill("50.000.000")
    inspect(page)
    page.locator("form button.btn-primary").last.click()
    page.wait_for_url("**/authority/")
    inspect(page)

    given = Delegation.objects.get(principal__user=person(holder))
    assert (given.delegate.username, given.stages, given.ceiling) == (other, ["initialling"], 50e6)
    assert [one.delegation for one in authorities_of(person(other), today())] == [given]
    with page.expect_download() as download:
        page.locator(".stand-in a[download]").click()
    assert download.value.suggested_filename == letter.name

    follow(page, page.locator(".stand-in a.btn"))
    inspect(page)
    page.locator("[name=reason]").fill("Kembali bertugas.")
    page.locator("button.btn-danger").click()
    page.wait_for_url("**/authority/")
    assert authorities_of(person(other), today()) == []
    expect(page.locator(".stand-in")).to_have_count(0)


@SIZES
def test_administrator_appoints_a_stand_in_who_then_speaks_alone(
    enter, letter, size, holder, other
):
    office = Appointment.objects.get(user=person(holder), end=None).office
    page = enter("admin2")
    resize(page, size)
    page.goto("/authority/")
    page.locator(".tabs").get_by_role("link", name="Unit dan jabatan").click()
    follow(page, page.get_by_role("link", name=office.title, exact=True))
    inspect(page)
    follow(page, page.locator(".page-head a.btn-primary"))
    inspect(page)

    choose(page, page.locator("[name=user]"), other)
    page.locator("[name=capacity][value=plh]").check()
    days(page, today(), today() + 7 * A_DAY)
    page.locator("[name=basis_number]").fill("100/9/2026")
    page.locator("form button.btn-primary").last.click()
    expect(page.locator(".error-summary")).to_be_visible()
    inspect(page)
    assert page.locator("[name=basis_number]").input_value() == "100/9/2026"

    days(page, today(), today() + 6 * A_DAY)
    page.locator("[name=letter]").set_input_files(letter)
    page.locator("form button.btn-primary").last.click()
    page.wait_for_url(f"**/offices/{office.pk}/")
    inspect(page)

    speaking = holder_of(office, today())
    assert (speaking.user.username, speaking.capacity) == (other, "plh")
    assert speaking.letter_name == letter.name
    mine = enter(holder)
    resize(mine, size)
    mine.goto("/authority/")
    expect(mine.locator(".held .notice").first).to_contain_text(str(person(other)))
    inspect(mine)
