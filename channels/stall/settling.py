"""Sales that phones bring back: each becomes one order, paid and shared, exactly once; or waits for a person.

Locks as everywhere: the orders that give way by their payments, packs by ascending id, the book, the log.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from accounts.operations import audit
from accounts.rules import Actor, Role
from channels.stall import queries
from channels.stall.models import StallGood, StallOuting, StallSale, StallSaleLine, StallStep
from channels.stall.operations import holder, lying
from channels.stall.rules import (
    BUYER,
    CARRIER,
    LINES_MAX,
    NAMED,
    QUANTITY_MAX,
    SaleState,
    Step,
    Taken,
    asks,
    refusal,
    seal,
)
from core import clock, once
from core.db import db
from core.errors import Conflict, DomainError, Invalid, NotFound
from core.i18n import N_
from core.text import clean
from orders.elsewhere.operations import carry_through, hand_over, use_code
from orders.models import Order
from orders.notices.operations import tell
from orders.operations import Buyer, Pick, Wanted
from orders.queries import lines as order_lines
from orders.queries import orders_of
from orders.repicks.operations import let_go, repick, tell_wait
from orders.rules import Door, Method, State
from payments.counter.operations import explain_surplus, finish, hand_in_transfers, take_cash
from payments.operations import cancel, check_out
from payments.queries import payment_of
from revenue.ledger.operations import lock_book
from revenue.rules import stall
from traceability import operations as stock
from traceability.log.operations import hold_log
from traceability.models import Lot
from traceability.parcels.operations import hold_packs
from traceability.rules import OutOfStock, Place

SORRY = N_(
    "Chợ Phiên: xin lỗi, món trong đơn %(code)s đã bán hết ở phiên chợ trước khi kịp gói. Tiền đã trả sẽ được "
    "hoàn lại. Xem ở đây: %(link)s"
)
GAVE_WAY = N_("Hàng đã trao tay ở phiên chợ")
LATE_FOUND = N_("Ghi thiếu lúc về, nay lần bán mới gửi tới")
BOOKS_SHORT = N_("Bán ở quầy nhiều hơn sổ đang có")


@dataclass(frozen=True)
class Sold:
    """One line of a sale as a phone says it."""

    pack_id: int
    lot_id: int
    quantity: int
    unit_price_vnd: int


@dataclass(frozen=True)
class Sent:
    """A sale as a phone sends it. code: shown to the buyer for the transfer. void_reason: taken back at the stall."""

    lines: tuple[Sold, ...]
    method: Method
    sold_at: datetime
    code: str = ""
    given_vnd: int = 0
    void_reason: str = ""

    @property
    def total_vnd(self) -> int:
        """What the buyer paid."""
        return sum(one.quantity * one.unit_price_vnd for one in self.lines)


def arrive(actor: Actor, outing: StallOuting, key: str, sent: Sent) -> StallSale:
    """Take in a sale, once by its key, and settle it where nobody has to be asked. The outing may be back already.

    Raises Conflict for another sale under the same key, Invalid for one that cannot be.
    """
    actor.must_be(Role.MANAGER)
    _check(outing, sent)
    body = [outing.id, [[one.pack_id, one.lot_id, one.quantity, one.unit_price_vnd] for one in sent.lines],
            str(sent.method), sent.code, sent.given_vnd, sent.void_reason]  # fmt: skip
    if known := once.done_before("stall_sale", key, body):
        return db.session.get_one(StallSale, int(known))
    state = SaleState.VOID if sent.void_reason else SaleState.HELD
    made = StallSale(
        stall_outing_id=outing.id, key=key, code=sent.code, method=sent.method, total_vnd=sent.total_vnd,
        given_vnd=sent.given_vnd, state=state, void_reason=clean(sent.void_reason)[:200], sold_at=sent.sold_at,
        arrived_at=clock.now(), by_user_id=actor.user_id,
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    for one in sent.lines:
        db.session.add(StallSaleLine(
            stall_sale_id=made.id, pack_id=one.pack_id, lot_id=one.lot_id, quantity=one.quantity,
            unit_price_vnd=one.unit_price_vnd,
        ))  # fmt: skip
    db.session.flush()
    once.remember("stall_sale", key, body, str(made.id))
    if state is SaleState.HELD:
        _try(actor, outing, made)
    audit(
        actor, "take_stall_sale", f"stall_sale:{made.id}", ("state", "total_vnd")
    )  # its chain is locked after packs
    return made


def _check(outing: StallOuting, sent: Sent) -> None:
    if not 1 <= len(sent.lines) <= LINES_MAX:
        raise Invalid(N_("Lần bán này không có món nào."))
    if any(not 1 <= one.quantity <= QUANTITY_MAX or one.unit_price_vnd < 1 for one in sent.lines):
        raise Invalid(N_("Số lượng hoặc giá không đúng."))
    if len({(one.pack_id, one.lot_id) for one in sent.lines}) != len(sent.lines):
        raise Invalid(N_("Một món ghi hai dòng."))
    if len({(one.pack_id, one.unit_price_vnd) for one in sent.lines}) != len(
        {one.pack_id for one in sent.lines}
    ):
        raise Invalid(N_("Một món ghi hai giá."))
    if sent.method not in (Method.COD, Method.VIETQR):
        raise Invalid(N_("Quầy chỉ nhận tiền mặt hoặc chuyển khoản."))
    lots = {one.id: one for one in db.session.execute(
        select(Lot).where(Lot.id.in_([one.lot_id for one in sent.lines]))).scalars()}  # fmt: skip
    if any(
        one.lot_id not in lots or lots[one.lot_id].cooperative_id != outing.cooperative_id
        for one in sent.lines
    ):
        raise NotFound(N_("Không có lô này."), remedy=N_("Xem lại mã lô trên gói."))


def _try(actor: Actor, outing: StallOuting, sale: StallSale) -> None:
    """Settle a sale that asks nobody. What is refused, a recalled lot for one, is held with the reason."""
    lines = locked(actor, sale.id)
    proposed = queries.plans(outing, lines)
    if any(asks(steps) for _line, steps in proposed):
        return
    try:
        with db.session.begin_nested():
            _settle(actor, outing, sale, lines, proposed)
    except DomainError as error:
        db.session.refresh(sale)
        sale.problem_text = refusal(error)


def locked(actor: Actor, sale_id: int) -> list[StallSaleLine]:
    """A sale's lines, with everything held that it will change: their packs, then the book, then the log.

    What is written to the chain of audit comes after all of them, so that no two wait for each other.
    """
    lines = queries.lines_of([sale_id]).get(sale_id, [])
    hold_packs([line.pack_id for line in lines])
    lock_book(actor.organisation_id or 0)
    hold_log()
    return lines


def confirm(actor: Actor, cooperative_id: int, sale_id: int, seen: str) -> StallSale:
    """The manager says yes to what the rule proposes. seen: the seal of what was read.

    Twice is harmless. Raises Conflict when something moved since, so that it is read again.
    """
    actor.must_be(Role.MANAGER)
    before = queries.sale_of(cooperative_id, sale_id)
    outing = queries.outing_of(cooperative_id, before.stall_outing_id, lock=True)
    sale = queries.sale_of(cooperative_id, sale_id, lock=True)
    if sale.state != SaleState.HELD:
        return sale
    first = queries.plans(outing, queries.lines_of([sale.id])[sale.id])
    victims = {one.order_id for _line, steps in first for one in steps if one.order_id}
    for order_id in sorted(victims):
        payment_of(order_id, lock=True)
    lines = locked(actor, sale.id)
    now = queries.plans(outing, lines)
    if seal(now) != seen:
        raise Conflict(N_("Hàng vừa đổi, cách xử cũng đổi theo."), remedy=N_("Đọc lại rồi bấm đồng ý."))
    sale.problem_text = ""
    _settle(actor, outing, sale, lines, now)
    return sale


def _settle(
    actor: Actor, outing: StallOuting, sale: StallSale, lines: Sequence[StallSaleLine],
    proposed: Sequence[tuple[int, Sequence[Taken]]],
) -> None:  # fmt: skip
    by_id = {line.id: line for line in lines}
    for line_id, steps in proposed:
        for one in steps:
            _make_room(actor, outing, sale, by_id[line_id], one)
    made = _order(actor, outing, sale, lines)
    sale.state, sale.order_id = SaleState.DONE, made.id
    db.session.flush()
    for line_id, steps in proposed:
        for one in steps:
            _see_to(actor, sale, by_id[line_id], one)
    picks = picks_of(made, lines)
    if sale.method == Method.COD:
        carry_through(actor, made.id, picks, CARRIER)
        bank_cash(actor, outing, made.id)
    else:
        hand_in_transfers(actor, made)
        db.session.refresh(made)
        if made.state == State.TO_PACK:
            carry_through(actor, made.id, picks, CARRIER)
            finish(actor, made.id)
    audit(actor, "settle_stall_sale", f"stall_sale:{sale.id}", ("state", "order_id"))


def bank_cash(actor: Actor, outing: StallOuting, order_id: int) -> None:
    """The cash of a sale is in the till. Where the box was counted before, it was in what was too much then."""
    take_cash(actor, order_id)
    if outing.closed_at is not None:
        explain_surplus(actor, stall(outing.id), order_id)


def _make_room(actor: Actor, outing: StallOuting, sale: StallSale, line: StallSaleLine, one: Taken) -> None:
    """Bring pieces to where an order can take them: free, in the store, of the lot that was handed over."""
    row = queries.good_row(outing.id, line.lot_id, line.pack_id)
    if row is None:
        row = StallGood(stall_outing_id=outing.id, lot_id=line.lot_id, pack_id=line.pack_id, carried_quantity=0,
                        sold_quantity=0, beyond_quantity=0, lost_quantity=0)  # fmt: skip
        db.session.add(row)
    if one.step is Step.STALL:
        stock.move_stock(actor, line.lot_id, line.pack_id, one.quantity, Place.STALL, Place.STORE, CARRIER)
        row.sold_quantity += one.quantity
    elif one.step in (Step.LOSS, Step.FOUND):
        there = lying(line.lot_id, line.pack_id, Place.STORE)
        reason = LATE_FOUND if one.step is Step.LOSS else BOOKS_SHORT
        stock.count_stock(actor, line.lot_id, line.pack_id, there + one.quantity, reason, Place.STORE)
        if one.step is Step.LOSS:
            row.lost_quantity -= one.quantity
            row.sold_quantity += one.quantity
        else:
            row.beyond_quantity += one.quantity
    else:
        row.beyond_quantity += one.quantity
        if one.line_id is not None:
            let_go(actor, one.line_id)
    if one.step in NAMED and one.line_id is None:
        _name(actor, sale, line, one, one.step)
    db.session.flush()


def _name(actor: Actor, sale: StallSale, line: StallSaleLine, one: Taken, step: Step) -> None:
    db.session.add(StallStep(
        stall_sale_id=sale.id, stall_sale_line_id=line.id, step=step, quantity=one.quantity, order_id=one.order_id,
        at=clock.now(), by_user_id=actor.user_id,
    ))  # fmt: skip


def _order(actor: Actor, outing: StallOuting, sale: StallSale, lines: Sequence[StallSaleLine]) -> Order:
    """The order, by the one door, with the goods gone from the lots that were handed over."""
    buyer = Buyer(
        name=BUYER, phone="", commune_id=outing.commune_id, address_line=outing.name, door=Door.STALL
    )
    wanted = [Wanted(line.pack_id, line.quantity, line.unit_price_vnd) for line in lines]
    bought = check_out(
        f"stall:{sale.key}", buyer, wanted, Method(sale.method), agreed_total_vnd=sale.total_vnd, quiet=True
    )
    made = orders_of(bought.id)[0]
    if sale.code:
        use_code(made, sale.code, holder(outing.id))
    hand_over(actor, made.id, picks_of(made, lines))
    return made


def picks_of(made: Order, lines: Sequence[StallSaleLine]) -> list[Pick]:
    """From which lot each piece of an order was handed over."""
    by_pack = {line.pack_id: line.id for line in order_lines(made.id)}
    return [Pick(by_pack[line.pack_id], line.lot_id, line.quantity) for line in lines]


def _see_to(actor: Actor, sale: StallSale, line: StallSaleLine, one: Taken) -> None:
    """An order that gave way: goods of another lot, or an apology and its money back. What was done is named."""
    if one.line_id is None or one.order_id is None:
        return
    step = one.step if one.step is Step.APOLOGY else _substituted(actor, one.order_id, one.line_id)
    _name(actor, sale, line, one, step)
    order = db.session.get_one(Order, one.order_id, populate_existing=True)
    if step is Step.APOLOGY and order.state != State.CANCELLED:  # it may have given way with another line
        cancel(actor, one.order_id, GAVE_WAY)
        tell(order, SORRY, f"order:{order.id}:stall-sorry")


def _substituted(actor: Actor, order_id: int, line_id: int) -> Step:
    try:
        promised = repick(actor, line_id)
    except OutOfStock:  # another line of the same sale had the rest
        return Step.APOLOGY
    if promised is not None:
        tell_wait(order_id, promised)
    return Step.SUBSTITUTE


def finish_paid(actor: Actor, sale_id: int, order_id: int) -> bool:
    """The transfer for a sale has come: what the buyer has is delivered and shared. Twice is harmless."""
    payment_of(order_id, lock=True)
    order = db.session.get_one(Order, order_id, populate_existing=True)
    if order.state != State.TO_PACK:
        return False
    lines = locked(actor, sale_id)
    carry_through(actor, order_id, picks_of(order, lines), CARRIER)
    finish(actor, order_id)
    return True
