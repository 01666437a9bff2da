"""The letter that an appointment or a delegation rests on."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from .files.storage import store
from .files.uploads import CheckedUpload
from .models import ByLetter
from .texts import about, clean_text

NUMBER_LENGTH = 80


def check_number(row: ByLetter) -> None:
    """Clean the number of the letter; raises ValidationError where there is none."""
    with about("basis_number"):
        row.basis_number = clean_text(row.basis_number, max_length=NUMBER_LENGTH, lines=False)
        if not row.basis_number:
            raise ValidationError(_("Give the number of the letter."))


def attach(row: ByLetter, letter: CheckedUpload | None) -> None:
    """Keep the letter, where one was handed in, and let the row refer to it."""
    if letter is not None:
        row.letter = store(letter.content, media_type=letter.media_type)
        row.letter_name = letter.name
