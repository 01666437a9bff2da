import unicodedata
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.texts import (
    DayField,
    MoneyField,
    PlainCharField,
    PlainTextField,
    clean_text,
    count_words,
    format_money,
    named,
    parse_money,
    rupiah,
)

pytestmark = pytest.mark.unit


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


def refusal(text: str, **options) -> ValidationError:
    with pytest.raises(ValidationError) as caught:
        clean_text(text, **{"max_length": 100, **options})
    return caught.value


@pytest.mark.parametrize(
    "text",
    [
        "SIE CANTIK",
        "Rp1.500 < Rp2.000 & “kutipan” – tanda pisah",
        "<script>alert(1)</script>",
        "Café",
        "naïve ½ ² € ½",
        "baris satu\nbaris dua\tkolom",
        "ᬩᬮᬶ",
        "Nguyễn Văn",
    ],
)
def test_clean_text_ordinary_stays(text):
    assert clean_text(text, max_length=100) == unicodedata.normalize("NFC", text)


def test_clean_text_surrounding_space_and_crlf_are_mended():
    assert clean_text("  satu\r\ndua \n", max_length=100) == "satu\ndua"


def test_clean_text_decomposed_is_composed():
    assert clean_text("Cafe\u0301", max_length=4) == "Café"


HOSTILE = {
    "NUL": "a\x00b",
    "escape": "a\x1b[31mb",
    "backspace": "a\x08b",
    "C1 control": "a\x85b",
    "zero-width space": "Bupa\u200bti",
    "zero-width joiner": "a\u200db",
    "byte order mark": "a\ufeffb",
    "word joiner": "a\u2060b",
    "soft hyphen": "a\u00adb",
    "right-to-left override": "Rp\u202e000.1",
    "right-to-left isolate": "a\u2067b",
    "right-to-left mark": "a\u200fb",
    "tag characters": "a\U000e0041b",
    "private use": "a\ue000b",
    "private use, plane 16": "a\U00100000b",
    "lone surrogate": "a\ud800b",
    "noncharacter": "a\uffffb",
    "unassigned": "a\u0378b",
    "line separator": "a\u2028b",
    "paragraph separator": "a\u2029b",
    "Hangul filler": "a\u3164b",
    "blank braille": "a\u2800b",
    "grapheme joiner": "a\u034fb",
    "replacement character": "a\ufffdb",
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_clean_text_hostile_character_is_named_with_its_place(text):
    error = refusal(text)
    code_point = next(c for c in text if not c.isascii() or not c.isprintable())
    assert f"U+{ord(code_point):04X}" in error.message
    assert f"Character {text.index(code_point) + 1} " in error.message
    assert error.code == "forbidden_character"


def test_clean_text_names_what_stands_before():
    assert "after “Bupa”" in refusal("Bupa\u200bti").message


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_clean_text_refusal_can_be_encoded(text):
    assert refusal(text).message.encode()


def test_clean_text_three_marks_stay_four_are_refused():
    assert clean_text("q" + "\u0323\u0307\u0301", max_length=10)
    assert refusal("q" + "\u0323\u0307\u0301\u0302").code == "stacked_marks"


def test_clean_text_ten_thousand_marks_are_refused_at_once():
    assert refusal("a" + "\u0301" * 90, max_length=100).code == "stacked_marks"
    assert refusal("a" + "\u0301" * 100_000, max_length=100).code == "too_long"


def test_clean_text_one_line_refuses_breaks_and_tabs():
    for text in ("a\nb", "a\tb", "a\rb"):
        assert refusal(text, lines=False).code == "forbidden_character"
    assert "must be one line" in refusal("a\nb", lines=False).message


@pytest.mark.parametrize("length", [101, 300, 1_000_000])
def test_clean_text_over_length_says_how_much_and_the_limit(length):
    message = refusal("a" * length).message
    assert f"{length:,}".replace(",", ".") in message
    assert "at most 100" in message


def test_clean_text_with_field_starts_with_its_name():
    assert refusal("a\x00", field="Problem").message.startswith("Problem: ")


@given(st.text())
@settings(max_examples=400, deadline=None)
def test_clean_text_any_text_is_cleaned_or_refused(text):
    try:
        cleaned = clean_text(text, max_length=50)
    except ValidationError:
        return
    assert cleaned == unicodedata.normalize("NFC", cleaned.strip())
    assert len(cleaned) <= 50
    categories = {unicodedata.category(c) for c in cleaned if c not in "\n\t"}
    assert not categories & {"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"}
    assert clean_text(cleaned, max_length=50) == cleaned


def test_count_words_counts_only_what_has_letters_or_digits():
    assert count_words("Satu, dua – 3 * … empat") == 4


def test_plain_text_field_too_few_words_says_how_many():
    field = PlainTextField(min_words=300)
    with pytest.raises(ValidationError) as caught:
        field.clean("kata " * 212)
    assert caught.value.messages == [
        "This text has 212 words; at least 300 are needed: "
        "add what changes, for whom, and how it works."
    ]
    assert field.clean("kata " * 300)


def test_plain_text_field_optional_may_be_empty():
    assert PlainTextField(required=False, min_words=300).clean("  ") == ""


def test_plain_char_field_name_of_300_letters_is_refused():
    with pytest.raises(ValidationError, match="300 characters; at most 200"):
        PlainCharField(max_length=200).clean("a" * 300)


@pytest.mark.parametrize("value", [["a"], {"a": 1}, True, b"a"])
def test_plain_char_field_refuses_what_is_no_text(value):
    with pytest.raises(ValidationError):
        PlainCharField().clean(value)


def test_plain_char_field_takes_numbers_of_a_sheet():
    assert PlainCharField().clean(2024) == "2024"


@pytest.mark.parametrize(
    ("typed", "amount"),
    [
        ("1.500.000", "1500000.00"),
        ("1500000", "1500000.00"),
        ("1.500.000,50", "1500000.50"),
        ("1500000,5", "1500000.50"),
        ("1500000.50", "1500000.50"),
        ("Rp 1.500.000", "1500000.00"),
        ("rp1.500", "1500.00"),
        ("Rp. 0", "0.00"),
        (" 25 ", "25.00"),
        ("9.999.999.999.999,99", "9999999999999.99"),
        (1500000, "1500000.00"),
        (1500000.5, "1500000.50"),
        (Decimal("1500000.500"), "1500000.50"),
    ],
)
def test_parse_money_reads_what_people_write(typed, amount):
    assert str(parse_money(typed)) == amount


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("-5", "negative"),
        ("\u22125", "negative"),
        ("Rp -1.500.000", "negative"),
        ("-1.500.000,50", "negative"),
        (-1, "negative"),
        ("10000000000000", "too_many_digits"),
        ("1" * 19, "too_many_digits"),
        ("9" * 1_000_000, "too_many_digits"),
        (10**5000, "too_many_digits"),
        (1e300, "too_many_digits"),
        ("seratus", "not_an_amount"),
        ("1,500,000", "not_an_amount"),
        ("1.50.000", "not_an_amount"),
        ("1.500.00", "not_an_amount"),
        ("15,005", "not_an_amount"),
        ("1e6", "not_an_amount"),
        ("NaN", "not_an_amount"),
        ("Infinity", "not_an_amount"),
        (float("nan"), "not_an_amount"),
        (float("inf"), "not_an_amount"),
        (0.125, "not_an_amount"),
        ("٥٠٠", "not_an_amount"),
        ("１５００", "not_an_amount"),
        ("5\u202e00", "not_an_amount"),
        ("5\x00", "not_an_amount"),
        ("=1+1", "not_an_amount"),
        (True, "not_an_amount"),
        ([1], "not_an_amount"),
    ],
    ids=lambda value: f"{value % 1000}" if isinstance(value, int) else repr(value)[:20],
)
def test_parse_money_refuses_with_a_mend(typed, code):
    with pytest.raises(ValidationError) as caught:
        parse_money(typed)
    assert caught.value.code == code
    assert caught.value.messages[0].endswith(".")


@pytest.mark.parametrize(
    ("label", "told"),
    [
        ("Title", "Title: Shorten it."),
        ("The profile is complete.", "The profile is complete: Shorten it."),
        ("Does it run already?", "Does it run already? Shorten it."),
        ("", "Shorten it."),
    ],
)
def test_sentence_about_a_field_names_it_once_and_in_order(label, told):
    assert named(label, "Shorten it.") == told


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize(
    ("amount", "written"),
    [
        ("0", "Rp0"),
        ("950.00", "Rp950"),
        ("1500000", "Rp1.500.000"),
        ("1500000.5", "Rp1.500.000,50"),
        ("9999999999999999.99", "Rp9.999.999.999.999.999,99"),
    ],
)
def test_rupiah_is_written_one_way_in_every_language(amount, written, language):
    with translation.override(language):
        assert rupiah(Decimal(amount)) == written


@given(st.decimals(min_value=0, max_value=Decimal("9999999999999.99"), places=2))
def test_money_survives_writing_and_reading(amount):
    assert parse_money(format_money(amount)) == amount


@given(st.one_of(st.text(), st.floats(), st.integers()))
@settings(deadline=None)
def test_money_field_anything_is_an_amount_or_refused(value):
    try:
        amount = MoneyField(required=False).clean(value)
    except ValidationError:
        return
    assert amount is None or (0 <= amount < Decimal("1e13") and amount.as_tuple().exponent == -2)


def test_money_field_shows_amounts_grouped_and_mistakes_as_typed():
    field = MoneyField()
    assert field.prepare_value(Decimal("1500000.50")) == "1.500.000,50"
    assert field.prepare_value("1,5 juta") == "1,5 juta"


def test_money_field_same_amount_in_other_notation_is_no_change():
    field = MoneyField()
    assert not field.has_changed(Decimal("1500000"), "1.500.000")
    assert field.has_changed(Decimal("1500000"), "1.500.001")
    assert field.has_changed(Decimal("1500000"), "banyak")


@pytest.mark.parametrize(
    "value", [45_000, ["2024-01-01"], "2024-13-40", "kemarin", "2024-01-0\x00"]
)
def test_day_field_refuses_what_is_no_day(value):
    with pytest.raises(ValidationError, match="Type a day"):
        DayField().clean(value)
