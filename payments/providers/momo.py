"""MoMo's gateway, version 2: a page of MoMo on which the buyer pays, questions, refunds, and news of both.

Source: developers.momo.vn, v3 docs (one-time wallet, query, refund, notification, result codes; stored copies read
2026-11) and github.com/momo-wallet/payment. HMAC-SHA256 over a fixed order of fields joined `name=value&…`, the values
as they are. Amounts are whole đồng. Notifications are answered 204 within 15 seconds. MoMo takes `requestId` as the key
of idempotency: a result that is final is given again, one under way is refused as a duplicate.

Never reached for real. Unverified: the names inside `refundTrans`.
"""

import hashlib
import hmac
import json
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from core.errors import Invalid
from core.i18n import N_
from payments.providers.calls import post
from payments.providers.momo_codes import DOWN, DUPLICATE, FAULTS, NOT_FOUND, REFUNDS, STATES
from payments.providers.protocol import (
    Answer,
    Ask,
    Forged,
    Known,
    Link,
    Notice,
    Opened,
    ProviderDown,
    ProviderRefused,
    Receipt,
    RefundAsk,
    RefundSeen,
    RefundStanding,
    Seen,
    Standing,
    Told,
)

AMOUNT_MIN_VND, AMOUNT_MAX_VND = 1_000, 50_000_000  # of one payment, and of one refund
SIGNED: dict[str, tuple[str, ...]] = {  # the order of fields under each signature
    "create": ("accessKey", "amount", "extraData", "ipnUrl", "orderId", "orderInfo", "partnerCode", "redirectUrl",
               "requestId", "requestType"),
    "notice": ("accessKey", "amount", "extraData", "message", "orderId", "orderInfo", "orderType", "partnerCode",
               "payType", "requestId", "responseTime", "resultCode", "transId"),
    "query": ("accessKey", "orderId", "partnerCode", "requestId"),
    "refund": ("accessKey", "amount", "description", "orderId", "partnerCode", "requestId", "transId"),
}  # fmt: skip


@dataclass(frozen=True, repr=False)
class Keys:
    """What MoMo gives a merchant. Never printed."""

    partner_code: str
    access_key: str
    secret_key: str


# --- signing


def raw(kind: str, fields: Mapping[str, object]) -> str:
    """The text that is signed: the fields of `SIGNED[kind]` in their order, values as they are."""
    return "&".join(f"{name}={fields[name]}" for name in SIGNED[kind])


def sign(kind: str, fields: Mapping[str, object], keys: Keys) -> str:
    """The signature of a message, 64 hex digits. The access key is under it, never in the message."""
    text = raw(kind, {**fields, "accessKey": keys.access_key})
    return hmac.new(keys.secret_key.encode(), text.encode(), hashlib.sha256).hexdigest()


def signed(kind: str, fields: dict[str, object], keys: Keys) -> dict[str, object]:
    """A message with its signature."""
    return {**fields, "signature": sign(kind, fields, keys)}


def check_amount(amount_vnd: int) -> int:
    """An amount that MoMo takes in one payment or refund. Raises ProviderRefused (MoMo would say 22)."""
    if not AMOUNT_MIN_VND <= amount_vnd <= AMOUNT_MAX_VND:
        raise ProviderRefused("22")
    return amount_vnd


# --- what is sent


def create_body(keys: Keys, ask: Ask) -> dict[str, object]:
    """Ask for a page on which the buyer pays. Our key is orderId and requestId, so a repeat is the same payment."""
    fields: dict[str, object] = {
        "partnerCode": keys.partner_code, "requestId": ask.key, "orderId": ask.key,
        "amount": check_amount(ask.amount_vnd), "orderInfo": ask.description, "redirectUrl": ask.return_url,
        "ipnUrl": ask.notify_url, "requestType": "captureWallet", "extraData": "",
    }  # fmt: skip
    return signed("create", fields, keys) | {
        "lang": "en" if ask.language == "en" else "vi",
        "autoCapture": True,
    }


def query_body(keys: Keys, key: str, request_id: str) -> dict[str, object]:
    """Ask how a payment stands. request_id: new for every question."""
    fields: dict[str, object] = {"partnerCode": keys.partner_code, "requestId": request_id, "orderId": key}
    return signed("query", fields, keys) | {"lang": "vi"}


def refund_body(keys: Keys, ask: RefundAsk) -> dict[str, object]:
    """Give money back, all or a part: a new order of ours that names the transId of the payment."""
    if not re.fullmatch(r"[0-9]{1,18}", ask.of.payment_ref):
        raise ProviderRefused("42")
    fields: dict[str, object] = {
        "partnerCode": keys.partner_code, "orderId": ask.key, "requestId": ask.key,
        "amount": check_amount(ask.amount_vnd), "transId": int(ask.of.payment_ref), "description": ask.reason,
    }  # fmt: skip
    return signed("refund", fields, keys) | {"lang": "vi"}


# --- what comes back


def unreadable(name: str) -> Invalid:
    """A message, proved or not, in which a field is missing or of another shape."""
    return Invalid(N_("Tin báo tiền thiếu hoặc sai mục “%(name)s”."), field=name, name=name)


def _text(body: Mapping[str, Any], name: str) -> str:
    value = body.get(name)
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise unreadable(name)
    return str(value)


def _whole(body: Mapping[str, Any], name: str) -> int:
    value = _text(body, name)
    if not re.fullmatch(r"-?[0-9]{1,15}", value):
        raise unreadable(name)
    return int(value)


def _at(body: Mapping[str, Any]) -> datetime:
    """responseTime: milliseconds since 1970, in a notification the moment of the payment."""
    return datetime.fromtimestamp(min(abs(_whole(body, "responseTime")), 32_503_680_000_000) / 1000, UTC)


def read_notice(body: object, keys: Keys) -> Told:
    """Prove and read a notification. Raises Forged (signature, another merchant), Invalid for a proved one unread."""
    if not isinstance(body, Mapping):
        raise Forged("body")
    fields = {name: "" if (value := body.get(name)) is None else value for name in SIGNED["notice"]}
    sent = body.get("signature")
    if not isinstance(sent, str) or not hmac.compare_digest(
        sign("notice", fields, keys).encode(), sent.encode()
    ):
        raise Forged
    if not hmac.compare_digest(_text(body, "partnerCode").encode(), keys.partner_code.encode()):
        raise Forged("merchant")
    code, key = _whole(body, "resultCode"), _text(body, "orderId")
    standing = STATES.get(code, (Standing.PENDING, ""))[0]
    paid = standing is Standing.PAID
    ref = _text(body, "transId") if paid else ""
    seen = Seen(standing, str(code), _whole(body, "amount"), key, ref, _at(body) if paid else None)
    event = f"{key}:{code}:{_text(body, 'transId')}:{seen.amount_vnd}"
    return Told(event, "ipn", key, key, ref, seen)


def read_query(body: Mapping[str, Any], key: str) -> Seen:
    """Read the answer to a question. Raises ProviderDown where the code is of the call, not of the payment."""
    code = _code(body)
    if code == NOT_FOUND:
        return Seen(Standing.MISSING, str(code))
    if code in FAULTS:
        raise ProviderDown(f"momo {code}")
    if body.get("orderId") != key:
        raise ProviderDown("another order")
    standing = STATES.get(code, (Standing.PENDING, ""))[0]
    ref = str(body.get("transId") or "") if standing is Standing.PAID else ""
    amount = body.get("amount")
    known = amount if isinstance(amount, int) and not isinstance(amount, bool) else None
    if standing is Standing.PAID and (known is None or not ref):
        raise ProviderDown("paid without amount or number")
    return Seen(standing, str(code), known, key, ref)


def _code(body: Mapping[str, Any]) -> int:
    code = body.get("resultCode")
    if isinstance(code, bool) or not isinstance(code, int):
        raise ProviderDown("no resultCode")
    return code


def _refund_seen(code: int, ref: str) -> RefundSeen:
    if code not in REFUNDS:
        raise ProviderDown(f"momo {code}")
    return RefundSeen(REFUNDS[code][0], str(code), ref)


@dataclass(frozen=True)
class MoMo:
    """One merchant of MoMo."""

    link: Link
    keys: Keys

    def _post(self, path: str, body: Mapping[str, object]) -> dict[str, Any]:
        """MoMo's answers carry no signature that its pages define: they rest on the certificate of the connection."""
        found = post(f"{self.link.api_base}/v2/gateway/api/{path}", timeout_s=self.link.timeout_s, body=body)
        if found.get("partnerCode", self.keys.partner_code) not in (self.keys.partner_code, "", None):
            raise ProviderDown("another merchant")
        return found

    def create(self, ask: Ask) -> Opened:
        """See `Provider`. A duplicate that MoMo will not show again is unknown: it is asked about, not paid anew."""
        found = self._post("create", create_body(self.keys, ask))
        code, url = _code(found), found.get("payUrl")
        if code in DOWN or code in DUPLICATE:
            raise ProviderDown(f"momo {code}")
        if code != 0:
            raise ProviderRefused(str(code))
        if found.get("orderId") != ask.key or found.get("amount") != ask.amount_vnd:
            raise ProviderDown("another order")
        if not isinstance(url, str) or not url.startswith(("https://", "http://")):
            raise ProviderDown("no payUrl")
        return Opened(ask.key, url, "created")  # 0 here says that the page is there, not that money is

    def query(self, known: Known) -> Seen:
        """See `Provider`."""
        return read_query(self._ask(known.key), known.key)

    def _ask(self, key: str) -> dict[str, Any]:
        return self._post("query", query_body(self.keys, key, f"{key}-{secrets.token_hex(6)}"))

    def cancel(self, known: Known) -> Seen:
        """MoMo closes no page that waits: it says where the payment stands."""
        return self.query(known)

    def refund(self, ask: RefundAsk) -> RefundSeen:
        """See `Provider`. The same requestId gives the same result; while it is under way MoMo says duplicate."""
        found = self._post("refund", refund_body(self.keys, ask))
        code = _code(found)
        if code in DUPLICATE:
            return self.query_refund(ask, "")
        if code in DOWN:
            raise ProviderDown(f"momo {code}")
        if code not in REFUNDS or REFUNDS[code][0] is RefundStanding.FAILED:
            raise ProviderRefused(str(code))
        return _refund_seen(code, str(found.get("transId") or ""))

    def query_refund(self, ask: RefundAsk, refund_ref: str) -> RefundSeen:
        """See `Provider`. MoMo lists the refunds of a payment in the answer about the payment."""
        found = self._ask(ask.of.key)
        if _code(found) != 0:
            raise ProviderDown(f"momo {_code(found)}")
        for one in found.get("refundTrans") or ():
            if isinstance(one, Mapping) and one.get("orderId") == ask.key:
                if one.get("amount") != ask.amount_vnd:
                    raise ProviderDown("another amount")
                return _refund_seen(_code(one), str(one.get("transId") or ""))
        return RefundSeen(RefundStanding.MISSING, "")

    def parse(self, notice: Notice) -> Told:
        """See `Provider`."""
        try:
            body = json.loads(notice.body)
        except ValueError:
            raise Forged("body") from None
        return read_notice(body, self.keys)

    def answer(self, receipt: Receipt) -> Answer:
        """204 for all that was read: again it would tell us nothing new. Forged and unsaved news get an error."""
        if receipt is Receipt.FORGED:
            return Answer(400)
        return Answer(503) if receipt is Receipt.LATER else Answer(204)

    def probe(self) -> None:
        """Ask about an order that cannot be there: 'not found' shows that MoMo lives and knows our keys."""
        code = _code(self._ask(f"probe-{secrets.token_hex(8)}"))
        if code in DOWN:
            raise ProviderDown(f"momo {code}")
        if code not in STATES and code != NOT_FOUND:
            raise ProviderRefused(str(code))


def connect(link: Link) -> MoMo:
    """A merchant of MoMo, from the settings of a collector."""
    keys = Keys(link.merchant["partner_code"], link.secrets["access_key"], link.secrets["secret_key"])
    return MoMo(link, keys)
