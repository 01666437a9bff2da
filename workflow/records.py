"""Reads the records of `manage.py walkthrough` from JSON or XLSX, and remembers where each stood.

`docs/walkthrough.md` describes both forms. A fault names the place as the person sees it: sheet
and line in XLSX, position and name in JSON.
"""

import datetime
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import openpyxl
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

# A sheet, and where its rows belong in the record.
SHEETS = {
    "bukti": ("evidence",),
    "penilaian": ("assessments",),
    "pilar": ("alignment", "pillars"),
    "indikator": ("alignment", "indicators"),
    "dana": ("commitment", "money"),
    "pegawai": ("commitment", "staff"),
    "teknologi": ("commitment", "technology"),
}
MAIN = "inovasi"
MAX_BYTES = 20 * 1024 * 1024
MAX_ROWS = 5_000


@dataclass
class Located:
    """A record and where its parts stand in the file."""

    record: dict[str, Any]
    place: str
    rows: dict[tuple[str, ...], list[str]] = field(default_factory=dict)

    def place_of(self, path: tuple[str, ...], row: int | None) -> str:
        """The place of a row of a table of the record, or of the record itself."""
        places = self.rows.get(path, [])
        if row is not None and row < len(places):
            return places[row]
        return places[0].rpartition(",")[0] if places else self.place


def read(path: Path) -> list[Located]:
    """The records of a file; raises ValidationError with sentences when it cannot be read."""
    if not path.is_file():
        raise ValidationError(_("There is no file %s. Check the path.") % path)
    if path.stat().st_size > MAX_BYTES:
        raise ValidationError(
            _("%(path)s is larger than %(limit)s MB. Split it into several files.")
            % {"path": path.name, "limit": MAX_BYTES // 1024**2}
        )
    if path.suffix.lower() == ".json":
        return _read_json(path)
    if path.suffix.lower() == ".xlsx":
        return _read_xlsx(path)
    raise ValidationError(_("%s is neither a JSON nor an XLSX file.") % path.name)


def _read_json(path: Path) -> list[Located]:
    try:
        data = json.loads(path.read_bytes())
    except (ValueError, RecursionError) as error:
        raise ValidationError(
            _("%(path)s is no valid JSON: %(error)s.") % {"path": path.name, "error": error}
        ) from error
    found = data.get("innovations") if isinstance(data, dict) else None
    if not isinstance(found, list) or not found:
        raise ValidationError(_('%s needs a list under "innovations".') % path.name)
    return [_located(record, number) for number, record in enumerate(found, start=1)]


def _located(record: Any, number: int) -> Located:
    if not isinstance(record, dict):
        raise ValidationError(_("Innovation %s is no object with fields.") % number)
    place = _("innovation %(number)s (%(name)s)") % {
        "number": number,
        "name": str(record.get("name", ""))[:60],
    }
    _check_shape(record, place)
    return Located(record, place)


def _check_shape(record: dict[str, Any], place: str) -> None:
    """The groups are objects and the tables are lists of objects, whatever else they hold."""
    groups = (
        "completeness",
        "trial",
        "alignment",
        "commitment",
        "drafting",
        "override",
        "publication",
    )
    for name in groups:
        if not isinstance(record.get(name) or {}, dict):
            raise ValidationError(
                _("%(place)s: “%(name)s” must be an object.") % {"place": place, "name": name}
            )
    for *groups_of, name in SHEETS.values():
        holder = record.get(groups_of[0]) or {} if groups_of else record
        rows = holder.get(name) or []
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            raise ValidationError(
                _("%(place)s: “%(name)s” must be a list of objects.")
                % {"place": place, "name": name}
            )


def _read_xlsx(path: Path) -> list[Located]:
    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    except Exception as error:  # openpyxl raises a dozen kinds for a broken file
        raise ValidationError(_("%s cannot be read as XLSX.") % path.name) from error
    if MAIN not in book.sheetnames:
        raise ValidationError(
            _("%(path)s has no sheet “%(sheet)s”.") % {"path": path.name, "sheet": MAIN}
        )
    found: dict[str, Located] = {}
    for place, number, row in _rows(book, MAIN):
        if number in found:
            raise ValidationError(
                _("%(place)s: number %(number)s stands twice.") % {"place": place, "number": number}
            )
        found[number] = Located(_nested(row), place)
    for sheet in SHEETS:
        if sheet in book.sheetnames:
            _add_rows(book, sheet, found)
    return list(found.values())


def _add_rows(book: Any, sheet: str, found: dict[str, Located]) -> None:
    path = SHEETS[sheet]
    for place, number, row in _rows(book, sheet):
        if number not in found:
            raise ValidationError(
                _("%(place)s: there is no innovation number %(number)s on the sheet “%(main)s”.")
                % {"place": place, "number": number or "–", "main": MAIN}
            )
        located = found[number]
        holder = located.record
        for group in path[:-1]:
            holder = holder.setdefault(group, {})
        holder.setdefault(path[-1], []).append(row)
        located.rows.setdefault(path, []).append(place)


def _rows(book: Any, sheet: str) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Each filled row: its place, its number, and its cells by their headings."""
    lines = book[sheet].iter_rows(values_only=True)
    headings = [str(heading or "").strip() for heading in next(lines, ())]
    if "no" not in headings:
        raise ValidationError(_("The sheet “%s” needs a column “no”.") % sheet)
    for line, cells in enumerate(lines, start=2):
        if line > MAX_ROWS:
            raise ValidationError(
                _("The sheet “%(sheet)s” has more than %(rows)s rows.")
                % {"sheet": sheet, "rows": MAX_ROWS}
            )
        values = {
            heading: _cell(value)
            for heading, value in zip(headings, cells, strict=False)
            if heading and value is not None and value != ""
        }
        if values:
            place = _("sheet %(sheet)s, line %(line)s") % {"sheet": sheet, "line": line}
            yield place, str(values.pop("no", "")), values


def _cell(value: Any) -> Any:
    """A cell as somebody would have typed it."""
    if isinstance(value, datetime.datetime):
        return value.date().isoformat()
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value


def _nested(row: dict[str, Any]) -> dict[str, Any]:
    """`trial.start` as `start` in the group `trial`; user names as a list."""
    record: dict[str, Any] = {}
    for heading, value in row.items():
        group, dot, name = heading.partition(".")
        if dot:
            record.setdefault(group, {})[name] = value
        else:
            record[heading] = value
    if isinstance(record.get("co_initiators"), str):
        names = record["co_initiators"].split(",")
        record["co_initiators"] = [name.strip() for name in names if name.strip()]
    return record
