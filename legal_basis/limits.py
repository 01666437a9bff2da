"""How much an instrument may hold: beyond it, laying it out would take minutes."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from innovations.texts import clean_text

from .anatomy import Anatomy

MAX_TEXT = 20_000
MAX_TOTAL = 100_000
MAX_ROWS = 500
MAX_COLUMNS = 16


def check_printable(anatomy: Anatomy) -> None:
    """Raise ValidationError for too much text, and for characters that print as something else."""
    texts = list(anatomy.texts())
    total = sum(map(len, texts))
    if total > MAX_TOTAL:
        raise ValidationError(
            _("The instrument has %(total)s characters; at most %(most)s fit. Shorten it.")
            % {"total": total, "most": MAX_TOTAL}
        )
    if anatomy.annex and len(anatomy.annex.rows) > MAX_ROWS:
        raise ValidationError(
            _("The annex has %(rows)s rows; at most %(most)s fit in one instrument.")
            % {"rows": len(anatomy.annex.rows), "most": MAX_ROWS}
        )
    if anatomy.annex and len(anatomy.annex.columns) > MAX_COLUMNS:
        raise ValidationError(
            _("The annex has more than %s columns. Drop some years.") % MAX_COLUMNS
        )
    for text in texts:
        _check_text(text)


def _check_text(text: str) -> None:
    try:
        clean_text(text, max_length=MAX_TEXT)
    except ValidationError as error:
        raise ValidationError(
            _("“%(start)s…” cannot be printed: %(why)s")
            % {"start": text[:40], "why": " ".join(error.messages)}
        ) from error
