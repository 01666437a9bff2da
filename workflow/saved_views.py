"""The filters that a person keeps under a name."""

from collections.abc import Mapping

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.acting import verb
from accounts.models import User
from accounts.texts import clean_text

from .inbox import filters_of, query_of
from .models import SavedView

MOST, NAME_LENGTH, QUERY_LENGTH = 20, 40, 500


@verb
def save_view(actor: User, name: str, wanted: Mapping[str, str]) -> SavedView:
    """Keep filters under a name; a view of that name is replaced.

    Raises ValidationError without a name, and for one view too many.
    """
    said = _checked(name)
    query = query_of(filters_of(wanted))
    if len(query) > QUERY_LENGTH:
        raise ValidationError({"name": _("Filters: they are too long to be kept. Shorten them.")})
    # Who saves twice at once waits here, so that the count holds.
    User.objects.select_for_update().get(pk=actor.pk)
    if actor.saved_views.exclude(name=said).count() >= MOST:
        sentence = _("You have %(count)s saved views. Delete one you no longer use.")
        raise ValidationError({"name": sentence % {"count": MOST}})
    view, _created = actor.saved_views.update_or_create(name=said, defaults={"query": query})
    return view


@verb
def rename_view(actor: User, pk: int, name: str) -> SavedView:
    """Give one's own view another name; raises ValidationError where the name is taken."""
    said = _checked(name)
    view = actor.saved_views.get(pk=pk)
    if actor.saved_views.exclude(pk=pk).filter(name=said).exists():
        sentence = _("Name: you have a view “%(name)s” already. Choose another name.")
        raise ValidationError({"name": sentence % {"name": said}})
    view.name = said
    view.save(update_fields=["name"])
    return view


@verb
def delete_view(actor: User, pk: int) -> None:
    """Delete one's own view; one that is gone already is no error."""
    actor.saved_views.filter(pk=pk).delete()


def _checked(name: str) -> str:
    said = clean_text(name, max_length=NAME_LENGTH, field=_("Name"), lines=False)
    if not said:
        raise ValidationError({"name": _("Name: write a name for this view.")})
    return said
