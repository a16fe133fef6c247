"""What anybody may see of a cooperative."""

from collections import Counter
from dataclasses import dataclass, fields
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import Row, Select, bindparam, func, select
from sqlalchemy.orm import aliased

from cooperatives import queries
from cooperatives.models import Cooperative
from cooperatives.rules import State
from core import clock
from core.db import run
from places.models import Unit
from places.queries import PlaceName, place_names, written


@dataclass(frozen=True)
class Seller:
    """The seller as the law wants it shown: name, head office, place of business, number with day and office of issue.

    phone and zalo: E.164. terms: the shares in force today in basis points, None before the first terms.
    """

    id: int
    slug: str
    name: str
    registration_number: str
    registered_on: date
    registered_by: str
    legal_representative: str
    address: str
    place: str
    commune: str
    province: str
    commune_id: int
    phone: str
    zalo: str
    email: str
    story: str
    craft_tradition: str
    founded_year: int | None
    logo: str
    has_own_gs1_prefix: bool
    is_demo: bool
    terms: "PublicTerms | None" = None


@dataclass(frozen=True)
class PublicTerms:
    """How each sale is shared, in basis points that make 10,000."""

    from_on: date
    producers_bp: int
    processing_bp: int
    fund_bp: int


_ELSEWHERE = ("address", "place", "commune", "province", "has_own_gs1_prefix", "terms")
_SAME = tuple(one.name for one in fields(Seller) if one.name not in _ELSEWHERE)


def _seller(row: Cooperative, place: PlaceName, terms: PublicTerms | None = None) -> Seller:
    return Seller(
        **{name: getattr(row, name) for name in _SAME},
        address=", ".join(part for part in (row.address_line, place.full) if part),
        place=place.full,
        commune=place.commune,
        province=place.province,
        has_own_gs1_prefix=row.gs1_prefix is not None,
        terms=terms,
    )


def seller(slug: str) -> Seller:
    """The seller's page, with today's terms. Raises NotFound unless it is approved."""
    row = queries.by_slug(slug)
    history = [terms for terms in queries.terms_history(row.id) if terms.from_on <= clock.today()]
    terms = None
    if history:
        now = history[0]
        terms = PublicTerms(now.from_on, now.producers_bp, now.processing_bp, now.fund_bp)
    return _seller(row, place_names({row.commune_id})[row.commune_id], terms)


@cache
def _statements() -> tuple[Select[Any], ...]:
    """Cooperatives with their place by parameter `ids`; all approved ones by name; `most` of these from `skip` on.
    `_row_seller` reads the columns."""
    here, above = aliased(Unit), aliased(Unit)
    wanted = (
        select(*(getattr(Cooperative, name) for name in _SAME), Cooperative.address_line, Cooperative.gs1_prefix,
               here.kind, here.name, above.name)
        .join(here, here.id == Cooperative.commune_id).join(above, above.id == here.parent_id)
    )  # fmt: skip
    approved = wanted.where(Cooperative.state == State.APPROVED).order_by(
        Cooperative.name_folded, Cooperative.id
    )
    return (
        wanted.where(Cooperative.id.in_(bindparam("ids", expanding=True))),
        approved,
        approved.limit(bindparam("most")).offset(bindparam("skip")),
    )


def _row_seller(row: Row[Any]) -> Seller:
    address_line, gs1_prefix, kind, name, province = row[len(_SAME) :]
    place = written(kind, name, province)
    return Seller(
        **dict(zip(_SAME, row, strict=False)),
        address=f"{address_line}, {place.full}" if address_line else place.full,
        place=place.full,
        commune=place.commune,
        province=place.province,
        has_own_gs1_prefix=gs1_prefix is not None,
    )


def sellers(cooperative_ids: set[int]) -> dict[int, Seller]:
    """Sellers by id, in one query; also suspended ones, since their orders go on. Without terms."""
    rows = run(_statements()[0], {"ids": sorted(cooperative_ids)})
    return {one.id: one for one in map(_row_seller, rows)}


def all_sellers() -> list[Seller]:
    """Every approved cooperative, by name, in one query. Without terms."""
    return [_row_seller(row) for row in run(_statements()[1])]


def sellers_listed(most: int, skip: int = 0) -> list[Seller]:
    """So many approved cooperatives by name, from a place in that order on, in one query. Without terms."""
    return [_row_seller(row) for row in run(_statements()[2], {"most": most, "skip": skip})]


_TRADITIONS = (
    select(Cooperative.craft_tradition, func.count())
    .where(Cooperative.state == State.APPROVED)
    .group_by(Cooperative.craft_tradition)
)


def traditions_counted() -> tuple[int, list[str]]:
    """How many cooperatives are approved; the craft traditions that they state ("Tày, Nùng" is two), each once, most
    frequent first. One query.
    """
    rows = run(_TRADITIONS).tuples().all()
    counted = Counter[str]()
    for stated, count in rows:
        counted.update({part.strip(): count for part in stated.split(",") if part.strip()})
    return sum(count for _, count in rows), sorted(counted, key=lambda name: (-counted[name], name))
