import pytest
from django.db import IntegrityError, models, transaction

from accounts.acting import NoActor, acting_as
from accounts.models import User
from accounts.texts import MAX_WHOLE_DIGITS, parse_money
from innovations.models import (
    Assessment,
    AssessmentScore,
    ChecklistAnswer,
    ConflictDeclaration,
    Draft,
    Evidence,
    Innovation,
    Participant,
    Trial,
)

from .factories import (
    EvidenceFactory,
    InnovationFactory,
    ParticipantFactory,
    UserFactory,
    draft_of,
    headed_unit,
)

pytestmark = [pytest.mark.integration, pytest.mark.django_db]

GOVERNED = [
    Assessment,
    AssessmentScore,
    ChecklistAnswer,
    ConflictDeclaration,
    Evidence,
    Innovation,
    Participant,
    Trial,
]


@pytest.mark.parametrize("model", GOVERNED)
def test_governed_model_keeps_history_and_protects_what_it_refers_to(model):
    assert hasattr(model, "history")
    links = [f for f in model._meta.get_fields() if isinstance(f, models.ForeignKey)]
    assert {link.remote_field.on_delete for link in links} <= {models.PROTECT}


def test_innovation_is_never_deleted():
    with pytest.raises(models.ProtectedError):
        InnovationFactory().delete()


def test_innovation_without_an_actor_is_not_written():
    innovation = InnovationFactory()
    innovation.name = "Lain"
    with pytest.raises(NoActor):
        innovation.save()


def test_innovation_is_of_initiator_and_co_initiators():
    innovation = InnovationFactory()
    friend = ParticipantFactory(innovation=innovation).user
    assert [innovation.is_of(p) for p in (innovation.initiator, friend, UserFactory())] == [
        True,
        True,
        False,
    ]


def refused(make):
    with (
        transaction.atomic(),
        acting_as(User.objects.system()),
        pytest.raises(IntegrityError),
        transaction.atomic(),
    ):
        make()


def test_participant_is_named_once():
    one = ParticipantFactory()
    refused(lambda: Participant.objects.create(innovation=one.innovation, user=one.user))


def test_budget_below_zero_never_reaches_the_table():
    innovation = InnovationFactory()
    refused(lambda: Innovation.objects.filter(pk=innovation.pk).update(budget_need=-1))


def test_score_above_four_never_reaches_the_table():
    assessment = Assessment(
        innovation=InnovationFactory(), revision=1, assessor=UserFactory(), total=0
    )
    with acting_as(assessment.assessor):
        assessment.save()
    refused(lambda: assessment.scores.create(criterion="renewal", score=5))


def test_trial_with_crossing_days_never_reaches_the_table():
    days = {"start": "2026-02-01", "end": "2026-01-01"}
    refused(
        lambda: Trial.objects.create(
            innovation=InnovationFactory(), revision=1, laboratory=headed_unit(), **days
        )
    )


def test_one_open_draft_per_innovation():
    innovation = InnovationFactory()
    Draft.objects.create(owner=innovation.initiator, innovation=innovation)
    refused(lambda: Draft.objects.create(owner=innovation.initiator, innovation=innovation))


def test_names_of_rows_say_what_they_are():
    innovation = InnovationFactory(code="INV-2026-0042", name="LAIS")
    assert str(innovation) == "INV-2026-0042 LAIS"
    assert str(draft_of(UserFactory())) == "SIE CANTIK"
    assert str(EvidenceFactory(title="Foto")) == "Foto"
    assert str(EvidenceFactory().file).endswith("(image/png)")


def test_largest_amount_that_a_form_takes_can_be_read_again():
    largest = parse_money("9" * MAX_WHOLE_DIGITS + ",99")
    innovation = InnovationFactory(budget_need=largest)
    innovation.refresh_from_db()
    assert innovation.budget_need == largest
