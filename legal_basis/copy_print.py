"""How a certified copy or an excerpt is printed: the blocks of the original, and who certifies."""

import base64
from typing import Any

from django.core.exceptions import ValidationError
from django.template.loader import render_to_string

from . import wording
from .anatomy import Anatomy
from .limits import check_printable
from .models import CertifiedCopy
from .rendering import (
    CPU_SECONDS,
    MEMORY_BYTES,
    VARIANT,
    WALL_SECONDS,
    RenderTooLarge,
    lay_out,
    verify_url,
)
from .style import asset, current_style

CERTIFIED = {CertifiedCopy.Kind.COPY: "Salinan", CertifiedCopy.Kind.EXCERPT: "Petikan"}


def lay_out_copy(copy: CertifiedCopy, anatomy: Anatomy) -> bytes:
    """The unsigned PDF/A-3u of a copy; raises RenderError."""
    try:
        check_printable(anatomy)
    except ValidationError as error:
        raise RenderTooLarge(" ".join(error.messages)) from error
    return lay_out(_job(copy, anatomy))


def _job(copy: CertifiedCopy, anatomy: Anatomy) -> dict[str, Any]:
    style = current_style().on_paper(copy.instrument.paper)
    emblem = base64.b64encode(asset(style.emblem))
    sheets = (style.stylesheet, "legal_basis/copy.css")
    return {
        "html": copy_html(copy, anatomy),
        "css": [*(asset(sheet).decode("utf-8") for sheet in sheets), style.css()],
        "assets": {"emblem.svg": {"type": "image/svg+xml", "base64": emblem.decode()}},
        "attachments": [],
        "variant": VARIANT,
        "memory_bytes": MEMORY_BYTES,
        "cpu_seconds": CPU_SECONDS,
        "wall_seconds": WALL_SECONDS,
    }


def copy_html(copy: CertifiedCopy, anatomy: Anatomy) -> str:
    """The page as HTML: a whole copy, or head, “dst.” and the chosen parts of an excerpt."""
    person = copy.certified_by
    printed = anatomy.breakable()
    context: dict[str, Any] = {
        "anatomy": printed,
        "copy": copy,
        "certified": CERTIFIED[CertifiedCopy.Kind(copy.kind)],
        "dated": wording.long_date(copy.certified_on),
        "office": wording.printed_capacity(copy.capacity, "Kepala Bagian Hukum"),
        "person": person,
        "verify_url": verify_url(copy.instrument),
    }
    if copy.kind == CertifiedCopy.Kind.EXCERPT:
        context |= {"pieces": _excerpt(copy, printed)}
    return render_to_string(f"legal_basis/copies/{copy.kind}.html", context)


def _excerpt(copy: CertifiedCopy, anatomy: Anatomy) -> list[Any]:
    """The chosen dicta or articles in their order; None where something was left out."""
    articles = [unit for unit in anatomy.body if unit.kind == "pasal"]
    pieces: list[Any] = list(anatomy.dicta) or articles
    found: list[Any] = []
    for position, piece in enumerate(pieces):
        if position in copy.parts:
            found.append(piece)
        elif not found or found[-1] is not None:
            found.append(None)
    return found
