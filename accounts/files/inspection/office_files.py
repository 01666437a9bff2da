"""Word and Excel files: a sound archive, of a sane size, without macros or outside templates."""

import re
import zipfile
from io import BytesIO

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

MAX_MEMBERS = 3_000
MAX_UNPACKED = 150 * 1024 * 1024
MAX_RATIO = 150
# Small members compress to anything without harm.
RATIO_FLOOR = 1024 * 1024
CHUNK = 256 * 1024

MAIN_PARTS = {"docx": "word/document.xml", "xlsx": "xl/workbook.xml"}
MACRO_MEMBERS = re.compile(r"vba\w*\.(bin|xml)$|macrosheets?/|activex|customui|oleobject", re.I)
PROGRAMS = re.compile(
    r"\.(exe|dll|com|scr|msi|bat|cmd|ps1|vbs?|js|jse|wsf|hta|jar|sh|lnk|html?|xhtml|zip|7z|rar"
    r"|docm|xlsm|pptm|dotm|xltm|xlam)$",
    re.I,
)
MACRO_CONTENT = re.compile(rb"macroEnabled|vbaProject", re.I)
RELATION = re.compile(rb"<[^>]*\bRelationship\b[^>]*>", re.I)
OUTSIDE = re.compile(rb"TargetMode\s*=\s*[\"']External[\"']", re.I)
HARMLESS_OUTSIDE = re.compile(rb"relationships/hyperlink[\"']", re.I)
COMMANDS = re.compile(rb"ddeLink|<w:instrText[^>]*>[^<]*\bDDE(AUTO)?\b", re.I)


def inspect_docx(data: bytes) -> None:
    """Raise ValidationError with the mend when this is not a plain Word document."""
    _inspect(data, "docx")


def inspect_xlsx(data: bytes) -> None:
    """Raise ValidationError with the mend when this is not a plain Excel workbook."""
    _inspect(data, "xlsx")


def _inspect(data: bytes, kind: str) -> None:
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            members = archive.infolist()
            _check_members(members, kind)
            left = MAX_UNPACKED
            for member in members:
                left -= _check_content(archive, member, left)
    except ValidationError:
        raise
    except Exception:
        raise ValidationError(
            _("The file is damaged or locked with a password. Save it anew, without a password."),
            code="damaged",
        ) from None


def _check_members(members: list[zipfile.ZipInfo], kind: str) -> None:
    names = [member.filename for member in members]
    if len(names) > MAX_MEMBERS or sum(m.file_size for m in members) > MAX_UNPACKED:
        raise _too_large()
    if any(_leaves_folder(name) for name in names):
        raise ValidationError(
            _("The file contains names that point outside of it. Save it anew with Word or Excel."),
            code="member_path",
        )
    if any(MACRO_MEMBERS.search(name) or PROGRAMS.search(name) for name in names):
        raise _with_macros()
    if MAIN_PARTS[kind] not in names or "[Content_Types].xml" not in names:
        raise ValidationError(
            _("The content is not what the ending .%s says. Save it anew in that format.") % kind,
            code="content_mismatch",
        )


def _leaves_folder(name: str) -> bool:
    parts = name.replace("\\", "/").split("/")
    return ".." in parts or name[:1] in ("/", "\\") or ":" in name or "\0" in name


def _check_content(archive: zipfile.ZipFile, member: zipfile.ZipInfo, left: int) -> int:
    """Unpack one member within bounds; returns its true size."""
    if member.file_size > max(RATIO_FLOOR, MAX_RATIO * member.compress_size):
        raise _too_large()
    content = bytearray()
    with archive.open(member) as source:
        while chunk := source.read(CHUNK):
            content += chunk
            if len(content) > left:
                raise _too_large()
    if member.filename.lower().endswith((".xml", ".rels", ".vml")):
        _check_markup(bytes(content))
    return len(content)


def _check_markup(content: bytes) -> None:
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        content = content.decode("utf-16", errors="replace").encode()
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        raise _with_macros()
    if MACRO_CONTENT.search(content) or COMMANDS.search(content):
        raise _with_macros()
    for relation in RELATION.findall(content):
        if OUTSIDE.search(relation) and not HARMLESS_OUTSIDE.search(relation):
            raise ValidationError(
                _(
                    "The file fetches a template or picture from elsewhere. "
                    "Save it as PDF and upload that."
                ),
                code="outside_content",
            )


def _too_large() -> ValidationError:
    return ValidationError(
        _("The file unpacks to far more than it seems. Save it as PDF and upload that."),
        code="bomb",
    )


def _with_macros() -> ValidationError:
    return ValidationError(
        _(
            "The file contains macros or embedded programs. Save it without them, or as PDF, "
            "and upload that."
        ),
        code="macros",
    )
