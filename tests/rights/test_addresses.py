"""Every address × every kind of person."""

import json
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.urls import resolve, reverse
from simple_history.models import registered_models

from accounts.acting import acting_as
from approvals.models import Refusal
from audit.checks import is_recorded
from innovations.models import Innovation
from legal_basis.models import Instrument
from notifications.jobs import beat
from tests.accounts.factories import system_account

from .addresses import ANSWERS, PARTS, POSTED, names_of_the_site
from .kinds import KINDS
from .seats import assert_refused
from .world import World

pytestmark = [pytest.mark.integration, pytest.mark.one_database]

CELLS = [
    pytest.param(name, method, kind, cell, id=f"{name}-{method}-{kind}")
    for (name, method), cells in ANSWERS.items()
    for kind, cell in cells.items()
]
# What is written for a page is not what changes a case: sessions, drafts, looks, messages read.
PAGES = sorted({name for name, method in ANSWERS if method == "GET"})


def address(name: str, world: World) -> str:
    return reverse(name, args=PARTS.get(name, lambda _: [])(world))


def ask(world: World, username: str, name: str, method: str) -> Any:
    """One request."""
    client, url = world.client(username), address(name, world)
    if method == "GET":
        response: Any = client.get(url)
    elif name == "proposal_save":
        response = client.post(url, json.dumps({"name": "X"}), content_type="application/json")
    else:
        response = client.post(url, POSTED.get(name, lambda _: {})(world))
    return read(response)


def read(response: Any) -> Any:
    """The answer with its file read to the end, which closes it."""
    if response.streaming:
        response.getvalue()
    return response


def test_every_address_of_the_site_has_a_row():
    assert {name for name, _method in ANSWERS} == names_of_the_site()


@pytest.mark.usefixtures("db")
@pytest.mark.parametrize(("name", "method", "kind", "cell"), CELLS)
def test_answer(world, name, method, kind, cell):
    if name == "instrument_retry":
        failed = {"status": Instrument.Status.FAILED, "failure": "Uji."}
        with acting_as(system_account()):
            Instrument.objects.filter(pk=world.instrument.pk).update(**failed)

    if name == "further":
        settled = Innovation.objects.filter(pk=world.issued.innovation_id)
        with acting_as(system_account()):
            settled.update(status=Innovation.Status.INSTITUTIONALISED)

    if name == "healthz":
        # The world may have been built minutes ago.
        beat("test")

    response = ask(world, KINDS[kind], name, method)

    if cell == "in":
        assert (response.status_code, response.url.split("?")[0]) == (302, reverse("login"))
    else:
        assert response.status_code == int(cell)
        assert name == "logout" or not response.get("Location", "").startswith(reverse("login"))
    if cell == "403":
        # A refusal names the case that it was about, if it was about one.
        code = resolve(response.request["PATH_INFO"]).kwargs.get("code", "")
        assert_refused(response, KINDS[kind], code)
    else:
        assert not Refusal.objects.exists()


def governed_rows() -> dict[str, int]:
    """How many rows there are of every recorded model, and how many versions: one query."""
    tables = []
    for model in filter(is_recorded, registered_models.values()):
        versions = getattr(model, model._meta.simple_history_manager_attribute).model
        tables += [model._meta.db_table, versions._meta.db_table]
    assert len(tables) > 40
    counts = ", ".join(f'(SELECT COUNT(*) FROM "{table}")' for table in tables)  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {counts}")
        return dict(zip(tables, cursor.fetchone(), strict=True))


@pytest.mark.usefixtures("db")
@pytest.mark.parametrize("kind", ["initiator", "drafter"])
@pytest.mark.parametrize("name", PAGES)
def test_reading_writes_no_governed_row(world, name, kind):
    client = world.client(KINDS[kind])
    url, before = address(name, world), governed_rows()

    read(client.get(url))

    assert governed_rows() == before


def test_every_model_that_is_recorded_is_counted():
    recorded = {model for model in apps.get_models() if is_recorded(model)}
    assert recorded <= set(registered_models.values())
