"""Money and figures as Indonesian documents write them, whatever language the screen is in."""

from decimal import Decimal

CENT = Decimal("0.01")


def rupiah(amount: Decimal) -> str:
    """1500000 as `Rp1.500.000,00`."""
    whole, _point, cents = f"{amount.quantize(CENT):,f}".partition(".")
    return f"Rp{whole.replace(',', '.')},{cents}"


def figure(value: Decimal) -> str:
    """1250.50 as `1.250,5`: grouped, with a comma, without idle zeros."""
    whole, _point, decimals = f"{value:,.2f}".partition(".")
    decimals = decimals.rstrip("0")
    return whole.replace(",", ".") + (f",{decimals}" if decimals else "")
