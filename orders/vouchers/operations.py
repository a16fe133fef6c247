"""Verbs of vouchers: make one, stop one, use one with an order; and a programme's subsidy."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import insert, select

from accounts.operations import audit
from accounts.rules import Actor, Role
from cooperatives.models import Cooperative
from core import clock
from core.db import db
from core.errors import Conflict, Invalid, NotAllowed, NotFound
from core.i18n import N_
from core.text import clean
from orders.models import Order
from orders.vouchers import queries
from orders.vouchers.models import Redemption, Subsidy, Voucher
from orders.vouchers.queries import Cut
from orders.vouchers.rules import OWN_MOST_BP, SUBSIDY_MOST_BP, read_code

NAME_MAX_CHARS = 80


@dataclass(frozen=True)
class Draft:
    """A voucher as its maker writes it: percent_bp or amount_vnd, never both. Days are inclusive."""

    code: str
    from_on: date
    to_on: date
    percent_bp: int | None = None
    amount_vnd: int | None = None
    most_vnd: int | None = None
    min_goods_vnd: int = 0
    uses_max: int | None = None
    once_per_phone: bool = True
    budget_vnd: int | None = None
    name: str = ""


def make_voucher(actor: Actor, cooperative_id: int, key: str, draft: Draft) -> Voucher:
    """A voucher for a cooperative's own goods, at its own cost; the same key again is the same voucher.

    Raises Invalid for a code that is taken, no or two kinds of reduction, more than half the price, days in the wrong
    order.
    """
    actor.must_be(Role.MANAGER)
    cooperative = db.session.get_one(Cooperative, cooperative_id)
    actor.must_serve(cooperative.organisation_id or 0)
    return _make(actor, key, draft, OWN_MOST_BP, cooperative_id, None)


def make_subsidised_voucher(
    actor: Actor, subsidy_id: int, key: str, draft: Draft, cooperative_id: int | None = None
) -> Voucher:
    """A code of a programme's subsidy, for one cooperative's goods or for everybody's."""
    actor.must_be(Role.PROJECT_STAFF)
    subsidy = queries.subsidy(subsidy_id)
    actor.must_serve(subsidy.organisation_id)
    if cooperative_id is not None and db.session.get(Cooperative, cooperative_id) is None:
        raise Invalid(
            N_("Không có hợp tác xã này."), remedy=N_("Chọn trong danh sách."), field="cooperative_id"
        )
    return _make(actor, key, draft, SUBSIDY_MOST_BP, cooperative_id, subsidy_id)


def _make(
    actor: Actor, key: str, draft: Draft, most_bp: int, cooperative_id: int | None, subsidy_id: int | None
) -> Voucher:
    known = db.session.execute(select(Voucher).where(Voucher.key == key)).scalar_one_or_none()
    if known is not None:
        if (known.cooperative_id, known.subsidy_id) != (cooperative_id, subsidy_id):
            raise Conflict(
                N_("Mã này đã ghi với nội dung khác."), remedy=N_("Mở lại trang rồi làm lại từ đầu.")
            )
        return known
    _check(draft, most_bp)
    code = read_code(draft.code)
    if db.session.execute(select(Voucher.id).where(Voucher.code == code)).first() is not None:
        raise Invalid(
            N_("Mã %(code)s đã có người dùng."), remedy=N_("Thêm vài số vào sau, ví dụ %(code)s27."), field="code",
            code=code,
        )  # fmt: skip
    made = Voucher(
        key=key, code=code, name=clean(draft.name)[:NAME_MAX_CHARS], cooperative_id=cooperative_id,
        subsidy_id=subsidy_id, percent_bp=draft.percent_bp, amount_vnd=draft.amount_vnd, most_vnd=draft.most_vnd,
        min_goods_vnd=draft.min_goods_vnd, from_on=draft.from_on, to_on=draft.to_on, uses_max=draft.uses_max,
        once_per_phone=draft.once_per_phone, budget_vnd=draft.budget_vnd, created_at=clock.now(),
        created_by_user_id=actor.user_id,
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    audit(
        actor, "make voucher", f"voucher:{made.id}", ("code", "percent_bp", "amount_vnd", "from_on", "to_on")
    )
    return made


def _check(draft: Draft, most_bp: int) -> None:
    if (draft.percent_bp is None) == (draft.amount_vnd is None):
        raise Invalid(
            N_("Ghi giảm bao nhiêu phần trăm, hoặc bao nhiêu tiền."), remedy=N_("Điền một trong hai ô."),
            field="percent",
        )  # fmt: skip
    if draft.percent_bp is not None and not 100 <= draft.percent_bp <= most_bp:
        raise Invalid(
            N_("Giảm từ 1 đến %(most)s phần trăm tiền hàng."), remedy=N_("Sửa số phần trăm."), field="percent",
            most=most_bp // 100,
        )  # fmt: skip
    amounts = {"amount_vnd": draft.amount_vnd, "most_vnd": draft.most_vnd, "budget_vnd": draft.budget_vnd}
    for field, amount in amounts.items():
        if amount is not None and amount < 1_000:
            raise Invalid(N_("Số tiền phải từ 1.000 đ trở lên."), field=field)
    if draft.to_on < draft.from_on:
        raise Invalid(
            N_("Ngày cuối đứng trước ngày đầu."), remedy=N_("Sửa một trong hai ngày."), field="to_on"
        )
    if draft.to_on < clock.today():
        raise Invalid(N_("Ngày cuối đã qua."), remedy=N_("Chọn hôm nay hoặc ngày sau."), field="to_on")


def stop_voucher(actor: Actor, voucher_id: int) -> Voucher:
    """Nobody can use it from now on; orders that did keep what was agreed. Twice is harmless.

    Raises NotFound for another maker's.
    """
    voucher = db.session.get(Voucher, voucher_id)
    if voucher is None or _maker(voucher) != actor.organisation_id:
        raise NotFound(N_("Không có mã này."), remedy=N_("Mở lại từ danh sách."))
    actor.must_be(Role.PROJECT_STAFF if voucher.subsidy_id else Role.MANAGER)
    voucher.stopped_at = voucher.stopped_at or clock.now()
    audit(actor, "stop voucher", f"voucher:{voucher_id}", ("stopped_at",))
    return voucher


def _maker(voucher: Voucher) -> int | None:
    if voucher.subsidy_id is not None:
        return queries.subsidy(voucher.subsidy_id).organisation_id
    return db.session.get_one(Cooperative, voucher.cooperative_id).organisation_id


def make_subsidy(actor: Actor, key: str, name: str, basis: str = "") -> Subsidy:
    """A programme's offer to pay a part of prices; without money until some is set aside (revenue.subsidies).

    Raises NotAllowed for somebody who acts for no project, Invalid without a name.
    """
    actor.must_be(Role.PROJECT_STAFF)
    if actor.organisation_id is None:
        raise NotAllowed(
            N_("Vai trò đang dùng không thuộc dự án nào."), remedy=N_("Đổi vai trò ở trang Tôi.")
        )
    name = clean(name)[:NAME_MAX_CHARS]
    if not name:
        raise Invalid(N_("Chưa có tên chương trình."), remedy=N_("Ví dụ: Tết ấm vùng cao."), field="name")
    wanted = select(Subsidy).where(Subsidy.organisation_id == actor.organisation_id, Subsidy.key == key)
    known = db.session.execute(wanted).scalar_one_or_none()
    if known is not None:
        return known
    made = Subsidy(
        key=key, organisation_id=actor.organisation_id, name=name, basis=clean(basis, lines=True)[:500],
        created_at=clock.now(), created_by_user_id=actor.user_id,
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    audit(actor, "make subsidy", f"subsidy:{made.id}", ("name", "basis"))
    return made


def redeem(cut: Cut, orders: Iterable[Order]) -> None:
    """Write the use of a voucher by the orders it takes something off."""
    rows = [
        {"voucher_id": cut.voucher_id, "order_id": one.id, "subsidy_id": cut.subsidy_id,
         "amount_vnd": cut.parts[one.cooperative_id]}
        for one in orders if one.cooperative_id in cut.parts
    ]  # fmt: skip
    if rows:
        db.session.execute(insert(Redemption), rows)
