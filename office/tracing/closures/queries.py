"""The kept graph as it lies in the instance folder, what came after it, and all there is, to make it of."""

import hashlib
import mmap
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from itertools import islice
from pathlib import Path
from typing import Any

from flask import current_app
from sqlalchemy import Select, bindparam, func, select

from core.db import padded, run
from office.tracing.closures.rules import Graph, Later, Unusable, read
from orders.models import Allocation, Order, OrderEvent, OrderLine
from orders.rules import State
from traceability.models import Batch, BatchInput, Lot

CHUNK = 4_096  # ids in one statement
STEP = 50_000  # numbers of rows in one statement
ANCHORS = 64  # the last lots by which a graph knows its database
SETTLED = (
    State.SHIPPED,
    State.DELIVERED,
    State.REFUSED,
    State.CANCELLED,
)  # no way back: their lots stay theirs


def path() -> Path:
    """Where the kept graph lies on this host."""
    return Path(current_app.config["INSTANCE_DIR"]) / "graph" / "kept"


def kept() -> Graph:
    """The kept graph, mapped and not copied. Raises Unusable where there is none of this database as it is now."""
    where = path()
    try:
        stat = where.stat()
        graph = _mapped(where, stat.st_mtime_ns, stat.st_ino, stat.st_size)
    except OSError as error:
        raise Unusable(type(error).__name__) from error
    if graph.anchor != anchor(graph.lot_mark, graph.sold_mark, int(graph.anchor.partition(":")[0])):
        raise Unusable("of another database, or of this one before it was restored")
    return graph


@lru_cache(maxsize=1)
def _mapped(where: Path, _changed_ns: int, _inode: int, _size: int) -> Graph:
    """Checked whole once a process and file; the pages are the kernel's, shared by all processes."""
    with where.open("rb") as file:
        try:
            return read(memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)))
        except ValueError as error:  # an empty file cannot be mapped
            raise Unusable(str(error)) from error


def marks() -> tuple[int, int]:
    """The last lot and the last allocation there are. On PostgreSQL the caller keeps writers out meanwhile."""
    return tuple(run(select(func.coalesce(func.max(one), 0))).scalar_one() for one in (Lot.id, Allocation.id))


def anchor(lot_mark: int, sold_mark: int, step: int | None = None) -> str:
    """By what rows a graph knows its database: the last step of an order, then a digest of it, of the last allocation
    and of the last lots kept. These rows never change, so that they are others only in another database.
    """
    if step is None:
        step = int(run(select(func.coalesce(func.max(OrderEvent.id), 0))).scalar_one())
    found: list[Any] = [tuple(row) for row in run(_lots_before(), {"mark": lot_mark})]
    found += [tuple(row) for row in run(_allocation(), {"mark": sold_mark})]
    found += [tuple(row) for row in run(_step(), {"mark": step})]
    return f"{step}:{hashlib.sha256(repr(found).encode()).hexdigest()}"


@cache
def _lots_before() -> Select[Any]:
    wanted = select(Lot.id, Lot.batch_id, Lot.cooperative_id, Lot.code, Lot.created_at)
    return wanted.where(Lot.id <= bindparam("mark")).order_by(Lot.id.desc()).limit(ANCHORS)


@cache
def _allocation() -> Select[Any]:
    return select(Allocation.lot_id, Allocation.order_line_id).where(Allocation.id == bindparam("mark"))


@cache
def _step() -> Select[Any]:
    wanted = select(OrderEvent.order_id, OrderEvent.seq, OrderEvent.event, OrderEvent.at)
    return wanted.where(OrderEvent.id == bindparam("mark"))


# ---- what came after ----


def later(graph: Graph, *, orders: bool, bought: tuple[int, str] | None = None) -> Later:
    """What is not in the graph. orders: also who bought. bought: a cooperative and the name of its bought material."""
    mark = {"mark": graph.lot_mark}
    used = pairs(_used_since(), mark)
    made = pairs(_made_since(), mark)
    batches = (
        [row[0] for row in run(_bought_since(), mark | {"coop": bought[0], "name": bought[1]})]
        if bought
        else []
    )
    sold = [*pairs(_sold_since(), {"mark": graph.sold_mark}), *_of_pending(graph.pending)] if orders else []
    return Later(made, used, batches, sold)


def _of_pending(orders: Sequence[int]) -> Iterator[tuple[int, int]]:
    waiting = iter(orders)
    while some := list(islice(waiting, CHUNK)):
        yield from pairs(_sold_of(), {"orders": padded(some)})


@cache
def _made_since() -> Select[Any]:
    return select(Lot.id, Lot.batch_id).where(Lot.id > bindparam("mark"), Lot.batch_id.is_not(None))


def _closed_since() -> Any:
    return select(Lot.batch_id).where(Lot.id > bindparam("mark"), Lot.batch_id.is_not(None))


@cache
def _used_since() -> Select[Any]:
    wanted = select(BatchInput.lot_id, BatchInput.batch_id)
    return wanted.where(BatchInput.batch_id.in_(_closed_since()), BatchInput.lot_id.is_not(None))


@cache
def _bought_since() -> Select[Any]:
    return (
        select(BatchInput.batch_id).join(Batch, Batch.id == BatchInput.batch_id)
        .where(BatchInput.batch_id.in_(_closed_since()), BatchInput.material_name == bindparam("name"),
               Batch.cooperative_id == bindparam("coop"))
    )  # fmt: skip


@cache
def _sold() -> Select[Any]:
    return (
        select(Allocation.lot_id, OrderLine.order_id)
        .select_from(Allocation).join(OrderLine, OrderLine.id == Allocation.order_line_id)
    )  # fmt: skip


@cache
def _sold_since() -> Select[Any]:
    return _sold().where(Allocation.id > bindparam("mark"))


@cache
def _sold_of() -> Select[Any]:
    return _sold().where(OrderLine.order_id.in_(bindparam("orders", expanding=True)))


def pairs(statement: Select[Any], values: dict[str, Any]) -> list[tuple[int, int]]:
    """The rows of a statement with two columns."""
    return [(row[0], row[1]) for row in run(statement, values)]


# ---- all there is, for the file ----


def rows(statement: Select[Any], last: int) -> Iterator[list[Any]]:
    """The rows of a statement up to the number `last`, in portions of numbers, so that they never all lie in memory."""
    for low in range(0, last, STEP):
        yield list(run(statement, {"low": low, "high": min(low + STEP, last)}))


def last_input() -> int:
    """The last thing that went into a batch."""
    return int(run(select(func.coalesce(func.max(BatchInput.id), 0))).scalar_one())


def _numbered(table: Any) -> Any:
    return table.id.between(bindparam("low") + 1, bindparam("high"))


@cache
def lots_made() -> Select[Any]:
    """Lots that came out of a batch, with that batch and their cooperative."""
    return select(Lot.id, Lot.batch_id, Lot.cooperative_id).where(_numbered(Lot), Lot.batch_id.is_not(None))


@cache
def lots_used() -> Select[Any]:
    """Lots that went into a batch, with that batch."""
    return select(BatchInput.lot_id, BatchInput.batch_id).where(
        _numbered(BatchInput), BatchInput.lot_id.is_not(None)
    )


@cache
def materials_used() -> Select[Any]:
    """Bought materials that went into a batch, with that batch."""
    return select(BatchInput.material_name, BatchInput.batch_id).where(
        _numbered(BatchInput), BatchInput.material_name != ""
    )


@cache
def allocations() -> Select[Any]:
    """Allocations: number, lot and order, and that order's state."""
    return (
        select(Allocation.id, Allocation.lot_id, OrderLine.order_id, Order.state)
        .select_from(Allocation).join(OrderLine, OrderLine.id == Allocation.order_line_id)
        .join(Order, Order.id == OrderLine.order_id).where(_numbered(Allocation))
    )  # fmt: skip
