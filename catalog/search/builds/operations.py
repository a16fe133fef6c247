"""Building the whole index anew beside the old.

While it goes on, `reindex` writes into both tables. So that nobody slips between: the build is announced under a lock
that waits for writers who have not heard of it; each slice is copied while its products are held still; and under the
same lock the swap looks once more for products that are missing or too many.
"""

from collections.abc import Callable, Sequence

import sqlalchemy as sa
from sqlalchemy import column, select, table
from sqlalchemy.exc import OperationalError

from catalog.models import Product
from catalog.rules import State
from catalog.search import NEXT
from catalog.search.engines import engine, make
from catalog.search.entries import read
from catalog.search.models import SearchBuild, SearchEntry
from catalog.search.operations import INDEX, dialect, keep, write
from catalog.search.tokens import form
from core import clock
from core.db import db, transaction
from core.pages import touch

SLICE = 200
TRIES = 5


def rebuild(told: Callable[[int], None] = lambda _count: None) -> int:
    """Build, swap, and say how many products are indexed. `told` hears after each slice how many are done.

    A build that was killed half way is begun again from nothing; the old index serves until the swap.
    """
    _announce()
    last, count = 0, 0
    while True:
        wanted = select(Product.id).where(Product.id > last, Product.state == State.PUBLISHED)
        ids = list(db.session.execute(wanted.order_by(Product.id).limit(SLICE)).scalars())
        db.session.rollback()
        if not ids:
            break
        _copy(ids)
        last, count = ids[-1], count + len(ids)
        told(count)
    _tidy()
    count = _swap()
    take_statistics()
    return count


def take_statistics() -> None:
    """Tell the planner how large things are by now."""
    with transaction():
        _run(engine(dialect()).statistics())


def _run(statements: Sequence[str]) -> None:
    for statement in statements:
        db.session.execute(sa.text(statement))


def _announce() -> None:
    with transaction():
        _run(engine(dialect()).close_to_writers())
        _run(make(dialect(), NEXT))
        state = db.session.get(SearchBuild, INDEX) or SearchBuild(name=INDEX, build=0)
        state.running, state.at = True, clock.now()
        db.session.add(state)


def _copy(ids: Sequence[int]) -> None:
    """One slice, in one transaction. Who changes one of these products waits for it, or it waits for them; where both
    wait for each other PostgreSQL ends one, and it is tried again."""
    for attempt in range(TRIES):
        try:
            with transaction():
                entries = read(ids, lock=True)
                write(ids, entries, NEXT)
                keep(entries)
            return
        except OperationalError:
            if attempt == TRIES - 1:
                raise


def _tidy() -> None:
    """Merge what was written slice by slice, a little at a time, so that nobody waits long to write."""
    statement = engine(dialect()).tidy()
    if statement is None:
        return
    before = -1
    while True:
        with transaction():
            db.session.execute(sa.text(statement))
            changed = int(db.session.execute(sa.text("SELECT total_changes()")).scalar_one())
        if changed - before < 2 and before >= 0:
            return
        before = changed


def _swap() -> int:
    """Put the new table in place. Products that were published or withdrawn unnoticed are set right first."""
    with transaction():
        _run(engine(dialect()).close_to_writers())
        key = "rowid" if dialect() == "sqlite" else "product_id"
        fresh = table(NEXT, column(key))
        held = set(db.session.execute(select(fresh.c[key])).scalars())
        shown = set(db.session.execute(select(Product.id).where(Product.state == State.PUBLISHED)).scalars())
        wrong = sorted(held ^ shown)
        if wrong:
            entries = read(wrong)
            write(wrong, entries, NEXT)
            keep(entries)
        gone = select(SearchEntry.product_id).where(SearchEntry.product_id.not_in(
            select(Product.id).where(Product.state == State.PUBLISHED)))  # fmt: skip
        db.session.execute(
            sa.delete(SearchEntry)
            .where(SearchEntry.product_id.in_(gone))
            .execution_options(synchronize_session=False)
        )
        _run(engine(dialect()).swap())
        touch("goods", "search")  # a page may have been made from a moment in between
        db.session.execute(
            sa.update(SearchBuild).where(SearchBuild.name == INDEX)
            .values(running=False, build=SearchBuild.build + 1, at=clock.now(), stamp=form())
        )  # fmt: skip
    return len(shown)
