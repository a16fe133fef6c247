"""The outbox of goods: rows say what a shop must still hear, and the worker's round keeps what they promise."""

import json
from collections.abc import Mapping, Sequence
from datetime import timedelta
from functools import partial

from sqlalchemy import or_, select, update

from catalog.models import Category, Pack
from channels.saleor import queries, told
from channels.saleor.calls import call, may_call
from channels.saleor.client import Client, ShopDown, ShopRefused
from channels.saleor.goods import Hint, goods, hints
from channels.saleor.models import SaleorInstance, SaleorListing
from channels.saleor.publishing import Job, send, stop
from channels.saleor.rules import BULK_MOST, InstanceState, ListingState, Rank, rank
from channels.saleor.setup import CannotSetUp, set_up
from channels.saleor.turns import TURN_S, Turn
from core import clock
from core.db import db, transaction
from core.i18n import N_

LEASE = timedelta(
    minutes=1
)  # longer than any document may take; a worker that died holds nobody up for longer
KEPT_EVERY = timedelta(seconds=15)
STOP_MOST = 1000  # products whose sales are stopped at once: ten documents
NOT_THERE = Hint("", {})
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
    changed = {one: hint for one, hint in wanted.items() if known.get(one) != hint.mark}
    changed |= {one: NOT_THERE for one, mark in known.items() if mark and one not in wanted}
    if not changed:
        return 0
    before = told.of_products(instance_id, sorted(changed))
    with transaction():
        for product_id, hint in sorted(changed.items()):
            mine = (SaleorListing.instance_id == instance_id, SaleorListing.product_id == product_id)
            urgent = rank(before.get(product_id, {}), hint.packs)
            values = {"hint": hint.mark, "state": ListingState.PENDING, "rank": urgent, "due_at": None,
                      "tries_count": 0}  # fmt: skip
            done = db.session.execute(update(SaleorListing).where(*mine).values(**values))
            if not done.rowcount:  # type: ignore[attr-defined]
                db.session.add(SaleorListing(instance_id=instance_id, product_id=product_id, **values))
    return len(changed)


def send_some(instance_id: int, most: int = BULK_MOST, for_s: float = TURN_S) -> int:
    """Send what is due to one shop: stop all sales that must stop, or else at most `most` products; how many.

    Nothing more is begun after `for_s`. Nothing is sent while the shop is to be left alone.
    """
    found = queries.instance(instance_id)
    if found.state != InstanceState.INSTALLED or not may_call(found) or found.setup_problem:
        return 0
    due = _due(instance_id, most)
    if not due or not _take_turn(instance_id):
        return 0
    try:
        return _send(instance_id, due, for_s)
    finally:
        with transaction():
            queries.instance(instance_id, lock=True).lease_until = None


def _due(instance_id: int, most: int) -> list[SaleorListing]:
    """What must not be sold first, and all of it; then prices, then the rest. Refused rows when their time has come."""
    wanted = select(SaleorListing).where(
        SaleorListing.instance_id == instance_id, SaleorListing.state != ListingState.SENT,
        or_(SaleorListing.due_at.is_(None), SaleorListing.due_at <= clock.now()),
    )  # fmt: skip
    urgent = wanted.where(SaleorListing.rank == Rank.STOP).order_by(SaleorListing.id).limit(STOP_MOST)
    if found := list(db.session.execute(urgent).scalars()):
        return found
    ordered = wanted.order_by(SaleorListing.rank, SaleorListing.remote_id == "", SaleorListing.id)
    return list(db.session.execute(ordered.limit(most)).scalars())


def _take_turn(instance_id: int) -> bool:
    now = clock.now()
    with transaction():
        taken = db.session.execute(
            update(SaleorInstance)
            .where(SaleorInstance.id == instance_id)
            .where(or_(SaleorInstance.lease_until.is_(None), SaleorInstance.lease_until < now))
            .values(lease_until=now + LEASE, turned_at=now)
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


def _send(instance_id: int, due: Sequence[SaleorListing], for_s: float) -> int:
    read = {row.product_id: row.hint for row in due}
    urgent = due[0].rank == Rank.STOP
    known = goods(instance_id, list(read), queries.seller_ids(instance_id))
    jobs = [
        Job(row.product_id, known.get(row.product_id), row.text_hash, row.media_hash, row.remote_id)
        for row in due
    ]
    fewer = _fewer(instance_id, jobs) if urgent else {}
    if (setup := prepared(instance_id)) is None:
        return 0
    taken: dict[int, bool] = {}

    def act(shop: Client) -> None:
        turn = Turn(shop, for_s, partial(_keep_turn, instance_id))
        if urgent:
            taken.update(stop(turn, setup, {pack_id: stock for pack_id, (_price, stock) in fewer.items()}))
        else:
            send(turn, setup, jobs)

    try:
        call(instance_id, act)
    except ShopDown:
        return 0
    except ShopRefused:
        _not_let_in(instance_id)
        return 0
    if urgent:
        return _stopped(instance_id, list(read), fewer, taken)
    settle_all(instance_id, jobs, read)
    return sum(not job.late for job in jobs)


def _fewer(instance_id: int, jobs: Sequence[Job]) -> told.Told:
    """Packs that a shop counts more of than it may: {pack id: (price that it shows, pieces that it may count)}."""
    may = {pack.pack_id: pack.quantity for job in jobs if job.goods for pack in job.goods.packs}
    before = told.of_products(instance_id, [job.product_id for job in jobs])
    return {
        pack_id: (price_vnd, may.get(pack_id, 0))
        for packs in before.values()
        for pack_id, (price_vnd, stock) in packs.items()
        if may.get(pack_id, 0) < stock
    }


def _stopped(instance_id: int, product_ids: Sequence[int], fewer: told.Told, taken: dict[int, bool]) -> int:
    """Sales are stopped: what else these products need comes with the prices; how many. The rest is stopped next."""
    left = set(fewer) - set(taken)
    with transaction():
        told.write(instance_id, {pack_id: fewer[pack_id] for pack_id, took in taken.items() if took})
        waiting = select(Pack.product_id).where(Pack.id.in_(left))
        done = db.session.execute(
            update(SaleorListing)
            .where(SaleorListing.instance_id == instance_id, SaleorListing.product_id.in_(product_ids))
            .where(SaleorListing.rank == Rank.STOP, SaleorListing.product_id.not_in(waiting))
            .values(rank=int(Rank.CHANGE))
            .execution_options(synchronize_session=False)
        )
    return int(done.rowcount)  # type: ignore[attr-defined]


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


def settle_all(instance_id: int, jobs: Sequence[Job], marks: Mapping[int, str]) -> None:
    """Write how jobs went, and what the shop was told. marks: {product id: its hint when it was read}."""
    with transaction():
        for job in jobs:
            _settle(instance_id, job, marks[job.product_id])
        db.session.flush()
        whole = [job for job in jobs if not (job.refused or job.late)]
        said = {
            pack_id: (price_vnd, 0)
            for packs in told.of_products(instance_id, [job.product_id for job in whole]).values()
            for pack_id, (price_vnd, _stock) in packs.items()
        }
        said |= {pack.pack_id: (pack.price_vnd, pack.quantity)
                 for job in whole if job.goods for pack in job.goods.packs}  # fmt: skip
        told.write(instance_id, said)


def _settle(instance_id: int, job: Job, mark: str) -> None:
    """One product; it stays pending when it changed meanwhile, or when its turn was over too soon."""
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
    elif row.hint == mark and not job.late:
        row.state, row.due_at, row.tries_count = ListingState.SENT, None, 0
    else:
        row.state, row.due_at = ListingState.PENDING, None
    if not (job.refused or job.late):
        row.shown, row.sent_at = job.goods is not None, clock.now()
