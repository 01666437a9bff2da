import threading
from typing import Any

import pytest
from django.apps import apps
from django.db import transaction

from accounts.acting import NoActor, NoTransaction, acting_as, current_actor, verb
from accounts.models import Appointment, Delegation, Office, StoredFile, Unit, User
from audit.checks import is_recorded
from tests.accounts.factories import (
    AppointmentFactory,
    DelegationFactory,
    OfficeFactory,
    StoredFileFactory,
    UnitFactory,
    UserFactory,
)

FACTORIES = {
    User: UserFactory,
    Unit: UnitFactory,
    Office: OfficeFactory,
    Appointment: AppointmentFactory,
    Delegation: DelegationFactory,
    StoredFile: StoredFileFactory,
}
# A field of each that holds text.
TEXTS = {
    User: "name_plain",
    Unit: "name",
    Office: "title",
    Appointment: "basis_number",
    Delegation: "basis_number",
    StoredFile: "path",
}
every_governed_model = pytest.mark.parametrize(
    "factory", FACTORIES.values(), ids=lambda factory: factory._meta.model.__name__
)


@verb
def say_who(actor, *, greeting="Halo"):
    return current_actor(), greeting


@pytest.mark.unit
def test_governed_models_are_all_tested_here():
    recorded = {m for m in apps.get_app_config("accounts").get_models() if is_recorded(m)}
    assert recorded == set(FACTORIES)


@pytest.mark.integration
@pytest.mark.django_db
@every_governed_model
def test_change_without_actor_fails_and_changes_nothing(factory):
    row = factory()
    before = type(row).objects.filter(pk=row.pk).values().get()
    setattr(row, TEXTS[type(row)], "diubah")
    with pytest.raises(NoActor, match="was written without an actor"):
        row.save()
    assert type(row).objects.filter(pk=row.pk).values().get() == before
    assert row.history.count() == 1


@pytest.mark.integration
@pytest.mark.django_db
def test_row_without_actor_is_not_written():
    with pytest.raises(NoActor):
        Unit.objects.create(code="dinas-gaib", name="Dinas Gaib", kind=Unit.Kind.AGENCY)
    assert not Unit.objects.filter(code="dinas-gaib").exists()


@pytest.mark.integration
@pytest.mark.django_db
def test_row_without_actor_is_not_written_even_without_a_version():
    unit: Any = Unit(code="dinas-gaib", name="Dinas Gaib", kind=Unit.Kind.AGENCY)
    with pytest.raises(NoActor):
        unit.save_without_historical_record()
    assert not Unit.objects.filter(code="dinas-gaib").exists()


@pytest.mark.integration
@pytest.mark.django_db
@every_governed_model
def test_version_names_the_actor(factory, system):
    row, clerk = factory(), UserFactory()
    with acting_as(clerk):
        row.save()
    changed, created = row.history.all()
    assert (created.history_type, created.history_user) == ("+", system)
    assert (changed.history_type, changed.history_user) == ("~", clerk)


@pytest.mark.integration
@pytest.mark.django_db
def test_versions_of_people_hold_no_password():
    recorded = {field.name for field in User.history.model._meta.get_fields()}
    assert recorded & {"password", "last_login"} == set()


@pytest.mark.unit
def test_nobody_acts_at_first():
    assert current_actor() is None


@pytest.mark.unit
def test_nested_actor_gives_way_to_the_outer_one():
    clerk, head = User(username="staf"), User(username="kepala")
    with acting_as(clerk):
        with acting_as(head):
            assert current_actor() is head
        assert current_actor() is clerk
    assert current_actor() is None


@pytest.mark.unit
def test_actor_gives_way_after_an_error():
    with pytest.raises(ZeroDivisionError), acting_as(User(username="staf")):
        _ = 1 / 0
    assert current_actor() is None


@pytest.mark.unit
def test_thread_does_not_inherit_the_actor():
    seen = []
    with acting_as(User(username="staf")):
        thread = threading.Thread(target=lambda: seen.append(current_actor()))
        thread.start()
        thread.join()
    assert seen == [None]


@pytest.mark.unit
def test_threads_do_not_share_actors():
    seen, together = {}, threading.Barrier(8, timeout=10)

    def act(number):
        with acting_as(User(name_plain=f"Pegawai {number}")):
            together.wait()
            seen[number] = str(current_actor())
            together.wait()

    threads = [threading.Thread(target=act, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == {number: f"Pegawai {number}" for number in range(8)}


@pytest.mark.unit
def test_verb_outside_a_transaction_fails():
    with pytest.raises(NoTransaction, match=r"say_who needs the caller's transaction"):
        say_who(User(username="staf"))
    assert current_actor() is None


@pytest.mark.integration
@pytest.mark.django_db
def test_verb_acts_as_its_first_argument():
    clerk, head = User(username="staf"), User(username="kepala")
    with transaction.atomic(), acting_as(head):
        assert say_who(clerk, greeting="Apa kabar") == (clerk, "Apa kabar")
        assert current_actor() is head


@pytest.mark.unit
def test_verb_keeps_its_name_and_words():
    assert say_who.__name__ == "say_who"
