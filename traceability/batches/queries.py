"""Reads of recipes and batches, and walks over the graph of lots, batches and slips."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cache
from typing import Any

from sqlalchemy import Row, Select, bindparam, func, select

from catalog.models import Product
from cooperatives.models import Producer
from core.db import db, run
from core.errors import NotFound
from core.i18n import N_
from households.models import Household, Person
from traceability.batches.rules import Input, MadeOf, shares_of, whole_grams
from traceability.models import Batch, BatchInput, Lot, Recipe, Slip
from traceability.rules import Buying, Contribution
from traceability.slips.queries import heads_of_whole_homes

PAGE_SIZE = 30


@dataclass(frozen=True)
class InputLine:
    """One input of a batch as its page shows it: kind is slip, lot or material."""

    id: int
    kind: str
    title: str
    weight_g: int
    slip_id: int | None
    lot_id: int | None
    producer_name: str = ""
    household_key: str = ""
    buying: str = ""


@dataclass(frozen=True)
class BatchLine:
    """A batch as a list shows it."""

    id: int
    code: str
    recipe: str
    state: str
    made_on: date
    input_g: int
    output_g: int


def batch_of(cooperative_id: int, batch_id: int) -> Batch:
    """A batch of this cooperative. Raises NotFound for another's as well."""
    return _found(
        db.session.execute(
            select(Batch).where(Batch.id == batch_id, Batch.cooperative_id == cooperative_id)
        ).scalar_one_or_none()
    )


def locked(batch_id: int) -> Batch:
    """A batch that nobody else changes until the transaction ends. Raises NotFound."""
    wanted = (
        select(Batch).where(Batch.id == batch_id).with_for_update().execution_options(populate_existing=True)
    )
    return _found(db.session.execute(wanted).scalar_one_or_none())


def _found(batch: Batch | None) -> Batch:
    if batch is None:
        raise NotFound(N_("Không có mẻ này."), remedy=N_("Xem lại danh sách mẻ."))
    return batch


def recipe_of(cooperative_id: int, recipe_id: int) -> Recipe:
    """A recipe of this cooperative. Raises NotFound."""
    recipe = db.session.get(Recipe, recipe_id)
    if recipe is None or recipe.cooperative_id != cooperative_id:
        raise NotFound(N_("Không có công thức này."), remedy=N_("Chọn trong danh sách công thức."))
    return recipe


def recipes(cooperative_id: int, *, active: bool = True) -> list[Recipe]:
    """A cooperative's recipes by name."""
    wanted = select(Recipe).where(Recipe.cooperative_id == cooperative_id).order_by(Recipe.name)
    return list(db.session.execute(wanted.where(Recipe.active) if active else wanted).scalars())


def products(cooperative_id: int) -> Sequence[Row[tuple[int, str, int | None]]]:
    """What the cooperative makes, with shelf life: id, name, shelf_life_days."""
    return db.session.execute(
        select(Product.id, Product.name, Product.shelf_life_days)
        .where(Product.cooperative_id == cooperative_id, Product.name != "")
        .order_by(Product.name_folded, Product.id)
    ).all()


def batch_lines(cooperative_id: int, page: int = 1) -> tuple[list[BatchLine], int]:
    """One page of batches, open ones first, then newest; and how many pages there are."""
    count = db.session.execute(
        select(func.count()).where(Batch.cooperative_id == cooperative_id)
    ).scalar_one()
    page_count = max(1, -(-count // PAGE_SIZE))
    rows = db.session.execute(
        select(Batch.id, Batch.code, Recipe.name, Batch.state, Batch.made_on, Batch.input_g, Batch.output_g)
        .join(Recipe).where(Batch.cooperative_id == cooperative_id)
        .order_by(Batch.state.desc(), Batch.made_on.desc(), Batch.id.desc())
        .limit(PAGE_SIZE).offset((min(max(1, page), page_count) - 1) * PAGE_SIZE)
    ).all()  # fmt: skip
    return [BatchLine(*row) for row in rows], page_count


def input_lines(batch_id: int) -> list[InputLine]:
    """What went into a batch, in the order it was put in, each slip with whose it is."""
    rows = db.session.execute(
        select(BatchInput.id, BatchInput.slip_id, BatchInput.lot_id, BatchInput.material_name, BatchInput.weight_g,
               Slip.number, Lot.code, Person.name, Producer.code.label("producer"),
               Slip.household_id, Household.key, BatchInput.buying)
        .outerjoin(Slip, Slip.id == BatchInput.slip_id).outerjoin(Lot, Lot.id == BatchInput.lot_id)
        .outerjoin(Producer, Producer.id == Slip.producer_id).outerjoin(Person, Person.id == Producer.person_id)
        .outerjoin(Household, Household.id == Slip.household_id)
        .where(BatchInput.batch_id == batch_id).order_by(BatchInput.id)
    ).all()  # fmt: skip
    heads = heads_of_whole_homes(rows)
    return [
        InputLine(row.id, "slip" if row.slip_id else "lot" if row.lot_id else "material",
                  row.number or row.code or row.material_name, row.weight_g, row.slip_id, row.lot_id,
                  row.name or heads.get(row.household_id) or row.producer or "", row.key or "",
                  row.buying or ("consigned" if row.slip_id else ""))
        for row in rows
    ]  # fmt: skip


def outputs_of(batch_id: int) -> Sequence[Row[tuple[int, str, str, int, int]]]:
    """The lots a batch gave: id, code, product name, output_g, bulk_g."""
    return db.session.execute(
        select(Lot.id, Lot.code, Product.name, Lot.output_g, Lot.bulk_g)
        .join(Product, Product.id == Lot.product_id).where(Lot.batch_id == batch_id).order_by(Lot.id)
    ).all()  # fmt: skip


def usable_lots(cooperative_id: int) -> Sequence[Row[tuple[int, str, str, int]]]:
    """Open lots with bulk left, oldest first: id, code, product name, bulk_g."""
    return db.session.execute(
        select(Lot.id, Lot.code, Product.name, Lot.bulk_g)
        .join(Product, Product.id == Lot.product_id)
        .where(Lot.cooperative_id == cooperative_id, Lot.state == "open", Lot.bulk_g > 0)
        .order_by(Lot.made_on, Lot.id).limit(100)
    ).all()  # fmt: skip


# ---- the graph ----


def graph_behind(lot_id: int) -> dict[int, MadeOf]:
    """A lot and every lot behind it, each with its batch's inputs; one recursive statement."""
    rows = run(_behind(), {"of_lot": lot_id})
    graph: dict[int, MadeOf] = {}
    inputs: dict[int, list[Input]] = {}
    for row in rows:
        into = inputs.setdefault(row.lot_id, [])
        into.append(Input(row.weight_g, row.slip_id, row.from_lot_id))
        graph.setdefault(row.lot_id, MadeOf(row.output_g, row.batch_g, into))
    return graph


@cache
def _behind() -> Select[Any]:
    """The walk back from lot `of_lot`."""
    behind = (
        select(Lot.id.label("lot_id"), Lot.batch_id, Lot.output_g)
        .where(Lot.id == bindparam("of_lot"))
        .cte("behind", recursive=True)
    )
    source = (
        select(Lot.id, Lot.batch_id, Lot.output_g)
        .select_from(behind)
        .join(BatchInput, BatchInput.batch_id == behind.c.batch_id)
        .join(Lot, Lot.id == BatchInput.lot_id)
    )
    behind = behind.union(source)
    return (
        select(behind.c.lot_id, behind.c.output_g, Batch.output_g.label("batch_g"), BatchInput.slip_id,
               BatchInput.lot_id.label("from_lot_id"), BatchInput.weight_g)
        .select_from(behind).join(Batch, Batch.id == behind.c.batch_id)
        .join(BatchInput, BatchInput.batch_id == Batch.id)
    )  # fmt: skip


def shares(lot_id: int) -> dict[int, Fraction]:
    """Exact grams of each slip in a lot: the key by which its sales are shared."""
    return shares_of(lot_id, graph_behind(lot_id))


def contributions(lot_id: int) -> list[Contribution]:
    """What each slip gave to a lot, in whole grams that add up, by slip id. Empty for planned lots and bought goods."""
    grams = whole_grams(shares(lot_id))
    if not grams:
        return []
    bought = (
        select(BatchInput.id)
        .where(BatchInput.slip_id == Slip.id, BatchInput.buying == Buying.OUTRIGHT)
        .exists()
    )
    rows = db.session.execute(
        select(
            Slip.id,
            Slip.producer_id,
            Slip.household_id,
            Slip.grade,
            Slip.weighed_on,
            Slip.price_vnd_per_kg,
            bought,
        )
        .where(Slip.id.in_(grams))
        .order_by(Slip.id)
    ).all()
    return [
        Contribution(row.id, row.producer_id, row.household_id, grams[row.id], row.grade, row.weighed_on,
                     row.price_vnd_per_kg, Buying.OUTRIGHT if row[6] else Buying.CONSIGNED)
        for row in rows
    ]  # fmt: skip


def slips_behind(lot_id: int) -> list[int]:
    """Every slip whose harvest is in a lot, through all batches."""
    return sorted(
        {
            one.slip_id
            for made in graph_behind(lot_id).values()
            for one in made.inputs
            if one.slip_id is not None
        }
    )


def _forward(start: object) -> list[int]:
    made = select(Lot.id.label("lot_id")).where(start).cte("made", recursive=True)  # type: ignore[arg-type]
    onward = (
        select(Lot.id)
        .select_from(made)
        .join(BatchInput, BatchInput.lot_id == made.c.lot_id)
        .join(Lot, Lot.batch_id == BatchInput.batch_id)
    )
    made = made.union(onward)
    return [row.lot_id for row in db.session.execute(select(made.c.lot_id).order_by(made.c.lot_id)).all()]


def forward(lot_id: int) -> list[int]:
    """Every lot made from a lot, directly or through others, without itself."""
    return [found for found in _forward(Lot.id == lot_id) if found != lot_id]


def lots_of_slip(slip_id: int) -> list[int]:
    """Every lot in which a slip's harvest is."""
    return _forward(Lot.batch_id.in_(select(BatchInput.batch_id).where(BatchInput.slip_id == slip_id)))
