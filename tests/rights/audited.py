"""What the inspectorate has done about the issued case, and what proves it."""

from dataclasses import dataclass
from typing import cast

from django.db import transaction

from accounts.files.uploads import CheckedUpload
from audit.checkpoints import make_checkpoint
from audit.evidence_requests import answer_request, request_evidence
from audit.findings import record_finding
from audit.keys import make_key
from audit.models import Checkpoint, Entry, EvidenceRequest, Finding, Sample
from audit.sampling import draw_sample
from tests.accounts.files import samples
from tests.regency import person
from workflow.models import Case

from .kinds import KINDS


@dataclass
class Audited:
    """A finding on the case's first entry, what the head of the unit was asked, a sample."""

    entry: Entry
    finding: Finding
    asked: EvidenceRequest
    answered: EvidenceRequest
    sample: Sample
    checkpoint: Checkpoint


def audited(case: Case) -> Audited:
    """Let the inspector find something, ask twice, and read one answer."""
    inspector, head = person(KINDS["inspector"]), person(KINDS["unit_head"])
    office = head.appointments.get(end=None).office
    entry = Entry.objects.get(chain=case.code, sequence=1)
    letter = CheckedUpload("surat.pdf", "application/pdf", samples.pdf())
    question = {"question": "Unggah surat tugas.", "working_days": 5}
    with transaction.atomic():
        said = {"title": "Tanpa surat tugas", "text": "Tidak ada surat.", "weight": "minor"}
        finding = record_finding(inspector, entry, **said)
        asked = request_evidence(inspector, office, **question)
        answered = request_evidence(inspector, office, **question)
        answered = answer_request(head, answered, "Terlampir.", letter)
        sample = draw_sample(inspector, 1, seed="manggar")
    make_key()
    checkpoint = cast(Checkpoint, make_checkpoint())
    return Audited(entry, finding, asked, answered, sample, checkpoint)
