import datetime

import pytest
import time_machine
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from notifications.jobs import beat

pytestmark = [pytest.mark.integration, pytest.mark.django_db]


def test_health_of_a_well_house(client, django_assert_num_queries):
    beat("one")
    with django_assert_num_queries(2):
        response = client.get(reverse("healthz"))
    assert response.status_code == 200
    assert response.json() == {
        "status": "ok",
        "checks": {"database": "ok", "worker": "ok", "storage": "ok", "anchoring": "ok"},
    }
    assert "no-store" in response["Cache-Control"]


def test_health_without_a_worker_says_so(client):
    response = client.get(reverse("healthz"))
    assert response.status_code == 503
    assert response.json()["status"] == "failing"
    assert response.json()["checks"]["worker"] == "no worker has been seen"


def test_health_with_a_silent_worker_says_since_when(client):
    beat("one")
    with time_machine.travel(timezone.now() + datetime.timedelta(seconds=121), tick=False):
        response = client.get(reverse("healthz"))
    assert response.status_code == 503
    assert response.json()["checks"]["worker"] == "the last worker was seen 121 seconds ago"


def test_health_without_storage_says_so(client, settings, tmp_path):
    beat("one")
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    settings.MEDIA_ROOT = blocked
    response = client.get(reverse("healthz"))
    assert response.status_code == 503
    assert response.json()["checks"]["storage"].startswith("the storage is not writable")


def test_health_leaves_nothing_in_the_storage(client, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "files"
    client.get(reverse("healthz"))
    assert list((tmp_path / "files").iterdir()) == []


@pytest.mark.django_db(transaction=True)
def test_health_without_a_table_is_unwell_and_no_error(client):
    with connection.schema_editor() as editor:
        editor.execute("ALTER TABLE notifications_heartbeat RENAME TO away")
    try:
        response = client.get(reverse("healthz"))
    finally:
        with connection.schema_editor() as editor:
            editor.execute("ALTER TABLE away RENAME TO notifications_heartbeat")
    assert response.status_code == 503
    assert response.json()["checks"] == {
        "database": "ok",
        "worker": "the database does not answer",
        "storage": "ok",
        "anchoring": "ok",
    }


def test_health_is_only_read(client):
    assert client.post(reverse("healthz")).status_code == 405
