"""A draft goes to a body outside and comes back; meanwhile its clock stands still."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse

from accounts.offices import today
from approvals.models import ClockPause
from approvals.refusals import NotAllowed, NotFound, Refused
from legal_basis.drafting import current_instrument
from legal_basis.models import ExternalReview
from legal_basis.reviews import review_problem
from notifications.models import Message
from tests.accounts.files import samples
from tests.regency import RUNS_ALREADY, person, record_of
from workflow.external_reviews import send_out, take_back
from workflow.walking import next_seat, sign_one

pytestmark = [
    pytest.mark.integration,
    pytest.mark.one_database,
    pytest.mark.usefixtures("regency", "db", "english"),
]

WALKED = ["drafting", "initialling"]
DRAFTER, HEAD, STRANGER, INSPECTOR = "perancang1", "hukum", "perencanaan", "inspektur"
OUT = {
    "kind": "governor_review",
    "body": "Biro Hukum Provinsi",
    "sent_on": today(),
    "sent_letter": "180/12/HK",
}
ANSWER = {"returned_on": today(), "returned_letter": "188/7/BH", "result": "agreed"}


@pytest.fixture
def case(at):
    return at("drafting")


def out(case, username=DRAFTER, **changed):
    with transaction.atomic():
        return send_out(person(username), case.code, **OUT | changed)


def back(case, review, username=DRAFTER, **changed):
    with transaction.atomic():
        return take_back(person(username), case.code, review.pk, **ANSWER | changed)


def running(case):
    return ClockPause.objects.filter(process=case.pk, ended_at=None)


def test_draft_that_is_out_stops_the_clock_and_says_why(case):
    out(case)
    pause = running(case).get()
    assert (pause.kind, pause.note) == ("ministry", "Biro Hukum Provinsi, 180/12/HK")
    assert Message.objects.filter(event="clock_stopped").exists()


def test_clock_runs_again_when_the_last_answer_is_back(case):
    first, second = out(case), out(case, kind="harmonisation", body="Kanwil Kementerian Hukum")
    back(case, first)
    assert running(case).count() == 1
    back(case, second)
    assert running(case).count() == 0


def test_draft_that_is_out_has_a_problem_until_it_is_back(case):
    instrument = current_instrument(case.innovation)
    review = out(case)
    while_out = review_problem(instrument)
    back(case, review)
    assert while_out == (
        "Governor's review (fasilitasi) is under way at Biro Hukum Provinsi; its answer is not "
        "recorded."
    )
    assert review_problem(instrument) == ""


def test_refused_draft_is_sent_again(case):
    instrument = current_instrument(case.innovation)
    back(case, out(case), result="refused", note="Bertentangan dengan peraturan provinsi.")
    refused = review_problem(instrument)
    back(case, out(case))
    assert "refused" in refused
    assert review_problem(instrument) == ""


def test_required_review_is_missed(case, settings):
    settings.REQUIRED_REVIEWS = {"regent_decree": ["harmonisation"]}
    instrument = current_instrument(case.innovation)
    assert review_problem(instrument) == "Harmonisation by the ministry is still to be asked for."


@pytest.mark.parametrize("username", [STRANGER, INSPECTOR])
def test_only_the_legal_section_sends_and_takes_back(case, username):
    review = out(case)
    with pytest.raises(NotAllowed):
        out(case, username, kind="harmonisation")
    with pytest.raises(NotAllowed):
        back(case, review, username)


def test_head_of_the_legal_section_may_take_back_what_a_drafter_sent(case):
    assert back(case, out(case), HEAD).result == "agreed"


def test_draft_that_has_gone_on_is_not_sent(at):
    with pytest.raises(Refused):
        out(at("initialling"))


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"sent_on": today() + datetime.timedelta(days=1)}, "sent_on"),
        ({"kind": "governor_review"}, "kind"),
    ],
)
def test_sending_that_cannot_be_is_refused_by_field(case, changed, field):
    if field == "kind":
        out(case)
    with pytest.raises(ValidationError) as refused:
        out(case, **changed)
    assert list(refused.value.message_dict) == [field]


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"returned_on": today() - datetime.timedelta(days=1)}, "returned_on"),
        ({"result": "remarks"}, "note"),
    ],
)
def test_answer_that_cannot_be_is_refused_by_field(case, changed, field):
    review = out(case)
    with pytest.raises(ValidationError) as refused:
        back(case, review, **changed)
    assert list(refused.value.message_dict) == [field]


def test_answer_is_recorded_once(case):
    review = out(case)
    back(case, review)
    with pytest.raises(ValidationError):
        back(case, ExternalReview.objects.get(pk=review.pk))


def test_review_of_another_draft_is_not_found(case):
    review = out(case)
    with transaction.atomic(), pytest.raises(NotFound):
        take_back(person(DRAFTER), case.code, review.pk + 1, **ANSWER)


def test_page_leads_through_sending_and_answer(client, case):
    client.force_login(person(DRAFTER))
    address = reverse("reviews", args=[case.code])
    sent = client.post(address, OUT)
    review = ExternalReview.objects.get()
    letter = samples.upload("surat.pdf", samples.pdf())
    answered = client.post(address, ANSWER | {"review": review.pk, "letter": letter})
    review.refresh_from_db()
    assert (sent.status_code, answered.status_code) == (302, 302)
    assert (review.sent_letter, review.returned_letter) == ("180/12/HK", "188/7/BH")
    fetched = client.get(reverse("review_letter", args=[case.code, review.pk]))
    assert b"".join(fetched.streaming_content) == samples.pdf()


def test_page_keeps_what_was_typed_when_it_is_refused(client, case):
    client.force_login(person(DRAFTER))
    refused = client.post(reverse("reviews", args=[case.code]), OUT | {"sent_on": ""})
    assert refused.status_code == 422
    assert "Biro Hukum Provinsi" in refused.content.decode()


def test_reader_sees_where_the_draft_is_without_forms(client, case):
    out(case)
    client.force_login(person(INSPECTOR))
    html = client.get(reverse("reviews", args=[case.code])).content.decode()
    assert "Biro Hukum Provinsi" in html
    assert 'method="post" enctype' not in html


def test_draft_that_is_out_is_not_passed_on(case):
    out(case)
    with transaction.atomic(), pytest.raises(ValidationError, match="under way at Biro Hukum"):
        sign_one(case, next_seat(case), record_of(RUNS_ALREADY))
