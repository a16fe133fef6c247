"""The price of what is weighed at packing. Pure functions; whole grams and whole đồng.

The buyer prepays the top of the band. At packing the line is priced by the grams that were put in:
đồng per kilogram × grams ÷ 1000, rounded down to whole đồng, once a line, and never above what was prepaid.
"""

from dataclasses import dataclass

from core.errors import Conflict, Invalid
from core.i18n import N_
from core.money import check_price

PIECE_MAX_G = 50_000  # of one piece: a heavier one is sold by hand
SPAN_MAX = 2  # the heaviest piece of a band weighs at most so many times the lightest
WORDS: tuple[str, ...] = (
    N_("con"), N_("nải"), N_("buồng"), N_("đùi"), N_("tảng"), N_("khúc"), N_("quả"), N_("củ"), N_("cái"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Band:
    """How a pack is sold that is weighed at packing.

    price_per_kg_vnd: whole đồng. min_g, max_g: a piece's lightest and heaviest weight. word: what a piece is called,
    one of `WORDS`.
    """

    price_per_kg_vnd: int
    min_g: int
    max_g: int
    word: str = "con"

    @property
    def prepaid_vnd(self) -> int:
        """What the buyer pays for one piece before it is weighed: the top of the band."""
        return priced(self.price_per_kg_vnd, self.max_g)

    @property
    def least_vnd(self) -> int:
        """What the lightest piece of the band costs."""
        return priced(self.price_per_kg_vnd, self.min_g)


def priced(price_per_kg_vnd: int, grams: int) -> int:
    """What so many grams cost, rounded down to whole đồng.

    >>> priced(120_000, 1_600), priced(99_999, 1_234)
    (192000, 123398)
    """
    return price_per_kg_vnd * grams // 1000


def packed_price(price_per_kg_vnd: int, grams: int, prepaid_vnd: int) -> int:
    """What a line costs once its pieces are weighed together: never more than was prepaid for it.

    Rounding is once a line, downwards, so it is at most one đồng from the exact price, in the buyer's favour.

    >>> packed_price(120_000, 1_350, 192_000), packed_price(99_999, 3_200, 2 * 159_998)
    (162000, 319996)
    """
    return min(prepaid_vnd, priced(price_per_kg_vnd, grams))


def check_band(band: Band) -> Band:
    """A band that can be sold by. Raises Invalid beside the field that is wrong."""
    check_price(band.price_per_kg_vnd, field="price_per_kg_vnd")
    if band.word not in WORDS:
        raise Invalid(N_("Chọn gọi là con, nải, đùi hay gì khác."), field="piece_word")
    if not 1 <= band.min_g <= PIECE_MAX_G:
        raise Invalid(
            N_("Chưa ghi nhẹ nhất bao nhiêu."), remedy=N_("Viết theo ki-lô, ví dụ 1,2."), field="piece_min_g"
        )
    if not band.min_g <= band.max_g <= PIECE_MAX_G:
        raise Invalid(
            N_("Nặng nhất phải từ mức nhẹ nhất tới 50 kg."),
            remedy=N_("Viết theo ki-lô, ví dụ 1,6."),
            field="piece_max_g",
        )
    if band.max_g > SPAN_MAX * band.min_g:
        raise Invalid(
            N_("Khoảng cân rộng quá: khách trả trước mức nặng nhất."),
            remedy=N_("Nặng nhất không quá hai lần nhẹ nhất; chia thành hai quy cách, ví dụ gà nhỏ, gà to."),
            field="piece_max_g",
        )
    check_price(band.prepaid_vnd, field="price_per_kg_vnd")
    return band


def refuse_by_piece(price_per_kg_vnd: int | None) -> None:
    """Raise Conflict where somebody would set the price of a piece that is sold by the kilogram."""
    if price_per_kg_vnd is not None:
        raise Conflict(
            N_("Món này cân khi gói, giá tính theo ki-lô."),
            remedy=N_("Sửa giá một ki-lô ở trang món hàng, hoặc ở trang Giá và kho."),
        )
