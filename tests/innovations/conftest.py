from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def files_folder(settings, tmp_path: Path) -> Path:
    """Stored files of a test go with it."""
    settings.MEDIA_ROOT = tmp_path / "files"
    return tmp_path / "files"
