"""Where sums of slips, batches, lots and stock do not fit. Each check is one statement over all rows."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import chain
from typing import Any

from sqlalchemy import ColumnElement, case, func, select

from catalog.models import Pack
from cooperatives.models import Producer
from core import clock
from core.db import db
from traceability.balance.models import PlausibleYield, Plot
from traceability.balance.rules import Assumed, Field, Imbalance, What, plausible_g
from traceability.batches.rules import in_band
from traceability.lots.rules import pack_mass_g
from traceability.models import Batch, BatchInput, Crop, Lot, Movement, Recipe, Slip, SlipVoid, Stock
from traceability.rules import BatchState, LotKind, MovementKind
from traceability.slips.queries import heads_of_whole_homes, slip_lines

Of = int | None


def mass(cooperative_id: Of) -> list[Imbalance]:
    """Every imbalance of slips, batches, lots and stock of a cooperative, of all where it is None."""
    checks: tuple[Callable[[Of], Iterable[Imbalance]], ...] = (_slips, _batches, _lots, _packed, _stock)
    return list(chain.from_iterable(check(cooperative_id) for check in checks))


def _mine(model: Any, cooperative_id: Of) -> tuple[ColumnElement[bool], ...]:
    return () if cooperative_id is None else (model.cooperative_id == cooperative_id,)


def _slips(of: Of) -> Iterator[Imbalance]:
    used = func.sum(BatchInput.weight_g)
    rows = db.session.execute(
        select(Slip.id, Slip.number, Slip.net_g, used, SlipVoid.id)
        .join(BatchInput, BatchInput.slip_id == Slip.id).outerjoin(SlipVoid, SlipVoid.slip_id == Slip.id)
        .where(*_mine(Slip, of)).group_by(Slip.id, Slip.number, Slip.net_g, SlipVoid.id)
        .having((used > Slip.net_g) | SlipVoid.id.is_not(None)).order_by(Slip.id)
    )  # fmt: skip
    for slip_id, number, net_g, used_g, void in rows:
        if int(used_g) > net_g:
            yield Imbalance(What.SLIP_OVERUSED, f"slip:{slip_id}", number, int(used_g), net_g)
        if void is not None:
            yield Imbalance(What.VOID_USED, f"slip:{slip_id}", number, int(used_g), 0)


def _batches(of: Of) -> Iterator[Imbalance]:
    put = (
        select(BatchInput.batch_id, func.sum(BatchInput.weight_g).label("g"))
        .group_by(BatchInput.batch_id)
        .subquery()
    )
    out = select(Lot.batch_id, func.sum(Lot.output_g).label("g")).group_by(Lot.batch_id).subquery()
    rows = db.session.execute(
        select(Batch.id, Batch.code, Batch.state, Batch.input_g, Batch.output_g, Batch.loss_reason, put.c.g, out.c.g,
               Recipe.yield_min_bp, Recipe.yield_max_bp)
        .join(Recipe, Recipe.id == Batch.recipe_id).outerjoin(put, put.c.batch_id == Batch.id)
        .outerjoin(out, out.c.batch_id == Batch.id)
        .where(*_mine(Batch, of), Batch.state == BatchState.CLOSED).order_by(Batch.id)
    )  # fmt: skip
    for batch_id, code, _state, input_g, output_g, reason, put_g, out_g, least, most in rows:
        subject, into, out_of = f"batch:{batch_id}", int(put_g or 0), int(out_g or 0)
        if input_g != into:
            yield Imbalance(What.BATCH_INPUT, subject, code, input_g, into)
        if output_g != out_of:
            yield Imbalance(What.BATCH_OUTPUT, subject, code, out_of, output_g)
        if out_of > into:
            yield Imbalance(What.MORE_OUT, subject, code, out_of, into)
        elif out_of * 10_000 > most * into and not in_band(into, out_of, least, most) and not reason:
            yield Imbalance(What.YIELD, subject, code, out_of, most * into // 10_000)


def _sum_of(kind: MovementKind) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((Movement.kind == kind, Movement.bulk_change_g), else_=0)), 0)


def _lots(of: Of) -> Iterator[Imbalance]:
    """What a lot claims, against its own book and against the batches that used it."""
    used = (
        select(BatchInput.lot_id, func.sum(BatchInput.weight_g).label("g"))
        .group_by(BatchInput.lot_id)
        .subquery()
    )
    book = (
        select(Movement.lot_id, _sum_of(MovementKind.MADE).label("made"),
               (-_sum_of(MovementKind.USED) - _sum_of(MovementKind.UNUSED)).label("used"),
               func.sum(Movement.bulk_change_g).label("left"))
        .group_by(Movement.lot_id).subquery()
    )  # fmt: skip
    rows = db.session.execute(
        select(Lot.id, Lot.code, Lot.output_g, Lot.bulk_g, book.c.made, book.c.used, book.c.left, used.c.g)
        .outerjoin(book, book.c.lot_id == Lot.id).outerjoin(used, used.c.lot_id == Lot.id)
        .where(*_mine(Lot, of), Lot.kind == LotKind.REAL).order_by(Lot.id)
    )  # fmt: skip
    for lot_id, code, output_g, bulk_g, made, taken, left, in_batches in rows:
        subject = f"lot:{lot_id}"
        if output_g != int(made or 0):
            yield Imbalance(What.LOT_MADE, subject, code, output_g, int(made or 0))
        if int(in_batches or 0) != int(taken or 0):
            yield Imbalance(What.LOT_USED, subject, code, int(in_batches or 0), int(taken or 0))
        if bulk_g != int(left or 0):
            yield Imbalance(What.LOT_BULK, subject, code, bulk_g, int(left or 0))


def _packed(of: Of) -> Iterator[Imbalance]:
    """Packs never weigh more than the bulk that was taken for them. Packs without a known mass are left out."""
    taken: dict[int, int] = {
        row[0]: int(row[1])
        for row in db.session.execute(
            select(Movement.lot_id, func.sum(-Movement.bulk_change_g)).where(Movement.kind == MovementKind.PACKED)
            .group_by(Movement.lot_id)
        )
    }  # fmt: skip
    rows = db.session.execute(
        select(Lot.id, Lot.code, Pack.net_quantity, Pack.net_unit, Recipe.density_g_per_l,
               Pack.price_per_kg_vnd.is_not(None), func.sum(Movement.on_hand_change))
        .select_from(Movement).join(Lot, Lot.id == Movement.lot_id).join(Pack, Pack.id == Movement.pack_id)
        .outerjoin(Batch, Batch.id == Lot.batch_id).outerjoin(Recipe, Recipe.id == Batch.recipe_id)
        .where(*_mine(Lot, of), Movement.kind == MovementKind.PACKED)
        .group_by(Lot.id, Lot.code, Pack.id, Pack.net_quantity, Pack.net_unit, Recipe.density_g_per_l)
        .order_by(Lot.id)
    )  # fmt: skip
    weighs: dict[tuple[int, str], int] = defaultdict(int)
    for lot_id, code, quantity, unit, density, weighed, packs in rows:
        one_g = 1 if weighed else pack_mass_g(quantity, unit, density)
        weighs[lot_id, code] += int(packs) * (one_g or 0)
    for (lot_id, code), grams in weighs.items():
        if grams > taken.get(lot_id, 0):
            yield Imbalance(What.LOT_PACKED, f"lot:{lot_id}", code, grams, taken.get(lot_id, 0))


def _stock(of: Of) -> Iterator[Imbalance]:
    folded = func.coalesce(func.sum(Movement.on_hand_change), 0)
    same = (
        (Movement.lot_id == Stock.lot_id)
        & (Movement.pack_id == Stock.pack_id)
        & (Movement.place == Stock.place)
    )
    rows = db.session.execute(
        select(Lot.id, Lot.code, Stock.on_hand, folded).select_from(Stock).join(Lot, Lot.id == Stock.lot_id)
        .outerjoin(Movement, same).where(*_mine(Lot, of)).group_by(Stock.id, Lot.id, Lot.code, Stock.on_hand)
        .having(Stock.on_hand != folded).order_by(Lot.id)
    )  # fmt: skip
    for lot_id, code, on_hand, found in rows:
        yield Imbalance(What.STOCK, f"lot:{lot_id}", code, on_hand, int(found), "pcs")


# ---- harvest ----

YEAR = timedelta(days=365)


@dataclass(frozen=True)
class Harvest:
    """What a producer delivered of a crop in the last year, and what her plots plausibly gave.

    plausible_g: None where no yield is assumed; fields: how many plots are known (0: nothing can be said).
    """

    producer_id: int
    producer: str
    crop_id: int
    crop: str
    delivered_g: int
    plausible_g: int | None
    fields: int

    @property
    def too_much(self) -> bool:
        """Whether more came than the assumption allows."""
        return bool(self.fields) and self.plausible_g is not None and self.delivered_g > self.plausible_g


def harvests(cooperative_id: int, on: date | None = None) -> list[Harvest]:
    """Each producer and crop with deliveries in the year up to a day, those above the plausible first."""
    after = (on or clock.today()) + timedelta(days=1)
    first = after - YEAR
    void = select(SlipVoid.id).where(SlipVoid.slip_id == Slip.id).exists()
    rows = db.session.execute(
        select(Slip.producer_id, Slip.crop_id, Crop.name, func.sum(Slip.net_g), func.max(Slip.id))
        .join(Crop, Crop.id == Slip.crop_id)
        .where(Slip.cooperative_id == cooperative_id, Slip.weighed_on >= first, Slip.weighed_on < after, ~void)
        .group_by(Slip.producer_id, Slip.crop_id, Crop.name)
    ).all()  # fmt: skip
    names = {
        line.id: line.producer_name
        for line in slip_lines(Slip.id.in_([row[4] for row in rows]), limit=10_000)
    }
    fields, assumed = _fields(cooperative_id), _assumed(cooperative_id)
    found = [
        Harvest(
            producer_id, names.get(newest, ""), crop_id, crop, int(grams),
            plausible_g(fields[producer_id, crop_id], assumed[crop_id], first, after),
            len(fields[producer_id, crop_id]),
        )
        for producer_id, crop_id, crop, grams, newest in rows
    ]  # fmt: skip
    return sorted(
        found, key=lambda one: (not one.too_much, not one.fields, -one.delivered_g, one.producer_id)
    )


def _fields(cooperative_id: int) -> defaultdict[tuple[int, int], list[Field]]:
    found: defaultdict[tuple[int, int], list[Field]] = defaultdict(list)
    for plot in db.session.execute(select(Plot).where(Plot.cooperative_id == cooperative_id)).scalars():
        found[plot.producer_id, plot.crop_id].append(Field(plot.area_m2, plot.from_on, plot.to_on))
    return found


def _assumed(cooperative_id: int) -> defaultdict[int, list[Assumed]]:
    found: defaultdict[int, list[Assumed]] = defaultdict(list)
    wanted = select(PlausibleYield).where(PlausibleYield.cooperative_id == cooperative_id)
    for one in db.session.execute(wanted).scalars():
        found[one.crop_id].append(Assumed(one.from_on, one.most_g))
    return found


def too_much(cooperative_id: int) -> list[Imbalance]:
    """Deliveries above the plausible harvest of the last year, as imbalances that are only suspicions."""
    return [
        Imbalance(What.HARVEST, f"producer:{one.producer_id}", f"{one.producer}, {one.crop}", one.delivered_g,
                  one.plausible_g or 0)
        for one in harvests(cooperative_id) if one.too_much
    ]  # fmt: skip


def plots(cooperative_id: int) -> list[Any]:
    """A cooperative's plots: id, name, producer's name, crop, area_m2, from_on, to_on."""
    from households.models import Person

    rows = db.session.execute(
        select(Plot.id, Plot.name.label("plot"), Person.name, Producer.household_id, Producer.code,
               Crop.name.label("crop"), Plot.area_m2, Plot.from_on, Plot.to_on)
        .join(Producer, Producer.id == Plot.producer_id).join(Crop, Crop.id == Plot.crop_id)
        .outerjoin(Person, Person.id == Producer.person_id)
        .where(Plot.cooperative_id == cooperative_id).order_by(Plot.name)
    ).all()  # fmt: skip
    heads = heads_of_whole_homes(rows)
    return [(row.id, row.plot, row.name or heads.get(row.household_id) or row.code, row.crop, row.area_m2, row.from_on,
             row.to_on) for row in rows]  # fmt: skip


def yields(cooperative_id: int) -> list[Any]:
    """The assumed yields of a cooperative: crop, from_on, most_g a square metre, source; the newest first."""
    return list(db.session.execute(
        select(Crop.name, PlausibleYield.from_on, PlausibleYield.most_g, PlausibleYield.source)
        .join(Crop, Crop.id == PlausibleYield.crop_id).where(PlausibleYield.cooperative_id == cooperative_id)
        .order_by(Crop.name_folded, PlausibleYield.from_on.desc())
    ).all())  # fmt: skip
