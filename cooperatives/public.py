"""What anybody may see of a cooperative."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import Row, Select, bindparam, select

from cooperatives import queries
from cooperatives.models import Cooperative
from cooperatives.rules import State
from core import clock
from core.db import run
from places.queries import PlaceName, place_names


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


def _seller(row: Cooperative | Row[Any], place: PlaceName, terms: PublicTerms | None = None) -> Seller:
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
def _statements() -> tuple[Select[Any], Select[Any]]:
    """Cooperatives by parameter `ids`; all approved ones by name."""
    table = Cooperative.__table__
    columns = [
        *(table.c[name] for name in _SAME),
        table.c.address_line,
        table.c.gs1_prefix,
        table.c.commune_id,
    ]
    wanted = select(*dict.fromkeys(columns))
    return (
        wanted.where(table.c.id.in_(bindparam("ids", expanding=True))),
        wanted.where(table.c.state == State.APPROVED).order_by(table.c.name_folded),
    )


def sellers(cooperative_ids: set[int]) -> dict[int, Seller]:
    """Sellers by id, in two queries; also suspended ones, since their orders go on. Without terms."""
    return {
        one.id: one for one in _with_places(run(_statements()[0], {"ids": sorted(cooperative_ids)}).all())
    }


def all_sellers() -> list[Seller]:
    """Every approved cooperative, by name, in two queries. Without terms."""
    return _with_places(run(_statements()[1]).all())


def _with_places(rows: Sequence[Row[Any]]) -> list[Seller]:
    places = place_names({row.commune_id for row in rows})
    return [_seller(row, places[row.commune_id]) for row in rows]
