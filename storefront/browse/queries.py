"""Reads that the shop's pages need across the parts below it."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import Select, and_, bindparam, func, select

from catalog.models import Product
from catalog.rules import State
from cooperatives.models import SettlementTerms
from core.db import run
from storefront.browse.rules import Shares
from traceability.models import Lot, Stock


@cache
def _terms() -> Select[Any]:
    return (
        select(SettlementTerms.producers_bp, SettlementTerms.processing_bp, SettlementTerms.fund_bp,
               SettlementTerms.from_on)
        .where(SettlementTerms.cooperative_id == bindparam("cooperative"), SettlementTerms.from_on <= bindparam("day"))
        .order_by(SettlementTerms.from_on.desc(), SettlementTerms.revision.desc()).limit(1)
    )  # fmt: skip


def terms_on(cooperative_id: int, day: date) -> tuple[Shares, date] | None:
    """The shares in force on a day and since when; None before the first terms. One query."""
    row = run(_terms(), {"cooperative": cooperative_id, "day": day}).one_or_none()
    return (Shares(row.producers_bp, row.processing_bp, row.fund_bp), row.from_on) if row else None


@cache
def _lots() -> Select[Any]:
    newer = and_(Stock.lot_id == Lot.id, Stock.pack_id == bindparam("pack"), Stock.place == "store")
    return (
        select(Lot.code, Lot.made_on, Lot.expires_on).join(Stock, newer)
        .where(Lot.state == "open", Lot.kind == "real", Stock.on_hand > Stock.reserved)
        .order_by(Lot.expires_on.nulls_last(), Lot.id).limit(1)
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class LotOnSale:
    """The lot from which a pack would be sent now."""

    code: str
    made_on: date | None
    expires_on: date | None


def lot_on_sale(pack_id: int) -> LotOnSale | None:
    """The lot that would be sent first; None while there is none in the store."""
    row = run(_lots(), {"pack": pack_id}).one_or_none()
    return LotOnSale(*row) if row else None


@cache
def _counts() -> Select[Any]:
    return (
        select(Product.cooperative_id, func.count())
        .where(Product.state == State.PUBLISHED)
        .group_by(Product.cooperative_id)
    )


def goods_counts() -> dict[int, int]:
    """How many products each cooperative shows."""
    return dict(run(_counts()).tuples().all())


def traditions(cooperatives: Iterable[Any]) -> list[str]:
    """The craft traditions that sellers state ("Tày, Nùng" is two), each once, most frequent first."""
    counted = Counter(
        name for one in cooperatives for part in one.craft_tradition.split(",") if (name := part.strip())
    )
    return sorted(counted, key=lambda name: (-counted[name], name))
