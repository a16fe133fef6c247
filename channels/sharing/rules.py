"""What is said when goods are shared, and in which sizes. Pure functions."""

from dataclasses import dataclass
from enum import StrEnum

from core.i18n import N_
from orders.links.rules import Channel

BODY_MAX_CHARS, DRAFT_CHARS = 1500, 400
_ENDS = ".!?…"


class Size(StrEnum):
    """A picture's use. Sizes in pixels: what the networks' own help pages named when they were read."""

    FACEBOOK = "facebook"
    ZALO = "zalo"
    TIKTOK = "tiktok"


SIZE_PX: dict[Size, tuple[int, int]] = {
    Size.FACEBOOK: (1200, 630),
    Size.ZALO: (1080, 1080),
    Size.TIKTOK: (1080, 1920),
}
KIT: tuple[tuple[Channel, str], ...] = (
    (Channel.FACEBOOK, N_("Dán vào bài đăng, hình tự hiện theo đường dẫn.")),
    (Channel.ZALO, N_("Gửi hình vuông rồi dán chữ bên dưới.")),
    (Channel.TIKTOK, N_("Đăng hình dọc, chữ vào phần mô tả.")),
    (Channel.POSTER, N_("In ra, treo ở cửa: khách quét là mua được.")),
)


@dataclass(frozen=True, slots=True)
class Told:
    """What a caption is made of; price and unit already in words."""

    name: str
    price: str
    unit: str
    story: str
    seller: str
    place: str


def draft(story: str) -> str:
    """The first whole sentences of the maker's own story, at most 400 characters; cut at a word where the first
    sentence is longer.

    >>> draft("Củ nhổ buổi sáng. Sợi phơi đủ nắng.")
    'Củ nhổ buổi sáng. Sợi phơi đủ nắng.'
    """
    flat = " ".join(story.split())
    if len(flat) <= DRAFT_CHARS:
        return flat
    room = flat[:DRAFT_CHARS]
    end = max(
        (place for place, sign in enumerate(room) if sign in _ENDS and flat[place + 1] == " "), default=-1
    )
    return room[: end + 1] if end > 0 else room[: DRAFT_CHARS - 1].rsplit(" ", 1)[0] + "…"


def caption(told: Told, body: str, link: str) -> str:
    """The whole text for a channel. Price and link are never typed, so that they never grow old."""
    price = f"{told.price} ({told.unit})" if told.unit else told.price
    seller = f"{told.seller}, {told.place}" if told.place else told.seller
    return "\n\n".join(part for part in (f"{told.name}\n{price}", body.strip(), f"{seller}\n{link}") if part)
