"""A sheet that stands for a document which a list names without its file; it says so."""

import io
import unicodedata
from collections.abc import Sequence

import pydyf

WIDTH, HEIGHT, MARGIN, LEADING, WRAP = 595, 842, 72, 18, 76


def cover_sheet(lines: Sequence[str]) -> bytes:
    """A one-page A4 PDF with these lines of text."""
    document = pydyf.PDF()
    document.add_object(font := _font())
    stream = pydyf.Stream()
    stream.begin_text()
    stream.set_font_size("F1", 11)
    stream.set_text_matrix(1, 0, 0, 1, MARGIN, HEIGHT - MARGIN)
    for line in [part for text in lines for part in _wrapped(text)]:
        stream.show_text_string(_plain(line))
        stream.move_text_to(0, -LEADING)
    stream.end_text()
    document.add_object(stream)
    page = pydyf.Dictionary(
        {
            "Type": "/Page",
            "Parent": document.pages.reference,
            "MediaBox": pydyf.Array([0, 0, WIDTH, HEIGHT]),
            "Contents": stream.reference,
            "Resources": pydyf.Dictionary({"Font": pydyf.Dictionary({"F1": font.reference})}),
        }
    )
    document.add_page(page)
    made = io.BytesIO()
    document.write(made)
    return made.getvalue()


def _font() -> pydyf.Dictionary:
    return pydyf.Dictionary(
        {
            "Type": "/Font",
            "Subtype": "/Type1",
            "BaseFont": "/Helvetica",
            "Encoding": "/WinAnsiEncoding",
        }
    )


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()


def _wrapped(text: str) -> list[str]:
    lines = [""]
    for word in text.split():
        if len(lines[-1]) + len(word) >= WRAP:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return lines
