"""What follows a decree: the owner's report, its evaluation, and the decision on the future."""

import pytest

from planning.models import MonitoringPeriod
from workflow.models import Case

from .counting import Walker
from .filling import fill, posted
from .stock import end_period, new_case, open_seat, seat_path, signer_of, small_record
from .watching import NARROW, WIDE, barriers, resize, too_wide

pytestmark = pytest.mark.e2e


def test_period_is_reported_evaluated_and_decided_each_on_one_page_with_one_click(enter):
    case = new_case("done")
    monitoring = end_period(case)
    record = small_record()
    stages, costs = [], []

    while (seat := open_seat(monitoring)).stage not in stages:
        stages.append(seat.stage)
        page = enter(signer_of(seat))
        page.goto(seat_path(seat))
        inspect(page)
        walker = Walker(page)
        fill(page, posted(seat, record, signer_of(seat)))
        walker.decide()
        costs.append((walker.cost.pages, walker.cost.clicks))
        if seat.stage == "decision":
            break

    assert stages == ["report", "evaluation", "decision"]
    assert costs == [(1, 1)] * 3
    first = MonitoringPeriod.objects.get(action_item__innovation=case.innovation, number=1)
    assert first.decision.decision == record["monitoring"]["decision"]["decision"]
    assert first.report.achievements.count() == len(record["alignment"]["indicators"])
    assert Case.objects.get(pk=monitoring.pk).stage == "decision"
    assert MonitoringPeriod.objects.filter(action_item=first.action_item).count() == 2


def inspect(page):
    for size in (NARROW, WIDE):
        resize(page, size)
        assert too_wide(page) == []
        assert barriers(page) == []
