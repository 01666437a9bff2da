"""Stamps of an authority outside over the statement of a checkpoint."""

import base64
import hashlib

import pytest

from audit.anchors import AnchorFailed, timestamp
from audit.checkpoints import make_checkpoint
from tests.audit.entering import enter
from tests.legal_basis.stamps import outside_authority

pytestmark = [pytest.mark.integration, pytest.mark.django_db, pytest.mark.one_database]


@pytest.fixture
def made(checkpoint_key):
    enter("PYG-1")
    return make_checkpoint()


@pytest.fixture
def outside(settings, tmp_path):
    with outside_authority(settings, tmp_path) as handler:
        yield handler


def test_a_stamp_confirms_this_statement_and_no_other(made, outside):
    answer = timestamp.hand_over(made)
    stamp = timestamp.stamp_in(made.statement, answer)
    assert (stamp.intact, stamp.trusted) == (True, True)
    assert abs((stamp.at - made.at).total_seconds()) < 60
    assert not timestamp.stamp_in(made.statement + " ", answer).intact


def test_a_stamp_of_an_authority_that_nobody_trusts_is_intact_only(made, outside, settings):
    answer = timestamp.hand_over(made)
    settings.TSA_ROOTS = ""
    assert timestamp.stamp_in(made.statement, answer)[:2] == (True, False)


@pytest.mark.parametrize("part", ["imprint", "signature"])
def test_a_changed_stamp_confirms_nothing(made, outside, part):
    token = bytearray(base64.b64decode(timestamp.hand_over(made)))
    imprint = hashlib.sha256(made.statement.encode()).digest()
    token[token.index(imprint) if part == "imprint" else -10] ^= 1
    changed = base64.b64encode(bytes(token)).decode()
    assert not timestamp.stamp_in(made.statement, changed).intact


def test_what_is_no_stamp_confirms_nothing(made):
    assert timestamp.stamp_in(made.statement, "bm8=") == timestamp.NO_STAMP


@pytest.mark.parametrize("trouble", ["broken", "half", "refused"])
def test_an_authority_that_fails_is_told_in_a_sentence(made, outside, trouble):
    outside.trouble = trouble
    with pytest.raises(AnchorFailed, match=r"\(\w+\)\.$"):
        timestamp.hand_over(made)


def test_an_authority_that_is_away_is_told_in_a_sentence(made, settings):
    settings.TSA_URL = "http://127.0.0.1:9/"
    with pytest.raises(AnchorFailed):
        timestamp.hand_over(made)
