"""Who is asked to sign where interests are declared sees no content before declaring."""

import pytest
from django.urls import reverse

from accounts.acting import acting_as
from accounts.models import Appointment, Office
from innovations.models import ConflictDeclaration, Evidence, Innovation, Participant
from notifications.models import Message
from tests.accounts.factories import system_account
from tests.regency import person
from workflow.declarations import declare
from workflow.hints import hints_for
from workflow.opening import DeclareFirst, check_opened, undeclared_seat
from workflow.recusals import what_followed

from .filling import copied, waiting

pytestmark = [
    pytest.mark.integration,
    pytest.mark.one_database,
    pytest.mark.usefixtures("regency", "db", "english"),
]

WALKED = ["verification", "initialling"]
MEMBER, SEAT = "panel1", "panel-1"


@pytest.fixture
def case(at):
    return at("verification")


@pytest.fixture
def seat(case):
    return waiting(case, SEAT)


@pytest.fixture
def visitor(client):
    client.force_login(person(MEMBER))
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client


def test_member_of_the_panel_is_asked_first_and_nobody_else(case, seat):
    assert undeclared_seat(person(MEMBER), case.innovation) == seat
    for other in ("inspektur", "sekretariat", case.innovation.initiator.username):
        assert undeclared_seat(person(other), case.innovation) is None


def test_declaration_opens_the_content(case, seat):
    with pytest.raises(DeclareFirst, match="Declare first"):
        check_opened(person(MEMBER), case.innovation)

    declare(person(MEMBER), case.code, seat.pk, kind="none")

    check_opened(person(MEMBER), case.innovation)


def test_content_is_closed_wherever_it_could_be_read(case, seat, visitor):
    evidence = Evidence.objects.filter(innovation=case.innovation).first()
    here = reverse("act", args=[case.code, seat.pk])
    closed = [
        reverse("case", args=[case.code]),
        reverse("case_history", args=[case.code]),
        reverse("instrument_preview", args=[case.code]),
        reverse("evidence", args=[evidence.pk]),
    ]

    assert [visitor.get(path).headers.get("Location") for path in closed] == [here] * len(closed)
    page = visitor.get(here).content.decode()
    assert case.innovation.name in page
    assert str(case.innovation.owning_unit) in page
    assert case.innovation.problem[:40] not in page


def test_answer_before_the_declaration_is_refused_and_asks_for_it(case, seat, visitor):
    path = reverse("act", args=[case.code, seat.pk])

    page = visitor.post(path, {"outcome": "approve"})

    assert page.status_code == 422
    assert "First: are you independent of it?" in page.content.decode()


def test_declaring_none_leads_to_the_content(case, seat, visitor):
    path = reverse("declare", args=[case.code, seat.pk])

    page = visitor.post(path, {"kind": "none"}, follow=True)

    assert page.context["allowed"] is True
    assert case.innovation.problem[:40] in page.content.decode()


def test_managed_conflict_needs_a_sentence_and_keeps_what_was_chosen(case, seat, visitor):
    path = reverse("declare", args=[case.code, seat.pk])

    page = visitor.post(path, {"kind": "managed", "sentence-managed": " "})

    assert page.status_code == 422
    assert "In a sentence: say how you manage" in page.content.decode()
    visitor.post(path, {"kind": "managed", "sentence-managed": "Tidak ikut rapat."})
    kept = ConflictDeclaration.objects.get(person=person(MEMBER), innovation=case.innovation)
    assert (kept.kind, kept.sentence) == ("managed", "Tidak ikut rapat.")


# ---- stepping back ----


def test_panel_goes_on_without_a_member_who_stepped_back(case, seat, visitor):
    path = reverse("declare", args=[case.code, seat.pk])

    page = visitor.post(path, {"kind": "recuse", "sentence-recuse": "Adik saya."}, follow=True)

    (said,) = page.context["messages"]
    assert said.message.startswith(f"You have stepped back from “{case.innovation.name}”.")
    assert said.message.endswith("The others go on without you: enough of them remain.")


def test_office_above_is_asked_instead_at_a_stage_without_declarations(at):
    case = at("initialling")
    seat = waiting(case, "kepala-puskesmas-kelapa-kampit")
    above = seat.office.superior

    declare(person("kapus.kampit"), case.code, seat.pk, kind="recuse", sentence="Istri saya.")

    assert what_followed(case, seat) == f"{above.title} is asked instead of you."


def test_secretariat_is_told_where_nobody_is_left(case, seat):
    others = ["panel2", "panel3"]
    for number, name in enumerate(others, start=2):
        mine = waiting(case, f"panel-{number}")
        declare(person(name), case.code, mine.pk, kind="recuse", sentence="Keluarga.")

    declare(person(MEMBER), case.code, seat.pk, kind="recuse", sentence="Keluarga.")

    said = what_followed(case, seat)
    assert said.startswith("Nobody else may sign for") or said.endswith("is asked instead of you.")
    told = Message.objects.filter(event="stage_stalled", case_code=case.code).exists()
    assert told is said.startswith("Nobody else may sign for")


def test_step_back_is_offered_to_whoever_may_sign_and_to_nobody_else(at, client):
    case = at("initialling")
    seat = waiting(case, "kepala-bappelitbangda")
    path = reverse("declare", args=[case.code, seat.pk])

    client.force_login(person("bappelitbangda"))
    assert client.get(path).status_code == 200
    client.force_login(person("inspektur"))
    assert client.get(path).url == reverse("act", args=[case.code, seat.pk])
    assert client.post(path, {"kind": "recuse", "sentence-recuse": "x"}).status_code == 403


# ---- several at once ----


def test_member_declares_for_several_at_once_and_singly_where_something_is_known(
    case, seat, visitor, django_assert_max_num_queries
):
    copied(seat)
    path = f"{reverse('declarations')}?stage=verification&view=unit"

    with django_assert_max_num_queries(20):
        page = visitor.get(path)

    assert len(page.context["clear"]) == 2
    assert page.context["hinted"] == []
    with acting_as(system_account()):
        shared = Innovation.objects.exclude(pk=case.innovation_id).get()
        Participant.objects.create(innovation=shared, user=person(MEMBER))
    page = visitor.get(path)
    assert (len(page.context["clear"]), len(page.context["hinted"])) == (0, 2)
    assert page.context["hinted"][0]["hints"][0].startswith("You and one of its initiators")


def test_declaring_for_the_ticked_ones_opens_them_and_leads_to_the_inbox(case, seat, visitor):
    page = visitor.post(reverse("declarations"), {"seat": [str(seat.pk)]}, follow=True)

    assert page.redirect_chain[0][0].startswith(reverse("inbox"))
    assert undeclared_seat(person(MEMBER), case.innovation) is None


def test_declaring_for_nothing_or_for_anothers_seat_is_refused_with_a_sentence(case, visitor):
    other = waiting(case, "panel-2")

    empty = visitor.post(reverse("declarations"), {})
    anothers = visitor.post(reverse("declarations"), {"seat": [str(other.pk)]})

    assert empty.status_code == anothers.status_code == 422
    assert "Choose at least one innovation." in empty.content.decode()
    assert case.innovation.name in anothers.context["errors"][0]
    assert not case.innovation.declarations.exists()


# ---- what is pointed out ----


def test_hints_tell_of_shared_work_unit_and_signatures_for_many_cases_at_once(
    at, django_assert_num_queries
):
    cases = [at("verification"), at("initialling")]
    initiator = cases[0].innovation.initiator
    colleague = person("kapus.kampit")
    office = Office.objects.get(code="kepala-puskesmas-kelapa-kampit")
    assert Appointment.objects.filter(office=office, user=colleague).exists()

    with django_assert_num_queries(5):
        found = hints_for(colleague, cases)

    unit = f"You work in the same unit as the initiator, {initiator.get_short_name()}."
    assert found[cases[0].pk] == [unit]
    assert found[cases[1].pk] == [unit, "You signed its stage “Commitment of resources”."]
