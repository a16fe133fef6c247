"""Reads of lots, and what the public may know of their origin."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import Row, Select, bindparam, func, select

from catalog.models import Pack, Product
from cooperatives.models import Cooperative
from core.clock import day_of
from core.db import db, padded, run
from core.errors import NotFound
from core.i18n import N_
from households.models import Consent, Household, Person
from places.queries import PlaceName, place_names
from traceability.batches.queries import graph_behind
from traceability.batches.rules import MadeOf
from traceability.models import Batch, Crop, Lot, Movement, Recipe, Slip, Stock
from traceability.public import Maker, Mass, Origin, OriginStep
from traceability.rules import FEW_HOUSEHOLDS, BatchState, LotKind, LotState, MovementKind, Place
from traceability.stock.queries import PIECE

PAGE_SIZE = 30
PORTION = 5_000  # ids in one statement


@dataclass(frozen=True)
class LotLine:
    """A lot as a list shows it; store: free and held packs in the store."""

    id: int
    code: str
    product_name: str
    kind: str
    state: str
    made_on: date
    expires_on: date | None
    output_g: int
    bulk_g: int
    store: int
    elsewhere: int


def lot_of(cooperative_id: int, lot_id: int) -> Lot:
    """A lot of this cooperative. Raises NotFound for another's as well."""
    return _found(
        db.session.execute(
            select(Lot).where(Lot.id == lot_id, Lot.cooperative_id == cooperative_id)
        ).scalar_one_or_none()
    )


def lots_own(cooperative_id: int, lot_ids: Collection[int]) -> list[Lot]:
    """Lots of this cooperative in the order asked for. Raises NotFound where one is another's."""
    wanted = (select(Lot).where(Lot.id.in_(some)) for some in _portions(lot_ids))
    found = {lot.id: lot for one in wanted for lot in db.session.execute(one).scalars()}
    if any(lot_id not in found or found[lot_id].cooperative_id != cooperative_id for lot_id in lot_ids):
        raise NotFound(N_("Không có lô này."), remedy=N_("Xem lại danh sách lô."))
    return [found[lot_id] for lot_id in lot_ids]


def all_locked(lot_ids: Collection[int]) -> None:
    """Let nobody else change these lots until the transaction ends; locked by ascending id, and read anew."""
    for some in _portions(lot_ids):
        wanted = select(Lot).where(Lot.id.in_(some)).order_by(Lot.id).with_for_update()
        db.session.execute(wanted.execution_options(populate_existing=True)).all()


def packs_stocked(lot_ids: Collection[int]) -> set[int]:
    """The packs of which there is, or was, stock of these lots."""
    wanted = (select(Stock.pack_id).where(Stock.lot_id.in_(some)).distinct() for some in _portions(lot_ids))
    return {pack_id for one in wanted for pack_id in db.session.execute(one).scalars()}


def _portions(lot_ids: Collection[int]) -> Iterator[list[int]]:
    """Ascending ids in portions that one statement of either engine takes."""
    listed = sorted(set(lot_ids))
    return (listed[at : at + PORTION] for at in range(0, len(listed), PORTION))


def locked(lot_id: int) -> Lot:
    """A lot that nobody else changes until the transaction ends. Raises NotFound."""
    wanted = select(Lot).where(Lot.id == lot_id).with_for_update().execution_options(populate_existing=True)
    return _found(db.session.execute(wanted).scalar_one_or_none())


def _found(lot: Lot | None) -> Lot:
    if lot is None:
        raise NotFound(N_("Không có lô này."), remedy=N_("Xem lại danh sách lô."))
    return lot


def lot_by_code(cooperative_id: int, code: str) -> Lot | None:
    """A cooperative's lot by the code on its label."""
    return db.session.execute(
        select(Lot).where(Lot.cooperative_id == cooperative_id, Lot.code == code.strip().upper())
    ).scalar_one_or_none()


def _packs_at(*places: Place) -> object:
    return (
        select(func.coalesce(func.sum(Stock.on_hand // PIECE), 0)).join(Pack, Pack.id == Stock.pack_id)
        .where(Stock.lot_id == Lot.id, Stock.place.in_(places)).correlate(Lot).scalar_subquery()
    )  # fmt: skip


def lot_lines(cooperative_id: int, state: str | None = None, page: int = 1) -> tuple[list[LotLine], int]:
    """One page of lots, newest first, and how many pages there are."""
    terms = [Lot.cooperative_id == cooperative_id] + ([Lot.state == state] if state else [])
    count = db.session.execute(select(func.count()).select_from(Lot).where(*terms)).scalar_one()
    page_count = max(1, -(-count // PAGE_SIZE))
    rows = db.session.execute(
        select(Lot.id, Lot.code, Product.name, Lot.kind, Lot.state, Lot.made_on, Lot.expires_on, Lot.output_g,
               Lot.bulk_g, _packs_at(Place.STORE), _packs_at(Place.QUARANTINE, Place.STALL))  # type: ignore[call-overload]
        .join(Product, Product.id == Lot.product_id).where(*terms).order_by(Lot.made_on.desc(), Lot.id.desc())
        .limit(PAGE_SIZE).offset((min(max(1, page), page_count) - 1) * PAGE_SIZE)
    ).all()  # fmt: skip
    return [LotLine(*row) for row in rows], page_count


def newest_lots(cooperative_id: int, most: int) -> list[int]:
    """Ids of a cooperative's newest open real lots that were packed."""
    packed = select(Stock.id).where(Stock.lot_id == Lot.id).exists()
    return list(
        db.session.execute(
            select(Lot.id)
            .where(Lot.cooperative_id == cooperative_id, Lot.state == LotState.OPEN, Lot.kind == LotKind.REAL, packed)
            .order_by(Lot.made_on.desc(), Lot.id.desc()).limit(most)
        ).scalars()
    )  # fmt: skip


def packs_of(product_id: int) -> list[Pack]:
    """The packs a lot of this product can be put into."""
    return list(
        db.session.execute(
            select(Pack).where(Pack.product_id == product_id, Pack.active).order_by(Pack.position, Pack.id)
        ).scalars()
    )


def product_of(lot: Lot) -> Product:
    """What a lot is."""
    return db.session.get_one(Product, lot.product_id)


def packs_for_plans(cooperative_id: int) -> list[tuple[int, str]]:
    """Every active pack of a cooperative's published goods, with its name."""
    rows = db.session.execute(
        select(Pack.id, Product.name, Pack.label).join(Product, Product.id == Pack.product_id)
        .where(Product.cooperative_id == cooperative_id, Product.state == "published", Pack.active)
        .order_by(Product.name_folded, Pack.position, Pack.id)
    ).all()  # fmt: skip
    return [(row.id, f"{row.name}, {row.label}") for row in rows]


def any_by_weight(cooperative_id: int) -> set[bool]:
    """Of the packs that can be promised, whether some are weighed at packing (True) and some are not (False)."""
    rows = db.session.execute(
        select(Pack.price_per_kg_vnd.is_not(None)).distinct().join(Product, Product.id == Pack.product_id)
        .where(Product.cooperative_id == cooperative_id, Product.state == "published", Pack.active)
    )  # fmt: skip
    return {bool(row[0]) for row in rows}


def density_of(lot: Lot) -> int | None:
    """Grams a litre of a lot's goods, from the recipe of its batch; None where nobody stated it."""
    if lot.batch_id is None:
        return None
    return db.session.execute(
        select(Recipe.density_g_per_l)
        .join(Batch, Batch.recipe_id == Recipe.id)
        .where(Batch.id == lot.batch_id)
    ).scalar_one()


# ---- origin ----


def origin_of(lot_id: int) -> Origin:
    """What the scan page may say of a lot (domain.md, privacy). Raises NotFound.

    Fewer than five households, unless all agreed to be shown: no number, no day of harvest. Never a place finer than
    the commune. Households are those of the slips in all batches behind the lot.
    """
    lot = run(_origin_of(), {"of_lot": lot_id}).one_or_none()
    if lot is None:
        raise NotFound(N_("Không có lô này."), remedy=N_("Xem lại mã trên bao bì."))
    graph = graph_behind(lot_id)
    slips = _slips(graph)
    families = {slip.household_id or f"producer:{slip.producer_id}" for slip in slips}
    makers = _makers(families, lot.organisation_id)
    few = len(families) < FEW_HOUSEHOLDS
    if few and len(makers) < len(families):
        makers = ()
    close, places = few and not makers, _places(slips)
    return Origin(
        lot_code=lot.code, product_id=lot.product_id, product_name=lot.name, product_slug=lot.slug,
        cooperative_id=lot.cooperative_id, kind=lot.kind, state=lot.state, made_on=lot.made_on,
        expires_on=lot.expires_on, recall_reason=lot.recall_reason, crops=tuple(sorted({slip.crop for slip in slips})),
        places=tuple(sorted({place.full for place in places})),
        provinces=tuple(sorted({place.province for place in places})),
        households=None if close else len(families), makers=makers, has_slips=bool(slips),
        steps=_steps(lot, [slip.weighed_on for slip in slips], month_only=close), mass=_mass(lot, graph, few=few),
    )  # fmt: skip


@cache
def _origin_of() -> Select[Any]:
    return (
        select(*Lot.__table__.columns, Product.name, Product.slug, Cooperative.organisation_id,
               Batch.state.label("batch_state"), Batch.input_g, Batch.output_g.label("batch_g"), Recipe.yield_min_bp,
               Recipe.yield_max_bp)
        .join(Product, Product.id == Lot.product_id).join(Cooperative, Cooperative.id == Lot.cooperative_id)
        .outerjoin(Batch, Batch.id == Lot.batch_id).outerjoin(Recipe, Recipe.id == Batch.recipe_id)
        .where(Lot.id == bindparam("of_lot"))
    )  # fmt: skip


@cache
def _slips_in() -> Select[Any]:
    return (
        select(Slip.household_id, Slip.producer_id, Crop.name.label("crop"), Slip.weighed_on, Household.commune_id)
        .join(Crop, Crop.id == Slip.crop_id).outerjoin(Household, Household.id == Slip.household_id)
        .where(Slip.id.in_(bindparam("slips", expanding=True))).order_by(Slip.id)
    )  # fmt: skip


@cache
def _packed_between() -> Select[Any]:
    return select(func.min(Movement.at), func.max(Movement.at)).where(
        Movement.lot_id == bindparam("of_lot"), Movement.kind == MovementKind.PACKED
    )


def _slips(graph: dict[int, MadeOf]) -> Sequence[Row[Any]]:
    behind = {one.slip_id for made in graph.values() for one in made.inputs if one.slip_id is not None}
    rows: Sequence[Row[Any]] = run(_slips_in(), {"slips": padded(sorted(behind))}).all() if behind else ()
    return rows


@cache
def _agreed() -> Select[Any]:
    return (
        select(Consent.household_id, Person.name, Household.key).join(Person, Person.id == Consent.person_id)
        .join(Household, Household.id == Consent.household_id)
        .where(Consent.household_id.in_(bindparam("homes", expanding=True)), Consent.withdrawn_at.is_(None),
               Consent.organisation_id == bindparam("of_organisation"), Consent.purpose == "show_name")
        .order_by(Consent.given_at, Consent.id)
    )  # fmt: skip


def _makers(families: set[int | str], organisation_id: int | None) -> tuple[Maker, ...]:
    """The households that agreed to be shown, each by the name it first gave with a consent that still holds."""
    homes = sorted(one for one in families if isinstance(one, int))
    if not homes:
        return ()
    rows = run(_agreed(), {"homes": padded(homes), "of_organisation": organisation_id}).all()
    agreed = {row.household_id: Maker(row.name, row.key) for row in reversed(rows)}
    return tuple(sorted(agreed.values(), key=lambda one: (one.name, one.mark)))


def _places(slips: Sequence[Row[Any]]) -> list[PlaceName]:
    communes = {slip.commune_id for slip in slips if slip.commune_id is not None}
    return list(place_names(communes).values()) if communes else []


def _mass(row: Row[Any], graph: dict[int, MadeOf], *, few: bool) -> Mass | None:
    """The mass balance of the lot's closed batch; without weights where they would be a family's."""
    if row.batch_state != BatchState.CLOSED or not row.input_g:
        return None
    within = row.yield_min_bp * row.input_g <= row.batch_g * 10_000 <= row.yield_max_bp * row.input_g
    made = graph.get(row.id)
    named = made is not None and all(one.slip_id is not None for one in made.inputs)
    into, out_of = (None, None) if few else (row.input_g, row.batch_g)
    return Mass(into, out_of, row.yield_min_bp, row.yield_max_bp, within, named)


def _steps(lot: Row[Any], weighed: Sequence[date], *, month_only: bool) -> tuple[OriginStep, ...]:
    steps = []
    if weighed:
        first, last = min(weighed), max(weighed)
        if month_only:
            first, last = first.replace(day=1), last.replace(day=1)
        steps.append(OriginStep("harvested", first, last, month_only))
    if lot.batch_id is not None:
        steps.append(OriginStep("made", lot.made_on, lot.made_on))
    packed = run(_packed_between(), {"of_lot": lot.id}).one()
    if packed[0] is not None:
        steps.append(OriginStep("packed", day_of(packed[0]), day_of(packed[1])))
    if lot.state == LotState.RECALLED and lot.recalled_at is not None:
        steps.append(OriginStep("recalled", day_of(lot.recalled_at), day_of(lot.recalled_at)))
    return tuple(steps)
