"""What a version would have done, played with nothing stored."""

from decimal import Decimal

import pytest

from approvals.models import Seat
from tests.workflow.policy_world import (
    OFFICES,
    UNITS,
    Holders,
    answered,
    asked,
    group,
    known_names,
    matter,
    person,
    scene,
    version,
)
from workflow.rehearsal import Asked, Effect, Rehearsal, Scene, play, rehearse, seats_of

pytestmark = [pytest.mark.unit, pytest.mark.usefixtures("english")]

ONE = version(group("all", "kabag"))


def told(played: Scene, **holders: int) -> dict[str, list[str]]:
    """The effects with their sentences."""
    findings = play(played, Holders(**holders).standing, known_names())
    return {finding.effect.value: list(finding.sentences) for finding in findings}


def test_same_version_changes_nothing():
    assert told(scene(ONE, ONE, answered("kabag", 2))) == {}
    assert told(scene(ONE, ONE, waits=True)) == {}
    assert told(scene(ONE, ONE)) == {}


def test_added_group_needs_another_signer_and_asks_somebody_new():
    new = version(group("all", "kabag"), group("all", "sekda", "inspektur"))

    assert told(scene(ONE, new, answered("kabag", 2))) == {
        "asks": ["It would ask Sekretaris Daerah; Inspektur."],
        "needs": ["It would have needed a signature more: Sekretaris Daerah; Inspektur."],
    }


def test_case_that_has_not_come_there_tells_only_whom_it_would_ask():
    new = version(group("all", "sekda"))

    assert told(scene(ONE, new)) == {
        "asks": ["It would ask Sekretaris Daerah."],
        "spares": ["It would no longer ask Kepala Bagian Hukum."],
    }


def test_group_whose_condition_the_case_does_not_meet_asks_nobody():
    when = [{"fact": "amount", "at_least": "500000000"}]
    new = version(group("all", "kabag"), group("all", "sekda", when=when))
    poor, rich = (matter({"amount": Decimal(amount)}) for amount in ("499999999", "500000000"))

    assert told(scene(ONE, new, answered("kabag", 2), about=poor)) == {}
    assert set(told(scene(ONE, new, answered("kabag", 2), about=rich))) == {"asks", "needs"}


def test_quorum_says_how_many_more_of_whom():
    new = version(group("n_of_m", "kabag", "sekda", "dinkes", need=2))

    assert told(scene(ONE, new, answered("kabag", 2)))["needs"] == [
        "It would have needed a signature more: 1 of: Sekretaris Daerah; Kepala Dinas Kesehatan."
    ]


def test_smaller_quorum_passes_with_fewer_signatures():
    own = version(group("n_of_m", "kabag", "sekda", "dinkes", need=3))
    new = version(group("n_of_m", "kabag", "sekda", "dinkes", need=1))
    given = [answered("kabag", 2, day=4), answered("sekda", 1), answered("dinkes", 4, day=9)]

    assert told(scene(own, new, *given)) == {
        "earlier": [
            "The signature of Sekretaris Daerah on 10 March 2026 would have been enough: 2 fewer."
        ]
    }


def test_open_stage_that_the_signatures_it_has_would_satisfy_passes_earlier():
    own = version(group("all", "kabag", "sekda"))
    new = version(group("any", "kabag", "sekda"))

    given = answered("kabag", 2)
    assert told(scene(own, new, given, waits=True)) == {
        "earlier": ["The signatures that it has would be enough."]
    }
    # A case that has gone on without all of its answers says nothing of the sort.
    assert told(scene(own, new, given)) == {}


def test_answer_that_would_decide_alone_ends_it_otherwise():
    own = version(group("n_of_m", "kabag", "sekda", "dinkes", need=1))
    new = version(group("all", "kabag", "sekda", "dinkes"))
    given = [answered("kabag", 2, "reject"), answered("sekda", 1)]

    assert told(scene(own, new, *given)) == {
        "otherwise": ["It ended: Approved. It would have ended: Rejected."]
    }


def test_open_stage_ends_otherwise_by_an_answer_it_has():
    own = version(group("n_of_m", "kabag", "sekda", need=1))
    new = version(group("all", "kabag", "sekda"))

    assert told(scene(own, new, answered("kabag", 2, "return"), waits=True)) == {
        "otherwise": ["It would have ended: Returned for revision."]
    }


def test_nobody_who_holds_the_office_stalls_it():
    new = version(group("all", "kabag"), group("all", "sekda"))

    assert told(scene(ONE, new, answered("kabag", 2)), sekda=0)["stalls"] == [
        "Nobody can sign for Sekretaris Daerah today."
    ]


def test_case_that_stalls_with_its_own_version_as_well_says_so():
    new = version(group("all", "kabag"), working_days=9)

    assert told(scene(ONE, new, waits=True), kabag=0) == {
        "stalls": ["Nobody can sign for Kepala Bagian Hukum today; so it is with its own version."]
    }


def test_one_person_in_two_offices_stalls_a_group_that_counts_people():
    new = version(group("n_of_m", "sekda", "inspektur", need=2))

    assert told(scene(ONE, new), sekda=1, inspektur=1)["stalls"] == [
        "Nobody can sign for Inspektur today."
    ]


def test_excluded_signer_has_to_be_somebody_else():
    new = version(group("all", "kabag"), exclusions=["initiator_unit"])
    about = matter(initiator_unit=[2])

    found = told(scene(ONE, new, answered("kabag", 2), about=about))

    assert found == {
        "needs": [
            "It would have needed a signature more: Kepala Bagian Hukum.",
            "Somebody else than Orang 2 would have to sign for Kepala Bagian Hukum: excluded are "
            "people of the initiator's unit.",
        ],
        "stalls": ["Nobody can sign for Kepala Bagian Hukum today."],
    }


def test_signature_of_who_steps_out_of_both_versions_counts_in_neither():
    both = {"exclusions": ["conflict"]}
    own, new = version(group("all", "kabag"), **both), version(group("all", "kabag"), **both)

    assert told(scene(own, new, answered("kabag", 2), about=matter(conflict=[2])), kabag=4) == {}


def test_answer_of_an_office_that_is_not_asked_fits_nowhere():
    seats = seats_of(asked(ONE), [answered("sekda", 1)], matter())

    assert [(seat.pk, seat.answer, seat.state) for seat in seats] == [(-1, None, "waiting")]


def test_answer_counts_once_and_first_where_its_holder_is_asked():
    given = answered("kabag", 2)
    seats = seats_of(
        asked(version(group("all", "sekda"), group("all", "kabag"), group("all", "kabag"))),
        [given],
        matter(),
    )

    assert [seat.answer for seat in seats] == [None, given.answer, None]


def test_seat_that_was_moved_fits_the_word_it_was_made_for():
    moved = answered("kabag", 1, who=OFFICES["sekda"])

    (seat,) = seats_of(asked(ONE), [moved], matter())

    assert seat.answer == moved.answer


def test_seat_of_a_unit_takes_the_signature_of_one_of_its_offices():
    policy = version(group("all", "unit:hukum"))
    (seat,) = seats_of(
        asked(policy, {"unit:hukum": UNITS["Hukum"]}), [answered("kabag", 2)], matter()
    )
    (other,) = seats_of(
        asked(policy, {"unit:hukum": UNITS["Dinkes"]}), [answered("kabag", 2)], matter()
    )

    assert (seat.state, other.state) == (Seat.State.SIGNED, Seat.State.WAITING)


def test_one_person_fills_one_place_of_a_group_that_counts_people():
    policy = version(group("n_of_m", "sekda", "inspektur", need=2))
    given = [answered("sekda", 1), answered("inspektur", 1)]

    seats = seats_of(asked(policy), given, matter())

    assert [seat.state for seat in seats] == [Seat.State.SIGNED, Seat.State.WAITING]


def test_seat_of_a_person_by_name_fits_that_person():
    policy = version(group("all", "@initiator"))
    given = answered("", 9, who=person(9))

    (seat,) = seats_of(asked(policy, {"@initiator": person(9)}), [given], matter())

    assert seat.answer == given.answer


def test_rehearsal_counts_cases_not_effects():
    new = version(group("all", "kabag"), group("all", "sekda"))
    scenes = [scene(ONE, new, answered("kabag", 2)), scene(ONE, ONE)]
    scenes[1].case.pk = 8

    found = rehearse(scenes, Holders().standing, known_names())

    assert (found.played, found.unchanged) == (2, 1)
    assert [finding.case.pk for finding in found.of(Effect.NEEDS)] == [7]
    assert found.of(Effect.STALLS) == []


def test_rehearsal_of_no_case_has_nothing_to_tell():
    assert rehearse([], Holders().standing, known_names()) == Rehearsal(0, [])


def test_version_without_groups_for_a_case_is_never_played_as_satisfied():
    nobody = Asked(version(group("all", "kabag")), [[]])
    played = Scene(scene(ONE, ONE).case, matter(), asked(ONE), nobody, [answered("kabag", 2)])

    assert told(played)["spares"] == ["It would no longer ask Kepala Bagian Hukum."]
    assert "needs" in told(played)
