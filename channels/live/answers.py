"""Words for somebody who came too late: what is left, another lot to take instead, or the day of the next sale."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from catalog.models import Product
from catalog.queries import PackFact
from core import clock
from core.db import db
from core.format import day, vnd
from core.i18n import _
from traceability.models import Lot, Stock
from traceability.stock.queries import FIRST_EXPIRED, sellable_on


@dataclass(frozen=True, slots=True)
class Instead:
    """Another pack that is there: the same product in another size, else goods of the same kind off the sheet."""

    pack: PackFact
    left: int
    lot_code: str


@dataclass(frozen=True, slots=True)
class Short:
    """So many of a pack were asked for, and fewer are left."""

    pack: PackFact
    wanted: int
    left: int
    instead: Instead | None


def words(name: str, shorts: Sequence[Short], next_on: date | None) -> str:
    """What to send back, in the reader's language; kind, and with something to do."""
    said = [_("Chào %(name)s, cảm ơn mình đã gọi.", name=name)]
    for one in shorts:
        what = f"{one.pack.product_name}, {one.pack.label}"
        if one.left > 0:
            said.append(_("%(what)s chỉ còn %(left)s, chưa đủ %(wanted)s. Mình lấy %(left)s nhé?",
                          what=what, left=one.left, wanted=one.wanted))  # fmt: skip
        else:
            said.append(_("%(what)s vừa hết mất rồi.", what=what))
        if one.instead is not None:
            said.append(_("Còn %(what)s, lô %(lot)s, %(price)s: mình lấy thay không?",
                          what=f"{one.instead.pack.product_name}, {one.instead.pack.label}",
                          lot=one.instead.lot_code, price=vnd(one.instead.pack.price_vnd)))  # fmt: skip
    if next_on is not None and next_on > clock.today():
        said.append(_("Buổi sau là ngày %(day)s, mình nhắn sớm để được phần.", day=day(next_on)))
    elif any(one.left <= 0 and one.instead is None for one in shorts):
        said.append(_("Có mẻ mới bên mình nhắn ngay."))
    return "\n".join(said)


def shorts(
    wanted: Iterable[tuple[int, int]], packs: Mapping[int, PackFact], left: Mapping[int, int], sheet: Iterable[int]
) -> dict[tuple[int, int], Short]:  # fmt: skip
    """What to say of each (pack, pieces) that could not be met. sheet: packs on the live sheet. Two statements."""
    asked = {one for one in wanted if one[0] in packs}
    if not asked:
        return {}
    there = {pack_id for pack_id in packs if left.get(pack_id, 0) > 0}
    lots = _first_lots(there)
    kinds, shown = _kinds({one.product_id for one in packs.values()}), frozenset(sheet)
    made = {}
    for pack_id, quantity in asked:
        near = _near(
            packs[pack_id], quantity, [packs[one] for one in sorted(there & lots.keys())], left, kinds, shown
        )
        instead = Instead(near, left[near.pack_id], lots[near.pack_id]) if near else None
        made[pack_id, quantity] = Short(packs[pack_id], quantity, max(0, left.get(pack_id, 0)), instead)
    return made


def _near(
    lacks: PackFact, quantity: int, there: Sequence[PackFact], left: Mapping[int, int],
    kinds: Mapping[int, int | None], shown: frozenset[int],
) -> PackFact | None:  # fmt: skip
    """The pack to offer: another size of the product first, else the same kind of goods on the sheet; what is there in
    the number asked for before what is not, the nearest price before a farther one.
    """
    kind = kinds.get(lacks.product_id)
    fits = [
        one for one in there
        if one.pack_id != lacks.pack_id
        and (one.product_id == lacks.product_id
             or (one.pack_id in shown and kind is not None and kinds.get(one.product_id) == kind))
    ]  # fmt: skip
    return min(
        fits, default=None,
        key=lambda one: (one.product_id != lacks.product_id, left[one.pack_id] < quantity,
                         abs(one.price_vnd - lacks.price_vnd), one.pack_id),
    )  # fmt: skip


def _kinds(product_ids: Iterable[int]) -> dict[int, int | None]:
    rows = db.session.execute(
        select(Product.id, Product.category_id).where(Product.id.in_(list(product_ids)))
    )
    return dict(rows.tuples().all())


def _first_lots(pack_ids: Iterable[int]) -> dict[int, str]:
    """The lot that the next piece of a pack comes from, by its code."""
    rows = db.session.execute(
        select(Stock.pack_id, Lot.code).join(Lot, Lot.id == Stock.lot_id)
        .where(Stock.pack_id.in_(list(pack_ids)), Stock.on_hand > Stock.reserved, *sellable_on(clock.today()))
        .order_by(Stock.pack_id, *FIRST_EXPIRED)
    )  # fmt: skip
    found: dict[int, str] = {}
    for pack_id, code in rows:
        found.setdefault(pack_id, code)
    return found
