from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from accounts.acting import acting_as
from planning.commitments import release, reserve
from planning.models import Ceiling, Commitment, CommitmentLine
from tests.accounts.factories import system_account
from tests.planning.factories import (
    CeilingFactory,
    FundingSourceFactory,
    InnovationFactory,
    OfficeFactory,
    SubActivityFactory,
    commit,
    money_row,
    system,
)

pytestmark = [pytest.mark.integration, pytest.mark.django_db]


@pytest.fixture
def ceiling():
    return CeilingFactory(
        sub_activity__code="1.02.02.2.02.0015",
        sub_activity__name="Gizi",
        source__name="PAD",
        amount=Decimal("100000000.00"),
    )


def reserved(ceiling):
    return Ceiling.objects.get(pk=ceiling.pk).reserved


def test_commitment_is_proposed_and_reserves_nothing_by_itself(ceiling):
    commitment = commit(InnovationFactory(), money_row(ceiling))
    assert commitment.status == Commitment.Status.PROPOSED
    assert reserved(ceiling) == 0


def test_commitment_without_money_needs_a_reason():
    with pytest.raises(ValidationError, match="why no money is needed"):
        commit(InnovationFactory(), no_money_reason="")


def test_commitment_with_one_office_twice_is_refused_by_verb_and_database():
    office = OfficeFactory()
    with pytest.raises(ValidationError, match="same office"):
        commit(InnovationFactory(), owner_office=office, custodian_office=office)
    commitment = commit(InnovationFactory())
    with pytest.raises(IntegrityError), transaction.atomic():
        Commitment.objects.filter(pk=commitment.pk).update(custodian_office=commitment.owner_office)


@pytest.mark.parametrize("months", [0, 5, 24])
def test_commitment_with_another_interval_is_refused(months):
    with pytest.raises(ValidationError):
        commit(InnovationFactory(), monitoring_months=months)


def test_reserve_sets_the_money_aside(ceiling):
    commitment = reserve(system(), commit(InnovationFactory(), money_row(ceiling)))
    assert commitment.status == Commitment.Status.RESERVED
    assert reserved(ceiling) == Decimal("40000000.00")
    assert commitment.lines.get().ceiling == ceiling


def test_reserve_twice_counts_once(ceiling):
    commitment = commit(InnovationFactory(), money_row(ceiling))
    stale = Commitment.objects.get(pk=commitment.pk)
    reserve(system(), commitment)
    reserve(system(), stale)
    assert reserved(ceiling) == Decimal("40000000.00")
    assert commitment.history.filter(status="reserved").count() == 1


def test_two_commitments_share_a_ceiling_to_the_last_cent(ceiling):
    for amount in ("60000000.00", "40000000.00"):
        reserve(system(), commit(InnovationFactory(), money_row(ceiling, amount)))
    assert reserved(ceiling) == ceiling.amount


def test_reserve_refuses_more_than_is_left(ceiling):
    reserve(system(), commit(InnovationFactory(), money_row(ceiling, "70000000.00")))
    second = commit(InnovationFactory(), money_row(ceiling, "30000000.01"))
    with pytest.raises(ValidationError) as refused, transaction.atomic():
        reserve(system(), second)
    assert refused.value.messages == [
        "Fiscal year 2027, 1.02.02.2.02.0015 Gizi, PAD: Rp30.000.000 is left of the ceiling, "
        "and Rp30.000.000,01 is asked. Lower the amount, or choose another source or year."
    ]
    second.refresh_from_db()
    assert second.status == Commitment.Status.PROPOSED
    assert reserved(ceiling) == Decimal("70000000.00")


def test_reserve_tells_every_line_that_does_not_fit(ceiling):
    other = CeilingFactory(fiscal_year=2028, amount=Decimal(1))
    fits = CeilingFactory(fiscal_year=2026)
    commitment = commit(
        InnovationFactory(),
        money_row(ceiling, "200000000"),
        money_row(other),
        money_row(fits),
    )
    with pytest.raises(ValidationError) as refused, transaction.atomic():
        reserve(system(), commitment)
    assert [sentence[:16] for sentence in refused.value.messages] == [
        "Fiscal year 2027",
        "Fiscal year 2028",
    ]
    assert reserved(fits) == 0


def test_reserve_refuses_a_line_without_ceiling(ceiling):
    row = money_row(ceiling) | {"fiscal_year": 2028}
    with pytest.raises(ValidationError) as refused:
        reserve(system(), commit(InnovationFactory(), row))
    assert refused.value.messages == [
        "Fiscal year 2028, 1.02.02.2.02.0015 Gizi, PAD: there is no ceiling, and "
        "Rp40.000.000 is asked. Choose another line, or let the finance agency enter a ceiling."
    ]


def test_source_outside_the_dpa_needs_no_ceiling():
    row = {
        "fiscal_year": 2027,
        "sub_activity": SubActivityFactory(),
        "source": FundingSourceFactory(code="bok", in_dpa=False),
        "amount": Decimal("5000000.00"),
    }
    commitment = reserve(system(), commit(InnovationFactory(), row))
    assert commitment.status == Commitment.Status.RESERVED
    assert commitment.lines.get().ceiling is None


def test_source_outside_the_dpa_respects_a_ceiling_that_exists():
    ceiling = CeilingFactory(source__in_dpa=False, amount=Decimal(10))
    with pytest.raises(ValidationError, match="Rp10 is left"):
        reserve(system(), commit(InnovationFactory(), money_row(ceiling)))


def test_ceiling_cut_below_what_is_reserved_leaves_nothing(ceiling):
    reserve(system(), commit(InnovationFactory(), money_row(ceiling)))
    with acting_as(system_account()):
        Ceiling.objects.filter(pk=ceiling.pk).update(amount=Decimal(1))
    with pytest.raises(ValidationError, match=r"Rp0 is left"):
        reserve(system(), commit(InnovationFactory(), money_row(ceiling, "1.00")))


def test_commitment_without_money_can_be_reserved():
    commitment = reserve(system(), commit(InnovationFactory()))
    assert commitment.status == Commitment.Status.RESERVED


def test_release_gives_back_with_its_reason(ceiling):
    commitment = reserve(system(), commit(InnovationFactory(), money_row(ceiling)))
    release(system(), commitment, " Ditarik pengusul. ")
    commitment.refresh_from_db()
    assert (commitment.status, commitment.release_reason) == ("released", "Ditarik pengusul.")
    assert reserved(ceiling) == 0
    assert commitment.lines.get().ceiling is None


def test_release_twice_gives_back_once(ceiling):
    reserve(system(), commit(InnovationFactory(), money_row(ceiling)))
    commitment = reserve(system(), commit(InnovationFactory(), money_row(ceiling)))
    release(system(), commitment, "Ditarik.")
    release(system(), commitment, "Ditarik lagi.")
    assert reserved(ceiling) == Decimal("40000000.00")
    assert commitment.release_reason == "Ditarik."


def test_release_needs_a_reason(ceiling):
    commitment = reserve(system(), commit(InnovationFactory(), money_row(ceiling)))
    with pytest.raises(ValidationError, match="Write why"):
        release(system(), commitment, "  ")
    assert reserved(ceiling) == Decimal("40000000.00")


def test_release_after_a_year_keeps_the_money_of_that_year(ceiling):
    later = CeilingFactory(fiscal_year=2028)
    commitment = commit(InnovationFactory(), money_row(ceiling), money_row(later))
    release(system(), reserve(system(), commitment), "Dihentikan.", after_year=2027)
    assert (reserved(ceiling), reserved(later)) == (Decimal("40000000.00"), 0)


def test_released_commitment_can_be_reserved_again(ceiling):
    commitment = reserve(system(), commit(InnovationFactory(), money_row(ceiling)))
    release(system(), commitment, "Kembali ke komitmen.")
    reserve(system(), commitment)
    assert reserved(ceiling) == Decimal("40000000.00")
    assert commitment.release_reason == ""


def test_changed_money_gives_back_what_was_reserved(ceiling):
    innovation, owner, custodian = InnovationFactory(), OfficeFactory(), OfficeFactory()
    offices = {"owner_office": owner, "custodian_office": custodian}
    reserve(system(), commit(innovation, money_row(ceiling), **offices))
    commitment = commit(innovation, money_row(ceiling, "90000000.00"), **offices)
    assert commitment.status == Commitment.Status.PROPOSED
    assert reserved(ceiling) == 0
    reserve(system(), commitment)
    assert reserved(ceiling) == Decimal("90000000.00")


def test_unchanged_money_stays_reserved(ceiling):
    innovation, owner, custodian = InnovationFactory(), OfficeFactory(), OfficeFactory()
    offices = {"owner_office": owner, "custodian_office": custodian}
    reserve(system(), commit(innovation, money_row(ceiling), **offices))
    commitment = commit(innovation, money_row(ceiling), statement="Pernyataan baru.", **offices)
    assert commitment.status == Commitment.Status.RESERVED
    assert reserved(ceiling) == Decimal("40000000.00")
    assert CommitmentLine.history.filter(history_type="+").count() == 1


def test_commitment_replaces_staff_and_technology():
    innovation = InnovationFactory()
    for role, description in (("Bidan", "Tablet"), ("Kader", "Tablet")):
        commitment = commit(
            innovation,
            staff=[{"role": role, "headcount": 2, "person_months": Decimal("1.5")}],
            technology=[{"kind": "device", "description": description}],
        )
    assert [str(line) for line in commitment.staff_lines.all()] == ["Kader (2)"]
    assert commitment.technology_lines.get().history.count() == 1


@pytest.mark.parametrize("headcount", [0, -1])
def test_staff_without_people_is_refused(headcount):
    staff = [{"role": "Bidan", "headcount": headcount, "person_months": Decimal(1)}]
    with pytest.raises(ValidationError):
        commit(InnovationFactory(), staff=staff)


def test_every_change_of_a_ceiling_has_its_version_and_actor(ceiling):
    commitment = reserve(system(), commit(InnovationFactory(), money_row(ceiling)))
    release(system(), commitment, "Ditarik.")
    versions = ceiling.history.order_by("history_id")
    assert [version.reserved for version in versions] == [0, Decimal("40000000.00"), 0]
    assert {version.history_user for version in versions} == {system()}
