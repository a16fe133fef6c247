"""One order, both sides: what the shop says and what we know are compared, and what either lacks is done.

Nothing is sent because an event came; it is sent because the two differ. So an event that comes twice, late or never,
and an answer that was lost, end in the same place. Money first, then what the shop must hear.
"""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import func, select, update

from accounts.rules import Actor, Role
from channels.saleor import documents, queries
from channels.saleor.calls import call, may_call
from channels.saleor.client import Client, ShopDown, ShopRefused
from channels.saleor.models import SaleorInstance, SaleorOrder, SaleorRefundAsk
from channels.saleor.pushing import Push, plan, say
from channels.saleor.remote import OtherCurrency, RemoteOrder, read
from channels.saleor.returning import give_back
from channels.saleor.rules import PLACE, InstanceState, OrderState, Problem, fingerprint
from channels.saleor.taking import take
from core import clock
from core.db import db, transaction
from core.errors import Conflict
from core.i18n import N_
from core.work import OWNER
from orders import queries as orders
from orders.models import Order
from orders.rules import BEFORE_PACKING, CLOSED
from orders.rules import State as Ours
from payments.elsewhere.operations import take as take_money
from payments.models import Refund
from payments.operations import cancel
from payments.queries import organisation_of

WATCH_DAYS = 90
PUT_OFF = timedelta(minutes=5)
CANCELLED_THERE = N_("Khách huỷ ở cửa hàng Saleor")


def handle(row_id: int) -> None:
    """Read one order in its shop and do what either side lacks; settles the claimed row. Outside any transaction."""
    row = db.session.get_one(SaleorOrder, row_id, populate_existing=True)
    shop = queries.instance(row.instance_id)
    knocks, refused, remote_id = row.knock_count, row.refused, row.remote_id
    instance_id, organisation_id, channel = shop.id, shop.organisation_id, shop.channel_slug
    if shop.state != InstanceState.INSTALLED or not may_call(shop):
        _put_off(row_id, shop)
        return
    try:
        told = call(instance_id, lambda shop: shop.query(documents.ORDER, id=remote_id))["order"]
        remote = read(told) if told else None
        if refused:
            _refuse(instance_id, row_id, remote)
        elif remote is None:
            _note(row_id, state=OrderState.ENDED)
        else:
            seen = _inward(row_id, remote, organisation_id, channel)
            _outward(instance_id, row_id, remote)
            _note(row_id, local_seen=seen)
    except OtherCurrency:
        _note(row_id, state=OrderState.HELD, problem=Problem.CURRENCY)
    except (ShopDown, ShopRefused):
        _put_off(row_id, queries.instance(instance_id))
        return
    _settle(row_id, knocks)


def _note(row_id: int, **values: object) -> None:
    with transaction():
        db.session.execute(update(SaleorOrder).where(SaleorOrder.id == row_id).values(**values))


def _put_off(row_id: int, shop: SaleorInstance) -> None:
    """Look again when the shop may be called again; a shop that is down costs no try."""
    due = shop.pause_until or clock.now() + PUT_OFF
    with transaction():
        db.session.execute(
            update(SaleorOrder)
            .where(
                SaleorOrder.id == row_id, SaleorOrder.work_state == "working", SaleorOrder.work_owner == OWNER
            )
            .values(work_state="pending", work_due_at=due, work_attempts=0)
        )


def _settle(row_id: int, knocks: int) -> None:
    """Done, unless somebody knocked while we looked: then once more."""
    with transaction():
        row = db.session.get_one(SaleorOrder, row_id, with_for_update=True, populate_existing=True)
        row.looked_at = clock.now()
        if row.work_owner == OWNER and row.work_state == "working":
            row.work_state = "done" if row.knock_count == knocks else "pending"
            row.work_error, row.work_attempts, row.work_due_at = None, 0, None


def _refuse(instance_id: int, row_id: int, remote: RemoteOrder | None) -> None:
    """Cancel in the shop what a person would not take."""
    if remote is not None and not remote.cancelled:
        push = Push(documents.CANCEL, "orderCancel", {"id": remote.id})
        if fault := call(instance_id, lambda shop: say(shop, push)):
            _note(row_id, problem=Problem.PUSH, problem_text=fault)
            return
    _note(row_id, state=OrderState.ENDED, problem="", problem_text="")


# --- what comes in


def _inward(row_id: int, remote: RemoteOrder, organisation_id: int, channel: str) -> str:
    """Take the order, its money, its cancellation and its refunds; our side's fingerprint afterwards."""
    with transaction():
        row = db.session.get_one(SaleorOrder, row_id, with_for_update=True, populate_existing=True)
        if row.purchase_id is None:
            take(row, remote, channel)
        if row.purchase_id is None:
            return ""
        row.problem, row.problem_text = "", ""
        db.session.flush()
        mine = orders.orders_of(row.purchase_id)
        if remote.paid_there_vnd >= sum(order.total_vnd for order in mine):
            name = f"{PLACE}:{row.instance_id}:{row_id}"
            take_money(organisation_id, PLACE, _amounts(mine, remote.paid_there_vnd), name)
        if remote.cancelled:
            _cancel_ours(row, mine)
        give_back(row, remote, mine)
        if not row.problem and _wishes(row_id):
            row.problem = Problem.REFUND_WANTED
        db.session.flush()
        return local_state([row.purchase_id]).get(row.purchase_id, "")


def _amounts(mine: Sequence[Order], paid_vnd: int) -> dict[int, int]:
    """Each order its price; what was paid beyond goes to the first, and is owed back from there."""
    amounts = {order.id: order.total_vnd for order in mine}
    amounts[mine[0].id] += paid_vnd - sum(amounts.values())
    return amounts


def _wishes(row_id: int) -> bool:
    """Whether the shop waits for us to pay back money that came here."""
    wanted = select(SaleorRefundAsk.id).where(
        SaleorRefundAsk.saleor_order_id == row_id, SaleorRefundAsk.wish, SaleorRefundAsk.reported_at.is_(None)
    )
    return db.session.execute(wanted).first() is not None


def system_of(order: Order) -> Actor:
    """The shop's own act, in the books of the cooperative that sells."""
    return Actor(None, Role.SYSTEM, organisation_of(order.cooperative_id))


def _cancel_ours(row: SaleorOrder, mine: Sequence[Order]) -> None:
    for order in mine:
        if order.state in CLOSED and order.state != Ours.DELIVERED:
            continue
        if order.state not in BEFORE_PACKING | {Ours.PACKED}:
            row.problem = Problem.CANCELLED_THERE
            continue
        try:
            with db.session.begin_nested():
                cancel(system_of(order), order.id, CANCELLED_THERE)
        except Conflict as error:
            row.problem, row.problem_text = Problem.CANCELLED_THERE, str(error)[:300]


# --- what goes out


def _outward(instance_id: int, row_id: int, remote: RemoteOrder) -> None:
    """Tell the shop what it does not show yet, one thing after the other; the first refusal is noted for a person."""
    row = db.session.get_one(SaleorOrder, row_id, populate_existing=True)
    if row.purchase_id is None:
        return
    warehouse = str(queries.setup_of(queries.instance(instance_id)).get("warehouse", ""))
    pushes = plan(row, remote, warehouse)
    faults = []
    for push in pushes:
        fault = call(instance_id, lambda shop, push=push: _said(shop, push))  # type: ignore[misc]
        if fault:
            faults.append(fault)
        elif push.after is not None:
            with transaction():
                push.after()
    if faults:
        _note(row_id, problem=Problem.PUSH, problem_text=faults[0])


def _said(shop: Client, push: Push) -> str:
    try:
        return say(shop, push)
    except ShopRefused as error:
        return f"{error.code} {error.message}"[:300]


# --- our side, watched


def local_state(purchase_ids: Sequence[int]) -> dict[int, str]:
    """{purchase id: what a shop would have to hear of, if it changed}: states, parcels, refunds. Two statements."""
    facts: dict[int, list[object]] = {}
    rows = db.session.execute(
        select(Order.purchase_id, Order.id, Order.state, Order.carrier, Order.tracking_number, Order.paid_at)
        .where(Order.purchase_id.in_(purchase_ids)).order_by(Order.id)
    )  # fmt: skip
    for purchase_id, *said in rows:
        facts.setdefault(purchase_id, []).append(said)
    back = db.session.execute(
        select(Order.purchase_id, Refund.id, Refund.state, Refund.sent_how)
        .join(Order, Order.id == Refund.order_id)
        .where(Order.purchase_id.in_(purchase_ids)).order_by(Refund.id)
    )  # fmt: skip
    for purchase_id, *said in back:
        facts.setdefault(purchase_id, []).append(said)
    return {purchase_id: fingerprint(said) for purchase_id, said in facts.items()}


def watch(most: int = 500) -> int:
    """Set orders pending whose own side changed since they were compared, or whose trouble is due; how many."""
    since = clock.now() - timedelta(days=WATCH_DAYS)
    rows = db.session.execute(
        select(SaleorOrder.id, SaleorOrder.purchase_id, SaleorOrder.local_seen)
        .where(SaleorOrder.state == OrderState.TAKEN, SaleorOrder.work_state == "done")
        .where(SaleorOrder.created_at > since)
        .order_by(SaleorOrder.id.desc()).limit(most)
    ).all()  # fmt: skip
    now = local_state([row.purchase_id for row in rows])
    changed = [row.id for row in rows if now.get(row.purchase_id, "") != row.local_seen]
    stuck = select(SaleorOrder.id).where(
        SaleorOrder.problem == Problem.PUSH, SaleorOrder.work_state == "done",
        func.coalesce(SaleorOrder.looked_at, since) <= clock.now() - PUT_OFF,
    )  # fmt: skip
    changed += list(db.session.execute(stuck).scalars())
    if changed:
        with transaction():
            db.session.execute(
                update(SaleorOrder)
                .where(SaleorOrder.id.in_(changed), SaleorOrder.work_state == "done")
                .values(work_state="pending", work_due_at=None, work_attempts=0)
            )
    return len(changed)
