"""Verbs of the month: close it, ask to open it again, agree to that as the second person."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import insert, select

from accounts.operations import audit
from accounts.rules import Actor, Role
from core import clock
from core.db import db
from core.errors import Conflict, Invalid, NotAllowed, NotFound
from core.i18n import N_, _
from core.text import clean
from revenue.closing import queries
from revenue.closing.models import MonthClose, MonthFigure, MonthReopening
from revenue.closing.rules import closable_from, first_day, last_day, statements
from revenue.ledger.operations import lock_book, post
from revenue.ledger.queries import Posted, ledger_id, posted
from revenue.models import Entry
from revenue.rules import Line

STAFF = (Role.MANAGER, Role.TREASURER)


def _own(actor: Actor) -> int:
    """The ledger of the actor's cooperative. Raises NotFound where there is none yet."""
    actor.must_be(*STAFF)
    own = ledger_id(actor.organisation_id or 0)
    if own is None:
        raise NotFound(N_("Sổ chưa có bút toán nào."), remedy=N_("Ghi số dư đầu kỳ trước."))
    return own


def close_month(actor: Actor, month: date) -> int:
    """Close a month, and all before it: its figures are kept, and no entry may count for its days any more.

    month: any day of it. From the fourth day of the next month on. Closing a closed month changes nothing. The id of
    the closing. Raises Invalid when it is too early, Conflict when the two sides do not balance.
    """
    own, month = _own(actor), first_day(month)
    if clock.today() < closable_from(month):
        raise Invalid(
            N_("Tháng %(month)s chưa khoá được."), remedy=N_("Từ ngày %(day)s mới khoá, khi tin cuối tháng đã về đủ."),
            month=f"{month:%m/%Y}", day=f"{closable_from(month):%d/%m/%Y}",
        )  # fmt: skip
    head = lock_book(actor.organisation_id or 0)
    before = queries.closings(own, month)
    if before and before[0].in_force:
        return before[0].id
    if (until := queries.closed_until(own)) is not None and until >= month:
        raise Conflict(
            N_("Tháng này đã khoá cùng tháng sau nó."), remedy=N_("Mở tháng sau trước, rồi làm lại.")
        )
    figures = queries.figures(own, month)
    if not statements(figures).balanced:
        raise Conflict(
            N_("Hai bên của bảng cân đối chưa bằng nhau."), remedy=N_("Nhờ người phụ trách kiểm tra sổ.")
        )
    newest = db.session.execute(
        select(Entry.id).where(Entry.ledger_id == own, Entry.seq == head.seq)
    ).scalar_one()
    made = db.session.execute(
        insert(MonthClose).returning(MonthClose.id).values(
            ledger_id=own, month=month, until_on=last_day(month), turn=len(before) + 1, entry_id=newest,
            head_hash=head.head_hash, entry_count=queries.entry_count(own, last_day(month)), closed_at=clock.now(),
            by_user_id=actor.user_id,
        )
    ).scalar_one()  # fmt: skip
    rows = [
        {"close_id": made, "kind": str(one.kind), "moved_vnd": one.moved_vnd, "balance_vnd": one.balance_vnd}
        for one in figures.values()
    ]
    if rows:
        db.session.execute(insert(MonthFigure), rows)
    audit(actor, "close_month", f"month_close:{made}", fields=("month", "head_hash"))
    return int(made)


def _closing(actor: Actor, close_id: int) -> MonthClose:
    """A closing of the own book, the book held. Another's is answered like none."""
    own = _own(actor)
    lock_book(actor.organisation_id or 0)
    found = db.session.get(MonthClose, close_id)
    if found is None or found.ledger_id != own:
        raise NotFound(N_("Không có lần khoá sổ này."), remedy=N_("Xem lại các tháng."))
    return found


def _reopening(close_id: int) -> MonthReopening | None:
    asked = select(MonthReopening).where(MonthReopening.close_id == close_id)
    return db.session.execute(asked).scalar_one_or_none()


def ask_to_reopen(actor: Actor, close_id: int, reason: str) -> None:
    """Ask that a closed month be opened; it stays closed until a second person agrees. Asking twice is asking once.

    Only the newest closed month: those before it follow. Raises Conflict for another, Invalid without a reason.
    """
    found = _closing(actor, close_id)
    if actor.user_id is None:
        raise NotAllowed(N_("Việc này do người của hợp tác xã làm."))
    if len(reason := clean(reason)[:300]) < 5:
        raise Invalid(
            N_("Viết vì sao cần mở lại."), remedy=N_("Ví dụ: ghi thiếu tiền gửi hàng."), field="reason"
        )
    if found.until_on != queries.closed_until(found.ledger_id):
        raise Conflict(N_("Chỉ mở lại được tháng khoá sau cùng."), remedy=N_("Xem lại các tháng."))
    if _reopening(close_id) is None:
        db.session.add(
            MonthReopening(
                close_id=close_id, asked_by_user_id=actor.user_id, asked_at=clock.now(), reason=reason
            )
        )
        audit(actor, "ask_to_reopen_month", f"month_close:{close_id}", fields=("reason",))


def agree_to_reopen(actor: Actor, close_id: int) -> None:
    """Open a month as the second person. Raises NotAllowed to whoever asked, Conflict where nobody did."""
    found = _closing(actor, close_id)
    asked = _reopening(close_id)
    if asked is None:
        raise Conflict(N_("Chưa ai xin mở tháng này."), remedy=N_("Tải lại trang để xem."))
    if asked.agreed_at is not None:
        return
    if actor.user_id is None or actor.user_id == asked.asked_by_user_id:
        raise NotAllowed(
            N_("Người xin mở không tự mở được."), remedy=N_("Nhờ người thứ hai trong ban quản lý đồng ý.")
        )
    if found.until_on != queries.closed_until(found.ledger_id):
        raise Conflict(N_("Chỉ mở lại được tháng khoá sau cùng."), remedy=N_("Xem lại các tháng."))
    asked.agreed_by_user_id, asked.agreed_at = actor.user_id, clock.now()
    db.session.flush()
    audit(actor, "reopen_month", f"month_close:{close_id}", fields=("agreed_by",))


def late_note(dated: queries.Dated, note: str = "") -> str:
    """A note for an entry, with the reason where its day was moved into the first open month."""
    if not dated.late:
        return note
    said = _("của ngày %(day)s, sổ tháng đó đã khoá", day=f"{dated.meant_on:%d/%m/%Y}")
    return f"{note}; {said}" if note else said


def post_for_day(
    organisation_id: int, kind: str, key: str, lines: Sequence[Line], on: date, *, order_id: int | None = None,
    note: str = "",
) -> Posted:  # fmt: skip
    """Like `revenue.ledger.operations.post`, for a day that may lie in a closed month: then the first open day, with
    the reason in its note. Posted before, it stays as it was, also when its month was closed since.
    """
    if on >= clock.today():
        return post(organisation_id, kind, key, lines, on, order_id=order_id, note=note)
    lock_book(organisation_id)
    dated = queries.day_for(organisation_id, on)
    known = posted(organisation_id, key) if dated.late else None
    said = db.session.get_one(Entry, known.id).note if known is not None else late_note(dated, note)
    return post(organisation_id, kind, key, lines, dated.on, order_id=order_id, note=said)
