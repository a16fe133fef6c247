"""What a scan may say: the verdict, and how a price is shown without exposing a family. Pure."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from core.i18n import N_

FEW_HOUSEHOLDS = 5
MAKERS_SHOWN = 8
HOUSEHOLDS, COOPERATIVE = N_("Các hộ làm ra"), N_("Hợp tác xã: chế biến, đóng gói, bán")
FUND, UNTRACED = N_("Quỹ chung của hợp tác xã"), N_("Phần nguyên liệu mua ngoài, không có phiếu cân")


class Verdict(StrEnum):
    """What the book says of a lot today, the most serious first."""

    RECALLED = "recalled"
    VOID = "void"
    STRANGE_SERIAL = "strange_serial"
    EXPIRED = "expired"
    PLANNED = "planned"
    OTHER_PACK = "other_pack"
    GOOD = "good"


def verdict(
    state: str, kind: str, expires_on: date | None, today: date, *, packed_so: bool, void: bool = False,
    strange: bool = False,
) -> Verdict:  # fmt: skip
    """The verdict on a lot. `packed_so`: whether the book has this lot in this pack; `void`: whether the label with
    this serial, or every sheet of labels that carried this code, was withdrawn; `strange`: whether the code carries a
    serial of our form that nobody printed.
    """
    if state == "recalled":
        return Verdict.RECALLED
    if void:
        return Verdict.VOID
    if strange:
        return Verdict.STRANGE_SERIAL
    if expires_on is not None and expires_on < today:
        return Verdict.EXPIRED
    if kind == "planned":
        return Verdict.PLANNED
    return Verdict.GOOD if packed_so else Verdict.OTHER_PACK


@dataclass(frozen=True, slots=True)
class Thread:
    """One thread of the weave: who (a message id), its part in basis points, its đồng or None where closed."""

    who: str
    part_bp: int
    amount_vnd: int | None
    colour: int

    @property
    def percent(self) -> int:
        """Whole per cent, rounded half up."""
        return (self.part_bp + 50) // 100


@dataclass(frozen=True, slots=True)
class Shared:
    """How the price of a lot was, or will be, shared.

    sold_vnd and households are None where fewer than five households stand behind the lot: then per cent only, since
    a sum would be one family's. Before the first sale `threads` are those of the terms in force since `terms_from_on`.
    topped_up: the cooperative added to what the sale brought, to keep a guaranteed price.
    """

    threads: tuple[Thread, ...]
    sold_vnd: int | None = None
    producers_vnd: int | None = None
    households: int | None = None
    terms_from_on: date | None = None
    topped_up: bool = False

    @property
    def producers_percent(self) -> int:
        """The households' part."""
        return self.threads[0].percent if self.threads else 0


def shared_so_far(
    sold_vnd: int, producers_vnd: int, fund_vnd: int, untraced_vnd: int, households: int | None
) -> Shared:
    """From the ledger's sums of one lot. `households` is None, or at most four, where amounts must stay closed."""
    closed = households is None or households < FEW_HOUSEHOLDS
    rest = sold_vnd - producers_vnd - fund_vnd - untraced_vnd
    named = (
        (HOUSEHOLDS, producers_vnd, 1),
        (COOPERATIVE, max(rest, 0), 2),
        (FUND, fund_vnd, 3),
        (UNTRACED, untraced_vnd, 5),
    )
    whole = sum(amount for _who, amount, _colour in named)
    threads = tuple(
        Thread(who, (amount * 20_000 + whole) // (2 * whole), None if closed else amount, colour)
        for who, amount, colour in named
        if amount > 0
    )
    if closed:
        return Shared(threads, topped_up=rest < 0)
    return Shared(threads, sold_vnd, producers_vnd, households, topped_up=rest < 0)


def shared_by_terms(producers_bp: int, processing_bp: int, fund_bp: int, from_on: date) -> Shared:
    """Before the first sale: by the terms of the day."""
    named = ((HOUSEHOLDS, producers_bp, 1), (COOPERATIVE, processing_bp, 2), (FUND, fund_bp, 3))
    return Shared(
        tuple(Thread(who, part, None, colour) for who, part, colour in named if part), terms_from_on=from_on
    )
