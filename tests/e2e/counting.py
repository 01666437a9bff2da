"""Counts what a path costs: pages that load, and actions that commit something.

A page is a full load or a large dialog; a click is a pointer or key action that commits
something (ux.md). Typing and choosing in a form commit nothing and are free, except that a
choice on a scale is counted where the ceiling names it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Locator, Page


@dataclass
class Cost:
    """What a path has cost so far, over all people who walk it."""

    pages: int = 0
    clicks: int = 0
    # The different pages that people work on; a second reader of a page adds none.
    screens: set[str] = field(default_factory=set)


class Walker:
    """One person's browser, whose every load and commitment is counted."""

    def __init__(self, page: Page, cost: Cost | None = None) -> None:
        self.page = page
        self.cost = cost or Cost()
        page.on("domcontentloaded", self._loaded)

    def _loaded(self, page: Page) -> None:
        self.cost.pages += 1

    def open(self, where: str, screen: str = "") -> None:
        """Follow a link from outside: a bookmark, a mail, a message."""
        self.page.goto(where)
        if screen:
            self.cost.screens.add(screen)

    def click(self, target: str | Locator) -> None:
        """Commit by pointer."""
        self.cost.clicks += 1
        self._found(target).click()

    def press(self, target: str | Locator, key: str) -> None:
        """Commit by a key."""
        self.cost.clicks += 1
        self._found(target).press(key)

    def attach(self, target: str | Locator, *files: Path) -> None:
        """Choose files, which are uploaded at once."""
        self.cost.clicks += 1
        self._found(target).set_input_files(list(files))

    def score(self, choices: Sequence[str | Locator]) -> None:
        """Choose on scales; each choice counts."""
        for choice in choices:
            self.cost.clicks += 1
            self._found(choice).check()

    def decide(self, outcome: str = "approve") -> None:
        """Answer the seat that is open."""
        with self.page.expect_navigation():
            self.click(f"[data-decision] [name=outcome][value={outcome}]")

    def _found(self, target: str | Locator) -> Locator:
        return self.page.locator(target) if isinstance(target, str) else target
