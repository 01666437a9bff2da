"""The questions that an auditor keeps under a name."""

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _

from accounts.acting import verb
from accounts.models import User
from accounts.texts import clean_text

from .auditors import check_reads
from .models import SavedSearch
from .search import filters_of, query_of

MOST, NAME_LENGTH, QUERY_LENGTH = 20, 60, 500


@verb
def save_search(actor: User, name: str, query: str) -> SavedSearch:
    """Keep a question under a name; one of that name is replaced.

    Raises NotAllowed for whoever may not read the ledger, ValidationError without a name or
    question, and for one search too many.
    """
    check_reads(actor)
    said = clean_text(name, max_length=NAME_LENGTH, field=_("Name"), lines=False)
    kept = query_of(filters_of(QueryDict(query)))
    if not said:
        raise ValidationError({"name": _("Name: write a name for this search.")})
    if not kept:
        raise ValidationError(_("Ask the ledger something first; then keep the question."))
    if len(kept) > QUERY_LENGTH:
        raise ValidationError(_("The question is too long to be kept. Shorten it."))
    # Who saves twice at once waits here, so that the count holds.
    User.objects.select_for_update().get(pk=actor.pk)
    own = searches_of(actor)
    if own.exclude(name=said).count() >= MOST:
        sentence = _("You have %(count)s saved searches. Delete one you no longer use.")
        raise ValidationError(sentence % {"count": MOST})
    found, _created = own.update_or_create(name=said, defaults={"user": actor, "query": kept})
    return found


@verb
def delete_search(actor: User, pk: int) -> None:
    """Delete one's own search; one that is gone already is no error."""
    searches_of(actor).filter(pk=pk).delete()


def searches_of(user: User) -> QuerySet[SavedSearch]:
    """The person's own searches."""
    return SavedSearch.objects.filter(user=user)
