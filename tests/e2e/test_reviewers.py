"""Secretariat, panel, planners and those who commit money: one page for each item."""

import pytest

from approvals.models import Seat, SignOff
from tests.regency import NEEDS_A_TRIAL
from workflow.models import Case

from .counting import Cost, Walker
from .filling import fill, posted
from .stock import new_case, open_seat, seat_path, sign_once, signer_of, small_record

pytestmark = pytest.mark.e2e

CRITERIA = ("renewal", "benefit", "no_unlawful_burden", "authority", "replicable")


def at_first_of_two(enter, stage):
    """Somebody for whom two items wait at a stage, with the first one open."""
    first, second = new_case(stage), new_case(stage)
    seat = open_seat(first)
    page = enter(signer_of(seat))
    page.goto(seat_path(seat))
    return first, second, Walker(page)


def stage_of_case(case):
    return Case.objects.get(pk=case.pk).stage


def test_secretariat_checks_each_further_item_on_one_page_with_a_click_per_question(enter):
    first, _second, walker = at_first_of_two(enter, "completeness")
    questions = walker.page.locator(".question")

    walker.score([one.locator("[value=yes]") for one in questions.all()])
    asked = questions.count()
    walker.decide()

    assert stage_of_case(first) == "verification"
    assert walker.page.locator("[data-decision] .question").count() > 0
    assert (walker.cost.pages, walker.cost.clicks) == (1, asked + 1)


def test_secretariat_returns_with_remarks_on_sections(enter):
    case = new_case("completeness")
    seat = open_seat(case)
    page = enter(signer_of(seat))
    page.goto(seat_path(seat))
    fill(page, posted(seat, small_record(), signer_of(seat)))

    button = page.locator("[name=outcome][value=return]")
    button.click()
    assert page.locator("[data-note-missing]").is_visible()
    page.locator("#section-design .remark-field summary").click()
    page.fill("[name=remark-design]", "Sebutkan jumlah ibu hamil.")
    with page.expect_navigation():
        button.click()

    assert stage_of_case(case) == "revision"
    remark = SignOff.objects.get(seat=seat).remarks.get()
    assert (remark.section, remark.text) == ("design", "Sebutkan jumlah ibu hamil.")


def test_panel_declares_for_all_that_wait_by_one_click_and_scores_each_further_item(enter):
    first, second = new_case("verification"), new_case("verification")
    page = enter(signer_of(open_seat(first)))
    walker = Walker(page)

    walker.open("/inbox/?stage=verification")
    with page.expect_navigation():
        walker.click("a[href*='/inbox/declarations/']")
    with page.expect_navigation():
        walker.click("main form button.btn-primary")
    # For any number of items: the list, the declaration, the list again.
    assert (walker.cost.pages, walker.cost.clicks) == (3, 2)
    page.goto(seat_path(open_seat(first)))
    walker = Walker(page)

    walker.score([f"[name=score_{criterion}][value='4']" for criterion in CRITERIA])
    walker.decide()

    assert SignOff.objects.filter(seat__process=first.pk, seat__stage="verification").count() == 1
    assert walker.page.locator("[data-decision] [name=score_renewal]").count() == 5
    assert (walker.cost.pages, walker.cost.clicks) == (1, 5 + 1)
    codes = page.locator("[data-item] [data-code]").all_inner_texts()
    assert first.code not in codes
    assert second.code in codes


def test_content_opens_when_the_reader_has_declared(enter):
    case = new_case("verification")
    seat = open_seat(case)
    page = enter(signer_of(seat))
    page.goto(f"/cases/{case.code}/")

    assert page.url.endswith(seat_path(seat))
    assert page.locator("#section-design, .preview, [data-decision]").count() == 0
    assert case.innovation.problem[:30] not in page.inner_text("main")
    with page.expect_navigation():
        page.locator("[name=kind][value=none]").click()

    assert page.locator("#section-design").count() == 1


def test_member_who_steps_back_says_why_and_is_told_what_follows(enter):
    case = new_case("verification")
    seat = open_seat(case)
    page = enter(signer_of(seat))
    page.goto(seat_path(seat))

    page.locator("details", has=page.locator("[value=recuse]")).locator("summary").click()
    page.fill("#id_sentence-recuse", "Inisiator adalah adik saya.")
    with page.expect_navigation():
        page.locator("[name=kind][value=recuse]").click()

    assert case.innovation.name in page.locator(".notices").inner_text()
    assert SignOff.objects.get(seat=seat).outcome == "recuse"


def test_panel_member_decides_with_two_colleagues(enter):
    case = new_case("verification")
    record = small_record()
    for _colleague in range(2):
        sign_once(case, record)
    seat = open_seat(case)
    page = enter(signer_of(seat))
    walker = Walker(page)

    walker.open(seat_path(seat))
    with page.expect_navigation():
        walker.click("[name=kind][value=none]")
    fill(page, posted(seat, record, signer_of(seat)))
    walker.decide()

    assert stage_of_case(case) == "alignment"
    assert Seat.objects.filter(process=case.pk, stage="verification", state="open").count() == 0


def test_initials_take_one_page_and_one_click_for_each_further_item(enter):
    first, _second, walker = at_first_of_two(enter, "initialling")
    seat = open_seat(first)

    walker.decide()

    seat.refresh_from_db()
    assert seat.state == Seat.State.SIGNED
    assert walker.page.locator("[data-decision] .preview").count() == 1
    assert (walker.cost.pages, walker.cost.clicks) == (1, 1)
    assert walker.cost.clicks <= 2


def test_laboratory_reports_a_trial(enter):
    record = small_record(NEEDS_A_TRIAL)
    case = new_case("trial", NEEDS_A_TRIAL)

    cost = fill_and_decide(enter, case, record)

    assert stage_of_case(case) == "alignment"
    assert (cost.pages, cost.clicks) == (1, 1)


def fill_and_decide(enter, case, record):
    """The asked person reads, fills in what the stage asks and approves; what it cost."""
    seat = open_seat(case)
    page = enter(signer_of(seat))
    page.goto(seat_path(seat))
    walker = Walker(page)
    if page.locator("[data-decision] .panel :is(input, select, textarea)").count():
        fill(page, posted(seat, record, signer_of(seat)))
    walker.decide()
    return walker.cost


def test_planners_align_and_three_offices_commit_each_on_one_page_with_one_click(enter):
    record = small_record()
    case = new_case("alignment")
    spent: list[Cost] = []
    signers: list[str] = []

    while stage_of_case(case) in ("alignment", "commitment"):
        signers.append(signer_of(open_seat(case)))
        spent.append(fill_and_decide(enter, case, record))

    assert signers == ["perencanaan", "bappelitbangda", "kapus.kampit", "keuangan", "sekda"]
    assert stage_of_case(case) == "drafting"
    assert [(cost.pages, cost.clicks) for cost in spent] == [(1, 1)] * 5
    years = sorted({line["fiscal_year"] for line in record["commitment"]["money"]})
    lines = case.innovation.commitment.lines.order_by("fiscal_year")
    assert [line.fiscal_year for line in lines] == years


def test_items_of_low_risk_are_approved_by_three_clicks_however_many_they_are(enter):
    cases = [new_case("initialling") for _number in range(3)]
    page = enter(signer_of(open_seat(cases[0])))
    walker = Walker(page)

    walker.open("/inbox/?stage=initialling")
    with page.expect_navigation():
        walker.click("a[href*='/inbox/batch/']")
    ready = page.locator("[name=seat]")
    assert ready.count() >= len(cases)
    chosen = {case.code for case in cases[:2]}
    for box in ready.all():
        code = box.locator("xpath=..").locator(".soft").inner_text().split(" ")[0]
        box.set_checked(code in chosen)
    with page.expect_navigation():
        walker.click("main form button.btn-primary")

    assert page.locator(".plain-rows .pill-good").count() == len(chosen)
    signed = SignOff.objects.filter(seat__stage="initialling", seat__process__in=cases)
    assert set(signed.values_list("seat__case_code", flat=True)) == chosen
    assert (walker.cost.pages, walker.cost.clicks) == (3, 2)


def test_colleague_takes_work_over_and_goes_on(enter, stock):
    case = stock.at("taken")
    seat = open_seat(case)
    page = enter(signer_of(seat))
    page.goto(seat_path(seat))

    assert page.locator("#decide").count() == 0
    with page.expect_navigation():
        page.locator("[name=over]").click()

    assert page.locator("#decide").is_visible()


def test_filters_are_kept_under_a_name_and_opened_again(enter):
    new_case("initialling")
    page = enter("bappelitbangda")
    page.goto("/inbox/")
    page.locator(".filter-box summary").click()
    with page.expect_navigation():
        page.select_option("#filter-stage", "initialling")
    page.locator(".filter-box summary").click()
    page.fill("#save-name", "Parafku")
    with page.expect_navigation():
        page.locator(".filter-save button").click()

    page.goto("/inbox/")
    with page.expect_navigation():
        page.locator(".saved-view", has_text="Parafku").click()
    assert page.url.endswith("/inbox/?stage=initialling")
    assert page.locator(".saved-view[aria-current]").inner_text().strip() == "Parafku"


def test_inbox_is_filtered_and_read_without_scripts(enter):
    case = new_case("initialling")
    page = enter("bappelitbangda", java_script_enabled=False)
    page.goto("/inbox/")
    page.locator(".filter-box summary").click()
    page.select_option("#filter-stage", "initialling")
    page.locator(".filter-grid [name=q]").fill(case.code)
    with page.expect_navigation():
        page.locator(".filter-grid button").click()
    with page.expect_navigation():
        page.locator("[data-item]", has_text=case.code).click()

    assert case.innovation.name in page.locator("h1").inner_text()
    assert page.locator("#decide").is_visible()
