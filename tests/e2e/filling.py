"""Fills the forms of proposal and stages in a page as a person does, from a demo record."""

from collections.abc import Mapping
from typing import Any

from playwright.sync_api import Locator, Page

from approvals.models import Seat
from tests.regency import Record, person
from workflow.desk import stage_of
from workflow.models import Case
from workflow.walking import _filled

Values = Mapping[str, Any]


def posted(seat: Seat, record: Record, username: str) -> dict[str, Any]:
    """What the form of the seat's stage would send, filled with what the record says."""
    case = Case.objects.select_related("innovation").get(pk=seat.process_id)
    form_class = stage_of(seat).form_class(seat.group)
    assert form_class is not None
    actor = person(username)
    filled = _filled(case, seat, record, form_class, actor)
    form = form_class.from_record(filled, innovation=case.innovation, actor=actor)
    return dict(form.data)


def fill(page: Page, values: Values) -> None:
    """Type and choose all this in the form, adding rows to its tables where they are short."""
    for name, value in values.items():
        if name.endswith(("-TOTAL_FORMS", "-INITIAL_FORMS", "-key")):
            continue
        place = _place(page, name)
        if place is not None:
            enter_value(place, value)


def _place(page: Page, name: str) -> Locator | None:
    """The field of this name, in a row that is added or unfolded if it must be."""
    place = page.locator(f'[name="{name}"]').and_(page.locator(":not([type=hidden])"))
    table = page.locator(f'[data-rows="{name.partition("-")[0]}"]')
    while "-" in name and table.count() and not place.first.is_visible():
        table.locator("[data-rows-add]").click()
    return place if place.count() else None


def enter_value(place: Locator, value: Any) -> None:
    """Give one field its value, in the way of its kind."""
    kind = place.first.evaluate("one => one.type || one.tagName")
    if kind == "radio":
        place.and_(place.page.locator(f'[value="{value}"]')).check()
    elif kind == "checkbox":
        place.first.set_checked(value in (True, "on", "true"))
    elif kind.startswith("select"):
        place.select_option(str(value))
    elif place.get_attribute("type") == "date":
        place.fill(str(value)[:10])
    else:
        place.fill("" if value is None else str(value))
