"""SePay: news of bank transfers, posted by a service that watches an account.

Source: developer.sepay.vn, webhooks (read 2026-11). Header `Authorization: Apikey KEY`; the same `id` may come again;
an answer of 2xx with {"success": true} ends the retries. Times are Vietnam's, without a zone. Its other ways to prove
itself (HMAC, OAuth 2.0) are not built: only the API key was read in full, the rest is unverified.
"""

import hmac
from collections.abc import Mapping

from payments.providers.notices import Notice, instant, text, unreadable, whole

__all__ = ["PROVIDER", "Notice", "bearer", "key_fits", "parse"]

PROVIDER = "sepay"


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


def parse(body: object) -> Notice:
    """Read the body of a webhook. Raises Invalid naming the member that is missing or wrong."""
    if not isinstance(body, Mapping):
        raise unreadable("body")
    direction = body.get("transferType")
    if direction not in ("in", "out"):
        raise unreadable("transferType")
    return Notice(
        provider_id=str(whole(body, "id")), account_number=text(body, "accountNumber", 40),
        sub_account=text(body, "subAccount", 40), amount_vnd=whole(body, "transferAmount"),
        content=text(body, "content"), reference=text(body, "referenceCode", 80),
        at=instant(body, "transactionDate"), incoming=direction == "in", provider=PROVIDER,
    )  # fmt: skip
