#!/usr/bin/env python3
"""Checks an evidence pack of Payung without Payung: python3 verify.py PACK.zip

Needs Python 3.8 or newer and nothing else: no network, no other files. It reads the pack, writes
nothing, and says line by line what holds and what does not; exit 0 when everything holds, else 1.

    --key HEX         the public key of the checkpoints, got from somewhere else than the pack
    --anchored FILE   a checkpoint as an anchor outside keeps it (a mail, a file): must be the same
    --lang id|en      one language instead of both
"""

import argparse
import hashlib
import json
import sys
import time
import zipfile
from pathlib import Path

NOTHING = "0" * 64
MANIFEST, PROOF, LEDGER = "manifest.json", "proof.json", "ledger/{}.json"
PACK_FORMAT, PROOF_FORMAT = "payung-pack-1", "payung-proof-1"
PIECE, MOST_JSON = 1 << 20, 256 << 20

# Each word with its sentence in Indonesian, and below in English.
SENTENCES = """
unreadable: Berkas ini bukan paket bukti yang utuh: {why}.
This file is no complete evidence pack: {why}.
file_missing: Berkas {name} tidak ada dalam paket.
The file {name} is missing.
file_twice: Nama {name} muncul dua kali.
The name {name} appears twice.
file_lost: Berkas {name} sudah hilang atau berubah di arsip saat paket dibuat.
The file {name} was missing or changed in the archive when the pack was made.
file_extra: Berkas {name} tidak tercatat dalam daftar isi.
The file {name} is not in the manifest.
file_changed: Berkas {name} berubah sejak paket dibuat.
The file {name} was changed after the pack was made.
files_hold: {count} berkas sama persis dengan daftar isi.
{count} files are exactly those of the manifest.
manifest_changed: Daftar isi bukan yang dicatat buku besar saat paket dibuat.
The manifest is not the one that the ledger recorded when the pack was made.
manifest_holds: Daftar isi tercatat dalam buku besar pada {at}, diminta oleh orang nomor {actor}.
The manifest is recorded in the ledger at {at}, asked for by person {actor}.
entry_changed: {chain}: catatan {sequence} diubah (nilai hash tidak cocok).
{chain}: entry {sequence} was changed (its hash does not fit).
content_changed: {chain}: isi catatan {sequence} diubah.
{chain}: the content of entry {sequence} was changed.
entry_gap: {chain}: rantai putus di catatan {sequence}: ada yang hilang, disisipkan, atau ditukar.
{chain}: the chain breaks at entry {sequence}: something is missing, inserted or swapped.
head_differs: {chain}: rantai tidak berakhir pada catatan {sequence} yang dicakup titik periksa.
{chain}: the chain does not end at entry {sequence}, which the checkpoint covers.
path_differs: {chain}: bukti Merkle tidak sampai ke akar titik periksa.
{chain}: the Merkle proof does not lead to the root of the checkpoint.
no_proof: {chain}: tidak ada bukti.
{chain}: there is no proof.
chain_holds: {chain}: {count} catatan, dari {first} sampai {last}, tidak terputus dan tidak diubah.
{chain}: {count} entries from {first} to {last}, unbroken and unchanged.
erased: {chain}: isi {count} catatan dihapus menurut undang-undang; hash-nya tetap.
{chain}: the content of {count} entries was erased by law; its hash remains.
imported: {chain}: yang terjadi sebelum {at} diambil alih apa adanya; rantai ini tak membuktikannya.
{chain}: what happened before {at} was taken over as found; this chain does not prove it.
issued_missing: {chain}: dokumen yang ditetapkan pada catatan {sequence} tidak ada dalam paket.
{chain}: the document issued at entry {sequence} is not in the pack.
issued_holds: {chain}: dokumen {number} dalam paket sama persis dengan yang ditetapkan.
{chain}: the document {number} in the pack is exactly the one that was issued.
signature_wrong: Tanda tangan titik periksa {number} tidak sah.
The signature of checkpoint {number} is not valid.
signature_holds: Titik periksa {number} ditandatangani dengan kunci {key}.
Checkpoint {number} is signed with the key {key}.
key_differs: Kunci dalam paket bukan kunci yang Anda berikan.
The key in the pack is not the key that you gave.
key_unknown: Kunci ini berasal dari paket sendiri: bandingkan dengan yang diumumkan (--key).
This key comes from the pack itself: compare it with the published one (--key).
key_holds: Kunci sama dengan yang Anda berikan.
The key is the one that you gave.
anchor_differs: Titik periksa {number} tidak sama dengan yang disimpan di luar.
Checkpoint {number} is not the same as what is kept outside.
anchor_holds: Titik periksa {number} sama dengan yang disimpan di luar.
Checkpoint {number} is the same as what is kept outside.
receipt: Titik periksa ini juga diserahkan ke “{anchor}” pada {at}.
This checkpoint was also handed to “{anchor}” at {at}.
all_hold: KESIMPULAN: semua yang diperiksa benar.
RESULT: everything that was checked holds.
some_fail: KESIMPULAN: {count} hal tidak benar. Paket ini bukan bukti.
RESULT: {count} things do not hold. This pack is no evidence.
"""
_LINES = SENTENCES.strip().splitlines()
WORDS = {
    first.partition(": ")[0]: (first.partition(": ")[2], second)
    for first, second in zip(_LINES[::2], _LINES[1::2])
}
MARKS = {"ok": ("BENAR", "HOLDS"), "no": ("SALAH", "FAILS"), "note": ("CATATAN", "NOTE")}

# --- Ed25519 (RFC 8032, section 5.1), slow and plain: verifying only, nothing here is secret.

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT_OF_MINUS_ONE = pow(2, (P - 1) // 4, P)


def _x_of(y, sign):
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    if square == 0:
        return None if sign else 0
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT_OF_MINUS_ONE % P
    if (x * x - square) % P:
        return None
    return P - x if x & 1 != sign else x


def _point(data):
    y = int.from_bytes(data, "little")
    sign, y = y >> 255, y & ((1 << 255) - 1)
    x = _x_of(y, sign)
    return None if x is None else (x, y, 1, x * y % P)


def _sum(a, b):
    low = (a[1] - a[0]) * (b[1] - b[0]) % P
    high = (a[1] + a[0]) * (b[1] + b[0]) % P
    c, d = 2 * a[3] * b[3] * D % P, 2 * a[2] * b[2] % P
    e, f, g, h = high - low, d - c, d + c, high + low
    return (e * f % P, g * h % P, f * g % P, e * h % P)


def _times(number, point):
    result = (0, 1, 1, 0)
    while number:
        if number & 1:
            result = _sum(result, point)
        point = _sum(point, point)
        number >>= 1
    return result


def _same(a, b):
    return (a[0] * b[2] - b[0] * a[2]) % P == 0 and (a[1] * b[2] - b[1] * a[2]) % P == 0


BASE_Y = 4 * pow(5, P - 2, P) % P
BASE_X = _x_of(BASE_Y, 0)
BASE = (BASE_X, BASE_Y, 1, BASE_X * BASE_Y % P)


def signed(public, message, signature):
    """Whether the signature over the message was made with the key of this public half."""
    if len(public) != 32 or len(signature) != 64:
        return False
    key, point = _point(public), _point(signature[:32])
    scalar = int.from_bytes(signature[32:], "little")
    if key is None or point is None or scalar >= L:
        return False
    digest = hashlib.sha512(signature[:32] + public + message).digest()
    challenge = int.from_bytes(digest, "little") % L
    return _same(_times(scalar, BASE), _sum(point, _times(challenge, key)))


# --- The ledger: the hash of an entry, and the tree over the heads of all chains (RFC 6962).


def entry_hash(entry):
    """The hash of an entry: its columns, a line each."""
    names = "version chain sequence kind actor capacity micros payload_hash previous".split()
    return hashlib.sha256("\n".join(str(entry[name]) for name in names).encode()).hexdigest()


def root_of(chain, head):
    """The root that a head's proof leads to."""
    leaf = "\0{}\n{}\n{}".format(chain, head["sequence"], head["hash"])
    digest = hashlib.sha256(leaf.encode()).digest()
    for side, beside in head["path"]:
        other = bytes.fromhex(beside)
        pair = other + digest if side == "left" else digest + other
        digest = hashlib.sha256(b"\x01" + pair).digest()
    return digest.hex()


def moment(micros):
    """A time in UTC as people write it."""
    return time.strftime("%Y-%m-%d %H:%M:%S UTC", time.gmtime(int(micros) // 1000000))


# --- The pack.


class Check:
    """One pass over a pack, with what it has to say."""

    def __init__(self, pack):
        self.pack = pack
        self.said = []
        self.names = self._names()

    def say(self, mark, word, **facts):
        self.said.append((mark, word, facts))

    @property
    def failed(self):
        return sum(mark == "no" for mark, _word, _facts in self.said)

    def _names(self):
        names = [one.filename for one in self.pack.infolist()]
        for name in sorted({name for name in names if names.count(name) > 1}):
            self.say("no", "file_twice", name=name)
        return set(names)

    def read(self, name):
        if name not in self.names:
            raise ValueError("no " + name)
        with self.pack.open(name) as source:
            data = source.read(MOST_JSON + 1)
        if len(data) > MOST_JSON:
            raise ValueError("{} > {} MiB".format(name, MOST_JSON >> 20))
        return data

    def digest(self, name):
        digest, size = hashlib.sha256(), 0
        with self.pack.open(name) as source:
            for piece in iter(lambda: source.read(PIECE), b""):
                digest.update(piece)
                size += len(piece)
        return size, digest.hexdigest()

    def all(self, key, anchored):
        manifest_bytes, proof = self.read(MANIFEST), json.loads(self.read(PROOF).decode())
        manifest = json.loads(manifest_bytes.decode())
        if (manifest["format"], proof["format"]) != (PACK_FORMAT, PROOF_FORMAT):
            raise ValueError("{} {}".format(manifest["format"], proof["format"]))
        root = self.checkpoint(proof["checkpoint"], key, anchored)
        self.manifest(hashlib.sha256(manifest_bytes).hexdigest(), proof, root)
        self.files(manifest)
        for code in manifest["chains"]:
            self.case(code, manifest, proof, root)

    def checkpoint(self, found, key, anchored):
        statement = found["statement"]
        facts = dict(line.split(": ", 1) for line in statement.splitlines())
        number, public = facts["number"], facts["key"]
        try:
            genuine = signed(
                bytes.fromhex(public), statement.encode(), bytes.fromhex(found["signature"])
            )
        except ValueError:
            genuine = False
        if genuine:
            self.say("ok", "signature_holds", number=number, key=public)
        else:
            self.say("no", "signature_wrong", number=number)
        self.trust(public, statement, number, key, anchored)
        for receipt in found.get("receipts", []):
            self.say("note", "receipt", anchor=receipt["anchor"], at=receipt["at"])
        return facts["root"]

    def trust(self, public, statement, number, key, anchored):
        if key is None:
            self.say("note", "key_unknown")
        elif key.lower() == public.lower():
            self.say("ok", "key_holds")
        else:
            self.say("no", "key_differs")
        if anchored is not None:
            same = "".join(statement.split()) in "".join(anchored.split())
            word = "anchor_holds" if same else "anchor_differs"
            self.say("ok" if same else "no", word, number=number)

    def manifest(self, digest, proof, root):
        entries = proof["export"]
        before = self.failed
        self.chain("system", entries, proof["heads"], root, first=None)
        payload = json.loads(entries[0]["payload"]) if entries and entries[0]["payload"] else {}
        fits = bool(entries) and entries[0]["kind"] == "export"
        if not fits or payload.get("manifest") != digest:
            self.say("no", "manifest_changed")
        elif self.failed == before:
            at = moment(entries[0]["micros"])
            self.say("ok", "manifest_holds", at=at, actor=payload.get("asked_by", "?"))

    def files(self, manifest):
        before, listed = self.failed, {one["path"]: one for one in manifest["files"]}
        for name, one in sorted(listed.items()):
            if name not in self.names:
                self.say("no", "file_missing", name=name)
            elif self.digest(name) != (one["size"], one["sha256"]):
                self.say("no", "file_changed", name=name)
        for one in manifest["lost"]:
            self.say("no", "file_lost", name=one["path"])
        proved = {MANIFEST, PROOF} | {LEDGER.format(code) for code in manifest["chains"]}
        for name in sorted(self.names - listed.keys() - proved):
            self.say("no", "file_extra", name=name)
        if self.failed == before:
            self.say("ok", "files_hold", count=len(listed))

    def case(self, code, manifest, proof, root):
        entries = json.loads(self.read(LEDGER.format(code)).decode())["entries"]
        before = self.failed
        self.chain(code, entries, proof["heads"], root, first=1)
        if self.failed == before and entries:
            first, last = moment(entries[0]["micros"]), moment(entries[-1]["micros"])
            self.say("ok", "chain_holds", chain=code, count=len(entries), first=first, last=last)
        self.remarks(code, entries)
        self.issued(code, entries, manifest)

    def chain(self, chain, entries, heads, root, first):
        previous, sequence = (NOTHING, first) if first else (None, None)
        for entry in entries:
            broken = previous is not None and (
                entry["previous"] != previous or entry["sequence"] != sequence
            )
            if broken or entry["chain"] != chain:
                self.say("no", "entry_gap", chain=chain, sequence=entry["sequence"])
            if entry_hash(entry) != entry["hash"]:
                self.say("no", "entry_changed", chain=chain, sequence=entry["sequence"])
            self.content(chain, entry)
            previous, sequence = entry["hash"], int(entry["sequence"]) + 1
        self.head(chain, entries, heads.get(chain), root)

    def content(self, chain, entry):
        text, wanted = entry.get("payload"), entry["payload_hash"]
        if text is not None and hashlib.sha256(text.encode()).hexdigest() != wanted:
            self.say("no", "content_changed", chain=chain, sequence=entry["sequence"])

    def head(self, chain, entries, head, root):
        if head is None:
            self.say("no", "no_proof", chain=chain)
            return
        last = entries[-1] if entries else {"sequence": 0, "hash": ""}
        if (last["sequence"], last["hash"]) != (head["sequence"], head["hash"]):
            self.say("no", "head_differs", chain=chain, sequence=head["sequence"])
        if root_of(chain, head) != root:
            self.say("no", "path_differs", chain=chain)

    def remarks(self, code, entries):
        erased = sum(entry.get("payload") is None for entry in entries)
        if erased:
            self.say("note", "erased", chain=code, count=erased)
        for entry in entries:
            if entry["kind"] == "import":
                self.say("note", "imported", chain=code, at=moment(entry["micros"]))

    def issued(self, code, entries, manifest):
        there = {one["sha256"] for one in manifest["files"]}
        for entry in entries:
            told = json.loads(entry["payload"] or "{}") if entry["kind"] == "issue" else {}
            if told.get("sha256") in there:
                self.say("ok", "issued_holds", chain=code, number=told["number"])
            elif told:
                self.say("no", "issued_missing", chain=code, sequence=entry["sequence"])


def checked(path, key=None, anchored=None):
    """What is to be said about the pack at a path; never raises for what the pack contains."""
    said = []
    try:
        with zipfile.ZipFile(path) as pack:
            check = Check(pack)
            said = check.said
            check.all(key, anchored)
    except Exception as error:  # a pack may be broken in any way, and each is a fault of the pack
        why = "{}: {}".format(type(error).__name__, error)[:200]
        said.append(("no", "unreadable", {"why": why}))
    return said


def lines_of(said, languages):
    """The lines to print: what fails comes first."""
    for mark, word, facts in sorted(said, key=lambda one: one[0] != "no"):
        for language in languages:
            text = WORDS[word][language].format(**facts)
            # Names in a pack are anybody's: nothing of them steers a terminal.
            text = "".join(letter if letter.isprintable() else "?" for letter in text)
            yield "[{}] {}".format(MARKS[mark][language], text)
    failed = sum(mark == "no" for mark, _word, _facts in said)
    for language in languages:
        yield WORDS["some_fail" if failed else "all_hold"][language].format(count=failed)


def main():
    """Check the pack named on the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("pack")
    parser.add_argument("--key")
    parser.add_argument("--anchored", type=Path)
    parser.add_argument("--lang", choices=["id", "en"])
    told = parser.parse_args()
    kept = told.anchored and told.anchored.read_text("utf-8", "replace")
    said = checked(told.pack, told.key, kept)
    languages = {"id": [0], "en": [1]}.get(told.lang, [0, 1])
    sys.stdout.reconfigure(encoding="utf-8", errors="replace")
    print("\n".join(lines_of(said, languages)))
    return 1 if any(mark == "no" for mark, _word, _facts in said) else 0


if __name__ == "__main__":
    sys.exit(main())
