"""How much one person may pay alone, how a producer confirms cash, and which sales an owed sum comes from. Pure."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from core.errors import Invalid
from core.i18n import N_

ALONE_VND = 20_000_000  # until a cooperative writes its own limit; ours, no law
PIN_DIGITS = 6
PIN_TRIES_MAX, PIN_WAIT_H = 5, 1


class How(StrEnum):
    """How a producer said that she holds the cash."""

    CODE = "code"  # read aloud from her own phone
    PIN = "pin"  # typed by her on the treasurer's phone
    OWN = "own"  # tapped on her own page


HOW_TEXT: dict[str, str] = {
    How.CODE: N_("Nhà đã xác nhận bằng mã gửi tới điện thoại"),
    How.PIN: N_("Nhà đã xác nhận bằng mã riêng, gõ tại chỗ"),
    How.OWN: N_("Nhà đã xác nhận trên điện thoại của mình"),
}


def needs_second(amount_vnd: int, alone_today_vnd: int, limit_vnd: int) -> bool:
    """Whether a sum needs a second person: with what one person alone paid today it would pass the limit, đồng.

    >>> needs_second(5, 5, 10), needs_second(6, 5, 10)
    (False, True)
    """
    return amount_vnd + alone_today_vnd > limit_vnd


def check_pin(typed: str) -> str:
    """A producer's own PIN: six digits, not one digit six times, no plain staircase. Raises Invalid."""
    bare = re.sub(r"\s", "", typed)
    if not re.fullmatch(rf"\d{{{PIN_DIGITS}}}", bare):
        raise Invalid(
            N_("Mã riêng cần đúng 6 chữ số."), remedy=N_("Chọn số dễ nhớ với riêng mình."), field="pin"
        )
    if len(set(bare)) == 1 or bare in "01234567890" or bare in "09876543210":
        raise Invalid(N_("Mã này dễ đoán."), remedy=N_("Chọn 6 chữ số khác."), field="pin")
    return bare


@dataclass(frozen=True)
class Credit:
    """What one entry made payable to a producer, đồng, more than 0."""

    entry_id: int
    amount_vnd: int


def unpaid_part(newest_first: Iterable[Credit], owed_vnd: int) -> list[Credit]:
    """Which credits an owed sum consists of when the oldest were paid first, newest first; the last may be a part.

    >>> unpaid_part([Credit(3, 50), Credit(2, 40), Credit(1, 30)], 70)
    [Credit(entry_id=3, amount_vnd=50), Credit(entry_id=2, amount_vnd=20)]
    """
    found: list[Credit] = []
    left = owed_vnd
    for one in newest_first:
        if left <= 0:
            break
        found.append(Credit(one.entry_id, min(left, one.amount_vnd)))
        left -= one.amount_vnd
    return found


def first_paid(newest_first: list[Credit], amount_vnd: int) -> list[Credit]:
    """Which of the unpaid credits a payment settles: the oldest, newest first again; the newest of them may be a part.

    >>> first_paid([Credit(3, 50), Credit(2, 20)], 30)
    [Credit(entry_id=3, amount_vnd=10), Credit(entry_id=2, amount_vnd=20)]
    """
    return unpaid_part(newest_first[::-1], amount_vnd)[::-1]
