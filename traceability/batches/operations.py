"""Recipes, and the life of a batch: opened, filled, closed into lots."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import delete, func, select

from accounts.operations import audit
from accounts.rules import Actor, Role
from catalog.models import Product
from cooperatives.terms import queries as terms
from core import clock
from core.db import db
from core.errors import Conflict, Invalid, NotFound
from core.i18n import N_
from core.once import next_number
from core.text import clean
from traceability.batches import queries, ways
from traceability.batches.rules import (
    batch_code,
    check_balance,
    check_band,
    check_density,
    check_weight,
    check_yield,
    kilograms,
)
from traceability.epcis.operations import Step, record
from traceability.epcis.rules import Goods
from traceability.epcis.rules import bulk as bulk_goods
from traceability.epcis.rules import crop as crop_goods
from traceability.epcis.rules import material as material_goods
from traceability.lots.operations import change_bulk, new_lot, usable_lot
from traceability.models import Batch, BatchInput, Lot, Recipe, Slip
from traceability.rules import FEW_HOUSEHOLDS, BatchState, Buying, LotState, MovementKind, Output
from traceability.slips import queries as slips
from traceability.slips.operations import WEIGHERS, cooperative_of, serve


def save_recipe(actor: Actor, name: str, yield_min_bp: int, yield_max_bp: int, product_id: int | None = None, *,
                density_g_per_l: int | None = None, recipe_id: int | None = None,
                cooperative_id: int | None = None) -> Recipe:  # fmt: skip
    """Write a new recipe of the actor's cooperative (or the stated one), or change one.

    Yields are basis points of the input; density is grams a litre. Raises Invalid, NotFound for others' things.
    """
    actor.must_be(Role.MANAGER)
    check_band(yield_min_bp, yield_max_bp)
    check_density(density_g_per_l)
    name = clean(name)
    if not 2 <= len(name) <= 80:
        raise Invalid(
            N_("Tên công thức dài từ 2 đến 80 chữ."), remedy=N_("Ví dụ: Chưng tinh dầu sả."), field="name"
        )
    cooperative_id = cooperative_id or cooperative_of(actor)
    serve(actor, cooperative_id)
    _check_product(cooperative_id, product_id)
    recipe = (
        queries.recipe_of(cooperative_id, recipe_id) if recipe_id else Recipe(cooperative_id=cooperative_id)
    )
    _check_name_free(cooperative_id, name, recipe.id)
    recipe.name, recipe.product_id, recipe.density_g_per_l = name, product_id, density_g_per_l
    recipe.yield_min_bp, recipe.yield_max_bp = yield_min_bp, yield_max_bp
    db.session.add(recipe)
    db.session.flush()
    audit(
        actor,
        "save_recipe",
        f"recipe:{recipe.id}",
        fields=("name", "yield_min_bp", "yield_max_bp", "density"),
    )
    return recipe


def open_batch(actor: Actor, key: str, recipe_id: int, made_on: date | None = None, *,
               buying: str | None = None) -> Batch:  # fmt: skip
    """Start a batch of a recipe on a day. The same key gives the same batch again.

    buying: how its slips are taken, a `Buying`; what the terms of that day say when it is not given.
    """
    actor.must_be(*WEIGHERS)
    recipe = db.session.get(Recipe, recipe_id)
    if recipe is None:
        raise NotFound(N_("Không có công thức này."), remedy=N_("Chọn trong danh sách công thức."))
    serve(actor, recipe.cooperative_id)
    known = db.session.execute(
        select(Batch).where(Batch.cooperative_id == recipe.cooperative_id, Batch.key == key)
    ).scalar_one_or_none()
    if known is not None:
        return known
    made_on = _check_day(made_on or clock.today())
    count = next_number(f"batch:{recipe.cooperative_id}:{made_on:%y%m}")
    batch = Batch(key=key, code=batch_code(made_on.year, made_on.month, count), cooperative_id=recipe.cooperative_id,
                  recipe_id=recipe.id, made_on=made_on, opened_at=clock.now(), by_user_id=actor.user_id,
                  buying=Buying(buying or terms.buying_on(recipe.cooperative_id, made_on)))  # fmt: skip
    db.session.add(batch)
    db.session.flush()
    audit(actor, "open_batch", f"batch:{batch.id}")
    return batch


def add_slip(actor: Actor, batch_id: int, slip_id: int, weight_g: int | None = None) -> BatchInput:
    """Put a slip's harvest into an open batch: all that is left of it, or so many grams.

    Over all batches a slip gives at most its net weight. A slip is in a batch once: more of it adds to that line.
    """
    batch = _open(actor, batch_id)
    slip = slips.locked(slip_id)
    serve(actor, slip.cooperative_id)
    if slip.cooperative_id != batch.cooperative_id:
        raise NotFound(N_("Không có phiếu cân này."), remedy=N_("Xem lại danh sách phiếu."))
    if slips.void_of(slip.id) is not None:
        raise Conflict(N_("Phiếu %(number)s đã bỏ."), remedy=N_("Chọn phiếu khác."), number=slip.number)
    left_g = slip.net_g - slips.used_g(slip.id)
    if left_g <= 0:
        raise Invalid(
            N_("Phiếu %(number)s đã dùng hết."),
            remedy=N_("Chọn phiếu khác."),
            field="slip_id",
            number=slip.number,
        )
    weight_g = check_weight(left_g if weight_g is None else weight_g)
    if weight_g > left_g:
        raise Invalid(
            N_("Phiếu %(number)s chỉ còn %(left)s kg."), remedy=N_("Ghi nhiều nhất số còn lại."), field="weight_g",
            number=slip.number, left=kilograms(left_g),
        )  # fmt: skip
    return _add(actor, batch, weight_g, slip_id=slip.id)


def add_lot(actor: Actor, batch_id: int, lot_id: int, weight_g: int | None = None) -> BatchInput:
    """Put bulk of an open, unexpired lot into an open batch: all of it, or so many grams; it leaves the lot at once."""
    batch = _open(actor, batch_id)
    lot = usable_lot(actor, lot_id)
    weight_g = check_weight(lot.bulk_g if weight_g is None else weight_g)
    change_bulk(actor, lot, -weight_g, MovementKind.USED, ref=f"batch:{batch.id}")
    return _add(actor, batch, weight_g, lot_id=lot.id)


def add_material(actor: Actor, batch_id: int, name: str, weight_g: int) -> BatchInput:
    """Put bought-in material (salt, water, flour) into an open batch: it counts in the mass, never in the split."""
    batch = _open(actor, batch_id)
    name = clean(name)
    if not 2 <= len(name) <= 60:
        raise Invalid(
            N_("Tên nguyên liệu dài từ 2 đến 60 chữ."), remedy=N_("Ví dụ: muối, nước, bột nếp."), field="name"
        )
    return _add(actor, batch, check_weight(weight_g), material_name=name)


def remove_input(actor: Actor, batch_id: int, input_id: int) -> None:
    """Take something back out of an open batch; a lot gets its bulk back. Removing twice changes nothing."""
    batch = _open(actor, batch_id)
    line = db.session.execute(
        select(BatchInput).where(BatchInput.id == input_id, BatchInput.batch_id == batch.id)
    ).scalar_one_or_none()
    if line is None:
        return
    if line.lot_id is not None:
        lot = db.session.get_one(Lot, line.lot_id)
        change_bulk(actor, lot, line.weight_g, MovementKind.UNUSED, ref=f"batch:{batch.id}")
    db.session.execute(delete(BatchInput).where(BatchInput.id == line.id))
    _sum_up(batch)
    audit(actor, "remove_input", f"batch:{batch.id}")


def close_batch(actor: Actor, batch_id: int, outputs: Sequence[Output | tuple[int, int, date, date | None]],
                reason: str = "") -> list[Lot]:  # fmt: skip
    """End a batch: its outputs become lots, and nothing of it changes any more. Closing twice gives the same lots.

    Raises Invalid when more comes out than went in, or when the yield lies outside the recipe's band and `reason`
    does not say why. What is missing between input and output is the loss, kept as both sums.
    """
    batch = _mine(actor, batch_id)
    if batch.state == BatchState.CLOSED:
        return list(
            db.session.execute(select(Lot).where(Lot.batch_id == batch.id).order_by(Lot.id)).scalars()
        )
    wanted = [Output(*one) for one in outputs]
    for one in wanted:
        check_weight(one.weight_g)
    _refuse_recalled(batch)
    _sum_up(batch)
    output_g, reason = sum(one.weight_g for one in wanted), clean(reason)
    check_balance(batch.input_g, output_g)
    check_yield(batch.input_g, output_g, batch.recipe.yield_min_bp, batch.recipe.yield_max_bp, reason)
    batch.state, batch.closed_at, batch.output_g, batch.loss_reason = (
        BatchState.CLOSED,
        clock.now(),
        output_g,
        reason,
    )
    batch.purchase = ways.to_follow(batch.id)
    db.session.flush()
    lots = [new_lot(actor, batch, one) for one in wanted]
    _record_made(batch, lots)
    audit(actor, "close_batch", f"batch:{batch.id}", fields=("output_g", "loss_reason"))
    return lots


def _refuse_recalled(batch: Batch) -> None:
    """A lot that was recalled while it lay in an open batch must not come out as another one."""
    used = db.session.execute(
        select(Lot).join(BatchInput, BatchInput.lot_id == Lot.id).where(BatchInput.batch_id == batch.id)
        .order_by(Lot.id).with_for_update(of=Lot).execution_options(populate_existing=True)
    ).scalars()  # fmt: skip
    for lot in used:
        if lot.state == LotState.RECALLED:
            raise Conflict(
                N_("Lô %(code)s trong mẻ này đã bị thu hồi."),
                remedy=N_("Không đóng mẻ. Bỏ hàng của mẻ, hoặc lấy lô ấy ra nếu chưa trộn."),
                code=lot.code,
            )


def _mine(actor: Actor, batch_id: int) -> Batch:
    actor.must_be(*WEIGHERS)
    batch = queries.locked(batch_id)
    serve(actor, batch.cooperative_id)
    return batch


def _open(actor: Actor, batch_id: int) -> Batch:
    batch = _mine(actor, batch_id)
    if batch.state != BatchState.OPEN:
        raise Conflict(N_("Mẻ %(code)s đã đóng."), remedy=N_("Mở mẻ mới."), code=batch.code)
    return batch


def _add(actor: Actor, batch: Batch, weight_g: int, *, slip_id: int | None = None, lot_id: int | None = None,
         material_name: str = "") -> BatchInput:  # fmt: skip
    line = None
    if not material_name:
        line = db.session.execute(
            select(BatchInput).where(
                BatchInput.batch_id == batch.id, BatchInput.slip_id == slip_id, BatchInput.lot_id == lot_id
            )
        ).scalar_one_or_none()
    if line is None:
        buying = ways.said_of(slip_id) or batch.buying if slip_id else ""
        line = BatchInput(batch_id=batch.id, slip_id=slip_id, lot_id=lot_id, material_name=material_name, weight_g=0,
                          buying=buying, at=clock.now())  # fmt: skip
        db.session.add(line)
    line.weight_g += weight_g
    db.session.flush()
    _sum_up(batch)
    audit(actor, "add_input", f"batch:{batch.id}", fields=("slip_id", "lot_id", "material_name", "weight_g"))
    return line


def _sum_up(batch: Batch) -> None:
    total = select(func.coalesce(func.sum(BatchInput.weight_g), 0)).where(BatchInput.batch_id == batch.id)
    batch.input_g = int(db.session.execute(total).scalar_one())
    db.session.flush()


def _check_day(made_on: date) -> date:
    today = clock.today()
    if made_on > today:
        raise Invalid(N_("Ngày làm chưa tới."), remedy=N_("Chọn hôm nay hoặc ngày trước."), field="made_on")
    if (today - made_on).days > 366:
        raise Invalid(N_("Ngày làm đã quá một năm."), remedy=N_("Xem lại năm."), field="made_on")
    return made_on


def _check_product(cooperative_id: int, product_id: int | None) -> None:
    if product_id is None:
        return
    product = db.session.get(Product, product_id)
    if product is None or product.cooperative_id != cooperative_id:
        raise NotFound(N_("Không có món hàng này."), remedy=N_("Chọn trong danh sách hàng của hợp tác xã."))


def _check_name_free(cooperative_id: int, name: str, own_id: int | None) -> None:
    taken = db.session.execute(
        select(Recipe.id).where(Recipe.cooperative_id == cooperative_id, Recipe.name == name)
    ).scalar_one_or_none()
    if taken is not None and taken != own_id:
        raise Invalid(N_("Đã có công thức “%(name)s”."), remedy=N_("Đặt tên khác."), field="name", name=name)


def _record_made(batch: Batch, lots: list[Lot]) -> None:
    """One event for the whole batch. Grams of slips stay closed, and so do sums below five households."""
    lines = queries.input_lines(batch.id)
    crops = db.session.execute(
        select(Slip.crop_id, func.sum(BatchInput.weight_g), func.count(func.distinct(Slip.household_id)))
        .join(BatchInput, BatchInput.slip_id == Slip.id).where(BatchInput.batch_id == batch.id)
        .group_by(Slip.crop_id).order_by(Slip.crop_id)
    ).all()  # fmt: skip
    inputs: list[Goods] = [
        crop_goods(crop_id, int(grams) if households >= FEW_HOUSEHOLDS else None)
        for crop_id, grams, households in crops
    ]
    inputs += [bulk_goods(one.lot_id, one.title, one.weight_g) for one in lines if one.lot_id is not None]
    inputs += [material_goods(one.title, one.weight_g) for one in lines if one.kind == "material"]
    record(
        Step.MADE, cooperative_id=batch.cooperative_id, at=batch.closed_at or clock.now(), inputs=inputs,
        outputs=[bulk_goods(lot.id, lot.code, lot.output_g) for lot in lots], subject=f"batch:{batch.id}",
        closed={"slips": {str(one.slip_id): one.weight_g for one in lines if one.slip_id is not None}},
    )  # fmt: skip
