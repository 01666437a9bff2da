from decimal import Decimal

import pytest

from planning.forms import CommitmentForm
from planning.models import Commitment, SubActivity
from tests.planning.factories import (
    AppointmentFactory,
    FundingSourceFactory,
    InnovationFactory,
    NomenclatureVersionFactory,
    OfficeFactory,
    SubActivityFactory,
    UnitFactory,
    UserFactory,
    system,
)

pytestmark = [pytest.mark.integration, pytest.mark.one_database, pytest.mark.django_db]

CODE = "1.02.02.2.02.0015"


@pytest.fixture
def innovation():
    SubActivityFactory(code=CODE, name="Gizi")
    FundingSourceFactory(code="pad", name="PAD")
    unit = UnitFactory()
    OfficeFactory(code="kepala-dinkes", title="Kepala Dinas Kesehatan", unit=unit, is_head=True)
    OfficeFactory(code="sekretaris-dinkes", title="Sekretaris Dinas Kesehatan", unit=unit)
    return InnovationFactory(owning_unit=unit)


def money(**changes):
    row = {"fiscal_year": 2027, "sub_activity": CODE, "source": "pad", "amount": "150.000.000"}
    return row | changes


def filled(innovation, **changes):
    record = {
        "statement": "Dinas Kesehatan menjamin inovasi ini berjalan sampai akhir tahun 2029 nanti.",
        "owner_office": "kepala-dinkes",
        "custodian_office": "sekretaris-dinkes",
        "monitoring_months": 6,
        "money": [money()],
        "staff": [{"role": "Bidan", "headcount": 3, "person_months": "1,5"}],
        "technology": [{"kind": "device", "description": "Tablet untuk kader"}],
    } | changes
    return CommitmentForm.from_record(record, innovation=innovation, actor=system())


def test_form_records_money_staff_and_technology(innovation):
    form = filled(innovation)
    assert form.is_valid(), form.sentences()
    form.record()
    commitment = Commitment.objects.get()
    assert commitment.owner_office.code == "kepala-dinkes"
    assert commitment.lines.get().amount == Decimal("150000000.00")
    assert commitment.staff_lines.get().person_months == Decimal("1.5")
    assert commitment.technology_lines.get().description == "Tablet untuk kader"


def test_form_proposes_the_head_of_the_owning_unit_as_owner(innovation):
    form = CommitmentForm(innovation=innovation, actor=system())
    assert form["owner_office"].value() == "kepala-dinkes"


def test_form_opens_with_what_is_recorded(innovation):
    form = filled(innovation)
    assert form.is_valid()
    form.record()
    shown = CommitmentForm(innovation=innovation, actor=system())
    row = shown.table("money").forms[0]
    assert shown["custodian_office"].value() == "sekretaris-dinkes"
    assert [row[name].value() for name in ("fiscal_year", "sub_activity", "source", "amount")] == [
        2027,
        CODE,
        "pad",
        "150.000.000",
    ]
    assert shown.table("staff").forms[0]["person_months"].value() == "1,5"
    assert shown.table("technology").forms[0]["kind"].value() == "device"


def test_form_takes_the_sub_activity_of_the_fiscal_year(innovation):
    new = NomenclatureVersionFactory(valid_from_fy=2028)
    SubActivityFactory(version=new, code=CODE, name="Gizi dan pangan")
    form = filled(innovation, money=[money(fiscal_year=2027), money(fiscal_year=2028)])
    assert form.is_valid(), form.sentences()
    found = [row["sub_activity"].version.valid_from_fy for row in form.table("money").filled()]
    assert found == [2024, 2028]
    assert SubActivity.objects.filter(code=CODE).count() == 2


def test_form_refuses_a_code_that_the_fiscal_year_does_not_know(innovation):
    NomenclatureVersionFactory(valid_from_fy=2028)
    form = filled(innovation, money=[money(fiscal_year=2028)])
    assert not form.is_valid()
    assert form.sentences() == [
        f"The sub-activity {CODE} does not exist in the nomenclature of fiscal year 2028. "
        "Choose a sub-activity of that year."
    ]


def test_form_accepts_a_reason_instead_of_money(innovation):
    form = filled(innovation, money=[], no_money_reason="Memakai pegawai yang sudah ada.")
    assert form.is_valid(), form.sentences()
    form.record()
    assert Commitment.objects.get().lines.count() == 0


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        (
            {"amount": "-5"},
            "Row 1, Amount (Rp): The amount is negative. Type it without the minus sign.",
        ),
        (
            {"amount": "seratus"},
            "Row 1, Amount (Rp): This is not an amount of rupiah. "
            "Type digits only, for example 1.500.000 or 1500000,50.",
        ),
        (
            {"amount": "NaN"},
            "Row 1, Amount (Rp): This is not an amount of rupiah. "
            "Type digits only, for example 1.500.000 or 1500000,50.",
        ),
        (
            {"amount": "1" + "0" * 18},
            "Row 1, Amount (Rp): The amount has more than 13 digits before the comma. "
            "Check the number of zeros.",
        ),
        (
            {"amount": "0"},
            "The amount of the line “fiscal year 2027, 1.02.02.2.02.0015 Gizi, PAD” "
            "must be above zero. Type it, or remove the line.",
        ),
        ({"amount": ""}, "Row 1, Amount (Rp): This field is required."),
        (
            {"fiscal_year": 2031},
            "Row 1, Fiscal year: Fiscal year 2031 lies after the end of the regent's term (2030). "
            "Commit money up to 2030 and leave later years to the next regent.",
        ),
        (
            {"fiscal_year": 2019},
            "Row 1, Fiscal year: Fiscal year 2019 lies before the action plan. "
            "Type a year from 2025 on.",
        ),
        (
            {"fiscal_year": "dua ribu"},
            "Row 1, Fiscal year: This is not a whole number. Type digits only.",
        ),
        (
            {"sub_activity": "1.02"},
            "Row 1, Sub-activity: “1.02” is not in the list. Choose an entry of the list.",
        ),
        (
            {"source": "judi"},
            "Row 1, Funding source: “judi” is not in the list. Choose an entry of the list.",
        ),
    ],
)
def test_form_refuses_a_money_line_with_the_mend(innovation, row, sentence):
    form = filled(innovation, money=[money(**row)])
    assert not form.is_valid()
    assert form.sentences() == [sentence]


def test_form_refuses_a_money_line_given_twice(innovation):
    form = filled(innovation, money=[money(), money(amount="1")])
    assert not form.is_valid()
    assert form.sentences() == [
        "The line “fiscal year 2027, 1.02.02.2.02.0015 Gizi, PAD” stands in two rows. "
        "Keep one of them and add up the amounts."
    ]


def test_form_refuses_no_money_without_a_reason(innovation):
    form = filled(innovation, money=[])
    assert not form.is_valid()
    assert form.sentences() == [
        "Why no money is needed: Add at least one money line, "
        "or write in one sentence why no money is needed."
    ]


def test_form_refuses_one_office_twice(innovation):
    form = filled(innovation, custodian_office="kepala-dinkes")
    assert not form.is_valid()
    assert form.sentences() == [
        "Second custodian office: The owner and the second custodian are the same office. "
        "Choose another custodian."
    ]


def test_form_refuses_two_offices_of_one_person(innovation):
    from accounts.models import Office

    person = UserFactory(name_plain="Sri Rahayu")
    for office in Office.objects.all():
        AppointmentFactory(user=person, office=office)
    form = filled(innovation)
    assert not form.is_valid()
    assert form.errors["custodian_office"][0].startswith("Sri Rahayu holds both")


@pytest.mark.parametrize("months", ["", "4", "enam"])
def test_form_refuses_another_interval(innovation, months):
    form = filled(innovation, monitoring_months=months)
    assert not form.is_valid()
    assert set(form.errors) == {"monitoring_months"}


@pytest.mark.parametrize(("months", "valid"), [("0", False), ("-1", False), ("0,5", True)])
def test_form_wants_person_months_above_zero(innovation, months, valid):
    staff = [{"role": "Bidan", "headcount": 1, "person_months": months}]
    assert filled(innovation, staff=staff).is_valid() == valid


def test_form_wants_a_statement_of_ten_words(innovation):
    form = filled(innovation, statement="Siap.")
    assert not form.is_valid()
    assert form.sentences()[0].startswith("Statement of commitment: This text has 1 words")


def test_form_that_was_not_sent_in_full_is_refused(innovation):
    form = CommitmentForm({"statement": "Siap."}, innovation=innovation, actor=system())
    assert not form.is_valid()


def test_choices_are_read_once_for_a_table(innovation, django_assert_max_num_queries):
    form = filled(innovation)
    assert form.is_valid()
    form.record()
    with django_assert_max_num_queries(9):
        shown = CommitmentForm(innovation=innovation, actor=system())
        str(shown)
        for table in shown.rows.values():
            str(table)
