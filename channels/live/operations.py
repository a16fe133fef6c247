"""Verbs of a live sale: open it, put goods on the sheet, take comments, order for everybody, close it.

What is put aside here holds no stock: the sheet counts it off what it shows, and the order alone reserves, as at any
other door. Comments of one sale are taken one paste after the other: the sale's row is locked.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from sqlalchemy import delete, select, update

from accounts.operations import audit
from accounts.rules import Actor, Role
from catalog.queries import PackFact
from channels.live import queries
from channels.live.models import LiveBuyer, LiveComment, LiveGood, LiveLine, LiveSale
from channels.live.rules import COMMENTS_MAX, GOODS_MAX, Outcome, Said, is_code, key_of, split_comments
from channels.reading.goods import Good, Shelf
from channels.reading.queries import on_sale, province_names, read, shelf_of
from channels.reading.rules import QUANTITY_MAX, Intent, Item, read_message
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
from places.queries import find_address

KEPT_DAYS = 30  # a sale's names and comments, after it closed: orders keep what they need
_HAS_PHONE = re.compile(r"\d[\d .\-]{7,}\d")


def open_sale(actor: Actor, cooperative_id: int, key: str, title: str) -> LiveSale:
    """Begin a sale; the same key again is the same sale. Raises Invalid without a title."""
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
    db.session.add(made)
    db.session.flush()
    audit(actor, "open live sale", f"live_sale:{made.id}")
    return made


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


@dataclass
class Taken:
    """What a paste brought: comments that were new, and how many of each outcome."""

    new: int = 0
    again: int = 0
    of: dict[Outcome, int] = field(default_factory=dict)


@dataclass
class Desk:
    """What is needed while comments are taken: goods by code, what is left of each pack, buyers by name."""

    packs: Mapping[int, PackFact]
    shelf: Shelf
    shown: Good | None
    left: dict[int, int]
    buyers: dict[str, LiveBuyer]
    provinces: frozenset[str]


def take(actor: Actor, sale: LiveSale, text: str) -> Taken:
    """Read comments out of a paste or a file and put goods aside. The same paste again changes nothing.

    Raises Invalid where no comment is found ("name: words" a line), or more than 2,000.
    """
    actor.must_be(Role.MANAGER)
    said = split_comments(text)
    if not said:
        raise Invalid(
            N_("Chưa thấy bình luận nào."),
            remedy=N_("Mỗi dòng một bình luận, ví dụ Hoa: m1 x2."),
            field="text",
        )
    if len(said) > COMMENTS_MAX:
        raise Invalid(N_("Nhiều quá %(most)s bình luận một lần."), remedy=N_("Dán từng phần."), field="text",
                      most=COMMENTS_MAX)  # fmt: skip
    known = queries.digests(sale.id)
    desk, taken = _desk(sale), Taken()
    for one in said:
        if one.digest in known:
            taken.again += 1
            continue
        outcome = _take_one(sale, desk, one)
        taken.new += 1
        taken.of[outcome] = taken.of.get(outcome, 0) + 1
    audit(actor, "take comments", f"live_sale:{sale.id}")
    return taken


def _desk(sale: LiveSale) -> Desk:
    packs, goods = on_sale(sale.cooperative_id), queries.goods_of(sale.id)
    shelf = shelf_of(packs, {one.pack_id: one.code for one in goods})
    shown = next((one.pack_id for one in goods if one.is_shown), None)
    return Desk(
        packs=packs, shelf=shelf,
        shown=next((one for one in shelf.goods if one.pack_id == shown), None),
        left=queries.left(sale.cooperative_id, packs),
        buyers={one.name_key: one for one in queries.buyers_of(sale.id)},
        provinces=province_names(),
    )  # fmt: skip


def _take_one(sale: LiveSale, desk: Desk, said: Said) -> Outcome:
    buyer = desk.buyers.get(key_of(said.name))
    if buyer is None:
        buyer = LiveBuyer(live_sale_id=sale.id, name_key=key_of(said.name), name=said.name)
        desk.buyers[buyer.name_key] = buyer
        db.session.add(buyer)
        db.session.flush()
    other_phone = ""
    if _HAS_PHONE.search(said.body):
        contact = read(said.body, desk.shelf, desk.provinces).contact
        if buyer.phone and contact.phone and contact.phone != buyer.phone:
            other_phone = (
                contact.phone
            )  # two people of one name, or a number put right: nobody's parcel is guessed
        else:
            _note_contact(buyer, contact)
    message = read_message(said.body, desk.shelf, desk.shown)
    comment = LiveComment(
        live_sale_id=sale.id, live_buyer_id=buyer.id, body=said.body, digest=said.digest, at=clock.now(),
        outcome=_WITHOUT_GOODS.get(message.intent, Outcome.PUT),
    )  # fmt: skip
    db.session.add(comment)
    db.session.flush()
    if other_phone:
        comment.outcome, comment.note = Outcome.UNSURE, f"{buyer.name}: {buyer.phone} ≠ {other_phone}"
    elif message.intent is Intent.ORDER:
        comment.outcome, comment.note = _put_aside(desk, buyer, comment, message.items)
    return Outcome(comment.outcome)


_WITHOUT_GOODS = {Intent.ASK: Outcome.ASKED, Intent.CANCEL: Outcome.TAKEN_BACK, Intent.NONE: Outcome.TALK}


def _put_aside(
    desk: Desk, buyer: LiveBuyer, comment: LiveComment, items: tuple[Item, ...]
) -> tuple[Outcome, str]:
    """Put aside what is certain and there; what is not, and why, stands in the comment's note."""
    outcome, notes = Outcome.PUT, []
    for item in items:
        if item.pack is None:
            outcome = Outcome.UNSURE
            notes.append(f"{item.said}: {', '.join(f'{one.name} {one.label}' for one in item.packs[:6])}")
            continue
        pack_id = item.pack.pack_id
        if desk.left.get(pack_id, 0) < item.quantity:
            outcome = Outcome.UNSURE if outcome is Outcome.UNSURE else Outcome.SOLD_OUT
            notes.append(f"{item.pack.name} {item.pack.label}: {desk.left.get(pack_id, 0)}/{item.quantity}")
            continue
        desk.left[pack_id] -= item.quantity
        db.session.add(
            LiveLine(
                live_buyer_id=buyer.id, pack_id=pack_id, quantity=item.quantity, live_comment_id=comment.id
            )
        )
    if not items:
        return Outcome.UNSURE, ""
    return outcome, "; ".join(notes)[:300]


def _note_contact(buyer: LiveBuyer, found: object) -> None:
    """Keep what a comment says for the parcel, where nothing is known yet."""
    for mine, theirs in (("phone", "phone"), ("address_line", "address_line"), ("place", "place")):
        said = str(getattr(found, theirs))
        if said and not getattr(buyer, mine):
            setattr(buyer, mine, said[:200])
    if buyer.place and buyer.commune_id is None and (unit := find_address(buyer.place).exact):
        buyer.commune_id = unit.id


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
            select(LiveLine).where(LiveLine.live_buyer_id == buyer.id, LiveLine.order_id.is_(None))
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
