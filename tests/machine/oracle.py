"""A second opinion on what a stage needed: written from the policy's words alone, without its code.

It reads rows and recomputes by the slowest way; it imports nothing of `approvals` but models.
"""

import datetime
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.db.models import Q

from accounts.clock import day_of
from accounts.models import Appointment, Delegation
from approvals.models import Seat, SignOff, SignOffPolicy

Facts = Mapping[str, Any]


def faults(
    policy: SignOffPolicy, seats: Sequence[Seat], hashes: Mapping[str, str], facts: Facts
) -> list[str]:
    """Why a stage that was passed should not have been, a line each; empty where all is well."""
    found = []
    for number, group in enumerate(policy.groups):
        if not all(_met(condition, facts) for condition in group.get("when", [])):
            continue
        own = [seat for seat in seats if seat.group == number and seat.reconfirms_id is None]
        found += [f"group {number}: {fault}" for fault in _group_faults(group, own)]
    for seat in seats:
        if seat.answer is not None and seat.answer.outcome == "approve":
            found += [f"{seat}: {fault}" for fault in _answer_faults(seat, seat.answer, hashes)]
    return found


def _met(condition: Mapping[str, Any], facts: Facts) -> bool:
    value = facts[condition["fact"]]
    if "at_least" in condition:
        return bool(value >= Decimal(condition["at_least"]))
    if "below" in condition:
        return bool(value < Decimal(condition["below"]))
    return value in condition["any_of"]


def _group_faults(group: Mapping[str, Any], seats: Sequence[Seat]) -> list[str]:
    approvals = [s.answer for s in seats if s.answer and s.answer.outcome == "approve"]
    people = [answer.person_id for answer in approvals]
    found = []
    rule = group["rule"]
    if rule in ("all", "ordered", "one_per_unit") and len(approvals) < max(len(seats), 1):
        found.append(f"{rule}: {len(approvals)} of {len(seats)} approved")
    if rule == "any" and not approvals:
        found.append("any: nobody approved")
    if rule == "n_of_m" and len(set(people)) < group["need"]:
        found.append(f"n_of_m: {len(set(people))} people, {group['need']} needed")
    if rule in ("n_of_m", "one_per_unit") and len(set(people)) != len(people):
        found.append(f"{rule}: one person counted twice")
    if rule == "ordered" and approvals != sorted(approvals, key=lambda one: one.decided_at):
        found.append("ordered: not in this order")
    return found


def _answer_faults(seat: Seat, answer: SignOff, hashes: Mapping[str, str]) -> list[str]:
    found = []
    stale = [key for key in seat.policy.covers if answer.section_hashes.get(key) != hashes[key]]
    if stale:
        found.append(f"signed other content: {stale}")
    if hasattr(answer, "lapse"):
        found.append("the answer has lapsed")
    if not has_capacity(answer, day_of(answer.decided_at)):
        found.append(f"{answer.person} had no capacity on that day")
    return found


def has_capacity(answer: SignOff, on: datetime.date) -> bool:
    """Whether the signer held the seat's office (or one of its unit) on a day, or its mandate."""
    seat = answer.seat
    if seat.person_id is not None:
        return answer.person_id == seat.person_id
    where = Q(office=seat.office_id) if seat.office_id else Q(office__unit=seat.unit_id)
    running = (Q(end__isnull=True) | Q(end__gte=on)) & Q(start__lte=on)
    if Appointment.objects.filter(where & running, user=answer.person).exists():
        return True
    given = Delegation.objects.filter(start__lte=on, end__gte=on, delegate=answer.person)
    return any(
        one.principal.office_id == seat.office_id or one.principal.office.unit_id == seat.unit_id
        for one in given.select_related("principal__office")
    )
