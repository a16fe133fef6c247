"""The outbox of goods: rows say what a shop must still hear, and the worker's round keeps what they promise."""

import json
from collections.abc import Sequence
from datetime import timedelta
from functools import partial

from sqlalchemy import or_, select, update

from catalog.models import Category
from channels.saleor import queries
from channels.saleor.calls import call, may_call
from channels.saleor.client import Client, ShopDown, ShopRefused
from channels.saleor.goods import goods, hints
from channels.saleor.models import SaleorInstance, SaleorListing
from channels.saleor.publishing import Job, send
from channels.saleor.rules import BULK_MOST, InstanceState, ListingState
from channels.saleor.setup import CannotSetUp, set_up
from core import clock
from core.db import db, transaction
from core.i18n import N_

LEASE = timedelta(
    minutes=1
)  # longer than any document may take; a worker that died holds nobody up for longer
KEPT_EVERY = timedelta(seconds=15)
TRY_AGAIN = (timedelta(minutes=2), timedelta(minutes=10), timedelta(hours=1))
NO_ENTRY_TEXT = N_(
    "Cửa hàng không còn nhận khoá của chợ, hoặc chưa cho đủ quyền. Cài lại ứng dụng ở trang của họ."
)


def notice(instance_id: int) -> int:
    """Write down which products a shop must hear of: changed, new, or not on sale there any more; how many."""
    wanted = hints(instance_id, queries.seller_ids(instance_id))
    rows = db.session.execute(
        select(SaleorListing.product_id, SaleorListing.hint).where(SaleorListing.instance_id == instance_id)
    )
    known: dict[int, str] = {row.product_id: row.hint for row in rows}
    changed = {one: hint for one, hint in wanted.items() if known.get(one) != hint}
    changed |= {one: "" for one, hint in known.items() if hint and one not in wanted}
    if not changed:
        return 0
    with transaction():
        for product_id, hint in sorted(changed.items()):
            mine = (SaleorListing.instance_id == instance_id, SaleorListing.product_id == product_id)
            values = {"hint": hint, "state": ListingState.PENDING, "due_at": None, "tries_count": 0}
            done = db.session.execute(update(SaleorListing).where(*mine).values(**values))
            if not done.rowcount:  # type: ignore[attr-defined]
                db.session.add(SaleorListing(instance_id=instance_id, product_id=product_id, **values))
    return len(changed)


def send_some(instance_id: int, most: int = BULK_MOST) -> int:
    """Send what is due to one shop, at most `most` products; how many. Nothing while the shop is to be left alone."""
    found = queries.instance(instance_id)
    if found.state != InstanceState.INSTALLED or not may_call(found) or found.setup_problem:
        return 0
    due = _due(instance_id, most)
    if not due or not _take_turn(instance_id):
        return 0
    try:
        return _send(instance_id, due)
    finally:
        with transaction():
            queries.instance(instance_id, lock=True).lease_until = None


def _due(instance_id: int, most: int) -> list[SaleorListing]:
    """Prices and withdrawals first come first served; refused rows when their time has come."""
    wanted = select(SaleorListing).where(
        SaleorListing.instance_id == instance_id, SaleorListing.state != ListingState.SENT,
        or_(SaleorListing.due_at.is_(None), SaleorListing.due_at <= clock.now()),
    )  # fmt: skip
    ordered = wanted.order_by(
        SaleorListing.remote_id == "", SaleorListing.id
    )  # what it sells already goes first
    return list(db.session.execute(ordered.limit(most)).scalars())


def _take_turn(instance_id: int) -> bool:
    now = clock.now()
    with transaction():
        taken = db.session.execute(
            update(SaleorInstance)
            .where(SaleorInstance.id == instance_id)
            .where(or_(SaleorInstance.lease_until.is_(None), SaleorInstance.lease_until < now))
            .values(lease_until=now + LEASE)
        )
    return bool(taken.rowcount)  # type: ignore[attr-defined]


def _keep_turn(instance_id: int) -> None:
    """While a slow shop is spoken to, the turn stays ours: prolonged, not more often than it must be."""
    until = clock.now() + LEASE
    with transaction():
        db.session.execute(
            update(SaleorInstance)
            .where(SaleorInstance.id == instance_id, SaleorInstance.lease_until < until - KEPT_EVERY)
            .values(lease_until=until)
        )


def _send(instance_id: int, due: Sequence[SaleorListing]) -> int:
    read = {row.product_id: row.hint for row in due}
    known = goods(instance_id, list(read), queries.seller_ids(instance_id))
    jobs = [
        Job(row.product_id, known.get(row.product_id), row.text_hash, row.media_hash, row.remote_id)
        for row in due
    ]
    setup = prepared(instance_id)
    if setup is None:
        return 0

    def act(shop: Client) -> None:
        shop.before = partial(_keep_turn, instance_id)
        send(shop, setup, jobs)

    try:
        call(instance_id, act)
    except ShopDown:
        return 0
    except ShopRefused:
        _not_let_in(instance_id)
        return 0
    with transaction():
        for job in jobs:
            settle(instance_id, job, read[job.product_id])
    return len(jobs)


def prepared(instance_id: int) -> dict[str, object] | None:
    """A shop's ids of what goods hang on, looked up or made the first time; None while a person must mend it first."""
    found = queries.instance(instance_id)
    if setup := queries.setup_of(found):
        return setup
    channel = found.channel_slug
    names = {row.slug: row.name for row in db.session.execute(select(Category.slug, Category.name))}
    try:
        made = call(instance_id, lambda shop: set_up(shop, channel, names))
    except ShopDown:
        return None
    except ShopRefused:
        _not_let_in(instance_id)
        return None
    except CannotSetUp as error:
        with transaction():
            queries.instance(instance_id, lock=True).setup_problem = error.text
        return None
    with transaction():
        queries.instance(instance_id, lock=True).setup = json.dumps(made)
    return dict(made)


def _not_let_in(instance_id: int) -> None:
    with transaction():
        queries.instance(instance_id, lock=True).setup_problem = NO_ENTRY_TEXT


def settle(instance_id: int, job: Job, hint: str) -> None:
    """Write how it went; a product that changed meanwhile stays pending."""
    row = db.session.execute(
        select(SaleorListing)
        .where(SaleorListing.instance_id == instance_id, SaleorListing.product_id == job.product_id)
        .with_for_update().execution_options(populate_existing=True)
    ).scalar_one()  # fmt: skip
    row.remote_id, row.text_hash, row.media_hash = job.remote_id, job.text_hash, job.media_hash
    row.fault, row.fault_text = job.fault, job.fault_text
    if job.fault:
        row.due_at = clock.now() + TRY_AGAIN[min(row.tries_count, len(TRY_AGAIN) - 1)]
        row.tries_count += 1
        row.state = ListingState.FAILED
    elif row.hint == hint:
        row.state, row.due_at, row.tries_count = ListingState.SENT, None, 0
    if not job.refused:
        row.shown, row.sent_at = job.goods is not None, clock.now()
