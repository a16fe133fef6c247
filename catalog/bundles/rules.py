"""The arithmetic of a gift box: how many can be made, and what each piece of it is sold for. Pure functions."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from core.errors import Invalid
from core.i18n import N_
from core.money import largest_remainder

PARTS_MAX, PIECES_MAX = 8, 40


@dataclass(frozen=True, slots=True)
class Part:
    """So many packs of one kind in a box, and what such a pack costs alone today."""

    pack_id: int
    quantity: int
    price_vnd: int


@dataclass(frozen=True, slots=True)
class Share:
    """Pieces of one pack that are sold at one price inside a box."""

    pack_id: int
    quantity: int
    unit_price_vnd: int


def boxes_from(stock: Iterable[tuple[int, int]]) -> int:
    """How many boxes can be made of (pieces to sell, pieces in a box) for each part; 0 for a box of nothing.

    >>> boxes_from([(10, 2), (7, 3)])
    2
    """
    return min((available // quantity for available, quantity in stock), default=0)


def divide(price_vnd: int, parts: Sequence[Part]) -> tuple[Share, ...]:
    """A box's price over its pieces by their prices alone, largest remainder: whole đồng a piece, in sum the price.

    Pieces of a kind may differ by one đồng, then they are two shares. No piece goes for nothing.
    Raises ValueError for a price below one đồng a piece.

    >>> divide(100, [Part(7, 3, 50)])
    (Share(pack_id=7, quantity=1, unit_price_vnd=34), Share(pack_id=7, quantity=2, unit_price_vnd=33))
    """
    weights = {(part.pack_id, place): part.price_vnd for part in parts for place in range(part.quantity)}
    if price_vnd < len(weights):
        raise ValueError("a box costs at least one đồng a piece")
    amounts = largest_remainder(price_vnd, weights)
    for piece in [piece for piece, amount in amounts.items() if amount == 0]:
        dearest = max(amounts, key=lambda one: (amounts[one], one))
        amounts[dearest], amounts[piece] = amounts[dearest] - 1, 1
    counted: dict[tuple[int, int], int] = {}
    for (pack_id, _place), amount in sorted(amounts.items()):
        counted[pack_id, amount] = counted.get((pack_id, amount), 0) + 1
    ordered = sorted(counted, key=lambda one: (one[0], -one[1]))
    return tuple(Share(pack_id, counted[pack_id, amount], amount) for pack_id, amount in ordered)


def check_parts(parts: Sequence[tuple[int, int]]) -> dict[int, int]:
    """{pack id: pieces} of a box as it was put together: at least two pieces, not too many. Raises Invalid."""
    merged: dict[int, int] = {}
    for pack_id, quantity in parts:
        if quantity < 1:
            raise Invalid(N_("Số gói của mỗi món trong hộp phải từ 1 trở lên."), field="parts")
        merged[pack_id] = merged.get(pack_id, 0) + quantity
    if sum(merged.values()) < 2:
        raise Invalid(
            N_("Hộp quà cần ít nhất hai gói."),
            remedy=N_("Chọn thêm một món, hoặc tăng số gói."),
            field="parts",
        )
    if len(merged) > PARTS_MAX or sum(merged.values()) > PIECES_MAX:
        raise Invalid(
            N_("Hộp quà có nhiều nhất %(kinds)s món, %(pieces)s gói."), remedy=N_("Bớt lại, hoặc làm hai hộp."),
            field="parts", kinds=PARTS_MAX, pieces=PIECES_MAX,
        )  # fmt: skip
    return merged
