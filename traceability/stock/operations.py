"""Stock moves here and nowhere else: each change is one conditional UPDATE and one immutable movement.

Locks are taken in one order everywhere, so that PostgreSQL never sees a deadlock: lot, then pack (the pack's row
serialises all stock of that pack), several packs by ascending id. Callers that reserve or release several lines in one
transaction go by ascending pack id too.
"""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import Table, bindparam, insert, select, update

from accounts.operations import audit
from accounts.rules import Actor, Role
from catalog.availability.operations import set_available
from catalog.models import Pack, Product
from core import clock
from core.db import db, run
from core.errors import Conflict, Invalid, NotFound
from core.i18n import N_
from core.text import clean
from traceability.batches.rules import kilograms
from traceability.epcis.operations import Step, record
from traceability.epcis.rules import packs as pack_goods
from traceability.models import Lot, Movement, Stock
from traceability.rules import LOSSES, LotKind, MovementKind, Place, Reserved
from traceability.slips.operations import WEIGHERS, serve
from traceability.stock import queries
from traceability.stock.rules import (
    GRAMS_MAX,
    QUANTITY_MAX,
    check_quantity,
    check_reason,
    check_sellable,
    fill,
)

_PACK, _PRODUCT, _STOCK, _MOVEMENT = Pack.__table__, Product.__table__, Stock.__table__, Movement.__table__
assert isinstance(_PACK, Table) and isinstance(_STOCK, Table) and isinstance(_MOVEMENT, Table)
_LOCK_PACK = (
    select(_PRODUCT.c.cooperative_id, _PACK.c.gtin).join_from(_PACK, _PRODUCT, _PRODUCT.c.id == _PACK.c.product_id)
    .where(_PACK.c.id == bindparam("pack")).with_for_update(of=_PACK, key_share=True)
)  # fmt: skip
_HERE = (
    _STOCK.c.lot_id == bindparam("lot"),
    _STOCK.c.pack_id == bindparam("pack"),
    _STOCK.c.place == bindparam("at"),
)
_NEW_ON_HAND, _NEW_RESERVED = _STOCK.c.on_hand + bindparam("more"), _STOCK.c.reserved + bindparam("held")
_MOVE = (
    update(_STOCK).where(*_HERE, _NEW_RESERVED >= 0, _NEW_RESERVED <= _NEW_ON_HAND)
    .values(on_hand=_NEW_ON_HAND, reserved=_NEW_RESERVED)
)  # fmt: skip
_THERE, _ADD_STOCK, _ADD_MOVEMENT = select(_STOCK.c.id).where(*_HERE), insert(_STOCK), insert(_MOVEMENT)


def lock_pack(pack_id: int) -> tuple[int, str]:
    """Hold all stock of a pack until the transaction ends; its cooperative and GTIN. Raises NotFound."""
    row = run(_LOCK_PACK, {"pack": pack_id}).one_or_none()
    if row is None:
        raise NotFound(N_("Không có quy cách này."), remedy=N_("Chọn lại món hàng."))
    return row.cooperative_id, row.gtin


def move(lot_id: int, pack_id: int, place: str, kind: MovementKind, *, on_hand: int = 0, reserved: int = 0,
         reason: str = "", ref: str = "", by: int | None = None) -> None:  # fmt: skip
    """One movement of packs and its effect on the fold. Raises Conflict where `0 ≤ reserved ≤ on_hand` would break."""
    here = {"lot": lot_id, "pack": pack_id, "at": str(place)}
    if run(_MOVE, here | {"more": on_hand, "held": reserved}).rowcount != 1:
        known = run(_THERE, here).scalar_one_or_none()
        if known is not None or on_hand < 0 or not 0 <= reserved <= on_hand:
            raise Conflict(N_("Trong kho không đủ số gói này."), remedy=N_("Mở lại trang xem còn bao nhiêu."))
        row = {
            "lot_id": lot_id,
            "pack_id": pack_id,
            "place": str(place),
            "on_hand": on_hand,
            "reserved": reserved,
        }
        run(_ADD_STOCK, row)
    run(_ADD_MOVEMENT, {
        "lot_id": lot_id, "pack_id": pack_id, "place": str(place), "kind": str(kind), "on_hand_change": on_hand,
        "reserved_change": reserved, "reason": reason, "ref": ref, "at": clock.now(), "by_user_id": by,
    })  # fmt: skip


def refresh(pack_id: int) -> None:
    """Tell the catalogue how many pieces can be sold now, and until which day that holds."""
    now = queries.available(pack_id, clock.today())
    set_available(pack_id, now.pieces, now.until, promised=now.promised, promised_on=now.promised_on)


# ---- selling ----


def reserve(
    pack_id: int, quantity: int, ref: str, on: date | None = None, *, piece_g: int | None = None
) -> list[Reserved]:
    """Hold pieces of a pack for `ref` ("line:17"), from lots sellable on a day: first expired first, promises last.

    A line may be filled from several lots. piece_g: of a pack that is weighed at packing, the heaviest a piece may be:
    so many grams are held for each (docs/adr/0019). Raises OutOfStock (409), which says how many are left, before
    anything is written. One conditional UPDATE a lot: a hundred buyers of the last piece get one piece.
    """
    check_quantity(quantity)
    lock_pack(pack_id)
    parts = fill(queries.free_lots(pack_id, on or clock.today()), quantity, piece_g)
    for part in parts:
        move(
            part.lot_id,
            pack_id,
            Place.STORE,
            MovementKind.RESERVED,
            reserved=part.quantity * (piece_g or 1),
            ref=ref,
        )
    refresh(pack_id)
    return parts


def release(ref: str) -> list[Reserved]:
    """Give back what a reference still holds; what was packed stays packed. Releasing twice changes nothing."""
    held = queries.held(ref)
    for pack_id in sorted({pack_id for pack_id, _lot in held}):
        lock_pack(pack_id)
    freed = queries.held(ref) if held else {}  # again under the locks: somebody may have packed it meanwhile
    for (pack_id, lot_id), quantity in freed.items():
        move(lot_id, pack_id, Place.STORE, MovementKind.RELEASED, reserved=-quantity, ref=ref)
    for pack_id in sorted({pack_id for pack_id, _lot in freed}):
        refresh(pack_id)
    return [Reserved(lot_id, quantity) for (_pack, lot_id), quantity in freed.items()]


def confirm_packed(
    actor: Actor,
    ref: str,
    pack_id: int,
    picks: Sequence[Reserved | tuple[int, int]],
    *,
    by_weight: bool = False,
) -> list[Reserved]:
    """Take out of the store what was packed for `ref`: the lots as scanned, which may differ from those proposed.

    The picks must add up to what is held, from real lots of this pack that are sellable today. by_weight: they are
    grams as weighed, at most those held; what is not used is free again. A promise that was
    held on a planned lot is used up with it. Doing it twice with the same picks changes nothing.
    """
    actor.must_be(*WEIGHERS)
    cooperative_id, gtin = lock_pack(pack_id)
    serve(actor, cooperative_id)
    wanted = _added_up(picks, by_weight)
    held = {lot_id: n for (pack, lot_id), n in queries.held(ref).items() if pack == pack_id}
    if not held and wanted == {lot: n for (pack, lot), n in queries.taken(ref).items() if pack == pack_id}:
        return [Reserved(*pick) for pick in wanted.items()]
    if by_weight:
        _within_held(sum(wanted.values()), sum(held.values()))
    elif sum(wanted.values()) != sum(held.values()):
        raise Conflict(
            N_("Đơn giữ %(held)s gói mà gói được %(packed)s."), remedy=N_("Đếm lại, chọn lô cho đủ số."),
            held=sum(held.values()), packed=sum(wanted.values()),
        )  # fmt: skip
    codes = {lot_id: _packable(lot_id, cooperative_id) for lot_id in sorted(wanted)}
    _let_go(actor, ref, pack_id, held)
    for lot_id, quantity in wanted.items():
        _take(actor, ref, pack_id, lot_id, quantity, codes[lot_id], by_weight)
    unit = "g" if by_weight else "pcs"
    goods = [pack_goods(lot_id, gtin, codes[lot_id], quantity, unit) for lot_id, quantity in wanted.items()]
    record(Step.PICKED, cooperative_id=cooperative_id, at=clock.now(), subject=ref, goods=goods)
    refresh(pack_id)
    audit(actor, "confirm_packed", ref, fields=("lot_id", "quantity"))
    return [Reserved(*pick) for pick in wanted.items()]


def _within_held(packed_g: int, held_g: int) -> None:
    if packed_g > held_g:
        raise Conflict(
            N_("Cân được %(packed)s kg mà đơn chỉ giữ %(held)s kg."), remedy=N_("Đổi con nhẹ hơn rồi cân lại."),
            packed=kilograms(packed_g), held=kilograms(held_g),
        )  # fmt: skip


def _added_up(picks: Sequence[Reserved | tuple[int, int]], by_weight: bool) -> dict[int, int]:
    wanted: dict[int, int] = {}
    for lot_id, quantity in picks:
        wanted[lot_id] = wanted.get(lot_id, 0) + check_quantity(quantity, by_weight=by_weight)
    return dict(sorted(wanted.items()))


def _packable(lot_id: int, cooperative_id: int) -> str:
    """The code of a lot that may go into a parcel today."""
    lot = db.session.get(Lot, lot_id, populate_existing=True)
    if lot is None or lot.cooperative_id != cooperative_id:
        raise NotFound(N_("Không có lô này."), remedy=N_("Quét lại mã trên gói."))
    if lot.kind == LotKind.PLANNED:
        raise Conflict(
            N_("Lô %(code)s mới là dự kiến, chưa có hàng."), remedy=N_("Chọn lô đã đóng gói."), code=lot.code
        )
    check_sellable(lot.code, lot.state, lot.expires_on, clock.today())
    return lot.code


def _let_go(actor: Actor, ref: str, pack_id: int, held: dict[int, int]) -> None:
    """Free the proposed lots; a promise on a planned lot is used up."""
    kinds = dict(db.session.execute(select(Lot.id, Lot.kind).where(Lot.id.in_(held))).tuples().all())
    for lot_id, quantity in sorted(held.items()):
        kept = kinds[lot_id] == LotKind.PLANNED
        move(lot_id, pack_id, Place.STORE, MovementKind.FULFILLED if kept else MovementKind.RELEASED,
             on_hand=-quantity if kept else 0, reserved=-quantity, ref=ref, by=actor.user_id)  # fmt: skip


def _take(
    actor: Actor, ref: str, pack_id: int, lot_id: int, quantity: int, code: str, by_weight: bool
) -> None:
    try:
        move(lot_id, pack_id, Place.STORE, MovementKind.SOLD, on_hand=-quantity, ref=ref, by=actor.user_id)
    except Conflict as error:
        raise Conflict(
            N_("Lô %(code)s không đủ %(quantity)s gói chưa có người giữ.") if not by_weight else
            N_("Lô %(code)s không đủ %(quantity)s kg chưa có người giữ."), remedy=N_("Lấy thêm từ lô khác."),
            code=code, quantity=kilograms(quantity) if by_weight else quantity,
        ) from error  # fmt: skip


def take_back(
    actor: Actor, lot_id: int, pack_id: int, quantity: int, ref: str, reason: str = "", order_code: str = ""
) -> None:
    """Packs that come back wait in quarantine; never more than were sold of that lot and not yet returned.

    quantity, here and below: packs, or grams of a pack that is weighed at packing. order_code: of the order they were
    sold in, told as `parcels` tells it.
    """
    actor.must_be(Role.MANAGER, Role.TREASURER, Role.DIGITAL_TEAM)
    check_quantity(quantity, by_weight=queries.by_weight(pack_id))
    lot, gtin = _lot_and_pack(actor, lot_id, pack_id)
    if quantity > queries.still_out(lot_id, pack_id):
        raise Invalid(
            N_("Lô %(code)s chỉ bán ra %(out)s gói chưa trả lại."), remedy=N_("Xem lại mã lô trên gói."),
            field="quantity", code=lot.code, out=queries.still_out(lot_id, pack_id),
        )  # fmt: skip
    move(lot_id, pack_id, Place.QUARANTINE, MovementKind.RETURNED, on_hand=quantity, ref=ref, reason=clean(reason),
         by=actor.user_id)  # fmt: skip
    _tell(actor, Step.RETURNED, "take_back", lot, gtin, quantity, order_code)


# ---- by hand, each with a reason ----


def count_stock(
    actor: Actor, lot_id: int, pack_id: int, counted: int, reason: str, place: str = Place.STORE
) -> int:
    """Write down what was counted on a shelf; the difference. Raises Conflict below what orders hold."""
    actor.must_be(Role.MANAGER)
    reason = check_reason(clean(reason))
    if not 0 <= counted <= (GRAMS_MAX if queries.by_weight(pack_id) else QUANTITY_MAX):
        raise Invalid(N_("Số đếm được phải từ 0 đến 100.000."), field="quantity")
    lot, gtin = _lot_and_pack(actor, lot_id, pack_id)
    here = _stock(lot_id, pack_id, place)
    if counted < here.reserved:
        raise Conflict(
            N_("Đơn đang giữ %(held)s gói của lô này."),
            remedy=N_("Gói hoặc huỷ các đơn ấy trước."),
            held=here.reserved,
        )
    difference = counted - here.on_hand
    if difference:
        move(
            lot_id, pack_id, place, MovementKind.COUNTED, on_hand=difference, reason=reason, by=actor.user_id
        )
        _tell(actor, Step.COUNTED, "count_stock", lot, gtin, counted)
    return difference


def lose_stock(actor: Actor, lot_id: int, pack_id: int, quantity: int, reason: str,
               kind: str = MovementKind.LOST, place: str = Place.STORE) -> None:  # fmt: skip
    """Packs that left otherwise: lost, a sample, or sold outside the market. Raises Conflict when orders hold them."""
    actor.must_be(Role.MANAGER)
    if kind not in LOSSES:
        raise Invalid(N_("Chọn hàng đi đâu: hao hụt, làm mẫu, hay bán ngoài."), field="kind")
    reason = check_reason(clean(reason))
    check_quantity(quantity, by_weight=queries.by_weight(pack_id))
    lot, gtin = _lot_and_pack(actor, lot_id, pack_id)
    move(lot_id, pack_id, place, MovementKind(kind), on_hand=-quantity, reason=reason, by=actor.user_id)
    _tell(actor, Step.LOST, "lose_stock", lot, gtin, quantity)


def move_stock(
    actor: Actor, lot_id: int, pack_id: int, quantity: int, source: str, target: str, reason: str
) -> None:
    """Carry free packs from one place to another: to quarantine, to a stall, back from it. Leaving quarantine for the
    store is `restock`, which asks more."""
    actor.must_be(Role.MANAGER)
    reason = check_reason(clean(reason))
    check_quantity(quantity, by_weight=queries.by_weight(pack_id))
    if source == target or target not in tuple(Place) or source == Place.QUARANTINE:
        raise Invalid(N_("Chọn nơi khác để chuyển tới."), field="target")
    lot, _gtin = _lot_and_pack(actor, lot_id, pack_id)
    _carry(actor, lot.id, pack_id, quantity, source, target, MovementKind.MOVED, reason)
    refresh(pack_id)
    audit(actor, "move_stock", f"lot:{lot_id}", fields=("quantity", "place"))


def restock(actor: Actor, lot_id: int, pack_id: int, quantity: int, reason: str) -> None:
    """Put quarantined packs back on sale. Never by default, food least of all: somebody says why they are still good.

    Refused for recalled, closed and expired lots.
    """
    actor.must_be(Role.MANAGER)
    reason = check_reason(clean(reason))
    check_quantity(quantity, by_weight=queries.by_weight(pack_id))
    lot, gtin = _lot_and_pack(actor, lot_id, pack_id)
    check_sellable(lot.code, lot.state, lot.expires_on, clock.today())
    _carry(actor, lot_id, pack_id, quantity, Place.QUARANTINE, Place.STORE, MovementKind.RESTOCKED, reason)
    _tell(actor, Step.RESTOCKED, "restock", lot, gtin, quantity)


def destroy(
    actor: Actor, lot_id: int, pack_id: int, quantity: int, reason: str, place: str = Place.QUARANTINE
) -> None:
    """Packs that will never be sold are destroyed, with a reason."""
    actor.must_be(Role.MANAGER)
    reason = check_reason(clean(reason))
    check_quantity(quantity, by_weight=queries.by_weight(pack_id))
    lot, gtin = _lot_and_pack(actor, lot_id, pack_id)
    move(lot_id, pack_id, place, MovementKind.DESTROYED, on_hand=-quantity, reason=reason, by=actor.user_id)
    _tell(actor, Step.DESTROYED, "destroy", lot, gtin, quantity)


def quarantine_all(actor: Actor, lot: Lot, reason: str) -> list[tuple[str, int]]:
    """Unreserve every pack of a lot and move it to quarantine; (reference, pack id) of each order that lost pieces."""
    stocked = db.session.execute(
        select(Stock.pack_id)
        .where(Stock.lot_id == lot.id, Stock.on_hand > 0)
        .distinct()
        .order_by(Stock.pack_id)
    )
    lost: list[tuple[str, int]] = []
    for pack_id in list(stocked.scalars()):
        lock_pack(pack_id)
        for ref, quantity in queries.holders(lot.id, pack_id):
            move(
                lot.id,
                pack_id,
                Place.STORE,
                MovementKind.RECALLED,
                reserved=-quantity,
                ref=ref,
                by=actor.user_id,
            )
            lost.append((ref, pack_id))
        if lot.kind == LotKind.REAL:
            _all_to_quarantine(actor, lot.id, pack_id, reason)
        refresh(pack_id)
    return lost


def _all_to_quarantine(actor: Actor, lot_id: int, pack_id: int, reason: str) -> None:
    rows = db.session.execute(
        select(Stock.place, Stock.on_hand).where(
            Stock.lot_id == lot_id, Stock.pack_id == pack_id, Stock.on_hand > 0, Stock.place != Place.QUARANTINE
        ).order_by(Stock.place)
    ).all()  # fmt: skip
    for place, on_hand in rows:
        _carry(actor, lot_id, pack_id, on_hand, place, Place.QUARANTINE, MovementKind.RECALLED, reason)


def _carry(actor: Actor, lot_id: int, pack_id: int, quantity: int, source: str, target: str, kind: MovementKind,
           reason: str) -> None:  # fmt: skip
    move(lot_id, pack_id, source, kind, on_hand=-quantity, reason=reason, by=actor.user_id)
    move(lot_id, pack_id, target, kind, on_hand=quantity, reason=reason, by=actor.user_id)


def _lot_and_pack(actor: Actor, lot_id: int, pack_id: int) -> tuple[Lot, str]:
    """The lot, its pack locked, of the actor's own cooperative. Raises NotFound when the two do not belong together."""
    lot = db.session.get(Lot, lot_id)
    if lot is None:
        raise NotFound(N_("Không có lô này."), remedy=N_("Xem lại danh sách lô."))
    serve(actor, lot.cooperative_id)
    _cooperative, gtin = lock_pack(pack_id)
    if db.session.execute(select(Pack.product_id).where(Pack.id == pack_id)).scalar_one() != lot.product_id:
        raise NotFound(N_("Quy cách này không thuộc lô."), remedy=N_("Chọn quy cách của món hàng trong lô."))
    db.session.refresh(lot)
    return lot, gtin


def _stock(lot_id: int, pack_id: int, place: str) -> Stock:
    if place not in tuple(Place):
        raise Invalid(N_("Chọn kho, khu tách riêng hay quầy."), field="place")
    here = select(Stock).where(Stock.lot_id == lot_id, Stock.pack_id == pack_id, Stock.place == place)
    found = db.session.execute(here.execution_options(populate_existing=True)).scalar_one_or_none()
    return found or Stock(lot_id=lot_id, pack_id=pack_id, place=place, on_hand=0, reserved=0)


def _tell(
    actor: Actor, step: Step, verb: str, lot: Lot, gtin: str, quantity: int, order_code: str = ""
) -> None:
    """The event, the audit line and the catalogue's number after packs moved by hand."""
    pack_id = db.session.execute(select(Pack.id).where(Pack.gtin == gtin)).scalar_one()
    unit = "g" if queries.by_weight(pack_id) else "pcs"
    record(step, cooperative_id=lot.cooperative_id, at=clock.now(), subject=f"lot:{lot.id}",
           goods=[pack_goods(lot.id, gtin, lot.code, quantity, unit)], order_code=order_code)  # fmt: skip
    refresh(pack_id)
    audit(actor, verb, f"lot:{lot.id}", fields=("quantity", "reason"))


def refresh_expired() -> int:
    """Renew the numbers of packs whose lots have expired since they were last counted; how many there were."""
    due = queries.packs_to_refresh(clock.today())
    for pack_id in due:
        lock_pack(pack_id)
        refresh(pack_id)
    return len(due)
