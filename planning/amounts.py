"""Money and figures as Indonesian documents write them, whatever language the screen is in."""

from decimal import Decimal

from num2words import num2words

CENT = Decimal("0.01")


def rupiah(amount: Decimal) -> str:
    """1500000 as `Rp1.500.000,00`."""
    whole, _point, cents = f"{amount.quantize(CENT):,f}".partition(".")
    return f"Rp{whole.replace(',', '.')},{cents}"


def rupiah_in_words(amount: Decimal) -> str:
    """1500000.50 as `satu juta lima ratus ribu rupiah lima puluh sen`."""
    whole, cents = divmod(int(amount.quantize(CENT) * 100), 100)
    words = f"{num2words(whole, lang='id')} rupiah"
    return f"{words} {num2words(cents, lang='id')} sen" if cents else words


def figure(value: Decimal) -> str:
    """1250.50 as `1.250,5`: grouped, with a comma, without idle zeros."""
    whole, _point, decimals = f"{value:,.2f}".partition(".")
    decimals = decimals.rstrip("0")
    return whole.replace(",", ".") + (f",{decimals}" if decimals else "")
