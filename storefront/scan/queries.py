"""Reads of the scan page: by number and lot, from the floor up. About a dozen small statements."""

from functools import cache
from typing import Any

from sqlalchemy import BigInteger, Select, bindparam, func, select

from catalog.models import Pack, Product
from catalog.queries import certificate_view, pack_by_gtin
from cooperatives.public import sellers
from core import clock
from core.db import db, run
from places.outline.rules import dot_of, drawing
from places.public import provinces_to_choose
from revenue.queries import lot_share
from storefront.browse.queries import terms_on
from storefront.scan.openings.queries import seen
from storefront.scan.openings.rules import is_serial
from storefront.scan.public import Country, Goods, Label, LotLine, Scan
from storefront.scan.rules import FEW_HOUSEHOLDS, Shared, shared_by_terms, shared_so_far, verdict
from traceability.epcis.models import EventLot
from traceability.labels.queries import all_void, serial_fact
from traceability.labels.rules import SerialState
from traceability.models import Lot, Movement
from traceability.papers.queries import papers_of_lot
from traceability.public import Origin
from traceability.queries import origin_of

LOTS_SHOWN = 12


def goods(gtin: str) -> Goods | None:
    """The pack with this number and its newest lots; None where nobody has it."""
    pack = pack_by_gtin(gtin)
    if pack is None:
        return None
    return Goods(pack, sellers({pack.cooperative_id})[pack.cooperative_id], tuple(_lots(Pack.gtin == gtin)))


def lots_named(code: str) -> list[LotLine]:
    """Lots with this code, whoever made them: codes are unique for each cooperative only."""
    return _lots(Lot.code == code)


def _lots(*where: object) -> list[LotLine]:
    """Newest lots that were packed, each with the pack it was put into."""
    packed = select(Movement.id).where(Movement.lot_id == Lot.id, Movement.pack_id == Pack.id).exists()
    rows = db.session.execute(
        select(Pack.gtin, Lot.code, Product.name, Lot.made_on, Lot.expires_on, Lot.state == "recalled")
        .join(Lot, Lot.product_id == Pack.product_id).join(Product, Product.id == Pack.product_id)
        .where(Lot.kind == "real", packed, *where)  # type: ignore[arg-type]
        .order_by(Lot.made_on.desc(), Lot.id.desc(), Pack.position).limit(LOTS_SHOWN)
    ).all()  # fmt: skip
    return [LotLine(row[0], row[1], row[2], row[3], row[4], bool(row[5])) for row in rows]


@cache
def _lot_and_log() -> tuple[Select[Any], Select[Any], Select[Any]]:
    """The lot of a code; a movement of a lot in a pack; lines of the log."""
    pack, lot, coop, product = (
        bindparam(name, type_=BigInteger) for name in ("pack", "lot", "coop", "product")
    )
    return (
        select(Lot.id).where(Lot.cooperative_id == coop, Lot.code == bindparam("code"), Lot.product_id == product),
        select(Movement.id).where(Movement.lot_id == lot, Movement.pack_id == pack).limit(1),
        select(func.count()).select_from(EventLot).where(EventLot.lot_id == lot),
    )  # fmt: skip


def scan(gtin: str, code: str, serial: str = "") -> Scan | None:
    """Everything about one lot of one pack; None where the book has no such pair of number and lot."""
    pack = pack_by_gtin(gtin)
    if pack is None:
        return None
    find, moved, leaves = _lot_and_log()
    of_it = {"coop": pack.cooperative_id, "product": pack.product_id}
    lot_id = run(find, of_it | {"code": code}).scalar_one_or_none()
    if lot_id is None:
        return None
    today, origin = clock.today(), origin_of(lot_id)
    packed_so = run(moved, {"lot": lot_id, "pack": pack.pack_id}).first() is not None
    label = _label(lot_id, pack.pack_id, serial)
    void = label.void if label else all_void(lot_id, pack.pack_id)
    return Scan(
        pack, sellers({pack.cooperative_id})[pack.cooperative_id], origin,
        verdict(origin.state, origin.kind, origin.expires_on, today, packed_so=packed_so, void=void,
                strange=label is None and is_serial(serial)),
        _shared(lot_id, origin),
        tuple(certificate_view(one, today)
              for one in papers_of_lot(lot_id, pack.product_id, pack.cooperative_id)),
        run(leaves, {"lot": lot_id}).scalar_one(), serial, lot_id,
        seen(lot_id, serial if label else ""), _country(origin.provinces), label,
    )  # fmt: skip


def _label(lot_id: int, pack_id: int, serial: str) -> Label | None:
    """What the book has of a serial's label; None without one, and for one that nobody here printed."""
    fact = serial_fact(lot_id, pack_id, serial) if is_serial(serial) else None
    if fact is None:
        return None
    return Label(fact.state is SerialState.VOID, clock.day_of(fact.printed_at), fact.leaf_count)


def _country(provinces: tuple[str, ...]) -> Country | None:
    """The map for provinces by their names of today; None where none of them has a point."""
    codes = {one.name: one.code for one in provinces_to_choose(clock.today())} if provinces else {}
    dots = tuple(dot for name in provinces if name in codes and (dot := dot_of(codes[name])))
    drawn = drawing()
    return Country(drawn.land, drawn.islands, dots, ", ".join(provinces)) if dots else None


def _shared(lot_id: int, origin: Origin) -> Shared | None:
    """The ledger's sums once something was sold, else the terms of today; None for a lot that nobody may speak of."""
    share = lot_share(lot_id)
    if share.sold_vnd > 0:
        open_to_all = origin.households is not None and origin.households >= FEW_HOUSEHOLDS
        return shared_so_far(
            share.sold_vnd, share.producers_vnd, share.fund_vnd, share.untraced_vnd,
            share.household_count if open_to_all else None,
        )  # fmt: skip
    terms = terms_on(origin.cooperative_id, clock.today())
    if terms is None or not origin.has_slips:
        return None
    shares, from_on = terms
    return shared_by_terms(shares.producers_bp, shares.processing_bp, shares.fund_bp, from_on)
