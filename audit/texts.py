"""What must be written in words, with the field named that lacks it."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.texts import clean_text

LONG = 4_000


def written(name: str, text: str, label: str, *, most: int = LONG) -> str:
    """The cleaned text of a field; raises ValidationError at that field where there is none."""
    try:
        said = clean_text(text, max_length=most, lines=most == LONG, field=label)
    except ValidationError as error:
        raise ValidationError({name: error.messages}) from None
    if not said:
        raise ValidationError({name: _("%(field)s: write it here.") % {"field": label}})
    return said
