"""What the pages of shops show: when each spoke last, what failed, and what to do."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from channels.saleor import queries
from channels.saleor.models import SaleorInstance, SaleorOrder
from channels.saleor.queries import Fault, Offer, OwnOrder, Tally
from channels.saleor.rules import InstanceState
from core import clock
from core.i18n import N_

DOWN_AFTER = 3  # failures in a row before a page calls it silent


@dataclass(frozen=True)
class Standing:
    """Whether a shop works, in a word. tone: good, warn or bad."""

    text: str
    tone: str
    todo: str = ""


def standing(state: str, failures: int, setup_problem: str) -> Standing:
    """What to say of a shop: the worst first, with what to do about it."""
    if state == InstanceState.ALLOWED:
        return Standing(N_("Chờ cài"), "warn", N_("Cài ứng dụng ở trang quản lý của cửa hàng."))
    if state == InstanceState.PAUSED:
        return Standing(N_("Đang ngừng"), "warn", N_("Bấm nối lại khi muốn bán tiếp."))
    if setup_problem:
        return Standing(N_("Phải sửa"), "bad", setup_problem)
    if failures >= DOWN_AFTER:
        return Standing(
            N_("Không trả lời"),
            "bad",
            N_("Chợ tự gọi lại. Hàng và đơn chờ ở đây, không mất; cửa hàng khác vẫn bán."),
        )
    return Standing(N_("Đang nối"), "good")


@dataclass(frozen=True)
class ShopBoard:
    """A shop as its collector sees it."""

    shop: SaleorInstance
    standing: Standing
    tally: Tally
    problems: Sequence[SaleorOrder]
    faults: Sequence[Fault]
    resting: bool


def collector_board(organisation_id: int) -> list[ShopBoard]:
    """A collector's shops. Two statements and two for each shop."""
    shops = queries.instances_of(organisation_id)
    counts = queries.tallies([one.id for one in shops])
    return [
        ShopBoard(
            one, standing(one.state, one.failures_count, one.setup_problem), counts.get(one.id, Tally()),
            queries.problems(one.id), queries.faults(one.id), _resting(one.pause_until),
        )
        for one in shops
    ]  # fmt: skip


@dataclass(frozen=True)
class SellerBoard:
    """A shop as a cooperative sees it."""

    shop: Offer
    standing: Standing
    tally: Tally
    faults: Sequence[Fault]
    orders: Sequence[OwnOrder]
    resting: bool


def cooperative_board(cooperative_id: int) -> list[SellerBoard]:
    """Shops in which a cooperative may sell. Three statements and one for each shop."""
    shops = queries.offers(cooperative_id)
    ids = [one.id for one in shops]
    counts, own = queries.tallies(ids, cooperative_id), queries.own_orders(ids, cooperative_id)
    return [
        SellerBoard(
            one, standing(one.state, one.failures_count, one.setup_problem), counts.get(one.id, Tally()),
            queries.faults(one.id, cooperative_id), own.get(one.id, []), _resting(one.pause_until),
        )
        for one in shops
    ]  # fmt: skip


def _resting(until: datetime | None) -> bool:
    return until is not None and until > clock.now()
