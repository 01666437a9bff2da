"""Files that people hold in their hands."""

from pathlib import Path

from workflow.cover_sheet import cover_sheet


def pdf(folder: Path, name: str) -> Path:
    """A small PDF of that name."""
    place = folder / name
    place.write_bytes(cover_sheet([name]))
    return place
