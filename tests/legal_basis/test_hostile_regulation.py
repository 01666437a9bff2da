"""The same hostile text in what only a regulation and an annex of several parts have."""

import io
import time
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from legal_basis import layout, rendering
from legal_basis.anatomy import anatomy_of
from legal_basis.limits import MAX_LINES, MAX_ROWS, check_printable
from legal_basis.models import Instrument
from legal_basis.numbering import Promulgator
from legal_basis.references import doubled, unresolved
from legal_basis.rendering import RenderError, RenderTooLarge
from tests.legal_basis.factories import number, secretary
from tests.legal_basis.realistic import numbered_regulation, regulation_draft
from tests.legal_basis.test_hostile_text import (
    PAYLOADS,
    REFUSED,
    SECRET,
    all_text,
    canary,
    secret,
    squeezed,
)

pytestmark = [pytest.mark.integration, pytest.mark.one_database, pytest.mark.django_db]
__all__ = ["canary", "secret"]

FRAGMENT = "<img src='{http}/a.png'><link rel=attachment href='{file}'><b>tebal</b>"
Row = dict[str, str]


@pytest.fixture
def made() -> Instrument:
    """A numbered regulation; what a test writes into it goes past every form."""
    return numbered_regulation()


def rows_of(*texts: str, unit: str = "pasal") -> list[Row]:
    return [
        {"key": f"k{position}", "unit": unit, "text": text}
        for position, text in enumerate(texts, start=1)
    ]


def annex_of(*parts: dict[str, Any]) -> dict[str, Any]:
    return {"title": "Lampiran", "parts": list(parts)}


def put_everywhere(made: Instrument, text: str) -> None:
    """That text in the title, each unit, line and label, a recipient, and the annex."""
    heads = [{"key": text, "unit": unit, "text": text} for unit in ("bab", "bagian", "paragraf")]
    article = {"key": "", "unit": "pasal", "text": f"{text}\n- {text}\n-- {text}\n[x] {text}"}
    part = {"title": text, "columns": [text, "B"], "rows": [[text, "b"]]}
    made.title = text
    made.content["body"] = [*heads, article]
    made.content["annex"] = annex_of(part) | {"title": text}
    made.content["copy_recipients"] = [text]


def read(made: Instrument) -> PdfReader:
    return PdfReader(io.BytesIO(rendering.render_pdf(made)))


def test_markup_in_every_place_is_printed_as_text_and_reaches_nothing(made, canary, secret):
    address = f"http://127.0.0.1:{canary.server_address[1]}"
    put_everywhere(made, FRAGMENT.format(http=address, file=secret.as_uri()))
    pdf = read(made)
    printed = squeezed(all_text(pdf)).lower()
    # Title (4 times), 3 headings, 4 lines, recipient, annex with its part, column and cell.
    assert printed.count("<b>tebal</b>") == 16
    assert SECRET.lower() not in printed
    assert (canary.visits, list(pdf.attachments)) == (0, ["payung.json"])
    assert [page for page in pdf.pages if page.get("/Annots")] == []


def test_payloads_in_an_article_and_in_cells_are_printed_as_text(made, canary, secret):
    http = f"http://127.0.0.1:{canary.server_address[1]}"
    texts = [text.format(http=http, file=secret.as_uri())[:300] for text in PAYLOADS.values()]
    part = {"title": "A", "columns": ["Isi"], "rows": [[text] for text in texts]}
    made.content |= {"body": rows_of("\n".join(texts)), "annex": annex_of(part)}
    pdf = read(made)
    printed = squeezed(all_text(pdf))
    assert [text for text in texts if printed.count(squeezed(text)[:30]) < 2] == []
    assert (canary.visits, list(pdf.attachments)) == (0, ["payung.json"])
    assert SECRET not in printed


def test_name_and_capacity_of_the_promulgator_are_printed_as_text():
    made, planned = regulation_draft(), secretary()
    planned.person.name_plain = "<img src=x> & <b>Nama</b>"
    number(made, Promulgator(planned.person, "<script>x</script>", planned.office))
    printed = squeezed(all_text(read(made)))
    assert printed.count("<SCRIPT>X</SCRIPT>,") == 1
    assert printed.count("<IMGSRC=X>&<B>NAMA</B>") == 1


@pytest.mark.parametrize("place", ["article", "heading", "cell", "part"])
def test_text_that_lies_or_floods_is_refused_everywhere(made, place):
    for text in REFUSED.values():
        cells = [[text]] if place == "cell" else [["x"]]
        title = text if place == "part" else "A"
        part = {"title": title, "columns": ["Isi"], "rows": cells}
        body = rows_of(text if place in ("article", "heading") else "x")
        body[0]["unit"] = "bab" if place == "heading" else "pasal"
        made.content |= {"body": body, "annex": annex_of(part)}
        start = time.process_time()
        with pytest.raises(RenderError, match=r"\w+ .+\."):
            rendering.render_pdf(made)
        assert time.process_time() - start < 12


def test_letters_of_other_scripts_and_emoji_do_not_stop_it(made):
    put_everywhere(made, "Inovasi \U0001f680 ☂ Ω Ж 中 עברית العربية")
    assert len(read(made).pages) > 3


@pytest.mark.parametrize(
    "texts",
    [
        ("{ref: " * 500,),
        ("{ref:k1}" * 500,),
        ("{ref:" * 60 + "k1" + "}" * 60,),
        tuple(f"{{ref:k{number}}}" for number in range(1, 200)),
        ("[a] [b] [c] {ref:a}{ref:b}",),
    ],
    ids=["open", "thousand", "nested", "chain", "labels"],
)
def test_references_are_text_or_words_and_never_expand_twice(made, texts):
    made.content |= {"body": rows_of(*texts)}
    start = time.process_time()
    anatomy_of(made)
    unresolved(made)
    doubled(made)
    assert time.process_time() - start < 8
    assert rendering.preview_pdf(made).startswith(b"%PDF-1.7")


def test_references_by_the_hundred_thousand_are_taken_apart_in_linear_time(made):
    made.content |= {"body": rows_of("{ref:k1}" * 100_000, *["[x] {ref:x}\n" * 20_000])}
    start = time.process_time()
    assert (unresolved(made), doubled(made)) == ([], ["x"])
    with pytest.raises(RenderTooLarge):
        rendering.preview_pdf(made)
    assert time.process_time() - start < 20


@pytest.mark.parametrize("parts", [1, 100])
def test_ten_thousand_cells_are_refused(made, parts):
    part = {"title": "A", "columns": ["x"] * 10, "rows": [["x"] * 10] * (1_000 // parts)}
    made.content["annex"] = annex_of(*[part] * parts)
    with pytest.raises(RenderTooLarge, match=f"at most {MAX_ROWS}"):
        rendering.render_pdf(made)


def test_cells_beyond_the_heads_of_columns_are_counted(made):
    made.content["annex"] = annex_of({"title": "A", "columns": ["x"], "rows": [["x"] * 1_000]})
    with pytest.raises(RenderTooLarge, match="columns"):
        rendering.render_pdf(made)


def test_rows_of_unequal_length_are_printed(made):
    part = {"title": "A", "columns": ["x", "y"], "rows": [["satu"], ["dua", "tiga", "empat"]]}
    made.content["annex"] = annex_of(part)
    assert "empat" in all_text(read(made))


def test_lines_of_articles_count_against_the_limit(made):
    made.content["body"] = rows_of("x\n" + "- a\n" * (MAX_LINES + 1))
    with pytest.raises(RenderTooLarge, match=f"at most {MAX_LINES}"):
        rendering.render_pdf(made)


def test_annex_of_thirty_pages_stays_within_its_memory(made):
    row = ["kata " * 120, *["x"] * 15]
    part = {"title": "A", "columns": ["pertanggungjawaban"] * 16, "rows": [row] * 10}
    made.content["annex"] = annex_of(part, part, part)
    check_printable(anatomy_of(made))
    assert len(read(made).pages) >= 30


def resident() -> int:
    """Kilobytes that the process that lays out holds."""
    assert layout._running is not None
    status = Path(f"/proc/{layout._running.popen.pid}/status").read_text()
    return int(status.split("VmRSS:")[1].split()[0])


def test_process_that_lays_out_does_not_grow(made):
    rendering.render_pdf(made)
    before = resident()
    for _document in range(6):
        rendering.render_pdf(made)
    assert resident() - before < 2_048
