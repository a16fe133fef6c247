"""What may be paid to a producer by bank, and the words her bank shows."""

from datetime import datetime, timedelta

from core.errors import Invalid
from core.format import vnd
from core.i18n import N_

HOLD_FOR = timedelta(hours=48)  # a number that takes the place of another is not paid to before
FRESH_FOR = timedelta(days=14)  # a new account number is asked about by telephone this long


def most(owed_vnd: int, bank_vnd: int) -> int:
    """The most that can be sent now, đồng: all that is owed, as far as the bank account reaches."""
    return max(0, min(owed_vnd, bank_vnd))


def check_amount(amount_vnd: int, owed_vnd: int, bank_vnd: int) -> int:
    """An amount to send, đồng. Returns it, or raises Invalid: nothing, more than is owed, more than the bank has."""
    if amount_vnd <= 0:
        raise Invalid(N_("Số tiền phải lớn hơn 0."), field="amount_vnd")
    if amount_vnd > owed_vnd:
        raise Invalid(
            N_("Còn nợ nhà này %(owed)s, không trả quá số đó."), remedy=N_("Sửa số tiền rồi làm lại."),
            field="amount_vnd", owed=vnd(owed_vnd),
        )  # fmt: skip
    if amount_vnd > bank_vnd:
        raise Invalid(
            N_("Theo sổ, tài khoản chỉ còn %(there)s."),
            remedy=N_("Trả bớt lại, trả tiền mặt, hoặc ghi tiền đã vào tài khoản trước."),
            field="amount_vnd", there=vnd(bank_vnd),
        )  # fmt: skip
    return amount_vnd


def purpose(producer_code: str) -> str:
    """What stands in the transfer: no name, and no mark that a bank would drop.

    >>> purpose("014")
    'CP TRA 014'
    """
    return f"CP TRA {producer_code}"


def is_fresh(changed_at: datetime, now: datetime) -> bool:
    """Whether an account number is so new that somebody should ask the producer before money goes there."""
    return now - changed_at < FRESH_FOR
