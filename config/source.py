"""The source of this very installation, for whoever uses it (AGPL-3.0, section 13)."""

import tarfile
import tempfile
from pathlib import Path

from django.conf import settings
from django.http import FileResponse, HttpRequest
from django.views.decorators.http import require_safe

# What is ours: nothing that an installation makes, keeps or fetches.
PARTS = (
    *("accounts", "approvals", "audit", "bench", "bin", "config", "docs", "innovations"),
    *("legal_basis", "locale", "notifications", "planning", "static", "templates", "tests"),
    *("workflow", "manage.py", "Makefile", "LICENSE", "README.md", "CHANGELOG.md"),
    *("package.json", "package-lock.json", "pyproject.toml", "publiccode.yml"),
    *("requirements.txt", "requirements-dev.txt", "requirements-node.txt"),
)


@require_safe
def source(request: HttpRequest) -> FileResponse:
    """The source as an archive, packed anew when the code is newer than the last one."""
    archive = settings.VAR_DIR / "payung-source.tar.gz"
    code = Path(settings.BASE_DIR) / "config" / "settings.py"
    if not archive.exists() or archive.stat().st_mtime < code.stat().st_mtime:
        _pack(archive)
    return FileResponse(archive.open("rb"), as_attachment=True, filename=archive.name)


def _pack(archive: Path) -> None:
    with tempfile.NamedTemporaryFile(dir=archive.parent, delete=False) as made:
        with tarfile.open(fileobj=made, mode="w:gz") as packed:
            for part in PARTS:
                place = Path(settings.BASE_DIR) / part
                if place.exists():
                    packed.add(place, arcname=f"payung/{part}", filter=_ours)
        Path(made.name).rename(archive)


def _ours(entry: tarfile.TarInfo) -> tarfile.TarInfo | None:
    made = entry.name.endswith((".pyc", ".mo")) or "__pycache__" in entry.name
    return None if made else entry
