"""The instruments around one instrument, laid out as boxes and lines for a small picture."""

from collections.abc import Sequence
from dataclasses import dataclass

from .umbrella import Link

WIDTH, BOX_WIDTH, BOX_HEIGHT, GAP, MARGIN = 720, 190, 52, 20, 8
LONGEST = 24


@dataclass(frozen=True)
class Box:
    """One instrument of the picture, with its place."""

    x: int
    y: int
    lines: tuple[str, str]
    tone: str = "plain"
    here: bool = False

    @property
    def first_line(self) -> tuple[int, int]:
        """Where the number is written."""
        return self.x + BOX_WIDTH // 2, self.y + 22

    @property
    def second_line(self) -> tuple[int, int]:
        """Where the state is written."""
        return self.x + BOX_WIDTH // 2, self.y + 40


@dataclass(frozen=True)
class Arrow:
    """What one does to the other, from the one that acts."""

    x1: int
    y1: int
    x2: int
    y2: int
    label: str

    @property
    def middle(self) -> tuple[int, int]:
        """Where its label is written."""
        return (self.x1 + self.x2) // 2, (self.y1 + self.y2) // 2 - 6


@dataclass(frozen=True)
class Picture:
    """Everything that is drawn."""

    height: int
    boxes: list[Box]
    arrows: list[Arrow]
    width: int = WIDTH
    box_width: int = BOX_WIDTH
    box_height: int = BOX_HEIGHT


def picture_of(
    here: tuple[str, str, str], does: Sequence[Link], suffers: Sequence[Link]
) -> Picture | None:
    """The instrument in the middle, what it acts on at left, what acts on it at right.

    None where nothing is connected with it. `here` is its number, its state and its tone.
    """
    if not (does or suffers):
        return None
    most = max(len(does), len(suffers), 1)
    height = most * (BOX_HEIGHT + GAP) - GAP + 2 * MARGIN
    middle = Box((WIDTH - BOX_WIDTH) // 2, (height - BOX_HEIGHT) // 2, here[:2], here[2], True)
    left, right = (
        _column(does, MARGIN, height),
        _column(suffers, WIDTH - BOX_WIDTH - MARGIN, height),
    )
    arrows = [_arrow(middle, box, link) for box, link in zip(left, does, strict=True)]
    arrows += [_arrow(box, middle, link) for box, link in zip(right, suffers, strict=True)]
    return Picture(height, [middle, *left, *right], arrows)


def _column(links: Sequence[Link], x: int, height: int) -> list[Box]:
    used = len(links) * (BOX_HEIGHT + GAP) - GAP
    top = (height - used) // 2
    return [
        Box(
            x,
            top + number * (BOX_HEIGHT + GAP),
            (shortened(link.number or link.title), shortened(link.state.label)),
            link.state.tone,
        )
        for number, link in enumerate(links)
    ]


def _arrow(acting: Box, target: Box, link: Link) -> Arrow:
    """From the left edge of what acts to the right edge of its target."""
    half = BOX_HEIGHT // 2
    return Arrow(acting.x, acting.y + half, target.x + BOX_WIDTH, target.y + half, link.what)


def shortened(text: str) -> str:
    """A text that fits into a box."""
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
