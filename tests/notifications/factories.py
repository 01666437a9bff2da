"""Rows that the tests of messages and of history start from."""

from typing import Any

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from accounts.acting import acting_as, current_actor
from accounts.models import Unit, User
from innovations.models import Innovation
from notifications.models import Message
from workflow.flows.institutionalisation import Institutionalisation
from workflow.models import Case


def system() -> User:
    found = User.objects.filter(username=User.SYSTEM).first()
    if found is None:
        found = User(username=User.SYSTEM, name_plain="Sistem")
        with acting_as(found):
            found.save()
    return found


class GovernedFactory(DjangoModelFactory):
    class Meta:
        abstract = True

    @classmethod
    def _create(cls, model_class: Any, *args: Any, **kwargs: Any) -> Any:
        with acting_as(current_actor() or system()):
            return super()._create(model_class, *args, **kwargs)


class UserFactory(GovernedFactory):
    class Meta:
        model = User

    username = factory.Sequence(lambda number: f"orang{number}")
    name_plain = factory.Sequence(lambda number: f"Warga {number}")
    email = factory.LazyAttribute(lambda user: f"{user.username}@example.test")
    language = "en"


class UnitFactory(GovernedFactory):
    class Meta:
        model = Unit

    code = factory.Sequence(lambda number: f"unit-{number}")
    name = factory.Sequence(lambda number: f"Dinas {number}")
    kind = Unit.Kind.AGENCY


class InnovationFactory(GovernedFactory):
    class Meta:
        model = Innovation

    code = factory.Sequence(lambda number: f"INV-2026-{number:04d}")
    name = "Sirup Pala"
    initiator_type = "civil_servant"
    initiator = factory.SubFactory(UserFactory)
    owning_unit = factory.SubFactory(UnitFactory)
    form = "public_service"
    affair = "health"
    innovation_class = "agency"
    problem = "Antrean panjang."
    design_description = "Pendaftaran lewat telepon."
    objective = "Antrean pendek."
    benefit = "Waktu."
    outcome = "Warga puas."
    submitted_at = factory.LazyFunction(timezone.now)


class CaseFactory(GovernedFactory):
    class Meta:
        model = Case

    flow_class = Institutionalisation
    innovation = factory.SubFactory(InnovationFactory)
    code = factory.SelfAttribute("innovation.code")
    stage = "completeness"


class MessageFactory(DjangoModelFactory):
    class Meta:
        model = Message

    recipient = factory.SubFactory(UserFactory)
    event = "rejected"
    case_code = "INV-2026-0042"
    path = "/cases/INV-2026-0042/"
    params = factory.LazyAttribute(lambda row: {"title": "Sirup Pala", "code": row.case_code})
    key = factory.Sequence(lambda number: f"rejected:end:{number}")


class ArrivedFactory(MessageFactory):
    """A message that its recipient can see; nothing is left to do."""

    next_attempt = None
    delivered_at = factory.LazyFunction(timezone.now)
