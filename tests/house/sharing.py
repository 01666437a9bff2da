"""How the processes of a run share the tests: by file, so that what a file builds is built once."""

from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling

# Their files share a world that is walked from stage to stage for all of them, or a server.
TOGETHER = ("tests/rights/", "tests/volley/")


class ByFile(LoadScopeScheduling):
    """Gives a process file after file, in the order in which they were collected."""

    def __init__(self, config: pytest.Config, log: Any = None) -> None:
        config.option.loadscopereorder = False
        super().__init__(config, log)

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        return file.rpartition("/")[0] if file.startswith(TOGETHER) else file
