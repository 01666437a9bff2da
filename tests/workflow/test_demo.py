"""The demo's stories are told side by side, day by day, and once."""

import io

import pytest
from django.core.management import CommandError, call_command
from django.db.migrations.recorder import MigrationRecorder

from innovations.models import Innovation
from legal_basis.models import Consequence, Instrument
from notifications.models import Message

pytestmark = [
    pytest.mark.integration,
    pytest.mark.postgresql_by_day,
    pytest.mark.usefixtures("system", "db"),
]


@pytest.fixture(autouse=True)
def places(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.PKI_DIR = tmp_path / "pki"


def demo():
    out = io.StringIO()
    call_command("demo", "--count", "2", stdout=out)
    return [line for line in out.getvalue().splitlines() if line.startswith("INV-")]


def test_demo_tells_what_happened_earlier_first_and_nothing_twice():
    told, again = demo(), demo()

    days = [message.created.date() for message in Message.objects.order_by("pk")]
    assert (len(told), again, Innovation.objects.count()) == (2, [], 2)
    purposes = Instrument.objects.order_by("pk").values_list("purpose", flat=True)
    assert sorted(purposes) == ["amend", "revoke", "stipulate", "stipulate"]
    assert set(Instrument.objects.values_list("status", flat=True)) == {"issued"}
    assert Consequence.objects.count() == 6
    assert len(set(days)) > 10
    assert days == sorted(days)


def test_demo_before_migrate_is_a_sentence():
    applied = MigrationRecorder.Migration.objects.filter(app="workflow")
    applied.filter(pk=applied.latest("pk").pk).delete()

    with pytest.raises(CommandError, match=r"manage\.py migrate"):
        demo()
