"""What a voucher takes off, who bears it, and how it is divided over orders. Pure functions."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from cooperatives.rules import percent_text
from core.errors import Conflict, Invalid
from core.format import vnd
from core.i18n import N_
from core.money import largest_remainder, share_bp

CODE_MIN, CODE_MAX = 4, 16
OWN_MOST_BP = (
    5_000  # decree 81/2018/NĐ-CP art. 7: a seller's discount is at most half the price (second hand)
)
SUBSIDY_MOST_BP = 9_000  # something is always left for the buyer to pay


class Refused(Conflict):
    """A voucher that cannot be used for this cart now, and why."""

    def __init__(self, message: str, *, remedy: str = "", **params: object) -> None:
        super().__init__(message, remedy=remedy, field="voucher", **params)


@dataclass(frozen=True)
class Terms:
    """What a voucher gives: so many basis points of the goods or so many đồng, from so much goods on.

    most_vnd: at most so much, None without a limit. subsidised: a programme pays; else the cooperative goes without.
    """

    percent_bp: int | None
    amount_vnd: int | None
    most_vnd: int | None = None
    min_goods_vnd: int = 0
    subsidised: bool = False

    @property
    def percent(self) -> str:
        """The rate for a sentence; empty for an amount."""
        return percent_text(self.percent_bp) if self.percent_bp else ""

    @property
    def part_most_bp(self) -> int:
        """Of the goods, what it may take off at most, basis points."""
        return SUBSIDY_MOST_BP if self.subsidised else OWN_MOST_BP


def reduction(terms: Terms, goods_vnd: int) -> int:
    """Đồng off goods of this sum; 0 below the voucher's minimum.

    >>> reduction(Terms(1_000, None, most_vnd=20_000), 150_000), reduction(Terms(1_000, None, 20_000), 900_000)
    (15000, 20000)
    """
    if goods_vnd < terms.min_goods_vnd:
        return 0
    given = terms.amount_vnd if terms.amount_vnd is not None else share_bp(goods_vnd, terms.percent_bp or 0)
    limits = [given, share_bp(goods_vnd, terms.part_most_bp)]
    return min(limits if terms.most_vnd is None else [*limits, terms.most_vnd])


def divided(terms: Terms, goods: Mapping[int, int]) -> dict[int, int]:
    """What it takes off each order {seller: đồng of goods}: in sum the reduction, by largest remainder.

    No order is cut below half (a tenth, where a programme pays) by more than the odd đồng.
    Raises Refused below the minimum.
    """
    total = sum(goods.values())
    if total < terms.min_goods_vnd:
        raise Refused(
            N_("Mã này dùng cho đơn từ %(least)s tiền hàng."), remedy=N_("Thêm %(more)s nữa là dùng được."),
            least=vnd(terms.min_goods_vnd), more=vnd(terms.min_goods_vnd - total),
        )  # fmt: skip
    parts = largest_remainder(reduction(terms, total), goods) if total else {}
    return {seller: part for seller, part in parts.items() if part}


def read_code(typed: str) -> str:
    """A voucher's code as a person types it: any case, spaces and hyphens left out. Raises Invalid.

    >>> read_code("tet-2027")
    'TET2027'
    """
    bare = re.sub(r"[\s.\-_]", "", typed).upper()
    if not re.fullmatch(f"[A-Z0-9]{{{CODE_MIN},{CODE_MAX}}}", bare):
        raise Invalid(
            N_("Mã giảm giá có từ %(least)s đến %(most)s chữ cái không dấu và số."),
            remedy=N_("Ví dụ TET2027."), field="code", least=CODE_MIN, most=CODE_MAX,
        )  # fmt: skip
    return bare
