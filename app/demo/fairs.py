"""Two outings of the first cooperative to a fair: one is back, with a jar that the web had sold too; one is under way.

No dice, and the last minutes of the year, when no other story asks for stock any more.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from app.demo.cast import Cast, Stall
from app.demo.harvest import Step, Story
from catalog.queries import pack_facts
from channels.stall import operations, queries, settling
from channels.stall.models import StallOuting, StallSale
from channels.stall.operations import Counted
from channels.stall.rules import SaleState, seal
from channels.stall.settling import Sent, Sold
from core import clock
from orders.rules import Method
from payments.operations import Buyer, Wanted, check_out
from traceability.stock.queries import StockLine

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
FEW, CARRIED = 4, 4


def stories(cast: Cast, end: datetime) -> Iterator[Story]:
    """Back from the first fair, then on the way to the second."""
    stall = cast.stalls[0]
    yield end - 5 * MINUTE, Step(_back, stall)
    yield end - 3 * MINUTE, Step(_under_way, stall)


def _open(stall: Stall, key: str, name: str, lines: list[tuple[StockLine, int]]) -> StallOuting:
    wanted = {(one.lot_id, one.pack_id): count for one, count in lines}
    return operations.open_outing(
        stall.manager, stall.cooperative_id, key, name=name, commune_id=stall.commune_id, wanted=wanted
    )


def _sell(
    stall: Stall, outing: StallOuting, number: int, one: StockLine, count: int, **more: object
) -> StallSale:
    """A sale comes from the phone, some hours after it was made."""
    price = pack_facts([one.pack_id])[one.pack_id].price_vnd
    method = Method.VIETQR if more.get("code") else Method.COD
    sent = Sent(
        (Sold(one.pack_id, one.lot_id, count, price),), method, clock.now() - (9 - number) * HOUR / 3, **more  # type: ignore[arg-type]
    )  # fmt: skip
    key = f"{outing.id:08x}-0000-4000-8000-{number:012x}"
    return settling.arrive(stall.manager, outing, key, sent)


def _back(stall: Stall) -> None:
    """The rarest goods were sold at the fair and on the web at once: the web's buyer gives way."""
    shelf = sorted(queries.in_store(stall.cooperative_id), key=lambda one: (one.free, one.lot_id))
    rare = [one for one in shelf if one.free >= 2][:1]
    plenty = [one for one in reversed(shelf) if one.free > 3 * CARRIED][:2]
    if not rare or len(plenty) < 2:
        return
    outing = _open(
        stall, "demo-fair-1", "Phiên chợ Bằng Phúc", [(rare[0], 1), *((one, CARRIED) for one in plenty)]
    )
    buyer = Buyer("Đỗ Thị Mẫu", "+84900000999", stall.commune_id, "Thôn Mẫu (minh hoạ)")
    wanted = Wanted(rare[0].pack_id, min(20, rare[0].free - 1))
    check_out("demo-fair-web", buyer, [wanted], Method.VIETQR)
    for number, (one, count) in enumerate(((plenty[0], 2), (plenty[1], 1), (plenty[0], 1))):
        _sell(stall, outing, number, one, count)
    _sell(stall, outing, 4, plenty[1], 1, void_reason="Khách đổi ý, trả lại hàng ngay")
    sale = _sell(stall, outing, 5, rare[0], 2)
    if sale.state == SaleState.HELD:
        seen = seal(queries.plans(outing, queries.lines_of([sale.id])[sale.id]))
        settling.confirm(stall.manager, stall.cooperative_id, sale.id, seen)
    left = {one.id: one.left for one in queries.goods_of(outing.id)}
    broken = max(left, key=lambda one: (left[one], -one))
    cash = queries.sums(queries.sales_of(outing.id)).cash_vnd
    operations.come_back(
        stall.manager, outing, Counted(left | {broken: left[broken] - 1}, cash, "Vỡ một chai dọc đường")
    )


def _under_way(stall: Stall) -> None:
    """Goods of several lots, one sale in cash and one by a transfer that is not in the account yet."""
    shelf = [one for one in queries.in_store(stall.cooperative_id) if one.free > 2 * CARRIED][:FEW]
    if not shelf:
        return
    outing = _open(stall, "demo-fair-2", "Phiên chợ Bắc Hà", [(one, CARRIED) for one in shelf])
    codes = operations.take_along(stall.manager, outing, 0)["codes"]
    _sell(stall, outing, 1, shelf[0], 2, given_vnd=500_000)
    if codes:
        _sell(stall, outing, 2, shelf[-1], 1, code=codes[0])
