import pytest
from django.core.exceptions import ValidationError
from django.db import transaction

from innovations.models import Innovation
from innovations.statuses import NEEDS_REASON, WAYS, change_status

from .factories import InnovationFactory, UserFactory

pytestmark = [pytest.mark.integration, pytest.mark.django_db]
STATUSES = Innovation.Status.values


def change(innovation, status, reason="Karena perlu."):
    with transaction.atomic():
        return change_status(UserFactory(), innovation, status, reason=reason)


@pytest.mark.parametrize("now", STATUSES)
@pytest.mark.parametrize("then", STATUSES)
def test_change_status_only_where_a_way_leads(now, then):
    innovation = InnovationFactory(status=now)
    if then == now or then in WAYS.get(now, ()):
        assert change(innovation, then).status == then
    else:
        with pytest.raises(ValidationError):
            change(innovation, then)
        innovation.refresh_from_db()
        assert innovation.status == now


@pytest.mark.parametrize("status", sorted(NEEDS_REASON - {"retired"}))
def test_change_status_without_a_reason_is_refused(status):
    with pytest.raises(ValidationError) as caught:
        change(InnovationFactory(), status, reason="  ")
    assert list(caught.value.message_dict) == ["reason"]


def test_change_status_keeps_reason_and_actor():
    innovation = change(InnovationFactory(), "returned", reason=" Lengkapi. ")
    assert innovation.status_reason == "Lengkapi."
    assert innovation.history.first().history_user.username.startswith("pengusul")


def test_change_status_heard_twice_writes_once():
    innovation = InnovationFactory()
    change(innovation, "institutionalised")
    change(innovation, "institutionalised")
    assert innovation.history.count() == 2
