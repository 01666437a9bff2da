import datetime
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from accounts.offices import today
from planning.rules import (
    check_indicators,
    check_means,
    check_money,
    check_offices,
    check_pillars,
    check_staff,
    check_technology,
    regent_term_end,
)
from tests.planning.factories import (
    AppointmentFactory,
    CeilingFactory,
    NomenclatureVersionFactory,
    OfficeFactory,
    PillarFactory,
    SubActivityFactory,
    UserFactory,
    indicator_row,
    money_row,
    pillar_row,
)

pytestmark = [pytest.mark.integration, pytest.mark.django_db]


def faults(check, *facts):
    with pytest.raises(ValidationError) as refused:
        check(*facts)
    return refused.value.messages


def test_pillars_that_hold_are_accepted():
    check_pillars([pillar_row(weight=70), pillar_row(weight=30, is_lead=False)])


def test_pillars_without_any_row_are_refused():
    assert faults(check_pillars, []) == ["Choose at least one priority pillar."]


@pytest.mark.parametrize("weights", [(60, 30), (70, 70), (1, 1)])
def test_pillars_whose_weights_do_not_make_100_are_refused(weights):
    rows = [pillar_row(weight=weights[0]), pillar_row(weight=weights[1], is_lead=False)]
    assert faults(check_pillars, rows) == [
        f"The weights of the pillars add up to {sum(weights)} %. "
        "Change them so that they add up to 100 %."
    ]


def test_pillars_with_a_negative_weight_are_refused():
    rows = [pillar_row(weight=110), pillar_row(weight=-10, is_lead=False)]
    assert faults(check_pillars, rows) == [
        "Each weight lies between 1 and 100 %. Correct the weights of the pillars."
    ]


@pytest.mark.parametrize(("leads", "count"), [((True, True), 2), ((False, False), 0)])
def test_pillars_without_exactly_one_lead_are_refused(leads, count):
    rows = [pillar_row(weight=50, is_lead=lead) for lead in leads]
    assert faults(check_pillars, rows) == [
        f"Mark exactly one pillar as the lead pillar; now {count} are marked."
    ]


def test_pillar_named_twice_is_refused():
    pillar = PillarFactory(name="Kesehatan")
    rows = [pillar_row(pillar=pillar, weight=50, is_lead=lead) for lead in (True, False)]
    assert faults(check_pillars, rows) == [
        "The pillar “Kesehatan” stands in two rows. Keep one of them and add up the weights."
    ]


def test_pillar_with_a_short_proof_is_refused():
    rows = [pillar_row(pillar=PillarFactory(name="Kesehatan"), proof="Ada." + " " * 30)]
    assert faults(check_pillars, rows) == [
        "The proof for “Kesehatan” has fewer than 20 characters. "
        "Write which document, figure or act shows the contribution."
    ]


def test_pillars_tell_every_fault_at_once():
    assert len(faults(check_pillars, [pillar_row(weight=90, is_lead=False, proof="Ada.")])) == 3


def test_indicators_without_any_row_are_refused():
    assert faults(check_indicators, []) == ["Add at least one indicator with its targets."]


def test_indicator_named_twice_in_other_letters_is_refused():
    rows = [indicator_row(name="Stunting"), indicator_row(name="STUNTING")]
    assert faults(check_indicators, rows) == [
        "The indicator “stunting” stands in two rows. Keep one of them."
    ]


def test_indicator_without_target_is_refused():
    assert faults(check_indicators, [indicator_row(name="Stunting", targets={})]) == [
        "The indicator “Stunting” has no target. Fill in at least one year."
    ]


def test_indicator_whose_baseline_lies_after_its_target_is_refused(time_machine_2028):
    rows = [indicator_row(name="Stunting", baseline_year=2028)]
    assert faults(check_indicators, rows) == [
        "The baseline of “Stunting” is of 2028, after its first target of 2026. "
        "Correct the baseline year, or leave the target of 2026 empty."
    ]


@pytest.fixture
def time_machine_2028(monkeypatch):
    monkeypatch.setattr("planning.rules.today", lambda: datetime.date(2028, 6, 1))


@pytest.mark.parametrize("year", [1999, 2999, -1])
def test_indicator_with_an_impossible_baseline_year_is_refused(year):
    (sentence,) = faults(check_indicators, [indicator_row(baseline_year=year)])
    assert sentence.endswith(f"was measured, from 2000 to {today().year}.")


def test_money_that_holds_is_accepted():
    check_money([money_row(CeilingFactory()), money_row(CeilingFactory(fiscal_year=2028))])


def test_money_line_given_twice_is_refused():
    ceiling = CeilingFactory()
    (sentence,) = faults(check_money, [money_row(ceiling), money_row(ceiling, "1")])
    assert sentence.startswith("The line “fiscal year 2027, 1.02.02.2.02.")
    assert sentence.endswith("stands in two rows. Keep one of them and add up the amounts.")


@pytest.mark.parametrize(
    ("amount", "end"),
    [
        ("0", "must be above zero. Type it, or remove the line."),
        ("-5", "must be above zero. Type it, or remove the line."),
        ("NaN", "is not a number. Type digits."),
        ("Infinity", "is not a number. Type digits."),
        ("10000000000000000", "has too many digits. Check the number of zeros."),
    ],
)
def test_money_with_an_impossible_amount_is_refused(amount, end):
    (sentence,) = faults(check_money, [money_row(CeilingFactory(), amount)])
    assert sentence.endswith(end)


def test_money_with_a_text_for_an_amount_is_refused():
    row = money_row(CeilingFactory()) | {"amount": "sejuta"}
    (sentence,) = faults(check_money, [row])
    assert sentence.endswith("is not a number. Type digits.")


def test_money_after_the_regents_term_is_refused_with_the_mend(settings):
    settings.REGENT_TERM_END = 2029
    row = money_row(CeilingFactory(fiscal_year=2030))
    assert faults(check_money, [row]) == [
        "Fiscal year 2030 lies after the end of the regent's term (2029). "
        "Commit money up to 2029 and leave later years to the next regent."
    ]


def test_regents_term_ends_in_2030_unless_configured():
    assert regent_term_end() == 2030


def test_money_before_the_action_plan_is_refused():
    row = money_row(CeilingFactory(fiscal_year=2024))
    assert faults(check_money, [row]) == [
        "Fiscal year 2024 lies before the action plan. Type a year from 2025 on."
    ]


def test_money_on_a_sub_activity_of_an_old_nomenclature_is_refused():
    old = SubActivityFactory(code="1.02.02.2.02.0015")
    NomenclatureVersionFactory(valid_from_fy=2027)
    row = money_row(CeilingFactory(sub_activity=old, fiscal_year=2027))
    assert faults(check_money, [row]) == [
        "The sub-activity 1.02.02.2.02.0015 does not exist in the nomenclature of fiscal year "
        "2027. Choose a sub-activity of that year."
    ]


def test_old_fiscal_year_keeps_the_old_nomenclature():
    old = SubActivityFactory()
    NomenclatureVersionFactory(valid_from_fy=2027)
    check_money([money_row(CeilingFactory(sub_activity=old, fiscal_year=2026))])


def test_staff_role_given_twice_is_refused():
    rows = [
        {"role": role, "headcount": 1, "person_months": Decimal(1)} for role in ("Bidan", "bidan")
    ]
    assert faults(check_staff, rows) == [
        "The role “bidan” stands in two rows. Keep one of them and add up the people."
    ]


def test_technology_given_twice_is_refused():
    rows = [{"kind": "device", "description": "Tablet"}] * 2
    assert faults(check_technology, rows) == [
        "The technology “tablet” stands in two rows. Keep one of them."
    ]


def test_same_words_for_two_kinds_of_technology_are_accepted():
    check_technology([{"kind": kind, "description": "Server"} for kind in ("device", "hosting")])


def test_no_money_and_no_reason_is_refused():
    assert faults(check_means, [], "  ") == [
        "Add at least one money line, or write in one sentence why no money is needed."
    ]


def test_money_and_a_reason_against_it_are_refused():
    (sentence,) = faults(check_means, [money_row(CeilingFactory())], "Tidak perlu.")
    assert sentence.endswith("Remove the lines, or empty the reason.")


def test_owner_who_is_the_custodian_is_refused():
    office = OfficeFactory()
    assert faults(check_offices, office, office, today()) == [
        "The owner and the second custodian are the same office. Choose another custodian."
    ]


def test_two_offices_held_by_one_person_are_refused():
    person = UserFactory(name_plain="Sri Rahayu")
    owner, custodian = (
        AppointmentFactory(user=person, office__title=title).office
        for title in ("Kepala Dinas", "Sekretaris Dinas")
    )
    assert faults(check_offices, owner, custodian, today()) == [
        "Sri Rahayu holds both Kepala Dinas and Sekretaris Dinas today. "
        "Choose a custodian office that somebody else holds."
    ]


def test_two_offices_held_by_one_person_earlier_are_accepted():
    person = UserFactory()
    owner = AppointmentFactory(user=person, end=datetime.date(2025, 12, 31)).office
    custodian = AppointmentFactory(user=person, start=datetime.date(2026, 1, 1)).office
    check_offices(owner, custodian, today())


def test_vacant_offices_are_accepted():
    check_offices(OfficeFactory(), OfficeFactory(), today())
