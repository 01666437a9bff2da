"""The proposal editor saves itself, offline too, and works without scripts."""

import pytest

from innovations.models import Draft, Innovation
from innovations.proposal_form import PROFILE_FIELDS
from tests.regency import person

from .documents import pdf
from .filling import enter_value, fill
from .stock import new_draft, small_record

pytestmark = pytest.mark.e2e

STATUS = "[data-save-status][data-state={}]"


def new_proposal(page):
    page.goto("/proposals/new/")
    return int(page.url.rstrip("/").rpartition("/")[2])


def test_typed_text_saves_itself_and_is_there_after_reloading(enter):
    page = enter("prakom")
    draft = new_proposal(page)

    page.fill("#id_name", "Perahu Pintar")
    page.select_option("#id_affair", "health")
    page.locator(STATUS.format("saved")).wait_for()
    page.reload()

    assert page.input_value("#id_name") == "Perahu Pintar"
    assert page.input_value("#id_affair") == "health"
    assert Draft.objects.get(pk=draft).data["name"] == "Perahu Pintar"


def test_saved_is_told_when_everything_typed_is_saved(enter):
    page = enter("prakom")
    draft = new_proposal(page)
    held = []
    page.route("**/save/", lambda route: held.append(route), times=1)

    with page.expect_request("**/save/"):
        page.fill("#id_name", "Perahu Pintar")
    page.fill("#id_objective", "Setiap ibu hamil diperiksa enam kali.")
    held[0].continue_()
    page.locator(STATUS.format("saved")).wait_for()

    assert Draft.objects.get(pk=draft).data["objective"].startswith("Setiap ibu hamil")


def test_meter_rises_while_parts_are_filled(enter):
    page = enter("prakom")
    new_proposal(page)
    before = page.locator("[data-meter]").evaluate("one => one.value")

    page.fill("#id_problem", "Ibu hamil menunda pemeriksaan.")
    page.locator("[data-need=problem][hidden]").wait_for(state="attached")

    assert page.locator("[data-meter]").evaluate("one => one.value") > before
    assert page.locator("[data-need=objective]").is_visible()


def test_words_are_counted_while_they_are_typed(enter):
    page = enter("prakom")
    new_proposal(page)
    words = page.locator("[data-words-for=id_design_description]")

    page.fill("#id_design_description", "satu dua tiga")
    assert words.locator("[data-words]").inner_text() == "3"
    page.fill("#id_design_description", "kata " * 300)

    assert "words-enough" in words.get_attribute("class")
    page.locator(STATUS.format("saved")).wait_for()


def test_text_typed_without_a_connection_comes_back_after_a_power_cut(enter):
    page = enter("prakom")
    draft = new_proposal(page)
    page.context.set_offline(True)
    page.fill("#id_objective", "Setiap ibu hamil diperiksa enam kali.")
    page.locator(STATUS.format("offline")).wait_for()
    page.close()

    page.context.set_offline(False)
    again = page.context.new_page()
    again.goto(f"/proposals/{draft}/")

    assert again.input_value("#id_objective") == "Setiap ibu hamil diperiksa enam kali."
    again.locator(STATUS.format("saved")).wait_for()
    assert Draft.objects.get(pk=draft).data["objective"].startswith("Setiap ibu hamil")


def test_file_is_described_and_removed_on_the_page(enter, tmp_path):
    draft = new_draft("prakom")
    page = enter("prakom")
    page.goto(f"/proposals/{draft.pk}/")
    page.set_input_files("#file-support", pdf(tmp_path, "peta.pdf"))
    row = page.locator(".file-row", has=page.locator("strong", has_text="peta.pdf"))

    row.locator("summary").click()
    row.locator("[name=document_number]").fill("140/7/2026")
    row.locator("[data-describe] button").click()
    page.locator(".file-row .soft", has_text="140/7/2026").wait_for()
    row.locator("[name=remove]").click()
    row.wait_for(state="detached")

    assert draft.files.count() == 3


def test_file_that_is_not_what_it_says_is_refused_with_a_sentence(enter, tmp_path):
    page = enter("prakom")
    draft = new_proposal(page)
    page.fill("#id_name", "Tetap ada")
    forged = tmp_path / "surat.pdf"
    forged.write_bytes(b"<html>bukan PDF</html>")

    page.set_input_files("#file-support", forged)

    page.locator("#draft-files [role=alert], #draft-files .notice").first.wait_for()
    assert page.input_value("#id_name") == "Tetap ada"
    page.locator(STATUS.format("saved")).wait_for()
    assert Draft.objects.get(pk=draft).files.count() == 0


def test_proposal_is_submitted_without_scripts(enter, tmp_path):
    record = small_record()
    companion = person("gizi")
    page = enter("bidan.kampit", java_script_enabled=False)
    draft = new_proposal(page)

    for name in PROFILE_FIELDS:
        enter_value(page.locator(f"[name={name}]"), record[name])
    save_and_go_on(page, record["name"])
    page.locator("a[href*='people=1']").click()
    page.locator("select[name=co_initiators]").select_option(str(companion.pk))
    save_and_go_on(page, record["name"])
    for kind in ("permission_letter", "running_evidence"):
        page.set_input_files(f"#file-{kind}", pdf(tmp_path, f"{kind}.pdf"))
        page.locator(f"form:has(#file-{kind}) button").click()
        page.locator(".file-row strong", has_text=f"{kind}.pdf").wait_for()
    page.locator("#send button.btn-primary").click()
    page.wait_for_url("**/cases/**")

    innovation = Innovation.objects.get(name=record["name"])
    assert innovation.evidence.count() == 2
    assert [part.user for part in innovation.participants.all()] == [companion]
    assert Draft.objects.get(pk=draft).innovation == innovation


def save_and_go_on(page, name):
    page.locator("#send button[name=save]").click()
    page.locator("main a", has_text=name).click()
    assert page.input_value("#id_name") == name


def test_controls_that_need_scripts_are_not_offered_without_them(enter):
    page = enter("prakom", java_script_enabled=False)
    new_proposal(page)

    assert page.locator(".js-only:visible").count() == 0


def test_submitting_by_the_enter_key_does_not_send_twice(enter):
    draft = new_draft("bidan.kampit")
    page = enter("bidan.kampit")
    page.goto(f"/proposals/{draft.pk}/")

    with page.expect_navigation(url="**/cases/**"):
        page.evaluate(
            "() => { const button = document.querySelector('#send button.btn-primary');"
            " button.click(); button.click(); }"
        )

    assert Innovation.objects.filter(name=draft.data["name"]).count() == 1


def test_revision_shows_the_remarks_beside_the_fields(enter, stock):
    case = stock.at("revision")
    page = enter("bidan.kampit")
    page.goto(f"/cases/{case.code}/revise/")

    assert page.locator(".remarks li").count() == 2
    assert page.locator("#section-design .remark, #section-evidence .remark").count() == 2
    fill(page, {"problem": page.input_value("#id_problem") + " "})
    assert page.locator("#id_name").input_value() == case.innovation.name


def test_answer_to_a_remark_saves_itself(enter, stock):
    case = stock.at("revision")
    page = enter("bidan.kampit")
    page.goto(f"/cases/{case.code}/revise/")

    page.locator("#section-evidence [data-answer]").fill("Daftar hadir terlampir.")
    page.locator(STATUS.format("saved")).wait_for()
    page.reload()

    answer = page.locator("#section-evidence [data-answer]")
    assert answer.input_value() == "Daftar hadir terlampir."
