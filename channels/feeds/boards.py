"""The manager's view of the feeds: one board a channel, with when it spoke last, what failed and what to do."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import current_app

from channels.feeds.queries import Fetched, Scope, fetched, items
from channels.feeds.rules import REASON_TEXT, Family, Feed, left_out
from channels.feeds.writing import FILE_NAME
from core import clock
from core.i18n import N_

FEED_TEXT: dict[Feed, str] = {
    Feed.GOOGLE: "Google Merchant Center",
    Feed.META: "Facebook, Instagram",
    Feed.TIKTOK: "TikTok",
    Feed.SCHEMA: "schema.org",
}
FEED_USE: dict[Feed, str] = {
    Feed.GOOGLE: N_("Dán đường dẫn vào Merchant Center, phần nguồn sản phẩm, cách lấy theo lịch."),
    Feed.META: N_("Dán đường dẫn vào Trình quản lý thương mại, phần danh mục, nguồn dữ liệu theo lịch."),
    Feed.TIKTOK: N_("Dán đường dẫn vào trình quản lý danh mục của TikTok, cách lấy theo lịch."),
    Feed.SCHEMA: N_("Cho trang so giá, cổng nông sản hay ai muốn đọc cả kho hàng bằng máy."),
}
FAMILY_TEXT: dict[Family, str] = {
    Family.GOOGLE: "Google",
    Family.META: "Facebook",
    Family.TIKTOK: "TikTok",
    Family.BING: "Bing",
    Family.BROWSER: N_("một trình duyệt"),
    Family.OTHER: N_("một máy khác"),
}
CHANGES_USE: dict[Feed, str] = {
    Feed.GOOGLE: N_("Thêm một nguồn bổ sung, lấy mỗi giờ. Nguồn chính vẫn lấy mỗi ngày."),
    Feed.META: N_("Đặt làm lịch cập nhật mỗi giờ. Lịch thay toàn bộ vẫn lấy mỗi ngày."),
    Feed.TIKTOK: N_("Nếu trình quản lý cho nguồn chỉ cập nhật thì dán vào đó, lấy mỗi giờ."),
    Feed.SCHEMA: N_("Máy đọc giữ mốc trong dòng Link của lần trước, lần sau chỉ lấy phần mới."),
}
WINDOW = "48h"  # of the address for channels that carry no mark: twice as long as the whole file's day
MISSING_SHOWN, OLD_HOURS = 20, 72


@dataclass(frozen=True, slots=True)
class Standing:
    """A channel in a word, with what to do. tone: good, warn, bad or ''. text, todo: message ids."""

    text: str
    tone: str
    todo: str


def standing(spoke: Sequence[Fetched], missing_count: int) -> Standing:
    """What to say of a channel, the worst first. A browser is somebody who looks, no channel that fetches."""
    own = [one for one in spoke if one.family != Family.BROWSER]
    if not own:
        return Standing(N_("Chưa dùng"), "", N_("Chép đường dẫn ở dưới."))
    last = max(one.last_at for one in own)
    failed = [one.failed_at for one in own if one.failed_at is not None]
    if failed and max(failed) >= last:
        return Standing(
            N_("Lần lấy cuối bị đứt"), "bad", N_("Họ sẽ tự lấy lại. Còn đứt thì báo người giữ chợ.")
        )
    if (clock.now() - last).total_seconds() >= OLD_HOURS * 3600:
        return Standing(
            N_("Lâu chưa lấy"), "warn", N_("Mở trang quản lý của họ, xem lịch lấy tệp còn chạy không.")
        )
    if missing_count:
        return Standing(N_("Còn món chưa đưa được"), "warn", N_("Chụp ảnh cho các món ở danh sách dưới."))
    return Standing(N_("Đang lấy đều"), "good", N_("Không phải làm gì."))


@dataclass(frozen=True, slots=True)
class MissingLine:
    """A product that a channel does not take. text: a message id."""

    product_id: int
    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Board:
    """One channel. count: listings in its file; missing: at most twenty of the `missing_count` that are not. changes:
    the address of what changed in two days, changes_use: where it goes.
    """

    feed: str
    title: str
    use: str
    address: str
    count: int
    missing: tuple[MissingLine, ...]
    missing_count: int
    fetches: tuple[tuple[str, Fetched], ...]
    standing: Standing
    changes: str
    changes_use: str


def board(cooperative_id: int, slug: str) -> list[Board]:
    """Every channel of a cooperative, counted by the mapper that writes the files. Five queries per 500 products."""
    found, spoke = list(items(Scope(cooperative_id, slug))), fetched(cooperative_id)
    made = []
    for feed in Feed:
        missing = [
            MissingLine(one.product_id, one.name, REASON_TEXT[why])
            for one in found
            if (why := left_out(one, feed)) is not None
        ]
        lines = tuple((FAMILY_TEXT[Family(one.family)], one) for one in spoke.get(feed, ()))
        address = f"{current_app.config['BASE_URL']}/feeds/{slug}/{FILE_NAME[feed]}"
        made.append(
            Board(feed.value, FEED_TEXT[feed], FEED_USE[feed], address, len(found) - len(missing),
                  tuple(missing[:MISSING_SHOWN]), len(missing), lines,
                  standing(spoke.get(feed, ()), len(missing)), f"{address}?since={WINDOW}", CHANGES_USE[feed])
        )  # fmt: skip
    return made
