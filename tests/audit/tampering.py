"""What somebody may do to an evidence pack, and the faults by which the verifier tells it."""

import hashlib
import json
from collections.abc import Callable
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from audit.hashing import canonical, entry_hash, sha256
from audit.offline import verify

Files = dict[str, bytes]


def file_of(files: Files) -> str:
    return next(name for name in files if "/files/" in name)


def ledger_of(files: Files) -> str:
    return next(name for name in files if name.startswith("ledger/"))


def on_json(name: Callable[[Files], str] | str) -> Any:
    """Let a change work on the data of a JSON file."""

    def wrapper(change: Callable[[Any], None]) -> Callable[[Files], None]:
        def tamper(files: Files) -> None:
            place = name if isinstance(name, str) else name(files)
            data = json.loads(files[place])
            change(data)
            files[place] = canonical(data).encode()

        tamper.__name__ = change.__name__
        return tamper

    return wrapper


def rehashed(entries: list[dict[str, Any]]) -> None:
    """Make a chain good again, as somebody who knows how it is built would."""
    previous = None
    for entry in entries:
        entry["previous"] = previous or entry["previous"]
        if entry["payload"] is not None:
            entry["payload_hash"] = sha256(entry["payload"])
        columns = {name: entry[name] for name in entry if name not in ("payload", "hash")}
        previous = entry["hash"] = entry_hash(**columns)


def file_changed(files: Files) -> None:
    files[file_of(files)] += b" "


def file_taken_out(files: Files) -> None:
    del files[file_of(files)]


def file_put_in(files: Files) -> None:
    files["cases/lain.txt"] = b"?"


def report_changed(files: Files) -> None:
    name = next(name for name in files if name.endswith("report.pdf"))
    files[name] = files[name][:-1] + b"?"


def file_changed_with_its_line(files: Files) -> None:
    name = file_of(files)
    files[name] += b" "
    manifest = json.loads(files["manifest.json"])
    for line in manifest["files"]:
        if line["path"] == name:
            line |= {"size": len(files[name]), "sha256": hashlib.sha256(files[name]).hexdigest()}
    files["manifest.json"] = canonical(manifest).encode()


def document_exchanged_by_who_knows_the_manifest(files: Files) -> None:
    told = json.loads(files[ledger_of(files)])["entries"]
    issued = next(json.loads(one["payload"])["sha256"] for one in told if one["kind"] == "issue")
    manifest = json.loads(files["manifest.json"])
    for line in [line for line in manifest["files"] if line["sha256"] == issued]:
        files[line["path"]] = b"%PDF"
        line |= {"size": 4, "sha256": hashlib.sha256(b"%PDF").hexdigest()}
    files["manifest.json"] = canonical(manifest).encode()


@on_json("manifest.json")
def chain_not_listed(manifest):
    manifest["chains"] = []


@on_json(ledger_of)
def content_changed(ledger):
    ledger["entries"][2]["payload"] = "{}"


@on_json(ledger_of)
def actor_changed(ledger):
    ledger["entries"][2]["actor"] += 1


@on_json(ledger_of)
def time_changed(ledger):
    ledger["entries"][-1]["micros"] -= 1


@on_json(ledger_of)
def capacity_changed(ledger):
    ledger["entries"][3]["capacity"] = "Bupati"


@on_json(ledger_of)
def entry_taken_out(ledger):
    del ledger["entries"][4]


@on_json(ledger_of)
def first_entry_taken_out(ledger):
    del ledger["entries"][0]


@on_json(ledger_of)
def last_entry_taken_out(ledger):
    del ledger["entries"][-1]


@on_json(ledger_of)
def entries_swapped(ledger):
    entries = ledger["entries"]
    entries[5], entries[6] = entries[6], entries[5]


@on_json(ledger_of)
def entry_doubled(ledger):
    ledger["entries"].insert(3, ledger["entries"][3])


@on_json(ledger_of)
def all_entries_taken_out(ledger):
    ledger["entries"] = []


@on_json(ledger_of)
def chain_rewritten(ledger):
    ledger["entries"][2]["payload"] = "{}"
    rehashed(ledger["entries"])


@on_json(ledger_of)
def chain_extended(ledger):
    last = ledger["entries"][-1]
    ledger["entries"].append(dict(last, sequence=last["sequence"] + 1, previous=last["hash"]))
    rehashed(ledger["entries"])


@on_json("proof.json")
def root_changed(proof):
    statement = proof["checkpoint"]["statement"]
    proof["checkpoint"]["statement"] = statement.replace("root: ", "root: 0")


@on_json("proof.json")
def signature_changed(proof):
    signature = proof["checkpoint"]["signature"]
    proof["checkpoint"]["signature"] = signature[:-2] + ("00" if signature[-2:] != "00" else "01")


@on_json("proof.json")
def signature_is_no_number(proof):
    proof["checkpoint"]["signature"] = "xyz"


@on_json("proof.json")
def proof_path_changed(proof):
    for head in proof["heads"].values():
        head["path"] = [["left", "00" * 32]]


@on_json("proof.json")
def proof_taken_out(proof):
    del proof["heads"][next(chain for chain in proof["heads"] if chain != "system")]


@on_json("proof.json")
def export_exchanged(proof):
    proof["export"][0]["payload"] = "{}"
    rehashed(proof["export"])


@on_json("proof.json")
def export_taken_out(proof):
    proof["export"] = []


def chain_rewritten_and_signed_anew(files: Files) -> None:
    """With a key of one's own everything fits: only a key from outside tells."""
    name, key = ledger_of(files), Ed25519PrivateKey.generate()
    ledger, proof = json.loads(files[name]), json.loads(files["proof.json"])
    ledger["entries"][2]["payload"] = "{}"
    rehashed(ledger["entries"])
    head = proof["heads"][ledger["chain"]]
    old_root = verify.root_of(ledger["chain"], head)
    head["hash"] = ledger["entries"][-1]["hash"]
    system = proof["heads"]["system"]
    leaf = hashlib.sha256(f"\0{ledger['chain']}\n{head['sequence']}\n{head['hash']}".encode())
    system["path"] = [[system["path"][0][0], leaf.hexdigest()]]
    statement = proof["checkpoint"]["statement"]
    old = next(line for line in statement.splitlines() if line.startswith("key: "))[5:]
    public = key.public_key().public_bytes_raw().hex()
    statement = statement.replace(old, public)
    statement = statement.replace(old_root, verify.root_of(ledger["chain"], head))
    proof["checkpoint"]["statement"] = statement
    proof["checkpoint"]["signature"] = key.sign(statement.encode()).hex()
    files[name], files["proof.json"] = canonical(ledger).encode(), canonical(proof).encode()


def manifest_taken_out(files: Files) -> None:
    del files["manifest.json"]


def proof_is_no_json(files: Files) -> None:
    files["proof.json"] = b"{"


TAMPERED = {
    file_changed: {"file_changed"},
    file_taken_out: {"file_missing"},
    file_put_in: {"file_extra"},
    report_changed: {"file_changed"},
    file_changed_with_its_line: {"manifest_changed"},
    document_exchanged_by_who_knows_the_manifest: {"manifest_changed", "issued_missing"},
    chain_not_listed: {"manifest_changed", "file_extra"},
    content_changed: {"content_changed"},
    actor_changed: {"entry_changed"},
    time_changed: {"entry_changed"},
    capacity_changed: {"entry_changed"},
    entry_taken_out: {"entry_gap"},
    first_entry_taken_out: {"entry_gap"},
    last_entry_taken_out: {"head_differs"},
    entries_swapped: {"entry_gap"},
    entry_doubled: {"entry_gap"},
    all_entries_taken_out: {"head_differs"},
    chain_rewritten: {"head_differs"},
    chain_extended: {"head_differs"},
    root_changed: {"signature_wrong", "path_differs"},
    signature_changed: {"signature_wrong"},
    signature_is_no_number: {"signature_wrong"},
    proof_path_changed: {"path_differs"},
    proof_taken_out: {"no_proof"},
    export_exchanged: {"head_differs", "manifest_changed"},
    export_taken_out: {"head_differs", "manifest_changed"},
    manifest_taken_out: {"unreadable"},
    proof_is_no_json: {"unreadable"},
}
