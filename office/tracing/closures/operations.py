"""Make the file of the kept graph anew, whole, and put it in the place of the one before."""

import os
from array import array
from contextlib import suppress

from sqlalchemy import text

from core.db import db, transaction
from office.tracing.closures import queries
from office.tracing.closures.queries import SETTLED
from office.tracing.closures.rules import MOST, Graph, written
from office.tracing.rules import Bundles


def keep(marks: tuple[int, int] | None = None) -> Graph:
    """Read the graph and write its file: half a minute of CPU for ten million edges. Safe to run twice, or to kill.

    marks: the last lot and the last allocation to keep, up to which everything is there; all there is where not given.
    Raises OSError where the folder takes no file, OverflowError for ids beyond four bytes.
    """
    lot_mark, sold_mark = marks or _marks()
    graph = _read(lot_mark, sold_mark)
    where = queries.path()
    where.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    part = where.with_name(f".{where.name}.{os.getpid()}.{os.urandom(4).hex()}")
    try:
        with part.open("xb") as out:
            for piece in written(graph):
                out.write(piece)
            out.flush()
            os.fsync(out.fileno())
        part.rename(where)
    finally:
        with suppress(FileNotFoundError):
            part.unlink()
    return graph


def _marks() -> tuple[int, int]:
    """The last rows of which all before are there too.

    SQLite writes one transaction after the other. On PostgreSQL a row may become visible after one with a larger id,
    so that writers are kept out for the moment of looking; OperationalError where they let nobody in for two seconds.
    """
    if db.engine.dialect.name != "postgresql":
        return queries.marks()
    with transaction():
        db.session.execute(text("SET LOCAL lock_timeout = '2s'"))
        db.session.execute(text("LOCK TABLE lot, allocation IN SHARE MODE"))
        return queries.marks()


def _read(lot_mark: int, sold_mark: int) -> Graph:
    if max(lot_mark, sold_mark) > MOST:
        raise OverflowError("ids beyond four bytes")
    batch_of, owners = _zeros(lot_mark + 1), array("I", [0])
    for rows in queries.rows(queries.lots_made(), lot_mark):
        top = max((row[1] for row in rows), default=0)
        if top >= len(owners):
            owners.extend(_zeros(top + 1 - len(owners)))
        for lot, batch, owner in rows:
            batch_of[lot] = batch
            owners[batch] = owner
    sources, into, inputs = array("I"), array("I"), queries.last_input()
    for rows in queries.rows(queries.lots_used(), inputs):
        for lot, batch in rows:
            # Only what a closed batch holds can no longer change.
            if batch < len(owners) and owners[batch] and lot <= lot_mark and batch_of[lot]:
                sources.append(batch_of[lot])
                into.append(batch)
    sold, pending, last = _sold(batch_of, len(owners), lot_mark, sold_mark)
    material, names = _materials(owners, inputs)
    return Graph(lot_mark, last, queries.anchor(lot_mark, last), batch_of, Bundles(sources, into, len(owners)), sold,
                 pending, material, names)  # fmt: skip


def _zeros(count: int) -> "array[int]":
    return array("I", bytes(4 * count))


def _sold(
    batch_of: "array[int]", size: int, lot_mark: int, sold_mark: int
) -> "tuple[Bundles, array[int], int]":
    """From batches to orders that can change no more; the orders that can, or that hold a younger lot; the last of
    these allocations. It stays for good, so that SQLite gives its number to none that comes later.
    """
    batches, orders, pending, last = array("I"), array("I"), set(), 0
    for rows in queries.rows(queries.allocations(), sold_mark):
        for number, lot, order, state in rows:
            settled = state in SETTLED
            if not settled or lot > lot_mark:
                pending.add(order)
            elif batch_of[lot]:
                batches.append(batch_of[lot])
                orders.append(order)
            if settled and number > last:
                last = number
    return Bundles(batches, orders, size), array("I", sorted(pending)), last


def _materials(
    owners: "array[int]", inputs: int
) -> "tuple[array[int], dict[tuple[int, str], tuple[int, int]]]":
    """The batches of each bought material side by side, and where those of a cooperative and name stand."""
    found: dict[tuple[int, str], array[int]] = {}
    for rows in queries.rows(queries.materials_used(), inputs):
        for name, batch in rows:
            if batch < len(owners) and owners[batch]:
                found.setdefault((owners[batch], name), array("I")).append(batch)
    joined, names = array("I"), {}
    for key, batches in found.items():
        names[key] = (len(joined), len(batches))
        joined.extend(batches)
    return joined, names
