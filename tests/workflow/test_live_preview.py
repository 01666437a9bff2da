"""The picture beside a draft while it is typed: the typed text on paper, and nothing kept."""

import io
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pypdf import PdfReader

from approvals.models import Seat
from legal_basis.drafting import current_instrument
from legal_basis.forms import InstrumentForm
from legal_basis.models import Instrument
from tests.regency import person
from workflow.decisions import take_up
from workflow.walking import as_recorded

pytestmark = [
    pytest.mark.integration,
    pytest.mark.one_database,
    pytest.mark.usefixtures("regency", "db", "english"),
]

WALKED = ["completeness", "drafting", "initialling"]
WRITES = re.compile(r"^\s*(?:INSERT|UPDATE|DELETE|BEGIN|SAVEPOINT)|FOR UPDATE", re.I)


def seat_of(case):
    return Seat.objects.filter(process_id=case.pk, state=Seat.State.OPEN).first()


def typed(case, **changed):
    """The fields of the page as the browser sends them."""
    about = {"innovation": case.innovation, "actor": person("perancang1")}
    form = InstrumentForm.from_record(as_recorded(InstrumentForm(**about)) | changed, **about)
    return {name: value for name, value in form.data.items() if value not in (None, "")}


def ask(client, case, who="perancang1", seat=None, **changed):
    client.force_login(person(who))
    address = reverse("draft_preview", args=[case.code, (seat or seat_of(case)).pk])
    return client.post(address, typed(case, **changed), headers={"accept-language": "en"})


def text_of(answer):
    pages = PdfReader(io.BytesIO(answer.content)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def considerations(case, *more):
    content = current_instrument(case.innovation).content
    return [*content["considerations"], *({"text": text} for text in more)]


def test_typed_text_is_printed_and_nothing_is_written(client, at):
    case = at("drafting")
    client.force_login(person("perancang1"))
    before = current_instrument(case.innovation)
    data = typed(
        case,
        title="Penetapan Kelas Ibu Hamil",
        considerations=considerations(case, "bahwa kapal pompong memerlukan penjaga"),
        legal_sources=["uud-1945-18-6", "pp-38-2017"],
        copy_recipients=[{"name": "Camat Kelapa Kampit"}],
    )

    with CaptureQueriesContext(
        connection,
    ) as queries:
        answer = client.post(reverse("draft_preview", args=[case.code, seat_of(case).pk]), data)

    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    printed = text_of(answer)
    for words in (
        "RANCANGAN",
        "PENETAPAN KELAS IBU HAMIL",
        "bahwa kapal pompong memerlukan penjaga;",
        "1. Camat Kelapa Kampit.",
        "2. Peraturan Pemerintah Nomor 38 Tahun 2017",
    ):
        assert words in printed
    assert "3. Peraturan" not in printed
    assert [one["sql"] for one in queries if WRITES.search(one["sql"])] == []
    after = Instrument.objects.get(pk=before.pk)
    assert (after.title, after.content) == (before.title, before.content)


def test_page_lets_its_script_show_the_answer_and_other_pages_do_not(client, at):
    draft, initialling = at("drafting"), at("initialling")
    client.force_login(person("perancang1"))
    page = client.get(reverse("act", args=[draft.code, seat_of(draft).pk]))
    other = client.get(reverse("act", args=[initialling.code, seat_of(initialling).pk]))

    assert "frame-src 'self' blob:" in page["Content-Security-Policy"]
    assert "blob:" not in other["Content-Security-Policy"]
    assert reverse("draft_preview", args=[draft.code, seat_of(draft).pk]) in page.text
    assert "preview.js" not in other.text


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"title": ""}, "Title: This field is required."),
        (
            {"considerations": [{"text": "Kelas ibu hamil"}]},
            "Row 1, Text: A consideration starts with “bahwa”. Add the word.",
        ),
        ({"considerations": [{"text": f"bahwa {'a' * 401}"}]}, "is one word of 402 letters."),
        ({"considerations": [{"text": "bahwa \u202egnabmilep"}]}, "Row 1, Text: "),
    ],
)
def test_faulty_text_is_answered_with_the_sentence_of_its_field(client, at, changed, sentence):
    answer = ask(client, at("drafting"), **changed)

    assert answer.status_code == 422
    (said,) = answer.json()["sentences"]
    assert sentence in said


def test_hostile_text_is_printed_as_text(client, at):
    hostile = "bahwa <link rel=attachment href='file:///etc/passwd'><script>x()</script>"
    case = at("drafting")

    answer = ask(client, case, considerations=considerations(case, hostile))

    assert answer.status_code == 200
    assert PdfReader(io.BytesIO(answer.content)).attachments == {}
    assert "<script>x()</script>" in text_of(answer)


def test_too_long_text_is_refused_before_it_is_laid_out(client, at):
    case = at("drafting")
    long = f"bahwa {'kapal ' * 600}".strip()

    answer = ask(client, case, considerations=[{"text": long} for _ in range(24)])

    assert answer.status_code == 422
    assert "at most" in answer.json()["sentences"][0]


@pytest.mark.parametrize(
    ("who", "status"), [("keuangan", 403), ("bupati", 403), ("hukum", 403), ("inspektur", 403)]
)
def test_only_who_may_draft_at_the_seat_is_shown_it(client, at, who, status):
    assert ask(client, at("drafting"), who).status_code == status


def test_other_stage_and_other_case_have_no_preview_of_typed_text(client, at):
    draft, initialling = at("drafting"), at("initialling")
    other = seat_of(initialling)

    client.force_login(person("perancang1"))
    at_other_stage = reverse("draft_preview", args=[initialling.code, other.pk])
    through_other_case = reverse("draft_preview", args=[draft.code, other.pk])

    assert client.post(at_other_stage, typed(draft)).status_code == 404
    assert client.post(through_other_case, typed(draft)).status_code == 404
    assert client.get(at_other_stage).status_code == 405


def test_work_of_a_colleague_is_not_looked_over(client, at):
    case = at("drafting")
    theirs = Seat.objects.get(process_id=case.pk, office__code="perancang-hukum-2")
    take_up(person("perancang2"), case.code, theirs.pk)

    assert ask(client, case).status_code == 409


def test_visitor_is_asked_to_log_in(client, at):
    case = at("drafting")
    address = reverse("draft_preview", args=[case.code, seat_of(case).pk])

    assert client.post(address).status_code == 302
