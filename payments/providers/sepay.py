"""SePay: news of bank transfers, posted by a service that watches an account.

Source: developer.sepay.vn, webhooks (read 2026-11). Header `Authorization: Apikey KEY`; the same `id` may come again;
an answer of 2xx with {"success": true} ends the retries. Times are Vietnam's, without a zone.
"""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from core.clock import HANOI
from core.errors import Invalid
from core.i18n import N_
from core.text import clean

PROVIDER = "sepay"


@dataclass(frozen=True)
class Notice:
    """One transfer as the bank told it. `at` is UTC; `incoming` False for money that left the account."""

    provider_id: str
    account_number: str
    sub_account: str
    amount_vnd: int
    content: str
    reference: str
    at: datetime
    incoming: bool


def bearer(authorization: str | None) -> str:
    """The key in `Authorization: Apikey KEY`; empty when there is none.

    >>> bearer("Apikey s3cret")
    's3cret'
    """
    scheme, _space, key = (authorization or "").partition(" ")
    return key.strip() if scheme.casefold() == "apikey" else ""


def key_fits(hashed: str, stored_hash: str | None) -> bool:
    """Whether the hash of a sent key is the stored one, in constant time; never without a stored one."""
    known = stored_hash or "0" * 64
    return hmac.compare_digest(hashed.encode(), known.encode()) and bool(stored_hash)


def _unreadable(field: str) -> Invalid:
    return Invalid(N_("Tin báo tiền thiếu hoặc sai mục “%(name)s”."), field=field, name=field)


def _whole(body: Mapping[str, Any], name: str) -> int:
    value = body.get(name)
    if isinstance(value, bool) or not isinstance(value, int) or not 0 < value < 2**53:
        raise _unreadable(name)
    return value


def _text(body: Mapping[str, Any], name: str, longest: int = 500) -> str:
    value = body.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise _unreadable(name)
    return clean(value)[:longest]


def _instant(body: Mapping[str, Any]) -> datetime:
    try:
        naive = datetime.strptime(_text(body, "transactionDate"), "%Y-%m-%d %H:%M:%S")  # noqa: DTZ007 its zone follows
    except ValueError as error:
        raise _unreadable("transactionDate") from error
    return naive.replace(tzinfo=HANOI).astimezone(UTC)


def parse(body: object) -> Notice:
    """Read the body of a webhook. Raises Invalid naming the member that is missing or wrong."""
    if not isinstance(body, Mapping):
        raise _unreadable("body")
    direction = body.get("transferType")
    if direction not in ("in", "out"):
        raise _unreadable("transferType")
    return Notice(
        provider_id=str(_whole(body, "id")), account_number=_text(body, "accountNumber", 40),
        sub_account=_text(body, "subAccount", 40), amount_vnd=_whole(body, "transferAmount"),
        content=_text(body, "content"),
        reference=_text(body, "referenceCode", 80), at=_instant(body), incoming=direction == "in",
    )  # fmt: skip
