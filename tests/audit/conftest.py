from pathlib import Path
from typing import Any

import pytest

from tests.workflow.conftest import at, english, regency, walked

__all__ = ["at", "checkpoint_key", "english", "regency", "walked"]


@pytest.fixture
def checkpoint_key(db: None, settings: Any, tmp_path: Path) -> Any:
    """A key to sign checkpoints with, entered in the ledger."""
    from audit.keys import make_key, signing_key

    settings.AUDIT_KEY_DIR = tmp_path / "audit-keys"
    make_key()
    return signing_key()
