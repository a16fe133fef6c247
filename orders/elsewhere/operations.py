"""Verbs for goods that the buyer has already: codes to take along, and the stock that left with them."""

import secrets
from collections.abc import Sequence

from sqlalchemy import select, update

from accounts.rules import Actor, Role
from core import clock
from core.db import db
from core.errors import Invalid, NotFound
from core.i18n import N_
from orders import operations as orders
from orders import queries
from orders.elsewhere.models import KeptCode
from orders.models import Order
from orders.operations import Pick, order_of, pack_line
from orders.parcels.operations import hold_packs
from orders.rules import CODES, SOLD_THERE, Event, Method, code_of

CODES_MOST = 200


def keep_codes(holder: str, count: int) -> list[str]:
    """So many order codes for `holder` alone ("stall:12"); no order made meanwhile gets one of them."""
    if not 1 <= count <= CODES_MOST:
        raise Invalid(N_("Số mã xin một lần phải từ 1 đến %(most)s."), most=CODES_MOST)
    made: list[str] = []
    while len(made) < count:
        code = code_of(secrets.randbelow(CODES))
        if code not in made and not queries.code_is_taken(code):
            made.append(code)
    now = clock.now()
    db.session.add_all(KeptCode(code=code, holder=holder, kept_at=now) for code in made)
    db.session.flush()
    return made


def use_code(order: Order, code: str, holder: str) -> None:
    """Give a new order the code that its buyer was shown. Raises NotFound for a code that is not the holder's,
    Invalid for one that another order has."""
    kept = db.session.get(KeptCode, code)
    if kept is None or kept.holder != holder:
        raise NotFound(N_("Mã đơn này không do chợ cấp cho quầy."))
    if db.session.execute(select(Order.id).where(Order.code == code)).first() is not None:
        raise Invalid(N_("Mã đơn %(code)s đã dùng cho đơn khác."), field="code", code=code)
    db.session.execute(update(Order).where(Order.id == order.id).values(code=code))
    db.session.refresh(order)


def hand_over(actor: Actor, order_id: int, picks: Sequence[Pick]) -> Order:
    """The buyer has the goods, paid or not: they leave the stock now, from the lots named, whatever comes of the money.

    Only for doors at which goods are sold before we hear of it. Again with the same picks changes nothing.
    """
    actor.must_be(Role.MANAGER)
    order = order_of(actor, order_id)
    if order.purchase.door not in SOLD_THERE:
        raise Invalid(N_("Đơn này chưa bán ở nơi khác."))
    for line in hold_packs(queries.lines(order_id)):
        pack_line(actor, line, [pick for pick in picks if pick.line_id == line.id])
    return order


def carry_through(actor: Actor, order_id: int, picks: Sequence[Pick], carrier: str) -> Order:
    """Goods that were handed over and are agreed on, or paid: the order goes through packing and sending at once.

    Left to do is what moves money: delivery, by `payments`.
    """
    order = order_of(actor, order_id)
    if order.method == Method.COD:
        orders.advance(order, Event.CONFIRM, actor, carrier)
    orders.pack(actor, order_id, picks)
    return orders.ship(actor, order_id, carrier, "")
