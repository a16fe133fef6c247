"""Reads of reviews."""

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Row, Select, bindparam, exists, func, select

from catalog.models import Product
from cooperatives.models import Cooperative
from core.db import db, run
from core.errors import NotFound
from core.i18n import N_
from orders.models import OrderLine
from orders.queries import order_by_token
from orders.reviews.models import BuyerReview, ReviewReport
from orders.reviews.public import ReviewView
from orders.reviews.rules import State, may_review

_VIEW = (BuyerReview.id, BuyerReview.stars, BuyerReview.text, BuyerReview.name, BuyerReview.province,
         BuyerReview.written_at, BuyerReview.answer)  # fmt: skip


@cache
def _shown() -> Select[Any]:
    return (
        select(*_VIEW).where(BuyerReview.product_id == bindparam("product"), BuyerReview.state == State.SHOWN)
        .order_by(BuyerReview.written_at.desc(), BuyerReview.id.desc())
        .limit(bindparam("most")).offset(bindparam("skip"))
    )  # fmt: skip


def shown(product_id: int, most: int = 3, skip: int = 0) -> tuple[ReviewView, ...]:
    """The reviews of a product that stand, newest first."""
    rows = run(_shown(), {"product": product_id, "most": most, "skip": skip}).tuples()
    return tuple(ReviewView(*row) for row in rows)


def by_stars(product_id: int) -> dict[int, int]:
    """How many reviews that stand give how many stars: {5: n, 4: n, 3: n, 2: n, 1: n}."""
    rows = db.session.execute(
        select(BuyerReview.stars, func.count()).where(BuyerReview.product_id == product_id,
                                                      BuyerReview.state == State.SHOWN).group_by(BuyerReview.stars)
    ).tuples()  # fmt: skip
    return dict.fromkeys((5, 4, 3, 2, 1), 0) | dict(rows.all())


def sums(product_id: int) -> tuple[int, int]:
    """Sum and number of the stars that stand."""
    row = db.session.execute(
        select(func.coalesce(func.sum(BuyerReview.stars), 0), func.count())
        .where(BuyerReview.product_id == product_id, BuyerReview.state == State.SHOWN)
    ).one()  # fmt: skip
    return int(row[0]), int(row[1])


def review(review_id: int) -> BuyerReview:
    """A review that stands. Raises NotFound for any other."""
    found = db.session.get(BuyerReview, review_id)
    if found is None or found.state != State.SHOWN:
        raise NotFound(N_("Nhận xét này không còn."))
    return found


def product_of(line: OrderLine) -> tuple[int, int]:
    """The product and the cooperative that a line's pack belongs to."""
    from catalog.queries import pack_fact

    fact = pack_fact(line.pack_id)
    return fact.product_id, fact.cooperative_id


def line_to_review(token: str, line_id: int, now: datetime) -> OrderLine:
    """A line of a tracking link's order that may be reviewed now. Raises NotFound."""
    order = order_by_token(token)
    line = db.session.get(OrderLine, line_id)
    if line is None or line.order_id != order.id:
        raise NotFound(N_("Đơn này không có món đó."), remedy=N_("Mở lại trang đơn."))
    if not may_review(order.delivered_at, now):
        raise NotFound(
            N_("Món này chưa nhận xét được."), remedy=N_("Nhận xét được từ lúc hàng tới tay, trong 180 ngày.")
        )
    return line


def of_order(order_id: int) -> dict[int, BuyerReview]:
    """The buyer's own reviews of an order, by line, in whatever state."""
    rows = db.session.execute(
        select(BuyerReview).join(OrderLine, OrderLine.id == BuyerReview.order_line_id)
        .where(OrderLine.order_id == order_id)
    ).scalars()  # fmt: skip
    return {row.order_line_id: row for row in rows}


def of_cooperative(cooperative_id: int, most: int = 60) -> Sequence[Row[Any]]:
    """A cooperative's reviews that stand, unanswered first, newest first."""
    return db.session.execute(
        select(*_VIEW, BuyerReview.answered_at, Product.name.label("product"), Product.slug)
        .join(Product, Product.id == BuyerReview.product_id)
        .where(BuyerReview.cooperative_id == cooperative_id, BuyerReview.state == State.SHOWN)
        .order_by(BuyerReview.answered_at.is_not(None), BuyerReview.written_at.desc()).limit(most)
    ).all()  # fmt: skip


def count_unanswered(cooperative_id: int, since: datetime) -> int:
    """How many reviews of three stars or fewer, written since an instant, have no answer yet."""
    wanted = select(func.count()).where(
        BuyerReview.cooperative_id == cooperative_id, BuyerReview.state == State.SHOWN, BuyerReview.stars <= 3,
        BuyerReview.answered_at.is_(None), BuyerReview.written_at >= since,
    )  # fmt: skip
    return int(db.session.execute(wanted).scalar_one())


def to_look_at() -> Sequence[Row[Any]]:
    """Reviews that a person must look at, held or reported, oldest first, with how many reported each and why."""
    open_report = ReviewReport.settled_at.is_(None)
    reported = exists().where(ReviewReport.review_id == BuyerReview.id, open_report)
    return db.session.execute(
        select(*_VIEW, BuyerReview.state, BuyerReview.held_for, Product.name.label("product"),
               Cooperative.name.label("seller"))
        .join(Product, Product.id == BuyerReview.product_id)
        .join(Cooperative, Cooperative.id == BuyerReview.cooperative_id)
        .where((BuyerReview.state == State.HELD) | ((BuyerReview.state == State.SHOWN) & reported))
        .order_by(BuyerReview.id).limit(100)
    ).all()  # fmt: skip


def open_reports(review_ids: Sequence[int]) -> dict[int, list[str]]:
    """The reasons of reports that nobody has settled, by review."""
    rows = db.session.execute(
        select(ReviewReport.review_id, ReviewReport.reason)
        .where(ReviewReport.review_id.in_(review_ids), ReviewReport.settled_at.is_(None)).order_by(ReviewReport.id)
    ).tuples()  # fmt: skip
    found: dict[int, list[str]] = {}
    for review_id, reason in rows:
        found.setdefault(review_id, []).append(reason)
    return found
