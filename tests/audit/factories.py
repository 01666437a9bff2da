"""A case that several people have written on, with rows at every depth of the table."""

import datetime
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import time_machine

from accounts.acting import acting_as
from accounts.models import Appointment, Office, User
from innovations.models import Assessment, AssessmentScore, Participant
from planning.models import Alignment, Indicator, Pillar, PillarLink, Programme, Target
from tests.notifications.factories import CaseFactory, UnitFactory, UserFactory, system
from workflow.models import Case

DESIGN = "Warga mendaftar lewat telepon. Petugas mencatat, lalu memberi nomor antrean."
NEW_DESIGN = DESIGN.replace("telepon.", "telepon dan radio.")
START = datetime.datetime(2026, 3, 9, 3, 0, tzinfo=datetime.UTC)


@contextmanager
def at(minute: int, who: User) -> Iterator[None]:
    """Write as this person, so many minutes after the start."""
    with (
        time_machine.travel(START + datetime.timedelta(minutes=minute), tick=False),
        acting_as(who),
    ):
        yield


@dataclass
class Story:
    """Who wrote what."""

    case: Case
    initiator: User
    assessor: User
    assessment: Assessment


def story() -> Story:
    """A submission, a correction, and an assessment with two scores of which one was mended."""
    initiator, assessor, other = UserFactory.create_batch(3)
    with at(0, initiator):
        case = CaseFactory(
            innovation__initiator=initiator,
            innovation__name="Sirup Pala",
            innovation__design_description=DESIGN,
        )
        Participant.objects.create(innovation=case.innovation, user=other)
    with at(10, initiator):
        case.innovation.name = "Sirup Pala Maju"
        case.innovation.design_description = NEW_DESIGN
        case.innovation.save()
    with at(20, assessor):
        assessment = Assessment.objects.create(
            innovation=case.innovation, revision=1, assessor=assessor, total=3
        )
        scores = [
            AssessmentScore.objects.create(assessment=assessment, criterion=criterion, score=3)
            for criterion in ("renewal", "benefit")
        ]
    with at(30, assessor):
        scores[0].score = 4
        scores[0].save()
    return Story(case, initiator, assessor, assessment)


def aligned(case: Case) -> tuple[PillarLink, Indicator, Target]:
    """Rows that are removed when the alignment is written anew, at two depths."""
    programme = Programme.objects.create(code="1.02", name="Kesehatan", plan="rpjmd")
    pillar = Pillar.objects.create(code="P1", name="Kesehatan", order=1)
    alignment = Alignment.objects.create(
        innovation=case.innovation, programme=programme, rationale="Sejalan."
    )
    link = PillarLink.objects.create(
        alignment=alignment, pillar=pillar, weight=100, is_lead=True, proof="RAD"
    )
    indicator = Indicator.objects.create(
        alignment=alignment,
        number=1,
        name="Antrean",
        measure="menit",
        baseline=60,
        baseline_year=2025,
    )
    return link, indicator, Target.objects.create(indicator=indicator, year=2027, value=30)


def inspector() -> User:
    """The head of the inspectorate, who audits."""
    return sees_everything("inspektorat")


def sees_everything(unit_code: str = "") -> User:
    """A person in an office that sees all cases."""
    user, unit = UserFactory(), UnitFactory(**({"code": unit_code} if unit_code else {}))
    with acting_as(system()):
        office = Office.objects.create(
            code=f"office-{unit.pk}", title="Inspektur", unit=unit, sees_all_cases=True
        )
        Appointment.objects.create(
            user=user,
            office=office,
            start=datetime.date(2020, 1, 1),
            basis_number="800/1",
            basis_date=datetime.date(2020, 1, 1),
        )
    return user
