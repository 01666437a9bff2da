"""A visitor checks a document: by its number, and by a file that stays where it is."""

import pytest
from django.urls import reverse

from legal_basis.models import Instrument

from .documents import pdf
from .watching import NARROW, barriers, resize, too_wide

pytestmark = pytest.mark.e2e

# What a person does who drags a file from a folder onto the page.
DROP = """([bytes, name]) => {
  const data = new DataTransfer();
  data.items.add(new File([Uint8Array.from(bytes)], name, { type: "application/pdf" }));
  const place = document.querySelector("[data-check-file]");
  const about = { dataTransfer: data, bubbles: true, cancelable: true };
  for (const kind of ["dragover", "drop"]) place.dispatchEvent(new DragEvent(kind, about));
}"""
ANSWER = "[data-answer]"
GENUINE = "Salinan Anda adalah dokumen yang diterbitkan"
ANOTHER = "Salinan Anda adalah dokumen lain"


@pytest.fixture
def instrument(stock) -> Instrument:
    return Instrument.objects.get(innovation=stock.at("done").innovation)


@pytest.fixture
def sent(enter):
    """What the page sends from here on: method, path, and how many bytes go with it."""

    def listen(page):
        found = []
        sizes = lambda one: (one.method, one.url, len(one.post_data_buffer or b""))  # noqa: E731
        page.on("request", lambda one: found.append(sizes(one)))
        return found

    return listen


def drop(page, content: bytes):
    page.evaluate(DROP, [list(content), "salinan.pdf"])
    page.locator(f"{ANSWER} .verdict-word").wait_for()


def test_dropped_file_is_hashed_here_and_no_byte_of_it_leaves(enter, address, instrument, sent):
    page = enter()
    page.goto("/verify/")
    requests = sent(page)

    drop(page, instrument.document.read())

    hashed = reverse("verify_sha256", args=[instrument.document.sha256])
    assert requests == [("GET", f"{address}{hashed}", 0)]
    answer = page.locator(ANSWER)
    assert answer.locator(".verdict-word").inner_text() == "TOTAL-PASSED"
    assert answer.locator(".notice-title").inner_text() == GENUINE
    with page.expect_navigation():
        answer.locator("a").click()
    assert page.url == address + reverse("verify", args=[instrument.token])


def test_changed_file_is_sent_only_when_its_holder_wants_it_examined(enter, instrument, sent):
    page = enter()
    page.goto("/verify/")
    requests = sent(page)

    drop(page, instrument.document.read() + b"\n")
    before = [(method, size) for method, _url, size in requests]
    with page.expect_navigation():
        page.click("[data-examine-file]")

    assert before == [("GET", 0)]
    assert page.locator(f"{ANSWER} .verdict-word").inner_text() == "TOTAL-FAILED"


def test_changed_file_is_not_known_and_the_page_has_no_barrier(enter, instrument):
    page = enter()
    resize(page, NARROW)
    page.goto(reverse("verify", args=[instrument.token]))

    drop(page, instrument.document.read() + b"\n")

    assert page.locator(f"{ANSWER} .verdict-word").inner_text() == "INDETERMINATE"
    assert too_wide(page) == []
    assert barriers(page) == []


def test_file_of_another_document_is_told_on_a_documents_page(enter, stock, instrument):
    other = Instrument.objects.get(innovation=stock.at("publication").innovation)
    page = enter()
    page.goto(reverse("verify", args=[instrument.token]))

    drop(page, other.document.read())

    assert page.locator(f"{ANSWER} .notice-title").inner_text() == ANOTHER
    assert page.locator(f"{ANSWER} a").get_attribute("href") == reverse(
        "verify", args=[other.token]
    )


def test_file_is_chosen_by_keyboard_alone(enter, instrument, sent):
    page = enter()
    page.goto(reverse("verify", args=[instrument.token]))
    requests = sent(page)

    page.locator("#id_file").focus()
    # What is not drawn yet takes no key.
    page.locator("#id_file").screenshot()
    with page.expect_file_chooser() as chooser:
        page.keyboard.press("Space")
    chooser.value.set_files(instrument.document.location)
    page.locator(f"{ANSWER} .verdict-word").wait_for()

    assert page.locator(f"{ANSWER} .verdict-word").inner_text() == "TOTAL-PASSED"
    assert [(method, size) for method, _url, size in requests] == [("GET", 0)]


def test_without_scripts_the_file_is_sent_and_judged(enter, instrument, tmp_path):
    page = enter(java_script_enabled=False)
    page.goto("/verify/")

    page.set_input_files("#id_file", pdf(tmp_path, "lain.pdf"))
    with page.expect_navigation():
        page.click(".check-file button")

    assert page.locator(f"{ANSWER} .verdict-word").inner_text() == "INDETERMINATE"


def test_visitor_finds_a_document_by_its_number_from_the_login_page(enter, instrument):
    page = enter()
    page.goto("/login/")

    with page.expect_navigation():
        page.click(f".site-footer a[href='{reverse('verify_search')}']")
    page.fill("#id_number", f" nomor {instrument.number.lower()} ")
    with page.expect_navigation():
        page.click(".number-search button")
    with page.expect_navigation():
        page.click(".public-row a")

    assert page.locator("h1").inner_text().endswith(instrument.number)
