"""The screens of policies: who enters, what is kept, and two administrators from end to end."""

from dataclasses import replace

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from approvals.models import Refusal, SignOffPolicy
from approvals.policy_versions import current_versions, version_in_use
from notifications.delivery import deliver_pending
from notifications.models import Message
from tests.regency import case_at, person
from tests.workflow.governing import (
    FIRST,
    REASON,
    SECOND,
    adopted,
    in_use,
    proposed,
    sent,
    typed,
)
from workflow.policy_entries import ConditionEntry, GroupEntry

pytestmark = [
    pytest.mark.integration,
    pytest.mark.one_database,
    pytest.mark.usefixtures("regency", "db", "english"),
]

NEW = "/policies/commitment/new/"


def browser(username: str) -> Client:
    """A browser of an administrator of the policies, in English."""
    client = Client(headers={"accept-language": "en"})
    client.force_login(person(username))
    return client


def rich_only() -> dict[str, list[str]]:
    """What the editor sends: the regional secretary signs large sums alone."""
    entries = typed("commitment")
    entries.groups[2].when = [ConditionEntry("amount", "at_least", "500.000.000")]
    return sent(entries)


@pytest.mark.parametrize("path", ["/policies/", "/policies/signing/", NEW, "/policies/signing/1/"])
def test_nobody_enters_without_the_right(path):
    client = Client(headers={"accept-language": "en"})
    client.force_login(person("bupati"))

    for reply in (client.get(path), client.post(path, {"approve": "1"})):
        assert reply.status_code in (403, 405)
    assert client.get(path).status_code == 403
    assert "Only administrators of the sign-off policies" in client.get(path).content.decode()
    assert set(Refusal.objects.values_list("path", flat=True)) == {path}


@pytest.mark.parametrize(
    "path", ["/policies/harvest/", "/policies/harvest/new/", "/policies/signing/7/"]
)
def test_what_does_not_exist_is_not_found(path):
    assert browser(FIRST).get(path).status_code == 404


def test_list_says_every_stage_in_sentences_and_what_waits():
    proposed("signing", replace(in_use("signing"), working_days=9))

    page = browser(FIRST).get("/policies/").content.decode()

    assert "First one of: Kepala Bidang Perencanaan" in page
    assert "Bupati Belitung Timur – as the last word." in page
    assert page.count("A proposal waits") == 1
    # Thirteen stages, and the way here from the other pages of administrators.
    assert page.count('href="/policies/') == 14


def test_stage_tells_the_story_of_every_version_and_how_many_cases_use_it():
    case_at("completeness")
    adopted("signing", replace(in_use("signing"), working_days=9))
    proposed("signing", replace(in_use("signing"), working_days=11))

    reply = browser(FIRST).get("/policies/signing/")

    lines = reply.context["lines"]
    assert [(line.policy.version, line.state, line.running) for line in lines] == [
        (3, "proposed", 0),
        (2, "active", 0),
        (1, "earlier", 1),
    ]
    page = reply.content.decode()
    assert f"Proposed by {person(FIRST)}" in page
    assert f"Approved by {person(SECOND)}" in page
    assert "Came with the installation" in page
    assert "1 running case goes by it." in page
    assert REASON in page


def test_any_two_versions_are_compared():
    adopted("signing", replace(in_use("signing"), working_days=9))
    client = browser(FIRST)

    reply = client.get("/policies/signing/?a=1&b=2")

    assert [row["new"] for row in reply.context["compared"]["changes"]] == ["9 working days."]
    assert "From version 1 to version 2" in reply.content.decode()
    for query in ("?a=1", "?a=1&b=9", "?a=x&b=1", "?a=1&b=99999999999999999999999"):
        assert client.get(f"/policies/signing/{query}").context["compared"] is None


def test_editor_opens_with_the_version_in_use_or_the_one_asked_for():
    adopted("signing", replace(in_use("signing"), working_days=9))
    client = browser(FIRST)

    for query, days in (("", "9"), ("?from=1", "3"), ("?from=x", "9"), ("?from=44", "9")):
        form = client.get(f"/policies/signing/new/{query}").context["form"]
        assert form["working_days"].value() == days


def test_buttons_of_the_editor_keep_what_was_typed_and_write_nothing():
    client = browser(FIRST)
    before = SignOffPolicy.objects.count()

    reply = client.post(NEW, rich_only() | {"do": "2:up", "working_days": "tujuh"})

    form = reply.context["form"]
    assert (reply.status_code, reply.context["focus"]) == (200, "group-2")
    assert [group.entry.members for group in form.groups] == [
        ["@owning_unit_head"],
        ["sekda"],
        ["kepala-bpkpd"],
    ]
    assert form.groups[1].conditions[0]["value"].value() == "500.000.000"
    assert (form["working_days"].value(), form["reason"].value()) == ("tujuh", REASON)
    assert "field-error" not in reply.content.decode()
    assert SignOffPolicy.objects.count() == before


def test_faults_are_told_and_what_was_typed_is_kept():
    entries = typed("commitment")
    entries.groups[1] = GroupEntry("n_of_m", ["kepala-bpkpd"], need="3")
    entries.working_days = "tujuh"

    reply = browser(FIRST).post(NEW, sent(entries) | {"preview": "1"})

    page = reply.content.decode()
    assert reply.status_code == 422
    assert "This is not a whole number. Type digits only." in page
    assert 'value="tujuh"' in page
    entries.working_days = "7"
    reply = browser(FIRST).post(NEW, sent(entries) | {"preview": "1"})
    assert 'href="#group-2">Group 2: 3 of 1 can never be met.</a>' in reply.content.decode()


def test_preview_shows_changes_warnings_and_rehearsal_and_writes_nothing():
    case_at("drafting")
    before = SignOffPolicy.objects.count()

    reply = browser(FIRST).post(NEW, rich_only() | {"preview": "1"})

    page = reply.content.decode()
    assert reply.status_code == 200
    assert "only where the committed money is at least" in " ".join(page.split())
    assert "In 1 case it would no longer ask somebody." in page
    assert 'name="propose"' in page
    assert SignOffPolicy.objects.count() == before


def test_preview_goes_back_to_the_entries_as_they_were():
    client = browser(FIRST)
    shown = client.post(NEW, rich_only() | {"preview": "1"})
    passed_on: dict[str, list[str]] = {}
    for name, value in shown.context["posted"]:
        passed_on.setdefault(name, []).append(value)

    again = client.post(NEW, passed_on | {"change": "1"})

    assert passed_on == rich_only()
    assert again.status_code == 200
    assert again.context["form"].groups[2].conditions[0]["value"].value() == "500.000.000"


def test_version_that_changes_nothing_is_refused_when_it_is_proposed():
    reply = browser(FIRST).post(NEW, sent(typed("commitment")) | {"propose": "1"})

    assert reply.status_code == 422
    assert "Nothing differs from the version in use." in reply.content.decode()


def test_two_administrators_change_a_policy_from_end_to_end():
    first, second = browser(FIRST), browser(SECOND)
    case_at("drafting")

    reply = first.post(NEW, rich_only() | {"propose": "1"})
    assert (reply.status_code, reply.url) == (302, "/policies/commitment/2/")

    deliver_pending()
    message = Message.objects.get(recipient=person(SECOND), event="policy_proposed")
    opened = second.get(f"/messages/{message.pk}/", follow=True)
    assert opened.redirect_chain[-1][0] == "/policies/commitment/2/"
    page = opened.content.decode()
    assert "What it would have done" in page
    assert 'name="approve"' in page

    own = first.get("/policies/commitment/2/").content.decode()
    assert 'name="approve"' not in own
    forced = first.post("/policies/commitment/2/", {"approve": "1"})
    assert forced.status_code == 403
    assert version_in_use("commitment").version == 1

    done = second.post("/policies/commitment/2/", {"approve": "1"})
    assert (done.status_code, done.url) == (302, "/policies/commitment/")
    assert current_versions()["commitment"] == 2
    twice = second.post("/policies/commitment/2/", {"approve": "1"})
    assert twice.status_code == 409
    assert Message.objects.filter(recipient=person(FIRST), event="policy_approved").count() == 1


def test_refusal_wants_a_reason_and_keeps_the_proposal_until_then():
    proposed("signing", replace(in_use("signing"), working_days=9))
    client = browser(SECOND)

    reply = client.post("/policies/signing/2/", {"refuse": "1", "reason": "  "})
    assert reply.status_code == 422
    assert "say in a sentence why you refuse it" in reply.content.decode()

    reply = client.post("/policies/signing/2/", {"refuse": "1", "reason": "Terlalu lama."})
    assert reply.status_code == 302
    page = client.get("/policies/signing/2/").content.decode()
    assert "Terlalu lama." in page
    assert 'name="approve"' not in page
    assert "/policies/signing/new/?from=2" in page


def test_pages_of_administrators_lead_to_the_policies_and_back():
    client = Client()
    client.force_login(person("bupati"))

    administrators = browser(FIRST)
    assert 'href="/policies/"' in administrators.get("/authority/").content.decode()
    assert 'href="/authority/"' in administrators.get("/policies/").content.decode()
    assert 'href="/policies/"' not in client.get("/authority/").content.decode()


@pytest.mark.parametrize(
    ("path", "ceiling"),
    [("/policies/", 12), ("/policies/signing/", 14), (NEW, 12), ("/policies/signing/1/", 14)],
)
@pytest.mark.parametrize("versions", [1, 12])
def test_pages_stay_under_their_ceiling_at_any_number_of_versions(path, ceiling, versions):
    for days in range(4, 4 + versions):
        adopted("signing", replace(in_use("signing"), working_days=days))
    client = browser(FIRST)
    client.get(path)

    with CaptureQueriesContext(connection) as queries:
        assert client.get(path).status_code == 200

    assert len(queries) <= ceiling
