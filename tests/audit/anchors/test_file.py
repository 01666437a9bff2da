"""The folder that keeps checkpoints: it only grows, and can be read back."""

import pytest

from audit.anchors import AnchorFailed, file
from audit.checkpoints import make_checkpoint
from audit.keys import is_signed
from tests.audit.entering import enter

pytestmark = [pytest.mark.integration, pytest.mark.django_db, pytest.mark.one_database]


@pytest.fixture
def made(checkpoint_key, settings, tmp_path):
    """Two checkpoints, and a folder of their own."""
    settings.AUDIT_ANCHOR_DIR = tmp_path / "anchors"
    found = []
    for chain in ("PYG-1", "PYG-2"):
        enter(chain)
        found.append(make_checkpoint())
    return found


def test_what_was_handed_over_can_be_read_and_checked(made):
    answers = [file.hand_over(one) for one in made]
    assert answers == [f"{made[0].at:%Y-%m}.txt", f"{made[1].at:%Y-%m}.txt"]
    kept = list(file.kept())
    assert kept == [(one.statement, one.signature) for one in made]
    assert all(is_signed(one.statement, one.signature, made[0].key) for one in kept)


def test_what_broke_off_in_the_middle_is_left_out(made):
    file.hand_over(made[0])
    path = file.folder() / f"{made[0].at:%Y-%m}.txt"
    whole = path.read_text()
    for cut in (5, 40, len(made[0].statement) // 2, len(made[0].statement) - 3):
        path.write_text(whole[:cut])
        file.hand_over(made[1])
        assert list(file.kept()) == [(made[1].statement, made[1].signature)]


def test_a_folder_that_cannot_be_written_is_told_in_a_sentence(made, settings, tmp_path):
    settings.AUDIT_ANCHOR_DIR = tmp_path / "in-the-way"
    settings.AUDIT_ANCHOR_DIR.write_text("")
    with pytest.raises(AnchorFailed, match="berkas|file anchor"):
        file.hand_over(made[0])
