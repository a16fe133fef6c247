"""Reads of a live sale: the sheet, the buyers, what waits for a person, the words to send."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from accounts.rules import show_phone
from catalog.queries import PackFact, pack_facts
from channels.chat.queries import Reply, reply
from channels.doors.standing import Matter
from channels.live import answers
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


def named(sale_id: int, name_key: str) -> list[LiveBuyer]:
    """Everybody of a sale who carries one name, the first first."""
    wanted = select(LiveBuyer).where(LiveBuyer.live_sale_id == sale_id, LiveBuyer.name_key == name_key)
    return list(db.session.execute(wanted.order_by(LiveBuyer.twin)).scalars())


def doubted(sale_id: int) -> set[str]:
    """The names of which a comment waits for a person to say whose it is."""
    wanted = (
        select(LiveBuyer.name_key)
        .join(LiveComment, LiveComment.live_buyer_id == LiveBuyer.id)
        .where(LiveComment.live_sale_id == sale_id, LiveComment.outcome == Outcome.WHOSE)
        .where(LiveComment.settled_at.is_(None))
    )
    return set(db.session.execute(wanted).scalars())


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
                ~LiveLine.is_unmet,
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
    """Goods put aside. again: the buyer named them in more than one comment. unmet: there were not so many left;
    there_now: there are by now.
    """

    id: int
    name: str
    label: str
    quantity: int
    price_vnd: int
    ordered: bool
    again: bool
    unmet: bool = False
    there_now: bool = False


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
    twin: str = ""  # the end of the number, where others have the same name

    @property
    def unmet(self) -> bool:
        """Whether all that was asked for could not be met."""
        return all(one.unmet for one in self.lines)


@dataclass(frozen=True, slots=True)
class CommentView:
    """A comment that waits for a person. phone: the number in one of which is not clear whose it is. people: everybody
    of that name, (buyer id, the end of the number or ''). reply: words for somebody who came too late.
    """

    id: int
    buyer_id: int
    name: str
    body: str
    outcome: str
    outcome_text: str
    note: str
    phone: str
    people: tuple[tuple[int, str], ...]
    reply: str


@dataclass(frozen=True, slots=True)
class Board:
    """A live sale as the manager sees it."""

    sale: LiveSale
    goods: tuple[Shown, ...]
    offered: tuple[PackFact, ...]
    buyers: tuple[BuyerView, ...]
    comments: tuple[CommentView, ...]
    comment_count: int
    last_at: datetime | None

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
    """The whole sheet. Seven statements, however many comments there are; two more where something ran out."""
    packs = on_sale(sale.cooperative_id)
    free = left(sale.cooperative_id, packs)
    lines = _lines(sale.id)
    goods = _shown(goods_of(sale.id), packs, free, lines)
    on_sheet = {one.pack.pack_id for one in goods}
    people = buyers_of(sale.id)
    by_buyer: dict[int, list[LiveLine]] = {}
    for line in lines:
        by_buyer.setdefault(line.live_buyer_id, []).append(line)
    ends = _ends(people)
    buyers = (_buyer(one, by_buyer.get(one.id, []), packs, free, ends) for one in people)
    last_at, count = db.session.execute(
        select(func.max(LiveComment.at), func.count()).where(LiveComment.live_sale_id == sale.id)
    ).one()
    return Board(
        sale, goods, tuple(one for one in packs.values() if one.pack_id not in on_sheet),
        tuple(one for one in buyers if one.lines),
        _waiting(sale, lines, packs, free, on_sheet, ends), int(count), last_at,
    )  # fmt: skip


def screen(sale: LiveSale) -> tuple[Shown, ...]:
    """The goods as the big screen shows them, with what is left. Three statements."""
    goods = goods_of(sale.id)
    packs = {key: one for key, one in pack_facts(one.pack_id for one in goods).items() if one.on_sale}
    return _shown(goods, packs, left(sale.cooperative_id, packs), [])


def screen_state(shown: Sequence[Shown]) -> str:
    """A short name of what the big screen shows: another one, and it draws itself anew."""
    said = [(one.code, one.pack.product_name, one.pack.label, one.pack.price_vnd, max(0, one.left), one.is_shown)
            for one in shown]  # fmt: skip
    return hashlib.sha256(repr(said).encode()).hexdigest()[:16]


def _shown(
    goods: Sequence[LiveGood], packs: Mapping[int, PackFact], free: Mapping[int, int], lines: Sequence[LiveLine]
) -> tuple[Shown, ...]:  # fmt: skip
    aside, ordered = dict[int, int](), dict[int, int]()
    for line in lines:
        if not line.is_unmet:
            sums = aside if line.order_id is None else ordered
            sums[line.pack_id] = sums.get(line.pack_id, 0) + line.quantity
    return tuple(
        Shown(one.id, packs[one.pack_id], one.code.upper(), one.is_shown, free[one.pack_id],
              aside.get(one.pack_id, 0), ordered.get(one.pack_id, 0))
        for one in goods if one.pack_id in packs
    )  # fmt: skip


def _lines(sale_id: int) -> list[LiveLine]:
    wanted = (
        select(LiveLine)
        .join(LiveBuyer, LiveBuyer.id == LiveLine.live_buyer_id)
        .where(LiveBuyer.live_sale_id == sale_id)
        .order_by(LiveLine.id)
    )
    return list(db.session.execute(wanted).scalars())


Ends = dict[str, tuple[tuple[int, str], ...]]


def _ends(people: Sequence[LiveBuyer]) -> Ends:
    """Everybody by name, each with the end of the number; without it where the name is one person's alone."""
    found: dict[str, list[LiveBuyer]] = {}
    for one in people:
        found.setdefault(one.name_key, []).append(one)
    return {
        key: tuple((one.id, f"…{one.phone[-3:]}" if one.phone else f"({one.twin + 1})") for one in several)
        if len(several) > 1 or several[0].phone else ((several[0].id, ""),)
        for key, several in found.items()
    }  # fmt: skip


def _buyer(
    buyer: LiveBuyer, lines: list[LiveLine], packs: Mapping[int, PackFact], free: Mapping[int, int], ends: Ends
) -> BuyerView:  # fmt: skip
    views = tuple(_line(one, lines, packs, free) for one in lines)
    waiting = [one for one in views if not one.ordered and not one.unmet]
    several = ends[buyer.name_key]
    return BuyerView(
        buyer.id, buyer.name, buyer.phone, bool(buyer.phone and buyer.commune_id and buyer.address_line),
        bool(waiting), views, sum(one.price_vnd * one.quantity for one in waiting),
        dict(several)[buyer.id] if len(several) > 1 else "",
    )  # fmt: skip


def _line(
    line: LiveLine, lines: list[LiveLine], packs: Mapping[int, PackFact], free: Mapping[int, int]
) -> LineView:
    pack = packs.get(line.pack_id)
    again = any(other.pack_id == line.pack_id and other.id < line.id for other in lines)
    return LineView(
        line.id, pack.product_name if pack else "", pack.label if pack else "", line.quantity,
        pack.price_vnd if pack else 0, line.order_id is not None, again, line.is_unmet,
        line.is_unmet and free.get(line.pack_id, 0) >= line.quantity,
    )  # fmt: skip


def _waiting(
    sale: LiveSale, lines: Sequence[LiveLine], packs: Mapping[int, PackFact], free: Mapping[int, int],
    sheet: set[int], ends: Ends,
) -> tuple[CommentView, ...]:  # fmt: skip
    rows = db.session.execute(
        select(LiveComment, LiveBuyer.name, LiveBuyer.name_key)
        .join(LiveBuyer, LiveBuyer.id == LiveComment.live_buyer_id)
        .where(
            LiveComment.live_sale_id == sale.id,
            LiveComment.settled_at.is_(None),
            LiveComment.outcome.in_([str(one) for one in WAITING]),
        )
        .order_by(LiveComment.id)
    ).all()
    unmet: dict[int, list[tuple[int, int]]] = {}
    for line in lines:
        if line.is_unmet and line.live_comment_id is not None:
            unmet.setdefault(line.live_comment_id, []).append((line.pack_id, line.quantity))
    known = answers.shorts([one for several in unmet.values() for one in several], packs, free, sheet)

    def reply_to(comment_id: int, name: str) -> str:
        said = [known[one] for one in unmet.get(comment_id, ()) if one in known]
        return answers.words(name, said, sale.next_on) if said else ""

    return tuple(
        CommentView(
            one.id, one.live_buyer_id, name, one.body, one.outcome, OUTCOME_TEXT[Outcome(one.outcome)],
            "" if one.outcome == Outcome.WHOSE else one.note,
            show_phone(one.note) if one.outcome == Outcome.WHOSE and one.note else "", ends[key],
            reply_to(one.id, name),
        )
        for one, name, key in rows
    )  # fmt: skip


def waits(cooperative_id: int) -> list[Matter]:
    """What waits for a person in open sales: comments, and goods that could not be met. One statement."""
    mine = select(LiveSale.id).where(LiveSale.cooperative_id == cooperative_id, LiveSale.closed_at.is_(None))
    comments = select(func.count()).select_from(LiveComment).where(
        LiveComment.live_sale_id.in_(mine), LiveComment.settled_at.is_(None),
        LiveComment.outcome.in_([str(one) for one in WAITING]),
    )  # fmt: skip
    unmet = (
        select(func.count()).select_from(LiveLine).join(LiveBuyer, LiveBuyer.id == LiveLine.live_buyer_id)
        .where(LiveBuyer.live_sale_id.in_(mine), LiveLine.is_unmet)
    )  # fmt: skip
    asked, short = db.session.execute(select(comments.scalar_subquery(), unmet.scalar_subquery())).one()
    return [
        Matter(N_("Bình luận chờ xem lại"), asked, "bad", N_("Mở buổi đang bán, xem từng bình luận chờ.")),
        Matter(N_("Món khách gọi mà hết"), short, "warn", N_("Chép lời báo khách; có hàng lại thì bấm Ghi được rồi.")),
    ]  # fmt: skip


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
