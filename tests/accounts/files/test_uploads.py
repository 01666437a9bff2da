import io
import struct
import zipfile

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from accounts.acting import acting_as
from accounts.files import uploads
from accounts.files.inspection import pdfs
from accounts.files.storage import store
from accounts.files.uploads import UploadField, check_upload, clean_file_name, store_upload
from accounts.models import StoredFile
from tests.accounts.factories import UserFactory, stored_file

from . import samples as files

pytestmark = [pytest.mark.integration, pytest.mark.one_database, pytest.mark.django_db]


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


def refusal(name: str, content: bytes) -> ValidationError:
    with pytest.raises(ValidationError) as caught:
        check_upload(files.upload(name, content))
    return caught.value


GOOD = {
    "pdf": ("izin.pdf", lambda: files.pdf()),
    "pdf with a link": ("izin.pdf", lambda: files.pdf_with_link()),
    "pdf with data attached": ("sk.pdf", lambda: files.pdf_with_attachment("data.json")),
    "png": ("foto.png", lambda: files.picture()),
    "jpg": ("foto.JPG", lambda: files.picture("JPEG")),
    "jpeg": ("foto.jpeg", lambda: files.picture("JPEG")),
    "jpeg with a second picture behind": (
        "foto.jpg",
        lambda: files.picture("JPEG") + files.picture("JPEG"),
    ),
    "docx": ("laporan.docx", lambda: files.docx()),
    "docx with a link": (
        "laporan.docx",
        lambda: files.docx(
            {"word/_rels/document.xml.rels": files.relation("hyperlink", "http://a.id")}
        ),
    ),
    "xlsx": ("rab.xlsx", lambda: files.xlsx()),
}


@pytest.mark.parametrize(("name", "content"), GOOD.values(), ids=GOOD.keys())
def test_check_upload_ordinary_file_passes(name, content):
    made = content()
    checked = check_upload(files.upload(name, made))
    assert checked.content == made
    assert checked.name == name


SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HTML = b"<!DOCTYPE html><html><script>alert(1)</script></html>"
PROGRAM = b"MZ\x90\x00" + b"\0" * 300
MACRO = {"word/vbaProject.bin": b"\xd0\xcf\x11\xe0 macro"}
HOSTILE = {
    # The fourteen kinds that a plain file field stored.
    "empty": ("kosong.pdf", lambda: b"", "empty"),
    "svg with script": ("gambar.svg", lambda: SVG, "forbidden_kind"),
    "svg named png": ("gambar.png", lambda: SVG, "content_mismatch"),
    "html named pdf": ("surat.pdf", lambda: HTML, "content_mismatch"),
    "html": ("surat.html", lambda: HTML, "forbidden_kind"),
    "program": ("alat.exe", lambda: PROGRAM, "forbidden_kind"),
    "program named pdf": ("alat.pdf", lambda: PROGRAM, "content_mismatch"),
    "shell script named docx": ("alat.docx", lambda: b"#!/bin/sh\nrm -rf /\n", "content_mismatch"),
    "macro document": ("surat.docm", lambda: files.docx(MACRO), "forbidden_kind"),
    "macro document named docx": ("surat.docx", lambda: files.docx(MACRO), "macros"),
    "zip bomb": ("bom.docx", lambda: files.docx({"word/a.xml": b"0" * 200_000_000}), "bomb"),
    "zip with names outside": (
        "surat.docx",
        lambda: files.docx({"../../etc/cron": "x"}),
        "member_path",
    ),
    "100 MB": ("besar.pdf", lambda: b"%PDF-1.7\n" + b"0" * 100_000_000, "too_large"),
    "right-to-left override": ("laporan\u202efdp.exe", lambda: PROGRAM, "forbidden_kind"),
    # And more.
    "no extension": ("surat", lambda: files.pdf(), "forbidden_kind"),
    "extension twice": ("surat.pdf.html", lambda: files.pdf(), "forbidden_kind"),
    "zip": ("arsip.zip", lambda: files.archive({"a": "b"}), "forbidden_kind"),
    "png named pdf": ("foto.pdf", lambda: files.picture(), "content_mismatch"),
    "pdf named png": ("foto.png", lambda: files.pdf(), "content_mismatch"),
    "xlsx named docx": ("rab.docx", lambda: files.xlsx(), "content_mismatch"),
    "zip named docx": ("arsip.docx", lambda: files.archive({"a": "b"}), "content_mismatch"),
    "pdf behind html": ("surat.pdf", lambda: HTML + files.pdf(), "content_mismatch"),
    "pdf with script": ("surat.pdf", lambda: files.pdf_with_script(), "active"),
    "pdf with escaped script": (
        "surat.pdf",
        lambda: files.pdf_with_script().replace(b"/JavaScript", b"/J#61vaScript"),
        "active",
    ),
    "pdf with script in an object stream": (
        "surat.pdf",
        lambda: files.pdf_with_hidden_script(),
        "active",
    ),
    "pdf that launches": ("surat.pdf", lambda: files.pdf_that_launches(), "active"),
    "pdf that opens a site": ("surat.pdf", lambda: files.pdf_that_opens_a_site(), "active"),
    "pdf with a program": (
        "surat.pdf",
        lambda: files.pdf_with_attachment("alat.exe"),
        "attachment",
    ),
    "pdf with a password": ("surat.pdf", lambda: files.pdf_with_password(), "encrypted"),
    "pdf bomb": ("bom.pdf", lambda: files.pdf_bomb(), "damaged"),
    "pdf cut off": ("surat.pdf", lambda: files.pdf()[:-40], "damaged"),
    "pdf without pages": ("surat.pdf", lambda: b"%PDF-1.4\ntrailer<<>>\n%%EOF", "damaged"),
    "picture cut off": ("foto.png", lambda: files.picture()[:-20], "damaged"),
    "picture of 10 gigapixels": (
        "foto.png",
        lambda: files.picture_of_claimed_size(100_000, 100_000),
        "too_many_pixels",
    ),
    "picture with an archive behind": (
        "foto.png",
        lambda: files.picture() + files.archive({"a": "b"}),
        "not_only_a_picture",
    ),
    "photo with an archive behind": (
        "foto.jpg",
        lambda: files.picture("JPEG") + files.archive({"a": "b"}),
        "not_only_a_picture",
    ),
    "picture with script behind": (
        "foto.png",
        lambda: files.picture() + HTML,
        "not_only_a_picture",
    ),
    "docx with a remote template": (
        "surat.docx",
        lambda: files.docx(
            {"word/_rels/settings.xml.rels": files.relation("attachedTemplate", "//x/t")}
        ),
        "outside_content",
    ),
    "docx with an entity": (
        "surat.docx",
        lambda: files.docx({"word/x.xml": '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'}),
        "macros",
    ),
    "docx with an entity in UTF-16": (
        "surat.docx",
        lambda: files.docx({"word/x.xml": '<!DOCTYPE a [<!ENTITY b "c">]><a/>'.encode("utf-16")}),
        "macros",
    ),
    "docx of macro type": (
        "surat.docx",
        lambda: files.docx(types='<Default ContentType="application/x.macroEnabled.main+xml"/>'),
        "macros",
    ),
    "docx with a command": (
        "surat.docx",
        lambda: files.docx({"word/footer.xml": "<w:instrText> DDEAUTO c:\\cmd.exe</w:instrText>"}),
        "macros",
    ),
    "docx with a program": (
        "surat.docx",
        lambda: files.docx({"word/embeddings/a.exe": "MZ"}),
        "macros",
    ),
    "xlsx with a macro sheet": (
        "rab.xlsx",
        lambda: files.xlsx({"xl/macrosheets/sheet1.xml": "<a/>"}),
        "macros",
    ),
    "xlsx with ActiveX": ("rab.xlsx", lambda: files.xlsx({"xl/activeX/a.bin": "x"}), "macros"),
    "docx of many members": (
        "surat.docx",
        lambda: files.docx({f"word/{n}.xml": "<a/>" for n in range(3_100)}),
        "bomb",
    ),
    "docx cut off": ("surat.docx", lambda: files.docx()[:-30], "damaged"),
}


@pytest.mark.parametrize(("name", "content", "code"), HOSTILE.values(), ids=HOSTILE.keys())
def test_check_upload_hostile_file_is_refused_in_a_sentence(name, content, code):
    error = refusal(name, content())
    assert error.code == code
    assert error.messages[0].startswith(f"{clean_file_name(name)}: ")
    assert error.messages[0].endswith(".")


def test_check_upload_lying_size_in_an_archive_is_refused():
    content = bytearray(files.docx({"word/a.xml": b"x" * 50_000}))
    at = content.rindex(b"PK\x01\x02") + 24
    content[at : at + 4] = struct.pack("<I", 10)
    assert refusal("surat.docx", bytes(content)).code == "damaged"


def test_check_upload_locked_archive_is_refused():
    content = bytearray(files.docx())
    for found in (b"PK\x01\x02", b"PK\x03\x04"):
        flag = content.index(found) + (8 if found == b"PK\x01\x02" else 6)
        content[flag] |= 1
    assert refusal("surat.docx", bytes(content)).code == "damaged"


def test_check_upload_over_the_limit_names_it(settings):
    settings.UPLOAD_MAX_BYTES = 1024
    assert "larger than 1.0" in refusal("a.pdf", b"%PDF-" + b"0" * 2000).messages[0].replace(
        "\xa0", " "
    )


def test_check_upload_exactly_at_the_limit_passes(settings):
    content = files.picture()
    settings.UPLOAD_MAX_BYTES = len(content)
    assert check_upload(files.upload("a.png", content)).media_type == "image/png"


def test_check_upload_never_believes_the_declared_type():
    assert check_upload(files.upload("a.png", files.picture())).media_type == "image/png"


def test_check_upload_endless_pdf_is_ended(monkeypatch):
    monkeypatch.setattr(pdfs, "WALL_SECONDS", 0.01)
    assert refusal("lama.pdf", files.pdf("lama")).code == "too_large"


def test_check_upload_known_bytes_are_not_read_again(monkeypatch):
    monkeypatch.setattr(pdfs, "WALL_SECONDS", 0)
    content = files.pdf("sudah dikenal")
    stored_file(content, "application/pdf")
    assert check_upload(files.upload("lagi.pdf", content)).name == "lagi.pdf"


def test_check_upload_known_bytes_as_another_kind_are_read():
    content = files.xlsx()
    stored_file(content, uploads.KINDS["xlsx"].media_type)
    assert refusal("rab.docx", content).code == "content_mismatch"


@pytest.mark.parametrize(
    ("name", "cleaned"),
    [
        ("Surat Izin 2026.pdf", "Surat Izin 2026.pdf"),
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\Users\\ani\\surat.pdf", "surat.pdf"),
        ("laporan\u202efdp.exe", "laporanfdp.exe"),
        ("a\u200bb\x00c\n.pdf", "abc.pdf"),
        ("...pdf", "pdf"),
        (".htaccess", "htaccess"),
        ("", "file"),
        ("\u202e", "file"),
        ("a:b|c?.pdf", "a b c.pdf"),
        ("Cafe\u0301.pdf", "Café.pdf"),
        ("gambar" + "\u0301" * 500 + ".pdf", "gambaŕ.pdf"),
        ("x" * 900 + ".pdf", "x" * 116 + ".pdf"),
        ("x" * 5000, "x" * 120),
    ],
)
def test_clean_file_name_shows_what_it_is(name, cleaned):
    assert clean_file_name(name) == cleaned
    assert len(clean_file_name(name)) <= 120


def test_store_upload_keeps_bytes_under_their_hash():
    with acting_as(UserFactory()):
        name, stored = store_upload(files.upload("izin.pdf", files.pdf()))
        again = store(files.pdf(), media_type="application/pdf")
    assert name == "izin.pdf"
    assert stored == again
    assert stored.read() == files.pdf()
    assert StoredFile.objects.count() == 1


def test_upload_field_optional_without_a_file_is_none():
    assert UploadField(required=False).clean(None, None) is None


def test_upload_field_text_in_place_of_a_file_is_refused():
    with pytest.raises(ValidationError, match="must be a file"):
        UploadField().clean("izin.pdf", None)


def test_upload_field_offers_only_accepted_kinds():
    assert UploadField().widget.attrs["accept"] == ".pdf,.png,.jpg,.jpeg,.docx,.xlsx"


def test_good_archives_are_archives():
    assert zipfile.ZipFile(io.BytesIO(files.docx())).testzip() is None


def test_same_pdf_is_read_once_and_one_that_nobody_could_read_is_read_anew(monkeypatch, tmp_path):
    known, new = files.pdf_with_password(), files.pdf_with_password() + b"\n%%EOF\n"
    assert refusal("surat.pdf", known).code == "encrypted"

    with monkeypatch.context() as child_is_gone:
        child_is_gone.setattr(pdfs, "CHILD", tmp_path / "nowhere.py")
        assert refusal("surat.pdf", known).code == "encrypted"
        assert refusal("surat.pdf", new).code == "too_large"

    assert refusal("surat.pdf", new).code == "encrypted"
