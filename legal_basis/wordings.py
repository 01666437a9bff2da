"""A clause of the library is worded anew; earlier wordings stay."""

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.acting import verb
from accounts.models import User

from .legal_section import check_legal_section
from .library import check_template
from .models import ClauseVersion, LibraryClause


@verb
def word_anew(actor: User, clause: LibraryClause, text: str, note: str) -> ClauseVersion:
    """Give a clause its next wording, which drafts assembled from now on carry.

    Raises PermissionDenied for whoever does not sit in the legal section, ValidationError for an
    unknown variable, a brace that stands alone, and a wording that changes nothing.
    """
    check_legal_section(actor)
    check_template(text)
    locked = LibraryClause.objects.select_for_update().get(pk=clause.pk)
    newest = locked.versions.first()
    if newest and newest.text == text:
        raise ValidationError(_("Text: this is the wording in use already. Change it, or leave."))
    return ClauseVersion.objects.create(
        clause=locked,
        version=newest.version + 1 if newest else 1,
        text=text,
        note=note,
        made_by=actor,
        made_at=timezone.now(),
    )
