"""By day a sample of what is exhaustive, by night all of it (ADR 20): `make test NIGHT=1`."""

import os

import pytest

NIGHT = os.environ.get("PAYUNG_NIGHT", "0") not in ("", "0")


def leave_out_nightly(config: pytest.Config, items: list[pytest.Item]) -> None:
    """By day, tests marked `nightly` are not collected."""
    if NIGHT:
        return
    left_out = [item for item in items if item.get_closest_marker("nightly")]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if not item.get_closest_marker("nightly")]
