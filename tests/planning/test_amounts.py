from decimal import Decimal

import pytest

from planning.amounts import figure

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("value", "written"),
    [("17.10", "17,1"), ("1250.00", "1.250"), ("0", "0"), ("0.05", "0,05"), ("100", "100")],
)
def test_figure_has_no_idle_zeros(value, written):
    assert figure(Decimal(value)) == written
