"""Text, days and money as people type them: cleaned, or refused in a sentence with the mend."""

import datetime
import re
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

LINE_LENGTH = 200
TEXT_LENGTH = 5_000
# 20 000 characters are some 2 500 words; above that a renderer needs minutes for one text.
LONG_TEXT_LENGTH = 20_000
MAX_COMBINING_MARKS = 3

# Letters and marks that print nothing although Unicode does not call them format characters.
BLANK_LETTERS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0\ufffd")
# Half characters and NUL fit into no database.
UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
REFUSED_CATEGORIES = {
    "Cc": gettext_lazy("a control character"),
    "Cf": gettext_lazy("an invisible or direction-changing character"),
    "Cn": gettext_lazy("a character that does not exist"),
    "Co": gettext_lazy("a private character that others cannot read"),
    "Cs": gettext_lazy("half a character"),
    "Zl": gettext_lazy("a hidden line separator"),
    "Zp": gettext_lazy("a hidden paragraph separator"),
}


def storable(text: str) -> str:
    """The text with a visible sign for each character that no database can keep or look for."""
    return UNSTORABLE.sub("\ufffd", text)


def clean_text(
    value: str, *, max_length: int, field: str = "", lines: bool = True, min_words: int = 0
) -> str:
    """The text in NFC without surrounding white space, or a ValidationError that names the mend.

    Nothing but CRLF and surrounding white space is changed silently. With `field` the sentence
    starts with that name. `lines=False` refuses line breaks and tabs as well.
    """
    try:
        return _cleaned(value, max_length, lines, min_words)
    except ValidationError as error:
        if not field:
            raise
        raise ValidationError(f"{field}: {error.message}", code=error.code) from None


def _cleaned(value: str, max_length: int, lines: bool, min_words: int) -> str:
    text = value.replace("\r\n", "\n").strip()
    # Composing may shorten a text, never to less than a quarter; far longer ones cost time.
    _check_length(text, max_length, allowed=4 * max_length)
    _check_characters(text, lines)
    text = unicodedata.normalize("NFC", text)
    _check_length(text, max_length, allowed=max_length)
    if min_words and text:
        _check_words(text, min_words)
    return text


def _check_length(text: str, max_length: int, *, allowed: int) -> None:
    if len(text) > allowed:
        raise ValidationError(
            _("This has %(found)s characters; at most %(limit)s fit. Shorten it.")
            % {"found": _grouped(len(text)), "limit": _grouped(max_length)},
            code="too_long",
        )


def _grouped(count: int) -> str:
    return f"{count:,}".replace(",", ".")


def _check_characters(text: str, lines: bool) -> None:
    marks = 0
    for position, character in enumerate(text, start=1):
        if lines and character in "\n\t":
            marks = 0
            continue
        category = unicodedata.category(character)
        if category in REFUSED_CATEGORIES or character in BLANK_LETTERS:
            raise ValidationError(
                _refusal(character, category, position, text), code="forbidden_character"
            )
        marks = marks + 1 if category.startswith("M") else 0
        if marks > MAX_COMBINING_MARKS:
            raise ValidationError(
                _(
                    "At character %(position)s more than %(limit)s accents are stacked on one "
                    "letter. Type the word again without them."
                )
                % {"position": position, "limit": MAX_COMBINING_MARKS},
                code="stacked_marks",
            )


def _refusal(character: str, category: str, position: int, text: str) -> str:
    if character in "\n\t":
        return _("This must be one line. Remove the line break or tab at character %s.") % position
    before = "".join(c for c in text[max(0, position - 16) : position - 1] if c.isprintable())
    return _(
        "Character %(position)s (U+%(code)04X, after “%(before)s”) is %(what)s. "
        "Delete it, or type the word again instead of pasting it."
    ) % {
        "position": position,
        "code": ord(character),
        "before": before,
        "what": REFUSED_CATEGORIES.get(category, _("a letter that prints nothing")),
    }


def named(label: Any, sentence: Any) -> str:
    """A sentence behind the name of what it is about, which may be a sentence itself."""
    name = str(label).rstrip(" .:")
    if not name:
        return str(sentence)
    return f"{name} {sentence}" if name.endswith("?") else f"{name}: {sentence}"


def sentences_of(form: forms.BaseForm) -> Iterator[str]:
    """Every error of a form's own fields, as a sentence that names the field."""
    for name, errors in form.errors.items():
        label = form[name].label if name in form.fields else ""
        yield from (named(label, error) for error in errors)


def count_words(text: str) -> int:
    """Words that contain a letter or a digit; a dash or a star alone is none."""
    return sum(any(c.isalnum() for c in word) for word in text.split())


def _check_words(text: str, min_words: int) -> None:
    found = count_words(text)
    if found < min_words:
        raise ValidationError(
            _(
                "This text has %(found)s words; at least %(needed)s are needed: add what changes, "
                "for whom, and how it works."
            )
            % {"found": found, "needed": min_words},
            code="too_few_words",
        )


@contextmanager
def about(field: str) -> Iterator[None]:
    """Let what is refused inside name the field of the form."""
    try:
        yield
    except ValidationError as error:
        raise ValidationError({field: error.messages}) from None


class PlainCharField(forms.CharField):
    """One line of plain text."""

    lines = False
    default_max_length = LINE_LENGTH

    def __init__(self, *, max_length: int | None = None, min_words: int = 0, **kwargs: Any) -> None:
        self.text_length = max_length or self.default_max_length
        self.min_words = min_words
        # The base field would refuse too long a text and a NUL without a way to mend it.
        super().__init__(**kwargs)
        self.validators = []
        self.widget.attrs.update(self.length_attrs())

    def length_attrs(self) -> dict[str, Any]:
        """What the browser needs to warn early; the browser never cuts what was pasted."""
        attrs: dict[str, Any] = {"data-max-length": self.text_length}
        return attrs | ({"data-min-words": self.min_words} if self.min_words else {})

    def to_python(self, value: Any) -> str:
        """The cleaned text."""
        if value in self.empty_values:
            return ""
        if not isinstance(value, str):
            if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
                raise ValidationError(_("This must be text."), code="not_text")
            value = str(value)
        return clean_text(
            value, max_length=self.text_length, lines=self.lines, min_words=self.min_words
        )


class PlainTextField(PlainCharField):
    """Plain text of several lines; `min_words` where the form demands a length."""

    widget = forms.Textarea
    lines = True
    default_max_length = TEXT_LENGTH


class DayField(forms.DateField):
    """A day, picked or typed."""

    default_error_messages = {"invalid": gettext_lazy("Type a day, for example 2024-03-31.")}

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> datetime.date | None:
        """The day; numbers and lists, which a record may hold, are none."""
        if value in self.empty_values:
            return None
        if not isinstance(value, str | datetime.date):
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        found: datetime.date | None = super().to_python(value)
        return found


GROUPED = re.compile(r"[0-9]{1,3}(\.[0-9]{3})+(,[0-9]{1,2})?")
PLAIN = re.compile(r"[0-9]+([.,][0-9]{1,2})?")
# SQLite keeps fifteen digits of an amount, and cannot read one that it has rounded up to more.
MAX_WHOLE_DIGITS = 13


class MoneyField(forms.Field):
    """Rupiah, up to 13 digits and two decimals: 1.500.000 · 1.500.000,50 · 1500000,50."""

    widget = forms.TextInput

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.widget.attrs.setdefault("inputmode", "decimal")

    def to_python(self, value: Any) -> Decimal | None:
        """The amount as a Decimal with two places, or None when left empty."""
        if value in self.empty_values or (isinstance(value, str) and not value.strip()):
            return None
        return parse_money(value)

    def prepare_value(self, value: Any) -> Any:
        """An amount in Indonesian digits groups; anything else as it was typed."""
        return format_money(value) if isinstance(value, Decimal) else value

    def has_changed(self, initial: Any, data: Any) -> bool:
        """True when another amount was typed, whatever its notation."""
        try:
            return bool(self.to_python(initial) != self.to_python(data))
        except ValidationError:
            return True


def parse_money(value: Any) -> Decimal:
    """Read an amount; raises ValidationError with the mend for what is none."""
    if isinstance(value, bool) or not isinstance(value, str | int | float | Decimal):
        raise ValidationError(_not_an_amount(), code="not_an_amount")
    digits = _plain_digits(value)
    if digits.startswith("-"):
        raise ValidationError(
            _("The amount is negative. Type it without the minus sign."), code="negative"
        )
    if len(digits.partition(".")[0].lstrip("0")) > MAX_WHOLE_DIGITS:
        raise ValidationError(
            _("The amount has more than %s digits before the comma. Check the number of zeros.")
            % MAX_WHOLE_DIGITS,
            code="too_many_digits",
        )
    return Decimal(digits).quantize(Decimal("0.01"))


def _plain_digits(value: str | int | float | Decimal) -> str:
    """Digits with a point, possibly a minus before them; refuses every other notation."""
    if isinstance(value, int | float | Decimal):
        text = _number_text(value)
    else:
        text = re.sub(r"^(-?)\s*Rp\.?\s*", r"\1", value[:80].strip(), flags=re.IGNORECASE)
    sign, text = ("-", text[1:].strip()) if text[:1] in ("-", "\u2212") else ("", text)
    if isinstance(value, str) and GROUPED.fullmatch(text):
        return sign + text.replace(".", "").replace(",", ".")
    if isinstance(value, Decimal | float):
        text = text.rstrip("0").rstrip(".") if "." in text else text
    if not PLAIN.fullmatch(text):
        raise ValidationError(_not_an_amount(), code="not_an_amount")
    return sign + text.replace(",", ".")


def _number_text(value: int | float | Decimal) -> str:
    number = Decimal(value) if isinstance(value, int) else Decimal(str(value))
    if not number.is_finite() or number.adjusted() < -MAX_WHOLE_DIGITS:
        return ""
    return f"{number:f}" if number.adjusted() < 40 else "9" * 40


def _not_an_amount() -> str:
    return _(
        "This is not an amount of rupiah. Type digits only, for example 1.500.000 or 1500000,50."
    )


def rupiah(amount: Decimal) -> str:
    """An amount as every screen shows it, in any language: `Rp1.500.000`."""
    return f"Rp{format_money(amount)}"


def format_money(amount: Decimal) -> str:
    """1500000.5 as 1.500.000,50; whole amounts without decimals."""
    whole, _point, cents = f"{amount:,.2f}".partition(".")
    grouped = whole.replace(",", ".")
    return grouped if cents == "00" else f"{grouped},{cents}"
