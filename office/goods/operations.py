"""The verb behind the screen of many prices and counts: all of it, or nothing and every reason why."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial

from sqlalchemy import select

from accounts.operations import audit
from accounts.rules import Actor, Role
from catalog.models import Pack
from catalog.operations import own_product, set_price
from catalog.weighed.operations import set_rate
from core.db import db
from core.errors import Conflict, DomainError, FormErrors, Invalid, NotFound
from core.format import vnd, weight
from core.i18n import N_
from traceability.models import Stock
from traceability.rules import Place
from traceability.stock.operations import count_stock, lock_pack
from traceability.stock.queries import by_weight


@dataclass(frozen=True)
class NewPrice:
    """A pack's price as typed, and as it was when the page was shown. field: where a refusal belongs."""

    pack_id: int
    price_vnd: int
    seen_vnd: int
    field: str


@dataclass(frozen=True)
class Counted:
    """What was counted of a lot's pack in the store, and what the page said there was."""

    lot_id: int
    pack_id: int
    counted: int
    seen: int
    field: str


def change_goods(
    actor: Actor, prices: Iterable[NewPrice], counts: Iterable[Counted], reason: str
) -> tuple[int, int]:
    """Change prices and counts together; how many of each changed. In the caller's transaction.

    Raises FormErrors with every refusal by its field, and then nothing is changed: a price that somebody changed after
    the page was shown, packs sold meanwhile, a count below what orders hold, a count without a reason.
    """
    actor.must_be(Role.MANAGER)
    errors: list[DomainError] = []
    wished = sorted(prices, key=lambda one: one.pack_id)
    counted = sorted(counts, key=lambda one: (one.pack_id, one.lot_id))
    changed = sum(_try(partial(_price, actor, one), one.field, errors) for one in wished)
    stocked = sum(_try(partial(_count, actor, one, reason), one.field, errors) for one in counted)
    if errors:
        raise FormErrors(_reason_once(errors))
    if changed or stocked:
        audit(
            actor,
            "change goods",
            f"cooperative:{actor.organisation_id}",
            purpose=f"{changed} prices, {stocked} counts",
        )
    return changed, stocked


def _try(verb: Callable[[], bool], field: str, errors: list[DomainError]) -> bool:
    """Run one change; a refusal is kept under the field that it belongs to."""
    try:
        return verb()
    except FormErrors as error:
        errors += [Invalid(one.message, remedy=one.remedy, field=field, **one.params) for one in error.errors]
    except DomainError as error:
        where = error.field if error.field == "reason" else field
        errors.append(type(error)(error.message, remedy=error.remedy, field=where, **error.params))
    return False


def _reason_once(errors: Sequence[DomainError]) -> list[DomainError]:
    """The same refusal of the one reason is said once."""
    found: dict[tuple[str | None, str], DomainError] = {}
    for place, error in enumerate(errors):
        key = (error.field, error.message) if error.field == "reason" else (error.field, f"{place}")
        found.setdefault(key, error)
    return list(found.values())


def _price(actor: Actor, one: NewPrice) -> bool:
    product_id = db.session.execute(
        select(Pack.product_id).where(Pack.id == one.pack_id)
    ).scalar_one_or_none()
    if product_id is None:
        raise NotFound(N_("Không có quy cách này."))
    own_product(actor, product_id)
    pack = db.session.get_one(Pack, one.pack_id, populate_existing=True)
    now = pack.price_per_kg_vnd or pack.price_vnd
    if now == one.price_vnd:
        return False
    if now != one.seen_vnd:
        raise Conflict(
            N_("Vừa có người đổi giá này thành %(now)s."),
            remedy=N_("Giá bạn gõ còn đây, bấm lưu lần nữa để dùng giá đó."),
            now=vnd(now),
        )
    if pack.price_per_kg_vnd is not None:
        set_rate(actor, one.pack_id, one.price_vnd)
    else:
        set_price(actor, one.pack_id, one.price_vnd)
    return True


def _count(actor: Actor, one: Counted, reason: str) -> bool:
    lock_pack(one.pack_id)
    here = select(Stock.on_hand).where(
        Stock.lot_id == one.lot_id, Stock.pack_id == one.pack_id, Stock.place == Place.STORE
    )
    now = db.session.execute(here).scalar_one_or_none() or 0
    if now != one.seen:
        if by_weight(one.pack_id):
            raise Conflict(
                N_("Kho vừa đổi: giờ có %(now)s."), remedy=N_("Cân lại rồi lưu lần nữa."), now=weight(now)
            )
        raise Conflict(N_("Kho vừa đổi: giờ có %(now)s gói."), remedy=N_("Đếm lại rồi lưu lần nữa."), now=now)
    return bool(count_stock(actor, one.lot_id, one.pack_id, one.counted, reason))
