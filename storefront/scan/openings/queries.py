"""Reads of openings, with what was delivered of the lot."""

from functools import cache
from typing import Any

from sqlalchemy import BigInteger, Select, bindparam, func, select

from core import clock
from core.clock import day_of
from core.db import run
from orders.models import Allocation, Order, OrderLine
from storefront.scan.openings.models import ScanDay
from storefront.scan.openings.rules import Opened, Seen, is_serial, judge

FEW_ORDERS = 5


@cache
def _statements() -> tuple[Select[Any], Select[Any]]:
    """Openings of a code; how many orders with the lot were delivered, and when the first was."""
    lot = bindparam("lot", type_=BigInteger)
    opened = select(
        func.coalesce(func.sum(ScanDay.scan_count), 0), func.count(), func.min(ScanDay.on_day), func.max(ScanDay.on_day)
    ).where(ScanDay.lot_id == lot, ScanDay.serial == bindparam("serial"))  # fmt: skip
    delivered = (
        select(func.count(Order.id.distinct()), func.min(Order.delivered_at)).select_from(Allocation)
        .join(OrderLine, OrderLine.id == Allocation.order_line_id).join(Order, Order.id == OrderLine.order_id)
        .where(Allocation.lot_id == lot, Allocation.packed.is_(True), Order.delivered_at.is_not(None))
    )  # fmt: skip
    return opened, delivered


def seen(lot_id: int, serial: str) -> Seen:
    """What is known of a code's openings. The day of the first delivery is left out below five orders: it would tell of
    one buyer."""
    own = serial if is_serial(serial) else ""
    openings, deliveries = _statements()
    row = run(openings, {"lot": lot_id, "serial": own}).one()
    orders, first = run(deliveries, {"lot": lot_id}).one()
    delivered_on = day_of(first) if first is not None and orders >= FEW_ORDERS else None
    opened = Opened(int(row[0]), int(row[1]), row[2], row[3])
    return judge(opened, serial=bool(own), delivered_on=delivered_on, today=clock.today())
