"""A Merkle tree that grows: a checkpoint changes few of many leaves."""

import hashlib
from bisect import bisect_left
from collections.abc import Mapping

from ..hashing import head_leaf, merkle_root


class HeadTree:
    """The tree over all heads in the order of their chains (RFC 6962, section 2.1)."""

    def __init__(self) -> None:
        self.chains: list[str] = []
        self.levels: list[list[bytes]] = [[]]

    @property
    def root(self) -> str:
        """The root, as `hashing.merkle_root` makes it of the same leaves."""
        return self.levels[-1][0].hex() if self.chains else merkle_root([])

    def put(self, heads: Mapping[str, tuple[int, str]]) -> None:
        """Set the heads of some chains, and mend the tree above them."""
        changed: set[int] = set()
        moved = len(self.chains) + len(heads)
        for chain, head in heads.items():
            leaf, at = head_leaf(chain, *head), bisect_left(self.chains, chain)
            if at < len(self.chains) and self.chains[at] == chain:
                self.levels[0][at] = leaf
                changed.add(at)
            else:
                self.chains.insert(at, chain)
                self.levels[0].insert(at, leaf)
                moved = min(moved, at)
        self._mend(changed | set(range(moved, len(self.chains))))

    def _mend(self, changed: set[int]) -> None:
        level = 0
        while len(self.levels[level]) > 1:
            below, level = self.levels[level], level + 1
            if level == len(self.levels):
                self.levels.append([])
            above = self.levels[level]
            above.extend([b""] * ((len(below) + 1) // 2 - len(above)))
            changed = {at // 2 for at in changed}
            for at in changed:
                above[at] = _node(below[2 * at : 2 * at + 2])


def _node(pair: list[bytes]) -> bytes:
    return hashlib.sha256(b"\x01" + pair[0] + pair[1]).digest() if len(pair) == 2 else pair[0]
