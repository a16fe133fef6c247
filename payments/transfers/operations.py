"""Verbs over money that came. Each transfer is booked once, whatever arrives twice, late, shuffled or in parallel."""

from datetime import datetime

from sqlalchemy import select

from accounts.operations import audit
from accounts.rules import Actor, Role
from cooperatives.models import BankAccount
from core import clock
from core.clock import day_of
from core.db import db
from core.errors import Conflict, Invalid
from core.format import vnd
from core.i18n import N_
from core.money import check_price
from core.once import done_before, remember
from orders import operations as orders
from orders import queries as order_queries
from orders.models import Order
from orders.notices.operations import tell
from orders.rules import CLOSED, is_code
from orders.rules import Event as OrderEvent
from orders.rules import State as OrderState
from payments import rules
from payments.models import Payment, Refund, Transfer
from payments.providers.sepay import PROVIDER, Notice
from payments.queries import no_such, organisation_of, payment_of, received
from payments.rules import Event, Judgement, Outcome, RefundSource, RefundState, State, TransferState
from payments.transfers import queries
from revenue.ledger.operations import post
from revenue.rules import AccountKind, Line
from revenue.subsidies.operations import hold

MANUAL = "manual"
SHORT = N_(
    "Chợ Phiên: đơn %(code)s đã nhận %(came)s, còn thiếu %(missing)s. Chuyển tiếp với nội dung %(code)s: %(link)s/pay"
)
BANK = (AccountKind.BANK, "")


def receive_transfer(account_id: int, notice: Notice) -> Transfer | None:
    """Book a transfer that a provider told of; the caller has proved who the sender is.

    The same notice again changes nothing and gives the first row. None for money that left the account. Raises
    Invalid when the notice speaks of another account.
    """
    if not notice.incoming:
        return None
    account = _lock(account_id)
    if account.account_number not in (notice.account_number, notice.sub_account):
        raise Invalid(N_("Tin báo tiền nói về tài khoản khác."), field="accountNumber")
    actor = Actor(None, Role.SYSTEM, organisation_of(account.cooperative_id))
    return _book(
        actor,
        account,
        (PROVIDER, notice.provider_id),
        notice.amount_vnd,
        notice.content,
        notice.reference,
        notice.at,
    )


def enter_transfer(
    actor: Actor, key: str, account_id: int, amount_vnd: int, content: str, at: datetime, reference: str = ""
) -> Transfer:
    """Book a transfer that a manager or treasurer reads in the bank's book. `key`: the form's; `at`: when booked.

    Raises Invalid for an amount or a time that cannot be, Conflict when the key came with other figures.
    """
    actor.must_be(Role.MANAGER, Role.TREASURER)
    account = _lock(account_id)
    if organisation_of(account.cooperative_id) != actor.organisation_id:
        raise no_such()
    check_price(amount_vnd, field="amount_vnd")
    if at > clock.now():
        raise Invalid(
            N_("Giờ tiền vào chưa tới."), remedy=N_("Xem lại ngày giờ trong sổ ngân hàng."), field="at"
        )
    body = [account_id, amount_vnd, content, at.isoformat(), reference]
    if found := done_before("enter_transfer", key, body):
        return db.session.get_one(Transfer, int(found))
    made = _book(actor, account, (MANUAL, key), amount_vnd, content, reference, at)
    remember("enter_transfer", key, body, str(made.id))
    return made


def _lock(account_id: int) -> BankAccount:
    """One transfer of an account is booked at a time, so that the same news twice at once is one row."""
    found = db.session.execute(
        select(BankAccount).where(BankAccount.id == account_id).with_for_update()
    ).scalar_one_or_none()
    if found is None:
        raise no_such()
    return found


def _book(
    actor: Actor,
    account: BankAccount,
    source: tuple[str, str],
    amount_vnd: int,
    content: str,
    reference: str,
    at: datetime,
) -> Transfer:
    known = queries.same_money(account.id, source, amount_vnd, reference)
    if known is not None:
        return known
    made = Transfer(
        cooperative_id=account.cooperative_id, bank_account_id=account.id, provider=source[0], provider_id=source[1],
        amount_vnd=amount_vnd, content=content, reference=reference, at=at, received_at=clock.now(),
        outcome=Outcome.UNKNOWN, state=TransferState.SUSPENSE, surplus_vnd=0,
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    order = order_in(content, account.cooperative_id)
    judged = _judge(actor, order, amount_vnd) if order else Judgement(Outcome.UNKNOWN, 0)
    made.outcome, made.order_id = judged.outcome, order.id if order else None
    if order is not None and judged.to_order_vnd:
        _take(actor, made, order, judged, BANK, "in")
    else:
        lines = rules.post_to_suspense(made.id, amount_vnd)
        _post(made, "in", lines)
    audit(actor, "receive_transfer", f"transfer:{made.id}", ("amount_vnd", "content", "outcome"))
    return made


def order_in(content: str, cooperative_id: int) -> Order | None:
    """The one order of the cooperative whose code stands in a transfer's content; None when none or several do."""
    codes = rules.codes_in(content, is_code)
    found = [
        order
        for code in codes
        if (order := order_queries.order_by_code(code)) and order.cooperative_id == cooperative_id
    ]
    return found[0] if len(found) == 1 else None


def _judge(actor: Actor, order: Order, amount_vnd: int) -> Judgement:
    """What the money is for the order. Late money revives an expired order whose goods can be held again."""
    payment, came = payment_of(order.id, lock=True), received(order.id)
    db.session.refresh(order)
    lapsed = order.state in CLOSED and order.state != OrderState.DELIVERED
    judged = rules.judge(
        amount_vnd, total_vnd=payment.amount_vnd, received_vnd=came, state=State(payment.state), lapsed=lapsed
    )
    pays_all = payment.state == State.VOID and amount_vnd >= payment.amount_vnd
    if judged.outcome is Outcome.LATE and pays_all and _revived(actor, order):
        return Judgement(Outcome.LATE, payment.amount_vnd, amount_vnd - payment.amount_vnd)
    return judged


def _revived(actor: Actor, order: Order) -> bool:
    """Whether the goods of an expired order could be held again, and its subsidy if it had one."""
    try:
        with db.session.begin_nested():
            orders.revive(order, actor)
            if order.subsidy_vnd:
                hold(order.id, order.subsidy_vnd)
    except Conflict:
        return False
    return True


def _post(transfer: Transfer, step: str, lines: list[Line]) -> None:
    organisation_id = organisation_of(transfer.cooperative_id)
    on = day_of(transfer.at) if step == "in" else clock.today()
    post(
        organisation_id,
        rules.KIND[step],
        f"transfer:{transfer.id}:{step}",
        lines,
        on,
        order_id=transfer.order_id,
    )


def _take(
    actor: Actor,
    transfer: Transfer,
    order: Order,
    judged: Judgement,
    source: tuple[AccountKind, str],
    step: str,
) -> None:
    """The order takes the money: ledger, payment, order, and word to the buyer."""
    payment = payment_of(order.id, lock=True)
    transfer.state, transfer.order_id, transfer.surplus_vnd = (
        TransferState.MATCHED,
        order.id,
        judged.surplus_vnd,
    )
    _post(transfer, step, rules.post_to_order(source, order.id, judged))
    db.session.flush()
    if judged.surplus_vnd:
        _owe_surplus(transfer, order)
    if received(order.id) < payment.amount_vnd:
        payment.happen(Event.PART)
        _tell_missing(order, payment, transfer)
        return
    payment.happen(Event.FULL)
    orders.advance(order, OrderEvent.PAY, actor)


def _owe_surplus(transfer: Transfer, order: Order) -> None:
    db.session.add(Refund(
        key=f"surplus:{transfer.id}", cooperative_id=order.cooperative_id, order_id=order.id, transfer_id=transfer.id,
        source=RefundSource.SURPLUS, state=RefundState.DUE, amount_vnd=transfer.surplus_vnd,
        goods_vnd=0, shipping_vnd=0, reason=N_("Chuyển thừa"), goods_back=False, created_at=clock.now(),
    ))  # fmt: skip


def _tell_missing(order: Order, payment: Payment, transfer: Transfer) -> None:
    came = received(order.id)
    tell(
        order, SHORT, f"transfer:{transfer.id}:short", came=vnd(came), missing=vnd(payment.amount_vnd - came)
    )  # fmt: skip


def match_transfer(actor: Actor, transfer_id: int, code: str, reason: str) -> Transfer:
    """Give money in suspense to an order that still lacks some. `reason`: how the person knows.

    Raises Invalid for a code that is no order of this cooperative, Conflict when the order takes no more.
    """
    actor.must_be(Role.MANAGER, Role.TREASURER)
    found = _in_suspense(actor, transfer_id, "match")
    order = order_in(code, found.cooperative_id)
    if order is None:
        raise Invalid(
            N_("Không có đơn nào mang mã này."),
            remedy=N_("Xem lại 8 chữ của mã, bắt đầu bằng CP."),
            field="code",
        )
    judged = _judge(actor, order, found.amount_vnd)
    if not judged.to_order_vnd:
        raise Conflict(N_("Đơn %(code)s không nhận thêm tiền được."), code=order.code,
                       remedy=N_("Đơn đã đủ tiền, đã huỷ, hoặc hàng không còn. Trả khoản này về."))  # fmt: skip
    found.settled_at, found.reason = clock.now(), reason
    _take(actor, found, order, judged, (AccountKind.SUSPENSE, rules.transfer(found.id)), "matched")
    audit(actor, "match_transfer", f"transfer:{found.id}", ("state", "order_id", "reason"))
    return found


def return_transfer(actor: Actor, transfer_id: int, reason: str) -> Refund:
    """Decide that money in suspense goes back to its sender: it is owed from now on, and sent like any refund."""
    actor.must_be(Role.MANAGER, Role.TREASURER)
    found = _in_suspense(actor, transfer_id, "return")
    found.state, found.settled_at, found.reason = TransferState.RETURNED, clock.now(), reason
    _post(found, "returned", rules.post_return(found.id, found.amount_vnd))
    owed = Refund(
        key=f"return:{found.id}", cooperative_id=found.cooperative_id, order_id=None, transfer_id=found.id,
        source=RefundSource.SUSPENSE, state=RefundState.DUE, amount_vnd=found.amount_vnd, goods_vnd=0, shipping_vnd=0,
        reason=reason, goods_back=False, created_at=clock.now(),
    )  # fmt: skip
    db.session.add(owed)
    db.session.flush()
    audit(actor, "return_transfer", f"transfer:{found.id}", ("state", "reason"))
    return owed


def _in_suspense(actor: Actor, transfer_id: int, step: str) -> Transfer:
    found = queries.transfer_for(transfer_id, actor.organisation_id, lock=True)
    if (TransferState(found.state), step) not in rules.TRANSFER_TRANSITIONS:
        raise Conflict(N_("Khoản tiền này đã được xử lý."), remedy=N_("Tải lại trang để thấy kết quả."))
    return found
