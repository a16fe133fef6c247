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
from core.i18n import N_, _
from core.money import check_price
from core.once import done_before, remember
from orders import operations as orders
from orders import queries as order_queries
from orders.models import Order
from orders.notices.operations import tell
from orders.rules import Event as OrderEvent
from orders.rules import State as OrderState
from orders.rules import is_code
from payments import rules
from payments.late.operations import judge
from payments.models import Payment, Refund, Transfer, TransferPart, TransferSighting
from payments.providers.notices import Notice
from payments.queries import no_such, organisation_of, payment_of, received
from payments.remittances.operations import claim
from payments.rules import Event, Judgement, Outcome, RefundSource, RefundState, State, TransferState
from payments.transfers import queries
from payments.transfers.rules import MANUAL, REASON_TEXT, News
from revenue.ledger.operations import post
from revenue.rules import AccountKind, Line

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
    account = lock_account(account_id)
    if account.account_number not in (notice.account_number, notice.sub_account):
        raise Invalid(N_("Tin báo tiền nói về tài khoản khác."), field="accountNumber")
    actor = Actor(None, Role.SYSTEM, organisation_of(account.cooperative_id))
    return book(actor, account, News(
        notice.provider, notice.provider_id, notice.amount_vnd, notice.content, notice.reference, notice.at
    ))  # fmt: skip


def enter_transfer(
    actor: Actor, key: str, account_id: int, amount_vnd: int, content: str, at: datetime, reference: str = ""
) -> Transfer:
    """Book a transfer that a manager or treasurer reads in the bank's book. `key`: the form's; `at`: when booked.

    Raises Invalid for an amount or a time that cannot be, Conflict when the key came with other figures.
    """
    actor.must_be(Role.MANAGER, Role.TREASURER)
    account = lock_account(account_id)
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
    made = book(actor, account, News(MANUAL, key, amount_vnd, content, reference, at, settles=False))
    remember("enter_transfer", key, body, str(made.id))
    return made


def lock_account(account_id: int) -> BankAccount:
    """One transfer of an account is booked at a time, so that the same news twice at once is one row."""
    found = db.session.execute(
        select(BankAccount).where(BankAccount.id == account_id).with_for_update()
    ).scalar_one_or_none()
    if found is None:
        raise no_such()
    return found


def book(actor: Actor, account: BankAccount, news: News) -> Transfer:
    """Book money that came to an account, once however many doors tell of it. The caller holds the account's lock."""
    known = queries.same_money(account.id, news)
    if known is not None:
        _note_sighting(known, news)
        return known
    made = Transfer(
        cooperative_id=account.cooperative_id, bank_account_id=account.id, provider=news.provider,
        provider_id=news.provider_id, amount_vnd=news.amount_vnd, content=news.content, reference=news.reference,
        at=news.at, received_at=clock.now(), outcome=Outcome.UNKNOWN, state=TransferState.SUSPENSE, surplus_vnd=0,
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    _place(actor, made, orders_in(news.content, account.cooperative_id))
    audit(actor, "receive_transfer", f"transfer:{made.id}", ("amount_vnd", "content", "outcome"))
    return made


def _note_sighting(known: Transfer, news: News) -> None:
    """Another door told of it, for the first time: the next telling through that door is of other money."""
    if known.provider == news.provider or queries.was_seen(known.id, news.provider):
        return
    db.session.add(TransferSighting(
        transfer_id=known.id, bank_account_id=known.bank_account_id, provider=news.provider,
        provider_id=news.provider_id, at=clock.now(),
    ))  # fmt: skip
    db.session.flush()


def orders_in(content: str, cooperative_id: int) -> list[Order]:
    """The orders of the cooperative whose codes stand in a transfer's content."""
    codes = rules.codes_in(content, is_code)
    found = [order_queries.order_by_code(code) for code in codes]
    return [order for order in found if order and order.cooperative_id == cooperative_id]


def _place(actor: Actor, made: Transfer, named: list[Order]) -> None:
    """Give new money to the orders it names, or hold it in suspense with their names beside it."""
    if len(named) == 1:
        order = named[0]
        judged = judge(actor, order.id, payment_of(order.id, lock=True), made.amount_vnd)
        made.outcome, made.order_id = judged.outcome, order.id
        if judged.to_order_vnd:
            _take(actor, made, order, judged, BANK, "in")
            return
    elif named:
        db.session.add_all(
            TransferPart(transfer_id=made.id, order_id=order.id, amount_vnd=0) for order in named
        )
        db.session.flush()
        if amounts := _exact_parts(named, made.amount_vnd):
            made.outcome = Outcome.EXACT
            _take_several(actor, made, amounts, BANK, "in")
            return
    if not named and claim(actor, made):
        return
    _post(made, "in", rules.post_to_suspense(made.id, made.amount_vnd), order_id=made.order_id)


def _exact_parts(named: list[Order], amount_vnd: int) -> dict[int, int]:
    """What each of several orders lacks, {order id: đồng}, where that is the transfer to the đồng; else empty."""
    missing = {}
    for order in sorted(named, key=lambda one: one.id):  # one order of locks, whoever names them first
        payment = payment_of(order.id, lock=True)
        db.session.refresh(order)
        if order.state != OrderState.AWAITING_PAYMENT or payment.state not in (State.AWAITING, State.PARTLY):
            return {}
        missing[order.id] = payment.amount_vnd - received(order.id)
    return missing if sum(missing.values()) == amount_vnd else {}


def _take_several(
    actor: Actor, transfer: Transfer, amounts: dict[int, int], source: tuple[AccountKind, str], step: str
) -> None:
    """Several orders take their exact parts of one transfer."""
    transfer.state, transfer.order_id = TransferState.MATCHED, next(iter(amounts))
    parts = {part.order_id: part for part in queries.parts_of(transfer.id)}
    for order_id, part_vnd in amounts.items():
        if order_id not in parts:
            parts[order_id] = TransferPart(transfer_id=transfer.id, order_id=order_id)
            db.session.add(parts[order_id])
        parts[order_id].amount_vnd = part_vnd
    _post(transfer, step, rules.post_to_orders(source, amounts), order_id=None)
    db.session.flush()
    for order_id in amounts:
        payment_of(order_id).happen(Event.FULL)
        orders.advance(order_queries.order(order_id), OrderEvent.PAY, actor)


def _post(transfer: Transfer, step: str, lines: list[Line], *, order_id: int | None = None) -> None:
    """Post a step of a transfer. After an undo the same step is another event, so its key carries the count."""
    organisation_id = organisation_of(transfer.cooperative_id)
    on = day_of(transfer.at) if step == "in" else clock.today()
    again = f":{transfer.undo_count + 1}" if transfer.undo_count else ""
    key = f"transfer:{transfer.id}:{step}{again}"
    post(organisation_id, rules.KIND[step], key, lines, on, order_id=order_id)


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
    _post(transfer, step, rules.post_to_order(source, order.id, judged), order_id=order.id)
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


def take_suggestion(actor: Actor, transfer_id: int, order_id: int) -> Transfer:
    """Give money in suspense to an order that was suggested, in one tap: the reason shown is the reason written.

    Raises Conflict where the order is no longer among the suggestions.
    """
    found = queries.transfer_for(transfer_id, actor.organisation_id)
    offered = queries.suggestions([found], found.cooperative_id)[found.id]
    chosen = next((one for one in offered if one.order.order_id == order_id), None)
    if chosen is None:
        raise Conflict(N_("Gợi ý này không còn đúng."), remedy=N_("Xem lại các gợi ý bây giờ."))
    reason = ", ".join(_(REASON_TEXT[one]) for one in chosen.reasons)
    return match_transfer(actor, transfer_id, chosen.order.code, reason)


def match_transfer(actor: Actor, transfer_id: int, code: str, reason: str) -> Transfer:
    """Give money in suspense to an order that still lacks some, or to several whose sum it is. `reason`: how the
    person knows.

    Raises Invalid for a code that is no order of this cooperative, Conflict when the order takes no more.
    """
    actor.must_be(Role.MANAGER, Role.TREASURER)
    found = _in_state(actor, transfer_id, "match")
    named = orders_in(code, found.cooperative_id)
    found.settled_at, found.reason = clock.now(), reason
    if len(named) > 1:
        _match_several(actor, found, named)
    else:
        _match_one(actor, found, named)
    audit(actor, "match_transfer", f"transfer:{found.id}", ("state", "order_id", "reason"))
    return found


def _match_several(actor: Actor, found: Transfer, named: list[Order]) -> None:
    amounts = _exact_parts(named, found.amount_vnd)
    if not amounts:
        raise Conflict(
            N_("Số tiền không vừa đúng các đơn này cộng lại."),
            remedy=N_("Ghi một mã đơn, hoặc trả khoản này về."),
        )
    _take_several(actor, found, amounts, (AccountKind.SUSPENSE, rules.transfer(found.id)), "matched")


def _match_one(actor: Actor, found: Transfer, named: list[Order]) -> None:
    if not named:
        raise Invalid(
            N_("Không có đơn nào mang mã này."),
            remedy=N_("Xem lại 8 chữ của mã, bắt đầu bằng CP."),
            field="code",
        )
    order = named[0]
    judged = judge(actor, order.id, payment_of(order.id, lock=True), found.amount_vnd)
    if not judged.to_order_vnd:
        raise Conflict(N_("Đơn %(code)s không nhận thêm tiền được."), code=order.code,
                       remedy=N_("Đơn đã đủ tiền, đã huỷ, hoặc hàng không còn. Trả khoản này về."))  # fmt: skip
    _take(actor, found, order, judged, (AccountKind.SUSPENSE, rules.transfer(found.id)), "matched")


def return_transfer(actor: Actor, transfer_id: int, reason: str) -> Refund:
    """Decide that money in suspense goes back to its sender: it is owed from now on, and sent like any refund."""
    actor.must_be(Role.MANAGER, Role.TREASURER)
    found = _in_state(actor, transfer_id, "return")
    found.state, found.settled_at, found.reason = TransferState.RETURNED, clock.now(), reason
    _post(found, "returned", rules.post_return(found.id, found.amount_vnd), order_id=found.order_id)
    owed = Refund(
        key=f"return:{found.id}", cooperative_id=found.cooperative_id, order_id=None, transfer_id=found.id,
        source=RefundSource.SUSPENSE, state=RefundState.DUE, amount_vnd=found.amount_vnd, goods_vnd=0, shipping_vnd=0,
        reason=reason, goods_back=False, created_at=clock.now(),
    )  # fmt: skip
    db.session.add(owed)
    db.session.flush()
    audit(actor, "return_transfer", f"transfer:{found.id}", ("state", "reason"))
    return owed


def undo_decision(actor: Actor, transfer_id: int) -> Transfer:
    """Take back what a person decided of money in suspense, while nobody has used it: the money is in suspense again.

    Raises Conflict once an order that has it is packed, or money that went back was sent, and for money that the
    order's own code had placed.
    """
    actor.must_be(Role.MANAGER, Role.TREASURER)
    found = _in_state(actor, transfer_id, "undo")
    if found.settled_at is None:
        raise Conflict(N_("Khoản này vào đơn theo mã trong nội dung, không gỡ được."),
                       remedy=N_("Huỷ đơn hoặc hoàn tiền ở trang đơn."))  # fmt: skip
    if TransferState(found.state) is TransferState.RETURNED:
        lines = rules.post_return(found.id, found.amount_vnd)
    else:
        lines = _take_out(actor, found)
    _drop_owed(found)
    found.undo_count += 1
    _post(found, "undone", [line.mirrored() for line in lines])
    found.state, found.surplus_vnd, found.settled_at = TransferState.SUSPENSE, 0, None
    if found.outcome == Outcome.UNKNOWN:
        found.order_id = None
    db.session.flush()
    audit(actor, "undo_decision", f"transfer:{found.id}", ("state", "order_id", "reason"))
    return found


def _take_out(actor: Actor, transfer: Transfer) -> list[Line]:
    """The orders of a transfer lose its money again; the postings that had given it to them."""
    source = (AccountKind.SUSPENSE, rules.transfer(transfer.id))
    parts = {part.order_id: part for part in queries.parts_of(transfer.id) if part.amount_vnd}
    amounts = {order_id: part.amount_vnd for order_id, part in parts.items()}
    if parts:
        lines = rules.post_to_orders(source, amounts)
    else:
        kept = transfer.amount_vnd - transfer.surplus_vnd
        amounts = {transfer.order_id or 0: kept}
        judged = Judgement(Outcome(transfer.outcome), kept, transfer.surplus_vnd)
        lines = rules.post_to_order(source, transfer.order_id or 0, judged)
    for order_id in sorted(amounts):
        payment = payment_of(order_id, lock=True)
        order = db.session.get_one(Order, order_id, populate_existing=True)
        if order.state not in queries.UNUSED or queries.has_other_refunds(order_id, transfer.id):
            raise Conflict(N_("Đơn %(code)s đã dùng khoản này, không gỡ được nữa."), code=order.code,
                           remedy=N_("Huỷ đơn hoặc hoàn tiền ở trang đơn."))  # fmt: skip
        left = received(order_id) - amounts[order_id]
        payment.happen(Event.TAKE_PART if left else Event.TAKE_ALL)
        if order.state == OrderState.TO_PACK:
            orders.unpay(order, actor, N_("Tiền ghi nhầm đơn"))
    for part in parts.values():
        part.amount_vnd = 0
    return lines


def _drop_owed(transfer: Transfer) -> None:
    """What a decision owed back (a surplus, or all of it) is owed no more. Raises Conflict once it has gone."""
    for owed in queries.refunds_of(transfer.id):
        if owed.state != RefundState.DUE:
            raise Conflict(N_("Tiền đã trả lại khách, không gỡ được nữa."))
        db.session.delete(owed)


def _in_state(actor: Actor, transfer_id: int, step: str) -> Transfer:
    found = queries.transfer_for(transfer_id, actor.organisation_id, lock=True)
    if (TransferState(found.state), step) not in rules.TRANSFER_TRANSITIONS:
        raise Conflict(N_("Khoản tiền này đã được xử lý."), remedy=N_("Tải lại trang để thấy kết quả."))
    return found
