"""What a shop must still hear of an order that is ours: cancelled, paid here, on its way, given back.

Each is left out when the shop shows it already: an answer that was lost is found again, and nothing is said twice.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from sqlalchemy import select, update

from catalog.models import Pack
from channels.saleor import documents
from channels.saleor.client import Client
from channels.saleor.models import SaleorListing, SaleorOrder, SaleorRefundAsk
from channels.saleor.remote import OURS, RemoteOrder
from channels.saleor.rules import ListingState, Problem
from core import clock
from core.db import db
from orders import queries as orders
from orders.models import Order
from orders.rules import State
from payments.elsewhere.queries import collector_of_order
from payments.models import Refund
from payments.queries import payment_of, received
from payments.rules import RefundState

NOT_SOLD = frozenset({State.CANCELLED, State.EXPIRED})
GONE = frozenset({State.SHIPPED, State.DELIVERED})


@dataclass(frozen=True)
class Push:
    """One mutation. under: where its errors stand in the answer. after: written once it was taken."""

    document: str
    under: str
    variables: dict[str, Any]
    after: Callable[[], None] | None = None


def say(shop: Client, push: Push) -> str:
    """Send it; what the shop objects, empty when it took it. Raises ShopDown, ShopRefused."""
    answer = shop.mutate(push.document, **push.variables)[push.under]
    if not answer["errors"]:
        return ""
    first = answer["errors"][0]
    return f"{first.get('field') or ''} {first.get('code') or ''} {first.get('message') or ''}".strip()[:300]


def plan(row: SaleorOrder, remote: RemoteOrder, warehouse: str) -> list[Push]:
    """What to say now, in order."""
    assert row.purchase_id is not None, "asked of orders that are ours"
    mine = orders.orders_of(row.purchase_id)
    if (
        mine
        and all(order.state in NOT_SOLD for order in mine)
        and not remote.cancelled
        and not remote.parcels
    ):
        return [*_returns(row, remote, mine), Push(documents.CANCEL, "orderCancel", {"id": remote.id})]
    if remote.cancelled:
        return list(_returns(row, remote, mine))
    return [*_charges(remote, mine), *_parcels(row, remote, mine, warehouse), *_returns(row, remote, mine)]


def psp_of(order: Order) -> str:
    """The name of an order's money in the shop, where it was paid here."""
    return f"{OURS}{order.code}"


def _charges(remote: RemoteOrder, mine: Sequence[Order]) -> Iterator[Push]:
    """Money that came here for an order, and that the shop does not know of."""
    told = {one.psp for one in remote.payments}
    for order in mine:
        if psp_of(order) in told or collector_of_order(order.id) is not None or order.state in NOT_SOLD:
            continue
        came = received(order.id)
        if came and came >= payment_of(order.id).amount_vnd:
            yield Push(documents.CHARGED, "transactionCreate", {"id": remote.id, "transaction": {
                "name": "Chợ Phiên VietQR", "pspReference": psp_of(order), "availableActions": ["REFUND"],
                "amountCharged": {"amount": came, "currency": "VND"},
            }})  # fmt: skip


def _parcels(row: SaleorOrder, remote: RemoteOrder, mine: Sequence[Order], warehouse: str) -> Iterator[Push]:
    """Orders that left and that the shop does not show as fulfilled; tracking numbers that it has otherwise."""
    left = {
        line.id: line.fulfilled for line in remote.lines
    }  # pieces shown as gone, not yet given to an order of ours
    for order in mine:
        if order.state not in GONE:
            continue
        lines, missing = _lines_of(order, remote), {}
        for line_id, quantity in lines.items():
            shown = min(left[line_id], quantity)
            left[line_id] -= shown
            if quantity > shown:
                missing[line_id] = quantity - shown
        if missing:
            stocks = [
                {"orderLineId": line_id, "stocks": [{"warehouse": warehouse, "quantity": quantity}]}
                for line_id, quantity in missing.items()
            ]
            given = {"lines": stocks, "notifyCustomer": True, "allowStockToBeExceeded": True,
                     "trackingNumber": order.tracking_number}  # fmt: skip
            products = _products(order)
            yield Push(documents.FULFIL, "orderFulfill", {"order": remote.id, "input": given},
                       after=partial(_count_again, row.instance_id, products))  # fmt: skip
        else:
            yield from _tracking(order, remote, set(lines))


def _tracking(order: Order, remote: RemoteOrder, line_ids: set[str]) -> Iterator[Push]:
    for parcel in remote.parcels:
        own = {line_id for line_id, _quantity in parcel.lines}
        if own and own <= line_ids and order.tracking_number and parcel.tracking != order.tracking_number:
            given = {"trackingNumber": order.tracking_number, "notifyCustomer": True}
            yield Push(
                documents.TRACKING, "orderFulfillmentUpdateTracking", {"id": parcel.id, "input": given}
            )


def _lines_of(order: Order, remote: RemoteOrder) -> dict[str, int]:
    """{the shop's line: pieces of it in this order of ours}: a pack is sold by one cooperative, so in one order."""
    packs = {line.pack_id for line in orders.lines(order.id)} | set(_boxes(order))
    return {line.id: line.quantity for line in remote.lines if line.pack_id in packs}


def _boxes(order: Order) -> list[int]:
    """Packs that are boxes: their lines in our order are of what lies in them."""
    from orders.bundles.models import OrderBundle

    wanted = select(OrderBundle.pack_id).where(OrderBundle.order_id == order.id)
    return list(db.session.execute(wanted).scalars())


def _products(order: Order) -> list[int]:
    packs = [line.pack_id for line in orders.lines(order.id)]
    return list(db.session.execute(select(Pack.product_id).where(Pack.id.in_(packs)).distinct()).scalars())


def _count_again(instance_id: int, products: Sequence[int]) -> None:
    """The shop took the pieces off its own count as it fulfilled: what it counts now is compared anew."""
    db.session.execute(
        update(SaleorListing)
        .where(SaleorListing.instance_id == instance_id, SaleorListing.product_id.in_(products))
        .where(SaleorListing.state == ListingState.SENT)
        .values(state=ListingState.PENDING, due_at=None)
    )


# --- money back


def _returns(row: SaleorOrder, remote: RemoteOrder, mine: Sequence[Order]) -> Iterator[Push]:
    """Refunds the shop must pay (asked once each), and refunds of ours that it must hear of."""
    for ask in db.session.execute(
        select(SaleorRefundAsk).where(
            SaleorRefundAsk.saleor_order_id == row.id, ~SaleorRefundAsk.wish, ~SaleorRefundAsk.certain,
        ).order_by(SaleorRefundAsk.id)
    ).scalars():  # fmt: skip
        yield Push(documents.GIVE_BACK, "transactionRequestAction", {"id": ask.transaction, "amount": ask.amount_vnd},
                   after=partial(_certain, ask.id))  # fmt: skip
    for order in mine:
        payment = next((one for one in remote.payments if one.psp == psp_of(order)), None)
        if payment is None:
            continue
        for owed in _sent(order):
            wish = _wish(row, payment.id, owed)
            psp = wish.psp if wish else f"{OURS}R{owed.id}"
            if psp not in payment.reports:
                given = {"id": payment.id, "psp": psp, "amount": owed.amount_vnd, "type": "REFUND_SUCCESS"}
                after = partial(_reported, row.id, wish.id, owed.id) if wish else None
                yield Push(documents.REPORT, "transactionEventReport", given, after=after)


def _certain(ask_id: int) -> None:
    db.session.execute(update(SaleorRefundAsk).where(SaleorRefundAsk.id == ask_id).values(certain=True))


def _sent(order: Order) -> list[Refund]:
    wanted = select(Refund).where(Refund.order_id == order.id, Refund.state == RefundState.SENT)
    return list(db.session.execute(wanted.order_by(Refund.id)).scalars())


def _wish(row: SaleorOrder, transaction_id: str, owed: Refund) -> SaleorRefundAsk | None:
    """The shop's own request that this refund answers: the one that was bound to it, else the oldest of its amount."""
    wanted = select(SaleorRefundAsk).where(
        SaleorRefundAsk.saleor_order_id == row.id,
        SaleorRefundAsk.wish,
        SaleorRefundAsk.transaction == transaction_id,
    )
    rows = list(db.session.execute(wanted.order_by(SaleorRefundAsk.id)).scalars())
    bound = [one for one in rows if one.refund_id == owed.id]
    free = [one for one in rows if one.refund_id is None and one.amount_vnd == owed.amount_vnd]
    return next(iter(bound or free), None)


def _reported(row_id: int, wish_id: int, refund_id: int) -> None:
    """The shop knows that what it asked for has gone; when that was the last, nobody waits for a person any more."""
    mine = (SaleorRefundAsk.saleor_order_id == row_id, SaleorRefundAsk.wish)
    db.session.execute(
        update(SaleorRefundAsk)
        .where(SaleorRefundAsk.id == wish_id)
        .values(refund_id=refund_id, reported_at=clock.now(), certain=True)
    )
    open_wishes = select(SaleorRefundAsk.id).where(*mine, SaleorRefundAsk.reported_at.is_(None))
    db.session.execute(
        update(SaleorOrder)
        .where(SaleorOrder.id == row_id, SaleorOrder.problem == Problem.REFUND_WANTED, ~open_wishes.exists())
        .values(problem="")
    )
