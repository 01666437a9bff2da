"""The letter on which a mandate may be the last to bind the region (UU 30/2014, art. 14 (7))."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.acting import acting_as
from accounts.offices import today
from approvals.models import Override
from approvals.refusals import NotAllowed, NotFound, Refused
from innovations.models import Participant
from tests.accounts.factories import DelegationFactory, system_account
from tests.regency import person
from tests.workflow.steps import decided, seats, sign, take_office
from workflow.overrides import record_override

pytestmark = [pytest.mark.integration, pytest.mark.one_database, pytest.mark.usefixtures("english")]
WALKED = ("initialling", "signing")
LETTER = {
    "basis_number": "100.2.1.3/012/2026",
    "basis_date": datetime.date(2026, 3, 2),
    "reason": "Persetujuan tertulis gubernur.",
}


def recorded(case, who="hukum", seat=None, **changed):
    with transaction.atomic():
        found = seat or seats(case)[0]
        return record_override(person(who), case.code, found.pk, **LETTER | changed)


def test_acting_regent_signs_by_a_recorded_letter(at):
    case = at("signing")
    take_office("wakil", "bupati", "plh")
    with pytest.raises(NotAllowed, match=r"Plh. Bupati .* acts by mandate .* binds the budget"):
        decided(person("wakil"), seats(case)[0], "approve")

    override = recorded(case)
    assert (override.stage, override.basis_number, override.reason) == (
        "signing",
        "100.2.1.3/012/2026",
        "Persetujuan tertulis gubernur.",
    )
    assert override.history.get().history_user == person("hukum")
    decision = decided(person("wakil"), seats(case)[0], "approve")
    assert decision.sign_off.capacity.startswith("Plh. Bupati")
    assert decision.stage_result == "approve"


def test_delegate_of_the_regent_signs_by_a_recorded_letter(at):
    case = at("signing")
    letter = DelegationFactory(
        principal=person("bupati").appointments.get(), start=today(), end=today()
    )
    with pytest.raises(NotAllowed, match="acts by mandate"):
        decided(letter.delegate, seats(case)[0], "approve")
    recorded(case)
    assert decided(letter.delegate, seats(case)[0], "approve").stage_result == "approve"


@pytest.mark.parametrize("who", ["sekretariat", "perancang1", "bupati", "sekda"])
def test_letter_is_recorded_by_the_head_of_the_legal_section(who, at):
    case = at("signing")
    take_office("wakil", "bupati", "plh")
    with pytest.raises(NotAllowed, match="Only the head of the legal section"):
        recorded(case, who)
    assert not Override.objects.exists()


def test_whoever_would_sign_by_the_letter_does_not_record_it(at):
    case = at("signing")
    take_office("hukum", "bupati", "plh")
    with pytest.raises(NotAllowed, match="Whoever is concerned by the letter cannot record it"):
        recorded(case)


def test_head_of_the_legal_section_who_takes_part_records_nothing(at):
    case = at("signing")
    take_office("wakil", "bupati", "plh")
    with acting_as(system_account()):
        Participant.objects.create(innovation=case.innovation, user=person("hukum"))
    with pytest.raises(NotAllowed, match="Whoever is concerned"):
        recorded(case)


def test_letter_that_nobody_needs_is_not_recorded(at):
    with pytest.raises(Refused, match="Nobody at this seat needs such a letter now") as refusal:
        recorded(at("signing"))
    assert refusal.value.status == 409


def test_letter_is_recorded_once(at):
    case = at("signing")
    take_office("wakil", "bupati", "plh")
    recorded(case)
    with pytest.raises(Refused, match="Nobody at this seat needs such a letter now"):
        recorded(case)
    assert Override.objects.get().process_id == case.pk


def test_initials_need_no_letter(at):
    case = at("initialling")
    take_office("gizi", "kepala-puskesmas-kelapa-kampit", "plh")
    with pytest.raises(Refused, match="Nobody at this seat needs such a letter now"):
        recorded(case)
    assert sign(case, "kepala-puskesmas-kelapa-kampit").stage == "initialling"


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"basis_number": " "}, "Letter number: write the number of the letter."),
        ({"basis_number": "1" * 81}, "Letter number: "),
        ({"basis_number": "a\u202eb"}, "Letter number: Character 2 (U+202E"),
        ({"reason": ""}, "Reason: say in a sentence why the letter allows it."),
        ({"reason": "x" * 2_001}, "Reason: "),
        (
            {"basis_date": datetime.date(2999, 1, 1)},
            "Letter date: a letter cannot be of a later day.",
        ),
    ],
)
def test_letter_without_its_words_is_refused(changed, sentence, at):
    case = at("signing")
    take_office("wakil", "bupati", "plh")
    with pytest.raises(ValidationError) as refusal:
        recorded(case, **changed)
    assert refusal.value.messages[0].startswith(sentence)
    assert not Override.objects.exists()


def test_letter_of_today_is_recorded(at):
    case = at("signing")
    take_office("wakil", "bupati", "plh")
    assert recorded(case, basis_date=today()).basis_date == today()


def test_seat_of_another_case_does_not_exist(at):
    with pytest.raises(NotFound):
        recorded(at("signing"), seat=seats(at("initialling"))[0])
