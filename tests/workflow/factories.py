"""Cases without a journey behind them, for tests of one module."""

from django.db import transaction
from factory.declarations import LazyAttribute, LazyFunction, SubFactory

from accounts.acting import acting_as
from tests.accounts.factories import system_account
from tests.innovations.factories import InnovationFactory, RecordedFactory
from workflow.access import grant_initiators
from workflow.flows.institutionalisation import Institutionalisation
from workflow.models import Case

__all__ = ["CaseFactory", "followed_case"]


class CaseFactory(RecordedFactory):
    class Meta:
        model = Case

    flow_class = Institutionalisation
    innovation = SubFactory(InnovationFactory)
    code = LazyAttribute(lambda case: case.innovation.code)
    stage = "completeness"
    policy_versions = LazyFunction(dict)


def followed_case() -> Case:
    """A case that its initiator may read."""
    with transaction.atomic(), acting_as(system_account()):
        case: Case = CaseFactory.create()
        grant_initiators(system_account(), case)
        return case
