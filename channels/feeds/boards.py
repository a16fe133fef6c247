"""The manager's view of the feeds: one board a channel."""

from dataclasses import dataclass

from flask import current_app

from channels.feeds.queries import Fetched, Scope, fetched, items
from channels.feeds.rules import REASON_TEXT, Family, Feed, left_out
from channels.feeds.writing import FILE_NAME
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
MISSING_SHOWN = 20


@dataclass(frozen=True, slots=True)
class MissingLine:
    """A product that a channel does not take. text: a message id."""

    product_id: int
    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Board:
    """One channel. count: listings in its file; missing: at most twenty of the `missing_count` that are not."""

    feed: str
    title: str
    use: str
    address: str
    count: int
    missing: tuple[MissingLine, ...]
    missing_count: int
    fetches: tuple[tuple[str, Fetched], ...]


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
                  tuple(missing[:MISSING_SHOWN]), len(missing), lines)
        )  # fmt: skip
    return made
