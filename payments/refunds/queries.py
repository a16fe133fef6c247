"""Reads of refunds: what can be given back, what is due, and to which account."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case, func, select

from cooperatives import queries as cooperatives
from core.crypto import decrypt
from core.db import db
from core.errors import Conflict, Invalid
from core.format import vnd
from core.i18n import N_
from orders import queries as orders
from orders.models import Order, Purchase
from orders.rules import Method
from orders.rules import State as OrderState
from orders.weighed.queries import lessened
from payments.models import Refund
from payments.providers import vietqr
from payments.queries import no_such
from payments.rules import LineLeft, RefundSource, RefundState, check_quantities, transfer
from revenue.rules import order as order_subject
from revenue.split.rules import line_parts

PAGE = 30
REFUNDABLE = frozenset({OrderState.PACKED, OrderState.SHIPPED, OrderState.DELIVERED})


@dataclass(frozen=True)
class QuoteLine:
    """One line to be given back."""

    line_id: int
    quantity: int
    amount_vnd: int
    subsidised_vnd: int = 0


@dataclass(frozen=True)
class Quote:
    """What a refund would give back, đồng: to the buyer, and (subsidised) to the programme that paid a part."""

    lines: tuple[QuoteLine, ...]
    goods_vnd: int
    shipping_vnd: int

    @property
    def total_vnd(self) -> int:
        """Goods and delivery."""
        return self.goods_vnd + self.shipping_vnd

    @property
    def amounts(self) -> dict[int, int]:
        """Line id → đồng."""
        return {line.line_id: line.amount_vnd for line in self.lines}

    @property
    def subsidised(self) -> dict[int, int]:
        """Line id → đồng that a programme gets back."""
        return {line.line_id: line.subsidised_vnd for line in self.lines}


@dataclass(frozen=True)
class Choice:
    """One line as the refund form offers it: `left` pieces of `unit_vnd` each."""

    line_id: int
    name: str
    label: str
    left: int
    quantity: int
    left_vnd: int


def can_refund(order: Order) -> bool:
    """Whether pieces of the order can be given back now: packed and paid, or delivered."""
    if OrderState(order.state) not in REFUNDABLE:
        return False
    return order.state == OrderState.DELIVERED or order.method != Method.COD


def lines_left(order: Order, *, subsidised: bool = False) -> dict[int, LineLeft]:
    """Each line as far as it can still be given back to the buyer: discount and subsidy are divided over the lines.

    subsidised: the same of what a programme paid.
    """
    rows = orders.lines(order.id)
    parts = line_parts({row.id: row.total_vnd for row in rows}, order.discount_vnd, order.subsidy_vnd)
    less = lessened(order.id)  # of goods weighed at packing: owed back already, or never collected
    return {
        row.id: LineLeft(
            row.id,
            row.quantity,
            row.refunded_quantity,
            parts[row.id][subsidised] - less.get(row.id, (0, 0))[subsidised],
        )
        for row in rows
    }


def choices(order: Order) -> list[Choice]:
    """The lines of the refund form."""
    left = lines_left(order)
    return [
        Choice(row.id, row.product_name, row.pack_label, row.quantity - row.refunded_quantity, row.quantity,
               left[row.id].total_vnd - left[row.id].total_vnd * row.refunded_quantity // row.quantity)
        for row in orders.lines(order.id)
    ]  # fmt: skip


def shipping_left(order: Order) -> int:
    """Đồng of the delivery that were not given back yet."""
    given = select(func.coalesce(func.sum(Refund.shipping_vnd), 0)).where(Refund.order_id == order.id)
    return order.shipping_vnd - int(db.session.execute(given).scalar_one())


def quote(order: Order, quantities: Mapping[int, int], shipping_vnd: int) -> Quote:
    """What giving these pieces back comes to. Raises Conflict (more than is left) or Invalid (nothing)."""
    if not can_refund(order):
        raise Conflict(
            N_("Đơn %(code)s chưa hoàn tiền theo món được."), code=order.code,
            remedy=N_("Chưa gửi thì huỷ cả đơn. Đơn thu tiền khi nhận thì chờ giao xong."),
        )  # fmt: skip
    wanted = {line_id: quantity for line_id, quantity in quantities.items() if quantity}
    amounts = check_quantities(lines_left(order), wanted)
    theirs = check_quantities(lines_left(order, subsidised=True), wanted) if order.subsidy_vnd else {}
    left = shipping_left(order)
    if not 0 <= shipping_vnd <= left:
        raise Invalid(
            N_("Phí đưa hàng chỉ còn %(left)s để hoàn."),
            remedy=N_("Sửa số tiền."),
            field="shipping_vnd",
            left=vnd(left),
        )
    if not amounts and not shipping_vnd:
        raise Invalid(N_("Chưa chọn món nào để hoàn."), remedy=N_("Ghi số gói ở ít nhất một dòng."))
    lines = tuple(
        QuoteLine(line_id, quantity, amounts[line_id], theirs.get(line_id, 0))
        for line_id, quantity in sorted(wanted.items())
    )
    return Quote(lines, sum(amounts.values()), shipping_vnd)


def refund_for(refund_id: int, organisation_id: int | None, *, lock: bool = False) -> Refund:
    """A refund of the cooperative that an organisation is. Another's is answered like none: NotFound."""
    wanted = select(Refund).where(Refund.id == refund_id)
    if lock:
        wanted = wanted.with_for_update().execution_options(populate_existing=True)
    found = db.session.execute(wanted).scalar_one_or_none()
    if found is None or cooperatives.cooperative(found.cooperative_id).organisation_id != organisation_id:
        raise no_such()
    return found


def subject_of(refund: Refund) -> str:
    """The subject of `refund_due` that a refund clears."""
    if refund.source == RefundSource.SUSPENSE:
        return transfer(refund.transfer_id or 0)
    return order_subject(refund.order_id or 0)


def by_form(key: str) -> Refund | None:
    """The refund that a form's key made, if it made one."""
    return db.session.execute(select(Refund).where(Refund.key == f"form:{key}")).scalar_one_or_none()


@dataclass(frozen=True)
class Payee:
    """The buyer's account that a refund goes to, and the code that pays it."""

    bank_bin: str
    account_number: str
    holder: str
    payload: str
    qr_matrix: tuple[tuple[bool, ...], ...]


def payee_of(refund: Refund, order_code: str | None) -> Payee | None:
    """Where a refund goes; None while nobody has said."""
    if refund.payee is None:
        return None
    text = decrypt(refund.payee, field="refund.payee", owner=f"refund:{refund.id}")
    bank_bin, account_number, holder = json.loads(text)
    purpose = f"Hoan tien {order_code or refund.id}"
    payload = vietqr.build(bank_bin, account_number, amount_vnd=refund.amount_vnd, purpose=purpose)
    return Payee(bank_bin, account_number, holder, payload, vietqr.matrix(payload))


@dataclass(frozen=True)
class RefundRow:
    """One line of the list."""

    id: int
    amount_vnd: int
    source: str
    state: str
    reason: str
    created_at: datetime
    sent_at: datetime | None
    sent_how: str | None
    order_id: int | None
    order_code: str | None
    buyer_name: str | None


@dataclass(frozen=True)
class RefundList:
    """A page of refunds. `due`, `due_vnd`: how many have not gone, and how much."""

    rows: tuple[RefundRow, ...]
    page: int
    page_count: int
    due: int
    due_vnd: int


def refunds(cooperative_id: int, page: int = 1) -> RefundList:
    """A cooperative's refunds: those due first, oldest on top; then those sent, newest first. Three statements."""
    mine = Refund.cooperative_id == cooperative_id
    due = db.session.execute(
        select(func.count(), func.coalesce(func.sum(Refund.amount_vnd), 0)).where(
            mine, Refund.state == RefundState.DUE
        )
    ).one()
    count = int(db.session.execute(select(func.count()).select_from(Refund).where(mine)).scalar_one())
    page_count = max(1, -(-count // PAGE))
    page = min(max(1, page), page_count)
    waits = case((Refund.state == RefundState.DUE, Refund.id), else_=None)
    rows = db.session.execute(
        select(Refund.id, Refund.amount_vnd, Refund.source, Refund.state, Refund.reason, Refund.created_at,
               Refund.sent_at, Refund.sent_how, Refund.order_id, Order.code, Purchase.buyer_name)
        .outerjoin(Order, Order.id == Refund.order_id).outerjoin(Purchase, Purchase.id == Order.purchase_id).where(mine)
        .order_by(waits.is_(None), waits, Refund.sent_at.desc(), Refund.id.desc()).limit(PAGE).offset((page - 1) * PAGE)
    )  # fmt: skip
    return RefundList(tuple(RefundRow(*row) for row in rows), page, page_count, due[0], int(due[1]))
