"""What anybody may see of a cooperative."""

from dataclasses import dataclass, fields
from datetime import date

from sqlalchemy import select

from cooperatives import queries
from cooperatives.models import Cooperative
from cooperatives.rules import State
from core import clock
from core.db import db
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


def _seller(row: Cooperative, place: PlaceName, terms: PublicTerms | None = None) -> Seller:
    place_fields = ("address", "place", "commune", "province", "has_own_gs1_prefix", "terms")
    same = [one.name for one in fields(Seller) if one.name not in place_fields]
    return Seller(
        **{name: getattr(row, name) for name in same},
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


def sellers(cooperative_ids: set[int]) -> dict[int, Seller]:
    """Sellers by id, in two queries; also suspended ones, since their orders go on. Without terms."""
    rows = list(db.session.execute(select(Cooperative).where(Cooperative.id.in_(cooperative_ids))).scalars())
    places = place_names({row.commune_id for row in rows})
    return {row.id: _seller(row, places[row.commune_id]) for row in rows}


def all_sellers() -> list[Seller]:
    """Every approved cooperative, by name, in two queries. Without terms."""
    query = select(Cooperative).where(Cooperative.state == State.APPROVED).order_by(Cooperative.name_folded)
    rows = list(db.session.execute(query).scalars())
    places = place_names({row.commune_id for row in rows})
    return [_seller(row, places[row.commune_id]) for row in rows]
