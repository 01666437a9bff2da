"""The time line tells what happened, not what stood on a button."""

import pytest
from django.db import transaction
from django.utils import translation

from approvals.models import Outcome, Seat
from tests.regency import case_at, person
from workflow.dossier import dossier_of
from workflow.flows.institutionalisation import Institutionalisation
from workflow.flows.monitoring import Monitoring
from workflow.nodes.stage import stage_nodes
from workflow.timeline import timeline_of
from workflow.walking import sign_one

STAGES = [*stage_nodes(Institutionalisation), *stage_nodes(Monitoring)]


@pytest.mark.unit
@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("stage", STAGES, ids=lambda stage: stage.name)
def test_choices_of_a_stage_tell_different_facts(stage, language):
    with translation.override(language):
        told = [str(choice.fact) for choice in stage.outcomes.values()]
        shown = [str(choice) for choice in stage.outcomes.values()]
    assert len({*told, *shown}) == len(told) + len(shown)


@pytest.mark.integration
@pytest.mark.usefixtures("regency", "db", "english")
def test_timeline_says_what_each_person_did():
    case = case_at("initialling")
    (seat,) = Seat.objects.filter(process_id=case.pk, state=Seat.State.OPEN)[:1]
    with transaction.atomic():
        sign_one(case, seat, {}, Outcome.SEND_BACK.value, "Perbaiki diktum.")

    told = timeline_of(dossier_of(person("sekretariat"), case.code))

    facts = dict.fromkeys(entry.sentence for entry in reversed(told) if entry.who)
    assert list(facts) == [
        "submitted the proposal",
        "found the proposal complete",
        "judged the innovation fit",
        "approved the alignment with pillars and programme",
        "committed the money, staff and technology",
        "passed on the draft of the instrument",
        "sent the draft back without an initial",
    ]
