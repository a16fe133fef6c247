"""The worker's duties for Saleor shops: send what changed here, look at orders, ask for knocks that were lost."""

import time
from datetime import datetime, timedelta

from channels.saleor import documents, outbox, queries
from channels.saleor.calls import call, may_call
from channels.saleor.client import Client, ShopDown, ShopRefused
from channels.saleor.models import SaleorOrder
from channels.saleor.operations import knock
from channels.saleor.reconciling import handle, watch
from channels.saleor.turns import TURN_S
from core import clock
from core.db import db, transaction
from core.work import Task, sweep

BACK = timedelta(minutes=10)  # clocks differ, and an order may be written slowly
RECENT_EVERY = timedelta(minutes=10)
ROUND_S = TURN_S  # of goods, or of orders, before the worker's other duties have their turn


def publish() -> int:
    """Changed goods, shop by shop: who waited longest first, each at most its share of the time.

    What that does not suffice for goes on in the next round: the worker has other duties. A shop that is down is
    passed by.
    """
    until, done = time.monotonic() + ROUND_S, 0
    shops = [one.id for one in queries.open_instances()]
    for place, instance_id in enumerate(shops):
        left_s = until - time.monotonic()
        if left_s <= 0:
            break
        done += outbox.notice(instance_id)
        done += _send(instance_id, left_s / (len(shops) - place))
    return done


def _send(instance_id: int, for_s: float) -> int:
    """Hundreds in a row while more wait and time is left."""
    until, done = time.monotonic() + for_s, 0
    while (left_s := until - time.monotonic()) > 0 and (sent := outbox.send_some(instance_id, for_s=left_s)):
        done += sent
    return done


def reconcile() -> int:
    """Orders that somebody knocked for, or that changed here; as many as the time suffices for."""
    until, done = time.monotonic() + ROUND_S, watch()
    while time.monotonic() < until and (one := sweep(SaleorOrder, handle, most=1)):
        done += one
    return done


def ask_for_lost() -> int:
    """List the orders that changed since the last list: a webhook that never came is made up for; how many."""
    found = 0
    for shop in queries.open_instances():
        since = (shop.read_to or shop.created_at) - BACK
        if (shop.read_to and shop.read_to > clock.now() - RECENT_EVERY) or not may_call(shop):
            continue
        found += _list(shop.id, shop.channel_slug, since)
    return found


def _list(instance_id: int, channel: str, since: datetime) -> int:
    now = clock.now()
    try:
        orders = call(instance_id, lambda shop: _recent(shop, channel, since))
    except (ShopDown, ShopRefused):
        return 0
    with transaction():
        for remote_id, number in orders:
            knock(instance_id, remote_id, number)
        queries.instance(instance_id, lock=True).read_to = now
        db.session.flush()
    return len(orders)


def _recent(shop: Client, channel: str, since: datetime) -> list[tuple[str, str]]:
    """(id, number) of every order of a channel that changed since, page by page."""
    found, after = [], None
    while True:
        page = shop.query(documents.RECENT, channel=channel, since=since.isoformat(), after=after)["orders"]
        found += [(edge["node"]["id"], edge["node"]["number"]) for edge in page["edges"]]
        if not page["pageInfo"]["hasNextPage"]:
            return found
        after = page["pageInfo"]["endCursor"]


TASKS = [
    Task("channels.saleor.publish", 10.0, publish),
    Task("channels.saleor.reconcile", 3.0, reconcile),
    Task("channels.saleor.ask_for_lost", 60.0, ask_for_lost),
]
