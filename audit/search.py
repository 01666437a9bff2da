"""Questions to the ledger: by number, name, code or person, by kind of act, time and amount."""

import datetime
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q, QuerySet, Sum
from django.utils import timezone

from accounts.addresses import asked
from accounts.models import User
from legal_basis.models import Instrument, RegisterEntry
from planning.models import CommitmentLine
from workflow.models import Case

from .ledger import SYSTEM
from .models import Entry
from .models.entries import micros_of
from .search_form import FIELDS, SearchForm

PAGE = 25
MOST_LISTED = 500


def filters_of(query: Mapping[str, str]) -> dict[str, str]:
    """What an address asks for; what says nothing is left out."""
    wanted = asked(query)
    return {name: wanted[name] for name in FIELDS if wanted.get(name)}


def query_of(filters: Mapping[str, str]) -> str:
    """The same as the query of an address."""
    return urlencode(filters)


def entries_matching(form: SearchForm) -> QuerySet[Entry]:
    """The entries that a question fits, in no order; the form must hold."""
    wanted = form.cleaned_data
    entries = Entry.objects.order_by()
    if words := wanted["q"]:
        codes, people = _listed(_codes(words)), _listed(people_called(words))
        entries = entries.filter(Q(chain__in=codes) | Q(actor__in=people))
    if code := wanted["case"]:
        entries = entries.filter(chain=code)
    if person := wanted["person"]:
        entries = entries.filter(actor__in=people_called(person))
    if wanted["kind"]:
        entries = entries.filter(kind__in=wanted["kind"])
    entries = _within(entries, wanted["since"], wanted["until"])
    if wanted["least"] is not None or wanted["most"] is not None:
        entries = entries.filter(chain__in=_codes_of_money(wanted["least"], wanted["most"]))
    return entries


def _listed(found: QuerySet[Any, Any]) -> Any:
    """Few values themselves, so that the indexes of the ledger find them; many as a question."""
    few = list(found[: MOST_LISTED + 1])
    return few if len(few) <= MOST_LISTED else found


def _codes(words: str) -> QuerySet[Case, str]:
    taken = RegisterEntry.objects.filter(number__icontains=words, instrument__isnull=False)
    numbered = Instrument.objects.filter(Q(number__icontains=words) | Q(entries__in=taken))
    cases = Case.objects.filter(
        Q(code__iexact=words)
        | Q(code__istartswith=f"{words}-")
        | Q(innovation__name__icontains=words)
        | Q(code__in=numbered.order_by().values("subject_code"))
    )
    return cases.order_by().values_list("code", flat=True)


def people_called(words: str) -> QuerySet[User, int]:
    """The people of that name, user name or NIP."""
    people = User.objects.filter(
        Q(username__iexact=words) | Q(nip=words) | Q(name_plain__icontains=words)
    )
    return people.order_by().values_list("pk", flat=True)


def _within(
    entries: QuerySet[Entry], since: datetime.date | None, until: datetime.date | None
) -> QuerySet[Entry]:
    if since:
        entries = entries.filter(micros__gte=micros_of(_midnight(since)))
    if until:
        entries = entries.filter(micros__lt=micros_of(_midnight(until + datetime.timedelta(1))))
    return entries


def _midnight(day: datetime.date) -> datetime.datetime:
    zone = timezone.get_default_timezone()
    return datetime.datetime.combine(day, datetime.time(), zone)


def _codes_of_money(least: Any, most: Any) -> QuerySet[Case, str]:
    """The cases whose innovation was promised so much money altogether."""
    sums = CommitmentLine.objects.order_by().values("commitment__innovation")
    sums = sums.annotate(total=Sum("amount"))
    if least is not None:
        sums = sums.filter(total__gte=least)
    if most is not None:
        sums = sums.filter(total__lte=most)
    promised = sums.values("commitment__innovation")
    return Case.objects.filter(innovation__in=promised).order_by().values_list("code", flat=True)


def page_of(form: SearchForm, cursor: str) -> tuple[list[Entry], str]:
    """One page of the entries that fit, the newest first, and the cursor of the next one."""
    entries = entries_matching(form)
    if place := _place(cursor):
        micros, pk = place
        entries = entries.filter(Q(micros__lt=micros) | Q(micros=micros, pk__lt=pk))
    found = list(entries.select_related("actor").order_by("-micros", "-pk")[: PAGE + 1])
    more = len(found) > PAGE
    found = found[:PAGE]
    return found, f"{found[-1].micros}.{found[-1].pk}" if more else ""


def _place(cursor: str) -> tuple[int, int] | None:
    micros, _dot, pk = cursor.partition(".")
    if not (micros.isascii() and micros.isdecimal() and pk.isascii() and pk.isdecimal()):
        return None
    found = int(micros[:20]), int(pk[:20])
    return found if max(found) < 2**63 else None


def codes_matching(form: SearchForm, until: int) -> list[str]:
    """The cases of which an entry fits and is not younger than `until`, in order."""
    entries = entries_matching(form).filter(micros__lte=until).exclude(chain=SYSTEM)
    if not any(form.cleaned_data.values()):
        # Every case begins with its first entry: the index answers without reading the others.
        entries = entries.filter(sequence=1)
    # In the order of code points: the same on every machine, whatever the database's language.
    return sorted(entries.values_list("chain", flat=True).distinct())
