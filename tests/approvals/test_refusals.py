import datetime

import pytest

from approvals.refusals import (
    AlreadyDecided,
    Busy,
    Changed,
    Claimed,
    NotAllowed,
    NotFound,
    Refused,
)
from tests.approvals.factories import RETURN, SignOffFactory


@pytest.mark.unit
@pytest.mark.parametrize(
    ("refusal", "status"),
    [
        (Refused, 409),
        (Changed, 409),
        (Busy, 409),
        (Claimed, 409),
        (NotAllowed, 403),
        (NotFound, 404),
    ],
)
def test_refusal_carries_its_sentence_and_status(refusal, status):
    error = refusal("Nobody holds the office today.")
    assert (error.sentence, str(error), error.status) == (
        "Nobody holds the office today.",
        "Nobody holds the office today.",
        status,
    )


@pytest.mark.integration
@pytest.mark.django_db
@pytest.mark.usefixtures("english")
def test_already_decided_says_who_and_when_in_local_time():
    sign_off = SignOffFactory(
        capacity="Plh. Sekretaris Daerah",
        person__name_plain="Siti Rahayu",
        person__title_prefix="Dr.",
        outcome=RETURN,
        decided_at=datetime.datetime(2026, 3, 9, 17, 5, tzinfo=datetime.UTC),
    )
    error = AlreadyDecided(sign_off)
    assert error.sentence == (
        "Plh. Sekretaris Daerah (Siti Rahayu) decided this on 10 March 2026 at 00.05: "
        "Returned for revision."
    )
    assert (error.status, error.sign_off) == (409, sign_off)
