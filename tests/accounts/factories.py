"""People, units, offices and who holds them; written in the name of the system account."""

import datetime
from typing import Any

import factory
from django.contrib.auth.models import Group
from factory.django import DjangoModelFactory

from accounts.acting import acting_as, current_actor
from accounts.files.storage import path_of, store
from accounts.models import Appointment, Delegation, Office, StoredFile, Unit, User
from accounts.rights import ADMINISTRATORS
from tests.accounts.files import samples

PASSWORD = "kata-sandi-uji"


def system_account() -> User:
    """The account of the migration."""
    return User.objects.get(username=User.SYSTEM)


class SystemFactory(DjangoModelFactory):
    """Creates governed rows, whose actor is the system account."""

    class Meta:
        abstract = True

    @classmethod
    def _create(cls, model_class: Any, *args: Any, **kwargs: Any) -> Any:
        with acting_as(system_account()):
            return super()._create(model_class, *args, **kwargs)


class UserFactory(SystemFactory):
    class Meta:
        model = User

    class Params:
        first = factory.Faker("first_name", locale="id_ID")
        last = factory.Faker("last_name", locale="id_ID")

    username = factory.Sequence(lambda number: f"pegawai-{number}")
    name_plain = factory.LazyAttribute(lambda person: f"{person.first} {person.last}")
    email = factory.LazyAttribute(lambda person: f"{person.username}@example.test")
    password = factory.django.Password(PASSWORD)


def administrator(**fields: Any) -> User:
    """Somebody who appoints others."""
    person = UserFactory(**fields)
    with acting_as(system_account()):
        person.groups.add(Group.objects.get(name=ADMINISTRATORS))
    return person


class UnitFactory(SystemFactory):
    class Meta:
        model = Unit

    code = factory.Sequence(lambda number: f"dinas-{number}")
    name = factory.Sequence(lambda number: f"Dinas {number}")
    kind = Unit.Kind.AGENCY


class OfficeFactory(SystemFactory):
    class Meta:
        model = Office

    code = factory.Sequence(lambda number: f"jabatan-{number}")
    title = factory.Sequence(lambda number: f"Kepala Bidang {number}")
    unit = factory.SubFactory(UnitFactory)


class AppointmentFactory(SystemFactory):
    class Meta:
        model = Appointment

    user = factory.SubFactory(UserFactory)
    office = factory.SubFactory(OfficeFactory)
    start = datetime.date(2020, 1, 1)
    basis_number = factory.Sequence(lambda number: f"800.1.3.3/{number:03d}/BKPSDM/2019")
    basis_date = datetime.date(2019, 12, 20)


class DelegationFactory(SystemFactory):
    """Without the checks of `delegate`: a test says itself what stands in the letter."""

    class Meta:
        model = Delegation

    principal = factory.SubFactory(AppointmentFactory)
    delegate = factory.SubFactory(UserFactory)
    start = datetime.date(2020, 1, 1)
    end = datetime.date(2099, 12, 31)
    basis_number = factory.Sequence(lambda number: f"100.3.5/{number:03d}/KUASA/2019")
    basis_date = datetime.date(2019, 12, 20)


class StoredFileFactory(SystemFactory):
    """A row alone; `stored_file` keeps bytes as well."""

    class Meta:
        model = StoredFile

    sha256 = factory.Sequence(lambda number: f"{number:064x}")
    size = 3
    media_type = "image/png"
    path = factory.LazyAttribute(lambda stored: path_of(stored.sha256))


def stored_file(content: bytes | None = None, media_type: str = "image/png") -> StoredFile:
    """A file on the disk with its row."""
    with acting_as(current_actor() or system_account()):
        return store(content or samples.picture(), media_type=media_type)
