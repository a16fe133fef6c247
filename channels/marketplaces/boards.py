"""What the page of a site shows: when it spoke last, what failed, and what to do."""

from dataclasses import dataclass
from datetime import datetime

from channels.marketplaces.queries import Spoken
from channels.marketplaces.rules import SITE_NAME, Site
from core import clock
from core.i18n import N_

OLD_DAYS = 3  # a site that was not spoken with for so long may sell what is gone


@dataclass(frozen=True)
class Standing:
    """A site in a word, with what to do. tone: good, warn, bad or ''."""

    text: str
    tone: str
    todo: str


@dataclass(frozen=True)
class SiteBoard:
    """A site as its manager sees it."""

    site: str
    name: str
    spoken: Spoken
    standing: Standing
    drifted: int


def standing(spoken: Spoken, drifted: int) -> Standing:
    """What to say of a site, the worst first."""
    if spoken.broken:
        return Standing(
            N_("Tệp đơn ghi dở"), "bad", N_("Gửi lại chính tệp ấy: đơn đã ghi không ghi hai lần.")
        )
    if spoken.last_at is None:
        return Standing(N_("Chưa dùng"), "", N_("Tải mẫu đăng hàng từ sàn, gửi vào đây."))
    if spoken.held:
        return Standing(N_("Có đơn phải xem"), "bad", N_("Mở từng đơn, chọn cách giải quyết."))
    if drifted:
        return Standing(N_("Lệch giá hoặc số còn"), "warn", N_("Điền lại mẫu rồi nộp lên sàn."))
    if _days(spoken.last_at) >= OLD_DAYS:
        return Standing(N_("Lâu chưa nối"), "warn", N_("Tải tệp đơn mới của sàn, gửi vào đây."))
    return Standing(N_("Đang khớp"), "good", N_("Ngày mai gửi tệp đơn mới."))


def _days(since: datetime) -> int:
    return (clock.now() - since).days


def site_board(site: Site, spoken: Spoken, drifted: int) -> SiteBoard:
    """One site's board."""
    return SiteBoard(str(site), SITE_NAME[site], spoken, standing(spoken, drifted), drifted)
