"""Another world that publishes the same: proof that whole numbers, and not only equations, leave a hidden cell open.

A household is moved between two places that are both hidden, or two households of such places exchange an attribute.
Where that changes a hidden cell and no shown one, nobody can tell the worlds apart, whatever she computes.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from registry.figures.rules import Home, Path, words_of
from registry.published.rules import BASE, Row, Table

Change = tuple[Home, Home]  # a household as it is, and as it would be


def small_hidden(rows: Sequence[Row], counts: Mapping[Path, Counter[str]], tables: Mapping[str, Table],
                 least: int) -> list[tuple[Table, Path, str]]:  # fmt: skip
    """The hidden cells that stand for one to four households, below a country that is shown at all."""
    shown = {(row.table, row.path) for row in rows if row.counts is not None}
    return [
        (tables[row.table], row.path, cell)
        for row in rows
        if row.counts is None and (BASE.name, ()) in shown
        for cell in tables[row.table].cells
        if 0 < counts[row.path][cell] < least
    ]


def others(
    table: Table, path: Path, cell: str, homes: Sequence[Home], rows: Sequence[Row]
) -> Iterator[list[Change]]:
    """Changes of the world that alter a hidden cell and keep every sum above it."""
    hidden = {(row.table, row.path) for row in rows if row.counts is None}
    name = BASE.name if (BASE.name, path) in hidden else table.name
    while path and (name, path[:-1]) in hidden:  # the highest hidden place around it
        path = path[:-1]
    beside = [
        p for (one, p) in hidden if one == name and p != path and p[:-1] == path[:-1] and len(p) == len(path)
    ]
    here = [home for home in homes if home.path[: len(path)] == path]
    there = [home for home in homes if any(home.path[: len(p)] == p for p in beside)] if path else homes
    if name == BASE.name:
        for home in here:
            if cell in words_of(home):
                yield from ([(home, replace(home, path=one.path))] for one in there)
        return
    for home, one in _unlike(table, cell, here, there):
        pair = _swapped(table, home, one)
        yield pair if path else pair[:1]  # a table hidden everywhere: one household alone may be another


def _unlike(table: Table, cell: str, here: Sequence[Home], there: Sequence[Home]) -> Iterator[Change]:
    """Households of two places of which one has what the cell counts, alike in all that another table shows."""
    split = not table.name.startswith(("lack-", "departs"))

    def known(homes: Sequence[Home]) -> dict[tuple[str, bool], Home]:
        return {(home.outcome if split else "", cell in words_of(home)): home for home in homes}

    mine, theirs = known(here), known(there)
    for (outcome, has), home in mine.items():
        if (outcome, not has) in theirs and (not split or outcome == cell.rsplit("/", 1)[1]):
            yield home, theirs[outcome, not has]


def _swapped(table: Table, home: Home, one: Home) -> list[Change]:
    """Two households with the attribute of a table exchanged."""
    if table.name.startswith("lack-"):
        code = table.name.removeprefix("lack-")
        mine, theirs = dict(home.lacks) | {code: one.lacks[code]}, dict(one.lacks) | {code: home.lacks[code]}
        return [(home, replace(home, lacks=mine)), (one, replace(one, lacks=theirs))]
    had, has = getattr(home, table.name), getattr(one, table.name)
    return [(home, replace(home, **{table.name: has})), (one, replace(one, **{table.name: had}))]


def seen(
    changes: Sequence[Change], rows: Sequence[Row], tables: Mapping[str, Table]
) -> list[tuple[str, Path]]:
    """The shown rows that a change would alter."""
    moved: dict[Path, Counter[str]] = {}
    for before, after in changes:
        for home, sign in ((before, -1), (after, 1)):
            for depth in range(len(home.path) + 1):
                there = moved.setdefault(home.path[:depth], Counter())
                for word in words_of(home):
                    there[word] += sign
    return [
        (row.table, row.path)
        for row in rows
        if row.counts is not None
        and any(moved.get(row.path, Counter())[cell] for cell in tables[row.table].cells)
    ]
