"""Who sees how cases travel, and what the page and its downloads answer."""

import json

import pytest
from django.urls import reverse

from audit.hashing import sha256
from audit.models import Entry
from audit.process.tables import PARTS
from tests.accounts.factories import AppointmentFactory, OfficeFactory, UserFactory
from tests.audit.process.factories import REJECTED, REVISED, answered, asked, travelled

pytestmark = [pytest.mark.integration, pytest.mark.one_database, pytest.mark.django_db]


@pytest.fixture
def client(client):
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    client.force_login(AppointmentFactory(office=OfficeFactory(sees_all_cases=True)).user)
    return client


@pytest.fixture
def case():
    case = travelled(*REJECTED, code="INV-A")
    answered(asked(case, "completeness"), 4)
    return case


def text(answer):
    return answer.content.decode()


@pytest.mark.parametrize("part", PARTS)
def test_part_is_shown_within_the_budget_whatever_the_number_of_cases(
    client, case, part, django_assert_max_num_queries
):
    for number in range(3):
        travelled(*REVISED, code=f"INV-{number}")
    # Of these the frame of the page and the entry that somebody read it take eleven.
    with django_assert_max_num_queries(24):
        answer = client.get(reverse("audit_process_part", args=[part]))
    assert answer.status_code == 200
    assert len(answer.context["tables"]) == {"conformance": 2, "variants": 2}.get(part, 3)


def test_page_names_stage_norm_and_lateness(client, case):
    rows = {
        table.key: table.rows for table in client.get(reverse("audit_process")).context["tables"]
    }
    assert rows["stages"] == [["Completeness check", 1, 0, 1, 1, 1, 4, 4, "3", 1.0]]


def test_example_leads_to_its_case(client, case):
    assert reverse("case", args=["INV-A"]) in text(client.get("/audit/process/variants/"))


def test_filters_leave_the_cases_of_the_days_and_the_unit(client, case):
    def shown(**query):
        answer = client.get(reverse("audit_process_part", args=["variants"]), query)
        return [row[-1] for row in answer.context["tables"][0].rows]

    assert shown(since="2026-03-02", until="2026-03-02") == ["INV-A"]
    assert shown(since="2026-03-03") == shown(until="2026-03-01") == []
    assert shown(unit=str(case.innovation.owning_unit_id)) == ["INV-A"]
    assert shown(unit=str(OfficeFactory().unit_id)) == []
    assert shown(flow="monitoring") == []


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ({"since": "2026-02-30"}, "Begun from: write the day as 2026-11-23."),
        ({"until": "besok"}, "Begun until: write the day as 2026-11-23."),
        ({"until": "0001-01-01"}, "Begun until: write the day as 2026-11-23."),
        ({"since": "2026-03-02", "until": "2026-03-01"}, "choose a day after the first one"),
    ],
)
def test_days_that_are_none_are_told_and_kept(client, query, sentence):
    answer = client.get(reverse("audit_process"), query)
    assert answer.status_code == 422
    assert sentence in text(answer)
    assert f'value="{query["until" if "until" in query else "since"]}"' in text(answer)


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_table_is_downloaded(client, case, form):
    answer = client.get(reverse("audit_process_table", args=["times", "stages", form]))
    assert answer.status_code == 200
    assert f"payung-times-stages.{form}" in answer["Content-Disposition"]


@pytest.mark.parametrize(
    "place", ["nothing/stages.csv", "times/nothing.csv", "times/stages.pdf", "nothing/"]
)
def test_what_does_not_exist_is_not_found(client, place):
    assert client.get(f"/audit/process/{place}").status_code == 404


def test_log_is_a_file_whose_hash_is_in_the_ledger(client, case):
    answer = client.post(reverse("audit_process_log", args=["ocel.json"]))
    data = b"".join(answer.streaming_content).decode()
    entry = Entry.objects.get(kind="export")
    assert json.loads(entry.payload)["sha256"] == sha256(data)
    assert {one["type"] for one in json.loads(data)["objects"]} >= {"case", "innovation"}


def test_secretariat_sees_it(client):
    office = OfficeFactory(code="sekretariat-inovasi-1")
    client.force_login(AppointmentFactory(office=office).user)
    assert client.get(reverse("audit_process")).status_code == 200


def test_others_are_refused_everywhere(client, case):
    client.force_login(UserFactory())
    answers = [
        client.get(reverse("audit_process")),
        client.get(reverse("audit_process_table", args=["times", "stages", "csv"])),
        client.post(reverse("audit_process_log", args=["xes"])),
    ]
    assert [answer.status_code for answer in answers] == [403, 403, 403]
    assert not Entry.objects.filter(kind="export").exists()
