"""Files as people and attackers send them."""

import io
import struct
import zipfile
import zlib
from collections.abc import Mapping

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image
from pypdf import PdfWriter
from pypdf.annotations import Link
from pypdf.generic import (
    DictionaryObject,
    NameObject,
    TextStringObject,
)

TYPES = (
    '<?xml version="1.0"?>'
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">%s</Types>'
)
DOCUMENT = "<w:document><w:body><w:p>Laporan</w:p></w:body></w:document>"
WORKBOOK = "<workbook><sheets/></workbook>"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def upload(name: str, content: bytes) -> SimpleUploadedFile:
    """A file as a browser posts it; its declared type is never believed."""
    return SimpleUploadedFile(name, content, content_type="application/pdf")


def _bytes_of(writer: PdfWriter) -> bytes:
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


def _pages() -> PdfWriter:
    writer = PdfWriter()
    writer.add_blank_page(200, 300)
    return writer


def pdf(title: str = "Izin") -> bytes:
    """A plain PDF; another title gives other bytes."""
    writer = _pages()
    writer.add_metadata({"/Title": title})
    return _bytes_of(writer)


def pdf_with_script() -> bytes:
    action = DictionaryObject(
        {
            NameObject("/S"): NameObject("/JavaScript"),
            NameObject("/JS"): TextStringObject("app.alert(1)"),
        }
    )
    return pdf_with_catalogue_entry("/OpenAction", action)


def pdf_with_catalogue_entry(key: str, value: DictionaryObject) -> bytes:
    writer = _pages()
    writer.root_object[NameObject(key)] = value
    return _bytes_of(writer)


def pdf_that_launches() -> bytes:
    action = DictionaryObject(
        {NameObject("/S"): NameObject("/Launch"), NameObject("/F"): TextStringObject("cmd.exe")}
    )
    return pdf_with_catalogue_entry("/OpenAction", action)


def pdf_that_opens_a_site() -> bytes:
    action = DictionaryObject(
        {
            NameObject("/S"): NameObject("/URI"),
            NameObject("/URI"): TextStringObject("http://evil.example/"),
        }
    )
    return pdf_with_catalogue_entry("/OpenAction", action)


def pdf_with_hidden_script() -> bytes:
    """The script sits in a compressed object stream, where a search of the bytes finds nothing."""
    objects = b"<< /S /Named /Next 6 0 R        >>" + b"<< /S /JavaScript /JS (x) >>"
    header = b"5 0 6 34 "
    first = len(header)
    body = zlib.compress(header + objects)
    parts = [
        b"1 0 obj << /Type /Catalog /Pages 2 0 R /OpenAction 5 0 R >> endobj\n",
        b"2 0 obj << /Type /Pages /Kids [3 0 R] /Count 1 >> endobj\n",
        b"3 0 obj << /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] >> endobj\n",
        b"4 0 obj << /Type /ObjStm /N 2 /First %d /Filter /FlateDecode /Length %d >> stream\n"
        % (first, len(body))
        + body
        + b"\nendstream endobj\n",
    ]
    return _with_xref_stream(parts)


def _with_xref_stream(parts: list[bytes]) -> bytes:
    data, offsets = b"%PDF-1.5\n", []
    for part in parts:
        offsets.append(len(data))
        data += part
    start = len(data)
    rows = [(0, 0, 255), *((1, offset, 0) for offset in offsets), (2, 4, 0), (2, 4, 1)]
    rows.append((1, start, 0))
    table = b"".join(struct.pack(">BIB", *row) for row in rows)
    data += (
        b"7 0 obj << /Type /XRef /Size 8 /W [1 4 1] /Root 1 0 R /Length %d >> stream\n" % len(table)
        + table
        + b"\nendstream endobj\nstartxref\n%d\n%%%%EOF\n" % start
    )
    return data


def pdf_with_attachment(name: str) -> bytes:
    writer = _pages()
    writer.add_attachment(name, b"MZ program")
    return _bytes_of(writer)


def pdf_with_link() -> bytes:
    writer = _pages()
    writer.add_annotation(0, Link(rect=(0, 0, 9, 9), url="https://beltim.example/"))
    return _bytes_of(writer)


def pdf_with_password() -> bytes:
    writer = _pages()
    writer.encrypt("rahasia", algorithm="RC4-128")
    return _bytes_of(writer)


def pdf_bomb(megabytes: int = 300) -> bytes:
    """The list of objects itself unpacks to a thousand times its size."""
    packer = zlib.compressobj(9)
    body = b"".join(packer.compress(bytes(1_000_000)) for _ in range(megabytes)) + packer.flush()
    data = b"%PDF-1.5\n1 0 obj << /Type /Catalog >> endobj\n"
    return data + (
        b"2 0 obj << /Type /XRef /Size 900000000 /W [1 1 1] /Root 1 0 R /Filter /FlateDecode "
        b"/Length %d >> stream\n"
        % len(body)
        + body
        + b"\nendstream endobj\nstartxref\n%d\n%%%%EOF\n" % len(data)
    )


def picture(kind: str = "PNG", size: tuple[int, int] = (20, 10), colour: str = "navy") -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", size, colour).save(buffer, kind)
    return buffer.getvalue()


def picture_of_claimed_size(width: int, height: int) -> bytes:
    """A PNG whose head claims a size that its few bytes cannot hold."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunk = b"IHDR" + head
    rest = picture()[33:]
    return (
        b"\x89PNG\r\n\x1a\n"
        + struct.pack(">I", 13)
        + chunk
        + struct.pack(">I", zlib.crc32(chunk))
        + rest
    )


def archive(members: Mapping[str, str | bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in members.items():
            made.writestr(name, content)
    return buffer.getvalue()


def docx(extra: Mapping[str, str | bytes] | None = None, types: str = "") -> bytes:
    members = {"[Content_Types].xml": TYPES % types, "word/document.xml": DOCUMENT}
    return archive(members | dict(extra or {}))


def xlsx(extra: Mapping[str, str | bytes] | None = None) -> bytes:
    members = {"[Content_Types].xml": TYPES % "", "xl/workbook.xml": WORKBOOK}
    return archive(members | dict(extra or {}))


def relation(kind: str, target: str) -> str:
    """A relationship part that points outside of the file."""
    return (
        f'<Relationships><Relationship Id="r1" Type="{OFFICE}/{kind}" Target="{target}" '
        'TargetMode="External"/></Relationships>'
    )
