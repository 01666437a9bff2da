"""What policies may ask about a case: its facts, and the people who stand near to it."""

from decimal import Decimal

import pytest
from django.db import transaction

from accounts.acting import acting_as
from accounts.models import Office, User
from innovations.models import Participant
from planning.models import StaffLine
from tests.accounts.factories import system_account
from tests.planning.factories import commit
from tests.regency import person
from tests.workflow.steps import fresh, seat_at, seats, sign, stepped_back, take_office
from workflow.decisions import take_up
from workflow.facts import colleagues_of, committed_amount, matter_of

pytestmark = [pytest.mark.integration, pytest.mark.one_database, pytest.mark.usefixtures("english")]
WALKED = ("completeness", "verification", "commitment", "drafting", "initialling")


def names(found):
    return sorted(User.objects.filter(pk__in=found).values_list("username", flat=True))


def test_facts_are_unknown_until_their_stage_has_found_them(at):
    about = matter_of(at("completeness"))
    facts = ("amount", "fiscal_years", "pillar", "instrument_kind")
    assert [about.fact(name) for name in facts] == [None] * 4
    assert about.fact("initiator_type") == "civil_servant"
    assert about.fact("binds") == ""
    assert about.fact("weather") is None


def test_facts_of_a_committed_case(at):
    case = at("initialling")
    about, lines = matter_of(case), case.innovation.commitment.lines.all()
    assert about.fact("amount") == sum(line.amount for line in lines) > 0
    assert about.fact("fiscal_years") == len({line.fiscal_year for line in lines})
    assert about.fact("pillar") == set(
        case.innovation.alignment.pillar_links.values_list("pillar__code", flat=True)
    )
    assert about.fact("instrument_kind") == "regent_decree"


def test_money_and_people_are_what_an_act_binds(at):
    case = at("initialling")
    staff = StaffLine.objects.filter(commitment__innovation=case.innovation).exists()
    assert matter_of(case).fact("binds") == ("the budget and personnel" if staff else "the budget")
    assert matter_of(at("commitment")).fact("binds") == ""


def test_promise_without_money_is_no_money(at):
    case = at("completeness")
    assert committed_amount(case.innovation) is None
    owner, custodian = (Office.objects.get(code=code) for code in ("sekda", "bupati"))
    with transaction.atomic():
        commit(case.innovation, owner_office=owner, custodian_office=custodian)
    assert committed_amount(case.innovation) == Decimal(0)
    assert matter_of(case).fact("binds") == ""


def test_initiators_are_those_of_today_and_those_who_left(at):
    case = at("completeness")
    with acting_as(system_account()):
        for name, left in (("gizi", None), ("pengawas", case.created)):
            Participant.objects.create(innovation=case.innovation, user=person(name), left_at=left)
    about = matter_of(case)
    assert names(about.people("initiator")) == ["bidan.kampit"]
    assert names(about.people("co_initiator")) == ["gizi", "pengawas"]


def test_who_stepped_back_stands_in_conflict(at):
    case = at("verification")
    assert matter_of(case).people("conflict") == frozenset()
    stepped_back(person("panel2"), seat_at(case, "panel-2"))
    assert names(matter_of(fresh(case)).people("conflict")) == ["panel2"]


def test_colleagues_share_the_place_of_work_or_the_unit_of_an_office(at):
    case = at("completeness")
    initiator = case.innovation.initiator
    assert names(colleagues_of(initiator)) == ["bidan.kampit", "kapus.kampit"]
    take_office("gizi", "kepala-puskesmas-kelapa-kampit", "plh")
    assert names(colleagues_of(initiator)) == ["bidan.kampit", "gizi", "kapus.kampit"]
    assert names(matter_of(case).people("initiator_unit")) == names(colleagues_of(initiator))


def test_drafters_are_those_who_signed_for_the_draft_or_took_it_up(at):
    assert matter_of(at("commitment")).people("drafter") == frozenset()
    case = at("drafting")
    with transaction.atomic():
        take_up(person("perancang2"), case.code, seat_at(case, "perancang-hukum-2").pk)
        take_up(person("perancang1"), case.code, seats(case)[0].pk, take_over=True)
    case = sign(case, "perancang-hukum-1", drafting={})
    assert names(matter_of(case).people("drafter")) == ["perancang1", "perancang2"]
    # The head of the section has read it, and drafted nothing.
    case = sign(case, "kabag-hukum")
    assert "hukum" not in names(matter_of(case).people("drafter"))


def test_signers_of_a_stage_are_known(at):
    about = matter_of(at("commitment"))
    assert names(about.people("signer:verification")) == ["panel1", "panel2", "panel3"]
    assert about.label("verification") == "Panel verification"


def test_fact_costs_nothing_until_it_is_asked_for(at, django_assert_num_queries):
    case = at("initialling")
    with django_assert_num_queries(0):
        about = matter_of(case)
        assert about.fact("initiator_type")
        assert about.people("initiator")
    with django_assert_num_queries(1):
        assert about.people("co_initiator") == about.people("conflict") == frozenset()
