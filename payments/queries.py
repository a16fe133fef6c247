"""Reads of payments that every step shares, and what the pay page shows."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import func, select

from cooperatives import queries as cooperatives
from cooperatives.models import BankAccount
from core.db import db
from core.errors import NotFound
from core.i18n import N_
from orders import queries as orders
from orders.models import Order
from payments.attempts.queries import received_over_rails
from payments.elsewhere.queries import taken_by
from payments.models import Payment, Refund, Transfer, TransferPart
from payments.providers import bank_apps, vietqr
from payments.rules import RefundSource, RefundState, State, TransferState


def no_such() -> NotFound:
    """The answer for what is not there, and for what is another cooperative's."""
    return NotFound(N_("Không tìm thấy khoản tiền này."), remedy=N_("Mở lại từ danh sách."))


def organisation_of(cooperative_id: int) -> int:
    """The organisation whose ledger a cooperative's money is in."""
    found = cooperatives.cooperative(cooperative_id).organisation_id
    if found is None:
        raise no_such()
    return found


def payment_of(order_id: int, *, lock: bool = False) -> Payment:
    """The payment of an order; `lock` keeps others from moving it until the transaction ends. Raises NotFound."""
    wanted = select(Payment).where(Payment.order_id == order_id)
    if lock:
        wanted = wanted.with_for_update().execution_options(populate_existing=True)
    found = db.session.execute(wanted).scalar_one_or_none()
    if found is None:
        raise no_such()
    return found


def received(order_id: int) -> int:
    """Đồng of an order's price that came by transfer: matched money, without what was too much."""
    return received_by([order_id])[order_id]


def received_by(order_ids: Collection[int]) -> dict[int, int]:
    """The same for several orders, {order id: đồng}, money over rails and elsewhere too. Four statements."""
    found = dict.fromkeys(order_ids, 0)
    matched = Transfer.state == TransferState.MATCHED
    shared = select(TransferPart.id).where(
        TransferPart.transfer_id == Transfer.id, TransferPart.amount_vnd > 0
    )
    whole = (
        select(Transfer.order_id, func.sum(Transfer.amount_vnd - Transfer.surplus_vnd))
        .where(Transfer.order_id.in_(found), matched, ~shared.exists())
        .group_by(Transfer.order_id)
    )
    parts = (
        select(TransferPart.order_id, func.sum(TransferPart.amount_vnd))
        .join(Transfer, Transfer.id == TransferPart.transfer_id)
        .where(TransferPart.order_id.in_(found), matched)
        .group_by(TransferPart.order_id)
    )
    for wanted in (whole, parts):
        for order_id, amount in db.session.execute(wanted):
            found[order_id] += int(amount)
    for more in (received_over_rails(found), taken_by(found)):
        for order_id, amount in more.items():
            found[order_id] += amount
    return found


def given_back(order_id: int, state: RefundState | None = None) -> int:
    """Đồng of an order's price that are owed back or went back (surplus not counted: it was never its price)."""
    wanted = select(func.coalesce(func.sum(Refund.amount_vnd), 0)).where(
        Refund.order_id == order_id, Refund.source.in_([RefundSource.PREPAYMENT, RefundSource.DELIVERED])
    )
    if state is not None:
        wanted = wanted.where(Refund.state == state)
    return int(db.session.execute(wanted).scalar_one())


@dataclass(frozen=True)
class PayView:
    """What a buyer sees to pay one order, or to see that it is paid.

    qr_matrix: rows of dark (True) and light modules without quiet zone, for `qr_svg` of components/ui.html; empty when
    nothing is to be transferred; apps: links that open a banking app with the same.
    amount_vnd: still missing. received_vnd: what came so far.
    hold_until: UTC, None without a hold.
    """

    method: str
    state: State
    total_vnd: int
    amount_vnd: int
    received_vnd: int
    refund_due_vnd: int
    content: str
    hold_until: datetime | None
    bank_bin: str = ""
    bank_name: str = ""
    account_number: str = ""
    holder: str = ""
    payload: str = ""
    qr_matrix: tuple[tuple[bool, ...], ...] = ()
    apps: tuple[bank_apps.AppLink, ...] = ()


def _with_account(view: PayView, account: BankAccount) -> PayView:
    """The same with the account to pay to, and the code where something is still to be paid."""
    view = replace(
        view, bank_bin=account.bank_bin, bank_name=account.bank_name, account_number=account.account_number,
        holder=account.holder,
    )  # fmt: skip
    if not view.amount_vnd:
        return view
    payload = vietqr.build(
        account.bank_bin, account.account_number, amount_vnd=view.amount_vnd, purpose=view.content
    )
    apps = bank_apps.links(view.bank_bin, view.account_number, view.holder, view.amount_vnd, view.content)
    return replace(view, payload=payload, qr_matrix=vietqr.matrix(payload), apps=apps)


def refund_due(order_id: int) -> int:
    """Đồng of an order that are owed back and have not gone yet, surplus included."""
    wanted = select(func.coalesce(func.sum(Refund.amount_vnd), 0)).where(
        Refund.order_id == order_id, Refund.state == RefundState.DUE
    )
    return int(db.session.execute(wanted).scalar_one())


def pay_view(order_id: int) -> PayView:
    """How to pay an order now. The account is the one of its check-out, even if the cooperative changed it since."""
    order, payment = orders.order(order_id), payment_of(order_id)
    came, state = received(order_id), State(payment.state)
    missing = max(payment.amount_vnd - came, 0) if state in (State.AWAITING, State.PARTLY) else 0
    account = db.session.get(BankAccount, payment.bank_account_id) if payment.bank_account_id else None
    view = PayView(
        payment.method,
        state,
        payment.amount_vnd,
        missing,
        came,
        refund_due(order_id),
        order.code,
        order.hold_until,
    )
    return view if account is None else _with_account(view, account)


def order_of_staff(order_id: int, organisation_id: int | None) -> Order:
    """An order of the actor's cooperative. Another's is answered like none."""
    return orders.order_for(order_id, organisation_id)
