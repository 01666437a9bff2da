"""Figures as Indonesian documents write them, whatever language the screen is in."""

from decimal import Decimal


def figure(value: Decimal) -> str:
    """1250.50 as `1.250,5`: grouped, with a comma, without idle zeros."""
    whole, _point, decimals = f"{value:,.2f}".partition(".")
    decimals = decimals.rstrip("0")
    return whole.replace(",", ".") + (f",{decimals}" if decimals else "")
