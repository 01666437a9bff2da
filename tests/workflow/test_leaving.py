"""People leave: everything that rests on them goes to others, or nothing does."""

import datetime

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.test import Client

from accounts.acting import acting_as
from accounts.leaving import reopen_account
from accounts.models import Appointment, Delegation, Office, User
from accounts.offices import holder_of, today
from accounts.rights import (
    ADMINISTRATORS,
    dismiss_administrator,
    make_administrator,
    may_appoint,
)
from approvals.models import Seat
from innovations import proposals
from innovations.drafts import save_draft
from innovations.models import Draft, Innovation, Participant
from notifications.models import Message
from tests.accounts.factories import DelegationFactory, UserFactory, system_account
from tests.regency import person
from tests.workflow.steps import BETTER, fresh, seats, sign
from workflow.explaining import explain
from workflow.leaving import Handover, duties_of, leave
from workflow.models import Case
from workflow.remarks import open_remarks, resolve_remark
from workflow.reversals import withdraw
from workflow.submission import submit

pytestmark = [pytest.mark.integration, pytest.mark.usefixtures("english")]
WALKED = ("completeness", "commitment", "initialling")
MIDWIFE, FINANCE = "bidan.kampit", "keuangan"
LETTER = {"basis_number": "800/12/2026", "basis_date": today()}


@pytest.fixture
def clerk(db, regency):
    made = UserFactory(name_plain="Rina Contoh")
    with transaction.atomic():
        make_administrator(system_account(), made)
    return User.objects.get(pk=made.pk)


def keys(who, kind=None):
    found = duties_of(person(who))
    return [duty.key for name in found if kind in (None, name) for duty in found[name]]


def left(clerk, who, to="gizi", **changes):
    """Let somebody leave; everything goes to one person, beside what `changes` says by key."""
    about = LETTER | {"end": today() + datetime.timedelta(days=60)}
    about |= {name: changes.pop(name) for name in list(changes) if name in {*about, "capacity"}}
    successors = {
        duty.key: person(to)
        for found in duties_of(person(who)).values()
        for duty in found
        if not duty.idle
    }
    successors |= {key: user and person(user) for key, user in changes.items()}
    successors = {key: user for key, user in successors.items() if user}
    with transaction.atomic():
        leave(clerk, person(who), Handover(successors, **about))


def office_of(who):
    return Appointment.objects.get(user=person(who), end=None).office


def returned(case):
    """The case, given back to its initiator with a remark."""
    return sign(case, "sekretariat-inovasi-1", "return", note="Lengkapi.")


# ---- what rests on somebody ----


def test_duties_name_offices_innovations_and_drafts(at, clerk):
    case = at("commitment")
    begun = save_draft(person(MIDWIFE), None, {"name": "Rumah Gizi"})

    found = duties_of(person(MIDWIFE))

    assert f"innovation_{case.innovation_id}" in [duty.key for duty in found["innovations"]]
    assert [(duty.key, duty.label) for duty in found["drafts"]] == [
        (f"draft_{begun.pk}", "Rumah Gizi")
    ]
    (office,) = duties_of(person(FINANCE))["offices"]
    assert f"“{case.innovation.name}” ({case.code}) waits there: Commitment of resources." in (
        office.facts
    )
    assert not office.idle


def test_owner_and_custodian_are_named_with_what_they_answer_for(at):
    commitment = at("initialling").innovation.commitment
    for office, word in [
        (commitment.owner_office, "Owner of"),
        (commitment.custodian_office, "Second custodian of"),
    ]:
        holder = holder_of(office, today())
        facts = [f for d in duties_of(holder.user)["offices"] for f in d.facts]
        assert f"{word} “{commitment.innovation.name}”." in facts


def test_office_on_which_nothing_rests_may_stay_empty(clerk):
    (duty,) = duties_of(person("inspektur"))["offices"]
    assert duty.idle
    left(clerk, "inspektur")
    assert holder_of(Office.objects.get(code="inspektur"), today()) is None


# ---- handing over ----


def test_everything_is_handed_over_and_the_account_closed(at, clerk):
    case, office = at("commitment"), office_of(FINANCE)
    left(clerk, FINANCE)

    gone = person(FINANCE)
    assert not gone.is_active
    assert keys(FINANCE) == []
    speaking = holder_of(office, today())
    assert (speaking.user.username, speaking.capacity) == ("gizi", "plt")
    assert speaking.basis_number == LETTER["basis_number"]
    told = Message.objects.get(event="handed_over")
    assert told.recipient == person("gizi")
    assert told.params["what"].startswith(office.title)
    (waiting,) = (one for one in explain(person("gizi"), fresh(case)) if one.seat.office == office)
    assert waiting.answer.rule in ("allowed", "turn")
    version = gone.history.latest()
    assert (version.is_active, version.history_user) == (False, clerk)


def test_definitive_successor_holds_the_office_from_today(clerk):
    office = office_of(FINANCE)
    left(clerk, FINANCE, **{f"office_{office.pk}": "gizi"}, capacity="definitive", end=None)
    speaking = holder_of(office, today())
    assert (speaking.user.username, speaking.capacity, speaking.end) == ("gizi", "definitive", None)


def test_caretaker_revises_and_resubmits_in_the_place_of_the_initiator(at, clerk):
    case = returned(at("completeness"))
    initiator = case.innovation.initiator
    left(clerk, MIDWIFE)

    case, caretaker = fresh(case), person("gizi")
    assert (case.innovation.initiator, case.innovation.proposer) == (initiator, caretaker)
    (seat,) = seats(case)
    assert (seat.stage, seat.person) == ("revision", caretaker)
    assert seat.moved_because == f"{initiator} has left."
    assert Message.objects.filter(case_code=case.code, recipient=caretaker).count() == 1
    with transaction.atomic():
        draft = proposals.open_revision_draft(caretaker, case.innovation)
        proposals.save_draft(caretaker, draft.pk, {"benefit": draft.data["benefit"] + BETTER})
        for remark in open_remarks(case):
            resolve_remark(caretaker, case.code, remark.pk, "Sudah.")
        draft.refresh_from_db()
        assert submit(caretaker, draft).stage == "completeness"


def test_revision_that_was_begun_goes_on_where_it_was(at, clerk):
    case = returned(at("completeness"))
    with transaction.atomic():
        draft = proposals.open_revision_draft(case.innovation.initiator, case.innovation)
        proposals.save_draft(draft.owner, draft.pk, {"benefit": "Separuh jalan."})
    left(clerk, MIDWIFE)

    with transaction.atomic():
        found = proposals.open_revision_draft(person("gizi"), fresh(case).innovation)
    assert (found.pk, found.owner, found.data["benefit"]) == (
        draft.pk,
        person("gizi"),
        "Separuh jalan.",
    )


def test_caretaker_withdraws_and_never_signs_the_innovation(at, clerk):
    case = at("commitment")
    left(clerk, MIDWIFE, **{f"innovation_{case.innovation_id}": FINANCE})

    answers = explain(person(FINANCE), fresh(case))
    assert {one.answer.rule for one in answers} <= {"initiator", "turn"}
    assert not Seat.objects.filter(
        process=case.pk, state="open", office=office_of(FINANCE)
    ).exists()
    with transaction.atomic():
        withdraw(person(FINANCE), case.code, "Tidak dilanjutkan.")
    assert fresh(case).stage == "withdrawn"


def test_caretaker_who_leaves_hands_the_innovation_to_the_next_one(at, clerk):
    case = at("commitment")
    left(clerk, MIDWIFE, to="gizi")
    left(clerk, "gizi", to="guru")
    innovation = Innovation.objects.get(pk=case.innovation_id)
    assert (innovation.initiator, innovation.proposer) == (person(MIDWIFE), person("guru"))
    # Neither of those who looked after it signs it, should they come back.
    assert innovation.is_of(person("gizi"))


def test_who_has_signed_an_innovation_does_not_look_after_it(at, clerk):
    case = sign(at("completeness"), "sekretariat-inovasi-1")
    with pytest.raises(ValidationError) as refused:
        left(clerk, MIDWIFE, to="sekretariat")
    (sentence,) = refused.value.message_dict[f"innovation_{case.innovation_id}"]
    assert sentence.endswith("has signed this innovation and cannot look after it as well.")
    assert person(MIDWIFE).is_active


def test_draft_goes_on_under_its_new_owner(clerk, db):
    others = [person("gizi").pk, person("prakom").pk]
    begun = save_draft(person("guru"), None, {"name": "LAIS baru", "co_initiators": others})
    left(clerk, "guru", to="gizi")
    draft = Draft.objects.get(pk=begun.pk)
    assert draft.owner == person("gizi")
    assert draft.data["co_initiators"] == [str(person("prakom").pk)]


def test_letters_given_and_received_end(clerk):
    office = office_of(FINANCE)
    given = DelegationFactory(principal=holder_of(office, today()), end=today())
    received = DelegationFactory(delegate=person(FINANCE), end=today())
    left(clerk, FINANCE)
    for letter in Delegation.objects.filter(pk__in=[given.pk, received.pk]):
        assert letter.revoked_by == clerk
        assert letter.revocation_reason.endswith("has left.")


def test_what_a_participant_did_stays(at, clerk):
    case = at("commitment")
    with acting_as(system_account()):
        Participant.objects.create(innovation=case.innovation, user=person("gizi"))
    left(clerk, "gizi", to="guru")
    assert case.innovation.participants.filter(user=person("gizi")).exists()


# ---- what is refused ----


def test_missing_successor_is_named_and_nothing_is_done(at, clerk):
    at("commitment")
    office = office_of(FINANCE)
    with pytest.raises(ValidationError) as refused:
        left(clerk, FINANCE, **{f"office_{office.pk}": None})
    assert refused.value.message_dict == {
        f"office_{office.pk}": [f"Name who takes over: {office.title}."]
    }
    assert person(FINANCE).is_active
    assert holder_of(office, today()).user == person(FINANCE)


def test_successor_who_would_own_and_keep_at_once_is_refused(at, clerk):
    commitment = at("initialling").innovation.commitment
    owner = holder_of(commitment.owner_office, today()).user
    custodian = holder_of(commitment.custodian_office, today()).user
    with pytest.raises(ValidationError) as refused:
        left(clerk, custodian.username, to=owner.username)
    assert f"office_{commitment.custodian_office_id}" in refused.value.message_dict
    assert person(custodian.username).is_active


@pytest.mark.parametrize("missing", ["basis_date", "end"])
def test_letter_of_an_office_is_asked_for_by_its_field(at, clerk, missing):
    at("commitment")
    with pytest.raises(ValidationError) as refused:
        left(clerk, FINANCE, **{missing: None})
    assert list(refused.value.message_dict) == [missing]
    assert person(FINANCE).is_active


def test_only_administrators_let_people_leave_and_never_themselves(clerk):
    with pytest.raises(PermissionDenied), transaction.atomic():
        leave(person("sekda"), person("guru"), Handover({}))
    with pytest.raises(ValidationError, match="Nobody closes their own account"):
        left(clerk, clerk.username)
    with pytest.raises(ValidationError, match="The system's own account"):
        left(clerk, User.SYSTEM)


def test_last_administrator_stays(clerk):
    for other in User.objects.filter(groups__name=ADMINISTRATORS).exclude(pk=clerk.pk):
        with transaction.atomic():
            dismiss_administrator(system_account(), other)
    with pytest.raises(ValidationError, match="is the last administrator"), transaction.atomic():
        leave(system_account(), clerk, Handover({}))
    other = UserFactory()
    with transaction.atomic():
        make_administrator(system_account(), other)
        leave(User.objects.get(pk=other.pk), clerk, Handover({}))
    assert not may_appoint(User.objects.get(pk=clerk.pk))


def test_successor_who_has_left_is_refused(clerk):
    save_draft(person("guru"), None, {"name": "LAIS baru"})
    left(clerk, "gizi", to="guru")
    with pytest.raises(ValidationError, match="cannot take this over"):
        left(clerk, "guru", to="gizi")


# ---- afterwards ----


def test_browser_of_somebody_who_left_is_logged_out(clerk):
    browser = Client()
    browser.force_login(person("guru"))
    left(clerk, "guru")
    assert browser.get("/inbox/").url.startswith("/login/")


def test_who_came_back_logs_in_but_holds_nothing(at, clerk):
    at("commitment")
    office = office_of(FINANCE)
    left(clerk, FINANCE)
    with transaction.atomic():
        reopen_account(clerk, person(FINANCE))
    assert person(FINANCE).is_active
    assert holder_of(office, today()).user == person("gizi")
    assert duties_of(person(FINANCE))["offices"] == []


def test_what_arrived_after_leaving_can_still_be_handed_over(at, clerk):
    case = at("commitment")
    left(clerk, MIDWIFE, to="gizi")
    with acting_as(system_account()):
        Innovation.objects.filter(pk=case.innovation_id).update(caretaker=None)
    left(clerk, MIDWIFE, to="gizi")
    assert Case.objects.get(pk=case.pk).innovation.proposer == person("gizi")
