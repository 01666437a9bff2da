import hashlib
import json
import os
import stat
import time
from concurrent.futures import ThreadPoolExecutor
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from accounts.acting import NoActor
from accounts.files import storage
from accounts.files.storage import orphan_files, path_of, reconcile_files, remove_orphans, store
from accounts.models import StoredFile
from tests.accounts.factories import stored_file

pytestmark = [pytest.mark.integration, pytest.mark.django_db]

LONG_AGO = time.time() - 2 * storage.SETTLED_AFTER_SECONDS


def age(path):
    os.utime(path, (LONG_AGO, LONG_AGO))


def plant_orphan(folder, name="ab/orphan", old=True):
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"left over")
    if old:
        age(path)
    return path


def test_store_writes_bytes_under_their_hash(files_folder):
    stored = stored_file(b"isi", "application/pdf")
    assert stored.sha256 == hashlib.sha256(b"isi").hexdigest()
    assert stored.path == path_of(stored.sha256)
    assert (files_folder / stored.path).read_bytes() == b"isi"
    assert stored.size == 3
    with stored.open() as source:
        assert source.read() == stored.read()


def test_store_leaves_no_temporary_name(files_folder):
    stored_file(b"isi")
    assert [p.name for p in files_folder.glob(".new-*")] == []


def test_store_file_is_for_its_owner_only(files_folder):
    stored = stored_file(b"isi")
    assert stat.S_IMODE((files_folder / stored.path).stat().st_mode) == 0o600


def test_store_same_bytes_twice_is_one_row():
    assert stored_file(b"isi") == stored_file(b"isi")
    assert StoredFile.history.count() == 1


def test_store_without_an_actor_keeps_no_row(files_folder):
    with pytest.raises(NoActor):
        store(b"isi", media_type="application/pdf")
    assert StoredFile.objects.count() == 0


def test_store_full_disk_leaves_nothing(files_folder, monkeypatch):
    def refuse(_handle):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(storage.os, "fsync", refuse)
    with pytest.raises(OSError, match="No space left"):
        stored_file(b"isi")
    assert [p for p in files_folder.rglob("*") if p.is_file() and p.name != ".lock"] == []
    assert StoredFile.objects.count() == 0


def test_store_mends_a_damaged_file():
    stored = stored_file(b"isi")
    stored.location.write_bytes(b"rusak")
    assert stored_file(b"isi").read() == b"isi"


def test_store_writers_at_once_agree(files_folder):
    with ThreadPoolExecutor(8) as pool:
        written = set(pool.map(lambda _: storage._write(b"sama", files_folder), range(32)))
    assert written == {hashlib.sha256(b"sama").hexdigest()}
    assert (files_folder / path_of(written.pop())).read_bytes() == b"sama"


@pytest.fixture(autouse=True)
def made(files_folder):
    files_folder.mkdir(parents=True)


def test_orphan_files_finds_old_files_without_a_row(files_folder):
    age(stored_file(b"isi").location)
    plant_orphan(files_folder)
    plant_orphan(files_folder, ".new-half")
    plant_orphan(files_folder, "ab/young", old=False)
    assert orphan_files() == [".new-half", "ab/orphan"]


def test_orphan_files_without_a_folder_is_empty(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "nowhere"
    assert orphan_files() == []
    assert remove_orphans() == []


def test_remove_orphans_leaves_rows_and_young_files(files_folder):
    stored = stored_file(b"isi")
    age(stored.location)
    orphan = plant_orphan(files_folder)
    young = plant_orphan(files_folder, "ab/young", old=False)
    assert remove_orphans() == ["ab/orphan"]
    assert not orphan.exists()
    assert young.exists()
    assert stored.read() == b"isi"


def test_remove_orphans_spares_bytes_that_were_just_sent_again(files_folder):
    """The row of the second sending may not be committed yet."""
    orphan = plant_orphan(files_folder, path_of(hashlib.sha256(b"isi").hexdigest()))
    storage._write(b"isi", files_folder)
    assert remove_orphans() == []
    assert orphan.exists()


def test_reconcile_files_names_missing_and_damaged():
    missing, damaged, whole = stored_file(b"1"), stored_file(b"2"), stored_file(b"3")
    missing.location.unlink()
    damaged.location.write_bytes(b"lain")
    found = reconcile_files()
    assert (found.missing, found.damaged) == ([missing.path], [damaged.path])
    assert not found.is_clean
    assert whole.path not in found.orphans


def run(*options):
    out = StringIO()
    call_command("reconcile_files", *options, stdout=out)
    return out.getvalue()


def test_reconcile_command_clean_says_so():
    stored_file(b"isi")
    assert run() == "orphans: 0\nmissing: 0\ndamaged: 0\nremoved: 0\n"


def test_reconcile_command_removes_only_when_told(files_folder):
    orphan = plant_orphan(files_folder)
    assert json.loads(run("--json")) == {
        "orphans": ["ab/orphan"],
        "missing": [],
        "damaged": [],
        "removed": [],
    }
    assert orphan.exists()
    assert json.loads(run("--json", "--remove"))["removed"] == ["ab/orphan"]
    assert not orphan.exists()


def test_reconcile_command_lost_evidence_fails():
    stored_file(b"isi").location.unlink()
    with pytest.raises(CommandError, match="restore them from a backup"):
        run()
