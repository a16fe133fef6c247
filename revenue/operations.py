"""Verbs of money: opening the books, money in and between accounts, paying producers, undoing a mistake.

The other verbs of this part stand beside their rules and are named here too, so that callers need one import:
`post` (ledger), `deliver`, `refund_split`, `settle_lot` (split), `weigh_and_advance`, `void_slip` (slips).
"""

from sqlalchemy import insert, select

from accounts.operations import audit
from accounts.rules import Actor, Role
from cooperatives.models import Producer
from core import clock
from core.db import db
from core.errors import Conflict, Invalid, NotFound
from core.format import vnd
from core.i18n import N_
from core.once import next_number
from core.text import clean
from revenue.ledger.operations import lock_book, post
from revenue.ledger.queries import Posted, balance, ledger_id, lines_of, posted
from revenue.models import Entry, Ledger, Payout
from revenue.payouts.operations import check_alone, return_payout, was_returned
from revenue.rules import REVERSIBLE, AccountKind, EntryKind, Line, PayMethod, order, producer
from revenue.slips.operations import MONEY_OF, organisation_of, void_slip, weigh_and_advance
from revenue.split.operations import deliver, refund_split, settle_lot

__all__ = [
    "deliver", "move_money", "open_books", "pay_producer", "post", "post_money_in", "refund_split", "return_payout",
    "reverse", "settle_lot", "void_slip", "weigh_and_advance",
]  # fmt: skip
STAFF = (Role.MANAGER, Role.TREASURER)


def _own(actor: Actor) -> int:
    actor.must_be(*STAFF)
    if actor.organisation_id is None:
        raise NotFound(
            N_("Vai trò đang dùng không thuộc hợp tác xã nào."), remedy=N_("Đổi vai trò ở trang Tôi.")
        )
    return actor.organisation_id


def open_books(
    actor: Actor, bank_vnd: int, cash_vnd: int = 0, *, key: str, organisation_id: int | None = None
) -> Posted:
    """Enter what lies in bank and cash when the book begins, against capital. May be done again to add capital.

    organisation_id: for the system; a person opens their own cooperative's book.
    """
    own = organisation_id if actor.role is Role.SYSTEM and organisation_id else _own(actor)
    if bank_vnd < 0 or cash_vnd < 0 or bank_vnd + cash_vnd == 0:
        raise Invalid(
            N_("Chưa có số tiền đầu kỳ."), remedy=N_("Ghi số dư ngân hàng hoặc tiền mặt."), field="bank_vnd"
        )
    given = [
        (AccountKind.BANK, bank_vnd),
        (AccountKind.CASH, cash_vnd),
        (AccountKind.CAPITAL, -bank_vnd - cash_vnd),
    ]
    lines = [Line(kind, "", amount) for kind, amount in given if amount]
    made = post(own, EntryKind.OPENING, f"opening:{key}", lines, clock.today())
    audit(actor, "open_books", f"entry:{made.id}", fields=("bank_vnd", "cash_vnd"))
    return made


def move_money(actor: Actor, source: PayMethod, amount_vnd: int, *, key: str) -> Posted:
    """Draw cash from the bank (source: bank) or pay cash in (source: cash). Refused when the source lacks it."""
    own = _own(actor)
    if amount_vnd <= 0:
        raise Invalid(N_("Số tiền phải lớn hơn 0."), field="amount_vnd")
    other = PayMethod.CASH if source is PayMethod.BANK else PayMethod.BANK
    lines = [Line(MONEY_OF[other], "", amount_vnd), Line(MONEY_OF[source], "", -amount_vnd)]
    made = post(own, EntryKind.MOVE, f"move:{key}", lines, clock.today())
    audit(actor, "move_money", f"entry:{made.id}", fields=("amount_vnd",))
    return made


def post_money_in(
    organisation_id: int, order_id: int, amount_vnd: int, ref: str, *, note: str = ""
) -> Posted:
    """A buyer's money reached the cooperative's bank for an order: bank +, buyer prepayment −. `ref` is the key."""
    lines = [
        Line(AccountKind.BANK, "", amount_vnd),
        Line(AccountKind.BUYER_PREPAYMENT, order(order_id), -amount_vnd),
    ]
    return post(
        organisation_id,
        EntryKind.MONEY_IN,
        f"money-in:{ref}",
        lines,
        clock.today(),
        order_id=order_id,
        note=note,
    )


def pay_producer(
    actor: Actor, producer_id: int, amount_vnd: int, method: str, key: str, *, reference: str = "",
    second_user_id: int | None = None,
) -> Payout:  # fmt: skip
    """Record that a producer was paid, in cash or from the bank. The same key is the same payment.

    second_user_id: who approved it beside the actor, where the sum needs two (`revenue.payouts`).
    Raises Invalid when more than is owed, than there is, or than one may pay alone; NotFound for another
    cooperative's producer.
    """
    actor.must_be(*STAFF)
    row = db.session.get(Producer, producer_id)
    own = None if row is None else organisation_of(row.cooperative_id)
    if row is None or own is None or (actor.role is not Role.SYSTEM and actor.organisation_id != own):
        raise NotFound(N_("Không có người này trong sổ."), remedy=N_("Chọn lại trong danh sách."))
    lock_book(own)  # a second tap waits here, then finds the first one's payment
    if (known := _payout(own, key)) is not None:
        if (known.producer_id, known.amount_vnd, known.method) != (producer_id, amount_vnd, method):
            raise Conflict(
                N_("Lần trả này đã ghi với số khác."), remedy=N_("Mở lại trang rồi làm lại từ đầu.")
            )
        return known
    _check_owed(own, producer_id, amount_vnd)
    check_alone(actor, own, amount_vnd, second_user_id)
    number = _payout_number(own)
    lines = [
        Line(AccountKind.PRODUCER_PAYABLE, producer(producer_id), amount_vnd, producer_id=producer_id),
        Line(MONEY_OF[PayMethod(method)], "", -amount_vnd),
    ]
    made = post(own, EntryKind.PAYOUT, f"payout:{key}", lines, clock.today(), note=number)
    values = {
        "ledger_id": made.ledger_id, "key": key, "number": number, "producer_id": producer_id, "amount_vnd": amount_vnd,
        "method": str(PayMethod(method)), "reference": clean(reference)[:60], "paid_at": clock.now(),
        "by_user_id": actor.user_id, "approved_by_user_id": second_user_id, "entry_id": made.id,
    }  # fmt: skip
    payout_id = db.session.execute(insert(Payout).values(**values).returning(Payout.id)).scalar_one()
    audit(actor, "pay_producer", f"payout:{payout_id}", fields=("amount_vnd", "method"))
    return db.session.get_one(Payout, payout_id)


def _payout(organisation_id: int, key: str) -> Payout | None:
    return db.session.execute(
        select(Payout).where(Payout.ledger_id == ledger_id(organisation_id), Payout.key == key)
    ).scalar_one_or_none()


def _check_owed(organisation_id: int, producer_id: int, amount_vnd: int) -> None:
    owed = -balance(organisation_id, AccountKind.PRODUCER_PAYABLE, producer(producer_id))
    if amount_vnd <= 0:
        raise Invalid(N_("Số tiền phải lớn hơn 0."), field="amount_vnd")
    if amount_vnd > owed:
        raise Invalid(
            N_("Còn nợ nhà này %(owed)s, không trả quá số đó."), remedy=N_("Sửa số tiền rồi làm lại."),
            field="amount_vnd", owed=vnd(owed),
        )  # fmt: skip


def _payout_number(organisation_id: int) -> str:
    month = f"{clock.today():%y%m}"
    return f"TT-{month}-{next_number(f'payout:{organisation_id}:{month}'):03}"


def reverse(actor: Actor, entry_id: int, reason: str) -> Posted:
    """Undo a mistaken opening, move or payout by its mirror image; nothing is erased. Once only.

    Other entries are undone by their own verb: a sale by a refund, an advance by voiding its slip.
    """
    own = _own(actor)
    row = db.session.execute(
        select(Entry).join(Ledger, Ledger.id == Entry.ledger_id)
        .where(Entry.id == entry_id, Ledger.organisation_id == own)
    ).scalar_one_or_none()  # fmt: skip
    if row is None:
        raise NotFound(N_("Không có bút toán này."), remedy=N_("Xem lại sổ cái."))
    if row.kind not in REVERSIBLE:
        raise Conflict(
            N_("Bút toán loại này không đảo ở đây."),
            remedy=N_("Bán hàng thì trả lại tiền ở đơn; tạm ứng thì bỏ phiếu cân."),
        )
    if len(reason := clean(reason)) < 5:
        raise Invalid(N_("Viết vì sao đảo bút toán."), remedy=N_("Ví dụ: ghi nhầm nhà."), field="reason")
    if (known := posted(own, f"reverse:{entry_id}")) is not None:
        return known
    if row.kind == EntryKind.PAYOUT and was_returned(own, entry_id):
        raise Conflict(N_("Ngân hàng đã trả lại khoản này."), remedy=N_("Tiền đã về lại sổ, không đảo nữa."))
    lines = [line.mirrored() for line in lines_of(entry_id)]
    made = post(
        own, EntryKind.REVERSAL, f"reverse:{entry_id}", lines, clock.today(), note=f"{row.seq}: {reason}"
    )
    audit(actor, "reverse", f"entry:{entry_id}", fields=("postings",))
    return made
