"""Reads of who helps whom."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, select

from accounts.models import Grant, User
from accounts.queries import staff_of
from accounts.rules import Actor, Role
from catalog.helping.models import ListingHelp
from catalog.models import Product
from cooperatives.models import Cooperative
from core import clock
from core.db import db


@dataclass(frozen=True)
class Helped:
    """A cooperative that somebody may fill in for. until_on: last day; None as long as the invitation stands."""

    cooperative_id: int
    name: str
    until_on: date | None


def _open(day: date) -> ColumnElement[bool]:
    return and_(ListingHelp.ended_at.is_(None), ListingHelp.until_on >= day)


def owner_for(actor: Actor, cooperative_id: int) -> int | None:
    """The manager who agreed that this helper fills in for a cooperative; None where nobody did.

    Two ways lead here: the cooperative invited the helper to its own team, or its manager read a code aloud.
    """
    if actor.role is not Role.DIGITAL_TEAM or actor.user_id is None:
        return None
    agreed = (
        select(ListingHelp.agreed_by_user_id)
        .where(ListingHelp.cooperative_id == cooperative_id, ListingHelp.helper_user_id == actor.user_id,
               _open(clock.today()))
        .order_by(ListingHelp.id.desc()).limit(1)
    )  # fmt: skip
    found = db.session.execute(agreed).scalar_one_or_none()
    if found is not None:
        return found
    cooperative = db.session.get(Cooperative, cooperative_id)
    if (
        cooperative is None
        or actor.organisation_id is None
        or cooperative.organisation_id != actor.organisation_id
    ):
        return None
    return _inviter(actor, actor.organisation_id)


def _inviter(actor: Actor, organisation_id: int) -> int | None:
    """Who invited the helper to the cooperative, else its first manager."""
    held = db.session.get(Grant, actor.grant_id) if actor.grant_id else None
    if held is not None and held.granted_by is not None:
        return held.granted_by
    managers = [person.id for grant, person in staff_of(organisation_id) if grant.role == Role.MANAGER]
    return managers[0] if managers else None


def helped_by(actor: Actor) -> list[Helped]:
    """The cooperatives that this helper may fill in for today, by name."""
    rows = db.session.execute(
        select(Cooperative.id, Cooperative.name, ListingHelp.until_on)
        .join(ListingHelp, ListingHelp.cooperative_id == Cooperative.id)
        .where(ListingHelp.helper_user_id == (actor.user_id or 0), _open(clock.today()))
        .order_by(Cooperative.name, ListingHelp.until_on)
    )
    found = {row.id: Helped(row.id, row.name, row.until_on) for row in rows}
    own = db.session.execute(
        select(Cooperative).where(Cooperative.organisation_id == (actor.organisation_id or 0))
    ).scalar_one_or_none()
    if own is not None and owner_for(actor, own.id) is not None:
        found[own.id] = Helped(own.id, own.name, None)
    return sorted(found.values(), key=lambda one: one.name)


def nearby(commune_id: int | None) -> Sequence[Row[Any]]:
    """Cooperatives of a commune that may sell: id and name."""
    return db.session.execute(
        select(Cooperative.id, Cooperative.name)
        .where(Cooperative.commune_id == (commune_id or 0), Cooperative.state == "approved").order_by(Cooperative.name)
    ).all()  # fmt: skip


def helpers_of(cooperative_id: int) -> Sequence[Row[Any]]:
    """Who fills in for a cooperative today: id of the agreement, name, agreed_at, until_on."""
    return db.session.execute(
        select(ListingHelp.id, User.name, ListingHelp.agreed_at, ListingHelp.until_on)
        .join(User, User.id == ListingHelp.helper_user_id)
        .where(ListingHelp.cooperative_id == cooperative_id, _open(clock.today())).order_by(ListingHelp.id)
    ).all()  # fmt: skip


def waiting(cooperative_id: int) -> Sequence[Row[Any]]:
    """Products of a cooperative that wait for its manager to confirm what a helper filled in: id, name, helper."""
    return db.session.execute(
        select(Product.id, Product.name, User.name.label("helper"))
        .join(User, User.id == Product.helper_user_id)
        .where(Product.cooperative_id == cooperative_id).order_by(Product.id)
    ).all()  # fmt: skip


def person_name(user_id: int | None) -> str:
    """Somebody's name; empty for nobody."""
    return (
        (db.session.execute(select(User.name).where(User.id == user_id)).scalar_one_or_none() or "")
        if user_id
        else ""
    )
