"""What a question to the ledger finds, and that indexes answer it."""

import datetime

import pytest
from django.db import connection, transaction

from accounts.acting import acting_as
from audit.kinds import Kind
from audit.ledger import SYSTEM, record
from audit.models import Entry
from audit.search import PAGE, entries_matching, filters_of, page_of, query_of
from audit.search_form import SearchForm
from planning.models import Ceiling
from tests.audit.factories import story
from tests.legal_basis.factories import on_its_way
from tests.notifications.factories import CaseFactory, UserFactory, system
from tests.planning.factories import CeilingFactory, commit, money_row

pytestmark = [pytest.mark.integration, pytest.mark.django_db]


def asked(**wanted):
    form = SearchForm(wanted)
    assert form.is_valid(), form.errors
    return form


def found(**wanted):
    return set(entries_matching(asked(**wanted)).values_list("chain", "sequence"))


def entries_of(*codes):
    return set(Entry.objects.filter(chain__in=codes).values_list("chain", "sequence"))


@pytest.fixture
def told():
    return story()


@pytest.fixture
def other(told):
    with acting_as(system()):
        return CaseFactory(innovation__name="Antar Obat")


@pytest.mark.parametrize("words", ["sirup pala", "Pala Maju", "{code}"])
def test_name_or_code_finds_the_entries_of_the_case_alone(told, other, words):
    assert found(q=words.format(code=told.case.code)) == entries_of(told.case.code)


def test_number_of_the_register_finds_the_case_even_where_it_was_cancelled(told):
    instrument = on_its_way()
    code, number = instrument.subject_code, instrument.number
    with acting_as(system()):
        instrument.number = ""
        instrument.save()

    assert number
    assert found(q=number) == entries_of(code) != set()


def test_person_is_found_by_name_user_name_and_nip(told):
    assessor = told.assessor
    own = set(Entry.objects.filter(actor=assessor).values_list("chain", "sequence"))
    assert len(own) == 4
    for words in (assessor.username, assessor.name_plain):
        assert found(person=words) == own
        assert own <= found(q=words)


def test_kind_and_days_narrow_the_question(told):
    edits = found(case=told.case.code, kind="edit")
    assert edits == set(
        Entry.objects.filter(chain=told.case.code, kind="edit").values_list("chain", "sequence")
    )
    assert found(case=told.case.code, kind="login") == set()
    day = datetime.date.fromtimestamp(Entry.objects.filter(chain=told.case.code)[0].micros / 1e6)
    before, after = day - datetime.timedelta(2), day + datetime.timedelta(2)
    assert found(case=told.case.code, since=before, until=after) == entries_of(told.case.code)
    code = told.case.code
    assert found(case=code, since=after) == found(case=code, until=before) == set()


def promised(case, *amounts):
    ceiling = Ceiling.objects.first() or CeilingFactory()
    years = enumerate(amounts, start=2027)
    money = [money_row(ceiling, amount) | {"fiscal_year": year} for year, amount in years]
    with transaction.atomic():
        commit(case.innovation, *money)


def test_amount_is_that_of_the_whole_case(told, other):
    promised(told.case, "1500000", "500000")
    promised(other, "900000")

    assert found(least="2.000.000") == entries_of(told.case.code)
    assert found(most="1.999.999") == entries_of(other.code)
    assert found(least="1", most="2000000") == entries_of(told.case.code, other.code)


def test_pages_lead_from_one_to_the_next_without_gap_or_repeat():
    who = UserFactory()
    with transaction.atomic(), acting_as(who):
        for number in range(PAGE * 2 + 3):
            record(Kind.READING, {"number": number}, actor=who)
    form, seen, cursor = asked(person=who.username), [], ""
    for _ in range(3):
        entries, cursor = page_of(form, cursor)
        seen += [entry.pk for entry in entries]

    assert cursor == ""
    assert seen == list(
        Entry.objects.filter(actor=who).order_by("-pk").values_list("pk", flat=True)
    )


@pytest.mark.parametrize("cursor", ["x", "1", "1.x", "-1.2", f"{10**30}.1", "٣.٣"])
def test_place_that_is_none_of_ours_begins_anew(told, cursor):
    form = asked(case=told.case.code)
    assert page_of(form, cursor) == page_of(form, "")


@pytest.mark.parametrize(
    ("wanted", "wrong"),
    [
        ({"since": "2026-13-01"}, "since"),
        ({"since": "0001-01-01"}, "since"),
        ({"until": "9999-12-31"}, "until"),
        ({"since": "2026-03-02", "until": "2026-03-01"}, "until"),
        ({"least": "banyak"}, "least"),
        ({"least": "2", "most": "1"}, "most"),
        ({"kind": "tidak ada"}, "kind"),
    ],
)
def test_wrong_question_names_its_field(wanted, wrong):
    form = SearchForm(wanted)
    assert not form.is_valid()
    assert set(form.errors) == {wrong}


def test_question_as_an_address_keeps_only_what_is_asked():
    wanted = filters_of({"q": " pala ", "kind": "", "cursor": "1.2", "evil": "x"})
    assert wanted == {"q": "pala"}
    assert query_of(wanted) == "q=pala"


@pytest.mark.parametrize(
    "wanted",
    [{}, {"case": "INV-2026-0001"}, {"person": "x"}, {"kind": "edit"}, {"since": "2026-01-01"}],
)
def test_an_index_answers_every_question(wanted):
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL reads small tables whole, whatever indexes there are")
    query = entries_matching(asked(**wanted)).order_by("-micros", "-pk")[:PAGE]
    plan = [line for line in query.explain().splitlines() if "audit_entry" in line]
    assert plan
    assert all("USING" in line for line in plan), plan


def test_system_chain_is_a_chain_like_others():
    who = UserFactory()
    with transaction.atomic():
        record(Kind.LOGIN, {"person": who.pk}, actor=who)
    assert entries_of(SYSTEM) == found(case=SYSTEM)
