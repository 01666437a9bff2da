"""Every governed write carries its actor, or does not happen."""

import pytest

from accounts.acting import NoActor, acting_as
from accounts.models import NeverDeleted
from audit.checks import is_recorded
from audit.tables import our_models
from tests.notifications.factories import CaseFactory, UserFactory, system

pytestmark = [pytest.mark.integration, pytest.mark.django_db]

RECORDED = [model for model in our_models() if is_recorded(model)]
REMOVABLE = [model for model in RECORDED if not issubclass(model, NeverDeleted)]


@pytest.mark.parametrize("model", RECORDED, ids=lambda model: model._meta.label)
def test_row_written_without_an_actor_fails(model, django_assert_num_queries):
    with django_assert_num_queries(0), pytest.raises(NoActor, match=model._meta.label):
        model().save_base()


@pytest.mark.parametrize("model", REMOVABLE, ids=lambda model: model._meta.label)
def test_row_removed_without_an_actor_fails(model):
    with pytest.raises(NoActor, match=model._meta.label):
        model(pk=1).delete()


def test_row_changed_without_an_actor_keeps_its_value():
    case = CaseFactory()
    case.innovation.name = "Nobody's"
    with pytest.raises(NoActor):
        case.innovation.save()
    case.innovation.refresh_from_db()
    assert case.innovation.name == "Sirup Pala"
    assert case.innovation.history.count() == 1


def test_row_of_the_parent_model_written_through_the_case_carries_the_actor():
    case, person = CaseFactory(), UserFactory()
    case.stage = "verification"
    with acting_as(person):
        case.save()
    newest = case.history.first()
    assert (newest.stage, newest.history_user, newest.history_type) == ("verification", person, "~")


def test_row_made_by_a_job_carries_the_system_account():
    assert CaseFactory().history.get().history_user == system()
