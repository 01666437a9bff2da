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


def test_panel_scores_each_further_item_on_one_page_with_a_click_per_category(enter):
    first, _second, walker = at_first_of_two(enter, "verification")

    walker.score(["[name=conflict][value=none]"])
    walker.score([f"[name=score_{criterion}][value='4']" for criterion in CRITERIA])
    walker.decide()

    assert SignOff.objects.filter(seat__process=first.pk, seat__stage="verification").count() == 1
    assert walker.page.locator("[data-decision] [name=score_renewal]").count() == 5
    # The declaration is a sixth category beside the five criteria.
    assert (walker.cost.pages, walker.cost.clicks) == (1, 6 + 1)


def test_panel_member_decides_with_two_colleagues(enter):
    case = new_case("verification")
    record = small_record()
    for _colleague in range(2):
        sign_once(case, record)
    seat = open_seat(case)
    page = enter(signer_of(seat))
    walker = Walker(page)

    walker.open(seat_path(seat))
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
