"""Evidence packs: asked for by an auditor, made by the worker case by case, entered in the ledger.

The manifest names every file by its hash, an entry of the ledger names the manifest, a signed
checkpoint covers that entry and the chains of the cases: `offline/verify.py` follows that way back.
"""

import datetime
import logging
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override
from django_tasks import task

from accounts.acting import acting_as, verb
from accounts.models import User
from approvals.refusals import NotAllowed
from innovations.models import Innovation
from legal_basis.rendering import RenderError
from workflow.models import Case

from .auditors import is_auditor
from .case_report import report_html, report_pdf
from .checkpoints import Rewritten, heads_at
from .hashing import canonical
from .keys import NoKey
from .kinds import Kind
from .ledger import record
from .models import EvidencePack
from .pack_file import PackFile, pieces_of
from .pack_proof import covering_checkpoint, proof, sealed_entry, segment
from .packed_case import PackedCase, PackedFile

logger = logging.getLogger(__name__)

FORMAT = "payung-pack-1"
MOST_CASES = 200
# A part of the work; then others have their turn with the worker.
SECONDS_AT_A_TIME = 60
KEPT = datetime.timedelta(days=30)
OFFLINE = Path(__file__).with_name("offline")
State = EvidencePack.State


def check_takes(user: User) -> None:
    """Raise NotAllowed for whoever may not take evidence out of the house."""
    if not is_auditor(user):
        raise NotAllowed(_("Only the inspectorate takes evidence packs out of the house."))


@verb
def ask_for_pack(actor: User, codes: Sequence[str]) -> EvidencePack:
    """Have a pack of these cases made; raises NotAllowed, and ValidationError for wrong codes."""
    check_takes(actor)
    wanted = _innovations_of(actor, codes)
    pack = EvidencePack.objects.create(codes=wanted, asked_by=actor, asked_at=timezone.now())
    make_pack.enqueue(pack.pk)
    return pack


def _innovations_of(actor: User, codes: Sequence[str]) -> list[str]:
    """The codes of the innovations on whose cases the given codes are, each once, in order."""
    asked = list(dict.fromkeys(codes))
    if not asked:
        raise ValidationError({"codes": _("Name at least one case.")})
    if len(asked) > MOST_CASES:
        words = _("A pack holds up to %(most)s cases; these are %(count)s. Make several packs.")
        raise ValidationError({"codes": words % {"most": MOST_CASES, "count": len(asked)}})
    found = Case.objects.visible_to(actor).filter(code__in=asked)
    by_code = dict(found.values_list("code", "innovation__code"))
    if unknown := [code for code in asked if code not in by_code]:
        words = _("There is no case %s. Correct its code or take it out.")
        raise ValidationError({"codes": words % ", ".join(unknown[:5])})
    return list(dict.fromkeys(by_code[code] for code in asked))


@verb
def note_download(actor: User, pack: EvidencePack) -> None:
    """Enter that a pack leaves the house."""
    record(Kind.EXPORT, {"pack": str(pack.token), "taken": pack.sha256})


@task(queue_name="documents")
def make_pack(pack_id: int) -> None:
    """Pack the next cases of a pack, and the proof when all are in."""
    pack = EvidencePack.objects.select_related("asked_by").get(pk=pack_id)
    if pack.state not in (State.WAITING, State.PACKING):
        return
    with acting_as(User.objects.system()), override(pack.asked_by.language):
        try:
            _go_on(pack)
        except Exception as error:  # whatever it was, whoever waits is told
            logger.exception("The evidence pack %s failed", pack.token)
            place_of(pack, ".part").drop()
            _note(pack, State.FAILED, reason=_reason(error))


def place_of(pack: EvidencePack, suffix: str = ".zip") -> PackFile:
    """Where the ZIP of a pack lies."""
    return PackFile(Path(settings.PACKS_DIR) / f"{pack.token}{suffix}")


def is_kept(pack: EvidencePack) -> bool:
    """Whether the ZIP is still there to be taken."""
    return pack.state == State.READY and place_of(pack).path.is_file()


def remove_old_packs() -> None:
    """Delete the ZIPs that nobody needs any more: they are full of personal data."""
    old = EvidencePack.objects.filter(asked_at__lt=timezone.now() - KEPT)
    for pack in old.order_by("-pk")[:1000]:
        place_of(pack).drop()
        place_of(pack, ".part").drop()


def remove_all_packs() -> None:
    """Delete every ZIP: what has just been erased must not go on living in them."""
    for path in Path(settings.PACKS_DIR).glob("*.zip"):
        path.unlink(missing_ok=True)


def _reason(error: Exception) -> str:
    if isinstance(error, NoKey):
        return str(error)
    if isinstance(error, Rewritten):
        return _("The ledger was changed behind the last checkpoint: %s") % error
    if isinstance(error, OSError):
        return _("The disk refused (%s). Ask again when there is room.") % type(error).__name__
    return _("It stopped unexpectedly (%s). Ask for it anew, or tell the operators.") % (
        type(error).__name__
    )


def _go_on(pack: EvidencePack) -> None:
    until = time.monotonic() + SECONDS_AT_A_TIME
    part = place_of(pack, ".part")
    if pack.state == State.WAITING:
        _note(pack, State.PACKING)
    with part as ours:
        if not ours.written.files:
            _begin(ours)
        for code in pack.codes[len(ours.written.cases) :]:
            if time.monotonic() > until:
                break
            _pack_case(ours, code, str(pack.asked_by))
            _tell_progress(pack, len(ours.written.cases))
        whole = len(ours.written.cases) == len(pack.codes)
        if whole:
            _prove(ours, pack)
    if not whole:
        with transaction.atomic():
            make_pack.enqueue(pack.pk)
        return
    size, sha256 = part.finish()
    part.path.replace(place_of(pack).path)
    _note(pack, State.READY, size=size, sha256=sha256, path=place_of(pack).path.name)


def _begin(ours: PackFile) -> None:
    for name in ("verify.py", "BACA-SAYA.txt"):
        ours.add(name, [(OFFLINE / name).read_bytes()])


def _tell_progress(pack: EvidencePack, packed: int) -> None:
    # How far it is has no history: what was packed is known at the end.
    EvidencePack.objects.filter(pk=pack.pk).update(packed=packed)


def _pack_case(ours: PackFile, code: str, asked_by: str) -> None:
    case = PackedCase(Innovation.objects.select_related("owning_unit").get(code=code))
    folder = f"cases/{code}"
    try:
        ours.add(f"{folder}/report.pdf", [report_pdf(case, asked_by)])
    except RenderError as error:
        logger.warning("The report of %s is packed as HTML: %s", code, error)
        ours.add(f"{folder}/report.html", [report_html(case, asked_by).encode()])
    ours.add(f"{folder}/case.json", [canonical(case.as_data()).encode()])
    for file in case.files:
        _pack_file(ours, f"{folder}/{file.path}", file)
    ours.written.chains = sorted({*ours.written.chains, *case.chains})
    ours.written.cases.append(code)


def _pack_file(ours: PackFile, path: str, file: PackedFile) -> None:
    """The bytes as they are today; that they are others than once, or gone, is said."""
    wanted = file.stored.sha256
    try:
        with file.stored.open() as source:
            found = ours.add(path, pieces_of(source))
    except FileNotFoundError:
        found = ""
    if found != wanted:
        ours.written.lost.append({"path": path, "sha256": wanted})


def _prove(ours: PackFile, pack: EvidencePack) -> None:
    manifest = {
        "format": FORMAT,
        "pack": str(pack.token),
        "asked_by": pack.asked_by_id,
        "asked_at": pack.asked_at,
        "region": settings.REGION["name"],
        "url": settings.PUBLIC_URL,
    } | vars(ours.written)
    digest = ours.add("manifest.json", [canonical(manifest).encode()], listed=False)
    with transaction.atomic():
        seal(User.objects.system(), pack, digest)
    checkpoint = covering_checkpoint(f"pack {pack.token}")
    heads, chains = heads_at(checkpoint), ours.written.chains
    shown: dict[str, Any] = proof(checkpoint, sealed_entry(digest), chains)
    ours.add("proof.json", [canonical(shown).encode()], listed=False)
    for chain in chains:
        pieces = (piece.encode() for piece in segment(chain, heads))
        ours.add(f"ledger/{chain}.json", pieces, listed=False)


@verb
def seal(actor: User, pack: EvidencePack, digest: str) -> None:
    """Enter the hash of a pack's manifest: from then on its files are fixed."""
    content = {"pack": str(pack.token), "manifest": digest, "asked_by": pack.asked_by_id}
    record(Kind.EXPORT, content)


def _note(pack: EvidencePack, state: str, **found: Any) -> None:
    with transaction.atomic():
        note_state(User.objects.system(), pack, state, **found)


@verb
def note_state(actor: User, pack: EvidencePack, state: str, **found: Any) -> None:
    """Note that a pack is under way, ready (with the hash of its ZIP), or why there is none."""
    fresh = EvidencePack.objects.get(pk=pack.pk)
    for name, value in {"state": state, **found}.items():
        setattr(fresh, name, value)
    fresh.save()
    record(Kind.EXPORT, {"pack": str(pack.token), "state": state, "sha256": fresh.sha256})
