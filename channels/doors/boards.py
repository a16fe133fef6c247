"""One line a door. A new door is registered by one line in DOORS."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from channels.doors.standing import Matter, Used, standing, used
from channels.feeds.models import FeedFetch
from channels.live.queries import waits as live_waits
from channels.marketplaces.boards import site_board
from channels.marketplaces.drift import counts
from channels.marketplaces.queries import Spoken, spoken
from channels.marketplaces.rules import Site
from channels.saleor.boards import standing as shop_standing
from channels.saleor.queries import offers
from channels.stall.waiting import waits as stall_waits
from core.db import db
from core.i18n import N_
from orders.links.models import ShortLink
from orders.rules import Door


@dataclass(frozen=True)
class Line:
    """A door. title: a message id or a name. endpoint, args: its page. told: what the last word was, a message id.

    state, tone: how it stands (good, warn, bad or ''). todo: a message id, '' for nothing to do.
    """

    title: str
    endpoint: str
    told: str
    last_at: datetime | None
    state: str = N_("Đang mở")
    tone: str = "good"
    todo: str = ""
    args: tuple[tuple[str, str], ...] = ()
    anchor: str = ""


def doors(cooperative_id: int) -> list[Line]:
    """Every door of a cooperative, in the order of DOORS. Ten statements, whatever the number of orders."""
    last = used(cooperative_id)
    return [line for one in DOORS for line in one(cooperative_id, last)]


Last = dict[str, Used]
Told = Callable[[int, Last], Iterable[Line]]
Waits = Callable[[int], Sequence[Matter]]
LAST_ORDER, UNUSED = N_("Đơn cuối"), N_("Chưa có đơn nào")


def _sold(title: str, endpoint: str, door: Door, waits: Waits = lambda _id: ()) -> Told:
    """A door that is our own: it speaks by its orders, and by what its own part knows to wait."""

    def told(cooperative_id: int, last: Last) -> Iterable[Line]:
        one = standing(door, last.get(door, Used()), waits(cooperative_id))
        yield Line(
            title, endpoint, LAST_ORDER if one.last_at else UNUSED, one.last_at, one.text, one.tone, one.todo
        )

    return told


def _links(cooperative_id: int, _last: Last) -> Iterable[Line]:
    made = db.session.execute(
        select(func.max(ShortLink.created_at)).where(ShortLink.cooperative_id == cooperative_id)
    ).scalar_one()
    yield Line(
        N_("Đường dẫn chia sẻ"), "catalog.products",
        N_("Làm đường dẫn cuối") if made else N_("Chưa làm đường dẫn nào"), made,
        todo="" if made else N_("Mở một món, chọn Chia sẻ."),
    )  # fmt: skip


def _feeds(cooperative_id: int, _last: Last) -> Iterable[Line]:
    at = db.session.execute(
        select(func.max(FeedFetch.last_at)).where(FeedFetch.scope_id.in_((0, cooperative_id)))
    ).scalar_one()
    yield Line(
        "Google, Facebook, TikTok", "channel_feeds.index",
        N_("Tệp được lấy lần cuối") if at else N_("Chưa nơi nào tới lấy"), at,
        todo="" if at else N_("Dán đường dẫn ở dưới vào trang quản lý của họ."), anchor="google",
        tone="good" if at else "", state=N_("Đang mở") if at else N_("Chưa dùng"),
    )  # fmt: skip


def _saleor(cooperative_id: int, _last: Last) -> Iterable[Line]:
    shops = offers(cooperative_id)
    for shop in shops:
        found = shop_standing(shop.state, shop.failures_count, shop.setup_problem)
        if not shop.joined:
            yield Line(f"Saleor: {shop.label}", "saleor.index", N_("Chưa bán ở đây"), None, N_("Chưa dùng"), "",
                       N_("Bấm Bán ở đây."))  # fmt: skip
            continue
        spoke = [one for one in (shop.heard_at, shop.answered_at) if one is not None]
        yield Line(f"Saleor: {shop.label}", "saleor.index", N_("Nói chuyện lần cuối"), max(spoke, default=None),
                   found.text, found.tone, found.todo)  # fmt: skip
    if not shops:
        yield Line(
            "Saleor", "saleor.index", N_("Chưa có cửa hàng nào nối với chợ"), None, N_("Chưa dùng"), ""
        )


def _sites(cooperative_id: int, _last: Last) -> Iterable[Line]:
    known, drifted = spoken(cooperative_id), counts(cooperative_id)
    for site in Site:
        one = site_board(site, known.get(site, Spoken()), drifted.get(site, 0))
        told = N_("Gửi tệp lần cuối") if one.spoken.last_at else N_("Chưa gửi tệp nào")
        yield Line(one.name, "marketplaces.site_page", told, one.spoken.last_at, one.standing.text,
                   one.standing.tone, one.standing.todo, (("site", str(site)),))  # fmt: skip


DOORS: tuple[Told, ...] = (
    _sold(N_("Trang bán hàng của chợ"), "orders.board", Door.WEB),
    _links,
    _sold(N_("Tin nhắn"), "chat.paste", Door.CHAT),
    _sold(N_("Bán trực tiếp"), "live.index", Door.LIVE, live_waits),
    _sold(N_("Quầy phiên chợ"), "stall.index", Door.STALL, stall_waits),
    _feeds,
    _saleor,
    _sites,
)
