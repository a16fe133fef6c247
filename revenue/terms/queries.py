"""What clauses by the kilogram and the hour count: grams sold of each lot, and who worked on its batch."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select

from catalog.models import Pack
from cooperatives.models import Producer
from core.db import db
from orders.models import Allocation, OrderLine
from revenue.split.rules import Goods, Worker
from revenue.terms.models import WorkHours
from traceability.lots.rules import pack_mass_g
from traceability.models import Batch, Lot, Recipe


@dataclass(frozen=True)
class Hours:
    """One person's work on a batch."""

    producer_id: int
    household_id: int | None
    minutes: int


def hours_of(batch_id: int) -> list[Hours]:
    """Who worked on a batch, and how long, by producer."""
    rows = db.session.execute(
        select(WorkHours.producer_id, WorkHours.household_id, WorkHours.minutes)
        .where(WorkHours.batch_id == batch_id)
        .order_by(WorkHours.producer_id)
    )
    return [Hours(*row) for row in rows]


def _workers(batch_ids: Iterable[int]) -> dict[int, dict[Worker, int]]:
    rows = db.session.execute(
        select(WorkHours.batch_id, Producer.key, Producer.id, WorkHours.household_id, WorkHours.minutes)
        .join(Producer, Producer.id == WorkHours.producer_id)
        .where(WorkHours.batch_id.in_(list(batch_ids)))
    )
    found: dict[int, dict[Worker, int]] = {}
    for batch_id, key, producer_id, household_id, minutes in rows:
        found.setdefault(batch_id, {})[key, producer_id, household_id or 0] = minutes
    return found


def measures(line_ids: Iterable[int]) -> dict[tuple[int, int], Goods]:
    """(order line, lot) → what clauses count of it. Two statements, however many lines.

    Goods weighed at packing count what they weighed. Packs without a mass (a scarf, a bottle of which the recipe does
    not know how heavy a litre is) count no kilograms.
    """
    rows = db.session.execute(
        select(
            Allocation.order_line_id, Allocation.lot_id, Allocation.quantity, Allocation.packed_g, Pack.net_quantity,
            Pack.net_unit, Recipe.density_g_per_l, Batch.id.label("batch_id"), Batch.output_g,
        )
        .join(OrderLine, OrderLine.id == Allocation.order_line_id)
        .join(Pack, Pack.id == OrderLine.pack_id)
        .join(Lot, Lot.id == Allocation.lot_id)
        .outerjoin(Batch, Batch.id == Lot.batch_id)
        .outerjoin(Recipe, Recipe.id == Batch.recipe_id)
        .where(Allocation.order_line_id.in_(list(line_ids)), Allocation.packed.is_(True))
    ).all()  # fmt: skip
    workers = _workers({row.batch_id for row in rows if row.batch_id})
    return {
        (row.order_line_id, row.lot_id): Goods(
            _grams(row.quantity, row.packed_g, row.net_quantity, row.net_unit, row.density_g_per_l),
            row.output_g or 0,
            workers.get(row.batch_id, {}),
        )
        for row in rows
    }


def _grams(quantity: int, packed_g: int | None, net: int, unit: str, density: int | None) -> int:
    return packed_g if packed_g is not None else quantity * (pack_mass_g(net, unit, density) or 0)
