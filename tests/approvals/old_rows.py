"""Rows as they stood before policies said whom, when and what in data; read before and after."""

import datetime
from typing import Any

from viewflow.workflow.token import Token

FLOW = "workflow/flows.institutionalisation.Institutionalisation"
STAGES = ("verification", "initialling", "revision", "report")
OWN_WORK = ("revision", "report")


def plant(apps: Any) -> None:
    """A case with two seats of each stage, one of them signed, under policies of those days."""
    unit = apps.get_model("accounts", "Unit").objects.create(code="d", name="Dinas", kind="agency")
    office = apps.get_model("accounts", "Office").objects.create(
        code="k", title="Kepala", unit=unit
    )
    person = apps.get_model("accounts", "User").objects.create(username="siti", name_plain="Siti")
    process = apps.get_model("viewflow", "Process").objects.create(flow_class=FLOW)
    seat_of = apps.get_model("approvals", "Seat").objects.create
    for stage in STAGES:
        task = apps.get_model("viewflow", "Task").objects.create(
            process=process, flow_task=f"{FLOW}.{stage}", token=Token("start")
        )
        policy = apps.get_model("approvals", "SignOffPolicy").objects.create(
            stage=stage,
            version=7,
            valid_from=datetime.date(2026, 1, 1),
            groups=[{"rule": "all", "members": ["k", "l"]}],
            exclusions=[] if stage in OWN_WORK else ["initiator", "co_initiator"],
            working_days=5,
        )
        for position, state in enumerate(("signed", "open")):
            seat = seat_of(
                process=process,
                task=task,
                policy=policy,
                stage=stage,
                office=office,
                group=0,
                position=position,
                state=state,
                case_code="INV-2026-0001",
                case_title="Pala",
            )
            if state == "signed":
                apps.get_model("approvals", "SignOff").objects.create(
                    seat=seat,
                    person=person,
                    capacity="Kepala",
                    outcome="approve",
                    content_hash="0" * 64,
                )


def read_old(apps: Any) -> dict[str, Any]:
    """What the old schema says of those rows."""
    seats = apps.get_model("approvals", "Seat").objects.filter(case_code="INV-2026-0001")
    signed = apps.get_model("approvals", "SignOff").objects.filter(seat__in=seats)
    return {
        "seats": sorted(seats.values_list("stage", "position", "state")),
        "signed": sorted(signed.values_list("seat__stage", "outcome")),
    }


def read_new(apps: Any) -> dict[str, Any]:
    """What the new schema says of those rows."""
    seats = apps.get_model("approvals", "Seat").objects.filter(case_code="INV-2026-0001")
    policies = apps.get_model("approvals", "SignOffPolicy").objects.filter(version=7)
    answers = apps.get_model("approvals", "SignOff").objects
    return read_old(apps) | {
        "policies": {
            policy.stage: {
                "covers": policy.covers,
                "exclusions": policy.exclusions,
                "declares_conflict": policy.declares_conflict,
                "status": policy.status,
                "decided": [policy.proposed_by_id, policy.decided_by_id],
            }
            for policy in policies
        },
        "answers": sorted(
            [seat.stage, seat.position, seat.round, seat.answer_id == _own(answers, seat)]
            for seat in seats
        ),
        "hashes": list(answers.filter(seat__in=seats).values_list("section_hashes", flat=True)),
    }


def _own(answers: Any, seat: Any) -> Any:
    return answers.filter(seat=seat).values_list("pk", flat=True).first()
