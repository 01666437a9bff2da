"""Taking an answer back, and letting answers go whose content has changed."""

import pytest

from accounts.acting import acting_as
from approvals.models import Lapse, Seat, SignOff
from approvals.refusals import NotAllowed, Refused
from approvals.sign_offs import Content, let_go_changed, take_back
from tests.approvals.factories import (
    APPROVE,
    RECUSE,
    RETURN,
    SignOffFactory,
    group,
    holder,
    policy_of,
    seated,
    seats_of,
    sign_as_holder,
    standing_of,
    written,
)

pytestmark = [pytest.mark.integration, pytest.mark.django_db, pytest.mark.usefixtures("english")]
WAITING, OPEN, SIGNED, RECUSED, CLOSED = "waiting", "open", "signed", "recused", "closed"
ALL, ANY, QUORUM = group("all", 2), group("any", 2), group("n_of_m", 3, need=2)
ORDERED, ONE = group("ordered", 2), group("all", 1)


def states(seats):
    return [seat.state for seat in seats_of(seats[0].task)]


def rounds(seats):
    return [seat.round for seat in seats_of(seats[0].task)]


# ---- taking back ----


def back(person, seat, reason="Salah menekan tombol."):
    standing, here = standing_of(seat)
    policy = policy_of(standing.seats)
    return take_back(person, here, reason=reason, standing=standing, policy=policy)


def test_answer_taken_back_leaves_both_rows_and_the_seat_open_again():
    seats = seated(ALL)
    signed = sign_as_holder(seats[0]).sign_off
    opened = back(holder(seats[0]), seats[0])
    assert opened == seats[:1]
    assert (states(seats), rounds(seats)) == ([OPEN, OPEN], [2, 1])
    lapse = Lapse.objects.get()
    assert (lapse.sign_off, lapse.cause, lapse.reason) == (
        signed,
        "taken_back",
        "Salah menekan tombol.",
    )
    assert SignOff.objects.get() == signed
    again = sign_as_holder(seats[0], RETURN)
    assert (again.sign_off.round, again.result) == (2, RETURN)
    assert list(SignOff.objects.values_list("round", "outcome")) == [(1, APPROVE), (2, RETURN)]


def test_later_groups_wait_again_and_keep_their_answers():
    seats = seated(ONE, ONE, ONE)
    for seat in seats[:2]:
        sign_as_holder(seat)
    assert states(seats) == [SIGNED, SIGNED, OPEN]
    back(holder(seats[0]), seats[0])
    assert states(seats) == [OPEN, SIGNED, WAITING]
    assert Seat.objects.get(pk=seats[2].pk).due is None
    signed = sign_as_holder(seats[0])
    assert (states(seats), signed.opened) == ([SIGNED, SIGNED, OPEN], [seats[2]])
    assert sign_as_holder(seats[2]).result == APPROVE


def test_colleagues_are_asked_again_where_one_answer_was_enough():
    seats = seated(ANY, ONE)
    sign_as_holder(seats[0])
    assert back(holder(seats[0]), seats[0]) == seats[:2]
    assert states(seats) == [OPEN, OPEN, WAITING]


def test_only_the_author_takes_an_answer_back():
    seats = seated(ALL)
    sign_as_holder(seats[0])
    with pytest.raises(NotAllowed, match="Only whoever gave an answer may take it back"):
        back(holder(seats[1]), seats[0])
    assert not Lapse.objects.exists()


@pytest.mark.parametrize("outcome", [None, RECUSE])
def test_seat_without_an_answer_gives_none_back(outcome):
    seats = seated(ALL)
    person = holder(seats[0])
    if outcome:
        sign_as_holder(seats[0], outcome)
    with pytest.raises(Refused, match="There is no answer at this seat") as refusal:
        back(person, seats[0])
    assert refusal.value.status == 409


def test_signature_that_was_kept_is_taken_back_as_well():
    seats = seated(ONE, ONE)
    kept = SignOffFactory(person=holder(seats[0]))
    with acting_as(kept.person):
        here = Seat.objects.get(pk=seats[0].pk)
        here.answer, here.state = kept, SIGNED
        here.save()
    back(kept.person, seats[0])
    assert Lapse.objects.get().sign_off == kept
    assert states(seats) == [OPEN, WAITING]


# ---- letting go what has changed ----


def let_go_after(content, seats, but=None):
    standing, here = standing_of(but or seats[0])
    own = here if but else None
    return let_go_changed(holder(here), standing, policy_of(seats), content, but=own)


def test_exactly_the_answers_lapse_whose_sections_changed():
    design, identity = (seated(ONE, covers=[key])[0] for key in ("design", "identity"))
    earlier = [sign_as_holder(seat).sign_off for seat in (design, identity)]
    seats = seated(ONE, again=earlier)
    for seat in seats[:2]:
        if seat.reconfirms:
            sign_as_holder(seat)
    own = next(seat for seat in seats if not seat.reconfirms)
    changed = written(design="Kelompok ibu dan bapak mengolah pala.")
    asked = let_go_after(changed, seats, own)
    dropped = next(seat for seat in seats if seat.reconfirms == earlier[0])
    assert asked == [dropped]
    lapse = Lapse.objects.get()
    assert (lapse.sign_off.seat, lapse.cause, lapse.sections) == (dropped, "changed", ["design"])
    assert Seat.objects.get(pk=own.pk).state == WAITING


def test_answers_stay_where_nothing_changed():
    seats = seated(QUORUM)
    sign_as_holder(seats[0])
    assert let_go_after(written(), seats, seats[1]) == []
    assert states(seats) == [SIGNED, OPEN, OPEN]
    assert not Lapse.objects.exists()


def test_dropped_answer_is_asked_again_in_its_turn():
    seats = seated(ONE, ONE, ONE)
    for seat in seats[:2]:
        sign_as_holder(seat)
    asked = let_go_after(written(design="Lain."), seats, seats[2])
    assert asked == [seats[0]]
    assert (states(seats), rounds(seats)) == ([OPEN, WAITING, WAITING], [2, 2, 1])


def test_answer_of_the_one_who_changes_the_content_is_not_dropped():
    seats = seated(ALL)
    sign_as_holder(seats[0])
    assert let_go_after(written(design="Lain."), seats, seats[0]) == []
    assert states(seats) == [SIGNED, OPEN]


def test_edit_from_elsewhere_drops_every_answer_that_covered_it():
    seats = seated(ALL)
    sign_as_holder(seats[0])
    assert let_go_after(written(design="Lain."), seats) == seats[:1]
    assert (states(seats), rounds(seats)) == ([OPEN, OPEN], [2, 1])


def test_vote_against_is_dropped_like_an_approval_and_a_step_back_is_not():
    seats = seated(QUORUM)
    sign_as_holder(seats[0], RETURN)
    sign_as_holder(seats[1], RECUSE)
    assert let_go_after(written(design="Lain."), seats, seats[2]) == [seats[0]]
    assert states(seats) == [OPEN, RECUSED, OPEN]


def test_section_that_is_gone_has_changed():
    signed = SignOff(section_hashes={"identity": "a", "design": "b"})
    assert Content({"identity": "a"}).changed_since(signed) == ["design"]
    assert Content({"identity": "a", "design": "b", "people": "c"}).changed_since(signed) == []


def test_signature_of_before_sections_had_hashes_has_nothing_to_compare():
    assert written().changed_since(SignOff()) == []


def test_digest_depends_on_the_hashes_alone():
    whole = Content({"a": "1", "b": "2"})
    assert whole.digest == Content({"b": "2", "a": "1"}).digest
    assert whole.digest != Content({"a": "1"}).digest
    assert whole.of(["a", "c"]) == Content({"a": "1"})
