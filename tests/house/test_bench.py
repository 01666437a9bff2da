"""The measurements still run: what nobody starts breaks unseen."""

import json
import os
import subprocess
import sys

import pytest

from bench.__main__ import UNITS
from tests.house import ROOT

pytestmark = [pytest.mark.e2e, pytest.mark.nightly]


def test_every_figure_is_measured_on_both_databases():
    ours = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    told = subprocess.run(
        [sys.executable, "-m", "bench"],
        cwd=ROOT,
        env=ours | {"QUICK": "1", "JSON": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.returncode == 0, told.stderr[-4_000:]
    found = json.loads(told.stdout.splitlines()[-1])
    wanted = {name for name in UNITS if "100000" not in name}
    assert {kind: set(figures) & wanted for kind, figures in found.items()} == {
        "sqlite": wanted,
        "postgresql": wanted,
    }
