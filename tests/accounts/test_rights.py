from io import StringIO

import pytest
from django.apps import apps
from django.contrib.auth.models import Group
from django.core.management import CommandError, call_command
from django.db import transaction

from accounts import rights
from accounts.acting import NoActor
from accounts.models import User
from accounts.rights import (
    ADMINISTRATORS,
    dismiss_administrator,
    grant_administrators,
    make_administrator,
    may_appoint,
)
from tests.accounts.factories import UserFactory

pytestmark = [pytest.mark.integration, pytest.mark.django_db]


def fresh(person):
    """The person with no permission looked up yet."""
    return User.objects.get(pk=person.pk)


def test_migrating_makes_the_administrators():
    group = Group.objects.get(name=ADMINISTRATORS)
    codenames = sorted(one.codename for one in group.permissions.all())
    assert codenames == ["appoint", "change_calendar", "govern_policies"]


def test_floor_above_adds_a_permission_of_its_own(monkeypatch):
    monkeypatch.setattr(rights, "_administrators_may", {"accounts.appoint"})
    rights.administrators_may("workflow.follow_case")

    for app in ("accounts", "workflow", "workflow"):
        grant_administrators(apps.get_app_config(app))

    group = Group.objects.get(name=ADMINISTRATORS)
    names = {one.codename for one in group.permissions.all()}
    assert {"appoint", "follow_case"} <= names


def test_administrator_comes_and_goes_on_the_record(clerk, system):
    person = UserFactory()
    assert not may_appoint(person)

    make_administrator(clerk, person)
    make_administrator(clerk, person)
    assert may_appoint(fresh(person))

    dismiss_administrator(system, person)
    assert not may_appoint(fresh(person))
    versions = [
        (version.history_user, [row.group.name for row in version.groups.all()])
        for version in person.history.order_by("history_id")
    ]
    assert versions == [(system, []), (clerk, [ADMINISTRATORS]), (system, [])]


def test_nobody_becomes_administrator_by_nobody():
    person = UserFactory()
    with pytest.raises(NoActor), transaction.atomic():
        person.groups.add(Group.objects.get(name=ADMINISTRATORS))
    assert not may_appoint(fresh(person))


def test_inactive_administrator_appoints_nobody(clerk):
    clerk.is_active = False
    assert not may_appoint(clerk)


def test_command_makes_and_dismisses_an_administrator(system):
    person = UserFactory(username="siti")
    call_command("administrator", "siti", stdout=StringIO())
    assert may_appoint(fresh(person))

    told = StringIO()
    call_command("administrator", "siti", "--remove", stdout=told)
    assert not may_appoint(fresh(person))
    assert "no longer" in told.getvalue()


@pytest.mark.parametrize("username", ["tidak-ada", "sistem"])
def test_command_refuses_whoever_is_not_there(username):
    with pytest.raises(CommandError, match=username):
        call_command("administrator", username)
