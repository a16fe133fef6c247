"""What the worker does: the orders of an accepted file, one after the other, each in a transaction of its own."""

import json
import logging
from typing import Any

from accounts.rules import Actor, Role
from channels.marketplaces import operations, queries
from channels.marketplaces.models import MarketFile, MarketOrder
from channels.marketplaces.rules import FileState, OrderState, Site, older
from channels.marketplaces.sales import Sale, read_sales
from channels.marketplaces.sites import facts
from channels.marketplaces.taking import fail, take
from cooperatives.models import Cooperative
from core import clock, files
from core.db import db, transaction
from core.once import one_at_a_time
from core.patience import is_silence
from core.work import Task, settle, sweep

log = logging.getLogger(__name__)

SMALL = 20  # so many orders are taken while their manager waits


def pack_rows(rows: Any) -> bytes:
    """An order file's cells, to be read again quickly."""
    return json.dumps(rows, ensure_ascii=False).encode()


def sales_of(found: MarketFile) -> list[Sale]:
    """The orders of a file as its columns stand now; nothing where its cells were thrown away."""
    if not found.rows_file:
        return []
    rows = json.loads(files.read(found.rows_file))
    return read_sales(
        rows, [key for _text, key, _fixed in found.columns], found.heading_no, facts(Site(found.site))
    )


def take_file(file_id: int) -> None:
    """Take the orders of an accepted file, oldest first; the caller has claimed it. Killed half-way it goes on:
    what was taken is found taken."""
    found = db.session.get_one(MarketFile, file_id)
    sales = [sale for sale in sales_of(found) if not sale.faults]
    sales.sort(key=lambda sale: sale.placed_at)  # who ordered first has the last jar
    site, own = Site(found.site), found.cooperative_id
    organisation_id = db.session.get_one(Cooperative, own).organisation_id
    actor = Actor(user_id=found.by_user_id, role=Role.MANAGER, organisation_id=organisation_id)
    skus, known = queries.skus(own, site), queries.orders_named(own, site, {sale.number for sale in sales})
    due = [sale for sale in sales if not is_known(known.get(sale.number), sale)]
    db.session.rollback()
    for count, sale in enumerate(due, 1):
        try:
            with transaction():
                take(actor, _row(own, site, sale, file_id), sale, skus)
        except (
            Exception
        ) as error:  # one order that cannot be written must not keep the others from their buyers
            if is_silence(error):  # the database is away: the whole file is tried again
                raise
            log.error(  # by its kind alone: what a database says of a row may hold a buyer's name
                "market order failed",
                extra={"file": file_id, "row": sale.row_no, "error": type(error).__name__},
            )
            with transaction():
                fail(_row(own, site, sale, file_id), sale)
        if count % 50 == 0:
            with transaction():
                db.session.get_one(MarketFile, file_id).done_count = count
        db.session.expire_all()
    with transaction():
        settle(MarketFile, file_id, state=FileState.DONE, ended_at=clock.now(), done_count=len(due),
               row_count=len(sales))  # fmt: skip


def is_known(row: MarketOrder | None, sale: Sale) -> bool:
    """Whether a file says nothing new of an order: the same again, or less than is known."""
    if row is None:
        return False
    if row.given_up or older(row.status, sale.status):
        return True
    if row.problem:
        return False
    said = sale.goods()
    return all(row.told.get(name) == said[name] for name in said if name != "tracking")


def _row(own: int, site: Site, sale: Sale, file_id: int) -> MarketOrder:
    """The row of a site's order, made where there is none, and its lock until the transaction ends."""
    one_at_a_time("market-order", f"{own}:{site}:{sale.number}")
    found = queries.orders_named(own, site, [sale.number]).get(sale.number)
    if found is None:
        found = MarketOrder(
            cooperative_id=own, site=site, number=sale.number, state=OrderState.WAITING, status=sale.status,
            told=sale.told(), changed_at=clock.now(),
        )  # fmt: skip
        db.session.add(found)
    else:
        db.session.refresh(found, with_for_update=True)
    found.file_id = file_id
    db.session.flush()
    return found


def step() -> int:
    """Take up the order files that wait."""
    return sweep(MarketFile, take_file, most=2, lease_s=operations.LEASE_S)


def forget() -> int:
    """Throw away order files after a month: they name buyers."""
    with transaction():
        names = operations.stale()
        count = operations.forget_files()
    for name in names - operations.kept_files(names):  # the same bytes sent twice are one stored file
        files.remove(name)
    return count


TASKS = [Task("marketplace orders", 2.0, step), Task("old marketplace files", 3600.0, forget)]
