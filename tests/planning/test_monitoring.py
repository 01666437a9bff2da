import datetime
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from planning.commitments import reserve
from planning.models import (
    Achievement,
    ActionItem,
    Ceiling,
    Indicator,
    MonitoringReport,
)
from planning.monitoring import (
    add_months,
    current_period,
    enter_action_plan,
    next_span,
    record_decision,
    record_evaluation,
    record_report,
)
from tests.planning.factories import (
    CeilingFactory,
    InnovationFactory,
    align,
    commit,
    in_action_plan,
    money_row,
    open_one,
    system,
)

pytestmark = [pytest.mark.integration, pytest.mark.django_db]


def achievements(year=2027, value="15.00"):
    return [
        {"indicator": indicator, "year": year, "value": Decimal(value), "note": ""}
        for indicator in Indicator.objects.all()
    ]


def report(period, **changes):
    facts = {"realised": Decimal(5), "narrative": "Berjalan.", "achievements": achievements()}
    return record_report(system(), period, **(facts | changes))


def evaluate(period, **changes):
    facts = {"finding": "Baik.", "score": 80, "recommendation": "Lanjutkan."}
    return record_evaluation(system(), period, **(facts | changes))


def decide(period, decision="continue"):
    return record_decision(system(), period, decision=decision, reason="Sesuai target.")


def decided_period(item, decision="continue"):
    period = open_one(item)
    report(period)
    evaluate(period)
    decide(period, decision)
    return period


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        ((2027, 1, 15), 6, (2027, 7, 15)),
        ((2026, 8, 31), 6, (2027, 2, 28)),
        ((2027, 8, 31), 6, (2028, 2, 29)),
        ((2026, 12, 1), 12, (2027, 12, 1)),
        ((2026, 11, 30), 3, (2027, 2, 28)),
    ],
)
def test_add_months_stays_within_the_month(day, months, expected):
    assert add_months(datetime.date(*day), months) == datetime.date(*expected)


def test_action_plan_takes_owners_and_interval_from_the_commitment():
    item = in_action_plan(monitoring_months=3)
    commitment = item.commitment
    assert item.owner_office == commitment.owner_office
    assert item.custodian_office == commitment.custodian_office
    assert (item.monitoring_months, item.entered_on) == (3, datetime.date(2027, 1, 15))


def test_action_plan_is_entered_once():
    item = in_action_plan()
    again = enter_action_plan(system(), item.innovation, datetime.date(2027, 2, 1))
    assert again == item
    assert ActionItem.objects.get().entered_on == datetime.date(2027, 1, 15)


def test_action_plan_refuses_what_has_no_reserved_resources():
    innovation = InnovationFactory(name="Gangan Ikan")
    with pytest.raises(ValidationError, match="resources of Gangan Ikan are not reserved"):
        enter_action_plan(system(), innovation, datetime.date(2027, 1, 15))
    commit(innovation)
    with pytest.raises(ValidationError, match="not reserved"):
        enter_action_plan(system(), innovation, datetime.date(2027, 1, 15))


def test_periods_follow_each_other_without_gap_or_drift():
    item = in_action_plan(on=datetime.date(2027, 8, 31), monitoring_months=6)
    spans = []
    for _ in range(3):
        period = open_one(item)
        spans.append((period.number, period.start, period.end))
        report(period, achievements=achievements(year=period.end.year))
        evaluate(period)
        decide(period)
    assert spans == [
        (1, datetime.date(2027, 8, 31), datetime.date(2028, 2, 28)),
        (2, datetime.date(2028, 2, 29), datetime.date(2028, 8, 30)),
        (3, datetime.date(2028, 8, 31), datetime.date(2029, 2, 27)),
    ]


def test_undecided_period_is_returned_instead_of_a_second():
    item = in_action_plan()
    assert open_one(item) == open_one(item)
    assert item.periods.count() == 1


def test_next_span_tells_the_caller_when_the_period_ends():
    span = next_span(in_action_plan(monitoring_months=12))
    assert (span.number, span.start, span.end) == (
        1,
        datetime.date(2027, 1, 15),
        datetime.date(2028, 1, 14),
    )


def test_period_due_before_its_end_is_refused():
    with pytest.raises(ValidationError, match="before the period ends"):
        open_one(in_action_plan(), due=datetime.date(2027, 7, 13))


def test_current_period_is_the_one_that_is_not_decided():
    item = in_action_plan()
    assert current_period(item.innovation) is None
    first = open_one(item)
    assert current_period(item.innovation) == first
    report(first)
    evaluate(first)
    decide(first)
    assert current_period(item.innovation) is None


def test_report_records_achievements_and_money():
    period = open_one(in_action_plan())
    made = report(period, realised=Decimal("1250000.50"), obstacles="Hujan.")
    assert (made.realised, made.obstacles) == (Decimal("1250000.50"), "Hujan.")
    assert Achievement.objects.get().value == Decimal("15.00")


def test_report_again_replaces_the_first_until_the_decision():
    period = open_one(in_action_plan())
    report(period)
    report(period, achievements=achievements(value="14.00"))
    assert MonitoringReport.objects.count() == 1
    assert Achievement.objects.get().value == Decimal("14.00")
    evaluate(period)
    decide(period)
    with pytest.raises(ValidationError, match="Period 1 has been decided"):
        report(period)


def test_report_without_an_indicator_is_refused():
    period = open_one(in_action_plan())
    with pytest.raises(ValidationError, match="“Prevalensi stunting” is missing"):
        report(period, achievements=[])


def test_report_of_an_indicator_twice_is_refused():
    period = open_one(in_action_plan())
    with pytest.raises(ValidationError, match="stands in two rows"):
        report(period, achievements=achievements() * 2)


def test_report_for_a_year_outside_the_period_is_refused():
    period = open_one(in_action_plan())
    with pytest.raises(ValidationError, match="Type a year of the period: 2027"):
        report(period, achievements=achievements(year=2031))


@pytest.mark.parametrize("realised", [Decimal(-1), Decimal("NaN"), Decimal(10) ** 17])
def test_report_with_impossible_money_is_refused(realised):
    with pytest.raises(ValidationError):
        report(open_one(in_action_plan()), realised=realised)


def test_evaluation_before_the_report_is_refused():
    with pytest.raises(ValidationError, match="no report on this period"):
        evaluate(open_one(in_action_plan()))


@pytest.mark.parametrize("score", [-1, 101])
def test_evaluation_with_a_score_outside_0_to_100_is_refused(score):
    period = open_one(in_action_plan())
    report(period)
    with pytest.raises(ValidationError):
        evaluate(period, score=score)


def test_decision_before_the_evaluation_is_refused():
    period = open_one(in_action_plan())
    report(period)
    with pytest.raises(ValidationError, match="not evaluated yet"):
        decide(period)


def test_same_decision_again_is_no_second():
    period = decided_period(in_action_plan())
    assert decide(period) == period.decision
    assert period.decision.history.count() == 1


def test_other_decision_after_the_first_is_refused():
    period = decided_period(in_action_plan())
    with pytest.raises(ValidationError, match="has been decided: Continue"):
        decide(period, "retire")


def test_unknown_decision_is_refused():
    period = open_one(in_action_plan())
    report(period)
    evaluate(period)
    with pytest.raises(ValidationError):
        decide(period, "forget")


def test_retired_innovation_has_no_further_period():
    item = in_action_plan()
    decided_period(item, "retire")
    item.refresh_from_db()
    assert item.status == ActionItem.Status.RETIRED
    with pytest.raises(ValidationError, match="retired"):
        open_one(item)


def test_retiring_gives_back_the_money_of_years_to_come():
    innovation = InnovationFactory()
    align(innovation)
    now, later = CeilingFactory(fiscal_year=2027), CeilingFactory(fiscal_year=2028)
    reserve(system(), commit(innovation, money_row(now), money_row(later)))
    item = enter_action_plan(system(), innovation, datetime.date(2027, 1, 15))
    decided_period(item, "retire")
    assert [Ceiling.objects.get(pk=ceiling.pk).reserved for ceiling in (now, later)] == [
        Decimal("40000000.00"),
        0,
    ]
