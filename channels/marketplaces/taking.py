"""A site's order becomes ours and follows its state there, by the verbs that every order moves by.

Each order is a transaction of its own with a savepoint: one that cannot be taken as it stands is held for a person,
with the reason, and stops none of the others. Goods are taken by the one conditional stock update of every door.
"""

from collections.abc import Mapping

from accounts.rules import Actor
from catalog import queries as catalog
from channels.marketplaces import queries
from channels.marketplaces.models import MarketOrder
from channels.marketplaces.rules import (
    FAILED_TEXT,
    RANK,
    SITE_NAME,
    OrderState,
    Problem,
    Site,
    Status,
    older,
)
from channels.marketplaces.sales import Sale
from core import clock
from core.db import db
from core.errors import DomainError
from orders import operations as orders
from orders import queries as order_queries
from orders.models import Order
from orders.operations import Buyer, Pick, Wanted
from orders.rules import BEFORE_PACKING, Door
from orders.rules import State as OurState
from payments.elsewhere import markets
from payments.operations import cancel, refund, refuse_cod
from payments.queries import organisation_of
from places.queries import find_address
from revenue.markets.operations import charge_fee
from revenue.split.operations import deliver
from traceability.rules import OutOfStock

GONE = frozenset({OurState.CANCELLED, OurState.REFUSED, OurState.EXPIRED})


class Held(Exception):
    """Why a person must look. text: what was refused, in Vietnamese."""

    def __init__(self, problem: Problem, text: str = "") -> None:
        super().__init__(problem)
        self.problem, self.text = problem, text


def take(actor: Actor, row: MarketOrder, sale: Sale, skus: Mapping[str, int]) -> None:
    """Do what a site's word asks for an order, inside the caller's transaction. The same word again changes nothing.

    row: locked by the caller. skus: folded code → pack id, see `queries.skus`. The row says what came of it.
    """
    if row.given_up and row.order_id is None:
        row.state = OrderState.ENDED
        return
    if older(row.status, sale.status):
        return
    row.status = sale.status
    row.problem, row.problem_text, row.changed_at = "", "", clock.now()
    if row.order_id is None and (
        sale.status is Status.UNPAID or sale.status in (Status.CANCELLED, Status.RETURNED)
    ):
        row.state = OrderState.WAITING if sale.status is Status.UNPAID else OrderState.ENDED
        row.told = sale.told() if row.state == OrderState.WAITING else sale.goods()
        return
    try:
        with db.session.begin_nested():
            _do(actor, row, sale, skus)
    except Held as held:
        _hold(row, sale, held)
    except OutOfStock as error:
        _hold(row, sale, Held(Problem.STOCK, str(error)[:300]))
    except DomainError as error:
        _hold(row, sale, Held(Problem.REFUSED, str(error)[:300]))


def fail(row: MarketOrder, sale: Sale) -> None:
    """Hold an order on which the market itself failed, and of which nothing was written: tried again by a person or
    by the next file that names it. row: locked by the caller."""
    if row.order_id is None:
        row.status = sale.status
    _hold(row, sale, Held(Problem.REFUSED, FAILED_TEXT))


def _hold(row: MarketOrder, sale: Sale, held: Held) -> None:
    db.session.refresh(row)
    row.problem, row.problem_text, row.changed_at = held.problem, held.text, clock.now()
    if row.order_id is None:
        row.state, row.told = OrderState.HELD, sale.told()
    db.session.flush()


def _do(actor: Actor, row: MarketOrder, sale: Sale, skus: Mapping[str, int]) -> None:
    fresh = row.order_id is None
    if fresh:
        made = _sell(actor, row, sale, skus)
        row.order_id, row.state = made.id, OrderState.TAKEN
        db.session.flush()
    elif _sums(row.told) != _sums(sale.told()):
        raise Held(Problem.MONEY)
    order = order_queries.order(row.order_id or 0)
    _follow(actor, row, order, sale, skus)
    _charge(row, sale, order)
    row.told = sale.goods()
    db.session.flush()


def _sums(told: Mapping[str, object]) -> object:
    """What must not change once an order is ours: goods and money, without what came back."""
    lines = told["lines"]
    assert isinstance(lines, list)
    return sorted((one["sku"], one["quantity"], one["total_vnd"]) for one in lines), told["discount_vnd"]


def _packs(sale: Sale, skus: Mapping[str, int]) -> dict[int, tuple[int, int, int]]:
    """{pack id: (pieces, đồng, pieces that came back)}. Raises Held for goods that nobody knows."""
    found: dict[int, tuple[int, int, int]] = {}
    for line in sale.lines:
        pack_id = queries.pack_for(line, skus)
        if pack_id is None:
            raise Held(Problem.GOODS, line.name or line.sku)
        pieces, total, back = found.get(pack_id, (0, 0, 0))
        found[pack_id] = (pieces + line.quantity, total + line.total_vnd, back + line.returned)
    return found


def _sell(actor: Actor, row: MarketOrder, sale: Sale, skus: Mapping[str, int]) -> Order:
    packs = _packs(sale, skus)
    facts = catalog.pack_facts(packs)
    if any(fact.band is not None for fact in facts.values()):
        raise Held(Problem.WEIGHED)
    lines, spare = [], 0
    for pack_id, (pieces, total, _back) in sorted(packs.items()):
        unit = max(
            1, -(-total // pieces)
        )  # rounded up; what is too much comes off with the seller's vouchers
        spare += unit * pieces - total
        lines.append(Wanted(pack_id, pieces, unit))
    site = Site(row.site)
    key = f"market:{site}:{row.cooperative_id}:{row.number}"
    return markets.sell(actor, site, key, _buyer(row, sale, site), lines, sale.discount_vnd + spare)


def _buyer(row: MarketOrder, sale: Sale, site: Site) -> Buyer:
    """Who bought, as the site shows it: names and numbers are often masked there, and stay so."""
    address = ", ".join(part for part in (sale.address, sale.place) if part)
    return Buyer(
        sale.buyer or SITE_NAME[site], sale.phone, _commune(row, sale), address or SITE_NAME[site],
        note=f"{SITE_NAME[site]} {row.number}" + (f". {sale.note}" if sale.note else ""), door=Door.MARKETPLACE,
    )  # fmt: skip


def _commune(row: MarketOrder, sale: Sale) -> int:
    """The commune that the address names; else the seller's own: the site carries the parcel, nothing hangs on it."""
    for text in (sale.place, sale.address):
        found = find_address(text).exact if text else None
        if found is not None:
            return found.id
    return queries.home_of(row.cooperative_id)


# --- following the site's state


def _follow(actor: Actor, row: MarketOrder, order: Order, sale: Sale, skus: Mapping[str, int]) -> None:
    status = Status(row.status)
    if order.state in GONE:
        _settle_back(order, row.site)
        return
    if status is Status.CANCELLED or (status is Status.RETURNED and order.state != OurState.DELIVERED):
        _undo(actor, order, row)
    else:
        if RANK[status] >= RANK[Status.SHIPPED]:
            _send(actor, order, sale, row)
        if RANK[status] >= RANK[Status.DELIVERED] and order.state == OurState.SHIPPED:
            deliver(actor, order.id)
            db.session.refresh(order)
        if order.state == OurState.DELIVERED:
            _return(actor, order, sale, skus, row)
    _settle_back(order, row.site)


def _send(actor: Actor, order: Order, sale: Sale, row: MarketOrder) -> None:
    """Packed from the lots that were held for it, unless somebody packed it here with other lots before."""
    if order.state == OurState.TO_PACK:
        picks = [
            Pick(held.order_line_id, held.lot_id, held.quantity)
            for held in order_queries.allocations(order.id)
        ]
        orders.pack(actor, order.id, picks)
        db.session.refresh(order)
    if order.state == OurState.PACKED:
        orders.ship(actor, order.id, sale.carrier or SITE_NAME[Site(row.site)], sale.tracking)
        db.session.refresh(order)


def _undo(actor: Actor, order: Order, row: MarketOrder) -> None:
    """Cancelled there: before it left the goods are free again, later they come back, and the money with them."""
    reason = f"{SITE_NAME[Site(row.site)]} {row.number}"
    if order.state in BEFORE_PACKING | {OurState.PACKED}:
        cancel(actor, order.id, reason)
    elif order.state == OurState.SHIPPED:
        refuse_cod(actor, order.id, reason)
    else:
        _refund(actor, order, {line.id: line.quantity for line in order_queries.lines(order.id)}, row)
    db.session.refresh(order)


def _return(actor: Actor, order: Order, sale: Sale, skus: Mapping[str, int], row: MarketOrder) -> None:
    """Pieces that came back after delivery: each share gives its part back, the pieces wait in quarantine."""
    packs = _packs(sale, skus)
    boxes = queries.boxes_of(order.id)
    wanted: dict[int, int] = {}
    for line in order_queries.lines(order.id):
        sold, ordered = boxes[line.bundle_id] if line.bundle_id else (line.pack_id, line.quantity)
        _pieces, _vnd, back = packs.get(sold, (0, 0, 0))
        wanted[line.id] = (
            line.quantity * min(back, ordered) // ordered
        )  # of a box, the parts of so many boxes
    _refund(actor, order, wanted, row)


def _refund(actor: Actor, order: Order, back: Mapping[int, int], row: MarketOrder) -> None:
    """back: {line id: pieces that came back in all}; only those not refunded yet are."""
    lines = {line.id: line for line in order_queries.lines(order.id)}
    more = {
        key: n - lines[key].refunded_quantity for key, n in back.items() if n > lines[key].refunded_quantity
    }
    if more:
        told = "-".join(f"{key}:{back[key]}" for key in sorted(more))
        refund(actor, order.id, more, f"{SITE_NAME[Site(row.site)]} {row.number}", goods_back=True,
               key=f"market:{row.id}:{told}")  # fmt: skip


def _settle_back(order: Order, site: str) -> None:
    """What is owed back the site pays: it holds the money."""
    for owed in queries.owed_back(order.id):
        markets.gave_back(owed, site)


def _charge(row: MarketOrder, sale: Sale, order: Order) -> None:
    """The site's fees of this order, as it says now. A cancelled order's are what the file still says, mostly none."""
    if sale.fee_vnd == row.fee_vnd:
        return
    own = organisation_of(order.cooperative_id)
    charge_fee(own, row.site, order.id, row.fee_vnd, sale.fee_vnd, row.fee_step)
    row.fee_vnd, row.fee_step = sale.fee_vnd, row.fee_step + 1
