"""The draft as it would be printed with what somebody types: shown beside it, never saved."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from .drafting import in_order, take_over
from .forms import InstrumentForm
from .initials import Initials
from .models.sources import with_amendments
from .rendering import preview_pdf


def typed_pdf(form: InstrumentForm, initials: Initials | None = None) -> bytes:
    """The preview of the draft with a form's text in place of the recorded one.

    Nothing is written, no lock is taken: the text is laid out from memory. Another kind and other
    innovations show after saving, when their clauses are assembled. Raises ValidationError with
    the sentences of a form that does not hold, and RenderError.
    """
    if not form.is_valid():
        raise ValidationError(form.sentences())
    if (draft := form.instrument) is None:
        raise ValidationError(_("There is no draft to edit."))
    take_over(draft, form.told())
    sources = form.cleaned_data["legal_sources"].prefetch_related(with_amendments())
    return preview_pdf(draft, initials, in_order(sources))
