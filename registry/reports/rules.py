"""A tree of counts whose parents are the sums of their children, by construction. Pure."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Node:
    """A place with its counts by word (a class, a lack), the households behind them, and the places inside."""

    name: str
    households: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    inside: dict[str, "Node"] = field(default_factory=dict)

    def add(self, path: tuple[str, ...], words: Iterable[str], households: int = 1) -> None:
        """Count one household here and in each place of the path below; none where it was counted there before."""
        said = list(words)
        node = self
        node._count(said, households)
        for name in path:
            node = node.inside.setdefault(name, Node(name))
            node._count(said, households)

    def _count(self, words: list[str], households: int) -> None:
        self.households += households
        self.counts.update(words)

    def spoken(self, words: Mapping[str, str], names: Mapping[tuple[str, ...], str],
               path: tuple[str, ...] = ()) -> dict[str, Any]:  # fmt: skip
        """As JSON. words: how each is called there; each has its count, zero too, and the denominator stands beside.

        names: path → how a place is written; its code stands beside.
        """
        said: dict[str, Any] = {"place": names.get(path, self.name), "code": self.name}
        said["households"] = self.households
        said["counts"] = {name: self.counts[word] for word, name in words.items()}
        if self.inside:
            said["inside"] = [
                self.inside[name].spoken(words, names, (*path, name)) for name in sorted(self.inside)
            ]
        return said


def parts(ids: list[int], size: int = 500) -> Iterator[list[int]]:
    """Ids in turns that fit into one statement."""
    for start in range(0, len(ids), size):
        yield ids[start : start + size]
