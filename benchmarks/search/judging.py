"""nDCG@10 over the judged queries (`judged.json`), on a demonstration world.

Järvelin and Kekäläinen's measure with gains 2^grade − 1: 1.0 means that for every query the ten first are the best
ten in the best order.
"""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log2
from pathlib import Path
from statistics import mean

from catalog.search.queries import search
from catalog.search.rules import Asked, read_query

FILE = Path(__file__).with_name("judged.json")
FIRST = 10


@dataclass(frozen=True, slots=True)
class Judged:
    """A query, how it was typed, and the grade 1–3 of each product worth finding."""

    query: str
    kind: str
    grades: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Verdict:
    """A query's nDCG and the slugs that were found."""

    judged: Judged
    ndcg: float
    found: tuple[str, ...]


def load() -> list[Judged]:
    """The judged queries."""
    return [Judged(**one) for one in json.loads(FILE.read_text(encoding="utf-8"))["queries"]]


def ndcg(found: Sequence[str], grades: Mapping[str, int]) -> float:
    """The gain of what was found over the gain of the best order, both discounted by place; 0 to 1.

    >>> ndcg(["a", "b"], {"a": 3, "b": 1}), round(ndcg(["b", "a"], {"a": 3, "b": 1}), 2), ndcg(["c"], {"a": 3})
    (1.0, 0.71, 0.0)
    """

    def gain(order: Sequence[int]) -> float:
        return sum((2**grade - 1) / log2(place + 2) for place, grade in enumerate(order[:FIRST]))

    best = gain(sorted(grades.values(), reverse=True))
    return gain([grades.get(slug, 0) for slug in found]) / best if best else 0.0


def judge() -> list[Verdict]:
    """Every query's verdict, in the order of the file: hits, then those that come near, as the page shows them."""
    verdicts = []
    for one in load():
        result = search(Asked(read_query(one.query)))
        found = tuple(card.slug for card in (*result.hits, *result.near)[:FIRST])
        verdicts.append(Verdict(one, ndcg(found, one.grades), found))
    return verdicts


def table(verdicts: Sequence[Verdict]) -> str:
    """nDCG@10 by kind and in all, and the queries that fall short."""
    kinds: dict[str, list[float]] = defaultdict(list)
    for verdict in verdicts:
        kinds[verdict.judged.kind].append(verdict.ndcg)
    lines = [f"{'how it is typed':<18}{'queries':>8}{'nDCG@10':>9}"]
    lines += [f"{kind:<18}{len(values):>8}{mean(values):>9.3f}" for kind, values in sorted(kinds.items())]
    lines.append(f"{'all':<18}{len(verdicts):>8}{mean(one.ndcg for one in verdicts):>9.3f}")
    short = sorted((one for one in verdicts if one.ndcg < 0.9), key=lambda one: one.ndcg)
    lines += ["", "under 0.9:"] if short else []
    lines += [
        f"  {one.ndcg:.2f}  {one.judged.query}  →  {', '.join(one.found[:4]) or 'nothing'}" for one in short
    ]
    return "\n".join(lines)
