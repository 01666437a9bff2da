import datetime

import pytest
from django.core.management import call_command
from django.db import IntegrityError, models, transaction

from accounts.acting import acting_as
from accounts.models import Appointment, NeverDeleted, Unit, User
from tests.accounts.factories import (
    PASSWORD,
    AppointmentFactory,
    OfficeFactory,
    UnitFactory,
    UserFactory,
)

every_kind_of_row = pytest.mark.parametrize(
    "factory",
    [UserFactory, UnitFactory, OfficeFactory, AppointmentFactory],
    ids=lambda factory: factory._meta.model.__name__,
)


@pytest.mark.integration
@pytest.mark.django_db
@every_kind_of_row
def test_row_is_never_deleted(factory, system):
    row = factory()
    with pytest.raises(models.ProtectedError, match="rows are never deleted"), acting_as(system):
        row.delete()
    assert type(row).objects.filter(pk=row.pk).exists()


@pytest.mark.integration
@pytest.mark.django_db
@every_kind_of_row
def test_rows_of_a_queryset_are_never_deleted(factory, system):
    row = factory()
    with pytest.raises(models.ProtectedError), transaction.atomic(), acting_as(system):
        type(row).objects.filter(pk=row.pk).delete()
    assert type(row).objects.filter(pk=row.pk).exists()


@pytest.mark.integration
@pytest.mark.django_db
def test_queryset_of_nothing_deletes_nothing():
    assert Unit.objects.none().delete() == (0, {})


@pytest.mark.integration
@pytest.mark.django_db
def test_holder_and_office_are_kept_by_their_appointment(system):
    appointment = AppointmentFactory()
    for row in (appointment.user, appointment.office):
        with pytest.raises(models.ProtectedError), acting_as(system):
            type(row).objects.filter(pk=row.pk).delete()
    assert Appointment.objects.get() == appointment


@pytest.mark.unit
def test_every_model_of_people_and_offices_is_never_deleted():
    assert all(issubclass(f._meta.model, NeverDeleted) for f in every_kind_of_row.args[1])


@pytest.mark.unit
@pytest.mark.parametrize(
    ("prefix", "plain", "suffix", "full"),
    [
        ("", "Siti Rahayu", "", "Siti Rahayu"),
        ("dr.", "Siti Rahayu", "", "dr. Siti Rahayu"),
        ("", "Siti Rahayu", "S.KM., M.Kes.", "Siti Rahayu, S.KM., M.Kes."),
        ("Dr. Ir.", "Siti Rahayu", "M.T.", "Dr. Ir. Siti Rahayu, M.T."),
        ("", "Sukarni", "", "Sukarni"),
    ],
)
def test_name_is_printed_with_and_without_titles(prefix, plain, suffix, full):
    person = User(name_plain=plain, title_prefix=prefix, title_suffix=suffix)
    assert person.get_full_name() == str(person) == full
    assert person.get_short_name() == plain


@pytest.mark.integration
@pytest.mark.django_db
def test_superuser_is_made_from_the_shell(monkeypatch, system):
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", PASSWORD)
    call_command(
        "createsuperuser",
        interactive=False,
        username="admin",
        name_plain="Siti Rahayu",
        email="admin@example.test",
        verbosity=0,
    )
    admin = User.objects.get_by_natural_key("admin")
    assert (admin.is_superuser, admin.is_active, admin.name_plain) == (True, True, "Siti Rahayu")
    assert admin.check_password(PASSWORD)
    assert admin.history.get().history_user == system


@pytest.mark.integration
@pytest.mark.django_db
def test_account_without_password_logs_nobody_in(system):
    with acting_as(system):
        person = User.objects.create_user("warga", name_plain="Warga")
    assert not person.has_usable_password()


@pytest.mark.integration
@pytest.mark.django_db
def test_account_name_is_stored_as_the_login_page_reads_it(system):
    with acting_as(system):
        person = User.objects.create_user("ﬁtri", name_plain="Fitri")
    assert person.username == "fitri"


@pytest.mark.integration
@pytest.mark.django_db
def test_system_account_logs_nobody_in():
    system = User.objects.system()
    assert (system.username, system.is_active) == ("sistem", False)
    assert not system.has_usable_password()


@pytest.mark.integration
@pytest.mark.django_db
def test_appointment_that_ends_before_it_starts_is_refused_by_the_database():
    with pytest.raises(IntegrityError), transaction.atomic():
        AppointmentFactory(start=datetime.date(2026, 2, 2), end=datetime.date(2026, 2, 1))


@pytest.mark.integration
@pytest.mark.django_db
def test_second_head_of_a_unit_is_refused_by_the_database():
    head = OfficeFactory(is_head=True)
    OfficeFactory(unit=head.unit)
    OfficeFactory(is_head=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        OfficeFactory(unit=head.unit, is_head=True)


@pytest.mark.unit
@pytest.mark.usefixtures("english")
@pytest.mark.parametrize(
    ("capacity", "title"),
    [
        ("definitive", "Sekretaris Daerah"),
        ("plt", "Plt. Sekretaris Daerah"),
        ("plh", "Plh. Sekretaris Daerah"),
        ("pj", "Pj. Sekretaris Daerah"),
        ("pjs", "Pjs. Sekretaris Daerah"),
    ],
)
def test_appointment_title_carries_its_capacity(capacity, title):
    office = OfficeFactory.build(title="Sekretaris Daerah")
    person = User(name_plain="Siti Rahayu")
    appointment = Appointment(user=person, office=office, capacity=capacity)
    assert appointment.title == title
    assert str(appointment) == f"{title} (Siti Rahayu)"
