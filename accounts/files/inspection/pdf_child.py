"""Reads one PDF from standard input and prints why it is refused; run alone, within limits.

A hostile PDF may eat any amount of time and memory, so this never runs inside the application.
"""

import resource
import sys
from io import BytesIO
from typing import Any

MEMORY_BYTES = 768 * 1024 * 1024
CPU_SECONDS = 10
MAX_OBJECTS = 500_000

ACTING = {
    "/JavaScript",
    "/Launch",
    "/ImportData",
    "/SubmitForm",
    "/GoToE",
    "/Rendition",
    "/RichMediaExecute",
    "/Sound",
    "/Movie",
}
ACTIVE_MEDIA = {"/RichMedia", "/3D", "/Movie", "/Screen"}
HARMLESS_ON_OPEN = {"/GoTo", "/Named"}
PLAIN_ATTACHMENTS = (".xml", ".json", ".txt", ".csv")


def why_refused(data: bytes) -> str:
    """Empty for a PDF that only shows pages, else one word for the reason."""
    from pypdf import PdfReader

    reader = PdfReader(BytesIO(data), strict=False)
    if "/Encrypt" in reader.trailer:
        return "encrypted"
    if len(reader.pages) < 1:
        return "damaged"
    return walk(reader.trailer.raw_get("/Root"))


def walk(root: Any) -> str:
    """The first reason found in any object that can be reached from the catalogue."""
    seen: set[int] = set()
    waiting = [root]
    for _count in range(MAX_OBJECTS):
        if not waiting:
            return ""
        found = waiting.pop()
        if hasattr(found, "idnum"):
            if found.idnum in seen:
                continue
            seen.add(found.idnum)
            found = found.get_object()
        if isinstance(found, dict):
            if reason := look(found):
                return reason
            waiting += dict.values(found)
        elif isinstance(found, list):
            waiting += list.__iter__(found)
    return "too_large"


def look(found: Any) -> str:
    """The reason that one dictionary gives, if any."""
    if value(found, "/S") in ACTING or "/JS" in found or "/XFA" in found:
        return "active"
    if value(found, "/Subtype") in ACTIVE_MEDIA:
        return "active"
    opening = value(found, "/OpenAction")
    if isinstance(opening, dict) and value(opening, "/S") not in HARMLESS_ON_OPEN:
        return "active"
    if "/EF" in found:
        name = str(value(found, "/UF") or value(found, "/F") or "").lower()
        return "" if name.endswith(PLAIN_ATTACHMENTS) else "attachment"
    return ""


def value(found: Any, key: str) -> Any:
    """What lies under a key, also where only a reference to it does."""
    # pypdf follows a reference in [], but not in get().
    return found[key] if key in found else None  # noqa: SIM401


def main() -> None:
    """Limit this process, read, and print the reason."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    sys.setrecursionlimit(400)
    try:
        reason = why_refused(sys.stdin.buffer.read())
    except MemoryError:
        reason = "too_large"
    except Exception:
        reason = "damaged"
    sys.stdout.write(f"reason={reason}\n")


if __name__ == "__main__":
    main()
