import pytest
from django.apps import apps
from django.db import IntegrityError, models, transaction

from accounts.acting import NoActor, acting_as
from approvals.models import (
    CalendarDay,
    CalendarDecree,
    ClockPause,
    Lapse,
    Override,
    Refusal,
    Remark,
    Seat,
    SectionText,
    SignOff,
    SignOffPolicy,
    WorkingWeek,
)
from tests.accounts.factories import OfficeFactory, UnitFactory, UserFactory
from tests.approvals.calendar_factories import (
    CalendarDayFactory,
    CalendarDecreeFactory,
    ClockPauseFactory,
    DueChangeFactory,
    WorkingWeekFactory,
)
from tests.approvals.factories import (
    LapseFactory,
    OverrideFactory,
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
    Lapse: LapseFactory,
    Override: OverrideFactory,
    Remark: RemarkFactory,
    CalendarDecree: CalendarDecreeFactory,
    CalendarDay: CalendarDayFactory,
    WorkingWeek: WorkingWeekFactory,
    ClockPause: ClockPauseFactory,
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


@pytest.mark.parametrize(
    "kinds", [(), ("office", "unit"), ("unit", "person"), ("office", "person")]
)
def test_seat_is_of_an_office_a_unit_or_a_person(kinds):
    made = {"office": OfficeFactory, "unit": UnitFactory, "person": UserFactory}
    whose = {kind: make() if kind in kinds else None for kind, make in made.items()}
    with pytest.raises(IntegrityError), transaction.atomic():
        SeatFactory(**whose)


def test_seat_is_answered_once_a_round():
    first = SignOffFactory()
    SignOffFactory(seat=first.seat, round=2)
    with pytest.raises(IntegrityError), transaction.atomic():
        SignOffFactory(seat=first.seat)
    assert first.seat.sign_offs.count() == 2


def test_earlier_signer_is_asked_again_once_in_a_stage_beside_its_own_seats():
    seat, earlier = SeatFactory(), SignOffFactory()
    SeatFactory(task=seat.task, reconfirms=earlier)
    SeatFactory(task=seat.task, reconfirms=SignOffFactory())
    SeatFactory(reconfirms=earlier)
    with pytest.raises(IntegrityError), transaction.atomic():
        SeatFactory(task=seat.task, reconfirms=earlier)


def test_sign_off_lapses_once():
    lapse = LapseFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        LapseFactory(sign_off=lapse.sign_off)


def test_stage_of_a_case_has_one_letter_for_mandates():
    override = OverrideFactory()
    OverrideFactory(process=override.process, stage="publication")
    OverrideFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        OverrideFactory(process=override.process)


def test_seat_says_whose_it_is():
    person = UserFactory(name_plain="Siti Rahayu", title_suffix="S.KM.")
    of_office = SeatFactory(office__title="Kepala Puskesmas Gantung", case_code="INV-2026-0042")
    of_person = SeatFactory(office=None, person=person)
    of_unit = SeatFactory(office=None, unit=UnitFactory(name="Dinas Kesehatan"))
    assert of_office.holder_label == "Kepala Puskesmas Gantung"
    assert of_unit.holder_label == "Dinas Kesehatan"
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
    lapse = LapseFactory(sign_off=sign_off)
    assert str(lapse) == "Plh. Bupati: Returned for revision: Taken back by its author"
    assert str(OverrideFactory(basis_number="100/1")) == "signing: 100/1"
    assert str(SectionText(hash="0123456789abcdef", section="design")) == "design 0123456789ab"


def test_refusal_is_kept_without_a_history():
    person = UserFactory()
    with acting_as(person):
        refusal = Refusal.objects.create(person=person, path="/cases/INV-2026-0042/", reason="x")
    assert not hasattr(refusal, "history")
    assert str(refusal).endswith(" /cases/INV-2026-0042/")


def test_move_of_a_due_date_is_never_deleted():
    change = DueChangeFactory()
    with pytest.raises(models.ProtectedError):
        change.delete()


@pytest.mark.parametrize("cause", ["none", "two"])
def test_move_of_a_due_date_has_one_cause(cause):
    causes = {"decree": None} if cause == "none" else {"pause": ClockPauseFactory()}
    with pytest.raises(IntegrityError), transaction.atomic():
        DueChangeFactory(**causes)


def test_decree_is_entered_once():
    decree = CalendarDecreeFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        CalendarDecreeFactory(number=decree.number, date=decree.date)


@pytest.mark.parametrize("unit", [None, "own"])
def test_decree_names_a_day_once_for_a_unit_and_once_for_everybody(unit):
    row = CalendarDayFactory(unit=UnitFactory() if unit else None)
    CalendarDayFactory(decree=row.decree, unit=UnitFactory())
    with pytest.raises(IntegrityError), transaction.atomic():
        CalendarDayFactory(decree=row.decree, unit=row.unit)


def test_stage_has_one_pause_at_a_time():
    pause = ClockPauseFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        ClockPauseFactory(task=pause.task)


def test_pause_for_another_reason_needs_a_sentence():
    with pytest.raises(IntegrityError), transaction.atomic():
        ClockPauseFactory(kind="other", note="")
