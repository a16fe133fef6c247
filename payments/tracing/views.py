"""From an order to the family's money, on one page."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from accounts.access import actor, roles
from accounts.rules import Role
from cooperatives import queries as cooperatives
from orders.models import Order
from orders.queries import order_by_code, order_for
from orders.rules import STATE_TEXT
from payments.queries import payment_of
from payments.rails.rules import RAILS
from payments.rules import OUTCOME_TEXT, PAYMENT_TEXT, SOURCE_TEXT
from payments.tracing.queries import moves_of
from revenue.split.queries import no_order
from revenue.treasury.trace import entries_of, kept_of, shares_of

bp = Blueprint("tracing", __name__)
STAFF = (Role.MANAGER, Role.TREASURER)


def _order(said: str) -> Order:
    """An order of the own cooperative by its code or number. Another's is answered like none."""
    own = actor().organisation_id
    if said.isdigit():
        return order_for(int(said[:15]), own)
    found = order_by_code(said.upper())
    if found is None:
        raise no_order()
    return order_for(found.id, own)


@bp.get("/manage/money/trace/<said>")
@roles(*STAFF)
def order(said: str) -> ResponseReturnValue:
    """One order: its payment, what came, the entries, the shares with their slips, the payouts."""
    found = _order(said)
    own = cooperatives.cooperative(found.cooperative_id).organisation_id or 0
    entries = entries_of(own, found.id)
    shares = shares_of(own, found.id, entries)
    return render_template(
        "payments/tracing/order.html", order=found, payment=payment_of(found.id), moves=moves_of(found.id),
        entries=entries, shares=shares, kept=kept_of(entries),
        views=cooperatives.producer_views([one.producer_id for one in shares]),
        STATE_TEXT=STATE_TEXT, PAYMENT_TEXT=PAYMENT_TEXT, OUTCOME_TEXT=OUTCOME_TEXT, SOURCE_TEXT=SOURCE_TEXT,
        RAILS=RAILS,
    )  # fmt: skip
