"""The instruments around one instrument, laid out as boxes and lines for a small picture."""

from collections.abc import Sequence
from dataclasses import dataclass

from .umbrella import Link

BOX_WIDTH, BOX_HEIGHT, BETWEEN, GAP, MARGIN = 190, 52, 140, 20, 8
LONGEST = 24


@dataclass(frozen=True)
class Box:
    """One instrument of the picture, with its place."""

    x: int
    y: int
    number: str
    state: str
    tone: str = "plain"
    here: bool = False

    @property
    def centre(self) -> int:
        """Where its texts are centred."""
        return self.x + BOX_WIDTH // 2

    @property
    def number_y(self) -> int:
        """The line on which its number stands."""
        return self.y + 22

    @property
    def state_y(self) -> int:
        """The line on which its state stands."""
        return self.y + 40

    @property
    def middle(self) -> int:
        """Half its height: where lines begin and end."""
        return self.y + BOX_HEIGHT // 2


@dataclass(frozen=True)
class Arrow:
    """What one does to the other: from the left edge of what acts to the target's right edge."""

    acting: Box
    target: Box
    label: str

    @property
    def end(self) -> int:
        """The right edge of the target."""
        return self.target.x + BOX_WIDTH

    @property
    def label_x(self) -> int:
        """The middle between both."""
        return (self.acting.x + self.end) // 2

    @property
    def label_y(self) -> int:
        """Just above the line."""
        return (self.acting.middle + self.target.middle) // 2 - 6


@dataclass(frozen=True)
class Picture:
    """Everything that is drawn."""

    width: int
    height: int
    boxes: list[Box]
    arrows: list[Arrow]
    box_width: int = BOX_WIDTH
    box_height: int = BOX_HEIGHT


def picture_of(
    here: tuple[str, str, str], does: Sequence[Link], suffers: Sequence[Link]
) -> Picture | None:
    """What the instrument acts on at its left, what acts on it at its right.

    None where nothing is connected with it. `here` is its number, its state and its tone.
    """
    if not (does or suffers):
        return None
    height = max(len(does), len(suffers)) * (BOX_HEIGHT + GAP) - GAP + 2 * MARGIN
    step = BOX_WIDTH + BETWEEN
    x = MARGIN + step if does else MARGIN
    number, state, tone = here
    middle = Box(x, (height - BOX_HEIGHT) // 2, number, state, tone, here=True)
    left, right = _column(does, MARGIN, height), _column(suffers, x + step, height)
    arrows = [Arrow(middle, box, link.what) for box, link in zip(left, does, strict=True)]
    arrows += [Arrow(box, middle, link.what) for box, link in zip(right, suffers, strict=True)]
    last = x + step if suffers else x
    return Picture(last + BOX_WIDTH + MARGIN, height, [middle, *left, *right], arrows)


def _column(links: Sequence[Link], x: int, height: int) -> list[Box]:
    """Boxes one below the other, centred in the height."""
    top = (height - len(links) * (BOX_HEIGHT + GAP) + GAP) // 2
    return [
        Box(
            x,
            top + place * (BOX_HEIGHT + GAP),
            shortened(link.number or link.title),
            shortened(link.state.label),
            link.state.tone,
        )
        for place, link in enumerate(links)
    ]


def shortened(text: str) -> str:
    """A text that fits into a box."""
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
