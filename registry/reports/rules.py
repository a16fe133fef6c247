"""A tree of counts whose parents are the sums of their children, by construction. Pure."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Node:
    """A place with its counts by word (a class, a lack), the households behind them, and the places inside."""

    name: str
    households: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    inside: dict[str, "Node"] = field(default_factory=dict)

    def add(self, path: tuple[str, ...], words: Iterable[str]) -> None:
        """Count one household here and in each place of the path below."""
        said = list(words)
        node = self
        node._count(said)
        for name in path:
            node = node.inside.setdefault(name, Node(name))
            node._count(said)

    def _count(self, words: list[str]) -> None:
        self.households += 1
        self.counts.update(words)

    def spoken(self, words: tuple[str, ...]) -> dict[str, Any]:
        """As JSON, places by name. Every word has its count, zero too; the denominator stands beside."""
        said: dict[str, Any] = {"place": self.name, "households": self.households}
        said["counts"] = {word: self.counts[word] for word in words}
        if self.inside:
            said["inside"] = [self.inside[name].spoken(words) for name in sorted(self.inside)]
        return said
