"""Reads of vouchers: what a code takes off a cart, how much each was used, whose a subsidy is."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select

from cooperatives.models import Cooperative
from core.db import db
from core.errors import Invalid, NotFound
from core.format import day
from core.i18n import N_
from orders.models import Order, Purchase
from orders.rules import State
from orders.vouchers.models import Redemption, Subsidy, Voucher
from orders.vouchers.rules import Refused, Terms, divided, read_code

GONE = (State.CANCELLED, State.EXPIRED, State.REFUSED)  # a use in such an order counts no more
LISTED_MAX = 100


@dataclass(frozen=True)
class Cut:
    """What a voucher takes off the orders of a cart {cooperative id: đồng}. subsidy_id: the programme that pays."""

    voucher_id: int
    code: str
    subsidy_id: int | None
    parts: Mapping[int, int] = field(default_factory=dict)

    @property
    def total_vnd(self) -> int:
        """Off all orders."""
        return sum(self.parts.values())


def terms_of(voucher: Voucher) -> Terms:
    """A voucher's arithmetic."""
    return Terms(voucher.percent_bp, voucher.amount_vnd, voucher.most_vnd, voucher.min_goods_vnd,
                 voucher.subsidy_id is not None)  # fmt: skip


def cut(typed: str, phone: str, goods: Mapping[int, int], on: date, *, lock: bool = False) -> Cut:
    """What the code takes off goods {cooperative id: đồng} on a day.

    phone: the buyer's, E.164; empty while it is not known. lock: nobody else uses the voucher until the transaction
    ends, so that its limits hold. Raises Refused with the reason. Whether a programme's budget suffices is revenue's
    to say.
    """
    voucher = _found(typed, lock)
    _check_days(voucher, on)
    mine = {seller: amount for seller, amount in goods.items() if voucher.cooperative_id in (None, seller)}
    if not mine:
        raise Refused(
            N_("Mã %(code)s không dùng cho hàng trong giỏ này."),
            remedy=N_("Mã chỉ dùng cho hàng của %(seller)s."), code=voucher.code, seller=_seller(voucher),
        )  # fmt: skip
    parts = divided(terms_of(voucher), mine)
    _check_uses(voucher, phone, sum(parts.values()))
    return Cut(voucher.id, voucher.code, voucher.subsidy_id, parts)


def _found(typed: str, lock: bool) -> Voucher:
    try:
        code = read_code(typed)
    except Invalid as error:
        raise Refused(error.message, remedy=error.remedy, **error.params) from error
    wanted = select(Voucher).where(Voucher.code == code)
    if lock:
        wanted = wanted.with_for_update().execution_options(populate_existing=True)
    voucher = db.session.execute(wanted).scalar_one_or_none()
    if voucher is None:
        raise Refused(N_("Không có mã %(code)s."), remedy=N_("Xem lại từng chữ, hoặc bỏ mã ra."), code=code)
    return voucher


def _check_days(voucher: Voucher, on: date) -> None:
    if voucher.stopped_at is not None:
        raise Refused(N_("Mã %(code)s đã ngừng."), remedy=N_("Bỏ mã ra rồi đặt."), code=voucher.code)
    if on < voucher.from_on:
        raise Refused(
            N_("Mã %(code)s dùng từ ngày %(day)s."), remedy=N_("Chờ tới ngày đó, hoặc bỏ mã ra rồi đặt."),
            code=voucher.code, day=day(voucher.from_on),
        )  # fmt: skip
    if on > voucher.to_on:
        raise Refused(
            N_("Mã %(code)s đã hết hạn ngày %(day)s."), remedy=N_("Bỏ mã ra rồi đặt."), code=voucher.code,
            day=day(voucher.to_on),
        )  # fmt: skip


def _seller(voucher: Voucher) -> str:
    return str(
        db.session.execute(
            select(Cooperative.name).where(Cooperative.id == voucher.cooperative_id)
        ).scalar_one()
    )


def _uses() -> Select[Any]:
    """By live orders: voucher, check-outs, đồng."""
    return (
        select(
            Redemption.voucher_id, func.count(Order.purchase_id.distinct()), func.sum(Redemption.amount_vnd)
        )
        .join(Order, Order.id == Redemption.order_id)
        .where(Order.state.not_in(GONE))
        .group_by(Redemption.voucher_id)
    )


def _check_uses(voucher: Voucher, phone: str, amount_vnd: int) -> None:
    row = db.session.execute(_uses().where(Redemption.voucher_id == voucher.id)).one_or_none()
    uses, given = (int(row[1]), int(row[2])) if row else (0, 0)
    spent = voucher.budget_vnd is not None and given + amount_vnd > voucher.budget_vnd
    if spent or (voucher.uses_max is not None and uses >= voucher.uses_max):
        raise Refused(N_("Mã %(code)s đã dùng hết lượt."), remedy=N_("Bỏ mã ra rồi đặt."), code=voucher.code)
    if voucher.once_per_phone and phone and _used_by(voucher.id, phone):
        raise Refused(
            N_("Số điện thoại này đã dùng mã %(code)s."), remedy=N_("Mỗi số dùng mã này một lần. Bỏ mã ra rồi đặt."),
            code=voucher.code,
        )  # fmt: skip


def _used_by(voucher_id: int, phone: str) -> bool:
    wanted = (
        select(Redemption.id)
        .join(Order, Order.id == Redemption.order_id)
        .join(Purchase, Purchase.id == Order.purchase_id)
        .where(Redemption.voucher_id == voucher_id, Purchase.buyer_phone == phone, Order.state.not_in(GONE))
    )
    return db.session.execute(wanted.limit(1)).first() is not None


@dataclass(frozen=True)
class VoucherRow:
    """A voucher in a list. cooperative: empty where it holds for all. programme: who pays, empty for its own."""

    id: int
    code: str
    name: str
    terms: Terms
    from_on: date
    to_on: date
    uses_max: int | None
    once_per_phone: bool
    budget_vnd: int | None
    stopped_at: datetime | None
    cooperative: str
    programme: str
    uses: int
    given_vnd: int

    def state(self, on: date) -> str:
        """'stopped', 'over', 'coming' or 'on', on a day."""
        if self.stopped_at is not None:
            return "stopped"
        return "over" if on > self.to_on else "coming" if on < self.from_on else "on"


def vouchers(*where: ColumnElement[bool]) -> list[VoucherRow]:
    """The vouchers that match, those that run longest first, stopped ones last, with their uses. Two statements."""
    used = {row[0]: (int(row[1]), int(row[2])) for row in db.session.execute(
        _uses().join(Voucher, Voucher.id == Redemption.voucher_id).where(*where))}  # fmt: skip
    rows = db.session.execute(
        select(Voucher, Cooperative.name, Subsidy.name)
        .outerjoin(Cooperative, Cooperative.id == Voucher.cooperative_id)
        .outerjoin(Subsidy, Subsidy.id == Voucher.subsidy_id)
        .where(*where)
        .order_by(Voucher.stopped_at.is_not(None), Voucher.to_on.desc(), Voucher.id.desc())
        .limit(LISTED_MAX)
    )
    return [
        VoucherRow(one.id, one.code, one.name, terms_of(one), one.from_on, one.to_on, one.uses_max, one.once_per_phone,
                   one.budget_vnd, one.stopped_at, seller or "", payer or "", *used.get(one.id, (0, 0)))
        for one, seller, payer in rows.tuples()
    ]  # fmt: skip


def own_vouchers(cooperative_id: int) -> list[VoucherRow]:
    """A cooperative's vouchers at its own cost."""
    return vouchers(Voucher.cooperative_id == cooperative_id, Voucher.subsidy_id.is_(None))


def subsidised_for(cooperative_id: int) -> list[VoucherRow]:
    """Programmes' vouchers that hold for a cooperative's goods, running or to come."""
    everybody = and_(Voucher.cooperative_id.is_(None), Voucher.subsidy_id.is_not(None))
    named = and_(Voucher.cooperative_id == cooperative_id, Voucher.subsidy_id.is_not(None))
    return vouchers(or_(everybody, named), Voucher.stopped_at.is_(None))


def of_subsidy(subsidy_id: int) -> list[VoucherRow]:
    """The codes of a programme's subsidy."""
    return vouchers(Voucher.subsidy_id == subsidy_id)


def subsidies(organisation_id: int | None) -> list[Subsidy]:
    """A project's subsidies, the newest first."""
    wanted = select(Subsidy).where(Subsidy.organisation_id == organisation_id).order_by(Subsidy.id.desc())
    return list(db.session.execute(wanted).scalars())


def subsidy(subsidy_id: int, organisation_id: int | None = None) -> Subsidy:
    """A subsidy; of this project, where one is given. Raises NotFound."""
    found = db.session.get(Subsidy, subsidy_id)
    if found is None or organisation_id not in (None, found.organisation_id):
        raise NotFound(N_("Không có chương trình trợ giá này."), remedy=N_("Mở lại từ danh sách."))
    return found


def subsidy_of(order_id: int) -> Subsidy | None:
    """The subsidy that pays a part of an order."""
    wanted = select(Subsidy).join(Redemption, Redemption.subsidy_id == Subsidy.id)
    return db.session.execute(wanted.where(Redemption.order_id == order_id)).scalar_one_or_none()


def code_of_order(order_id: int) -> str | None:
    """The voucher's code that an order used."""
    wanted = select(Voucher.code).join(Redemption, Redemption.voucher_id == Voucher.id)
    return db.session.execute(wanted.where(Redemption.order_id == order_id)).scalar_one_or_none()
