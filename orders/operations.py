"""Verbs of orders. Those that move money too (pay, cancel, deliver) are called by the parts above, in one act."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any, cast

from sqlalchemy import Table, bindparam, delete, func, insert, select, update

from accounts.operations import audit
from accounts.rules import SYSTEM, Actor, Role
from catalog.bundles.queries import contents
from catalog.queries import PackFact
from cooperatives.public import sellers
from core import clock, once
from core.db import db, loaded, run
from core.errors import Conflict, Invalid, NotFound
from core.i18n import N_
from core.text import clean
from orders import queries
from orders.bundles.operations import put_box
from orders.contracts.wordings import agreed_now
from orders.elsewhere.queries import Changed as Changed
from orders.elsewhere.queries import carriage, sellable
from orders.invoices.operations import ask_invoice
from orders.invoices.rules import Invoice
from orders.models import Allocation, Order, OrderEvent, OrderLine, Purchase, WeighedLine
from orders.notices.operations import LINK_AGAIN, PLACED, STEPS, tell
from orders.parcels.operations import hold_packs, line_ref, sent
from orders.rules import (
    COD_OPEN_MAX,
    CODES,
    FIRST_STATE,
    HOLD_MINUTES,
    SOLD_THERE,
    STAMPS,
    THERE_HOLD_MINUTES,
    Door,
    Event,
    Method,
    State,
    after,
    check_quantity,
    code_of,
)  # fmt: skip
from orders.vouchers import queries as vouchers
from orders.vouchers.operations import redeem
from orders.vouchers.queries import Cut
from orders.weighed import operations as weighed
from traceability import operations as goods

PACKERS = (Role.MANAGER, Role.DIGITAL_TEAM)


@dataclass(frozen=True)
class Buyer:
    """Who buys and where the parcels go. phone: E.164. commune_id: a commune of today (places.Unit).

    voucher: a code as typed. gift_note: a card for each parcel. invoice: who stands on it, None when not asked for.
    door: through which channel.
    """

    name: str
    phone: str
    commune_id: int
    address_line: str
    note: str = ""
    language: str = "vi"
    voucher: str = ""
    gift_note: str = ""
    invoice: Invoice | None = None
    door: Door = Door.WEB


@dataclass(frozen=True)
class Wanted:
    """So many of a pack. agreed_price_vnd: the price the buyer agreed to; another price of today raises `Changed`."""

    pack_id: int
    quantity: int
    agreed_price_vnd: int | None = None


@dataclass(frozen=True)
class Pick:
    """So many packs of a lot for one order line. weights_g: of goods weighed at packing, one by one."""

    line_id: int
    lot_id: int
    quantity: int
    weights_g: tuple[int, ...] = ()


_PURCHASE, _ORDER, _LINE, _ALLOCATION = (
    cast(Table, model.__table__) for model in (Purchase, Order, OrderLine, Allocation)
)  # fmt: skip
_ADD_PURCHASE = insert(_PURCHASE).returning(_PURCHASE.c.id)
_ADD_ORDER = insert(_ORDER).returning(_ORDER.c.id)
_ADD_LINE, _ADD_ALLOCATION = insert(_LINE), insert(_ALLOCATION)
_TO_RESERVE = (
    select(_LINE.c.id, _LINE.c.pack_id, _LINE.c.quantity, WeighedLine.piece_max_g)
    .outerjoin(WeighedLine, WeighedLine.order_line_id == _LINE.c.id)
    .where(_LINE.c.order_id.in_(bindparam("orders", expanding=True)))
    .order_by(_LINE.c.pack_id, _LINE.c.id)
)


def create_purchase(
    key: str,
    buyer: Buyer,
    lines: Sequence[Wanted],
    method: Method | Mapping[int, Method],
    on: date | None = None,
    *,
    agreed_total_vnd: int | None = None,
    quiet: bool = False,
) -> Purchase:
    """Order goods: one purchase, one order per cooperative, all or nothing; for `payments.operations.check_out` alone.

    key: the sender's own; the same key with the same body gives the same purchase, with another body Conflict (409).
    method: one for all, or one per cooperative id. agreed_total_vnd: what the buyer saw for everything, delivery
    included; another sum raises Changed. quiet: another shop tells its buyer itself. Raises Invalid (nothing wanted,
    bad quantity, too many open COD orders, no such invoice), NotFound (not sold), OutOfStock, the voucher's Refused.
    """
    on = on or clock.today()
    merged = _merge(lines)
    body = _body(buyer, merged, method)
    if (token := _before(key, body)) is not None:
        return db.session.execute(select(Purchase).where(Purchase.token == token)).scalar_one()
    facts = sellable({line.pack_id: line.agreed_price_vnd for line in merged}, buyer.door)
    token = secrets.token_urlsafe(18)
    if not once.claim("purchase", key, body, token):
        return db.session.execute(select(Purchase).where(Purchase.token == _before(key, body))).scalar_one()
    values = {"token": token, "key": key, "placed_at": clock.now(), "wording": agreed_now()} | _cleaned(buyer)
    purchase = loaded(Purchase(id=int(run(_ADD_PURCHASE, values).scalar_one()), **values))
    made = _make_orders(purchase, buyer.voucher, merged, facts, method, on)
    if buyer.invoice is not None:
        ask_invoice(purchase.id, buyer.invoice)
    if agreed_total_vnd is not None and agreed_total_vnd != sum(order.total_vnd for order in made):
        raise Changed(N_("Giá hoặc phí đưa hàng vừa đổi."), remedy=N_("Xem lại số tiền mới rồi đặt."))
    _reserve(made, on)
    for order in made:
        note_step(order, "place", order.state, order.state, SYSTEM, "")
        if order.method in PLACED and not quiet:  # the others are told when their provider has answered
            tell(order, PLACED[Method(order.method)], f"order:{order.id}:place")
    return purchase


def _merge(lines: Sequence[Wanted]) -> list[Wanted]:
    """One line per pack, by pack id: always the same order, so that two buyers never lock each other out."""
    by_pack: dict[int, Wanted] = {}
    for line in lines:
        check_quantity(line.quantity)
        earlier = by_pack.get(line.pack_id)
        quantity = line.quantity + (earlier.quantity if earlier else 0)
        by_pack[line.pack_id] = Wanted(line.pack_id, check_quantity(quantity), line.agreed_price_vnd)
    if not by_pack:
        raise Invalid(N_("Giỏ đang trống."), remedy=N_("Chọn món trong chợ rồi đặt."))
    return [by_pack[pack_id] for pack_id in sorted(by_pack)]


def _body(buyer: Buyer, lines: Sequence[Wanted], method: Method | Mapping[int, Method]) -> dict[str, object]:
    how = (
        str(method)
        if isinstance(method, str)
        else {str(seller): str(one) for seller, one in sorted(method.items())}
    )
    who = {name: value for name, value in asdict(buyer).items() if (name, value) != ("door", Door.WEB)}
    return {"buyer": who, "lines": [[line.pack_id, line.quantity] for line in lines], "method": how}


def _before(key: str, body: object) -> str | None:
    return once.done_before("purchase", key, body)


def _cleaned(buyer: Buyer) -> dict[str, object]:
    name, address = clean(buyer.name)[:120], clean(buyer.address_line)[:300]
    if not name:
        raise Invalid(
            N_("Chưa có tên người nhận."),
            remedy=N_("Viết tên để bưu tá gọi, ví dụ Đỗ Minh Mẫu."),
            field="name",
        )
    if not address:
        raise Invalid(
            N_("Chưa có số nhà, đường hoặc thôn."),
            remedy=N_("Viết nơi bưu tá tìm được, ví dụ Số 8, ngõ Mẫu."),
            field="address_line",
        )
    return {"buyer_name": name, "buyer_phone": buyer.phone, "commune_id": buyer.commune_id, "address_line": address,
            "note": clean(buyer.note, lines=True)[:500], "gift_note": clean(buyer.gift_note, lines=True)[:300],
            "language": buyer.language, "door": buyer.door}  # fmt: skip


def _make_orders(
    purchase: Purchase,
    voucher: str,
    lines: Sequence[Wanted],
    facts: Mapping[int, PackFact],
    method: Method | Mapping[int, Method],
    on: date,
) -> list[Order]:
    by_seller: dict[int, list[Wanted]] = {}
    for line in lines:
        by_seller.setdefault(facts[line.pack_id].cooperative_id, []).append(line)
    sums = {seller: _goods_vnd(wanted, facts) for seller, wanted in by_seller.items()}
    cut = vouchers.cut(voucher, purchase.buyer_phone, sums, on, lock=True) if voucher else None
    made = []
    for seller_id in sorted(by_seller):
        how = Method(method) if isinstance(method, str) else Method(method.get(seller_id, Method.VIETQR))
        made.append(_make_order(purchase, seller_id, by_seller[seller_id], facts, how, on, cut))
    if cut is not None:
        redeem(cut, made)
    return made


def _goods_vnd(lines: Sequence[Wanted], facts: Mapping[int, PackFact]) -> int:
    return sum(facts[line.pack_id].price_vnd * line.quantity for line in lines)


def _make_order(
    purchase: Purchase,
    seller_id: int,
    lines: Sequence[Wanted],
    facts: Mapping[int, PackFact],
    method: Method,
    on: date,
    cut: Cut | None,
) -> Order:
    if method is Method.COD and purchase.door not in SOLD_THERE:
        check_open_cod(purchase.buyer_phone)
    seller = sellers({seller_id})[seller_id]
    weight_g = sum(facts[line.pack_id].gross_weight_g * line.quantity for line in lines)
    goods_vnd, off_vnd = _goods_vnd(lines, facts), cut.parts.get(seller_id, 0) if cut else 0
    subsidy_vnd = off_vnd if cut and cut.subsidy_id else 0
    quote = carriage(seller.commune_id, purchase.commune_id, weight_g, on, purchase.door)
    now, hold = clock.now(), THERE_HOLD_MINUTES if purchase.door in SOLD_THERE else HOLD_MINUTES
    values: dict[str, Any] = {
        "code": _free_code(), "token": secrets.token_urlsafe(18), "purchase_id": purchase.id,
        "cooperative_id": seller_id, "seller_name": seller.name, "seller_registration": seller.registration_number,
        "seller_address": seller.address, "state": FIRST_STATE[method], "method": method, "goods_vnd": goods_vnd,
        "discount_vnd": off_vnd - subsidy_vnd, "subsidy_vnd": subsidy_vnd, "shipping_vnd": quote.price_vnd,
        "total_vnd": goods_vnd - off_vnd + quote.price_vnd,
        "weight_g": weight_g, "days_min": quote.days_min, "days_max": quote.days_max, "placed_at": now,
        "hold_until": None if method is Method.COD else now + timedelta(minutes=hold),
        "carrier": "", "tracking_number": "",
    }  # fmt: skip
    order = loaded(Order(id=int(run(_ADD_ORDER, values).scalar_one()), **values))
    boxes = contents(line.pack_id for line in lines)
    for line in lines:
        pack = facts[line.pack_id]
        if pack.pack_id in boxes:
            put_box(order.id, pack, line.quantity, boxes[pack.pack_id])
            continue
        run(_ADD_LINE, {
            "order_id": order.id, "pack_id": pack.pack_id, "product_name": pack.product_name,
            "pack_label": pack.label, "unit_price_vnd": pack.price_vnd, "quantity": line.quantity,
            "total_vnd": pack.price_vnd * line.quantity, "gross_weight_g": pack.gross_weight_g,
        })  # fmt: skip
    weighed.agree(order.id, {line.pack_id: facts[line.pack_id] for line in lines})
    return order


def check_open_cod(phone: str) -> None:
    """Cash on delivery costs a buyer nothing to ask for: a number has few such orders at a time, whatever its taps."""
    once.one_at_a_time("open-cod", phone)
    if queries.open_cod_count(phone) >= COD_OPEN_MAX:
        raise Invalid(
            N_("Số này đang có %(most)s đơn trả khi nhận chưa xong."),
            remedy=N_("Chọn chuyển khoản, hoặc chờ nhận xong một đơn."),
            field="method",
            most=COD_OPEN_MAX,
        )


def _free_code() -> str:
    """A code nobody has. 28 million codes: a clash is rare, and the UNIQUE column has the last word."""
    while True:
        code = code_of(secrets.randbelow(CODES))
        if not queries.code_is_taken(code):
            return code


def _reserve(orders: Sequence[Order], on: date) -> None:
    """Hold lots for every line, in the order of pack ids over all orders."""
    for line in run(_TO_RESERVE, {"orders": [order.id for order in orders]}).all():
        held_lots = goods.reserve(
            line.pack_id, line.quantity, line_ref(line.id), on, piece_g=line.piece_max_g
        )
        for held in held_lots:
            run(_ADD_ALLOCATION, {"order_line_id": line.id, "lot_id": held.lot_id, "quantity": held.quantity})


_STEP = OrderEvent.__table__
assert isinstance(_STEP, Table)
_LAST_STEP = select(func.coalesce(func.max(_STEP.c.seq), 0)).where(_STEP.c.order_id == bindparam("o"))
_ADD_STEP = insert(_STEP)


def note_step(order: Order, event: str, before: str, now: str, actor: Actor, note: str) -> int:
    """Append a step; its number."""
    seq = int(run(_LAST_STEP, {"o": order.id}).scalar_one()) + 1
    run(_ADD_STEP, {
        "order_id": order.id, "seq": seq, "event": str(event), "from_state": str(before), "to_state": str(now),
        "at": clock.now(), "by_user_id": actor.user_id, "role": str(actor.role), "note": clean(note)[:300],
    })  # fmt: skip
    return seq


def advance(order: Order, event: Event, actor: Actor, note: str = "") -> Order:
    """Move an order along the table, write the step, tell the buyer. Raises Conflict when the table refuses.

    The UPDATE names the state it starts from: of two at once one wins, and the other gets Conflict.
    """
    before = State(order.state)
    target = after(before, event)
    stamps = {column: clock.now() for column in STAMPS[event]}
    changed = db.session.execute(
        update(Order).where(Order.id == order.id, Order.state == before).values(state=target, **stamps)
    )
    if changed.rowcount != 1:  # type: ignore[attr-defined]
        raise Conflict(N_("Đơn vừa được người khác đổi trạng thái."), remedy=N_("Mở lại đơn để xem."))
    db.session.refresh(order)
    seq = note_step(order, event, before, target, actor, note)
    repeated = event in (Event.EXPIRE, Event.REVIVE) and seq > 3
    if event in STEPS:
        tell(order, STEPS[event], f"order:{order.id}:{event}" + (f":{seq}" if repeated else ""))
    return order


def order_of(actor: Actor, order_id: int) -> Order:
    """The order, locked, if the actor's cooperative sells it. Raises NotFound for another's."""
    found = db.session.get(Order, order_id, with_for_update={"of": Order}, populate_existing=True)
    if found is None:
        raise NotFound(N_("Không tìm thấy đơn này."))
    if actor.role is not Role.SYSTEM:
        queries.order_for(order_id, actor.organisation_id)
    return found


def confirm(actor: Actor, order_id: int, how: str) -> Order:
    """A cash-on-delivery order was confirmed by a call or a code. how: 'call' or 'code'."""
    actor.must_be(*PACKERS)
    if how not in ("call", "code"):
        raise Invalid(N_("Chọn cách xác nhận: gọi điện hay mã."), field="how")
    order = advance(order_of(actor, order_id), Event.CONFIRM, actor, how)
    audit(actor, "confirm order", f"order:{order_id}", ("state",))
    return order


def pack(
    actor: Actor, order_id: int, picks: Sequence[Pick], reasons: Mapping[int, str] | None = None
) -> Order:
    """The goods are in the parcel. picks: for each line the lots really packed; they replace the proposed ones.

    Of goods weighed at packing a pick has the grams of each piece, and `reasons` by line says why one is lighter than
    promised; such an order is packed by `payments.weighed`, which moves the difference. Raises Invalid when a line's
    picks do not make its quantity; traceability refuses lots of other goods, recalled, expired, or without enough.
    """
    actor.must_be(*PACKERS)
    order = order_of(actor, order_id)
    after(State(order.state), Event.PACK)
    by_line: dict[int, list[Pick]] = {}
    for pick in picks:
        check_quantity(pick.quantity)
        by_line.setdefault(pick.line_id, []).append(pick)
    for line in hold_packs(queries.lines(order_id)):
        mine = by_line.pop(line.id, [])
        if found := weighed.agreed(line.id):
            pieces = [(pick.lot_id, grams) for pick in mine for grams in pick.weights_g]
            reason = (reasons or {}).get(line.id, "")
            weighed.pack_line(actor, line, found, pieces, reason, line_ref(line.id))
        else:
            pack_line(actor, line, mine)
    if by_line:
        raise NotFound(N_("Có dòng không thuộc đơn này."))
    audit(actor, "pack order", f"order:{order_id}", ("state", "allocation"))
    return advance(order, Event.PACK, actor)


def pack_line(actor: Actor, line: OrderLine, picks: Sequence[Pick]) -> None:
    """Take a line's packs out of stock, from the lots really taken. Raises Invalid when they are not its quantity."""
    lots: dict[int, int] = {}
    for pick in picks:
        lots[pick.lot_id] = lots.get(pick.lot_id, 0) + pick.quantity
    if sum(lots.values()) != line.quantity:
        raise Invalid(
            N_("%(name)s: cần %(quantity)s gói, mới ghi %(picked)s."), remedy=N_("Ghi đủ số gói theo từng lô."),
            field=f"line-{line.id}", name=line.product_name, quantity=line.quantity, picked=sum(lots.values()),
        )  # fmt: skip
    goods.confirm_packed(actor, line_ref(line.id), line.pack_id, sorted(lots.items()))
    db.session.execute(delete(Allocation).where(Allocation.order_line_id == line.id))
    db.session.execute(insert(Allocation), [
        {"order_line_id": line.id, "lot_id": lot_id, "quantity": quantity, "packed": True}
        for lot_id, quantity in sorted(lots.items())
    ])  # fmt: skip


def ship(actor: Actor, order_id: int, carrier: str, tracking_number: str) -> Order:
    """The parcel was handed to a carrier. tracking_number may be empty: a coach driver gives none."""
    actor.must_be(*PACKERS)
    order = order_of(actor, order_id)
    after(State(order.state), Event.SHIP)
    carrier, number = clean(carrier)[:60], clean(tracking_number)[:40]
    if not carrier:
        raise Invalid(
            N_("Chưa ghi ai đưa hàng."),
            remedy=N_("Ghi tên hãng, ví dụ Bưu điện, hoặc tên nhà xe."),
            field="carrier",
        )
    order.carrier, order.tracking_number = carrier, number
    db.session.flush()
    order = sent(advance(order, Event.SHIP, actor))
    audit(actor, "ship order", f"order:{order_id}", ("state", "carrier", "tracking_number"))
    return order


def release_stock(order: Order, actor: Actor = SYSTEM) -> None:
    """Let go of an order's goods: what is only reserved becomes free, what was packed goes back to quarantine.

    Twice is harmless. The caller moves the state (cancel, expire, refuse) and the money.
    """
    for line in hold_packs(queries.lines(order.id)):
        mine = select(Allocation).where(Allocation.order_line_id == line.id)
        held = list(db.session.execute(mine).scalars())
        if any(not one.packed for one in held):
            goods.release(line_ref(line.id))
            db.session.execute(
                delete(Allocation).where(Allocation.order_line_id == line.id, ~Allocation.packed)
            )
        for one in held:
            if one.packed:
                take_back(actor, one, one.quantity - one.returned_quantity)
    db.session.flush()


def take_back(actor: Actor, held: Allocation, quantity: int) -> None:
    """So many packs of an allocation came back: into quarantine. More than went out is refused by the database."""
    if quantity > 0:
        line = db.session.get_one(OrderLine, held.order_line_id)
        amount = weighed.stock_of(held, quantity)
        code = db.session.get_one(Order, line.order_id).code
        goods.take_back(actor, held.lot_id, line.pack_id, amount, ref=line_ref(line.id), order_code=code)
        held.returned_quantity += quantity
        db.session.flush()


def revive(order: Order, actor: Actor = SYSTEM) -> Order:
    """Late money: reserve the goods again and hold them anew. Raises OutOfStock (Conflict) when they are gone."""
    after(State(order.state), Event.REVIVE)
    _reserve([order], clock.today())
    order.hold_until, order.closed_at = clock.now() + timedelta(minutes=HOLD_MINUTES), None
    db.session.flush()
    return advance(order, Event.REVIVE, actor)


def unpay(order: Order, actor: Actor, note: str) -> Order:
    """The money was another order's: this one waits for its own again, its goods held anew. Called by `payments`."""
    after(State(order.state), Event.UNPAY)
    order.hold_until, order.paid_at = clock.now() + timedelta(minutes=HOLD_MINUTES), None
    db.session.flush()
    return advance(order, Event.UNPAY, actor, note)


def mark_collected(order: Order) -> None:
    """The carrier has the buyer's cash. Called by `payments`, which writes the money."""
    order.cod_collected_at = order.cod_collected_at or clock.now()
    db.session.flush()


def mark_refunded(line_id: int, quantity: int) -> None:
    """So many packs of a line were refunded. Called by `payments`. Raises Invalid past the line's quantity."""
    changed = db.session.execute(
        update(OrderLine).where(OrderLine.id == line_id, OrderLine.refunded_quantity + quantity <= OrderLine.quantity)
        .values(refunded_quantity=OrderLine.refunded_quantity + quantity)
    )  # fmt: skip
    if changed.rowcount != 1:  # type: ignore[attr-defined]
        raise Invalid(N_("Số gói hoàn tiền nhiều hơn số đã bán."), remedy=N_("Xem lại số đã hoàn trước đó."))


def send_link_again(order: Order) -> None:
    """Send the tracking link once more, to the buyer's own number; at most three a day."""
    once.allow_attempt("order-link", order.purchase.buyer_phone, most=3, within=timedelta(days=1))
    tell(order, LINK_AGAIN, f"order:{order.id}:link:{clock.now():%Y%m%d%H%M}")
