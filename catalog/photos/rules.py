"""What a set of product pictures should hold, and what is wrong with one picture. Pure functions.

The numbers are measured by `catalog.photos.measures` on the picture as buyers see it, scaled to 640 px wide; the page
measures the same way before sending (static/js/shrink.js), under the same limits, which it reads from the form.
"""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from core.i18n import N_

DARK_BELOW = 55  # mean brightness, 0–255: a room without a window; wet earth in the shade lies at about 70
BLURRED_BELOW = (
    60  # variance of the Laplacian in the sharpest of nine parts: phone photos in focus lie above 150
)
SMALL_BELOW_PX = 600  # the shorter side as sent: less than this is soft on a phone held close


class Shot(StrEnum):
    """The pictures that a buyer asks for, in the order in which they are taken."""

    FRONT = "front"
    BACK = "back"
    HAND = "hand"
    INGREDIENTS = "ingredients"
    FIELD = "field"


class Fault(StrEnum):
    """What keeps a picture from being good."""

    DARK = "dark"
    BLURRED = "blurred"
    SMALL = "small"


@dataclass(frozen=True)
class Guide:
    """How a shot is asked for: its name, what to do, and the words for a reader who does not see it.

    `alt` and `alt_placed` take %(product)s and %(place)s, and are kept with the picture in the language of the goods.
    """

    name: str
    how: str
    alt: str
    alt_placed: str = ""


@dataclass(frozen=True)
class Measures:
    """What was measured on one picture; None where nothing was: a drawing, or a photo from before this was measured."""

    brightness: int | None = None
    sharpness: int | None = None
    width_px: int | None = None
    height_px: int | None = None


GUIDES: dict[Shot, Guide] = {
    Shot.FRONT: Guide(
        N_("Mặt trước"), N_("Cả gói, thấy rõ tên. Nền trơn, đứng gần cửa sổ."),
        "%(product)s, mặt trước", "%(product)s ở %(place)s, mặt trước",
    ),
    Shot.BACK: Guide(
        N_("Nhãn mặt sau"), N_("Gần, thẳng, đọc được hết chữ."), "Nhãn mặt sau của %(product)s",
    ),
    Shot.HAND: Guide(
        N_("Cầm trên tay"), N_("Cầm một tay để thấy gói to bằng nào."), "%(product)s cầm trên tay, để thấy to nhỏ",
    ),
    Shot.INGREDIENTS: Guide(
        N_("Thứ làm ra món này"), N_("Củ, lá, hạt, sợi… bày trên mẹt hay lá chuối."), "Thứ làm ra %(product)s",
    ),
    Shot.FIELD: Guide(
        N_("Nơi trồng, nơi làm"), N_("Nương, vườn, bếp, sân phơi. Có người thì hỏi người đó trước."),
        "Nơi làm ra %(product)s", "Nơi làm ra %(product)s, %(place)s",
    ),
}  # fmt: skip

FAULT_WORDS: dict[Fault, tuple[str, str]] = {
    Fault.DARK: (N_("Ảnh tối."), N_("Ra gần cửa sổ hoặc ra hiên rồi chụp lại.")),
    Fault.BLURRED: (N_("Ảnh nhoè."), N_("Lau ống kính, chạm vào món hàng trên màn hình, giữ yên rồi chụp.")),
    Fault.SMALL: (
        N_("Ảnh nhỏ, phóng lên không rõ."),
        N_("Gửi ảnh gốc trong máy, đừng gửi ảnh chụp màn hình."),
    ),
}


def faults(found: Measures) -> list[Fault]:
    """What is wrong with a picture, worst first; empty for a good one and for what was never measured.

    >>> faults(Measures(brightness=40, sharpness=500, width_px=1600, height_px=1200))
    [<Fault.DARK: 'dark'>]
    """
    wrong = []
    if found.brightness is not None and found.brightness < DARK_BELOW:
        wrong.append(Fault.DARK)
    if found.sharpness is not None and found.sharpness < BLURRED_BELOW:
        wrong.append(Fault.BLURRED)
    if found.width_px and found.height_px and min(found.width_px, found.height_px) < SMALL_BELOW_PX:
        wrong.append(Fault.SMALL)
    return wrong


def lacking(taken: Collection[str]) -> list[Shot]:
    """The shots that are not there yet, in their order.

    >>> lacking(["front", "field"])
    [<Shot.BACK: 'back'>, <Shot.HAND: 'hand'>, <Shot.INGREDIENTS: 'ingredients'>]
    """
    return [shot for shot in Shot if shot not in taken]


def suggested_alt(shot: Shot | None, product: str, place: str) -> str:
    """What a picture shows, for a reader who does not see it, as far as it can be guessed. place: "" where unknown.

    >>> suggested_alt(Shot.FIELD, "Miến dong", "xã Côn Minh, Thái Nguyên")
    'Nơi làm ra Miến dong, xã Côn Minh, Thái Nguyên'
    """
    if shot is None:
        words = "%(product)s từ %(place)s" if place else "%(product)s"
    else:
        guide = GUIDES[shot]
        words = guide.alt_placed if place and guide.alt_placed else guide.alt
    return words % {"product": product, "place": place}


def meter(shots: int, good: int) -> int:
    """How good the pictures are, in steps of ten from 0 to 10: two for each of the five shots that is there, less one
    where it has a fault. good: how many of the `shots` have none.

    >>> meter(5, 5), meter(5, 3), meter(0, 0)
    (10, 8, 0)
    """
    return max(0, min(10, 2 * shots - (shots - good)))
