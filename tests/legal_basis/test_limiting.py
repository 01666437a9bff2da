import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
import time_machine
from django.http import HttpResponse
from django.test import RequestFactory
from django.urls import reverse

from legal_basis.limiting import address_of, limited, seconds_to_wait
from tests.house import ROOT

JSON = {"accept": "application/json"}
NOON = "2026-03-02T05:00:10+00:00"


@pytest.fixture(autouse=True)
def three_a_minute(settings, tmp_path):
    settings.PUBLIC_CHECKS_PER_MINUTE = 3
    settings.PUBLIC_CHECKS_DIR = tmp_path / "checks"


def ask(address="203.0.113.7", **headers):
    return RequestFactory().get("/verify/", REMOTE_ADDR=address, **headers)


@pytest.mark.unit
class TestCount:
    def test_fourth_request_of_a_minute_waits_for_its_end(self):
        with time_machine.travel(NOON, tick=False):
            waits = [seconds_to_wait(ask()) for _ in range(4)]
        assert waits == [0, 0, 0, 50]

    def test_next_minute_begins_anew_and_forgets_old_ones(self, settings):
        with time_machine.travel(NOON, tick=False) as clock:
            for _ in range(4):
                seconds_to_wait(ask())
            clock.shift(60)
            assert seconds_to_wait(ask()) == 0
            clock.shift(60)
            assert seconds_to_wait(ask()) == 0
        assert len(list(settings.PUBLIC_CHECKS_DIR.iterdir())) == 2

    def test_addresses_are_counted_apart_and_written_down_nowhere(self, settings):
        with time_machine.travel(NOON, tick=False):
            for _ in range(3):
                seconds_to_wait(ask())
            assert seconds_to_wait(ask("203.0.113.8")) == 0
        kept = [path.name for path in settings.PUBLIC_CHECKS_DIR.rglob("*") if path.is_file()]
        assert len(kept) == 2
        assert not any("203" in name for name in kept if len(name) < 32)

    def test_simultaneous_requests_are_each_counted_once(self, settings):
        settings.PUBLIC_CHECKS_PER_MINUTE = 100
        with time_machine.travel(NOON, tick=False), ThreadPoolExecutor(16) as pool:
            waits = list(pool.map(lambda _: seconds_to_wait(ask()), range(250)))
        assert sorted(waits) == [0] * 100 + [50] * 150

    def test_count_holds_over_processes(self, settings):
        settings.PUBLIC_CHECKS_PER_MINUTE = 100
        minute = int(time.time() // 60)
        script = (
            "import django; django.setup()\n"
            "from pathlib import Path\n"
            "from django.conf import settings\n"
            f"settings.PUBLIC_CHECKS_DIR = Path({str(settings.PUBLIC_CHECKS_DIR)!r})\n"
            "from legal_basis.limiting import _count\n"
            f"print(*[_count('203.0.113.7', {minute}) for _ in range(50)])\n"
        )
        command = [sys.executable, "-c", script]
        env = os.environ | {"DJANGO_SETTINGS_MODULE": "config.settings"}
        runs = [
            subprocess.Popen(command, cwd=ROOT, env=env, stdout=subprocess.PIPE, text=True)
            for _ in range(3)
        ]
        counts = [int(n) for run in runs for n in run.communicate()[0].split()]
        assert sorted(counts) == list(range(1, 151))

    def test_full_disk_refuses_nobody(self, settings, tmp_path):
        settings.PUBLIC_CHECKS_DIR = tmp_path / "file"
        settings.PUBLIC_CHECKS_DIR.write_text("")
        assert seconds_to_wait(ask()) == 0


@pytest.mark.unit
class TestAddress:
    def test_forwarded_header_is_nobodys_claim_without_a_trusted_proxy(self):
        assert address_of(ask(HTTP_X_FORWARDED_FOR="198.51.100.1")) == "203.0.113.7"

    @pytest.mark.parametrize(
        ("proxies", "found"), [(1, "198.51.100.2"), (2, "198.51.100.1"), (3, "203.0.113.7")]
    )
    def test_each_trusted_proxy_takes_one_address_from_the_end(self, settings, proxies, found):
        settings.TRUSTED_PROXIES = proxies
        forwarded = "198.51.100.1, 198.51.100.2"
        assert address_of(ask(HTTP_X_FORWARDED_FOR=forwarded)) == found

    def test_what_is_no_address_is_one_visitor(self, settings):
        settings.TRUSTED_PROXIES = 1
        assert address_of(ask(HTTP_X_FORWARDED_FOR="<script>")) == "unknown"

    @pytest.mark.parametrize(
        ("told", "found"),
        [
            ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
            ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
            ("::ffff:203.0.113.9", "203.0.113.9"),
        ],
    )
    def test_network_of_an_ipv6_address_is_one_visitor(self, told, found):
        assert address_of(ask(told)) == found


@pytest.mark.unit
def test_what_does_not_ask_is_not_counted():
    view = limited(lambda request: request.method == "POST")(lambda _request: HttpResponse("ok"))
    with time_machine.travel(NOON, tick=False):
        assert [view(ask()).status_code for _ in range(9)] == [200] * 9


@pytest.mark.integration
@pytest.mark.django_db
class TestPages:
    def statuses(self, client, method, address, **sent):
        with time_machine.travel(NOON, tick=False):
            answers = [getattr(client, method)(address, **sent) for _ in range(4)]
        return [answer.status_code for answer in answers], answers[-1]

    def test_search_by_number_is_refused_with_a_sentence_and_the_time(self, client):
        client.cookies["django_language"] = "en"
        found, last = self.statuses(client, "get", reverse("verify_search") + "?number=1")
        assert found == [200, 200, 200, 429]
        assert last["Retry-After"] == "50"
        assert "Try again in 50 seconds." in last.content.decode()

    def test_upload_is_refused(self, client):
        found, _last = self.statuses(client, "post", reverse("verify_search"))
        assert found == [422, 422, 422, 429]

    def test_hash_is_refused_as_json(self, client):
        client.cookies["django_language"] = "en"
        address = reverse("verify_sha256", args=["0" * 64])
        found, last = self.statuses(client, "get", address, headers=JSON)
        assert found == [200, 200, 200, 429]
        sentence = (
            "Too many checks came from your address within a minute. Try again in 50 seconds."
        )
        assert last.json() == {"error": sentence}

    def test_pages_without_a_question_are_free(self, client):
        for name in ("verify_search", "instruments"):
            assert self.statuses(client, "get", reverse(name))[0] == [200] * 4
