"""What a delegation can be limited to: the floors above say which stages and instruments exist."""

from collections.abc import Callable, Iterable, Mapping

Words = Mapping[str, str]

_offered: dict[str, Callable[[], Words]] = {}


def offer(scope: str, words: Callable[[], Words]) -> None:
    """Say what "stages" or "instrument_kinds" has, by stored name, in the reader's words."""
    _offered[scope] = words


def words_of(scope: str) -> Words:
    """Everything that a scope has, by stored name."""
    return _offered[scope]() if scope in _offered else {}


def listed(scope: str, names: Iterable[str]) -> str:
    """Those of a scope in words, for a sentence; one that is gone keeps its stored name."""
    words = words_of(scope)
    return ", ".join(str(words.get(name, name)) for name in names)
