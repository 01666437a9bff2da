"""The text of an issued instrument as it was printed: read from its file, never from the case."""

import io
import json
import types
import typing
from dataclasses import fields, is_dataclass
from typing import Any, cast

from .anatomy import Anatomy, anatomy_of
from .models import Instrument

RECORD = "payung.json"


def original_anatomy(instrument: Instrument) -> Anatomy:
    """What its issued file says of itself, block by block.

    A file without such a record (a scan) has the text of the stored draft, which nobody could
    edit any more since it took its number.
    """
    record = _record(instrument)
    return cast(Anatomy, _built(Anatomy, record)) if record else anatomy_of(instrument)


def _record(instrument: Instrument) -> dict[str, Any] | None:
    from pypdf import PdfReader

    for stored in (instrument.rendered, instrument.document):
        if stored is None or stored.media_type != "application/pdf":
            continue
        attached = PdfReader(io.BytesIO(stored.read())).attachments
        if found := attached.get(RECORD):
            record: dict[str, Any] = json.loads(found[0])["instrument"]
            return record
    return None


def _built(wanted: Any, value: Any) -> Any:
    """Plain values as what the type says; fields that the file does not know are empty."""
    if value is None:
        return None
    origin = typing.get_origin(wanted)
    if origin is tuple:
        return tuple(_built(typing.get_args(wanted)[0], part) for part in value)
    if origin in (types.UnionType, typing.Union):
        inner = next(one for one in typing.get_args(wanted) if one is not type(None))
        return _built(inner, value)
    if is_dataclass(wanted) and isinstance(wanted, type):
        hints = typing.get_type_hints(wanted)
        return wanted(
            **{
                field.name: _built(hints[field.name], value[field.name])
                if field.name in value
                else _nothing(hints[field.name])
                for field in fields(wanted)
            }
        )
    return value


def _nothing(wanted: Any) -> Any:
    if typing.get_origin(wanted) is tuple:
        return ()
    return "" if wanted is str else None
