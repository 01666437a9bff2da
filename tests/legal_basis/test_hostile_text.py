"""Hostile text in every drafting field: printed as text or refused, and nothing outside is read."""

import io
import socketserver
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler

import pytest
from pypdf import PdfReader

from legal_basis import rendering
from legal_basis.models import Instrument
from legal_basis.rendering import RenderError
from tests.legal_basis.factories import numbered

pytestmark = [pytest.mark.integration, pytest.mark.one_database, pytest.mark.django_db]

SECRET = "RAHASIA-NEGARA-42"
BILLION_LAUGHS = (
    '<!DOCTYPE svg [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    "<svg><text>&b;</text></svg>"
)
# {http}: a server on loopback that must never be asked; {file}: a file that must never be read.
PAYLOADS = {
    "image": "<img src='{http}/a.png'>",
    "image from a file": "<img src='{file}'>",
    "link attachment": "<link rel=attachment href='{file}'>",
    "anchor attachment": "<a rel=attachment href='{file}'>lampiran</a>",
    "remote attachment": "<link rel=attachment href='{http}/a'>",
    "style sheet": "<link rel=stylesheet href='{http}/a.css'>",
    "style import": "<style>@import url('{http}/a.css');</style>",
    "style that hides": "<style>body {{ display: none }} p::after {{ content: 'SETUJU' }}</style>",
    "font": "<style>@font-face {{ font-family: x; src: url('{http}/a.ttf') }}</style>",
    "background": "<p style=\"background: url('{http}/a.png')\">x</p>",
    "page background": "<style>@page {{ background: url('{file}') }}</style>",
    "list image": "<ul style=\"list-style-image: url('{http}/a')\"><li>x</ul>",
    "content url": "<style>p::after {{ content: url('{http}/a') }}</style>",
    "attr content": "<style>p::after {{ content: target-text(url('{file}')) }}</style>",
    "object": "<object data='{http}/a.svg'></object>",
    "embed": "<embed src='{file}'>",
    "iframe": "<iframe src='{file}'></iframe>",
    "svg image": "<svg><image href='{http}/a.png'/></svg>",
    "svg use": "<svg><use href='{file}#x'/></svg>",
    "svg in an image": "<img src=\"data:image/svg+xml,<svg><image href='{http}/a'/></svg>\">",
    "svg entity": "<!DOCTYPE svg [<!ENTITY x SYSTEM '{file}'>]><svg><text>&x;</text></svg>",
    "svg bomb": BILLION_LAUGHS.replace("{", "{{").replace("}", "}}"),
    "base": "<base href='{http}/'><img src='a.png'>",
    "meta refresh": "<meta http-equiv=refresh content='0; url={http}/'>",
    "meta attachment": "<meta name=dcterms.created content='{file}'>",
    "script": "<script>fetch('{http}/a')</script>",
    "javascript link": "<a href=\"javascript:app.launchURL('{http}')\">x</a>",
    "file link": "<a href='{file}'>x</a>",
    "template language": "{{% include '/etc/passwd' %}} {{{{ settings.SECRET_KEY }}}}",
    "format string": "{{0.__class__.__mro__}} %s %(x)s",
    "closing tags": "</p></section></body></html><img src='{http}/a.png'>",
    "comment": "<!-- --><img src='{http}/a.png'><!--",
    "cdata": "<![CDATA[<img src='{http}/a.png'>]]>",
    "entities": "&lt;img src='{http}/a.png'&gt; &#60;b&#62;",
    "asset name": "<img src='asset:qr.svg'><img src='asset:../../etc/passwd'>",
    "ampersands and quotes": 'Toko "A & B\'s" <sejak 2020>',
    "formula": "=cmd|' /C calc'!A0",
    "path": "../../../../etc/passwd",
    "wide table": "<table>" + "<tr>" + "<td>x " * 300,
    "nested tags": "<div style='display:flex'>" * 400,
    "colspan": "<table><td colspan=10000000>x</table>",
}
REFUSED = {
    "right to left": "Rp\u202e000.000.1\u202c",
    "zero width": "ke\u200bpala",
    "nul": "a\x00b",
    "escape": "a\x1b[31m",
    "stacked accents": "a" + "\u0301" * 10,
    "private use": "\ue000",
    "lone surrogate": "\ud800",
    "one word of a million letters": "a" * 10**6,
    "one word of five hundred letters": "a" * 500,
    "words joined by no-break spaces": "a\u00a0" * 250,
    "thousand lines": "a\n" * 1000,
    "a million words": "kata " * 200_000,
}
FIELDS = ("title", "considerations", "noting", "dicta", "copy_recipients", "annex")


class Canary(socketserver.ThreadingTCPServer):
    """Counts whoever knocks."""

    allow_reuse_address = True
    daemon_threads = True
    visits = 0


class Visit(BaseHTTPRequestHandler):
    def handle(self) -> None:
        assert isinstance(self.server, Canary)
        self.server.visits += 1


@pytest.fixture(scope="module")
def canary() -> Iterator[Canary]:
    with Canary(("127.0.0.1", 0), Visit) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def secret(tmp_path):
    path = tmp_path / "secret.txt"
    path.write_text(SECRET)
    return path


def filled(text: str, fields: tuple[str, ...] = FIELDS) -> Instrument:
    """A numbered instrument with that text in these fields, past every form."""
    instrument = numbered()
    content = instrument.content
    for block in ("considerations", "noting", "dicta"):
        if block in fields:
            content[block] = [*content[block], {"key": "", "text": text}]
    if "title" in fields:
        instrument.title = text
    if "copy_recipients" in fields:
        content["copy_recipients"] = [text]
    if "annex" in fields:
        content["annex"]["rows"] = [[text] * 8]
    return instrument


def squeezed(text: str) -> str:
    return "".join(text.split())


def all_text(pdf: PdfReader) -> str:
    return "".join(page.extract_text() for page in pdf.pages)


def test_payloads_are_printed_as_text_and_reach_nothing(canary, secret):
    http = f"http://127.0.0.1:{canary.server_address[1]}"
    texts = [text.format(http=http, file=secret.as_uri()) for text in PAYLOADS.values()]
    pdf_bytes = rendering.render_pdf(filled("\n".join(texts), ("dicta",)))
    pdf = PdfReader(io.BytesIO(pdf_bytes))
    printed = squeezed(all_text(pdf))
    absent = [
        name
        for name, text in zip(PAYLOADS, texts, strict=True)
        if squeezed(text)[:60] not in printed
    ]
    assert absent == []
    assert canary.visits == 0
    assert SECRET not in printed
    assert list(pdf.attachments) == ["payung.json"]
    assert [page for page in pdf.pages if page.get("/Annots")] == []


@pytest.mark.parametrize("field", FIELDS)
def test_every_field_prints_markup_as_text(field, canary, secret):
    address = f"http://127.0.0.1:{canary.server_address[1]}/a.png"
    text = f"<img src='{address}'><link rel=attachment href='{secret.as_uri()}'><b>tebal</b>"
    pdf = PdfReader(io.BytesIO(rendering.render_pdf(filled(text, (field,)))))
    printed = squeezed(all_text(pdf)).lower()
    for fragment in ("<imgsrc='http:", "<linkrel=attachmenthref='file:", "<b>tebal</b>"):
        assert fragment in printed
    assert (canary.visits, list(pdf.attachments)) == (0, ["payung.json"])


@pytest.mark.parametrize("name", REFUSED)
def test_text_that_lies_or_floods_is_refused_with_a_reason(name):
    instrument = numbered()
    instrument.content["dicta"].append({"key": "", "text": REFUSED[name]})
    start = time.monotonic()
    with pytest.raises(RenderError, match=r"\w+ .+\."):
        rendering.render_pdf(instrument)
    assert time.monotonic() - start < 2


def test_long_words_just_under_the_limit_are_broken_into_lines():
    text = " ".join(["q" * 399] * 4)
    pdf = PdfReader(io.BytesIO(rendering.render_pdf(filled(text, ("dicta",)))))
    counts = [row.count("q") for row in all_text(pdf).splitlines()]
    assert (sum(counts), max(counts) <= 60) == (4 * 399, True)


def test_letters_of_other_scripts_and_emoji_do_not_stop_it():
    text = "Inovasi \U0001f680 ☂ Ω Ж 中 ع"
    assert rendering.render_pdf(filled(text, ("dicta",))).startswith(b"%PDF-1.7")


def test_annex_of_many_rows_stays_within_the_limits():
    instrument = numbered()
    row = instrument.content["annex"]["rows"][0]
    instrument.content["annex"]["rows"] = [row] * 60
    pdf = PdfReader(io.BytesIO(rendering.render_pdf(instrument)))
    assert len(pdf.pages) > 5


def test_annex_of_too_many_rows_is_refused():
    instrument = numbered()
    instrument.content["annex"]["rows"] *= 10_000
    with pytest.raises(RenderError, match="rows"):
        rendering.render_pdf(instrument)
