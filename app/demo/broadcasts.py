"""A live sale of the first cooperative, on air: what is put aside, what ran out, two people of one name, a question.

Nothing is ordered, so that no money moves; no dice, and the year's last minutes, when no other story asks for stock.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from app.demo.cast import Cast, Stall
from app.demo.harvest import Step, Story
from channels.live import operations, queries, taking
from channels.reading.queries import on_sale
from core import clock

COMMENTS = """Bình An: m1 x2, sđt 0900 000 981, thôn Mẫu, phường Cầu Giấy, Hà Nội
Thu Hà: lấy 1 m3 với 1 m1
Minh Tâm: chốt m2 x{many}
Thu Hà: m1 còn không shop
Bình An: 1 m3, sđt 0900 000 982
Bình An: thêm 1 m1
Ngọc Lan: ngon quá"""


def stories(cast: Cast, end: datetime) -> Iterator[Story]:
    """Two minutes before the end."""
    yield end - timedelta(minutes=2), Step(_on_air, cast.stalls[0])


def _on_air(stall: Stall) -> None:
    packs = on_sale(stall.cooperative_id)
    left = queries.left(stall.cooperative_id, packs)
    shelf = sorted((one for one in packs if left[one] > 0), key=lambda one: (left[one], one))
    if len(shelf) < 3:
        return
    sale = operations.open_sale(
        stall.manager, stall.cooperative_id, "demo-live-1", "Tối chủ nhật (minh hoạ)",
        clock.today() + timedelta(days=7),
    )  # fmt: skip
    for number, pack_id in enumerate((shelf[-1], shelf[0], shelf[-2]), 1):
        operations.put_good(stall.manager, sale, pack_id, f"M{number}")
    operations.show(stall.manager, sale, queries.goods_of(sale.id)[0].id)
    taking.take(stall.manager, sale, COMMENTS.format(many=min(99, left[shelf[0]] + 1)))
