"""What the holder of a tracking link may see of an order: frozen, made of plain values."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, select

from catalog import queries as catalog
from catalog.public import PictureView
from cooperatives import queries as cooperatives
from core import clock
from core.db import db
from core.i18n import N_, _
from orders import queries
from orders.models import Allocation, Order, OrderEvent, OrderLine
from orders.reviews.queries import of_order
from orders.reviews.rules import State as ReviewState
from orders.reviews.rules import may_review
from orders.rules import (
    CHANGEABLE,
    CLOSED,
    COLLECTED,
    STATE_TEXT,
    UNPAID,
    Event,
    Method,
    State,
    buyer_may_cancel,
    carrier_link,
    local_phone,
    mask_name,
    mask_phone,
    paying_text,
)  # fmt: skip
from orders.vouchers.queries import subsidy_of
from orders.weighed.queries import Weighing, of_lines
from places import queries as places
from traceability.models import Lot
from traceability.rules import LotKind


@dataclass(frozen=True)
class Step:
    """One knot of the thread. state: done, now, or next. name: what happened (an event's name)."""

    name: str
    title: str
    at: datetime | None
    state: str


@dataclass(frozen=True)
class LotView:
    """A lot in the parcel, with the number its scan page is found by."""

    code: str
    gtin: str
    quantity: int


@dataclass(frozen=True)
class LineView:
    """One line as agreed, and the lots it came from once packed."""

    line_id: int
    name: str
    label: str
    slug: str
    picture: PictureView | None
    quantity: int
    refunded_quantity: int
    unit_price_vnd: int
    total_vnd: int
    lots: tuple[LotView, ...]
    box: str = ""
    stars: int = 0
    promised_on: date | None = None
    weighing: Weighing | None = None

    @property
    def now_vnd(self) -> int:
        """What the line costs: as weighed, or as agreed."""
        seen = self.weighing
        return self.total_vnd if seen is None or seen.packed_vnd is None else seen.packed_vnd


@dataclass(frozen=True)
class Sibling:
    """Another order of the same purchase."""

    code: str
    token: str
    seller_name: str
    total_vnd: int
    state: str
    state_text: str
    to_pay: bool


@dataclass(frozen=True)
class ProblemView:
    """A report and its answer."""

    text: str
    reported_at: datetime
    answer: str | None


@dataclass(frozen=True)
class OrderPage:
    """An order as its buyer follows it. With `short` no name, street or number is in it: for phone plus code."""

    id: int
    code: str
    token: str
    state: str
    state_text: str
    method: str
    method_text: str
    seller_name: str
    seller_slug: str
    seller_registration: str
    seller_address: str
    seller_phone: str
    seller_phone_text: str
    seller_zalo: str
    goods_vnd: int
    discount_vnd: int
    subsidy_vnd: int
    shipping_vnd: int
    total_vnd: int
    weight_g: int
    days_min: int
    days_max: int
    expected_from: date | None
    expected_to: date | None
    placed_at: datetime
    hold_until: datetime | None
    carrier: str
    tracking_number: str
    carrier_link: str
    buyer_name: str
    buyer_phone: str
    address: str
    note: str
    steps: tuple[Step, ...]
    lines: tuple[LineView, ...]
    siblings: tuple[Sibling, ...]
    problems: tuple[ProblemView, ...]
    can_cancel: bool
    can_report: bool
    can_review: bool = False
    gift_note: str = ""
    payer: str = ""

    @property
    def pieces(self) -> int:
        """How many packs."""
        return sum(line.quantity for line in self.lines)

    @property
    def less_vnd(self) -> int:
        """What the buyer pays less than she agreed to, since the goods were weighed."""
        return sum(line.weighing.back_vnd for line in self.lines if line.weighing)

    @property
    def due_vnd(self) -> int:
        """What the order costs the buyer in the end."""
        return self.total_vnd - self.less_vnd

    @property
    def light(self) -> bool:
        """Whether something in it is lighter than was promised, so that it may be refused."""
        return any(line.weighing.light for line in self.lines if line.weighing)

    @property
    def to_weigh(self) -> bool:
        """Whether something of it is priced by the scale."""
        return any(line.weighing for line in self.lines)

    @property
    def awaiting(self) -> bool:
        """Whether money is still waited for."""
        return self.state in UNPAID

    @property
    def changeable(self) -> bool:
        """Whether the buyer may still pay another way."""
        return self.state in CHANGEABLE


SHOWN, HELD = ReviewState.SHOWN, ReviewState.HELD
STEP_TITLES = {
    "place": N_("Đã đặt"),
    Event.SWITCH: N_("Đổi cách trả tiền"),
    Event.ON_DELIVERY: N_("Đổi sang trả khi nhận"),
    Event.PAY: N_("Đã nhận tiền"),
    Event.CONFIRM: N_("Đã xác nhận"),
    Event.PACK: N_("Đã gói"),
    Event.SHIP: N_("Đang trên đường"),
    Event.DELIVER: N_("Tới tay bạn"),
    Event.REFUSE: N_("Không giao được, hàng quay về"),
    Event.CANCEL: N_("Đã huỷ"),
    Event.EXPIRE: N_("Hết giờ giữ hàng"),
    Event.REVIVE: N_("Được giữ hàng tiếp"),
    Event.UNPAY: N_("Lại chờ tiền"),
    Event.LOSE: N_("Bên giao làm mất hàng"),
    "report": N_("Bạn báo có chuyện"),
    "answer": N_("Hợp tác xã đã trả lời"),
}
WAY = {
    Method.VIETQR: (Event.PAY, Event.PACK, Event.SHIP, Event.DELIVER),
    Method.COD: (Event.CONFIRM, Event.PACK, Event.SHIP, Event.DELIVER),
} | dict.fromkeys(COLLECTED, (Event.PAY, Event.PACK, Event.SHIP, Event.DELIVER))
NEXT_TITLES = {
    Event.PAY: N_("Chờ bạn trả tiền"),
    Event.CONFIRM: N_("Hợp tác xã gọi xác nhận"),
    Event.PACK: N_("Gói hàng"),
    Event.SHIP: N_("Giao cho bưu tá"),
    Event.DELIVER: N_("Tới tay bạn"),
}


def steps(order: Order, events: list[OrderEvent]) -> tuple[Step, ...]:
    """What happened, the last of it drawn as now, and what is still to come while the order is open."""
    done = [
        Step(event.event, _(STEP_TITLES[event.event]), event.at, "done")
        for event in events
        if event.event in STEP_TITLES
    ]
    if State(order.state) in CLOSED:
        return tuple(done)
    happened = {event.event for event in events}
    coming = [event for event in WAY[Method(order.method)] if event not in happened]
    last = done[-1]
    done[-1] = Step(last.name, last.title, last.at, "now")
    return (*done, *(Step(event, _(NEXT_TITLES[event]), None, "next") for event in coming))


def _lots(order_id: int, gtins: dict[int, str]) -> dict[int, list[LotView]]:
    wanted = (
        select(Allocation.order_line_id, OrderLine.pack_id, Lot.code, Allocation.quantity)
        .join(OrderLine, OrderLine.id == Allocation.order_line_id)
        .join(Lot, Lot.id == Allocation.lot_id)
        .where(OrderLine.order_id == order_id, Allocation.packed)
        .order_by(Allocation.id)
    )
    found: dict[int, list[LotView]] = {}
    for line_id, pack_id, code, quantity in db.session.execute(wanted):
        found.setdefault(line_id, []).append(LotView(code, gtins.get(pack_id, ""), quantity))
    return found


def _promised(order_id: int) -> dict[int, date]:
    """By line that waits for a planned lot: the day by which it is promised to be made and sent."""
    wanted = (
        select(Allocation.order_line_id, func.max(Lot.made_on))
        .join(OrderLine, OrderLine.id == Allocation.order_line_id).join(Lot, Lot.id == Allocation.lot_id)
        .where(OrderLine.order_id == order_id, ~Allocation.packed, Lot.kind == LotKind.PLANNED)
        .group_by(Allocation.order_line_id)
    )  # fmt: skip
    return {row[0]: row[1] for row in db.session.execute(wanted)}


def _lines(order_id: int, promised: dict[int, date]) -> tuple[LineView, ...]:
    rows = queries.lines(order_id)
    facts = catalog.pack_facts([row.pack_id for row in rows])
    said = {line_id: one.stars for line_id, one in of_order(order_id).items() if one.state in (SHOWN, HELD)}
    lots = _lots(order_id, {pack_id: fact.gtin for pack_id, fact in facts.items()})
    weighed = of_lines(row.id for row in rows)
    return tuple(
        LineView(
            row.id, row.product_name, row.pack_label, facts[row.pack_id].slug, facts[row.pack_id].picture, row.quantity,
            row.refunded_quantity, row.unit_price_vnd, row.total_vnd, tuple(lots.get(row.id, ())), row.bundle_name,
            said.get(row.id, 0), promised.get(row.id), weighed.get(row.id),
        )
        for row in rows
    )  # fmt: skip


def _siblings(order: Order) -> tuple[Sibling, ...]:
    return tuple(
        Sibling(
            one.code, one.token, one.seller_name, one.total_vnd, one.state, _(STATE_TEXT[State(one.state)]),
            one.state in UNPAID,
        )
        for one in queries.orders_of(order.purchase_id)
        if one.id != order.id
    )  # fmt: skip


def _problems(order_id: int) -> tuple[ProblemView, ...]:
    return tuple(ProblemView(one.text, one.reported_at, one.answer) for one in queries.problems(order_id))


def _expected(order: Order, promised: dict[int, date]) -> tuple[date | None, date | None]:
    """The days between which the parcel should come, counted from shipping, payment, confirmation or placing; where
    goods are only promised, not before the last of them is made."""
    if State(order.state) in CLOSED:
        return None, None
    start = clock.day_of(order.shipped_at or order.paid_at or order.confirmed_at or order.placed_at)
    if order.shipped_at is None:
        start = max([start, *promised.values()])
    return start + timedelta(order.days_min), start + timedelta(order.days_max)


def _payer(order: Order) -> str:
    """The programme that pays a part, by name."""
    found = subsidy_of(order.id) if order.subsidy_vnd else None
    return found.name if found else ""


def order_page(order: Order, *, short: bool = False) -> OrderPage:
    """An order for its buyer. short: without link, name, number, street, note and siblings."""
    seller, purchase = cooperatives.cooperative(order.cooperative_id), order.purchase
    place = places.place_name(purchase.commune_id).full
    promised = _promised(order.id)
    first, last = _expected(order, promised)
    return OrderPage(
        id=order.id, code=order.code, token="" if short else order.token, state=order.state,
        state_text=_(STATE_TEXT[State(order.state)]), method=order.method,
        method_text=_(paying_text(order.method, purchase.door)),
        seller_name=order.seller_name, seller_slug=seller.slug, seller_registration=order.seller_registration,
        seller_address=order.seller_address, seller_phone=seller.phone, seller_phone_text=local_phone(seller.phone),
        seller_zalo=seller.zalo, goods_vnd=order.goods_vnd, discount_vnd=order.discount_vnd,
        subsidy_vnd=order.subsidy_vnd, shipping_vnd=order.shipping_vnd, total_vnd=order.total_vnd,
        weight_g=order.weight_g, days_min=order.days_min,
        days_max=order.days_max, expected_from=first, expected_to=last, placed_at=order.placed_at,
        hold_until=order.hold_over, carrier=order.carrier, tracking_number=order.tracking_number,
        carrier_link=carrier_link(order.carrier, order.tracking_number),
        buyer_name=mask_name(purchase.buyer_name) if short else purchase.buyer_name,
        buyer_phone=mask_phone(purchase.buyer_phone) if short else local_phone(purchase.buyer_phone),
        address=place if short else f"{purchase.address_line}, {place}", note="" if short else purchase.note,
        steps=steps(order, queries.events(order.id)), lines=_lines(order.id, promised),
        siblings=() if short else _siblings(order), problems=() if short else _problems(order.id),
        can_cancel=not short and buyer_may_cancel(order.state), can_report=not short and queries.may_report(order),
        can_review=not short and may_review(order.delivered_at, clock.now()),
        gift_note="" if short else purchase.gift_note, payer=_payer(order),
    )  # fmt: skip
