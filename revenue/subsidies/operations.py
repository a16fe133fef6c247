"""Verbs of a subsidy's budget. Each step is one two-line entry in the programme's book.

The programme's book is always locked last: after the order and the cooperative's book, so that no two wait for
each other.
"""

from accounts.operations import audit
from accounts.rules import Actor, Role
from cooperatives.models import Cooperative
from core import clock
from core.db import db
from core.errors import Conflict, Invalid
from core.format import vnd
from core.i18n import N_
from core.money import check_price
from core.text import clean
from orders.vouchers import queries as vouchers
from orders.vouchers.models import Subsidy
from revenue.ledger.operations import lock_book, post
from revenue.ledger.queries import Posted, balance, lines_of, posted
from revenue.rules import AccountKind, EntryKind, Line, subsidy
from revenue.subsidies import queries

STAFF = (Role.MANAGER, Role.TREASURER)


def deposit(actor: Actor, subsidy_id: int, amount_vnd: int, key: str, reference: str = "") -> Posted:
    """The programme sets money aside: its bank +, the budget −. The same key is the same deposit."""
    found = _own(actor, subsidy_id)
    check_price(amount_vnd, field="amount_vnd")
    lines = _pair(AccountKind.BANK, "", AccountKind.SUBSIDY_BUDGET, subsidy(found.id), amount_vnd)
    return _move(actor, found, EntryKind.SUBSIDY_DEPOSIT, key, lines, reference)


def withdraw(actor: Actor, subsidy_id: int, amount_vnd: int, key: str, reference: str = "") -> Posted:
    """Take back what is free, or was entered by mistake. Raises Invalid for more than is free."""
    found = _own(actor, subsidy_id)
    check_price(amount_vnd, field="amount_vnd")
    lines = _pair(AccountKind.SUBSIDY_BUDGET, subsidy(found.id), AccountKind.BANK, "", amount_vnd)
    return _move(actor, found, EntryKind.SUBSIDY_WITHDRAWN, key, lines, reference)


def _own(actor: Actor, subsidy_id: int) -> Subsidy:
    actor.must_be(Role.PROJECT_STAFF)
    found = vouchers.subsidy(subsidy_id)
    actor.must_serve(found.organisation_id)
    return found


def _move(
    actor: Actor, found: Subsidy, kind: EntryKind, key: str, lines: list[Line], reference: str
) -> Posted:
    note = clean(reference)[:80]
    made = post(found.organisation_id, kind, f"{kind}:{key}", lines, clock.today(), note=note)
    audit(actor, str(kind), f"subsidy:{found.id}", ("amount_vnd", "reference"))
    return made


def _pair(
    kind: AccountKind, subject: str, other: AccountKind, other_subject: str, amount_vnd: int
) -> list[Line]:
    """Debit the first, credit the other."""
    return [Line(kind, subject, amount_vnd), Line(other, other_subject, -amount_vnd)]


def hold(order_id: int, amount_vnd: int) -> None:
    """Promise an order its part of the budget. Raises the voucher's Refused (Conflict) when there is not so much left.

    For an order placed, and for one revived after its hold had lapsed. Inside the transaction of either.
    """
    found = _of(order_id)
    lock_book(found.organisation_id)
    if queries.left(found) < amount_vnd:
        raise queries.spent_up()
    _step(
        found,
        EntryKind.SUBSIDY_HOLD,
        order_id,
        AccountKind.SUBSIDY_BUDGET,
        AccountKind.SUBSIDY_HELD,
        amount_vnd,
    )


def _of(order_id: int) -> Subsidy:
    found = vouchers.subsidy_of(order_id)
    if found is None:
        raise Conflict(N_("Đơn này không có trợ giá."), remedy=N_("Tải lại trang để xem."))
    return found


def _step(
    found: Subsidy, kind: EntryKind, order_id: int, debit: AccountKind, credit: AccountKind, amount_vnd: int
) -> None:
    key = f"{kind}:{order_id}:{queries.step_count(order_id, kind)}"
    mine = subsidy(found.id)
    lines = _pair(debit, mine, credit, mine, amount_vnd)
    post(found.organisation_id, kind, key, lines, clock.today(), order_id=order_id)


def release(order_id: int, amount_vnd: int | None = None) -> None:
    """Give back what was held for an order that will not be delivered, or a part of it. Nothing held: nothing done."""
    found = _of(order_id)
    lock_book(found.organisation_id)
    held = queries.held_for(order_id)
    amount = held if amount_vnd is None else min(held, amount_vnd)
    if amount:
        _step(
            found,
            EntryKind.SUBSIDY_RELEASE,
            order_id,
            AccountKind.SUBSIDY_HELD,
            AccountKind.SUBSIDY_BUDGET,
            amount,
        )


def spend(order_id: int, cooperative_id: int, amount_vnd: int) -> None:
    """The goods arrived: what was held is owed to the cooperative; what of it is not needed goes back to the budget.

    The caller writes the cooperative's side, a receivable of the same amount.
    """
    found = _of(order_id)
    if amount_vnd:
        lines = _pair(AccountKind.SUBSIDY_HELD, subsidy(found.id),
                      AccountKind.DUE_TO_COOPERATIVE, subsidy(found.id, cooperative_id), amount_vnd)  # fmt: skip
        post(found.organisation_id, EntryKind.SUBSIDY_SPENT, f"subsidy-spent:{order_id}", lines, clock.today(),
             order_id=order_id)  # fmt: skip
    release(order_id)


def take_back(order_id: int, cooperative_id: int, amount_vnd: int, key: str) -> None:
    """Goods were refunded after delivery: the cooperative is owed less, and the budget has it again."""
    found = _of(order_id)
    lines = _pair(AccountKind.DUE_TO_COOPERATIVE, subsidy(found.id, cooperative_id),
                  AccountKind.SUBSIDY_BUDGET, subsidy(found.id), amount_vnd)  # fmt: skip
    post(
        found.organisation_id,
        EntryKind.SUBSIDY_BACK,
        f"subsidy-back:{key}",
        lines,
        clock.today(),
        order_id=order_id,
    )


def receive(
    actor: Actor, cooperative_id: int, subsidy_id: int, amount_vnd: int, key: str, reference: str = ""
) -> Posted:
    """A programme's money reached the cooperative's bank, as its treasurer reads in the bank's book. Both books say so.

    The same key is the same payment. Raises Invalid for more than is owed, or more than the programme set aside.
    """
    actor.must_be(*STAFF)
    own = db.session.get_one(Cooperative, cooperative_id).organisation_id or 0
    actor.must_serve(own)
    found = vouchers.subsidy(subsidy_id)
    lock_book(own)
    reference = clean(reference)[:80]
    if (known := posted(own, f"subsidy-paid:{key}")) is not None:
        _same(known, amount_vnd, subsidy_id)
        return known
    owed = balance(own, AccountKind.SUBSIDY_RECEIVABLE, subsidy(subsidy_id))
    if not 0 < amount_vnd <= owed:
        raise Invalid(
            N_("Chương trình còn nợ %(owed)s, không ghi quá số đó."), remedy=N_("Xem lại số tiền trong sổ ngân hàng."),
            field="amount_vnd", owed=vnd(max(owed, 0)),
        )  # fmt: skip
    lines = _pair(AccountKind.BANK, "", AccountKind.SUBSIDY_RECEIVABLE, subsidy(subsidy_id), amount_vnd)
    made = post(own, EntryKind.SUBSIDY_PAID, f"subsidy-paid:{key}", lines, clock.today(), note=reference)
    lines = _pair(
        AccountKind.DUE_TO_COOPERATIVE, subsidy(subsidy_id, cooperative_id), AccountKind.BANK, "", amount_vnd
    )
    post(found.organisation_id, EntryKind.SUBSIDY_PAID, f"subsidy-paid:{cooperative_id}:{key}", lines, clock.today(),
         note=reference)  # fmt: skip
    audit(actor, "receive subsidy", f"entry:{made.id}", ("amount_vnd", "reference"))
    return made


def _same(known: Posted, amount_vnd: int, subsidy_id: int) -> None:
    before = Line(AccountKind.SUBSIDY_RECEIVABLE, subsidy(subsidy_id), -amount_vnd)
    if before not in lines_of(known.id):
        raise Conflict(N_("Lần nhận này đã ghi với số khác."), remedy=N_("Mở lại trang rồi làm lại từ đầu."))
