"""Sales and refunds shared again from packed lots, slips and terms, many entries at a time.

Statements are per chunk of entries, never per entry. What a lot's slips gave, and a share computed once from the same
lot, amount and terms, is remembered while the audit runs; nothing is taken from what was posted.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import cast

from sqlalchemy import Table, bindparam, func, select

from core.db import connection
from core.money import largest_remainder
from orders.models import Allocation, OrderLine
from revenue.ledger.walks import Drawn, Read
from revenue.models import Entry, Posting
from revenue.rules import SHARES, Component, EntryKind
from revenue.split import queries, rules
from revenue.terms.queries import measures

ShareKey = tuple[int, int, str, int, int]  # order line, lot, component, producer or 0, household or 0
PartKey = tuple[
    int, int, str, int, int, str, str
]  # the same, with clause or tax rule, and the kind of dealing
Fault = tuple[int, str]  # number of the entry, and what is wrong
REMEMBERED = 4_000
_SHARES = frozenset(str(one) for one in SHARES)
_ENTRY, _POSTING, _LINE, _PACKED = (
    cast(Table, model.__table__) for model in (Entry, Posting, OrderLine, Allocation)
)
_LOTS = (
    select(
        _LINE.c.order_id,
        _PACKED.c.order_line_id,
        _PACKED.c.lot_id,
        func.coalesce(_PACKED.c.packed_g, _PACKED.c.quantity),
    )
    .join(_LINE, _LINE.c.id == _PACKED.c.order_line_id)
    .where(_LINE.c.order_id.in_(bindparam("orders", expanding=True)), _PACKED.c.packed.is_(True))
)
_P = _POSTING.c
_BEFORE = (
    select(_ENTRY.c.seq, _P.order_line_id, _P.lot_id, _P.component, _P.producer_id, _P.household_id, _P.rule, _P.deal,
           _P.amount_vnd)
    .join(_ENTRY, _ENTRY.c.id == _P.entry_id)
    .where(_P.order_line_id.in_(bindparam("lines", expanding=True)), _ENTRY.c.ledger_id == bindparam("l"),
           _P.component.in_(sorted(_SHARES)))
    .order_by(_ENTRY.c.seq)
)  # fmt: skip


def _share_key(line: Drawn) -> ShareKey:
    return (
        line.order_line_id or 0,
        line.lot_id or 0,
        line.component,
        line.producer_id or 0,
        line.household_id or 0,
    )


def _shares(lines: Sequence[Drawn], sign: int) -> dict[ShareKey, int]:
    found: dict[ShareKey, int] = {}
    for line in lines:
        if line.component in _SHARES and line.order_line_id:
            key = _share_key(line)
            found[key] = found.get(key, 0) + sign * line.amount_vnd
    return found


def _parts(lines: Sequence[Drawn]) -> dict[PartKey, int]:
    """What a refund takes of each part that was posted apart: of each clause's, each tax's, each kind of dealing's."""
    found: dict[PartKey, int] = {}
    for line in lines:
        if line.component in _SHARES and line.order_line_id:
            key = (*_share_key(line), line.rule, line.deal)
            found[key] = found.get(key, 0) + line.amount_vnd
    return found


class Sharing:
    """Recomputes the entries of one ledger; keeps what lots hold and what was already divided, up to a bound."""

    def __init__(self, ledger_id: int) -> None:
        self.ledger_id = ledger_id
        self._given: dict[int, list[rules.Contribution]] = {}
        self._terms: dict[int, rules.Terms] = {}
        self._split: dict[tuple[int, int, int], list[rules.Share]] = {}

    def faults(self, entries: Sequence[Read]) -> Iterator[Fault]:
        """What is wrong with the sales, refunds and guarantees among these entries, in the order of their numbers."""
        yield from sorted(fault for kind, check in CHECKS.items() if (mine := [e for e in entries if e.kind == kind])
                          for fault in check(self, mine))  # fmt: skip

    def sales(self, entries: Sequence[Read]) -> Iterator[Fault]:
        """Each sale's shares, from packed lots, slips and the terms it names."""
        packed: dict[int, dict[int, dict[int, int]]] = {}
        orders = sorted({entry.order_id for entry in entries if entry.order_id})
        for order, line, lot, quantity in connection().execute(_LOTS, {"orders": orders}):
            packed.setdefault(order, {}).setdefault(line, {})[lot] = quantity
        self._learn({lot for lines in packed.values() for lots in lines.values() for lot in lots})
        for entry in entries:
            if not entry.terms_id:
                yield entry.seq, "a sale that names no terms"
                continue
            posted = _shares(entry.lines, -1)
            wanted = self._wanted(posted, packed.get(entry.order_id or 0, {}), entry.terms_id)
            if posted == wanted:
                continue
            for key in sorted(posted.keys() | wanted.keys()):
                if posted.get(key, 0) != wanted.get(key, 0):
                    yield (
                        entry.seq,
                        (
                            f"share {key} is posted as {posted.get(key, 0)}, the trace graph gives {wanted.get(key, 0)}"
                        ),
                    )

    def _wanted(
        self, posted: dict[ShareKey, int], packed: dict[int, dict[int, int]], terms_id: int
    ) -> dict[ShareKey, int]:
        sums: dict[int, int] = {}
        for key, amount in posted.items():
            sums[key[0]] = sums.get(key[0], 0) + amount
        wanted: dict[ShareKey, int] = {}
        goods = measures(sums) if self._of(terms_id).measured else {}
        for line_id, amount in sums.items():
            for lot_id, part in rules.over_lots(amount, packed.get(line_id, {})).items():
                for share in self._of_lot(lot_id, part, terms_id, goods.get((line_id, lot_id))):
                    key = (
                        line_id,
                        lot_id,
                        str(share.component),
                        share.producer_id or 0,
                        share.household_id or 0,
                    )
                    wanted[key] = wanted.get(key, 0) + share.amount_vnd
        return wanted

    def _of(self, terms_id: int) -> rules.Terms:
        if terms_id not in self._terms:
            self._terms[terms_id] = queries.terms(terms_id).terms
        return self._terms[terms_id]

    def _of_lot(
        self, lot_id: int, amount_vnd: int, terms_id: int, goods: rules.Goods | None
    ) -> list[rules.Share]:
        if goods is not None:  # kilograms and hours differ from line to line
            return rules.split_lot(amount_vnd, self._given[lot_id], self._of(terms_id), goods)
        asked = lot_id, amount_vnd, terms_id
        if asked not in self._split:
            if len(self._split) >= REMEMBERED:
                self._split.clear()
            self._split[asked] = rules.split_lot(amount_vnd, self._given[lot_id], self._of(terms_id))
        return self._split[asked]

    def _learn(self, lots: set[int]) -> None:
        missing = lots - self._given.keys()
        if len(self._given) + len(missing) > REMEMBERED:
            self._given.clear()
            missing = lots
        self._given |= queries.contributions(missing)

    def refunds(self, entries: Sequence[Read]) -> Iterator[Fault]:
        """No share gave back more than it had at that moment, and each line's refund was divided by what was left."""
        lines = sorted(
            {line.order_line_id for entry in entries for line in entry.lines if line.order_line_id}
        )
        before: dict[int, list[tuple[int, PartKey, int]]] = {}
        for seq, line, lot, component, who, home, rule, deal, amount in connection().execute(
            _BEFORE, {"lines": lines, "l": self.ledger_id}
        ):
            key = (line, lot or 0, component, who or 0, home or 0, rule, deal)
            before.setdefault(line, []).append((seq, key, amount))
        for entry in entries:
            taken = _parts(entry.lines)
            for line_id in sorted({key[0] for key in taken}):
                mine = {key: part for key, part in taken.items() if key[0] == line_id}
                yield from (
                    (entry.seq, one) for one in _refund(line_id, mine, _left(before[line_id], entry.seq))
                )

    def guarantees(self, entries: Sequence[Read]) -> Iterator[Fault]:
        """A guarantee holds nothing else."""
        for entry in entries:
            if any(line.component != Component.GUARANTEE for line in entry.lines):
                yield entry.seq, "a guarantee holds other lines"


def _left(before: Sequence[tuple[int, PartKey, int]], seq: int) -> dict[PartKey, int]:
    """What of each share of a line was left before an entry."""
    left: dict[PartKey, int] = {}
    for at, key, amount in before:
        if at < seq:
            left[key] = left.get(key, 0) - amount
    return {key: amount for key, amount in left.items() if amount > 0}


def _refund(line_id: int, taken: dict[PartKey, int], left: dict[PartKey, int]) -> Iterator[str]:
    amount = sum(taken.values())
    if amount > sum(left.values()):
        yield f"refund of line {line_id} takes {amount}, only {sum(left.values())} was left"
        return
    wanted = largest_remainder(amount, left) if left else {}
    for key in sorted(taken.keys() | wanted.keys()):
        if taken.get(key, 0) != wanted.get(key, 0):
            yield f"refund took {taken.get(key, 0)} from share {key}, {wanted.get(key, 0)} was its part"


CHECKS: dict[str, Callable[[Sharing, Sequence[Read]], Iterator[Fault]]] = {
    EntryKind.SALE: Sharing.sales,
    EntryKind.REFUND: Sharing.refunds,
    EntryKind.GUARANTEE: Sharing.guarantees,
}
