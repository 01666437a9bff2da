"""What an instrument is worth on a day, by its own dates and by those that act on it."""

import datetime

import pytest
from django.utils import timezone

from accounts.acting import acting_as
from accounts.offices import today
from legal_basis.models import Instrument, LegalRelation
from legal_basis.relations import citation, ordinal, resting_on, short_citation
from legal_basis.standing import EXTENDS_UNTIL, State, standing_of, standings
from legal_basis.validation import in_force

from .factories import draft, issued, numbered, system

pytestmark = [pytest.mark.integration, pytest.mark.usefixtures("db", "english")]

DAY = datetime.timedelta(days=1)
Kind = LegalRelation.Kind


def acting(target, kind, *, days=0, status=Instrument.Status.ISSUED, parts="", **content):
    """Another instrument that acts on the target from so many days after today."""
    with acting_as(system()):
        made = Instrument.objects.create(
            innovation=target.innovation,
            subject_code=f"{target.subject_code}-H",
            title="Tindakan",
            number=f"9{Instrument.objects.count()}",
            status=status,
            place=target.place,
            dated=today(),
            in_force_from=today() + days * DAY,
            issued_at=timezone.now(),
            signatory_office=target.signatory_office,
            document=target.document,
            content=content,
        )
        made.acts_on.create(target=target, kind=kind, parts=parts)
    return made


@pytest.fixture
def decree():
    return issued(b"%PDF-1.7 decree", in_force_from=today() - 30 * DAY)


def test_decree_is_in_force_from_its_first_day_on(decree):
    first = decree.in_force_from

    states = [standing_of(decree, first + days * DAY).state for days in (-1, 0, 500)]

    assert states == [State.COMING, State.IN_FORCE, State.IN_FORCE]


def test_decree_with_a_last_day_is_in_force_to_its_end_and_expires_the_day_after(decree):
    decree.in_force_until = today()

    assert standing_of(decree).in_force
    tomorrow = standing_of(decree, today() + DAY)
    assert (tomorrow.state, tomorrow.until) == (State.EXPIRED, today())
    assert tomorrow.sentence.startswith("It expired after")


@pytest.mark.parametrize("make", [draft, numbered])
def test_instrument_that_is_not_issued_is_not_in_force(make):
    assert standing_of(make()).state == State.NOT_ISSUED


def test_revocation_counts_from_its_own_first_day(decree):
    revoking = acting(decree, Kind.REVOKES, days=5)

    now, then = standing_of(decree), standing_of(decree, today() + 5 * DAY)

    assert (now.state, [act.number for act in now.coming]) == (State.IN_FORCE, [revoking.number])
    assert (then.state, then.revoked_by.instrument) == (State.REVOKED, revoking.pk)
    assert in_force(decree, today() + 5 * DAY) == (False, then.sentence)
    assert f"It was revoked by number {revoking.number}" in then.sentence


def test_revocation_that_is_not_issued_does_nothing(decree):
    acting(decree, Kind.REVOKES, days=-1, status=Instrument.Status.DRAFT)

    standing = standing_of(decree)
    assert (standing.state, standing.acts, standing.coming) == (State.IN_FORCE, (), ())


def test_revoked_revocation_revives_nothing(decree):
    revoking = acting(decree, Kind.REVOKES)
    acting(revoking, Kind.REVOKES)

    assert standing_of(decree).state == State.REVOKED
    assert standing_of(revoking).state == State.REVOKED


def test_amendments_are_counted_in_the_order_of_their_first_days(decree):
    later = acting(decree, Kind.AMENDS, days=-1, parts="Diktum KETIGA")
    earlier = acting(decree, Kind.AMENDS, days=-9, parts="Diktum KEDUA")
    coming = acting(decree, Kind.AMENDS, days=3)
    correction = acting(decree, Kind.CORRECTS, days=-5)

    standing = standing_of(decree)

    told = [(act.instrument, act.ordinal, act.parts) for act in standing.amended_by]
    assert told == [(earlier.pk, 1, "Diktum KEDUA"), (later.pk, 2, "Diktum KETIGA")]
    assert [act.instrument for act in standing.corrected_by] == [correction.pk]
    assert [(act.instrument, act.ordinal) for act in standing.coming] == [(coming.pk, 3)]
    assert (standing.in_force, standing.label) == (True, "In force, as amended")
    assert "(amendment 2)" in standing.amended_by[1].sentence
    assert len(standing.sentences) == 5


def test_newest_amendment_in_force_says_until_when(decree):
    decree.in_force_until = today() - DAY
    acting(decree, Kind.AMENDS, days=-2, **{EXTENDS_UNTIL: (today() + DAY).isoformat()})
    acting(decree, Kind.AMENDS, days=-2)
    acting(decree, Kind.AMENDS, days=1, **{EXTENDS_UNTIL: (today() + 9 * DAY).isoformat()})

    now, later = standing_of(decree), standing_of(decree, today() + 2 * DAY)

    assert (now.in_force, now.until) == (True, today() + DAY)
    assert (later.in_force, later.until) == (True, today() + 9 * DAY)


def test_many_instruments_take_one_query(decree, django_assert_num_queries):
    others = [acting(decree, Kind.AMENDS) for _ in range(5)]

    with django_assert_num_queries(1):
        states = standings([decree, *others])

    assert len(states) == 6
    assert len(states[decree.pk].amended_by) == 5


def test_instrument_is_cited_by_form_region_and_number(decree):
    number = decree.number
    assert short_citation(decree) == f"Keputusan Bupati Belitung Timur Nomor {number}"
    assert citation(decree).endswith(f"Nomor {number} tentang {decree.title}")
    decree.kind, decree.number, decree.dated = "regent_regulation", "8", datetime.date(2027, 3, 1)
    assert short_citation(decree) == "Peraturan Bupati Belitung Timur Nomor 8 Tahun 2027"


def test_amendments_rest_on_what_they_amend(decree):
    amending = acting(decree, Kind.AMENDS)
    acting(decree, Kind.REVOKES)
    acting(decree, Kind.AMENDS, status=Instrument.Status.DRAFT)

    assert resting_on(decree) == [amending]


@pytest.mark.parametrize(
    ("number", "word"),
    [(1, ""), (2, "Kedua"), (3, "Ketiga"), (11, "Kesebelas"), (12, "Kedua Belas")],
)
def test_ordinal_of_an_amendment(number, word):
    assert ordinal(number) == word
