"""Reads that the shop's pages need across the parts below it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import Date, Row, Select, bindparam, select

from cooperatives.models import Cooperative, SettlementTerms
from core.db import run
from storefront.browse.rules import Shares
from traceability.models import Lot, Stock
from traceability.rules import LotKind
from traceability.stock.queries import FIRST_EXPIRED, sellable_on


def _terms_of(cooperative: Any) -> Select[Any]:
    return (
        select(SettlementTerms.producers_bp, SettlementTerms.processing_bp, SettlementTerms.fund_bp,
               SettlementTerms.from_on)
        .where(SettlementTerms.cooperative_id == cooperative, SettlementTerms.from_on <= bindparam("day"))
        .order_by(SettlementTerms.from_on.desc(), SettlementTerms.revision.desc()).limit(1)
    )  # fmt: skip


@cache
def _terms() -> tuple[Select[Any], Select[Any]]:
    """By parameter `cooperative`, its id; by parameter `seller`, its slug."""
    by_slug = select(Cooperative.id).where(Cooperative.slug == bindparam("seller")).scalar_subquery()
    return _terms_of(bindparam("cooperative")), _terms_of(by_slug)


def _shares(row: Row[Any] | None) -> tuple[Shares, date] | None:
    return (Shares(row.producers_bp, row.processing_bp, row.fund_bp), row.from_on) if row else None


def terms_on(cooperative_id: int, day: date) -> tuple[Shares, date] | None:
    """The shares in force on a day and since when; None before the first terms. One query."""
    return _shares(run(_terms()[0], {"cooperative": cooperative_id, "day": day}).one_or_none())


def terms_of(seller_slug: str, day: date) -> tuple[Shares, date] | None:
    """The same of the cooperative whose page has this slug."""
    return _shares(run(_terms()[1], {"seller": seller_slug, "day": day}).one_or_none())


@cache
def _lots() -> Select[Any]:
    """The lots of parameter `packs` with free pieces on parameter `day`, in the order in which they would be sent."""
    return (
        select(Stock.pack_id, Lot.code, Lot.made_on, Lot.expires_on).join(Lot, Lot.id == Stock.lot_id)
        .where(Stock.pack_id.in_(bindparam("packs", expanding=True)), Stock.on_hand > Stock.reserved,
               Lot.kind == LotKind.REAL, *sellable_on(bindparam("day", type_=Date)))
        .order_by(*FIRST_EXPIRED)
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class LotOnSale:
    """The lot from which a pack would be sent now."""

    code: str
    made_on: date | None
    expires_on: date | None


def lots_on_sale(pack_ids: Iterable[int], day: date) -> dict[int, LotOnSale]:
    """For each pack the lot that an order of this day would be given first; without those that have none. One query."""
    found: dict[int, LotOnSale] = {}
    for pack_id, *lot in run(_lots(), {"packs": sorted(set(pack_ids)), "day": day}).tuples():
        found.setdefault(pack_id, LotOnSale(*lot))
    return found


def lot_on_sale(pack_id: int, day: date) -> LotOnSale | None:
    """The lot that would be sent first; None while there is none in the store."""
    return lots_on_sale((pack_id,), day).get(pack_id)
