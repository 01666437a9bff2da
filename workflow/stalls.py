"""A stage that lacks somebody says so: on its pages, and to the secretariat."""

import hashlib

from django.db.models import Max
from django.utils.translation import gettext as _
from viewflow.workflow.models import Task

from accounts.models import Appointment
from accounts.offices import today
from approvals.models import SignOffPolicy
from approvals.reach import Gap, gaps
from approvals.secretariat import secretaries
from approvals.standing import Standing

from .announcements import announce
from .models import Case


def tell_if_stalled(case: Case, task: Task, policy: SignOffPolicy, standing: Standing) -> list[Gap]:
    """Tell the secretariat, once for each state of things, that a stage lacks somebody."""
    found = gaps(policy, standing.seats, standing)
    if found:
        announce(
            case,
            "stage_stalled",
            secretaries(),
            occurrence=f"stalled:{task.pk}:{_state_of(found)}",
            stage=policy.stage,
            missing=missing_label(found),
        )
    return found


def missing_label(found: list[Gap]) -> str:
    """Whose signature cannot be had, in words."""
    labels = [label for gap in found for label in _labels_of(gap)]
    return ", ".join(dict.fromkeys(labels))


def _labels_of(gap: Gap) -> list[str]:
    """Whose seats are empty; where words of a policy stand for one office, no seat may be."""
    words = _("another office than those of group %(number)s, which are fewer than it needs")
    return [seat.holder_label for seat in gap.seats] or [words % {"number": gap.number + 1}]


def _state_of(found: list[Gap]) -> str:
    """What tells one state of things from another: who was asked, and whose turn it was to hold."""
    seats = [seat for gap in found for seat in gap.seats]
    held = Appointment.objects.filter(
        office__in=[seat.office_id for seat in seats if seat.office_id], start__lte=today()
    )
    last = dict(held.order_by().values_list("office").annotate(Max("pk")))
    places = [(s.pk, s.round, s.office_id, last.get(s.office_id or 0)) for s in seats]
    return hashlib.sha256(repr(places).encode()).hexdigest()[:16]
