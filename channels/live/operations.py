"""Verbs of a live sale: open it, put goods on the sheet, put aside by hand, order for everybody, close it.

Comments are taken in `taking`.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import delete, select, update

from accounts.operations import audit
from accounts.rules import Actor, Role
from channels.live import queries
from channels.live.models import LiveBuyer, LiveComment, LiveGood, LiveLine, LiveSale
from channels.live.rules import GOODS_MAX, is_code
from channels.reading.queries import on_sale
from channels.reading.rules import QUANTITY_MAX
from core import clock, once
from core.db import db
from core.errors import Conflict, Invalid, NotFound
from core.i18n import N_
from core.text import clean, fold
from orders.models import Order
from orders.operations import Buyer, Wanted
from orders.queries import orders_of
from orders.rules import Door, Method
from payments.operations import check_out

KEPT_DAYS = 30  # a sale's names and comments, after it closed: orders keep what they need


def open_sale(
    actor: Actor, cooperative_id: int, key: str, title: str, next_on: date | None = None
) -> LiveSale:
    """Begin a sale; the same key again is the same sale. next_on: the day of the next one, told to whoever comes too
    late. Raises Invalid without a title, or for a day that is not to come.
    """
    actor.must_be(Role.MANAGER)
    found = db.session.execute(
        select(LiveSale).where(LiveSale.cooperative_id == cooperative_id, LiveSale.key == key)
    ).scalar_one_or_none()
    if found is not None:
        return found
    title = clean(title)[:120]
    if not title:
        raise Invalid(N_("Đặt tên cho buổi bán."), remedy=N_("Ví dụ: Tối thứ bảy, hàng Tết."), field="title")
    made = LiveSale(cooperative_id=cooperative_id, key=key, title=title, opened_at=clock.now())
    _set_next(made, next_on)
    db.session.add(made)
    db.session.flush()
    audit(actor, "open live sale", f"live_sale:{made.id}")
    return made


def _set_next(sale: LiveSale, next_on: date | None) -> None:
    if next_on is not None and next_on <= clock.today():
        raise Invalid(N_("Ngày của buổi sau phải sau hôm nay."), field="next_on")
    sale.next_on = next_on


def set_next(actor: Actor, sale: LiveSale, next_on: date | None) -> None:
    """Say when the next sale is; None: not known. Raises Invalid for a day that is not to come."""
    actor.must_be(Role.MANAGER)
    _set_next(sale, next_on)


def own_sale(cooperative_id: int, sale_id: int, *, is_open: bool = True) -> LiveSale:
    """A sale of the cooperative, locked. Raises NotFound for another's, Conflict for one that is closed."""
    found = db.session.execute(
        select(LiveSale)
        .where(LiveSale.id == sale_id, LiveSale.cooperative_id == cooperative_id)
        .with_for_update()
    ).scalar_one_or_none()
    if found is None:
        raise NotFound(N_("Không có buổi bán này."))
    if is_open and found.closed_at is not None:
        raise Conflict(N_("Buổi bán này đã kết thúc."), remedy=N_("Mở buổi mới để ghi tiếp."))
    return found


def put_good(actor: Actor, sale: LiveSale, pack_id: int, code: str) -> LiveGood:
    """Put a pack on the sheet under a word. Raises Invalid for a word that cannot be told apart or is taken."""
    actor.must_be(Role.MANAGER)
    word = fold(code).replace(" ", "")
    if not is_code(word):
        raise Invalid(
            N_("Mã gọi là vài chữ cái, thêm số nếu muốn."), remedy=N_("Ví dụ M1, MAT."), field="code"
        )
    if pack_id not in on_sale(sale.cooperative_id):
        raise Invalid(N_("Món này chưa bán."), remedy=N_("Đăng bán trước đã."), field="pack_id")
    held = queries.goods_of(sale.id)
    if any(one.code == word and one.pack_id != pack_id for one in held):
        raise Invalid(N_("Mã này đã gọi món khác."), remedy=N_("Chọn mã khác."), field="code")
    if len(held) >= GOODS_MAX:
        raise Invalid(
            N_("Bảng đã có %(most)s món."), remedy=N_("Bỏ bớt rồi thêm."), field="pack_id", most=GOODS_MAX
        )
    good = next((one for one in held if one.pack_id == pack_id), None)
    if good is None:
        good = LiveGood(live_sale_id=sale.id, pack_id=pack_id, code=word)
        db.session.add(good)
    good.code = word
    db.session.flush()
    return good


def drop_good(actor: Actor, sale: LiveSale, good_id: int) -> None:
    """Take a pack off the sheet; what was put aside of it stays."""
    actor.must_be(Role.MANAGER)
    db.session.execute(delete(LiveGood).where(LiveGood.id == good_id, LiveGood.live_sale_id == sale.id))


def show(actor: Actor, sale: LiveSale, good_id: int | None) -> None:
    """Say which goods are held up just now; None: none."""
    actor.must_be(Role.MANAGER)
    mine = update(LiveGood).where(LiveGood.live_sale_id == sale.id)
    db.session.execute(mine.values(is_shown=False))
    if good_id is not None:
        db.session.execute(mine.where(LiveGood.id == good_id).values(is_shown=True))


def add_line(actor: Actor, sale: LiveSale, buyer_id: int, key: str, pack_id: int, quantity: int) -> None:
    """Put aside by hand; the form's key again is the same line. Raises Invalid where not so many are left."""
    actor.must_be(Role.MANAGER)
    buyer = queries.buyer_of(sale.id, buyer_id)
    packs = on_sale(sale.cooperative_id)
    if pack_id not in packs:
        raise Invalid(N_("Món này chưa bán."), remedy=N_("Đăng bán trước đã."), field="pack_id")
    if not 1 <= quantity <= QUANTITY_MAX:
        raise Invalid(N_("Số lượng từ 1 đến %(most)s."), field="quantity", most=QUANTITY_MAX)
    if not once.claim(
        "live-line", f"{buyer.id}:{key}", {"pack": pack_id, "quantity": quantity}, str(buyer.id)
    ):
        return
    there = queries.left(sale.cooperative_id, packs)[pack_id]
    if there < quantity:
        raise Invalid(
            N_("Chỉ còn %(left)s."), remedy=N_("Ghi ít hơn, hoặc báo khách."), field="quantity", left=there
        )
    db.session.add(LiveLine(live_buyer_id=buyer.id, pack_id=pack_id, quantity=quantity))


def meet(actor: Actor, sale: LiveSale, line_id: int) -> None:
    """Put aside what could not be met when it was asked for: there is enough again. Twice is harmless.

    Raises NotFound for a line of another sale, Invalid where there still is too little.
    """
    actor.must_be(Role.MANAGER)
    line = db.session.get(LiveLine, line_id)
    if line is None:
        raise NotFound(N_("Không có dòng này."))
    queries.buyer_of(sale.id, line.live_buyer_id)
    if not line.is_unmet:
        return
    packs = on_sale(sale.cooperative_id)
    there = queries.left(sale.cooperative_id, packs).get(line.pack_id, 0)
    if there < line.quantity:
        raise Invalid(N_("Chỉ còn %(left)s."), remedy=N_("Ghi ít hơn, hoặc báo khách."), left=there)
    line.is_unmet = False


def drop_line(actor: Actor, sale: LiveSale, line_id: int) -> None:
    """Take back what was put aside and not yet ordered."""
    actor.must_be(Role.MANAGER)
    mine = select(LiveBuyer.id).where(LiveBuyer.live_sale_id == sale.id)
    db.session.execute(
        delete(LiveLine).where(
            LiveLine.id == line_id, LiveLine.live_buyer_id.in_(mine), LiveLine.order_id.is_(None)
        )
    )


def settle(actor: Actor, sale: LiveSale, comment_id: int) -> None:
    """A person has seen to a comment."""
    actor.must_be(Role.MANAGER)
    db.session.execute(
        update(LiveComment)
        .where(LiveComment.id == comment_id, LiveComment.live_sale_id == sale.id)
        .values(settled_at=clock.now())
    )


@dataclass(frozen=True, slots=True)
class Known:
    """What a parcel needs. phone: E.164."""

    receiver: str
    phone: str
    commune_id: int
    place: str
    address_line: str


def know(actor: Actor, sale: LiveSale, buyer_id: int, known: Known) -> None:
    """Write down where a buyer's parcel goes."""
    actor.must_be(Role.MANAGER)
    buyer = queries.buyer_of(sale.id, buyer_id)
    buyer.receiver, buyer.phone, buyer.commune_id = clean(known.receiver)[:120], known.phone, known.commune_id
    buyer.place, buyer.address_line = known.place, clean(known.address_line)[:200]


def order_for(actor: Actor, sale: LiveSale, buyer_id: int, method: Method) -> Order | None:
    """Order what is put aside for one buyer, by the door that every channel uses; None where nothing waits.

    Tried again it is the same order: its key is the newest line's. Raises Invalid where phone or address is missing,
    and whatever `check_out` refuses.
    """
    actor.must_be(Role.MANAGER)
    buyer = queries.buyer_of(sale.id, buyer_id)
    lines = list(
        db.session.execute(
            select(LiveLine).where(
                LiveLine.live_buyer_id == buyer.id, LiveLine.order_id.is_(None), ~LiveLine.is_unmet
            )
        ).scalars()
    )
    if not lines:
        return None
    if not (buyer.phone and buyer.commune_id and buyer.address_line):
        raise Invalid(N_("Chưa đủ số điện thoại và địa chỉ."), remedy=N_("Hỏi khách rồi ghi vào."))
    who = Buyer(
        name=buyer.receiver or buyer.name, phone=buyer.phone, commune_id=buyer.commune_id,
        address_line=buyer.address_line, door=Door.LIVE,
    )  # fmt: skip
    wanted = [Wanted(line.pack_id, line.quantity) for line in lines]
    bought = check_out(f"live:{buyer.id}:{max(line.id for line in lines)}", who, wanted, method)
    made = orders_of(bought.id)[0]
    for line in lines:
        line.order_id = made.id
    return made


def close(actor: Actor, sale: LiveSale) -> None:
    """End a sale. What was not ordered lets go of what the sheet counted off."""
    actor.must_be(Role.MANAGER)
    sale.closed_at = clock.now()
    show(actor, sale, None)
    audit(actor, "close live sale", f"live_sale:{sale.id}")


def erase_ended(most: int = 20) -> int:
    """Erase names, phones, addresses and comments of sales that closed 30 days ago; how many sales."""
    before = clock.now() - timedelta(days=KEPT_DAYS)
    ids = list(
        db.session.execute(
            select(LiveSale.id).where(LiveSale.closed_at < before, LiveSale.erased_at.is_(None)).limit(most)
        ).scalars()
    )
    if not ids:
        return 0
    theirs = select(LiveBuyer.id).where(LiveBuyer.live_sale_id.in_(ids))
    db.session.execute(delete(LiveLine).where(LiveLine.live_buyer_id.in_(theirs)))
    db.session.execute(delete(LiveComment).where(LiveComment.live_sale_id.in_(ids)))
    db.session.execute(delete(LiveBuyer).where(LiveBuyer.live_sale_id.in_(ids)))
    db.session.execute(update(LiveSale).where(LiveSale.id.in_(ids)).values(erased_at=clock.now()))
    return len(ids)
