"""What the paper looks like: data, because the regency's own rules may differ."""

from dataclasses import dataclass, fields, replace
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders

# The sheets that a draft may choose; F4 is what the style says, because printers differ on it.
SHEETS = {"A4": (210.0, 297.0)}


@dataclass(frozen=True)
class InstrumentStyle:
    """Sheet, margins, type and emblem; lengths in millimetres, type in points.

    Set single values with the setting `INSTRUMENT_STYLE`, for example
    `{"margin_left": 30, "emblem": "/etc/payung/emblem.svg"}`.
    """

    page_width: float = 215
    page_height: float = 330
    margin_top: float = 30
    margin_right: float = 25
    margin_bottom: float = 25
    margin_left: float = 25
    font_family: str = '"URW Bookman", "Bookman Old Style", "TeX Gyre Bonum", serif'
    font_size: float = 12
    line_height: float = 1.3
    label_width: float = 32
    colon_width: float = 5
    mark_width: float = 8
    annex_font_size: float = 9.5
    emblem: str = "legal_basis/emblem.svg"
    stylesheet: str = "legal_basis/instrument.css"
    unit_indent: float = 10
    authority: str = ""

    def on_paper(self, paper: str) -> "InstrumentStyle":
        """The same on the sheet that an instrument is printed on."""
        if paper not in SHEETS:
            return self
        width, height = SHEETS[paper]
        return replace(self, page_width=width, page_height=height)

    def line_width(self, *, landscape: bool = False) -> float:
        """The width of a line between the margins, upright or with the sheet turned."""
        width = self.page_height if landscape else self.page_width
        return width - self.margin_left - self.margin_right

    def css(self) -> str:
        """The part of the stylesheet that follows from these values."""
        text = self.label_width + self.colon_width
        return (
            f"@page {{ size: {self.page_width}mm {self.page_height}mm; margin: "
            f"{self.margin_top}mm {self.margin_right}mm "
            f"{self.margin_bottom}mm {self.margin_left}mm; }}\n"
            f"@page wide {{ size: {self.page_height}mm {self.page_width}mm; }}\n"
            f"html {{ font: {self.font_size}pt/{self.line_height} {self.font_family}; }}\n"
            f".label {{ width: {self.label_width}mm; }}\n"
            f".colon {{ width: {self.colon_width}mm; }}\n"
            f".mark {{ width: {self.mark_width}mm; }}\n"
            + _hanging(".lettered", text + self.mark_width, text + self.mark_width)
            + _hanging(".dictum", text, text)
            + _hanging(".item", text + self.mark_width, self.mark_width)
            + _hanging(".further", text, 0)
            + "".join(
                _hanging(f".level-{level}", level * self.unit_indent, self.unit_indent)
                for level in (1, 2, 3)
            )
            + f".unit-mark {{ width: {self.unit_indent}mm; }}\n"
        )


def _hanging(selector: str, indent: float, hang: float) -> str:
    return f"{selector} {{ padding-left: {indent}mm; text-indent: -{hang}mm; }}\n"


def current_style() -> InstrumentStyle:
    """The style that settings ask for; unknown names are refused."""
    chosen = dict(getattr(settings, "INSTRUMENT_STYLE", {}))
    unknown = set(chosen) - {field.name for field in fields(InstrumentStyle)}
    if unknown:
        raise ValueError(f"INSTRUMENT_STYLE does not know {', '.join(sorted(unknown))}")
    return InstrumentStyle(**chosen)


def asset(name: str) -> bytes:
    """A bundled file: an absolute path, or the name of a static file."""
    path = name if Path(name).is_absolute() else finders.find(name)
    if not path:
        raise FileNotFoundError(f"instrument asset {name} is missing")
    return Path(path).read_bytes()
