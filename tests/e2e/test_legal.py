"""From an approved case to a decree that anybody can verify, and to its publication."""

import pytest

from approvals.models import SignOff
from innovations.models import Innovation
from legal_basis.drafting import current_instrument
from legal_basis.models import Instrument
from workflow.models import Case
from workflow.walking import issue_now

from .counting import Cost, Walker
from .site import backstage
from .stock import new_case, open_seat, seat_path, signer_of

pytestmark = pytest.mark.e2e


def stage_of_case(case):
    return Case.objects.get(pk=case.pk).stage


def sign_all(enter, case, cost):
    """Whoever is asked follows the link of the mail, reads and answers; who that was."""
    signers = []
    while (stage := stage_of_case(case)) in ("drafting", "initialling", "signing"):
        seat = open_seat(case)
        if seat.stage != stage:
            break
        signers.append(signer_of(seat))
        walker = Walker(enter(signers[-1]), cost)
        walker.open(seat_path(seat), screen=stage)
        assert walker.page.locator(".preview a[href$='/instrument.pdf']").is_visible()
        walker.decide()
        if stage == "signing":
            break
    return signers


def test_decree_is_drafted_initialled_signed_and_verified_on_four_screens_with_eight_clicks(
    enter, tmp_path
):
    case = new_case("drafting")
    cost = Cost()

    signers = sign_all(enter, case, cost)
    backstage(issue_now, case)
    instrument = current_instrument(case.innovation)
    visitor = Walker(enter(), cost)
    visitor.open(f"/verify/{instrument.token}/", screen="verification")

    assert signers == [
        "perancang1",
        "hukum",
        "kapus.kampit",
        "bappelitbangda",
        "asisten1",
        "sekda",
        "bupati",
    ]
    assert instrument.status == Instrument.Status.ISSUED
    assert visitor.page.locator(".verdict-good").count() == 2
    assert instrument.number in visitor.page.locator("h1").inner_text()
    assert (len(cost.screens), cost.clicks) == (4, len(signers))
    assert cost.clicks <= 8
    # One page to read for each of the seven and for the visitor, and one that says it is done.
    assert cost.pages == 2 * len(signers) + 1

    with visitor.page.expect_download() as arriving:
        visitor.page.locator("a[href$='/document/']").click()
    copy = tmp_path / "salinan.pdf"
    arriving.value.save_as(copy)
    assert compared(visitor.page, copy) == "TOTAL-PASSED"
    copy.write_bytes(copy.read_bytes().replace(b"%%EOF", b"%%eof", 1))
    assert compared(visitor.page, copy) == "TOTAL-FAILED"

    publish(enter, case)


def compared(page, copy):
    """The verdict of the public page on a file; an unknown one is sent to be examined."""
    page.set_input_files("#id_file", [])
    page.set_input_files("#id_file", copy)
    word = page.locator("section:has(#compare) .verdict-word")
    word.wait_for()
    if (examine := page.locator("[data-examine-file]")).count():
        with page.expect_navigation():
            examine.click()
    return word.inner_text()


def publish(enter, case):
    """The legal section publishes on one page with one click, and the innovation is a policy."""
    seat = open_seat(case)
    page = enter(signer_of(seat))
    page.goto(seat_path(seat))
    walker = Walker(page)

    walker.decide()

    assert (walker.cost.pages, walker.cost.clicks) == (1, 1)
    innovation = Innovation.objects.get(pk=case.innovation_id)
    assert innovation.status == Innovation.Status.INSTITUTIONALISED
    assert SignOff.objects.filter(seat__process=case.pk, seat__stage="publication").count() == 1


def test_legal_section_edits_a_clause_and_the_next_signer_reads_it(enter):
    case = new_case("drafting")
    seat = open_seat(case)
    page = enter(signer_of(seat))
    page.goto(seat_path(seat))
    words = "bahwa pelayanan kepada ibu hamil perlu dijaga bersama keluarga"

    page.locator("[data-rows=considerations] [data-rows-add]").click()
    page.locator("[data-rows=considerations] textarea:visible").last.fill(words)
    Walker(page).decide()

    following = open_seat(case)
    reader = enter(signer_of(following))
    reader.goto(seat_path(following))
    reader.locator("#section-instrument summary").click()
    assert words in reader.locator("#section-instrument").inner_text()


def test_preview_is_a_pdf_shown_on_the_page(enter, stock):
    seat = stock.seat("initialling")
    page = enter(signer_of(seat))
    page.goto(seat_path(seat))

    answer = page.request.get(page.locator(".preview a").get_attribute("href"))

    assert answer.headers["content-type"] == "application/pdf"
    assert answer.body().startswith(b"%PDF-")
    assert "frame-ancestors 'self'" in answer.headers["content-security-policy"]
