from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from accounts.acting import NoTransaction
from planning.alignments import record_alignment
from planning.models import Indicator, PillarLink, Target
from planning.monitoring import record_report
from planning.signals import planning_act
from tests.planning.factories import (
    InnovationFactory,
    PillarFactory,
    ProgrammeFactory,
    align,
    in_action_plan,
    indicator_row,
    open_one,
    pillar_row,
    system,
)

pytestmark = [pytest.mark.integration, pytest.mark.django_db]


def test_alignment_records_pillars_indicators_and_targets():
    alignment = align(InnovationFactory())
    link = alignment.pillar_links.get()
    indicator = alignment.indicators.get()
    assert (link.weight, link.is_lead) == (100, True)
    assert (indicator.number, indicator.baseline) == (1, Decimal("17.10"))
    assert list(indicator.targets.values_list("year", "value")) == [
        (2026, Decimal("15.50")),
        (2029, Decimal("10.00")),
    ]


def test_alignment_recorded_twice_alike_leaves_no_new_version():
    innovation, programme, pillar = InnovationFactory(), ProgrammeFactory(), PillarFactory()
    for _ in range(2):
        alignment = align(innovation, programme=programme, pillars=[pillar_row(pillar=pillar)])
    assert alignment.history.count() == 1
    assert [model.history.count() for model in (PillarLink, Indicator, Target)] == [1, 1, 2]


def test_alignment_recorded_again_replaces_what_was_there():
    innovation = InnovationFactory()
    align(innovation, indicators=[indicator_row(), indicator_row(name="Cakupan posyandu")])
    alignment = align(
        innovation,
        indicators=[indicator_row(name="Cakupan posyandu", targets={2027: Decimal(90)})],
        rationale="Alasan baru.",
    )
    assert alignment.rationale == "Alasan baru."
    assert [(i.number, i.name) for i in alignment.indicators.all()] == [(1, "Cakupan posyandu")]
    assert list(Target.objects.values_list("year", "value")) == [(2027, Decimal("90.00"))]
    assert alignment.pillar_links.count() == 1


def test_lead_can_change_from_one_pillar_to_another():
    innovation, first, second = InnovationFactory(), PillarFactory(), PillarFactory()
    for lead in (first, second):
        alignment = align(
            innovation,
            pillars=[
                pillar_row(pillar=pillar, weight=50, is_lead=pillar == lead)
                for pillar in (first, second)
            ],
        )
    assert alignment.pillar_links.get(is_lead=True).pillar == second


def test_removed_rows_keep_their_history_with_the_actor():
    innovation = InnovationFactory()
    align(innovation)
    align(innovation)
    removed = PillarLink.history.filter(history_type="-").get()
    assert removed.history_user == system()


def test_reported_indicator_cannot_be_removed():
    item = in_action_plan()
    indicator = Indicator.objects.get()
    record_report(
        system(),
        open_one(item),
        realised=Decimal(0),
        narrative="Berjalan.",
        achievements=[{"indicator": indicator, "year": 2027, "value": Decimal(15), "note": ""}],
    )
    with pytest.raises(ValidationError, match="reported on already"):
        align(item.innovation, indicators=[indicator_row(name="Lain")])


def test_alignment_refuses_broken_rules_and_writes_nothing():
    innovation = InnovationFactory()
    with pytest.raises(ValidationError, match="add up to 90"):
        align(innovation, pillars=[pillar_row(weight=90)])
    assert not hasattr(innovation, "alignment")


@pytest.mark.parametrize("baseline", [Decimal("NaN"), Decimal("-1"), Decimal(10) ** 17])
def test_alignment_refuses_a_baseline_that_is_no_figure(baseline):
    with pytest.raises(ValidationError):
        align(InnovationFactory(), indicators=[indicator_row(baseline=baseline)])


def test_alignment_tells_the_floors_above():
    heard = []

    def listen(act, innovation, actor, details, **_):
        heard.append((act, innovation, actor, details))

    planning_act.connect(listen)
    innovation, programme = InnovationFactory(), ProgrammeFactory()
    align(innovation, programme=programme)
    planning_act.disconnect(listen)
    assert heard == [("aligned", innovation, system(), {"programme": programme.code})]


@pytest.mark.django_db(transaction=True)
def test_alignment_needs_the_callers_transaction():
    with pytest.raises(NoTransaction):
        record_alignment(
            system(),
            InnovationFactory(),
            programme=ProgrammeFactory(),
            rationale="Alasan.",
            pillars=[pillar_row()],
            indicators=[indicator_row()],
        )
