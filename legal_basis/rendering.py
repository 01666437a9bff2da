"""From an instrument to a PDF: HTML here, layout in a short-lived child process with limits."""

import base64
import datetime
import io
import json
import signal
from collections.abc import Sequence
from typing import Any

import segno
from django.conf import settings
from django.core.exceptions import ValidationError
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from . import layout
from .anatomy import Anatomy, anatomy_of
from .authority import authority_name
from .evidence import Position, position_of
from .initials import Initials
from .limits import check_printable
from .models import Instrument, LegalSource
from .render_child import REFUSED, TOO_LARGE
from .signing import Need, authority_of, need_of
from .style import InstrumentStyle, asset, current_style
from .tables import fitted

VARIANT = "pdf/a-3u"
MEMORY_BYTES = 1024**3
CPU_SECONDS = 15
# Somebody waits for a preview. A decree in the worker outlasts a busy machine: there the limit on
# processor time is what ends endless work, and this one only what hangs.
PREVIEW_SECONDS = 20
WALL_SECONDS = 60
OVER_TIME = (-signal.SIGXCPU, -signal.SIGKILL)
# What GLib, Pango and fontconfig do when they are given no more memory.
OUT_OF_MEMORY = (-signal.SIGTRAP, -signal.SIGABRT, -signal.SIGSEGV)


class RenderError(Exception):
    """The instrument could not be turned into a PDF; the message is a sentence for people."""


class RenderTimeout(RenderError):
    """It took longer than the limit."""


class RenderTooLarge(RenderError):
    """It has more text or rows, or needs more memory, than the limit."""


class RenderFailed(RenderError):
    """The layout program gave up."""


def render_pdf(instrument: Instrument) -> bytes:
    """The unsigned PDF/A-3u of a numbered instrument, with its data record attached.

    Raises RenderTimeout, RenderTooLarge or RenderFailed.
    """
    return _laid_out(instrument, anatomy_of(instrument), preview=False)


def preview_pdf(
    instrument: Instrument,
    initials: Initials | None = None,
    sources: Sequence[LegalSource] | None = None,
) -> bytes:
    """The draft as it would be printed today, marked RANCANGAN, without signature and QR code.

    The sheet of initials follows it, where there is one. `sources` stand for the recorded legal
    bases where the draft is shown unsaved.
    """
    return _laid_out(instrument, anatomy_of(instrument, sources), preview=True, initials=initials)


def job_of(instrument: Instrument) -> dict[str, Any]:
    """What the layout process is told to print of a numbered instrument."""
    return _job(instrument, anatomy_of(instrument), preview=False)


def verify_url(instrument: Instrument) -> str:
    """The public address that the QR code leads to."""
    return f"{settings.PUBLIC_URL}{reverse('verify', args=[instrument.token])}"


def data_record(instrument: Instrument, position: Position | None = None) -> dict[str, Any]:
    """What the file says about itself to programs: the text by blocks and where to check it.

    position: where the ledger of the case stood when it was printed.
    """
    return {
        "format": "payung-instrument-1",
        "token": str(instrument.token),
        "verify": verify_url(instrument),
        "kind": instrument.kind,
        "purpose": instrument.purpose,
        "case": instrument.subject_code,
        "innovation": instrument.innovation.name,
        "stipulates": _stipulated(instrument),
        "dated": _day(instrument.dated),
        "in_force_from": _day(instrument.in_force_from),
        "in_force_until": _day(instrument.in_force_until),
        "gazette": _gazette(instrument),
        "ledger": position.as_data() if position else None,
        "instrument": anatomy_of(instrument).as_data(),
    }


def _day(day: datetime.date | None) -> str | None:
    return day.isoformat() if day else None


def _stipulated(instrument: Instrument) -> list[dict[str, str]]:
    rows = instrument.stipulations.filter(withdrawn=False).select_related("innovation")
    return [{"code": row.innovation.code, "name": row.innovation.name} for row in rows]


def _gazette(instrument: Instrument) -> dict[str, Any] | None:
    if (entry := instrument.gazette_entry) is None:
        return None
    return {"year": entry.series.year, "number": entry.number, "dated": _day(entry.dated)}


def _laid_out(
    instrument: Instrument, anatomy: Anatomy, *, preview: bool, initials: Initials | None = None
) -> bytes:
    try:
        check_printable(anatomy)
    except ValidationError as error:
        raise RenderTooLarge(" ".join(error.messages)) from error
    return lay_out(_job(instrument, anatomy, preview, initials))


def _job(
    instrument: Instrument, anatomy: Anatomy, preview: bool, initials: Initials | None = None
) -> dict[str, Any]:
    style, way = current_style().on_paper(instrument.paper), instrument.signing_way
    address = verify_url(instrument)
    position = None if preview else position_of(instrument.subject_code)
    shown = anatomy.breakable()
    fit = fitted(anatomy.annex, shown.annex, style) if anatomy.annex and shown.annex else None
    html = render_to_string(
        f"legal_basis/instruments/{instrument.kind}.html",
        {
            "anatomy": shown,
            "fit": fit,
            "preview": preview,
            "initials": initials,
            "verify_url": address,
            "position": position,
            "authority": style.authority or authority_of(way) or authority_name(),
            "in_ink": need_of(way) is Need.SCAN,
        },
    )
    return {
        "html": html,
        "css": [
            asset(style.stylesheet).decode("utf-8"),
            style.css(),
            f".annex table {{ font-size: {fit.font_size if fit else style.annex_font_size}pt; }}",
        ],
        "assets": _assets(style, address, preview),
        "attachments": [] if preview else [_attachment(instrument, position)],
        "variant": VARIANT,
        "memory_bytes": MEMORY_BYTES,
        "cpu_seconds": CPU_SECONDS,
        "wall_seconds": PREVIEW_SECONDS if preview else WALL_SECONDS,
    }


def _assets(style: InstrumentStyle, address: str, preview: bool) -> dict[str, dict[str, str]]:
    images = {"emblem.svg": asset(style.emblem)}
    if not preview:
        images["qr.svg"] = _qr(address)
    return {
        name: {"type": "image/svg+xml", "base64": base64.b64encode(body).decode()}
        for name, body in images.items()
    }


def _qr(address: str) -> bytes:
    target = io.BytesIO()
    segno.make(address, error="m", micro=False).save(
        target, kind="svg", border=0, xmldecl=False, omitsize=True
    )
    return target.getvalue()


def _attachment(instrument: Instrument, position: Position | None) -> dict[str, str]:
    return {
        "name": "payung.json",
        "description": "Data produk hukum",
        "relationship": "Data",
        "text": json.dumps(
            data_record(instrument, position), ensure_ascii=False, indent=1, sort_keys=True
        ),
    }


def lay_out(job: dict[str, Any]) -> bytes:
    """The PDF of one job, or a RenderError that says in a sentence what is wrong with it."""
    try:
        outcome = layout.lay_out(job)
    except layout.Gone as error:
        raise RenderFailed(_("The layout program ended unexpectedly. Try again.")) from error
    if not outcome.in_time or outcome.status in OVER_TIME:
        raise RenderTimeout(
            _("Laying it out took longer than %s seconds. Shorten its texts or its annex.")
            % job["wall_seconds"]
        )
    if outcome.status == TOO_LARGE or outcome.status in OUT_OF_MEMORY:
        raise RenderTooLarge(
            _("It needs more memory than it may use. Shorten its texts or its annex.")
        )
    if outcome.status == REFUSED:
        raise RenderFailed(_("It refers to a file or address outside its bundle."))
    if outcome.status or not outcome.pdf.startswith(b"%PDF-"):
        raise RenderFailed(_("The layout program stopped: %s") % (outcome.said[:200] or "?"))
    return outcome.pdf
