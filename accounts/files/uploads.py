"""Files from outside: few kinds, checked to be what they say, with names that say what they are."""

import hashlib
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

import puremagic
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from ..models import FILE_NAME_LENGTH, StoredFile
from .inspection import images, office_files, pdfs
from .storage import store


@dataclass(frozen=True)
class Kind:
    """An allowed kind of file: how it is served, what its bytes start like, who looks closer."""

    media_type: str
    signatures: frozenset[str]
    inspect: Callable[[bytes], None]


OFFICE = "application/vnd.openxmlformats-officedocument"
JPEG = Kind("image/jpeg", frozenset({".jpg", ".jpeg"}), images.inspect_jpeg)
KINDS = {
    "pdf": Kind("application/pdf", frozenset({".pdf"}), pdfs.inspect),
    "png": Kind("image/png", frozenset({".png"}), images.inspect_png),
    "jpg": JPEG,
    "jpeg": JPEG,
    "docx": Kind(
        f"{OFFICE}.wordprocessingml.document", frozenset({".docx"}), office_files.inspect_docx
    ),
    "xlsx": Kind(f"{OFFICE}.spreadsheetml.sheet", frozenset({".xlsx"}), office_files.inspect_xlsx),
}
ACCEPT = ",".join(f".{extension}" for extension in KINDS)


@dataclass(frozen=True)
class CheckedUpload:
    """An upload that passed: its cleaned name, its kind and its bytes."""

    name: str
    media_type: str
    content: bytes


def check_upload(uploaded: File) -> CheckedUpload:
    """Look at one file from outside; raises ValidationError with a sentence that says the mend."""
    name = clean_file_name(uploaded.name or "")
    try:
        return CheckedUpload(name, *_checked(name, uploaded))
    except ValidationError as error:
        raise ValidationError(f"{name}: {error.message}", code=error.code) from None


def _checked(name: str, uploaded: File) -> tuple[str, bytes]:
    kind = KINDS.get(_extension(name))
    if kind is None:
        raise ValidationError(
            _("This kind of file is not accepted. Save it as %(kinds)s and upload that.")
            % {"kinds": ", ".join(sorted(KINDS))},
            code="forbidden_kind",
        )
    content = _read(uploaded)
    if not _known(content, kind):
        _check_signature(content, kind, _extension(name))
        kind.inspect(content)
    return kind.media_type, content


def _read(uploaded: File) -> bytes:
    limit = settings.UPLOAD_MAX_BYTES
    uploaded.seek(0)
    content: bytes = uploaded.read(limit + 1)
    if len(content) > limit:
        raise ValidationError(
            _("The file is larger than %(limit)s. Make it smaller or split it.")
            % {"limit": filesizeformat(limit)},
            code="too_large",
        )
    if not content:
        raise ValidationError(_("The file is empty. Choose another one."), code="empty")
    return content


def _known(content: bytes, kind: Kind) -> bool:
    """The very same bytes were looked at before, as the same kind."""
    sha256 = hashlib.sha256(content).hexdigest()
    return StoredFile.objects.filter(sha256=sha256, media_type=kind.media_type).exists()


def _check_signature(content: bytes, kind: Kind, extension: str) -> None:
    try:
        found = {match.extension for match in puremagic.magic_string(content)}
    except puremagic.PureError:
        found = set()
    starts_right = extension != "pdf" or content.startswith(b"%PDF-")
    if not found & kind.signatures or not starts_right:
        raise ValidationError(
            _("The content is not what the ending .%s says. Save it anew in that format.")
            % extension,
            code="content_mismatch",
        )


def store_upload(uploaded: File) -> tuple[str, StoredFile]:
    """Check a file from outside and keep its bytes; returns its cleaned name and where it lies."""
    checked = check_upload(uploaded)
    return checked.name, store(checked.content, media_type=checked.media_type)


def _extension(name: str) -> str:
    return PurePosixPath(name).suffix.lower().lstrip(".")


def clean_file_name(name: str) -> str:
    """The last part of the name as people may see it: no folders, no hidden or turning characters.

    A name is a label, so it is mended here and not refused.
    """
    text = unicodedata.normalize("NFC", name[-1000:].replace("\\", "/")).rsplit("/", 1)[-1]
    text = "".join(c for c in text if unicodedata.category(c)[0] not in "CM" and c.isprintable())
    text = re.sub(r'[<>:"|?*\s]+', " ", text).strip(" .")
    stem, dot, extension = text.rpartition(".")
    if not dot:
        return text[:FILE_NAME_LENGTH] or "file"
    extension = extension[:10]
    return f"{stem[: FILE_NAME_LENGTH - 1 - len(extension)].strip(' .') or 'file'}.{extension}"


class UploadField(forms.FileField):
    """A file from outside; its cleaned value is a CheckedUpload."""

    widget = forms.FileInput

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(allow_empty_file=True, **kwargs)
        self.widget.attrs.setdefault("accept", ACCEPT)

    def to_python(self, data: Any) -> CheckedUpload | None:  # type: ignore[override]
        """The checked file, or None when none was chosen."""
        if data in self.empty_values:
            return None
        if not isinstance(data, File):
            raise ValidationError(_("This must be a file."), code="not_a_file")
        return check_upload(data)
