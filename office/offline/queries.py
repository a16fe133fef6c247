"""What a phone may take along: who is signed in, names for the scale, codes of orders."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from accounts import phone
from accounts.drafts.queries import DraftView, drafts
from accounts.rules import Actor, Role
from catalog.models import Product
from cooperatives.queries import of_organisation, producers
from core.db import db
from orders.queries import board
from traceability.models import Slip
from traceability.slips.queries import crops

WEIGHERS = (Role.MANAGER, Role.DIGITAL_TEAM)


def passport(actor: Actor) -> dict[str, Any]:
    """Who works on this phone now, for which cooperative, the key that seals what waits in it, what she may send."""
    return phone.passport(actor) | {
        "product": actor.role is Role.MANAGER,
        "slip": actor.role in WEIGHERS,
        "pay": actor.role is Role.MANAGER,
        "stall": actor.role is Role.MANAGER,
    }


def names(actor: Actor) -> dict[str, Any]:
    """Whom and what an offline slip may name: producers of today (id, code, name), crops, last prices in đồng/kg."""
    coop = of_organisation(actor.organisation_id)
    newest = (
        select(func.max(Slip.id)).where(Slip.cooperative_id == coop.id).group_by(Slip.crop_id, Slip.grade)
    )
    rows = db.session.execute(
        select(Slip.crop_id, Slip.grade, Slip.price_vnd_per_kg).where(Slip.id.in_(newest))
    )
    prices: dict[str, dict[str, int]] = {}
    for crop_id, grade, price in rows:
        prices.setdefault(str(crop_id), {})[grade] = price
    return {
        "producers": [[one.id, one.code, one.name] for one in producers(coop.id)],
        "crops": [[one.id, one.name] for one in crops()],
        "prices": prices,
    }


@dataclass(frozen=True)
class OrderLine:
    """An order as a phone may keep it: nothing of the buyer."""

    code: str
    summary: str
    tab: str


def order_lines(actor: Actor) -> list[OrderLine]:
    """Orders to pack and to hand over: code and contents only, at most 30 of each."""
    coop = of_organisation(actor.organisation_id)
    return [
        OrderLine(row.code, row.summary, tab)
        for tab in ("to_pack", "to_ship")
        for row in board(coop.id, tab).rows
    ]


def unsent(actor: Actor) -> list[DraftView]:
    """The person's half-filled forms that have not become a product or a slip yet, newest first."""
    kept = drafts(actor)
    keys = [one.key for one in kept]
    if not keys:
        return []
    done = set(db.session.execute(select(Product.key).where(Product.key.in_(keys))).scalars())
    done |= set(db.session.execute(select(Slip.key).where(Slip.key.in_(keys))).scalars())
    return [one for one in kept if one.key not in done]
