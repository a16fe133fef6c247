"""What the scale's answer means for a line. Pure functions; whole grams and whole đồng."""

from collections.abc import Sequence
from dataclasses import dataclass

from catalog.weighed.rules import Band, packed_price
from core.errors import Invalid
from core.i18n import N_

REASON_MIN_CHARS, REASON_MAX_CHARS = 5, 200


@dataclass(frozen=True)
class Difference:
    """What is not owed any more of a line: by the buyer, and by the programme that pays a part. Đồng."""

    back_vnd: int
    subsidy_back_vnd: int


def difference(prepaid_vnd: int, packed_vnd: int, own_vnd: int, subsidised_vnd: int) -> Difference:
    """Who gets back what a line came to less than was prepaid.

    The buyer first: what was prepaid too much is hers, a voucher stays what it was. Only where she paid less than the
    difference herself (a voucher paid the rest) the programme's part shrinks, and last the seller's own discount.

    >>> difference(192_000, 162_000, 142_000, 50_000)
    Difference(back_vnd=30000, subsidy_back_vnd=0)
    >>> difference(192_000, 162_000, 12_000, 130_000)
    Difference(back_vnd=12000, subsidy_back_vnd=18000)
    """
    less = prepaid_vnd - packed_vnd
    back = min(less, own_vnd)
    return Difference(back, min(less - back, subsidised_vnd))


def part_of(grams: int, pieces: int, before: int, more: int) -> int:
    """The grams of `more` pieces of so many that weigh `grams` together, after `before` of them: parts add up.

    >>> [part_of(4_001, 3, gone, 1) for gone in range(3)]
    [1333, 1334, 1334]
    """
    return grams * (before + more) // pieces - grams * before // pieces


def check_weights(
    name: str, band: Band, count: int, weights: Sequence[int], reason: str, *, field: str
) -> int:
    """All grams of a line, as weighed piece by piece. Raises Invalid beside the line.

    Refused: another number of pieces, and more than the top of the band for all together. A piece below the band needs
    a reason, which the buyer reads beside her right to refuse it.
    """
    if len(weights) != count or min(weights, default=0) <= 0:
        raise Invalid(
            N_("%(name)s: cân đủ %(count)s %(word)s, ghi từng cân nặng."), remedy=N_("Viết theo ki-lô, ví dụ 1,35."),
            field=field, name=name, count=count, word=band.word,
        )  # fmt: skip
    total = sum(weights)
    if total > band.max_g * count:
        raise Invalid(
            N_("%(name)s: cân được %(total)s kg, khách chỉ trả trước tới %(most)s kg."),
            remedy=N_("Đổi %(word)s nhẹ hơn rồi cân lại. Không còn thì gọi khách, rồi huỷ đơn để khách đặt lại."),
            field=field, name=name, total=kilo_text(total), most=kilo_text(band.max_g * count), word=band.word,
        )  # fmt: skip
    if min(weights) < band.min_g and len(reason) < REASON_MIN_CHARS:
        raise Invalid(
            N_("%(name)s: có %(word)s nhẹ hơn %(least)s kg đã hứa."),
            remedy=N_("Đổi %(word)s khác, hoặc gọi khách rồi ghi vì sao. Khách đọc được, và có quyền không nhận."),
            field=f"reason-{field}", name=name, word=band.word, least=kilo_text(band.min_g),
        )  # fmt: skip
    return total


def price(band: Band, grams: int, prepaid_vnd: int) -> int:
    """What the line costs: see `catalog.weighed.rules.packed_price`."""
    return packed_price(band.price_per_kg_vnd, grams, prepaid_vnd)


def kilo_text(grams: int) -> str:
    """Grams in kilograms with a comma, for messages.

    >>> kilo_text(1_350), kilo_text(2_000)
    ('1,35', '2')
    """
    return f"{grams / 1000:.3f}".rstrip("0").rstrip(".").replace(".", ",")
