"""The key of the checkpoints: a file of its own, entered in the ledger, replaced with a word."""

import json
import stat

import pytest
from django.core.management import CommandError, call_command

from audit import keys
from audit.keys import NoKey, endorsement, is_signed, make_key, rotate_key, signing_key
from audit.kinds import Kind
from audit.models import Checkpoint, Entry

pytestmark = [pytest.mark.integration, pytest.mark.django_db, pytest.mark.one_database]


def entered():
    return [json.loads(one.payload) for one in Entry.objects.filter(kind=Kind.KEY)]


def test_without_a_key_a_sentence_says_how_to_make_one(settings, tmp_path):
    settings.AUDIT_KEY_DIR = tmp_path / "none"
    with pytest.raises(NoKey, match="checkpoint_key"):
        signing_key()


def test_the_first_key_is_the_owners_alone_and_is_entered(checkpoint_key, settings):
    path = settings.AUDIT_KEY_DIR / "signing.pem"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(settings.AUDIT_KEY_DIR.stat().st_mode) == 0o700
    assert entered() == [{"key": checkpoint_key.public, "follows": "", "endorsed": ""}]


def test_a_second_call_changes_nothing(checkpoint_key):
    assert make_key() is None
    assert signing_key() == checkpoint_key
    assert len(entered()) == 1


def test_a_new_key_is_vouched_for_by_the_old_one_which_is_then_gone(checkpoint_key, settings):
    old = checkpoint_key.public
    new = rotate_key()
    assert signing_key().public == new != old
    told = entered()[-1]
    assert (told["key"], told["follows"]) == (new, old)
    assert is_signed(endorsement(new, old), told["endorsed"], old)
    assert sorted(path.stem for path in (settings.AUDIT_KEY_DIR / "public").iterdir()) == sorted(
        [old, new]
    )
    assert not (settings.AUDIT_KEY_DIR / "next.pem").exists()


def test_a_key_made_for_a_lost_one_has_nobody_who_vouches(checkpoint_key, settings):
    (settings.AUDIT_KEY_DIR / "signing.pem").unlink()
    new = make_key()
    assert entered()[-1] == {"key": new, "follows": "", "endorsed": ""}


def test_a_key_that_the_ledger_does_not_know_never_signs(checkpoint_key, monkeypatch):
    def fail(*_args, **_fields):
        raise RuntimeError

    with monkeypatch.context() as patch:
        patch.setattr(keys, "record", fail)
        with pytest.raises(RuntimeError):
            rotate_key()
    assert make_key() is None
    assert signing_key() == checkpoint_key


def test_a_rotation_that_stopped_after_its_entry_goes_on(checkpoint_key, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(keys, "_finish", lambda: None)
        new = rotate_key()
    assert signing_key() == checkpoint_key
    assert make_key() is None
    assert signing_key().public == new


@pytest.mark.parametrize(
    ("text", "signature", "public"),
    [("other", None, None), (None, "00" * 64, None), (None, None, "11" * 32), (None, "x", "y")],
)
def test_only_the_very_text_and_key_fit_a_signature(checkpoint_key, text, signature, public):
    signed = checkpoint_key.sign("text")
    assert is_signed("text", signed, checkpoint_key.public)
    assert not is_signed(text or "text", signature or signed, public or checkpoint_key.public)


def test_the_command_makes_and_replaces(settings, tmp_path, capsys):
    settings.AUDIT_KEY_DIR = tmp_path / "audit-keys"
    with pytest.raises(CommandError, match="checkpoint_key"):
        call_command("checkpoint_key", "--rotate")
    call_command("checkpoint_key")
    first = signing_key().public
    call_command("checkpoint_key")
    call_command("checkpoint_key", "--rotate")
    assert capsys.readouterr().out.splitlines() == [
        f"The key of the checkpoints was made: {first}",
        f"The key of the checkpoints is there already: {first}",
        f"The key of the checkpoints was made: {signing_key().public}",
    ]
    keys_used = Checkpoint.objects.order_by("number").values_list("key", "occasion")
    assert list(keys_used) == [(first, "key"), (signing_key().public, "key")]
