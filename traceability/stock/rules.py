"""First expired, first out; and what a refusal says."""

from collections.abc import Sequence
from datetime import date

from core.errors import Conflict, Invalid
from core.i18n import N_
from traceability.rules import LotState, OutOfStock, Place, Reserved

QUANTITY_MAX = 100_000
GRAMS_MAX = 50_000_000  # of a pack that is weighed at packing, whose stock is kept in grams
REASON_MIN_CHARS = 5
STOCKED = tuple(Place)


def check_quantity(quantity: int, *, field: str = "quantity", by_weight: bool = False) -> int:
    """Whole packs, at least one; grams of what is weighed at packing (by_weight). Raises Invalid."""
    if by_weight and 1 <= quantity <= GRAMS_MAX:
        return quantity
    if by_weight:
        raise Invalid(
            N_("Cân nặng phải trên 0 và không quá 50 tấn."), remedy=N_("Ghi lại số ki-lô."), field=field
        )
    if not 1 <= quantity <= QUANTITY_MAX:
        raise Invalid(N_("Số gói phải từ 1 đến 100.000."), remedy=N_("Ghi lại số gói."), field=field)
    return quantity


def check_reason(reason: str) -> str:
    """Why stock changes by hand; somebody will ask. Raises Invalid."""
    if not REASON_MIN_CHARS <= len(reason) <= 300:
        raise Invalid(
            N_("Viết lý do, từ 5 đến 300 chữ."), remedy=N_("Ví dụ: chuột cắn 2 gói."), field="reason"
        )
    return reason


def is_sellable(state: str, expires_on: date | None, on: date) -> bool:
    """Whether goods of a lot may be sold or packed on a day: open, and good through that day."""
    return state == LotState.OPEN and (expires_on is None or expires_on >= on)


def check_sellable(code: str, state: str, expires_on: date | None, on: date) -> None:
    """Raise Conflict with the reason why a lot may not be sold or packed."""
    if state == LotState.RECALLED:
        raise Conflict(N_("Lô %(code)s đã bị thu hồi."), remedy=N_("Lấy lô khác."), code=code)
    if state != LotState.OPEN:
        raise Conflict(N_("Lô %(code)s đã khép lại."), remedy=N_("Lấy lô khác."), code=code)
    if expires_on is not None and expires_on < on:
        raise Conflict(
            N_("Lô %(code)s hết hạn ngày %(day)s."), remedy=N_("Lấy lô khác, và bỏ lô này khỏi kho."),
            code=code, day=f"{expires_on:%d/%m/%Y}",
        )  # fmt: skip


def fill(free: Sequence[Reserved], quantity: int, piece_g: int | None = None) -> list[Reserved]:
    """Fill a line of so many pieces from lots in the order given. Raises OutOfStock, saying what is left.

    piece_g: the heaviest a piece may be, where `free` is in grams. A piece comes from one lot whole, so a lot gives as
    many as its free grams are enough for; since no piece is heavier, there are at least as many pieces in it.

    >>> fill([Reserved(1, 2), Reserved(2, 5)], 3)
    [Reserved(lot_id=1, quantity=2), Reserved(lot_id=2, quantity=1)]
    >>> fill([Reserved(1, 3_000), Reserved(2, 5_000)], 3, 1_600)
    [Reserved(lot_id=1, quantity=1), Reserved(lot_id=2, quantity=2)]
    """
    if piece_g is not None:
        free = [Reserved(one.lot_id, one.quantity // piece_g) for one in free]
    left = sum(one.quantity for one in free)
    if left < quantity:
        raise OutOfStock(
            N_("Chỉ còn %(left)s, bạn cần %(wanted)s."), remedy=N_("Bớt số lượng rồi đặt lại."),
            field="quantity", left=left, wanted=quantity,
        )  # fmt: skip
    parts, needed = [], quantity
    for one in free:
        if needed and one.quantity:
            parts.append(Reserved(one.lot_id, min(needed, one.quantity)))
            needed -= parts[-1].quantity
    return parts
