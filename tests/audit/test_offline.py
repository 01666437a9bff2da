"""The verifier of evidence packs, run as strangers run it: alone, on good packs and on bad."""

import json
import random
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from audit.offline import verify
from tests.audit.tampering import TAMPERED, Files, chain_rewritten_and_signed_anew, file_of
from tests.workflow.conftest import regency

__all__ = ["regency"]
pytestmark = [pytest.mark.integration, pytest.mark.one_database, pytest.mark.django_db]

PROGRAM = Path(verify.__file__)


@pytest.fixture(scope="module")
def good(regency, django_db_blocker, tmp_path_factory) -> Iterator[Path]:
    """A pack of a finished case, made once for the module."""
    from django.db import transaction
    from django.test import override_settings

    from audit import keys, packing
    from tests.regency import case_at, person

    folder = tmp_path_factory.mktemp("packs")
    block: Any = transaction.atomic()
    block._from_testcase = True
    places = {"AUDIT_KEY_DIR": folder / "keys", "PACKS_DIR": folder}
    with django_db_blocker.unblock(), override_settings(**places), block:
        keys.make_key()
        code = case_at("done").code
        with transaction.atomic():
            pack = packing.ask_for_pack(person("inspektur"), [code])
        packing.make_pack.call(pack.pk)
        yield packing.place_of(pack).path
        transaction.set_rollback(True)


def contents(path: Path) -> Files:
    with zipfile.ZipFile(path) as pack:
        return {name: pack.read(name) for name in pack.namelist()}


def packed(files: Files, folder: Path) -> Path:
    path = folder / "pack.zip"
    with zipfile.ZipFile(path, "w") as pack:
        for name, content in files.items():
            pack.writestr(name, content)
    return path


def told(path: Path, *options: str) -> tuple[int, str]:
    ran = subprocess.run(
        [sys.executable, "-I", "-W", "error", str(PROGRAM), str(path), *options],
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.stderr == ""
    return ran.returncode, ran.stdout


def faults(path: Path, key: str | None = None) -> set[str]:
    return {word for mark, word, _facts in verify.checked(path, key) if mark == "no"}


def test_good_pack_holds_in_both_languages(good):
    status, said = told(good)
    assert status == 0
    assert "KESIMPULAN: semua yang diperiksa benar." in said
    assert "RESULT: everything that was checked holds." in said


def test_one_language_says_nothing_in_the_other(good):
    assert "RESULT" not in told(good, "--lang", "id")[1]
    assert "KESIMPULAN" not in told(good, "--lang", "en")[1]


def test_verifier_of_the_pack_is_ours_and_checks_the_pack_it_came_in(good, tmp_path):
    assert contents(good)["verify.py"] == PROGRAM.read_bytes()


def test_key_and_checkpoint_from_outside_are_compared(good, tmp_path):
    statement = json.loads(contents(good)["proof.json"])["checkpoint"]["statement"]
    key = next(line for line in statement.splitlines() if line.startswith("key: "))[5:]
    outside = tmp_path / "mail.txt"
    outside.write_text(f"Yth. Inspektur,\r\n\r\n{statement}\r\nHormat kami\r\n")
    assert told(good, "--key", key, "--anchored", str(outside))[0] == 0
    outside.write_text(statement.replace("root: ", "root: 0"))
    status, said = told(good, "--key", "00" * 32, "--anchored", str(outside), "--lang", "en")
    assert status == 1
    assert "The key in the pack is not the key that you gave." in said
    assert "is not the same as what is kept outside" in said


@pytest.mark.parametrize("tamper", TAMPERED, ids=lambda tamper: tamper.__name__)
def test_tampered_pack_is_told_by_its_fault(good, tmp_path, tamper):
    files = contents(good)
    tamper(files)
    path = packed(files, tmp_path)
    assert faults(path) == TAMPERED[tamper]
    status, said = told(path, "--lang", "id")
    assert status == 1
    assert said.startswith("[SALAH] ")
    assert said.rstrip().endswith("Paket ini bukan bukti.")


def test_pack_signed_with_another_key_needs_the_key_from_outside(good, tmp_path):
    files = contents(good)
    statement = json.loads(files["proof.json"])["checkpoint"]["statement"]
    key = next(line for line in statement.splitlines() if line.startswith("key: "))[5:]
    chain_rewritten_and_signed_anew(files)
    path = packed(files, tmp_path)
    assert faults(path) == set()
    assert faults(path, key) == {"key_differs"}


def test_same_name_twice_is_a_fault(good, tmp_path):
    files = contents(good)
    path = packed(files, tmp_path)
    with pytest.warns(UserWarning, match="Duplicate name"), zipfile.ZipFile(path, "a") as pack:
        pack.writestr(file_of(files), files[file_of(files)])
    assert faults(path) == {"file_twice"}


def test_what_is_no_zip_is_said_to_be_none(tmp_path):
    path = tmp_path / "pack.zip"
    path.write_bytes(b"PK\3\4 and nothing more")
    status, said = told(path, "--lang", "en")
    assert (status, "no complete evidence pack" in said) == (1, True)


def test_names_that_steer_a_terminal_are_printed_harmless(good, tmp_path):
    path = packed(contents(good) | {"\x1b[2Jx": b""}, tmp_path)
    assert "\x1b" not in told(path)[1]


def test_flipped_bits_are_found_or_change_nothing(good, tmp_path):
    original, whole = good.read_bytes(), contents(good)
    draw = random.Random(2026)
    path = tmp_path / "flipped.zip"
    found = 0
    for _turn in range(60):
        flipped = bytearray(original)
        flipped[draw.randrange(len(flipped))] ^= 1 << draw.randrange(8)
        path.write_bytes(flipped)
        if faults(path):
            found += 1
        else:
            assert contents(path) == whole
    assert found > 40


def test_signatures_of_others_are_judged_as_the_library_judges_them():
    key = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
    public, message = key.public_key().public_bytes_raw(), b"payung"
    signature = key.sign(message)
    assert verify.signed(public, message, signature)
    for at in range(0, 64, 7):
        bad = bytearray(signature)
        bad[at] ^= 1
        assert not verify.signed(public, message, bytes(bad))
    assert not verify.signed(public, message + b" ", signature)
    assert not verify.signed(bytes(32), message, signature)
    assert not verify.signed(public, message, signature[:32] + b"\xff" * 32)
