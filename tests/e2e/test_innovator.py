"""The innovator: from nothing to submitted, back and forth, and out again."""

import pytest

from innovations.models import Innovation
from innovations.proposal_form import PROFILE_FIELDS
from tests.regency import person
from workflow.models import Case
from workflow.remarks import open_remarks

from .counting import Walker
from .documents import pdf
from .filling import fill
from .stock import new_case, open_seat, return_case, seat_path, small_record

pytestmark = pytest.mark.e2e


def proposal_of(record):
    return {name: record[name] for name in PROFILE_FIELDS}


def test_innovator_submits_with_a_co_author_and_two_files_in_four_pages_and_six_clicks(
    enter, tmp_path
):
    record = small_record()
    walker = Walker(enter("bidan.kampit"))
    page = walker.page

    walker.open("/")
    with page.expect_navigation():
        walker.click("main a[href$='/proposals/new/']")
    fill(page, proposal_of(record))
    companion = person("gizi")
    page.get_by_role("combobox", name="Rekan").fill(companion.name_plain[:6])
    page.locator(f"[role=option][data-id='{companion.pk}']").wait_for()
    walker.press("#people-search", "Enter")
    walker.attach("#file-permission_letter", pdf(tmp_path, "surat-izin.pdf"))
    page.locator(".file-row strong", has_text="surat-izin.pdf").wait_for()
    walker.attach("#file-running_evidence", pdf(tmp_path, "laporan.pdf"))
    page.locator(".file-row strong", has_text="laporan.pdf").wait_for()
    with page.expect_navigation():
        walker.click("#send button.btn-primary")

    innovation = Innovation.objects.get(name=record["name"])
    assert page.url.endswith(f"/cases/{innovation.code}/")
    assert [part.user for part in innovation.participants.all()] == [companion]
    assert sorted(innovation.evidence.values_list("name", flat=True)) == [
        "laporan.pdf",
        "surat-izin.pdf",
    ]
    assert Case.objects.get(innovation=innovation).stage == "completeness"
    assert (walker.cost.pages, walker.cost.clicks) == (3, 5)
    assert walker.cost.pages <= 4
    assert walker.cost.clicks <= 6


def test_innovator_resubmits_what_was_returned_in_two_pages_and_two_clicks(enter, stock):
    case = new_case("alignment")
    return_case(case)
    page = enter("bidan.kampit")
    page.goto("/")
    walker = Walker(page)

    with page.expect_navigation():
        walker.click(f"a[href='{seat_path(open_seat(case))}']")
    answers = page.locator("[data-answer]")
    assert page.url.endswith(f"#{page.locator('.remark').first.get_attribute('id')}")
    for answer in answers.all():
        answer.fill("Sudah ditambahkan pada manfaat.")
    benefit = page.locator("#id_benefit")
    benefit.fill(f"{benefit.input_value()} Untuk 412 ibu hamil.")
    with page.expect_navigation():
        walker.click("#send button.btn-primary")

    case = Case.objects.select_related("innovation").get(pk=case.pk)
    assert (case.stage, case.innovation.revision) == ("alignment", 2)
    assert "412 ibu hamil" in case.innovation.benefit
    assert page.url.endswith(f"/cases/{case.code}/")
    assert (walker.cost.pages, walker.cost.clicks) == (2, 2)
    assert not open_remarks(case).exists()


def test_innovator_is_asked_for_remarks_left_open_and_may_say_why(enter):
    case = new_case("alignment")
    return_case(case)
    page = enter("bidan.kampit")
    page.goto(f"/cases/{case.code}/revise/")
    page.locator("[data-answer]").first.fill("Sudah.")
    with page.expect_navigation():
        page.click("#send button.btn-primary")

    assert page.locator(".error-summary").is_visible()
    assert page.locator("[data-answer]").first.input_value() == "Sudah."
    page.fill("#id_remarks_note", "Daftar hadir menyusul.")
    with page.expect_navigation():
        page.click("#send button.btn-primary")
    assert page.url.endswith(f"/cases/{case.code}/")
    assert open_remarks(case).count() == 1


def test_innovator_withdraws_with_a_reason(enter):
    case = new_case("completeness")
    page = enter("bidan.kampit")
    page.goto(f"/cases/{case.code}/")
    walker = Walker(page)

    with page.expect_navigation():
        walker.click("main a[href$='/withdraw/']")
    page.fill("[name=reason]", "Digabung dengan program lain.")
    with page.expect_navigation():
        walker.click("main form button.btn-danger")

    assert Case.objects.get(pk=case.pk).reason == "Digabung dengan program lain."
    assert "Digabung dengan program lain." in page.locator("main").inner_text()
    assert (walker.cost.pages, walker.cost.clicks) == (2, 2)


def test_innovator_is_told_what_is_missing_and_keeps_what_was_typed(enter):
    page = enter("penyuluh")
    page.goto("/proposals/new/")
    page.fill("#id_name", "Terlalu singkat")
    page.fill("#id_design_description", "Hanya beberapa kata.")
    with page.expect_navigation():
        page.click("#send button.btn-primary")

    errors = page.locator(".error-summary")
    assert errors.evaluate("one => one === document.activeElement")
    assert errors.locator("a[href='#id_design_description']").is_visible()
    assert page.input_value("#id_name") == "Terlalu singkat"
    assert page.input_value("#id_design_description") == "Hanya beberapa kata."
