"""Approving in one go: what is left out and why, each by itself, and repeats."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from accounts.acting import acting_as
from accounts.models import Appointment
from accounts.offices import today
from approvals.models import Remark, Seat, SignOff
from tests.accounts.factories import DelegationFactory, system_account
from tests.regency import case_at, person
from workflow.batches import MOST, Chosen, approve_all, preview
from workflow.declarations import declare

from .filling import answered, waiting

pytestmark = [pytest.mark.integration, pytest.mark.usefixtures("regency", "db", "english")]

WALKED = ["initialling", "completeness"]
HEAD, OFFICE = "bappelitbangda", "kepala-bappelitbangda"


def seen_by(username, *seats):
    return preview(person(username), seats)


def reason(seat, username=HEAD):
    (candidate,) = seen_by(username, seat)
    return candidate.reason


def approve(username, *candidates):
    return approve_all(person(username), [Chosen(one.seat.pk, one.seen) for one in candidates])


@pytest.fixture
def seat(at):
    """An item that may be approved unopened."""
    return waiting(at("initialling"), OFFICE)


def test_item_of_low_risk_is_shown_with_its_amount_and_capacity(seat):
    (candidate,) = seen_by(HEAD, seat)

    assert (candidate.reason, candidate.answer) == ("", "Initial")
    assert candidate.amount.startswith("Rp")
    assert candidate.capacity == seat.office.title
    assert len(candidate.seen) == 64


def test_stage_without_a_ceiling_is_decided_one_by_one(at):
    seat = waiting(at("completeness"), "sekretariat-inovasi-1")

    assert reason(seat, "sekretariat") == (
        "Items of the stage “Completeness check” are decided one by one."
    )


def changed_policy(seat, **values):
    with acting_as(system_account()):
        for name, value in values.items():
            setattr(seat.policy, name, value)
        seat.policy.save()


def test_amount_above_the_ceiling_is_looked_at(seat):
    changed_policy(seat, batch_ceiling=Decimal(1000))

    assert reason(seat).endswith("in one go you approve up to Rp1.000 each.")


def test_item_with_a_form_is_looked_at(at):
    seat = waiting(at("completeness"), "sekretariat-inovasi-1")
    changed_policy(seat, batch_ceiling=Decimal(1000))

    assert reason(seat, "sekretariat") == "Something has to be filled in for it."


def test_open_remark_is_looked_at(seat):
    with acting_as(system_account()):
        sign_off = SignOff.objects.filter(seat__process=seat.process_id).first()
        Remark.objects.create(sign_off=sign_off, section="design", text="Perjelas.")

    assert reason(seat) == "1 remark on it is still open."


def test_item_asked_again_is_looked_at(seat):
    with acting_as(system_account()):
        seat.round = 2
        seat.save()

    assert reason(seat) == "It is asked again: read first what has changed."


def test_item_of_somebody_else_is_left_out_with_the_rule(seat):
    assert reason(seat, "disdik").startswith("Today ")


def test_letter_with_limits_leaves_out_and_one_without_does_not(seat):
    principal = Appointment.objects.get(office=seat.office, end=None)
    letter = DelegationFactory(
        principal=principal, delegate=person("warga"), start=today(), end=today(), ceiling=10**12
    )

    assert reason(seat, "warga") == (
        f"Letter {letter.basis_number} limits what you may sign: look at each item."
    )
    with acting_as(system_account()):
        letter.ceiling = None
        letter.save()
    assert reason(seat, "warga") == ""


def test_undeclared_and_managed_interests_are_looked_at(seat):
    changed_policy(seat, declares_conflict=True)
    assert reason(seat) == "Declare your interests first."

    declare(person(HEAD), seat.case_code, seat.pk, kind="managed", sentence="Tidak ikut rapat.")
    assert reason(seat).startswith("You declared a possible conflict of interest")

    declare(person(HEAD), seat.case_code, seat.pk, kind="none")
    assert reason(seat) == ""


# ---- doing it ----
# Each is a transaction of its own; here they are parts of the test's.


def test_chosen_items_are_approved_with_their_hash(seat):
    (candidate,) = seen_by(HEAD, seat)

    (result,) = approve(HEAD, candidate)

    assert (result.kind, result.sentence) == ("approved", f"Approved as {seat.office.title}.")
    signed_off = SignOff.objects.get(seat=seat)
    assert (signed_off.person, signed_off.outcome) == (person(HEAD), "approve")


def test_repeat_is_told_as_one_and_changes_nothing(seat):
    (candidate,) = seen_by(HEAD, seat)
    approve(HEAD, candidate)

    (result,) = approve(HEAD, candidate)

    assert result.kind == "repeated"
    assert "It counts once." in result.sentence
    assert SignOff.objects.filter(seat=seat).count() == 1


def test_content_that_changed_since_the_preview_is_refused_and_the_others_go_on(seat, at):
    other = waiting(case_at("initialling"), OFFICE)
    candidates = seen_by(HEAD, seat, other)
    commitment = at("initialling").innovation.commitment
    with acting_as(system_account()):
        commitment.statement += " Ditambah."
        commitment.save()

    first, second = approve(HEAD, *candidates)

    assert (first.kind, second.kind) == ("refused", "approved")
    assert first.sentence.startswith("The content has changed since")
    assert not SignOff.objects.filter(seat=seat).exists()


def test_item_that_somebody_else_decided_says_who_was_faster(at):
    case = at("initialling")
    seat = waiting(case, OFFICE)
    (candidate,) = seen_by(HEAD, seat)
    principal = Appointment.objects.get(office=seat.office, end=None)
    DelegationFactory(principal=principal, delegate=person("warga"), start=today(), end=today())
    answered(person("warga"), seat)

    (result,) = approve(HEAD, candidate)

    assert result.kind == "faster"
    assert person("warga").get_short_name() in result.sentence


def test_item_that_became_risky_is_refused_with_its_reason(seat):
    (candidate,) = seen_by(HEAD, seat)
    changed_policy(seat, batch_ceiling=Decimal(1))

    (result,) = approve(HEAD, candidate)

    assert result.kind == "refused"
    assert result.sentence.endswith("in one go you approve up to Rp1 each.")
    assert Seat.objects.get(pk=seat.pk).state == Seat.State.OPEN


def test_item_without_the_hash_of_what_was_shown_is_refused(seat):
    (result,) = approve_all(person(HEAD), [Chosen(seat.pk, "")])

    assert (result.kind, result.about_rights) == ("refused", False)


def test_item_of_somebody_else_is_refused_for_lack_of_right(seat):
    (candidate,) = seen_by(HEAD, seat)

    (result,) = approve("inspektur", candidate)

    assert (result.kind, result.about_rights) == ("refused", True)


def test_item_that_may_not_be_seen_does_not_exist(seat):
    (candidate,) = seen_by(HEAD, seat)

    (result,) = approve("warga", candidate)

    assert (result.kind, result.code, result.title) == ("refused", "", "")


@pytest.mark.parametrize("count", [0, MOST + 1])
def test_nothing_and_too_much_are_refused_with_a_sentence(count):
    with pytest.raises(ValidationError):
        approve_all(person(HEAD), [Chosen(number, "") for number in range(count)])
