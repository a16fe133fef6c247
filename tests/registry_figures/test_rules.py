"""Figures: parents are sums, movements are what they are called, and nobody can work out a hidden number."""

from collections import Counter
from dataclasses import replace

import pytest

from registry.figures.rules import ABSENT, Home, Movement, movement, tree
from registry.published.rules import BASE, LEAST, MOVES, Row, published, safe, tables
from registry.reports.rules import Node
from tests.registry_figures import attack, worlds_apart
from tests.registry_figures.world import INDICATORS, homes_of

TABLES = tables(INDICATORS)


def _rounds(seed: int) -> tuple[Node, Node]:
    first, later = homes_of(seed)
    second = [replace(home, before=first[place].outcome) for place, home in later]
    top = tree("", second)
    back = {place for place, _home in later}
    top.counts.update(f"move/{one.outcome}/{ABSENT}" for place, one in enumerate(first) if place not in back)
    return tree("", first), top


def _sums(node: Node) -> None:
    for one in node.inside.values():
        _sums(one)
    if node.inside:
        whole = sum((one.counts for one in node.inside.values()), Counter[str]())
        assert {k: n for k, n in node.counts.items() if ABSENT not in k.split("/")[2:]} == {
            k: n for k, n in whole.items() if ABSENT not in k.split("/")[2:]
        }
        assert node.households == sum(one.households for one in node.inside.values())


def test_a_parent_is_the_sum_of_what_is_inside_it_in_every_cell() -> None:
    for top in _rounds(1):
        _sums(top)
        assert sum(top.counts[cell] for cell in BASE.cells) == top.households


@pytest.mark.parametrize(
    ("history", "now", "said"),
    [
        ([], "poor", Movement.NONE),
        (["none"], "poor", Movement.NEW),
        (["poor"], "poor", Movement.NONE),
        (["poor"], "near_poor", Movement.ESCAPED),
        (["poor", "none"], "poor", Movement.RELAPSED),
        (["poor", None, "near_poor"], "poor", Movement.RELAPSED),
        (["poor", "unsaid"], "poor", Movement.NONE),
        (["poor"], "unsaid", Movement.NONE),
    ],
)
def test_new_escaped_and_relapsed_follow_what_was_known(
    history: list[str | None], now: str, said: Movement
) -> None:
    assert movement(history, now) is said


def _attacked(one: Node, two: Node, rows: tuple[list[Row], list[Row]]) -> tuple[list[int], list[int]]:
    """(hidden cells that have one solution, true values of those pinned by counts not going below zero)."""
    facts = (
        attack.equations(one, TABLES, "1") + attack.equations(two, TABLES, "2") + attack.moves_links("1", "2")
    )
    known = attack.values(rows[0], TABLES, "1") | attack.values(rows[1], TABLES, "2")
    left = attack.known_into(facts, known)
    return [int(number) for number in attack.solved(left).values()], list(attack.bounded(left).values())


def test_all_tables_of_two_rounds_together_tell_no_hidden_number() -> None:
    hidden = shown = 0
    for seed in range(6):
        one, two = _rounds(seed)
        rows = published(one, INDICATORS, moves=False), published(two, INDICATORS, moves=True)
        solutions, pinned = _attacked(one, two, rows)
        assert solutions == []
        assert [number for number in pinned if 0 < number < LEAST] == []
        hidden += sum(row.counts is None for row in rows[0] + rows[1])
        shown += sum(row.counts is not None for row in rows[0] + rows[1])
    assert hidden > 100 and shown > 100


def _counts(top: Node) -> dict[tuple[str, ...], Counter[str]]:
    found, waiting = {}, [((), top)]
    while waiting:
        path, node = waiting.pop()
        found[path] = node.counts
        waiting += [((*path, name), one) for name, one in node.inside.items()]
    return found


def test_for_every_hidden_small_number_another_world_publishes_the_same() -> None:
    """No reckoning with whole numbers helps: for each hidden cell of 1 to 4 there is a world with another number in it
    that shows the same rows, in both rounds; and for most of them the rule itself would hide the same rows.
    """
    by_name, small, same_rule = {table.name: table for table in TABLES}, 0, 0
    for seed in (1, 3):
        first, later = homes_of(seed)
        second = [replace(home, before=first[place].outcome) for place, home in later]
        for homes, top, moves in zip((first, second), _rounds(seed), (False, True), strict=True):
            rows = published(top, INDICATORS, moves=moves)
            for table, path, cell in worlds_apart.small_hidden(rows, _counts(top), by_name, LEAST):
                if table is MOVES:
                    continue
                small += 1
                found = next(worlds_apart.others(table, path, cell, homes, rows), None)
                assert found is not None, (seed, table.name, path, cell)
                assert worlds_apart.seen(found, rows, by_name) == []
                if small % 25 == 0:
                    same_rule += _hides_the_same(homes, found, rows, top, moves=moves)
    assert small > 50 and same_rule


def _hides_the_same(homes: list[Home], changes: list[worlds_apart.Change], rows: list[Row], top: Node, *,
                    moves: bool) -> bool:  # fmt: skip
    other = list(homes)
    for before, after in changes:
        other[next(place for place, home in enumerate(other) if home is before)] = after
    made = tree("", other)
    made.counts.update({k: n for k, n in top.counts.items() if k.endswith(f"/{ABSENT}")})
    return published(made, INDICATORS, moves=moves) == rows


def test_the_attack_finds_what_hiding_small_rows_alone_would_give_away() -> None:
    found = 0
    for seed in range(6):
        one, two = _rounds(seed)
        found += len(_attacked(one, two, (_naive(one), _naive(two)))[0])
    assert found > 0


def _naive(top: Node) -> list[Row]:
    """Only unsafe rows hidden, nothing to protect them."""
    rows = []
    for row in published(top, INDICATORS, moves=False):
        node, table = top, next(table for table in TABLES if table.name == row.table)
        for name in row.path:
            node = node.inside[name]
        counts = tuple(node.counts[cell] for cell in table.cells)
        rows.append(replace(row, counts=counts if safe(node.counts, table) else None))
    return rows


def test_no_published_cell_is_small_and_nobody_is_told_that_all_are_poor() -> None:
    cells = {table.name: table.cells for table in TABLES}
    for seed in range(6):
        _one, two = _rounds(seed)
        for row in published(two, INDICATORS, moves=True):
            for count in row.counts or ():
                assert count == 0 or count >= LEAST
            if row.counts and row.table == BASE.name:
                said = dict(zip(cells[row.table], row.counts, strict=True))
                assert said["class/poor"] + said["class/near_poor"] < sum(row.counts)


def test_a_hidden_row_takes_another_with_it_and_the_country_stays() -> None:
    homes = [Home((name, name), "none") for name in "abc" for _ in range(50)]
    homes += [Home(("a", "a"), "poor")] * 3 + [Home(("b", "b"), "poor")] * 9 + [Home(("c", "c"), "poor")] * 7
    rows = {row.path: row for row in published(tree("", homes), (), moves=False) if row.table == BASE.name}
    assert rows[()].counts == (19, 0, 150, 0) and rows["b",].counts == (9, 0, 50, 0)
    assert rows["a",].counts is None and rows["c",].counts is None and rows["c", "c"].counts is None


def test_a_country_with_a_small_cell_publishes_nothing() -> None:
    rows = published(
        tree("", [Home(("a", "a1"), "poor")] * 4 + [Home(("a", "a1"), "none")] * 40), (), moves=False
    )
    assert rows and all(row.counts is None and row.households is None for row in rows)


def test_moves_are_of_the_country_alone_and_add_up_to_both_rounds() -> None:
    assert MOVES.depth == 0 and len(MOVES.cells) == 24
    one, two = _rounds(3)
    for name in ("poor", "near_poor", "none", "unsaid"):
        was = sum(two.counts[cell] for cell in MOVES.cells if cell.split("/")[1] == name)
        now = sum(two.counts[cell] for cell in MOVES.cells if cell.split("/")[2] == name)
        assert (was, now) == (one.counts[f"class/{name}"], two.counts[f"class/{name}"])
