"""The Atom feed of issued instruments, in Indonesian: what is new, and what was published since."""

import datetime

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import translation
from django.utils.feedgenerator import Atom1Feed
from django.views.decorators.http import condition, require_safe

from .citations import full_name, public_address
from .freshness import etag_of, last_modified
from .models import Instrument, Publication
from .public_list import issued

NEWEST = 50
LANGUAGE = "id"


class InstrumentFeed(Feed):
    """The newest issued instruments, with their abstracts and when each last changed."""

    feed_type = Atom1Feed
    language = LANGUAGE

    def title(self) -> str:
        """What the feed is called."""
        return f"Produk hukum {settings.REGION['name']}"

    def subtitle(self) -> str:
        """What it tells."""
        return "Keputusan dan Peraturan Bupati yang diterbitkan dengan Payung, yang terbaru dahulu."

    def link(self) -> str:
        """The list that it follows."""
        return public_address(reverse("instruments"))

    def feed_url(self) -> str:
        """Its own address, as the world knows it."""
        return public_address(reverse("instruments_atom"))

    feed_guid = feed_url

    def items(self) -> QuerySet[Instrument]:
        """The newest ones, each with its publication and when that was last changed."""
        changes = Publication.history.filter(instrument_id=OuterRef("pk"))
        changed = Subquery(changes.order_by("-history_id").values("history_date")[:1])
        newest = issued().select_related("publication").annotate(changed=changed)
        return newest.order_by("-issued_at", "-pk")[:NEWEST]

    def item_title(self, item: Instrument) -> str:
        """Its full name."""
        return full_name(item)

    def item_description(self, item: Instrument) -> str:
        """Its abstract, once there is one."""
        publication = getattr(item, "publication", None)
        return publication.abstract if publication else ""

    def item_link(self, item: Instrument) -> str:
        """Its public page."""
        return public_address(reverse("verify", args=[item.token]))

    def item_guid(self, item: Instrument) -> str:
        """A name that stays, whatever the address of this server becomes."""
        return item.token.urn

    def item_pubdate(self, item: Instrument) -> datetime.datetime | None:
        """When it was issued."""
        return item.issued_at

    def item_updateddate(self, item: Instrument) -> datetime.datetime | None:
        """When it was issued, or its publication recorded or changed since."""
        moments = (item.issued_at, getattr(item, "changed", None))
        return max(moment for moment in moments if moment)

    def item_categories(self, item: Instrument) -> list[str]:
        """Which kind it is."""
        return [str(item.get_kind_display())]


_feed = InstrumentFeed()


@require_safe
@condition(etag_func=etag_of, last_modified_func=last_modified)
def instruments_atom(request: HttpRequest) -> HttpResponse:
    """The feed, in Indonesian whatever language the reader's program asks for."""
    with translation.override(LANGUAGE):
        return _feed(request)
