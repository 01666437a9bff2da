"""What the case page offers to whoever can mend it: signers, secretariat, legal section."""

from django.urls import reverse

from approvals.models import Seat
from approvals.reach import gaps
from approvals.secretariat import is_secretary

from ..desk import stage_policy
from ..overrides import may_record
from ..reversals import REOPENABLE
from ..stages import stage_labels
from ..stalls import missing_label


def mending_of(user, case, standings):
    """What a stage lacks, for everybody to read, with what this person may do about it."""
    stalled = [one for case_, standing in standings if (one := _stalled(case_, standing))]
    ended = case.finished is not None and case.stage in REOPENABLE
    secretary = is_secretary(user) if stalled or ended else False
    return {
        "stalled": stalled,
        "is_secretary": secretary,
        "may_reopen": ended and secretary,
        "overrides": list(_overrides(user, standings)),
    }


def _stalled(case, standing):
    found = gaps(stage_policy(case, standing.seats), standing.seats, standing)
    if not found:
        return None
    seats = {seat.pk: seat for gap in found for seat in gap.seats}
    stage = standing.seats[0].task.flow_task.name
    return {
        "stage_label": stage_labels().get(stage, stage),
        "missing": missing_label(found),
        "seats": [
            {
                "holder": seat.holder_label,
                "url": reverse("replacement", args=[seat.case_code, seat.pk]),
            }
            for seat in seats.values()
        ],
    }


def _overrides(user, standings):
    for _case, standing in standings:
        for seat in standing.seats:
            if seat.state == Seat.State.OPEN and may_record(user, standing, seat):
                yield {
                    "holder": seat.holder_label,
                    "url": reverse("override", args=[seat.case_code, seat.pk]),
                }


def take_back_address(user, sign_off):
    """Where the reader has their own answer back, "" where that is not theirs or too late."""
    seat = sign_off.seat
    counts = seat.answer_id == sign_off.pk and seat.state == Seat.State.SIGNED
    if sign_off.person_id != user.pk or not counts or seat.task.finished is not None:
        return ""
    return reverse("take_back", args=[seat.case_code, seat.pk])
