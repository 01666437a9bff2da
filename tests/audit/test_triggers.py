"""The triggers are made, counted at the start, and made anew."""

import pytest
from django.core.management import call_command
from django.core.management.base import BaseCommand, SystemCheckError
from django.db import DatabaseError, connection, transaction

from accounts.acting import acting_as
from accounts.models import Unit
from audit import triggers
from audit.models import Entry, JournalRow
from tests.accounts.factories import UnitFactory, system_account
from tests.house.databases import triggers_lifted

pytestmark = [pytest.mark.integration, pytest.mark.django_db]


def drop(name):
    """Trigger names are told with their table where they are unique within it alone."""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER {name.replace(' ', ' ON ')}")


def start():
    BaseCommand().check(tags=["watch"], include_deployment_checks=True, databases=["default"])


def test_all_triggers_are_there_after_migrating():
    assert triggers.faults(connection) == []
    start()


def test_start_is_refused_while_one_trigger_is_missing_and_migrate_makes_it_anew():
    name = next(iter(triggers.expected(connection)))
    drop(name)
    assert triggers.faults(connection) == [name]
    with pytest.raises(SystemCheckError, match="1 triggers of the journal are missing or changed"):
        start()
    call_command("migrate", verbosity=0)
    assert triggers.faults(connection) == []


def test_migrate_makes_nothing_good_that_was_changed_while_a_trigger_was_gone():
    unit = UnitFactory()
    with triggers_lifted():
        Unit.objects.filter(pk=unit.pk).update(short_name="X")
    drop(next(iter(triggers.expected(connection))))
    before = JournalRow.objects.count()
    call_command("migrate", verbosity=0)
    assert (triggers.faults(connection), JournalRow.objects.count()) == ([], before)


def test_write_without_an_actor_is_refused_and_one_with_an_actor_is_journalled():
    unit = UnitFactory()
    with pytest.raises(DatabaseError, match="written without an actor"), transaction.atomic():
        Unit.objects.filter(pk=unit.pk).update(short_name="X")
    with acting_as(system_account()):
        Unit.objects.filter(pk=unit.pk).update(short_name="X")
    row = JournalRow.objects.filter(relation="accounts_unit", row_key=str(unit.pk)).last()
    assert (row.operation, row.actor) == ("U", system_account().pk)
    assert '"short_name"' in row.content


def test_update_that_changes_nothing_leaves_no_row():
    unit = UnitFactory()
    before = JournalRow.objects.count()
    with acting_as(system_account()):
        Unit.objects.filter(pk=unit.pk).update(name=unit.name)
    assert JournalRow.objects.count() == before


@pytest.mark.parametrize("model", [Entry, JournalRow])
def test_ledger_and_journal_are_written_once(model):
    UnitFactory()
    with pytest.raises(DatabaseError, match="is written once"), transaction.atomic():
        model.objects.filter(pk=model.objects.last().pk).delete()
    with pytest.raises(DatabaseError, match="is written once"), transaction.atomic():
        model.objects.filter(pk=model.objects.last().pk).update(micros=1)


def test_savepoint_that_is_undone_takes_the_name_of_the_actor_with_it():
    unit = UnitFactory()
    with acting_as(system_account()):
        try:
            with transaction.atomic():
                Unit.objects.filter(pk=unit.pk).update(short_name="A")
                raise ValueError
        except ValueError:
            pass
        Unit.objects.filter(pk=unit.pk).update(short_name="B")
    row = JournalRow.objects.filter(relation="accounts_unit", row_key=str(unit.pk)).last()
    assert row.actor == system_account().pk
