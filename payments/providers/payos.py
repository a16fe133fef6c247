"""payOS: news of bank transfers, each signed over its data with the account's checksum key.

Source: the rule in PyPI payos 1.1.0 and its published example. `signature` is HMAC-SHA256, in hex, over the members
of `data` sorted by name and joined as name=value&…, where null is an empty text; the key is the channel's checksum key.
`data.code` "00" is money that came. Times are Vietnam's. Unverified, never tried for real: how a list or a truth value
inside `data` is written for the signature, and that payOS knocks with its published example when the address is set.
"""

import hashlib
import hmac
import json
from collections.abc import Mapping
from typing import Any

from core.errors import Invalid
from core.i18n import N_
from payments.providers.notices import Notice, instant, text, unreadable, whole

PROVIDER = "payos"
PAID = "00"
EXAMPLE_ACCOUNT, EXAMPLE_ORDER = "12345678", 123  # of the published example


def _value(value: object) -> str:
    if value is None or value in ("null", "undefined"):
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list | dict):
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return str(value)


def raw(data: Mapping[str, Any]) -> str:
    """What is signed.

    >>> raw({"b": None, "a": 1})
    'a=1&b='
    """
    return "&".join(f"{name}={_value(data[name])}" for name in sorted(data))


def sign(data: Mapping[str, Any], key: str) -> str:
    """The signature of a webhook's data under a checksum key, hexadecimal."""
    text_ = raw(data).encode("utf-8", "surrogatepass")
    return hmac.new(key.encode(), text_, hashlib.sha256).hexdigest()


def proves(body: object, key: str) -> bool:
    """Whether a webhook's body is signed with the key, in constant time; never without a key."""
    data = body.get("data") if isinstance(body, Mapping) else None
    told = body.get("signature") if isinstance(body, Mapping) else None
    if not isinstance(data, Mapping) or not isinstance(told, str):
        return False
    return hmac.compare_digest(sign(data, key).encode(), told.lower().encode("utf-8", "replace")) and bool(
        key
    )


def is_example(notice: Notice) -> bool:
    """Whether it is the published example, which speaks of nobody's account."""
    return notice.account_number == EXAMPLE_ACCOUNT and notice.provider_id.startswith(f"{EXAMPLE_ORDER}:")


def parse(body: object) -> Notice | None:
    """Read a proven body; None for news that no money came. Raises Invalid naming the member that is missing or
    wrong, and for money that is not đồng."""
    data = body.get("data") if isinstance(body, Mapping) else None
    if not isinstance(data, Mapping):
        raise unreadable("data")
    if data.get("code") != PAID:
        return None
    currency = text(data, "currency", 8)
    if currency != "VND":
        raise Invalid(
            N_("Tin báo tiền không tính bằng đồng: %(currency)s."), field="currency", currency=currency
        )
    order, reference = whole(data, "orderCode"), text(data, "reference", 80)
    at, amount = instant(data, "transactionDateTime"), whole(data, "amount")
    return Notice(
        provider_id=f"{order}:{reference or f'{at:%Y%m%d%H%M%S}-{amount}'}",
        account_number=text(data, "accountNumber", 40), sub_account=text(data, "virtualAccountNumber", 40),
        amount_vnd=amount, content=text(data, "description"), reference=reference, at=at, incoming=True,
        provider=PROVIDER,
    )  # fmt: skip
