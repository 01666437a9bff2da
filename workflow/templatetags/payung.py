"""How things are said and drawn on every screen: icons, money, people, days, differences."""

import datetime
import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import Any

from django import forms, template
from django.conf import settings
from django.forms import BoundField
from django.forms.formsets import BaseFormSet
from django.templatetags.static import static
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext_lazy, ngettext, pgettext
from django.utils.translation import gettext as _

from accounts.texts import named, rupiah

register = template.Library()

# Above this many words a word-by-word comparison takes seconds; longer texts stand side by side.
MOST_WORDS_COMPARED = 6_000


@register.simple_tag
def icon(name: str, label: str = "", css: str = "") -> SafeString:
    """Draw an icon of the sprite; with a label it speaks, without one it is decoration."""
    spoken = format_html('role="img" aria-label="{}"', label) if label else 'aria-hidden="true"'
    return format_html(
        '<svg class="{}" {}><use href="{}#icon-{}"></use></svg>',
        f"icon {css}".rstrip(),
        SafeString(spoken),
        static("icons/sprite.svg"),
        name,
    )


@register.simple_tag
def region(part: str = "name") -> str:
    """What the regency calls itself (`REGION` in the settings)."""
    return str(settings.REGION.get(part, ""))


@register.simple_tag
def source_url() -> str:
    """Where the source of this very program lies (AGPL-3.0, section 13)."""
    return str(getattr(settings, "SOURCE_URL", ""))


@register.filter
def money(value: object) -> str:
    """An amount of rupiah, or a dash for what is none."""
    try:
        amount = Decimal(str(value))
    except InvalidOperation:
        return "–"
    return rupiah(amount) if amount.is_finite() else "–"


def _local_date(value: datetime.date | datetime.datetime) -> datetime.date:
    if isinstance(value, datetime.datetime):
        return timezone.localtime(value).date() if timezone.is_aware(value) else value.date()
    return value


@register.filter
def day(value: datetime.date | datetime.datetime | None) -> str:
    """A day in words: `Monday, 23 November 2026`, in the reader's language."""
    return date_format(_local_date(value), "l, j F Y") if value else "–"


@register.filter
def short_day(value: datetime.date | datetime.datetime | None) -> str:
    """A day for narrow places: `23 Nov 2026`."""
    return date_format(_local_date(value), "j M Y") if value else "–"


@register.filter
def clock(value: datetime.datetime | None) -> str:
    """The time of day in the regency: 10:03, in Indonesian 10.03."""
    if not value:
        return "–"
    local = timezone.localtime(value) if timezone.is_aware(value) else value
    return local.strftime("%H.%M" if get_language() == "id" else "%H:%M")


@register.filter
def moment(value: datetime.datetime | None) -> str:
    """A day and the time on it: `23 November 2026, 10:03`."""
    return f"{date_format(_local_date(value), 'j F Y')}, {clock(value)}" if value else "–"


@register.filter
def ago(value: datetime.date | datetime.datetime | None) -> str:
    """How long since: today, yesterday, 3 days ago."""
    if not value:
        return ""
    days = (timezone.localdate() - _local_date(value)).days
    if days <= 0:
        return _("today")
    if days == 1:
        return _("yesterday")
    return ngettext("%(days)s day ago", "%(days)s days ago", days) % {"days": days}


@register.filter
def until(value: datetime.date | datetime.datetime | None) -> str:
    """How long still: today, tomorrow, in 3 days, 2 days late."""
    if not value:
        return _("no due date")
    days = (_local_date(value) - timezone.localdate()).days
    if days < 0:
        return ngettext("%(days)s day late", "%(days)s days late", -days) % {"days": -days}
    if days == 0:
        return pgettext("deadline", "due today")
    if days == 1:
        return _("due tomorrow")
    return ngettext("due in %(days)s day", "due in %(days)s days", days) % {"days": days}


@register.filter
def initials(person: object) -> str:
    """Up to two letters that stand for a person: of the name without titles."""
    name = getattr(person, "name_plain", "") or str(person)
    words = [word for word in re.split(r"[\s.,]+", name) if word]
    ends = words[:1] + words[1:][-1:]
    return "".join(word[0] for word in ends).upper()


@register.filter
def short_hash(value: str) -> str:
    """Enough of a checksum to compare two by eye."""
    return f"{value[:12]}…" if len(value) > 12 else value


@register.filter
def item(rows: Any, key: object) -> Any:
    """The entry of a dict, or a form's field of that name; None where there is none."""
    if isinstance(rows, forms.BaseForm):
        return rows[str(key)] if str(key) in rows.fields else None
    return rows.get(key) if isinstance(rows, Mapping) else None


TONES = {
    "approve": "good",
    "issued": "good",
    "institutionalised": "good",
    "return": "warn",
    "returned": "warn",
    "send_back": "warn",
    "reject": "bad",
    "failed": "bad",
    "revoked": "bad",
    "in_progress": "info",
    "numbered": "info",
    "rendered": "info",
}


@register.filter
def tone(status: str) -> str:
    """The colour family of a status or an outcome; the words beside it say the same."""
    return TONES.get(str(status), "plain")


@register.filter
def stage_templates(stage: str) -> list[str]:
    """The template of a stage by its node's name, or the plain one: a new stage needs none."""
    return [f"workflow/stages/{stage}.html", "workflow/stages/plain.html"]


PROPOSAL_PARTS = {
    "identity": gettext_lazy("Identity"),
    "design": gettext_lazy("Design"),
    "people": gettext_lazy("People"),
    "evidence": gettext_lazy("Evidence"),
}


@register.filter
def title_of(sections: Any, key: str) -> str:
    """The title of the section with that key, as shown or as every proposal has it."""
    found = (section["title"] for section in sections or [] if section["key"] == key)
    return str(next(found, PROPOSAL_PARTS.get(key, key)))


@register.simple_tag
def open_and_answered(remarks: Iterable[Any]) -> dict[str, list[Any]]:
    """Remarks in two lists: what still waits for an answer, and what has one."""
    found: dict[str, list[Any]] = {"open": [], "answered": []}
    for remark in remarks:
        found["answered" if remark.resolved_at else "open"].append(remark)
    return found


@register.filter
def labelled(row: Sequence[Any], labels: Sequence[str] | None) -> list[tuple[str, Any]]:
    """The cells of a table's row, each with the head of its column: on a phone it stands beside."""
    return list(zip_longest(labels or (), row, fillvalue=""))


@register.filter
def columns(row: forms.BaseForm) -> list[BoundField]:
    """The cells of a row that a person fills: all but the hidden ones and the deletion box."""
    return [cell for cell in row.visible_fields() if cell.name != "DELETE"]


@register.simple_tag
def fields(form: forms.BaseForm, names: str) -> list[BoundField]:
    """The named fields of a form that it has, in that order."""
    return [form[name] for name in names.split() if name in form.fields]


@register.simple_tag
def other_fields(form: forms.BaseForm, names: str) -> list[BoundField]:
    """The visible fields of a form that are not named: nothing a form asks is ever left out."""
    named = names.split()
    return [field for field in form.visible_fields() if field.name not in named]


@register.filter
def with_errors(form: forms.BaseForm) -> list[BoundField]:
    """The fields of a form that were refused."""
    return [field for field in form if field.errors]


register.filter("named", named)


@register.filter
def kept_rows(table: BaseFormSet) -> list[forms.BaseForm]:
    """The rows of a table that nobody asked to remove: only their faults are told."""
    return (
        [row for row in table.forms if not row["DELETE"].value()]
        if table.can_delete
        else table.forms
    )


@register.filter
def row_number(prefix: str) -> int:
    """Which row of its table a form is, counted from one, by its prefix (`lines-0`)."""
    return int(prefix.rpartition("-")[2]) + 1


@register.filter
def wrong(form: forms.BaseForm) -> bool:
    """Whether a form, or a table in it, was refused."""
    tables = getattr(form, "rows", {}).values()
    return bool(form.errors) or any(table.total_error_count() for table in tables if table.is_bound)


def _joined(words: Iterable[str]) -> str:
    return "".join(words)


@register.simple_tag
def word_diff(old: object, new: object) -> list[dict[str, str]]:
    """What changed between two texts, word by word: parts of kind equal, delete and insert."""
    before, after = (re.findall(r"\S+\s*|\s+", str(text or "")) for text in (old, new))
    if len(before) + len(after) > MOST_WORDS_COMPARED:
        parts = [("delete", _joined(before)), ("insert", _joined(after))]
        return [{"kind": kind, "text": text} for kind, text in parts if text]
    found: list[dict[str, str]] = []
    # On long texts difflib may pass over the commonest words: a poorer diff, in bounded time.
    matcher = SequenceMatcher(None, before, after, autojunk=len(before) + len(after) > 1_000)
    for kind, start, end, new_start, new_end in matcher.get_opcodes():
        if kind == "equal":
            found.append({"kind": "equal", "text": _joined(before[start:end])})
            continue
        if end > start:
            found.append({"kind": "delete", "text": _joined(before[start:end])})
        if new_end > new_start:
            found.append({"kind": "insert", "text": _joined(after[new_start:new_end])})
    return found


@register.inclusion_tag("components/person.html")
def person(who: object, capacity: str = "", note: str = "") -> dict[str, object]:
    """A person as a chip: initials, name, and in which capacity."""
    return {"who": who, "capacity": capacity, "note": note}
