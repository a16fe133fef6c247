"""Two recalls: one of the autumn, closed with its report, and one under way since this morning, rehearsed before."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import select

from app.demo.cast import Stall
from app.demo.harvest import Step, Story
from catalog.models import Product
from core.db import db
from office.recalls import operations, queries
from traceability.lots.queries import lot_lines
from traceability.models import Lot
from traceability.rules import LotState

OIL = "tinh-dau-que"
DAMP, LEAKING = "Một số gói bị ẩm do lỗi hàn miệng túi.", "Nắp vài chai rò dầu khi vận chuyển."
REPORT = (
    "Gọi được mọi khách đã nhận hàng. Các gói còn trong kho để riêng, chờ huỷ có biên bản. "
    "Nguyên nhân: dao hàn miệng túi không đủ nóng, đã thay."
)


def stories(closed: Stall, under_way: Stall, end: datetime) -> Iterator[Story]:
    """A recall that ended, and one that a visitor finds half done."""
    then = end - timedelta(days=45)
    yield then, Step(_begin_newest, closed)
    yield then + timedelta(hours=3), Step(_call, closed, 60)
    yield then + timedelta(days=2), Step(_note, closed, "Hàng trong kho để riêng, dán giấy dừng bán.")
    yield then + timedelta(days=6), Step(_close, closed)
    yield end - timedelta(days=6), Step(_rehearse, under_way)
    yield end - timedelta(hours=5), Step(_begin_oldest_oil, under_way)
    yield end - timedelta(hours=4), Step(_call, under_way, 9)
    yield end - timedelta(hours=3), Step(_pay_back, under_way, 2)
    yield end - timedelta(hours=2), Step(_note, under_way, "Chai còn trong kho để riêng, dán giấy dừng bán.")


def _begin_newest(stall: Stall) -> None:
    """A lot is taken back because of damp packs."""
    operations.begin(stall.manager, "demo-recall", f"lot:{lot_lines(stall.cooperative_id)[0][0].id}", DAMP)


def _oil(stall: Stall) -> list[int]:
    """Open lots of the oil that packs were made of, oldest first: an order not packed yet takes the next one."""
    wanted = select(Lot.id).join(Product, Product.id == Lot.product_id).order_by(Lot.id)
    mine = (Lot.cooperative_id == stall.cooperative_id, Product.slug == OIL, Lot.state == LotState.OPEN)
    return list(db.session.execute(wanted.where(*mine)).scalars())


def _rehearse(stall: Stall) -> None:
    """Before the day comes, she tries how long it takes."""
    for lot_id in _oil(stall)[:1]:
        operations.rehearse(stall.manager, f"lot:{lot_id}")


def _begin_oldest_oil(stall: Stall) -> None:
    """Bottles leak; the younger lot stays on sale."""
    lots = _oil(stall)
    if len(lots) > 1:
        operations.begin(stall.manager, "demo-recall", f"lot:{lots[0]}", LEAKING)


def _call(stall: Stall, most: int) -> None:
    """Buyers are called, one after the other; of a long list the last one did not answer."""
    for case in queries.cases(stall.cooperative_id)[:1]:
        orders = sorted(queries.orders_out(case.id))[:most]
        for order_id in orders:
            reached = len(orders) < most or order_id != orders[-1]
            operations.called(stall.manager, case.id, f"demo-call-{order_id}", order_id, reached=reached)


def _pay_back(stall: Stall, most: int) -> None:
    """The first buyers who answered get their money back."""
    for case in queries.cases(stall.cooperative_id)[:1]:
        due = [one.order_id for one in queries.progress(case.id).calls if one.unpaid_count][:most]
        for order_id in due:
            operations.prepare_refund(stall.manager, case.id, f"demo-back-{order_id}", order_id)


def _note(stall: Stall, text: str) -> None:
    """Something else that was done."""
    for case in queries.cases(stall.cooperative_id)[:1]:
        operations.note(stall.manager, case.id, f"demo-note-{case.id}", text)


def _close(stall: Stall) -> None:
    """Everybody was called: it ends with a report."""
    for case in queries.cases(stall.cooperative_id)[:1]:
        operations.close(stall.manager, case.id, f"demo-close-{case.id}", REPORT)
