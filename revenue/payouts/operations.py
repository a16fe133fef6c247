"""Verbs after a payout: it came back, she confirmed it; and how much one person may pay alone."""

from datetime import date

from sqlalchemy import insert, select

from accounts.operations import audit, code_fits, send_code
from accounts.rules import Actor, Role
from cooperatives import queries as cooperatives
from core import clock
from core.db import db
from core.errors import Conflict, Invalid, NotFound
from core.format import vnd
from core.i18n import N_, _
from core.text import clean
from messages.operations import send
from revenue.closing.operations import post_for_day
from revenue.ledger.operations import lock_book
from revenue.ledger.queries import Posted, balance, posted
from revenue.models import Payout
from revenue.payouts import queries
from revenue.payouts.models import PayoutConfirmation, PayoutLimit, ProducerPin
from revenue.payouts.rules import How, needs_second
from revenue.rules import AccountKind, EntryKind, Line, PayMethod, producer

STAFF = (Role.MANAGER, Role.TREASURER)
RETURNED = N_(
    "Ngân hàng trả lại %(amount)s của lần trả %(number)s. Tiền vẫn là của nhà mình. Hợp tác xã sẽ hỏi lại số tài khoản."
)
PIN_SET = N_(
    "Mã riêng để nhận tiền mặt của nhà mình vừa được đặt. Không phải nhà mình đặt thì gọi hợp tác xã."
)
CASH_CODE = N_(
    "%(coop)s ghi đã đưa nhà mình %(amount)s tiền mặt. Đếm đủ rồi hãy đọc mã %(code)s. Mã dùng trong 5 phút."
)


def _own(actor: Actor) -> int:
    actor.must_be(*STAFF)
    if actor.organisation_id is None:
        raise NotFound(
            N_("Vai trò đang dùng không thuộc hợp tác xã nào."), remedy=N_("Đổi vai trò ở trang Tôi.")
        )
    return actor.organisation_id


def _payout(actor: Actor, payout_id: int) -> tuple[Payout, int]:
    """A payout and its organisation; another cooperative's is answered like none."""
    actor.must_be(*STAFF)
    row = db.session.get(Payout, payout_id)
    own = _organisation(row.producer_id) if row is not None else None
    if row is None or own is None or (actor.role is not Role.SYSTEM and own != actor.organisation_id):
        raise NotFound(N_("Không có lần trả này."), remedy=N_("Xem lại danh sách."))
    return row, own


def _organisation(producer_id: int) -> int:
    found = cooperatives.producer(producer_id)
    return cooperatives.cooperative(found.cooperative_id).organisation_id or 0


# ---- returned by the bank ----


def return_payout(actor: Actor, payout_id: int, reason: str, on: date | None = None) -> Posted:
    """The bank sent a payout back: it is owed again, and the producer is told. The same payout comes back once.

    What she owed the cooperative meanwhile (a refund after the payout) is netted first. on: the bank's day, today when
    not known; in a closed month the first open day counts, and the note says so. Raises Conflict for a payout that was
    undone as a mistake, Invalid for cash or without a reason.
    """
    row, own = _payout(actor, payout_id)
    lock_book(own)
    if (known := posted(own, queries.returned_key(payout_id))) is not None:
        return known
    if posted(own, f"reverse:{row.entry_id}") is not None:
        raise Conflict(N_("Lần trả này đã đảo rồi."), remedy=N_("Xem lại sổ cái."))
    if row.method != PayMethod.BANK:
        raise Invalid(N_("Chỉ tiền chuyển khoản mới bị ngân hàng trả lại."))
    if len(reason := clean(reason)[:120]) < 3:
        raise Invalid(N_("Viết ngân hàng báo gì."), remedy=N_("Ví dụ: sai số tài khoản."), field="reason")
    who = producer(row.producer_id)
    debt = min(row.amount_vnd, max(0, balance(own, AccountKind.PRODUCER_RECEIVABLE, who)))
    lines = [
        Line(AccountKind.BANK, "", row.amount_vnd),
        Line(AccountKind.PRODUCER_RECEIVABLE, who, -debt, producer_id=row.producer_id),
        Line(AccountKind.PRODUCER_PAYABLE, who, debt - row.amount_vnd, producer_id=row.producer_id),
    ]
    made = post_for_day(
        own, EntryKind.PAYOUT_RETURNED, queries.returned_key(payout_id),
        [line for line in lines if line.amount_vnd], on or clock.today(), note=f"{row.number}: {reason}",
    )  # fmt: skip
    audit(actor, "return_payout", f"payout:{payout_id}", ("postings",))
    tell(row.producer_id, f"payout:{payout_id}:returned",
         _(RETURNED, amount=vnd(row.amount_vnd), number=row.number))  # fmt: skip
    return made


def was_returned(organisation_id: int, entry_id: int) -> bool:
    """Whether the payout of an entry came back; the book is locked, so that the answer holds."""
    lock_book(organisation_id)
    payout_id = db.session.execute(select(Payout.id).where(Payout.entry_id == entry_id)).scalar_one_or_none()
    return payout_id is not None and posted(organisation_id, queries.returned_key(payout_id)) is not None


def tell(producer_id: int, key: str, text: str) -> bool:
    """A message to a producer's phone, if she has one; whether it was written."""
    phone = cooperatives.producer_view(producer_id).phone
    if phone:
        send(phone, "payout", text, key, party=f"producer:{producer_id}")
    return bool(phone)


# ---- confirmed by the producer ----


def _confirm(payout: Payout, how: How, user_id: int | None) -> None:
    made = {"payout_id": payout.id, "how": str(how), "at": clock.now(), "by_user_id": user_id}
    db.session.execute(insert(PayoutConfirmation).values(**made))


def _waiting(payout: Payout) -> bool:
    """Whether cash still waits for its producer's word. Raises Conflict for what needs none."""
    seen = queries.fate(payout)
    if payout.method != PayMethod.CASH or seen.reversed:
        raise Conflict(N_("Lần trả này không cần xác nhận."), remedy=N_("Mở lại phiếu trả để xem."))
    return seen.unconfirmed


def _purpose(payout_id: int) -> str:
    return f"payout:{payout_id}"


def send_cash_code(actor: Actor, payout_id: int) -> None:
    """Send the producer the code by which she says that she holds the cash. Raises Invalid when she has no phone."""
    row, _own_id = _payout(actor, payout_id)
    db.session.refresh(row, with_for_update=True)
    if not _waiting(row):
        return
    who = cooperatives.producer_view(row.producer_id)
    if not who.phone:
        raise Invalid(
            N_("Nhà này chưa ghi số điện thoại."),
            remedy=N_("Xác nhận bằng mã riêng của nhà, gõ tại máy này."),
        )
    coop = cooperatives.cooperative(cooperatives.producer(row.producer_id).cooperative_id)
    send_code(who.phone, _purpose(payout_id), CASH_CODE, coop=coop.name, amount=vnd(row.amount_vnd))
    audit(actor, "send_cash_code", f"payout:{payout_id}")


def confirm_by_code(actor: Actor, payout_id: int, code: str) -> bool:
    """The code that the producer read aloud. False when it does not fit: commit anyway, the try was made."""
    row, _own_id = _payout(actor, payout_id)
    db.session.refresh(row, with_for_update=True)
    if not _waiting(row):
        return True
    phone = cooperatives.producer_view(row.producer_id).phone
    if not phone or not code_fits(phone, _purpose(payout_id), code):
        return False
    _confirm(row, How.CODE, actor.user_id)
    audit(actor, "confirm_cash", f"payout:{payout_id}", ("code",))
    return True


def confirm_by_pin(actor: Actor, payout_id: int) -> None:
    """The producer typed her PIN on this phone, and it fitted (checked outside the transaction, tries counted)."""
    row, _own_id = _payout(actor, payout_id)
    db.session.refresh(row, with_for_update=True)
    if _waiting(row):
        _confirm(row, How.PIN, actor.user_id)
        audit(actor, "confirm_cash", f"payout:{payout_id}", ("pin",))


def confirm_own(actor: Actor, payout_id: int) -> None:
    """The producer (or one of her household) confirms on her own phone. NotFound for somebody else's payout."""
    mine = {one.id for one in cooperatives.producers_of_user(actor.user_id or 0)}
    row = db.session.get(Payout, payout_id, with_for_update=True, populate_existing=True)
    if row is None or row.producer_id not in mine:
        raise NotFound(N_("Không có lần trả này."), remedy=N_("Mở lại bảng kê."))
    if _waiting(row):
        _confirm(row, How.OWN, actor.user_id)
        audit(actor, "confirm_cash", f"payout:{payout_id}", ("own",))


def set_pin(actor: Actor, producer_id: int, pin_hash: str) -> None:
    """A producer chose her PIN on this phone. A second PIN needs another member of staff than the first.

    pin_hash: of a PIN that `rules.check_pin` accepted, from `accounts.passwords.hash_password`.
    """
    own = _own(actor)
    if _organisation(producer_id) != own:
        raise NotFound(N_("Không có người này trong sổ."), remedy=N_("Chọn lại trong danh sách."))
    if actor.user_id is None:
        raise Invalid(N_("Đặt mã riêng cần một người đứng cạnh."))
    lock_book(own)
    row = queries.pin_of(producer_id)
    if row is not None and row.set_by_user_id == actor.user_id:
        raise Conflict(
            N_("Nhà này đã có mã riêng."), remedy=N_("Quên mã thì nhờ một người khác của hợp tác xã đặt lại.")
        )
    row = row or ProducerPin(producer_id=producer_id)
    row.pin_hash, row.set_at, row.set_by_user_id = pin_hash, clock.now(), actor.user_id
    db.session.add(row)
    db.session.flush()
    audit(actor, "set_producer_pin", f"producer:{producer_id}", ("pin",))
    tell(producer_id, f"producer:{producer_id}:pin:{clock.now().timestamp():.0f}", _(PIN_SET))


# ---- how much one person may pay alone ----


def check_alone(actor: Actor, organisation_id: int, amount_vnd: int, second_user_id: int | None) -> None:
    """Refuse a payout that needs a second person and has none. The system, which has no thumb, may."""
    if actor.role is Role.SYSTEM or actor.user_id is None:
        return
    if second_user_id is not None and second_user_id != actor.user_id:
        return
    limit = queries.limit_on(organisation_id, clock.today())
    if needs_second(amount_vnd, queries.alone_today(organisation_id), limit):
        raise Invalid(
            N_("Một người tự trả nhiều nhất %(limit)s một ngày."),
            remedy=N_("Lập lượt trả để người thứ hai duyệt."), field="amount_vnd", limit=vnd(limit),
        )  # fmt: skip


def set_limit(actor: Actor, limit_vnd: int, from_on: date) -> PayoutLimit:
    """Write how much one person may pay out alone in a day, from a day on. A rise waits for a second person."""
    own = _own(actor)
    if actor.user_id is None:
        raise Invalid(N_("Đổi mức này cần một người có tên."))
    if limit_vnd < 0:
        raise Invalid(N_("Mức này không âm."), field="limit_vnd")
    if from_on < clock.today():
        raise Invalid(N_("Mức chỉ đổi từ hôm nay trở đi."), remedy=N_("Chọn ngày khác."), field="from_on")
    lock_book(own)
    lower = limit_vnd <= queries.limit_on(own, from_on)
    made = PayoutLimit(
        organisation_id=own, from_on=from_on, limit_vnd=limit_vnd, set_by_user_id=actor.user_id,
        set_at=clock.now(), approved_at=clock.now() if lower else None,
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    audit(actor, "set_payout_limit", f"payout_limit:{made.id}", ("limit_vnd", "from_on"))
    return made


def approve_limit(actor: Actor, limit_id: int) -> PayoutLimit:
    """A second person agrees to a rise. Raises Invalid for the one who wrote it."""
    own = _own(actor)
    found = db.session.execute(
        select(PayoutLimit)
        .where(PayoutLimit.id == limit_id, PayoutLimit.organisation_id == own)
        .with_for_update()
    ).scalar_one_or_none()
    if found is None:
        raise NotFound(N_("Không có mức này."), remedy=N_("Mở lại trang."))
    if found.approved_at is not None:
        return found
    if actor.user_id is None or found.set_by_user_id == actor.user_id:
        raise Invalid(
            N_("Người viết mức này không tự duyệt."), remedy=N_("Nhờ quản lý hoặc thủ quỹ khác duyệt.")
        )
    found.approved_by_user_id, found.approved_at = actor.user_id, clock.now()
    db.session.flush()
    audit(actor, "approve_payout_limit", f"payout_limit:{found.id}", ("approved_by",))
    return found
