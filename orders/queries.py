"""Reads of orders."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Exists, Select, bindparam, func, select

from catalog.models import Pack
from cooperatives import queries as cooperatives
from core import clock
from core.db import db, run
from core.errors import NotFound
from core.i18n import N_
from orders.elsewhere.models import KeptCode
from orders.models import Allocation, Order, OrderEvent, OrderLine, Problem, Purchase
from orders.rules import BEFORE_PACKING, OPEN, REPORT_DAYS, UNPAID, Method, State, paying_text
from orders.weighed.queries import due_of_order
from traceability.models import Lot

TABS: dict[str, tuple[State, ...]] = {
    "to_confirm": (State.TO_CONFIRM,),
    "to_pack": (State.TO_PACK,),
    "to_ship": (State.PACKED,),
    "under_way": (State.SHIPPED,),
    "awaiting": (State.AWAITING_PROVIDER, State.AWAITING_PAYMENT),
    "closed": (State.DELIVERED, State.REFUSED, State.CANCELLED, State.EXPIRED),
}
PAGE = 30


def _no_order() -> NotFound:
    return NotFound(N_("Không tìm thấy đơn này."), remedy=N_("Xem lại đường dẫn trong tin nhắn lúc đặt."))


def order(order_id: int) -> Order:
    """An order by id. Raises NotFound."""
    found = db.session.get(Order, order_id)
    if found is None:
        raise _no_order()
    return found


def order_for(order_id: int, organisation_id: int | None) -> Order:
    """An order of the cooperative that an organisation is. Another's order is answered like none: NotFound."""
    found = order(order_id)
    if cooperatives.cooperative(found.cooperative_id).organisation_id != organisation_id:
        raise _no_order()
    return found


def order_by_token(token: str) -> Order:
    """The order of a tracking link. Raises NotFound."""
    found = db.session.execute(select(Order).where(Order.token == token)).scalar_one_or_none()
    if found is None:
        raise _no_order()
    return found


def order_by_code(code: str) -> Order | None:
    """The order of a code, as written in a bank transfer."""
    return db.session.execute(select(Order).where(Order.code == code)).scalar_one_or_none()


@cache
def _code_statement() -> Select[tuple[int]]:
    return select(Order.id).where(Order.code == bindparam("code"))


@cache
def _kept_statement() -> Select[tuple[str]]:
    return select(KeptCode.code).where(KeptCode.code == bindparam("code"))


def code_is_taken(code: str) -> bool:
    """Whether an order has this code, or a phone carries it for one to come."""
    taken = run(_code_statement(), {"code": code}).first() or run(_kept_statement(), {"code": code}).first()
    return taken is not None


def find(phone: str, code: str) -> Order | None:
    """The order with this code, if its buyer has this number (E.164)."""
    wanted = select(Order).join(Order.purchase).where(Order.code == code, Purchase.buyer_phone == phone)
    return db.session.execute(wanted).scalar_one_or_none()


@dataclass(frozen=True)
class Placed:
    """An order as the page after ordering needs it. waits: for a bank transfer, its goods held meanwhile."""

    token: str
    waits: bool


@cache
def _placed_statement() -> Select[Any]:
    """The orders that parameter `key` made, in order."""
    return (
        select(Order.token, Order.state, Order.hold_until)
        .join(Purchase, Purchase.id == Order.purchase_id)
        .where(Purchase.key == bindparam("key"))
        .order_by(Order.id)
    )


def placed(key: str) -> list[Placed]:
    """The orders that a form's key made, one for each cooperative; none if it made none."""
    rows = run(_placed_statement(), {"key": key})
    return [Placed(row.token, row.state in UNPAID and row.hold_until is not None) for row in rows]


def orders_of(purchase_id: int) -> list[Order]:
    """The orders of a purchase, one for each cooperative."""
    wanted = select(Order).where(Order.purchase_id == purchase_id).order_by(Order.id)
    return list(db.session.execute(wanted).scalars())


def lines(order_id: int) -> list[OrderLine]:
    """An order's lines, in the order of buying."""
    return list(
        db.session.execute(
            select(OrderLine).where(OrderLine.order_id == order_id).order_by(OrderLine.id)
        ).scalars()
    )


def allocations(order_id: int) -> list[Allocation]:
    """Which lots an order's lines come from."""
    wanted = (
        select(Allocation)
        .join(OrderLine, OrderLine.id == Allocation.order_line_id)
        .where(OrderLine.order_id == order_id)
    )
    return list(db.session.execute(wanted.order_by(Allocation.order_line_id, Allocation.id)).scalars())


def events(order_id: int) -> list[OrderEvent]:
    """All that happened to an order, oldest first."""
    return list(
        db.session.execute(
            select(OrderEvent).where(OrderEvent.order_id == order_id).order_by(OrderEvent.seq)
        ).scalars()
    )


def problems(order_id: int) -> list[Problem]:
    """What its buyer reported, newest first."""
    return list(
        db.session.execute(
            select(Problem).where(Problem.order_id == order_id).order_by(Problem.id.desc())
        ).scalars()
    )


def has_open_problem(order_id: int) -> bool:
    """Whether a report still waits for an answer: the sweep does not count such an order as delivered."""
    open_one = select(Problem.id).where(Problem.order_id == order_id, Problem.closed_at.is_(None)).limit(1)
    return db.session.execute(open_one).first() is not None


def open_cod_count(phone: str) -> int:
    """How many cash-on-delivery orders of this number (E.164) are still under way."""
    wanted = select(func.count()).select_from(Order).join(Order.purchase).where(
        Purchase.buyer_phone == phone, Order.method == Method.COD, Order.state.in_(OPEN))  # fmt: skip
    return int(db.session.execute(wanted).scalar_one())


def past_hold(now: datetime, limit: int = 100) -> list[int]:
    """Ids of orders whose goods waited for a transfer longer than promised, oldest first."""
    wanted = select(Order.id).where(Order.state.in_(UNPAID), Order.hold_until < now)
    return list(db.session.execute(wanted.order_by(Order.hold_until).limit(limit)).scalars())


def shipped_before(instant: datetime, limit: int = 100) -> list[int]:
    """Ids of orders under way since before an instant, without an open problem: the sweep delivers them."""
    complained = select(Problem.id).where(Problem.order_id == Order.id, Problem.closed_at.is_(None)).exists()
    wanted = select(Order.id).where(Order.state == State.SHIPPED, Order.shipped_at < instant, ~complained)
    return list(db.session.execute(wanted.order_by(Order.shipped_at).limit(limit)).scalars())


def may_report(order: Order) -> bool:
    """Whether the buyer can report a problem now."""
    if order.state == State.DELIVERED:
        return order.delivered_at is not None and clock.now() <= order.delivered_at + timedelta(
            days=REPORT_DAYS
        )
    return State(order.state) not in BEFORE_PACKING | {State.CANCELLED, State.EXPIRED}


@dataclass(frozen=True)
class BoardRow:
    """One order on the manager's board. paying_text: how it is paid, a message id."""

    id: int
    code: str
    state: str
    paying_text: str
    total_vnd: int
    buyer_name: str
    placed_at: datetime
    hold_until: datetime | None
    summary: str
    pieces: int
    problem: bool


@dataclass(frozen=True)
class Board:
    """A cooperative's orders by what they wait for. `counts`: how many under each tab, 'problems' included."""

    counts: dict[str, int]
    tab: str
    rows: tuple[BoardRow, ...]
    page: int
    page_count: int


def _open_problem() -> Exists:
    return select(Problem.id).where(Problem.order_id == Order.id, Problem.closed_at.is_(None)).exists()


def board_counts(cooperative_id: int) -> dict[str, int]:
    """How many orders wait under each tab; for the board and the manager's day."""
    rows = db.session.execute(
        select(Order.state, func.count()).where(Order.cooperative_id == cooperative_id).group_by(Order.state)
    )
    by_state = {state: int(number) for state, number in rows}
    counts = {tab: sum(by_state.get(state.value, 0) for state in states) for tab, states in TABS.items()}
    with_problem = select(func.count(func.distinct(Problem.order_id))).join(
        Order, Order.id == Problem.order_id
    )
    with_problem = with_problem.where(Order.cooperative_id == cooperative_id, Problem.closed_at.is_(None))
    counts["problems"] = int(db.session.execute(with_problem).scalar_one())
    return counts


def first_tab(counts: dict[str, int]) -> str:
    """The first tab with work in it; 'to_pack' when all is done."""
    busy = ("problems", "to_confirm", "to_pack", "to_ship")
    return next((tab for tab in busy if counts[tab]), "to_pack")


def _summaries(order_ids: Iterable[int]) -> dict[int, tuple[str, int]]:
    found: dict[int, list[tuple[str, int]]] = {}
    wanted = select(OrderLine.order_id, OrderLine.product_name, OrderLine.quantity).where(
        OrderLine.order_id.in_(list(order_ids))
    )
    for order_id, name, quantity in db.session.execute(wanted.order_by(OrderLine.id)):
        found.setdefault(order_id, []).append((name, quantity))
    return {
        order_id: (
            ", ".join(f"{quantity} × {name}" for name, quantity in items),
            sum(quantity for _name, quantity in items),
        )
        for order_id, items in found.items()
    }


def board(cooperative_id: int, tab: str | None = None, page: int = 1, code: str = "") -> Board:
    """The orders of a cooperative under a tab, oldest first (closed: newest first), 30 a page. Four statements.

    code: the beginning of an order code or part of a buyer's name or number, over all tabs.
    """
    counts = board_counts(cooperative_id)
    tab = tab if tab in counts else first_tab(counts)
    wanted = select(
        Order.id, Order.code, Order.state, Order.method, Purchase.door, due_of_order(), Purchase.buyer_name,
        Order.placed_at, Order.hold_until, _open_problem().label("problem"),
    ).join(Order.purchase).where(Order.cooperative_id == cooperative_id)  # fmt: skip
    if code:
        like = f"%{code.replace('%', '')}%"
        wanted = wanted.where(
            Order.code.ilike(like) | Purchase.buyer_phone.like(like) | Purchase.buyer_name.ilike(like)
        )
        number = int(db.session.execute(select(func.count()).select_from(wanted.subquery())).scalar_one())
    elif tab == "problems":
        wanted, number = wanted.where(_open_problem()), counts[tab]
    else:
        wanted, number = wanted.where(Order.state.in_([state.value for state in TABS[tab]])), counts[tab]
    page_count = max(1, -(-number // PAGE))
    page = min(max(1, page), page_count)
    newest_first = tab == "closed" or bool(code)
    wanted = (
        wanted.order_by(Order.id.desc() if newest_first else Order.id).limit(PAGE).offset((page - 1) * PAGE)
    )
    found = db.session.execute(wanted).all()
    about = _summaries(row.id for row in found)
    rows = tuple(BoardRow(row.id, row.code, row.state, paying_text(row.method, row.door), row.total_vnd,
                          row.buyer_name, row.placed_at, row.hold_until, *about.get(row.id, ("", 0)),
                          bool(row.problem)) for row in found)  # fmt: skip
    return Board(counts, tab, rows, page, page_count)


@dataclass(frozen=True)
class PickSlot:
    """One lot to take from: proposed by the reservation, or an empty one for another lot."""

    line_id: int
    number: int
    lot_code: str
    expires_on: date | None
    quantity: int

    @property
    def proposed(self) -> bool:
        """Whether the reservation names a lot here."""
        return bool(self.lot_code)

    @property
    def lot_field(self) -> str:
        """The form field of the lot's code."""
        return f"lot_{self.line_id}_{self.number}"

    @property
    def quantity_field(self) -> str:
        """The form field of the number of packs."""
        return f"quantity_{self.line_id}_{self.number}"


@dataclass(frozen=True)
class PickLine:
    """What to put into the parcel, and from which lots."""

    line_id: int
    pack_id: int
    name: str
    label: str
    quantity: int
    slots: tuple[PickSlot, ...]
    box: str = ""


def pick_list(order_id: int) -> list[PickLine]:
    """An order's lines with the lots to take, first expired first, each with a spare slot. Two statements."""
    wanted = (
        select(Allocation.order_line_id, Lot.code, Lot.expires_on, Allocation.quantity)
        .join(OrderLine, OrderLine.id == Allocation.order_line_id)
        .join(Lot, Lot.id == Allocation.lot_id)
        .where(OrderLine.order_id == order_id)
        .order_by(Allocation.id)
    )
    found: dict[int, list[PickSlot]] = {}
    for line_id, code, expires_on, quantity in db.session.execute(wanted):
        slots = found.setdefault(line_id, [])
        slots.append(PickSlot(line_id, len(slots), code, expires_on, quantity))
    return [
        PickLine(
            line.id,
            line.pack_id,
            line.product_name,
            line.pack_label,
            line.quantity,
            (*found.get(line.id, ()), PickSlot(line.id, len(found.get(line.id, ())), "", None, 0)),
            line.bundle_name,
        )
        for line in lines(order_id)
    ]


def lot_of_line(line_id: int, code: str) -> int | None:
    """The lot with this code of the product that a line sells."""
    wanted = (
        select(Lot.id)
        .join(Pack, Pack.product_id == Lot.product_id)
        .join(OrderLine, OrderLine.pack_id == Pack.id)
        .where(OrderLine.id == line_id, Lot.code == code)
    )
    return db.session.execute(wanted.distinct()).scalars().first()


def problem_for(problem_id: int, order_id: int) -> Problem:
    """A report of an order. Raises NotFound."""
    found = db.session.get(Problem, problem_id)
    if found is None or found.order_id != order_id:
        raise NotFound(N_("Không tìm thấy chuyện này."))
    return found
