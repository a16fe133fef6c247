"""Reads of a live sale: the sheet, the buyers, what waits for a person, the words to send."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import func, select

from catalog.queries import PackFact
from channels.chat.queries import Reply, reply
from channels.live.models import LiveBuyer, LiveComment, LiveGood, LiveLine, LiveSale
from channels.live.rules import OUTCOME_TEXT, WAITING, Outcome
from channels.reading.queries import on_sale
from core import clock
from core.db import db
from core.errors import NotFound
from core.i18n import N_
from orders.models import Order


def goods_of(sale_id: int) -> list[LiveGood]:
    """The goods on a sheet, in the order they were put there."""
    wanted = select(LiveGood).where(LiveGood.live_sale_id == sale_id).order_by(LiveGood.id)
    return list(db.session.execute(wanted).scalars())


def digests(sale_id: int) -> set[str]:
    """The comments that were taken already."""
    return set(
        db.session.execute(select(LiveComment.digest).where(LiveComment.live_sale_id == sale_id)).scalars()
    )


def buyers_of(sale_id: int) -> list[LiveBuyer]:
    """Everybody who commented."""
    wanted = select(LiveBuyer).where(LiveBuyer.live_sale_id == sale_id).order_by(LiveBuyer.id)
    return list(db.session.execute(wanted).scalars())


def buyer_of(sale_id: int, buyer_id: int) -> LiveBuyer:
    """A buyer of a sale. Raises NotFound for another's."""
    found = db.session.get(LiveBuyer, buyer_id)
    if found is None or found.live_sale_id != sale_id:
        raise NotFound(N_("Không có khách này trong buổi bán."))
    return found


def left(cooperative_id: int, packs: Mapping[int, PackFact]) -> dict[int, int]:
    """Pieces that can still be put aside, by pack: what is sellable today less what open sheets hold."""
    held = dict(
        db.session.execute(
            select(LiveLine.pack_id, func.sum(LiveLine.quantity))
            .join(LiveBuyer, LiveBuyer.id == LiveLine.live_buyer_id)
            .join(LiveSale, LiveSale.id == LiveBuyer.live_sale_id)
            .where(
                LiveSale.cooperative_id == cooperative_id,
                LiveSale.closed_at.is_(None),
                LiveLine.order_id.is_(None),
            )
            .group_by(LiveLine.pack_id)
        )
        .tuples()
        .all()
    )
    today = clock.today()
    return {one.pack_id: one.available_on(today) - int(held.get(one.pack_id, 0)) for one in packs.values()}


@dataclass(frozen=True, slots=True)
class Shown:
    """A pack on the sheet. left: pieces still free; put_aside and ordered: of this sale."""

    good_id: int
    pack: PackFact
    code: str
    is_shown: bool
    left: int
    put_aside: int
    ordered: int


@dataclass(frozen=True, slots=True)
class LineView:
    """Goods put aside. again: the buyer named them in more than one comment."""

    id: int
    name: str
    label: str
    quantity: int
    price_vnd: int
    ordered: bool
    again: bool


@dataclass(frozen=True, slots=True)
class BuyerView:
    """A buyer with what is put aside. ready: phone and address are known. waits: something is not ordered yet."""

    id: int
    name: str
    phone: str
    ready: bool
    waits: bool
    lines: tuple[LineView, ...]
    waiting_vnd: int


@dataclass(frozen=True, slots=True)
class CommentView:
    """A comment that waits for a person."""

    id: int
    buyer_id: int
    name: str
    body: str
    outcome: str
    outcome_text: str
    note: str


@dataclass(frozen=True, slots=True)
class Board:
    """A live sale as the manager sees it."""

    sale: LiveSale
    goods: tuple[Shown, ...]
    offered: tuple[PackFact, ...]
    buyers: tuple[BuyerView, ...]
    comments: tuple[CommentView, ...]
    comment_count: int

    @property
    def ready(self) -> int:
        """Buyers whose order can be made now."""
        return sum(one.ready and one.waits for one in self.buyers)

    @property
    def unready(self) -> int:
        """Buyers with goods put aside who lack a phone or an address."""
        return sum(one.waits and not one.ready for one in self.buyers)


def sale_of(cooperative_id: int, sale_id: int) -> LiveSale:
    """A sale of the cooperative. Raises NotFound for another's."""
    found = db.session.get(LiveSale, sale_id)
    if found is None or found.cooperative_id != cooperative_id:
        raise NotFound(N_("Không có buổi bán này."))
    return found


def sales_of(cooperative_id: int, limit: int = 30) -> list[LiveSale]:
    """The cooperative's sales, newest first."""
    wanted = select(LiveSale).where(LiveSale.cooperative_id == cooperative_id).order_by(LiveSale.id.desc())
    return list(db.session.execute(wanted.limit(limit)).scalars())


def board(sale: LiveSale) -> Board:
    """The whole sheet. Six statements, however many comments there are."""
    packs = on_sale(sale.cooperative_id)
    free = left(sale.cooperative_id, packs)
    lines = _lines(sale.id)
    goods = tuple(
        Shown(one.id, packs[one.pack_id], one.code.upper(), one.is_shown, free[one.pack_id],
              _sum(lines, one.pack_id, ordered=False), _sum(lines, one.pack_id, ordered=True))
        for one in goods_of(sale.id) if one.pack_id in packs
    )  # fmt: skip
    on_sheet = {one.pack.pack_id for one in goods}
    buyers = tuple(
        _buyer(one, [line for line in lines if line.live_buyer_id == one.id], packs)
        for one in buyers_of(sale.id)
    )
    return Board(
        sale, goods, tuple(one for one in packs.values() if one.pack_id not in on_sheet),
        tuple(one for one in buyers if one.lines), _waiting(sale.id), len(digests(sale.id)),
    )  # fmt: skip


def _lines(sale_id: int) -> list[LiveLine]:
    wanted = (
        select(LiveLine)
        .join(LiveBuyer, LiveBuyer.id == LiveLine.live_buyer_id)
        .where(LiveBuyer.live_sale_id == sale_id)
        .order_by(LiveLine.id)
    )
    return list(db.session.execute(wanted).scalars())


def _sum(lines: list[LiveLine], pack_id: int, *, ordered: bool) -> int:
    return sum(
        one.quantity for one in lines if one.pack_id == pack_id and (one.order_id is not None) is ordered
    )


def _buyer(buyer: LiveBuyer, lines: list[LiveLine], packs: Mapping[int, PackFact]) -> BuyerView:
    views = tuple(_line(one, lines, packs) for one in lines)
    waiting = [one for one in views if not one.ordered]
    return BuyerView(
        buyer.id, buyer.name, buyer.phone, bool(buyer.phone and buyer.commune_id and buyer.address_line),
        bool(waiting), views, sum(one.price_vnd * one.quantity for one in waiting),
    )  # fmt: skip


def _line(line: LiveLine, lines: list[LiveLine], packs: Mapping[int, PackFact]) -> LineView:
    pack = packs.get(line.pack_id)
    again = any(other.pack_id == line.pack_id and other.id < line.id for other in lines)
    return LineView(
        line.id, pack.product_name if pack else "", pack.label if pack else "", line.quantity,
        pack.price_vnd if pack else 0, line.order_id is not None, again,
    )  # fmt: skip


def _waiting(sale_id: int) -> tuple[CommentView, ...]:
    rows = db.session.execute(
        select(LiveComment, LiveBuyer.name)
        .join(LiveBuyer, LiveBuyer.id == LiveComment.live_buyer_id)
        .where(
            LiveComment.live_sale_id == sale_id,
            LiveComment.settled_at.is_(None),
            LiveComment.outcome.in_([str(one) for one in WAITING]),
        )
        .order_by(LiveComment.id)
    )
    return tuple(
        CommentView(one.id, one.live_buyer_id, name, one.body, one.outcome, OUTCOME_TEXT[Outcome(one.outcome)],
                    one.note)
        for one, name in rows
    )  # fmt: skip


def replies(sale_id: int) -> list[Reply]:
    """The words to send to each buyer whose order was made."""
    wanted = (
        select(Order)
        .where(
            Order.id.in_(
                select(LiveLine.order_id)
                .join(LiveBuyer, LiveBuyer.id == LiveLine.live_buyer_id)
                .where(LiveBuyer.live_sale_id == sale_id, LiveLine.order_id.is_not(None))
            )
        )
        .order_by(Order.id)
    )
    return [reply(one) for one in db.session.execute(wanted).scalars()]
