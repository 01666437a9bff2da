"""How the processes of a run share the tests: by file, so that what a file builds is built once."""

from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling

# Their files share a world that is walked from stage to stage for all of them.
TOGETHER = "tests/rights/"


class ByFile(LoadScopeScheduling):
    """Gives a process file after file, in the order in which they were collected."""

    def __init__(self, config: pytest.Config, log: Any = None) -> None:
        config.option.loadscopereorder = False
        super().__init__(config, log)
        self._scopes: dict[str, str] = {}

    def _split_scope(self, nodeid: str) -> str:
        if not self._scopes:
            self._scopes = scopes(self.collection or [])
        return self._scopes[nodeid]


def scopes(collected: list[str]) -> dict[str, str]:
    """What belongs together: neighbours of one file. Its tests that empty tables come later."""
    found: dict[str, str] = {}
    number, before = 0, ""
    for nodeid in collected:
        file = nodeid.partition("::")[0]
        place = file.rpartition("/")[0] if file.startswith(TOGETHER) else file
        number += place != before
        before = place
        found[nodeid] = f"{place} {number}"
    return found
