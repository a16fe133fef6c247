"""What every service that watches an account tells: one transfer. Readers of its members, shared by all of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from core.clock import HANOI
from core.errors import Invalid
from core.i18n import N_
from core.text import clean


@dataclass(frozen=True)
class Notice:
    """One transfer as the bank told it. `at` is UTC; `incoming` False for money that left the account.

    provider: who told of it; provider_id: its own id of the transfer, the same at every repetition.
    """

    provider_id: str
    account_number: str
    sub_account: str
    amount_vnd: int
    content: str
    reference: str
    at: datetime
    incoming: bool
    provider: str = "sepay"


def unreadable(field: str) -> Invalid:
    """The refusal of news whose member is missing or wrong."""
    return Invalid(N_("Tin báo tiền thiếu hoặc sai mục “%(name)s”."), field=field, name=field)


def whole(body: Mapping[str, Any], name: str) -> int:
    """A whole number above 0. Raises Invalid."""
    value = body.get(name)
    if isinstance(value, bool) or not isinstance(value, int) or not 0 < value < 2**53:
        raise unreadable(name)
    return value


def text(body: Mapping[str, Any], name: str, longest: int = 500) -> str:
    """A text, cleaned and cut; empty where it is null or missing. Raises Invalid for anything else."""
    value = body.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise unreadable(name)
    return clean(value)[:longest]


def instant(body: Mapping[str, Any], name: str) -> datetime:
    """'2023-03-25 14:02:37' on Vietnam's clock, as UTC. Raises Invalid."""
    try:
        naive = datetime.strptime(text(body, name), "%Y-%m-%d %H:%M:%S")  # noqa: DTZ007 its zone follows
    except ValueError as error:
        raise unreadable(name) from error
    return naive.replace(tzinfo=HANOI).astimezone(UTC)
