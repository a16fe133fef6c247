"""Walks over the graph of slips, batches, lots and orders: recursive statements, and a closure where they are too slow.

Forward: everything made of it, every pack and order. Backward: every slip, household and bought material in it.
"""

import logging
from array import array
from collections.abc import Callable, Collection, Iterator, Sequence
from functools import cache
from itertools import compress
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Select, bindparam, or_, select

from core.db import db, padded, run
from core.errors import NotFound
from core.i18n import N_
from households.models import Household
from office.tracing.closures import queries as closures
from office.tracing.closures.rules import Graph, Reach, Unusable
from office.tracing.closures.rules import reach as spread
from office.tracing.rules import Bundles, Kind, Start, closure, read_start
from orders.models import Allocation, Order, OrderLine
from traceability.balance.models import Plot
from traceability.models import Batch, BatchInput, Lot, Slip

log = logging.getLogger(__name__)
CTE_MOST = 10_000  # lots, 15 µs each; a walk that finds more is done again by the kept graph
CHUNK = 5_000  # ids in one statement


def find(text: str, cooperative_id: int | None) -> Start:
    """The start that an id names: by row id, or by the code on the paper. Raises Invalid or NotFound.

    cooperative_id: whose things may be found; None (an operator) finds everybody's, and refuses a code used twice.
    """
    kind, key = read_start(text)
    found = _finders()[kind](key, cooperative_id)
    if len(found) != 1:
        raise NotFound(
            N_("Có hơn một “%(typed)s”.") if found else N_("Không có “%(typed)s”."),
            remedy=N_("Xem lại mã trên phiếu, trên tem hoặc trong đơn."), typed=text[:40],
        )  # fmt: skip
    row = found[0]
    return Start(kind, row[0], row[1], row[2])


GUESSED = (Kind.LOT, Kind.SLIP, Kind.BATCH, Kind.ORDER, Kind.PLOT)


def guess(text: str, cooperative_id: int | None) -> Start:
    """The start that somebody typed from paper, with or without its kind. Raises Invalid or NotFound."""
    typed = text.strip()
    if ":" not in typed and not typed.isdecimal():
        for kind in GUESSED:
            found = _finders()[kind](typed, cooperative_id)
            if typed and len(found) == 1:
                return Start(kind, found[0][0], found[0][1], found[0][2])
    return find(typed, cooperative_id)


def _by_code(model: Any, code: Any, key: str, cooperative_id: int | None, *, upper: bool = True) -> list[Any]:
    typed = key.upper() if upper else key
    # A code wins over a row id: codes stand on paper.
    mine = () if cooperative_id is None else (model.cooperative_id == cooperative_id,)
    wanted = select(model.id, code, model.cooperative_id).where(*mine).limit(2)
    found = list(db.session.execute(wanted.where(code == typed)).all())
    if not found and key.isdecimal() and len(key) < 19:
        found = list(db.session.execute(wanted.where(model.id == int(key))).all())
    return found


def _household(key: str, cooperative_id: int | None) -> list[Any]:
    if not key.isdecimal() or len(key) > 18:
        return []
    mine = () if cooperative_id is None else (Slip.cooperative_id == cooperative_id,)
    wanted = select(Slip.household_id, Household.village, Slip.cooperative_id).distinct().limit(2)
    joined = wanted.join(Household, Household.id == Slip.household_id)
    return list(db.session.execute(joined.where(Slip.household_id == int(key), *mine)).all())


def _material(key: str, cooperative_id: int | None) -> list[Any]:
    mine = () if cooperative_id is None else (Batch.cooperative_id == cooperative_id,)
    wanted = (
        select(Batch.cooperative_id).distinct().join(BatchInput, BatchInput.batch_id == Batch.id).limit(2)
    )
    rows = db.session.execute(wanted.where(BatchInput.material_name == key, *mine)).scalars()
    return [(0, key, owner) for owner in rows]


@cache
def _finders() -> dict[Kind, Callable[[str, int | None], list[Any]]]:
    return {
        Kind.LOT: lambda key, of: _by_code(Lot, Lot.code, key, of),
        Kind.BATCH: lambda key, of: _by_code(Batch, Batch.code, key, of),
        Kind.SLIP: lambda key, of: _by_code(Slip, Slip.number, key, of),
        Kind.ORDER: lambda key, of: _by_code(Order, Order.code, key, of),
        Kind.PLOT: lambda key, of: _by_code(Plot, Plot.name, key, of, upper=False),
        Kind.HOUSEHOLD: _household,
        Kind.MATERIAL: _material,
    }


# ---- forward ----


def _slips_of_plot() -> ColumnElement[bool]:
    """A slip does not name its field: those of the plot's producer and crop, weighed while she worked it."""
    until = or_(Plot.to_on.is_(None), Slip.weighed_on < Plot.to_on)
    fits = (
        Slip.producer_id == Plot.producer_id,
        Slip.crop_id == Plot.crop_id,
        Slip.weighed_on >= Plot.from_on,
        until,
    )
    return select(Plot.id).where(Plot.id == bindparam("of"), *fits).exists()


def _batches_with(*terms: ColumnElement[bool], slips: bool = False) -> Any:
    wanted = select(BatchInput.batch_id)
    return (wanted.join(Slip, Slip.id == BatchInput.slip_id) if slips else wanted).where(*terms)


@cache
def _first_batches() -> dict[Kind, Any]:
    """The batches into which a start went directly, by kind; parameters `of`, `name` and `coop`."""
    of: BindParameter[int] = bindparam("of")
    mine = Slip.cooperative_id == bindparam("coop")
    plot = select(Plot.producer_id).where(Plot.id == of).scalar_subquery()
    return {
        Kind.SLIP: _batches_with(BatchInput.slip_id == of),
        Kind.HOUSEHOLD: _batches_with(Slip.household_id == of, mine, slips=True),
        Kind.PLOT: _batches_with(Slip.producer_id == plot, _slips_of_plot(), mine, slips=True),
        Kind.LOT: _batches_with(BatchInput.lot_id == of),
        Kind.BATCH: select(Batch.id).where(Batch.id == of),
        Kind.MATERIAL: select(BatchInput.batch_id).join(Batch, Batch.id == BatchInput.batch_id)
        .where(BatchInput.material_name == bindparam("name"), Batch.cooperative_id == bindparam("coop")),
        Kind.ORDER: None,
    }  # fmt: skip


@cache
def _walk(kind: Kind) -> Any:
    """The lots reached from a start: the recursive statement, as a CTE with one column."""
    first = Lot.id == bindparam("of") if kind is Kind.LOT else Lot.batch_id.in_(_first_batches()[kind])
    return _made_onward(first)


def _made_onward(first: ColumnElement[bool]) -> Any:
    made = select(Lot.id.label("lot_id")).where(first).cte("made", recursive=True)
    onward = (
        select(Lot.id).select_from(made).join(BatchInput, BatchInput.lot_id == made.c.lot_id)
        .join(Lot, Lot.batch_id == BatchInput.batch_id)
    )  # fmt: skip
    return made.union(
        onward
    )  # UNION, not UNION ALL: a lot reached twice is walked once, so a loop would end as well


@cache
def _lots_forward(kind: Kind) -> Select[Any]:
    return select(_walk(kind).c.lot_id).limit(bindparam("most"))


@cache
def _orders_with() -> Select[Any]:
    """Which orders hold or took packs of `lots`. A statement of its own: joined to the walk, SQLite and PostgreSQL
    guess the walk to be long and read every allocation there is.
    """
    return (
        select(OrderLine.order_id, Allocation.lot_id, Allocation.quantity - Allocation.returned_quantity)
        .select_from(Allocation).join(OrderLine, OrderLine.id == Allocation.order_line_id)
        .where(Allocation.lot_id.in_(bindparam("lots", expanding=True)))
    )  # fmt: skip


@cache
def _names_of(statement: Any) -> frozenset[str]:
    return frozenset(statement.compile().params)


def _of(start: Start, statement: Any) -> Any:
    """The rows of a statement about a start: a prepared statement takes the values that it asks for and no others."""
    values = {"of": start.id, "name": start.name, "coop": start.cooperative_id, "most": CTE_MOST + 1}
    asked = _names_of(statement)
    return run(statement, {name: value for name, value in values.items() if name in asked})


def orders_forward(start: Start) -> list[tuple[int, int, int]]:
    """(order id, lot id, packs not come back) of every line that holds something made of the start.

    The recall's first question: two statements.
    """
    if start.kind is Kind.ORDER:
        return [(start.id, lot_id, quantity) for lot_id, quantity in _lots_of_order(start.id)]
    return [
        (row[0], row[1], row[2])
        for some in chunks(lots_forward(start))
        for row in run(_orders_with(), {"lots": padded(some)})
    ]


def lots_forward(start: Start) -> list[int]:
    """Every lot with something of the start in it, ascending; the lots of an order for an order."""
    few = _few(start)
    return few if few is not None else (by_kept(start, orders=False) or Reach(lots_by_closure(start))).lots


def lots_made_of(lot_ids: Collection[int]) -> list[int]:
    """These lots and every lot with something of them in it, ascending: one walk, however many begin it.

    Up to 10,000 lots by one recursive statement, more by the kept graph, and where none can be used level by level.
    """
    first = sorted(set(lot_ids))
    if not first:
        return []
    if len(first) <= CTE_MOST:
        found = [row[0] for row in run(_made_of_many(), {"lots": padded(first), "most": CTE_MOST + 1})]
        if len(found) <= CTE_MOST:
            return sorted(found)
    graph = _kept_graph()
    if graph is None:
        return _by_levels(first)
    into = {row[0] for some in chunks(first) for row in run(_into(), {"lots": padded(some)})}
    return sorted({*first, *spread(graph, closures.later(graph, orders=False), into, orders=False).lots})


@cache
def _made_of_many() -> Select[Any]:
    first = Lot.id.in_(bindparam("lots", expanding=True))
    return select(_made_onward(first).c.lot_id).limit(bindparam("most"))


@cache
def _into() -> Select[Any]:
    """The batches into which `lots` went."""
    return (
        select(BatchInput.batch_id).where(BatchInput.lot_id.in_(bindparam("lots", expanding=True))).distinct()
    )


@cache
def _out_of() -> Select[Any]:
    return select(Lot.id).where(Lot.batch_id.in_(bindparam("batches", expanding=True)))


def _by_levels(first: Sequence[int]) -> list[int]:
    """Batch after batch, each met once: reads no more than what is reached."""
    seen, batches, edge = set(first), set[int](), first
    while edge:
        into = {row[0] for some in chunks(edge) for row in run(_into(), {"lots": padded(some)})} - batches
        batches |= into
        edge = [row[0] for some in chunks(into) for row in run(_out_of(), {"batches": padded(some)})]
        edge = [one for one in edge if one not in seen]
        seen.update(edge)
    return sorted(seen)


def reach(start: Start) -> Reach:
    """Every lot with something of the start in it, and every order that holds or held packs of them.

    However wide: a blend of everything in ten million edges takes a second where the graph is kept.
    """
    few = _few(start)
    found = by_kept(start) if few is None else None
    if found is not None:
        return found
    lots = few if few is not None else lots_by_closure(start)
    if start.kind is Kind.ORDER:
        return Reach(lots, [start.id])
    rows = (row for some in chunks(lots) for row in run(_orders_with(), {"lots": padded(some)}))
    return Reach(lots, sorted({row[0] for row in rows}))


def _few(start: Start) -> list[int] | None:
    """The lots of a start by a recursive statement; None where there are too many for one."""
    if start.kind is Kind.ORDER:
        return sorted({lot_id for lot_id, _quantity in _lots_of_order(start.id)})
    if start.kind is Kind.MATERIAL and len(_of(start, _bought_many()).all()) > CTE_MOST:
        return None
    found = [row[0] for row in _of(start, _lots_forward(start.kind))]
    return sorted(found) if len(found) <= CTE_MOST else None


@cache
def _bought_many() -> Select[Any]:
    """Batches with a bought material, as many as tell that there are too many: only a material begins so wide."""
    found: Select[Any] = _first_batches()[Kind.MATERIAL].limit(bindparam("most"))
    return found


def _kept_graph() -> Graph | None:
    try:
        return closures.kept()
    except Unusable as why:
        log.warning("kept graph not used, reading anew", extra={"why": str(why)})
        return None


def by_kept(start: Start, *, orders: bool = True) -> Reach | None:
    """The same as `reach`, by the kept graph and what came after it; None where none can be used, which the log says.

    orders: False for the lots alone. Not for an order, which leads nowhere.
    """
    graph = _kept_graph()
    if graph is None:
        return None
    material = (start.cooperative_id, start.name) if start.kind is Kind.MATERIAL else None
    later = closures.later(graph, orders=orders, bought=material)
    if material:
        first = [*graph.batches_with(*material), *later.bought]
    else:
        first = [row[0] for row in _of(start, _first_batches()[start.kind])]
    found = spread(graph, later, first, orders=orders)
    if start.kind is not Kind.LOT:
        return found
    own = [row[0] for row in run(_orders_with(), {"lots": [start.id]})] if orders else []
    return Reach(sorted({start.id, *found.lots}), sorted({*found.orders, *own}))


def lots_by_closure(start: Start) -> list[int]:
    """The same as `lots_forward`, by the graph of the start's cooperative read into memory."""
    first = [row[0] for row in _of(start, _first_batches()[start.kind])]
    lots, batches = _two_columns(_made(), start.cooperative_id)
    graph = batch_graph(start.cooperative_id, lots, batches)
    seen = closure(graph, [batch for batch in first if batch < graph.size])  # a later one gave nothing yet
    own = [start.id] if start.kind is Kind.LOT else []
    return sorted({*own, *compress(lots, map(seen.__getitem__, batches))})


@cache
def _made() -> Select[Any]:
    """Every lot of a cooperative that came out of a batch, with its batch."""
    mine = Lot.cooperative_id == bindparam("coop")
    return select(Lot.id, Lot.batch_id).where(mine, Lot.batch_id.is_not(None))


@cache
def _mixed() -> Select[Any]:
    """Every lot that went into a batch of a cooperative, with that batch."""
    return (
        select(BatchInput.lot_id, BatchInput.batch_id).join(Batch, Batch.id == BatchInput.batch_id)
        .where(Batch.cooperative_id == bindparam("coop"), BatchInput.lot_id.is_not(None))
    )  # fmt: skip


def _two_columns(statement: Select[Any], cooperative_id: int) -> "tuple[array[int], array[int]]":
    """The answer as two arrays: a row costs eight bytes a value, and goes before the next portion comes."""
    left, right = array("q"), array("q")
    for rows in run(statement, {"coop": cooperative_id}).partitions(CHUNK):
        some, others = zip(*rows, strict=True)
        left.extend(some)
        right.extend(others)
    return left, right


def batch_graph(cooperative_id: int, lots: Sequence[int], batches: Sequence[int]) -> Bundles:
    """From each batch to the batches that used lots of it: the part of the graph in which goods are mixed.

    lots, batches: which lot came out of which batch.
    """
    used, into = _two_columns(_mixed(), cooperative_id)
    batch_of = dict(zip(lots, batches, strict=True))
    known = [lot in batch_of for lot in used]
    into = array("q", compress(into, known))
    sources = array("q", map(batch_of.__getitem__, compress(used, known)))
    return Bundles(sources, into, max(max(batches, default=0), max(into, default=0)) + 1)


@cache
def _of_order() -> Select[Any]:
    return (
        select(Allocation.lot_id, Allocation.quantity - Allocation.returned_quantity)
        .join(OrderLine, OrderLine.id == Allocation.order_line_id).where(OrderLine.order_id == bindparam("of"))
    )  # fmt: skip


def _lots_of_order(order_id: int) -> list[tuple[int, int]]:
    return [(row[0], row[1]) for row in run(_of_order(), {"of": order_id})]


# ---- backward ----


@cache
def _behind(kind: Kind) -> Select[Any]:
    """Every input of every batch behind a lot (parameter `of`) or an order: slip, lot, material, grams, batch."""
    of: BindParameter[int] = bindparam("of")
    first: ColumnElement[bool]
    if kind is Kind.ORDER:
        first = Lot.id.in_(
            select(Allocation.lot_id).join(OrderLine, OrderLine.id == Allocation.order_line_id)
            .where(OrderLine.order_id == of)
        )  # fmt: skip
    else:
        first = Lot.id == of if kind is Kind.LOT else Lot.batch_id == of
    behind = select(Lot.id.label("lot_id"), Lot.batch_id).where(first).cte("behind", recursive=True)
    source = (
        select(Lot.id, Lot.batch_id).select_from(behind).join(BatchInput, BatchInput.batch_id == behind.c.batch_id)
        .join(Lot, Lot.id == BatchInput.lot_id)
    )  # fmt: skip
    behind = behind.union(source)
    batches = select(behind.c.batch_id).distinct().subquery()
    return select(
        BatchInput.batch_id,
        BatchInput.slip_id,
        BatchInput.lot_id,
        BatchInput.material_name,
        BatchInput.weight_g,
    ).join(batches, batches.c.batch_id == BatchInput.batch_id)


def inputs_behind(start: Start) -> list[Any]:
    """Every input behind a lot, batch or order: batch_id, slip_id, lot_id, material_name, weight_g. One statement."""
    return list(run(_behind(start.kind), {"of": start.id}))


def slips_behind(start: Start) -> list[int]:
    """Every slip whose harvest is in a start, ascending."""
    if start.kind is Kind.SLIP:
        return [start.id]
    if start.kind is Kind.HOUSEHOLD:
        mine = (Slip.household_id == start.id, Slip.cooperative_id == start.cooperative_id)
        return list(db.session.execute(select(Slip.id).where(*mine).order_by(Slip.id)).scalars())
    if start.kind is Kind.PLOT:
        owner = select(Plot.producer_id).where(Plot.id == start.id).scalar_subquery()
        wanted = select(Slip.id).where(Slip.producer_id == owner, _slips_of_plot()).order_by(Slip.id)
        return list(db.session.execute(wanted, {"of": start.id}).scalars())
    if start.kind is Kind.MATERIAL:
        return []
    return sorted({row.slip_id for row in inputs_behind(start) if row.slip_id is not None})


def chunks(ids: Collection[int]) -> Iterator[Sequence[int]]:
    """Ids in portions that one statement of either engine takes."""
    listed = sorted(ids)
    for at in range(0, len(listed), CHUNK):
        yield listed[at : at + CHUNK]
