from decimal import Decimal

import pytest
from django.utils import translation

from planning.amounts import figure, rupiah

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("amount", "written"),
    [
        ("0", "Rp0,00"),
        ("950", "Rp950,00"),
        ("1500000", "Rp1.500.000,00"),
        ("1500000.5", "Rp1.500.000,50"),
        ("9999999999999999.99", "Rp9.999.999.999.999.999,99"),
    ],
)
def test_rupiah_groups_and_has_two_decimals(amount, written):
    assert rupiah(Decimal(amount)) == written


@pytest.mark.parametrize("language", ["id", "en"])
def test_amounts_do_not_follow_the_language_of_the_screen(language):
    with translation.override(language):
        assert rupiah(Decimal("1234567.89")) == "Rp1.234.567,89"


@pytest.mark.parametrize(
    ("value", "written"),
    [("17.10", "17,1"), ("1250.00", "1.250"), ("0", "0"), ("0.05", "0,05"), ("100", "100")],
)
def test_figure_has_no_idle_zeros(value, written):
    assert figure(Decimal(value)) == written
