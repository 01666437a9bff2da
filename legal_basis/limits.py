"""How much an instrument may hold: beyond it, laying it out would take minutes.

The worst that these limits let through stays under the processor time of one rendering.
"""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.texts import clean_text

from .anatomy import Anatomy, Annex, Clause, Unit

MAX_TEXT = 20_000
MAX_TOTAL = 80_000
MAX_LINES = 600
MAX_WORD = 400
MAX_ROWS = 250
MAX_COLUMNS = 16
# No-break spaces join words into one; the layout needs quadratic time for what it cannot break.
WORD = re.compile(rf"[^ \n\t]{{{MAX_WORD + 1},}}")


def check_printable(anatomy: Anatomy) -> None:
    """Raise ValidationError for too much text, and for characters that print as something else."""
    if anatomy.annex:
        _check_annex(anatomy.annex)
    texts = list(anatomy.texts())
    total, lines = sum(map(len, texts)), sum(text.count("\n") for text in texts)
    lines += sum(len(clause.items) for clause in anatomy.dicta)
    lines += sum(map(_lines, anatomy.body))
    if total > MAX_TOTAL:
        raise ValidationError(
            _("The instrument has %(total)s characters; at most %(most)s fit. Shorten it.")
            % {"total": total, "most": MAX_TOTAL}
        )
    if lines > MAX_LINES:
        raise ValidationError(
            _("The instrument has %(lines)s line breaks; at most %(most)s fit. Remove some.")
            % {"lines": lines, "most": MAX_LINES}
        )
    for text in texts:
        _check_text(text)


def _lines(piece: Unit | Clause) -> int:
    """How many paragraphs an article or a clause comes to."""
    return 1 + sum(map(_lines, piece.clauses if isinstance(piece, Unit) else piece.items))


def _check_annex(annex: Annex) -> None:
    """The heads of its tables count as rows, too."""
    tables = annex.tables
    rows = sum(1 + len(table.rows) for table in tables)
    columns = max(len(row) for table in tables for row in (table.columns, *table.rows))
    if rows > MAX_ROWS:
        raise ValidationError(
            _("The annex has %(rows)s rows; at most %(most)s fit in one instrument.")
            % {"rows": rows, "most": MAX_ROWS}
        )
    if columns > MAX_COLUMNS:
        raise ValidationError(
            _("The annex has more than %s columns. Drop some years.") % MAX_COLUMNS
        )


def _check_text(text: str) -> None:
    if word := WORD.search(text):
        raise ValidationError(
            _("“%(start)s…” is one word of %(length)s letters. Put spaces into it.")
            % {"start": word[0][:40], "length": len(word[0])}
        )
    try:
        clean_text(text, max_length=MAX_TEXT)
    except ValidationError as error:
        raise ValidationError(
            _("“%(start)s…” cannot be printed: %(why)s")
            % {"start": text[:40], "why": " ".join(error.messages)}
        ) from error
