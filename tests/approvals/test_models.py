import pytest
from django.apps import apps
from django.db import IntegrityError, models, transaction

from accounts.acting import NoActor, acting_as
from approvals.models import Refusal, Remark, Seat, SignOff, SignOffPolicy
from tests.accounts.factories import OfficeFactory, UserFactory
from tests.approvals.factories import (
    PolicyFactory,
    RemarkFactory,
    SeatFactory,
    SignOffFactory,
)

pytestmark = [pytest.mark.integration, pytest.mark.django_db]
FACTORIES = {
    SignOffPolicy: PolicyFactory,
    Seat: SeatFactory,
    SignOff: SignOffFactory,
    Remark: RemarkFactory,
}
every_governed_model = pytest.mark.parametrize(
    "factory", FACTORIES.values(), ids=lambda factory: factory._meta.model.__name__
)


def test_governed_models_are_all_tested_here():
    recorded = {m for m in apps.get_app_config("approvals").get_models() if hasattr(m, "history")}
    assert recorded == set(FACTORIES)


@every_governed_model
def test_write_without_actor_fails(factory):
    row = factory()
    with pytest.raises(NoActor, match=f"approvals.{type(row).__name__} was written without"):
        row.save()
    assert row.history.count() == 1


@every_governed_model
def test_version_names_the_actor(factory, system):
    row, clerk = factory(), UserFactory()
    with acting_as(clerk):
        row.save()
    assert [version.history_user for version in row.history.all()] == [clerk, system]


@every_governed_model
def test_row_is_never_deleted(factory, system):
    row = factory()
    with pytest.raises(models.ProtectedError), acting_as(system):
        row.delete()
    with pytest.raises(models.ProtectedError), transaction.atomic(), acting_as(system):
        type(row).objects.filter(pk=row.pk).delete()
    assert type(row).objects.filter(pk=row.pk).exists()


def test_process_and_task_are_kept_by_their_seat(system):
    seat = SeatFactory()
    for row in (seat.task, seat.process):
        with pytest.raises(models.ProtectedError), transaction.atomic(), acting_as(system):
            row.delete()
    assert Seat.objects.get().task == seat.task


def test_policy_has_one_row_per_version():
    PolicyFactory(stage="trial", version=1)
    PolicyFactory(stage="signing", version=1)
    with pytest.raises(IntegrityError), transaction.atomic():
        PolicyFactory(stage="trial", version=1)


def test_seat_has_one_place_in_its_task():
    seat = SeatFactory()
    SeatFactory(task=seat.task, position=1)
    SeatFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        SeatFactory(task=seat.task)


@pytest.mark.parametrize("both", [True, False])
def test_seat_is_of_an_office_or_a_person(both):
    holders = {
        "office": OfficeFactory() if both else None,
        "person": UserFactory() if both else None,
    }
    with pytest.raises(IntegrityError), transaction.atomic():
        SeatFactory(**holders)


def test_seat_is_signed_once():
    first = SignOffFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        SignOffFactory(seat=first.seat)
    assert SignOff.objects.get() == first


def test_seat_says_whose_it_is():
    person = UserFactory(name_plain="Siti Rahayu", title_suffix="S.KM.")
    of_office = SeatFactory(office__title="Kepala Puskesmas Gantung", case_code="INV-2026-0042")
    of_person = SeatFactory(office=None, person=person)
    assert of_office.holder_label == "Kepala Puskesmas Gantung"
    assert of_person.holder_label == "Siti Rahayu, S.KM."
    assert str(of_office) == "INV-2026-0042 verification: Kepala Puskesmas Gantung"


def test_longest_name_fits_the_capacity():
    person = UserFactory(name_plain="N" * 120, title_prefix="P" * 40, title_suffix="S" * 80)
    assert len(str(person)) <= (SignOff._meta.get_field("capacity").max_length or 0)


@pytest.mark.usefixtures("english")
def test_rows_say_what_they_are():
    sign_off = SignOffFactory(capacity="Plh. Bupati", outcome="return")
    assert str(sign_off) == "Plh. Bupati: Returned for revision"
    assert str(RemarkFactory(text="Lengkapi alur.")) == "Lengkapi alur."


def test_refusal_is_kept_without_a_history():
    refusal = Refusal.objects.create(person=UserFactory(), path="/cases/INV-2026-0042/", reason="x")
    assert not hasattr(refusal, "history")
    assert str(refusal).endswith(" /cases/INV-2026-0042/")
