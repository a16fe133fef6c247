"""Shops on Saleor, in which the first cooperative sells: one that does not answer, one that nobody installed yet.

Nothing leaves the machine: the first one's address leads nowhere (port 9 of this machine) and its key is invented, so
that the pages show what a silent shop looks like; the second is only on the list.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from app.demo.cast import Cast
from app.demo.harvest import Step, Story
from channels.saleor.calls import failed
from channels.saleor.client import ShopDown
from channels.saleor.goods import goods, hints
from channels.saleor.installing import connect
from channels.saleor.operations import allow_instance, heard, sell_there
from channels.saleor.outbox import notice, settle_all
from channels.saleor.publishing import Job
from channels.saleor.queries import instance_at

NAME, SECOND = "Cửa hàng mẫu trên Saleor (minh hoạ)", "Cửa hàng chưa cài (minh hoạ)"
ADDRESS, SECOND_ADDRESS = "http://127.0.0.1:9/graphql/", "https://cua-hang-mau.example/graphql/"
KEY = "khong-phai-khoa-that"
FAILED = 4  # times in a row


def stories(cast: Cast, end: datetime) -> Iterator[Story]:
    """In the year's last minute."""
    yield end - timedelta(seconds=50), Step(_connected, cast)
    yield end - timedelta(seconds=20), Step(_silent)


def _connected(cast: Cast) -> None:
    """Goods went there, one was refused; since then the shop is silent."""
    shop = allow_instance(cast.collector, NAME, ADDRESS, "vietnam")
    allow_instance(cast.collector, SECOND, SECOND_ADDRESS, "vietnam")
    connect(shop.id, KEY, "minh-hoa")
    heard(shop.id)
    stall = cast.stalls[0]
    sell_there(stall.manager, shop.id, joined=True)
    notice(shop.id)
    known = hints(shop.id, [stall.cooperative_id])
    there = goods(shop.id, sorted(known), [stall.cooperative_id])
    jobs = [Job(one, there[one], remote_id=f"minh-hoa-{one}") for one in sorted(known)]
    jobs[1].fault, jobs[1].fault_text = "UNIQUE", "slug Product with this slug already exists."
    settle_all(shop.id, jobs, {one: hint.mark for one, hint in known.items()})


def _silent() -> None:
    """Called again and again, in vain."""
    if shop := instance_at(ADDRESS):
        for _time in range(FAILED):
            failed(shop.id, ShopDown("ConnectError"))
