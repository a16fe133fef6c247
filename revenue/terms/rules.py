"""What a draft would have changed: the sums before and after, person by person. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from revenue.rules import Component
from revenue.split.rules import Contribution, Goods, Terms, split_lot

EARNERS = (Component.PRODUCERS, Component.LABOUR)


@dataclass
class Sums:
    """What sales come to under some terms, đồng: by component, and by producer."""

    components: dict[str, int] = field(default_factory=dict)
    producers: dict[int, int] = field(default_factory=dict)

    def add(self, component: str, producer_id: int | None, amount_vnd: int) -> None:
        """Count one part of a sale."""
        self.components[component] = self.components.get(component, 0) + amount_vnd
        if producer_id is not None and component in EARNERS:
            self.producers[producer_id] = self.producers.get(producer_id, 0) + amount_vnd


@dataclass(frozen=True)
class Part:
    """What one lot brought in one order line, and what clauses by kilogram and hour count of it."""

    lot_id: int
    amount_vnd: int
    goods: Goods


def recomputed(parts: Iterable[Part], given: Mapping[int, list[Contribution]], terms: Terms) -> Sums:
    """The same goods, shared under other terms."""
    sums = Sums()
    for part in parts:
        for share in split_lot(part.amount_vnd, given[part.lot_id], terms, part.goods):
            sums.add(str(share.component), share.producer_id, share.amount_vnd)
    return sums


@dataclass(frozen=True)
class Change:
    """One person's month: what it was, what it would have been, and of the difference what the grades' factors did."""

    producer_id: int
    was_vnd: int
    would_vnd: int
    by_grades_vnd: int

    @property
    def difference_vnd(self) -> int:
        """More (+) or less (−)."""
        return self.would_vnd - self.was_vnd

    @property
    def by_rates_vnd(self) -> int:
        """What of it comes from shares, labour and the way of buying."""
        return self.difference_vnd - self.by_grades_vnd


def changes(was: Sums, middle: Sums, would: Sums) -> list[Change]:
    """Person by person, those who lose most first. middle: the draft, but with the grade factors of now."""
    found = [
        Change(who, was.producers.get(who, 0), would.producers.get(who, 0),
               would.producers.get(who, 0) - middle.producers.get(who, 0))
        for who in was.producers.keys() | would.producers.keys()
    ]  # fmt: skip
    return sorted(found, key=lambda one: (one.difference_vnd, one.producer_id))
