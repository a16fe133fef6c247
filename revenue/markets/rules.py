"""What each step of money that a marketplace holds writes into the cooperative's book. Pure; docs/guide/money.md."""

from enum import StrEnum

from revenue.rules import AccountKind, Line
from revenue.rules import order as order_subject


class Kind(StrEnum):
    """Entries of a marketplace's money."""

    SOLD = "market_sold"  # a buyer paid there
    FEE = "market_fee"  # what the site keeps; less of it where a later file says less
    BACK = "market_back"  # the site paid a buyer back
    SETTLED = "market_settled"  # the site's money is in the bank


def market(site: str) -> str:
    """The subject of what a site holds, and of its fees.

    >>> market("shopee")
    'market:shopee'
    """
    return f"market:{site}"


def _lines(*parts: tuple[AccountKind, str, int]) -> list[Line]:
    return [Line(kind, subject, amount) for kind, subject, amount in parts if amount]


def sold(site: str, order_id: int, amount_vnd: int) -> list[Line]:
    """A buyer paid there: the site owes it, and it is the buyer's until the goods arrive."""
    return _lines(
        (AccountKind.MARKET_RECEIVABLE, market(site), amount_vnd),
        (AccountKind.BUYER_PREPAYMENT, order_subject(order_id), -amount_vnd),
    )


def fee(site: str, amount_vnd: int) -> list[Line]:
    """The site keeps so much more, or (negative) so much less than it said before. The cooperative bears it."""
    return _lines(
        (AccountKind.MARKET_FEE, market(site), amount_vnd),
        (AccountKind.MARKET_RECEIVABLE, market(site), -amount_vnd),
    )


def back(site: str, subject: str, amount_vnd: int) -> list[Line]:
    """The site paid a buyer back what was owed under `subject`."""
    return _lines(
        (AccountKind.REFUND_DUE, subject, amount_vnd),
        (AccountKind.MARKET_RECEIVABLE, market(site), -amount_vnd),
    )


def settled(site: str, amount_vnd: int) -> list[Line]:
    """The site's money came to the bank."""
    return _lines(
        (AccountKind.BANK, "", amount_vnd),
        (AccountKind.MARKET_RECEIVABLE, market(site), -amount_vnd),
    )
