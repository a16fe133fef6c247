"""The life of a lot: made, promised, packed, partly lost, recalled, closed."""

from collections.abc import Collection
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, case, func, insert, select, update

from accounts.operations import audit
from accounts.rules import Actor, Role
from catalog.models import Pack, Product
from core import clock
from core.db import db, run
from core.errors import Conflict, Invalid, NotFound
from core.i18n import N_
from core.once import next_number
from core.text import clean
from traceability.batches.rules import check_weight
from traceability.epcis.operations import Step, record
from traceability.epcis.rules import bulk as bulk_goods
from traceability.epcis.rules import packs as pack_goods
from traceability.lots import queries
from traceability.lots.rules import check_mass, code_prefix, expiry, lot_code, next_state, pack_mass_g
from traceability.models import Batch, Lot, Movement, Stock
from traceability.rules import LotEvent, LotKind, LotState, MovementKind, Output, Place
from traceability.slips.operations import WEIGHERS, serve
from traceability.stock.operations import lock_pack, move, quarantine_all, refresh
from traceability.stock.queries import WEIGHED, by_weight, stock_of_lot
from traceability.stock.rules import check_quantity, check_reason, check_sellable


def new_lot(actor: Actor, batch: Batch, output: Output) -> Lot:
    """The lot of one output of a batch that is being closed; without an expiry it follows the product's shelf life."""
    product = _product(output.product_id, batch.cooperative_id)
    expires_on = expiry(output.made_on, output.expires_on, product.shelf_life_days)
    lot = _add_lot(product, output.made_on, expires_on, batch_id=batch.id, output_g=output.weight_g)
    change_bulk(actor, lot, output.weight_g, MovementKind.MADE, ref=f"batch:{batch.id}")
    return lot


def plan_lot(
    actor: Actor, pack_id: int, quantity: int, promised_on: date, expires_on: date | None = None
) -> Lot:
    """Promise packs of a lot that is not made yet, so that they can be ordered; packing confirms them on a real lot.

    quantity: packs, or grams of what is weighed at packing.
    """
    actor.must_be(Role.MANAGER)
    weighed = by_weight(pack_id)
    check_quantity(quantity, by_weight=weighed)
    if not clock.today() <= promised_on <= date(clock.today().year + 2, 12, 31):
        raise Invalid(
            N_("Ngày hẹn phải từ hôm nay, trong hai năm tới."),
            remedy=N_("Chọn lại ngày."),
            field="promised_on",
        )
    cooperative_id, _gtin = lock_pack(pack_id)
    serve(actor, cooperative_id)
    product_id = db.session.execute(select(Pack.product_id).where(Pack.id == pack_id)).scalar_one()
    product = _product(product_id, cooperative_id)
    lot = _add_lot(
        product, promised_on, expiry(promised_on, expires_on, product.shelf_life_days), kind=LotKind.PLANNED
    )
    move(lot.id, pack_id, Place.STORE, MovementKind.PLANNED, on_hand=quantity, by=actor.user_id)
    refresh(pack_id)
    audit(actor, "plan_lot", f"lot:{lot.id}", fields=("quantity", "made_on"))
    return lot


def change_bulk(
    actor: Actor, lot: Lot, change_g: int, kind: MovementKind, *, reason: str = "", ref: str = ""
) -> None:
    """One movement of a lot's bulk, in grams. Raises Invalid when the lot holds less than is taken."""
    bulk = Lot.bulk_g + change_g
    left = db.session.execute(
        update(Lot)
        .where(Lot.id == lot.id, bulk >= 0, bulk <= Lot.output_g)
        .values(bulk_g=bulk)
        .returning(Lot.bulk_g)
    ).scalar_one_or_none()
    if left is None:
        raise Invalid(
            N_("Lô %(code)s không còn đủ hàng chưa đóng gói."), remedy=N_("Ghi nhiều nhất số còn lại."),
            field="weight_g", code=lot.code,
        )  # fmt: skip
    db.session.refresh(lot)
    db.session.execute(
        insert(Movement).values(lot_id=lot.id, kind=kind, bulk_change_g=change_g, reason=reason, ref=ref,
                                at=clock.now(), by_user_id=actor.user_id)
    )  # fmt: skip


def usable_lot(actor: Actor, lot_id: int) -> Lot:
    """A lot of the actor's cooperative, locked, that may be packed or used today. Raises Conflict when it may not."""
    lot = queries.locked(lot_id)
    serve(actor, lot.cooperative_id)
    check_sellable(lot.code, lot.state, lot.expires_on, clock.today())
    return lot


def pack_lot(actor: Actor, lot_id: int, pack_id: int, quantity: int) -> int:
    """Turn bulk into packs in the store; grams taken from bulk (0 for pieces and for ml without a density).

    quantity: packs; of what is weighed at packing, the grams that are put on sale, which is also what leaves the bulk.
    Raises Invalid when the mass does not suffice, Conflict for an expired, recalled, closed or planned lot.
    """
    actor.must_be(*WEIGHERS)
    weighed = by_weight(pack_id)
    check_quantity(quantity, by_weight=weighed)
    lot = usable_lot(actor, lot_id)
    if lot.kind == LotKind.PLANNED:
        raise Conflict(
            N_("Lô %(code)s mới là dự kiến, chưa có hàng."),
            remedy=N_("Đóng mẻ trước rồi mới đóng gói."),
            code=lot.code,
        )
    pack = db.session.get(Pack, pack_id)
    if pack is None or pack.product_id != lot.product_id:
        raise NotFound(N_("Quy cách này không thuộc lô."), remedy=N_("Chọn quy cách của món hàng trong lô."))
    one_g = 1 if weighed else pack_mass_g(pack.net_quantity, pack.net_unit, queries.density_of(lot))
    mass_g = check_mass(quantity, one_g, lot.bulk_g, weighed=weighed)
    lock_pack(pack_id)
    if mass_g:
        change_bulk(actor, lot, -mass_g, MovementKind.PACKED)
    move(lot.id, pack_id, Place.STORE, MovementKind.PACKED, on_hand=quantity, by=actor.user_id)
    refresh(pack_id)
    record(Step.PACKED, cooperative_id=lot.cooperative_id, at=clock.now(), subject=f"lot:{lot.id}",
           inputs=[bulk_goods(lot.id, lot.code, mass_g or None)],
           outputs=[pack_goods(lot.id, pack.gtin, lot.code, quantity, "g" if weighed else "pcs")])  # fmt: skip
    audit(actor, "pack_lot", f"lot:{lot.id}", fields=("quantity",))
    return mass_g


def lose_bulk(actor: Actor, lot_id: int, weight_g: int, reason: str) -> None:
    """Bulk that spoiled, spilled or dried away, in grams, with a reason."""
    actor.must_be(Role.MANAGER)
    reason = check_reason(clean(reason))
    lot = queries.locked(lot_id)
    serve(actor, lot.cooperative_id)
    change_bulk(actor, lot, -check_weight(weight_g), MovementKind.LOST, reason=reason)
    record(Step.LOST, cooperative_id=lot.cooperative_id, at=clock.now(), subject=f"lot:{lot.id}",
           goods=[bulk_goods(lot.id, lot.code, weight_g)])  # fmt: skip
    audit(actor, "lose_bulk", f"lot:{lot.id}", fields=("bulk_g", "reason"))


def hold_lots(lot_ids: Collection[int], pack_ids: Collection[int] = ()) -> None:
    """Hold lots, all stock of their packs and of `pack_ids` until the transaction ends, in the one order of locks."""
    queries.all_locked(lot_ids)
    for pack_id in sorted({*pack_ids, *queries.packs_stocked(lot_ids)}):
        lock_pack(pack_id)


def mark_recalled(actor: Actor, lot_id: int, reason: str) -> list[str]:
    """Stop a lot for good: unreserve it, move its packs to quarantine; the references ("line:17") that lost stock.

    Lots made from it are `queries.forward(lot_id)`; the whole recall is `office`'s. A second call changes nothing.
    """
    actor.must_be(Role.MANAGER, Role.ADMINISTRATOR)
    reason = check_reason(clean(reason))
    lot = queries.locked(lot_id)
    if actor.role is not Role.ADMINISTRATOR:
        serve(actor, lot.cooperative_id)
    if lot.state == LotState.RECALLED:
        return []
    lot.state, lot.recall_reason = next_state(lot.code, lot.state, LotEvent.RECALL), reason
    lot.recalled_at = clock.now()
    db.session.flush()
    goods = [pack_goods(lot.id, gtin, lot.code, n, unit) for gtin, n, unit in _packs_left(lot.id)]
    lost = quarantine_all(actor, lot, reason)
    record(Step.RECALLED, cooperative_id=lot.cooperative_id, at=clock.now(), subject=f"lot:{lot.id}",
           goods=goods or [bulk_goods(lot.id, lot.code, None)])  # fmt: skip
    audit(actor, "mark_recalled", f"lot:{lot.id}", fields=("state", "recall_reason"))
    return sorted({ref for ref, _pack in lost})


def close_lot(actor: Actor, lot_id: int, reason: str = "") -> Lot:
    """Say that a lot is used up. Its last bulk is written off with a reason; packs on the shelf must be gone first."""
    actor.must_be(Role.MANAGER)
    lot = queries.locked(lot_id)
    serve(actor, lot.cooperative_id)
    if lot.state == LotState.CLOSED:
        return lot
    after = next_state(lot.code, lot.state, LotEvent.CLOSE)
    if stock_of_lot(lot.id):
        raise Conflict(
            N_("Lô %(code)s còn gói trong kho."),
            remedy=N_("Bán, kiểm đếm hoặc huỷ hết rồi khép lô."),
            code=lot.code,
        )
    if lot.bulk_g:
        gone_g = lot.bulk_g
        change_bulk(actor, lot, -gone_g, MovementKind.LOST, reason=check_reason(clean(reason)))
        record(Step.LOST, cooperative_id=lot.cooperative_id, at=clock.now(), subject=f"lot:{lot.id}",
               goods=[bulk_goods(lot.id, lot.code, gone_g)])  # fmt: skip
    lot.state = after
    db.session.flush()
    audit(actor, "close_lot", f"lot:{lot.id}", fields=("state",))
    return lot


def _packs_left(lot_id: int) -> list[tuple[str, int, str]]:
    """Each barcode of a lot with what is there, and in which unit."""
    rows = run(_left_of_lot(), {"lot": lot_id})
    return [(gtin, int(quantity), unit) for gtin, quantity, unit in rows]


@cache
def _left_of_lot() -> Select[Any]:
    return (
        select(Pack.gtin, func.sum(Stock.on_hand), func.max(case((WEIGHED, "g"), else_="pcs")))
        .join(Pack, Pack.id == Stock.pack_id)
        .where(Stock.lot_id == bindparam("lot"), Stock.on_hand > 0).group_by(Pack.gtin).order_by(Pack.gtin)
    )  # fmt: skip


def _product(product_id: int, cooperative_id: int) -> Product:
    product = db.session.get(Product, product_id)
    if product is None or product.cooperative_id != cooperative_id:
        raise NotFound(N_("Không có món hàng này."), remedy=N_("Chọn trong danh sách hàng của hợp tác xã."))
    return product


def _add_lot(product: Product, made_on: date, expires_on: date | None, *, kind: str = LotKind.REAL,
             batch_id: int | None = None, output_g: int = 0) -> Lot:  # fmt: skip
    prefix = code_prefix(product.name)
    count = next_number(f"lot:{product.cooperative_id}:{prefix}:{made_on:%y%m}")
    lot = Lot(code=lot_code(prefix, made_on, count), cooperative_id=product.cooperative_id, product_id=product.id,
              batch_id=batch_id, kind=kind, made_on=made_on, expires_on=expires_on, output_g=output_g, bulk_g=0,
              created_at=clock.now())  # fmt: skip
    db.session.add(lot)
    db.session.flush()
    return lot
