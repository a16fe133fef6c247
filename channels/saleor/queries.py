"""Reads of Saleor shops: how to reach one, who sells there, and what the pages show."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from accounts.models import Organisation
from catalog.models import Pack, Product
from catalog.queries import shown
from channels.saleor.client import Client
from channels.saleor.models import SaleorInstance, SaleorListing, SaleorOrder, SaleorSeller
from channels.saleor.rules import InstanceState
from cooperatives.models import Cooperative
from core.crypto import decrypt
from core.db import db
from core.errors import NotFound
from core.i18n import N_
from orders.models import Order

FIELD = "saleor_instance.token"
ROWS_MOST = 50


def owner_of(instance_id: int) -> str:
    """Whose encrypted text a token is."""
    return f"saleor_instance:{instance_id}"


def _no_shop() -> NotFound:
    return NotFound(N_("Không có cửa hàng này."), remedy=N_("Mở lại từ danh sách."))


def instance(instance_id: int, *, lock: bool = False) -> SaleorInstance:
    """A shop by id. Raises NotFound."""
    found = db.session.get(SaleorInstance, instance_id, with_for_update=lock or None, populate_existing=lock)
    if found is None:
        raise _no_shop()
    return found


def instance_for(instance_id: int, organisation_id: int | None) -> SaleorInstance:
    """A collector's own shop. Another's is answered like none: NotFound."""
    found = instance(instance_id)
    if found.organisation_id != organisation_id:
        raise _no_shop()
    return found


def instance_at(api_url: str) -> SaleorInstance | None:
    """The shop that was allowed under exactly this address."""
    return db.session.execute(
        select(SaleorInstance).where(SaleorInstance.api_url == api_url)
    ).scalar_one_or_none()


def instances_of(organisation_id: int) -> list[SaleorInstance]:
    """A collector's shops, oldest first."""
    wanted = select(SaleorInstance).where(SaleorInstance.organisation_id == organisation_id)
    return list(db.session.execute(wanted.order_by(SaleorInstance.id)).scalars())


def open_instances() -> list[SaleorInstance]:
    """Shops that are installed and not paused by a person; whose goods waited longest for a turn first."""
    wanted = select(SaleorInstance).where(SaleorInstance.state == InstanceState.INSTALLED)
    ordered = wanted.order_by(
        SaleorInstance.turned_at.is_not(None), SaleorInstance.turned_at, SaleorInstance.id
    )
    return list(db.session.execute(ordered).scalars())


def client(found: SaleorInstance) -> Client:
    """The shop's interface with its token. Raises NotFound before it was installed."""
    if found.token is None:
        raise _no_shop()
    return Client(found.api_url, decrypt(found.token, field=FIELD, owner=owner_of(found.id)))


def setup_of(found: SaleorInstance) -> dict[str, Any]:
    """The shop's ids of what our goods hang on; empty until it is set up."""
    known: dict[str, Any] = json.loads(found.setup)
    return known


def seller_ids(instance_id: int) -> list[int]:
    """Cooperatives that sell in a shop now."""
    wanted = select(SaleorSeller.cooperative_id).where(
        SaleorSeller.instance_id == instance_id, SaleorSeller.left_at.is_(None)
    )
    return list(db.session.execute(wanted.order_by(SaleorSeller.cooperative_id)).scalars())


def order_row(instance_id: int, row_id: int) -> SaleorOrder:
    """An order of a shop. Raises NotFound."""
    found = db.session.get(SaleorOrder, row_id)
    if found is None or found.instance_id != instance_id:
        raise NotFound(N_("Không tìm thấy đơn này."), remedy=N_("Mở lại từ danh sách."))
    return found


@dataclass(frozen=True)
class Tally:
    """How many listings of a shop are as they are here, wait, or were refused."""

    sent: int = 0
    pending: int = 0
    failed: int = 0


def tallies(instance_ids: Sequence[int], cooperative_id: int | None = None) -> dict[int, Tally]:
    """{shop id: tally}, of one cooperative's goods or of all. One statement."""
    wanted = (
        select(SaleorListing.instance_id, SaleorListing.state, func.count())
        .where(SaleorListing.instance_id.in_(instance_ids))
        .group_by(SaleorListing.instance_id, SaleorListing.state)
    )
    if cooperative_id is not None:
        wanted = wanted.join(Product, Product.id == SaleorListing.product_id).where(
            Product.cooperative_id == cooperative_id
        )
    counts: dict[int, dict[str, int]] = {}
    for shop, state, count in db.session.execute(wanted):
        counts.setdefault(shop, {})[str(state)] = count
    return {shop: Tally(**by_state) for shop, by_state in counts.items()}


@dataclass(frozen=True)
class Fault:
    """A product that a shop refused, and its words."""

    product_id: int
    name: str
    code: str
    text: str
    due_at: datetime | None


def faults(instance_id: int, cooperative_id: int | None = None) -> list[Fault]:
    """What a shop refused, of one cooperative's goods or of all; photos that it did not take too."""
    wanted = (
        select(Product.id, Product.name, SaleorListing.fault, SaleorListing.fault_text, SaleorListing.due_at)
        .join(Product, Product.id == SaleorListing.product_id)
        .where(SaleorListing.instance_id == instance_id, SaleorListing.fault != "")
        .order_by(SaleorListing.state, Product.name, Product.id)
        .limit(ROWS_MOST)
    )
    if cooperative_id is not None:
        wanted = wanted.where(Product.cooperative_id == cooperative_id)
    return [Fault(*row) for row in db.session.execute(wanted)]


@dataclass(frozen=True)
class KeptHere:
    """A product with packs that no shop gets, since they are weighed at packing. packs: their labels."""

    product_id: int
    name: str
    packs: Sequence[str]


def kept_here(cooperative_id: int) -> list[KeptHere]:
    """A cooperative's goods on sale that are weighed at packing. One statement."""
    rows = db.session.execute(
        select(Product.id, Product.name, Pack.label)
        .join(Pack, Pack.product_id == Product.id).join(Cooperative, Cooperative.id == Product.cooperative_id)
        .where(*shown(), Product.cooperative_id == cooperative_id, Pack.active, Pack.price_per_kg_vnd.is_not(None))
        .order_by(Product.name, Product.id, Pack.position, Pack.id)
        .limit(ROWS_MOST)
    )  # fmt: skip
    found: dict[int, tuple[str, list[str]]] = {}
    for product_id, name, label in rows:
        found.setdefault(product_id, (name, []))[1].append(label)
    return [KeptHere(product_id, name, labels) for product_id, (name, labels) in found.items()]


def problems(instance_id: int) -> list[SaleorOrder]:
    """Orders of a shop that wait for a person, oldest first."""
    wanted = select(SaleorOrder).where(SaleorOrder.instance_id == instance_id, SaleorOrder.problem != "")
    return list(db.session.execute(wanted.order_by(SaleorOrder.id).limit(ROWS_MOST)).scalars())


def codes(purchase_ids: Sequence[int]) -> dict[int, list[str]]:
    """{purchase id: codes of our orders}."""
    found: dict[int, list[str]] = {}
    rows = db.session.execute(
        select(Order.purchase_id, Order.code).where(Order.purchase_id.in_(purchase_ids)).order_by(Order.id)
    )
    for purchase_id, code in rows:
        found.setdefault(purchase_id, []).append(code)
    return found


@dataclass(frozen=True)
class OwnOrder:
    """A cooperative's order that came from a shop; problem: a code of `rules.Problem`, or empty."""

    order_id: int
    code: str
    number: str
    state: str
    problem: str


def own_orders(instance_ids: Sequence[int], cooperative_id: int, most: int = 20) -> dict[int, list[OwnOrder]]:
    """{shop id: a cooperative's newest orders from there}. One statement."""
    rows = db.session.execute(
        select(SaleorOrder.instance_id, Order.id, Order.code, SaleorOrder.number, Order.state, SaleorOrder.problem)
        .join(Order, Order.purchase_id == SaleorOrder.purchase_id)
        .where(SaleorOrder.instance_id.in_(instance_ids), Order.cooperative_id == cooperative_id)
        .order_by((SaleorOrder.problem == "").asc(), Order.id.desc())
        .limit(most)
    )  # fmt: skip
    found: dict[int, list[OwnOrder]] = {}
    for shop, *row in rows:
        found.setdefault(shop, []).append(OwnOrder(*row))
    return found


@dataclass(frozen=True)
class Offer:
    """A shop as a cooperative sees it."""

    id: int
    label: str
    state: str
    collector: str
    joined: bool
    heard_at: datetime | None
    answered_at: datetime | None
    failures_count: int
    failed_at: datetime | None
    failed_why: str
    pause_until: datetime | None
    setup_problem: str


def offers(cooperative_id: int) -> list[Offer]:
    """Shops in which a cooperative may sell, or sells. One statement."""
    rows = db.session.execute(
        select(SaleorInstance, Organisation.name, SaleorSeller.joined_at, SaleorSeller.left_at)
        .join(Organisation, Organisation.id == SaleorInstance.organisation_id)
        .outerjoin(
            SaleorSeller,
            (SaleorSeller.instance_id == SaleorInstance.id) & (SaleorSeller.cooperative_id == cooperative_id),
        )
        .where(SaleorInstance.state != InstanceState.ALLOWED)
        .order_by(SaleorInstance.id)
    )
    return [
        Offer(
            shop.id, shop.label, shop.state, collector, joined_at is not None and left_at is None, shop.heard_at,
            shop.answered_at, shop.failures_count, shop.failed_at, shop.failed_why, shop.pause_until,
            shop.setup_problem,
        )
        for shop, collector, joined_at, left_at in rows
    ]  # fmt: skip
