"""The application identifiers and what GS1's dictionary says of each, read from `identifiers.txt` once a process."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from itertools import combinations


@dataclass(frozen=True, slots=True)
class Component:
    """A stretch of a value. kind: N digits, X set 82, Y set 39, Z base 64. checks: names in `components.CHECKS`."""

    kind: str
    least: int
    most: int
    optional: bool
    checks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Identifier:
    """An application identifier.

    fixed: of predefined length, so that no FNC1 follows. attribute: allowed in a Digital Link's query. needs: each of
    its groups must be met, by one of its alternatives, all of whose templates stand beside it ("n" is any digit).
    excludes: templates that may not. qualifiers: what may follow it in a Digital Link, in order; None: it opens none.
    """

    ai: str
    title: str
    fixed: bool
    attribute: bool
    components: tuple[Component, ...]
    needs: tuple[tuple[tuple[str, ...], ...], ...]
    excludes: tuple[str, ...]
    qualifiers: tuple[tuple[str, ...], ...] | None

    @property
    def least(self) -> int:
        """The fewest characters of its value."""
        return sum(part.least for part in self.components if not part.optional)

    @property
    def most(self) -> int:
        """The most characters of its value."""
        return sum(part.most for part in self.components)


def _component(text: str) -> Component:
    shape, *checks = text.removeprefix("?").split(":")
    least, _to, most = shape[1:].partition("-")
    return Component(shape[0], int(least), int(most or least), text.startswith("?"), tuple(checks))


def _rows(line: str) -> Iterator[Identifier]:
    ais, flags, parts, needs, excludes, keys, title = line.split("|")
    first, _to, last = ais.partition("-")
    for number in range(int(first), int(last or first) + 1):
        yield Identifier(
            ai=f"{number:0{len(first)}}",
            title=title,
            fixed="fixed" in flags,
            attribute="attribute" in flags,
            components=tuple(_component(part) for part in parts.split(";")),
            needs=tuple(
                tuple(tuple(one.split("+")) for one in group.split(" or "))
                for group in needs.split(" & ") if group
            ),
            excludes=tuple(excludes.split()),
            qualifiers=tuple(
                () if way == "-" else tuple(way.split(",")) for way in keys.split("/")
            ) if keys else None,
        )  # fmt: skip


@lru_cache(maxsize=1)
def identifiers() -> dict[str, Identifier]:
    """All of them, by number."""
    text = files(__package__).joinpath("identifiers.txt").read_text(encoding="utf-8")
    lines = (line for line in text.splitlines() if line and not line.startswith("#"))
    return {one.ai: one for line in lines for one in _rows(line)}


@lru_cache(maxsize=1)
def _lengths() -> dict[str, int]:
    """How long an identifier is, by its first two digits."""
    return {ai[:2]: len(ai) for ai in identifiers()}


@lru_cache(maxsize=64)
def identifier(ai: str) -> Identifier:
    """What is said of one; of an unknown one, that it is a text of up to 90 characters."""
    whatever = (Component("X", 1, 90, False, ()),)
    return identifiers().get(ai) or Identifier(ai, "", False, True, whatever, (), (), None)


def may_come(ai: str) -> bool:
    """Whether an identifier nobody has defined yet could be this: digits, as many as its first two say."""
    return ai.isdecimal() and 2 <= len(ai) <= 4 and _lengths().get(ai[:2], len(ai)) == len(ai)


def leading(text: str) -> Identifier | None:
    """The identifier that unbracketed data begins with; None where there is none."""
    length = _lengths().get(text[:2])
    return identifiers().get(text[:length]) if length else None


@lru_cache(maxsize=1)
def paths() -> tuple[tuple[str, ...], ...]:
    """Every sequence of identifiers that a Digital Link's path may hold, sorted: a key, then qualifiers in order."""
    found = set()
    for one in identifiers().values():
        for way in one.qualifiers or ():
            for size in range(len(way) + 1):
                found |= {(one.ai, *some) for some in combinations(way, size)}
    return tuple(sorted(found, key=" ".join))


@lru_cache(maxsize=1)
def codes() -> dict[str, frozenset[str]]:
    """The code lists: countries, letters, currencies, packages."""
    lists: dict[str, set[str]] = {}
    name = ""
    for line in files(__package__).joinpath("codes.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            name = line.strip("[]")
        elif line and not line.startswith("#"):
            lists.setdefault(name, set()).update(line.split())
    return {name: frozenset(found) for name, found in lists.items()}
