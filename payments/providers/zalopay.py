"""ZaloPay's gateway, version 2: a page of ZaloPay on which the buyer pays, questions, refunds, and news of payments.

Source: docs.zalopay.vn (create, query, refund, query refund, callback, status codes; stored copies read 2026-11) and
zalopay-samples/quickstart-payment-gateway. HMAC-SHA256 over fields joined by |: with key1 what we send, with key2 the
callback's `data` exactly as it came. Our number begins with the day in Vietnam, yymmdd_. Times are milliseconds since
1970. A payment can be asked about for 48 hours; ZaloPay tells only of payments that succeeded.

Never reached for real. Unverified: the answer `return_code` 2 to a callback, and how `query_refund` tells a refund that
it never had from one that failed, so the first is believed only while ZaloPay has not acknowledged the refund.
"""

import hashlib
import hmac
import json
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from core import clock
from core.clock import HANOI
from core.errors import Invalid
from core.i18n import N_
from payments.providers.calls import post
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
from payments.providers.zalopay_codes import (
    ANSWERS,
    DONE,
    DOWN,
    DUPLICATE,
    FAILED,
    OWN_FAULTS,
    STATES,
    TIME_INVALID,
)

ASKED_FOR = timedelta(hours=48)  # how long ZaloPay answers questions about a payment
EXPIRES_MIN_S, EXPIRES_MAX_S = 300, 2_592_000
AGAIN = "xyz"  # no hexadecimal digits
BUYER = "chophien"  # app_user: no name or phone of the buyer leaves the house


@dataclass(frozen=True, repr=False)
class Keys:
    """What ZaloPay gives an application. key1 signs what we send, key2 proves what ZaloPay sends. Never printed."""

    app_id: str
    key1: str
    key2: str


# --- signing, numbers, times


def mac(key: str, *fields: object) -> str:
    """The signature of fields joined by |, 64 hex digits."""
    return hmac.new(key.encode(), "|".join(str(one) for one in fields).encode(), hashlib.sha256).hexdigest()


def millis(instant: datetime) -> int:
    """An instant as milliseconds since 1970."""
    return round(instant.timestamp() * 1000)


def trans_id(key: str, asked_at: datetime) -> str:
    """Our number of a payment at ZaloPay: the day in Vietnam and our key. At most 40 signs.

    >>> trans_id("0a1b", datetime(2026, 11, 22, 18, 0, tzinfo=UTC))
    '261123_0a1b'
    """
    return f"{asked_at.astimezone(HANOI):%y%m%d}_{key}"


def number_of(known: Known) -> str:
    """The number under which ZaloPay has a payment of ours."""
    return known.provider_ref or trans_id(known.key, known.asked_at)


def refund_id(keys: Keys, ask: RefundAsk) -> str:
    """Our number of a refund at ZaloPay: yymmdd_appid_key, the same at every repetition."""
    return f"{ask.asked_at.astimezone(HANOI):%y%m%d}_{keys.app_id}_{ask.key}"


def key_in(app_trans_id: str) -> str:
    """Our key in a number of ours; empty for a number that is not.

    >>> key_in("261123_0a1b2c3d4e5f60718293a4b5")
    '0a1b2c3d4e5f60718293a4b5'
    """
    found = re.fullmatch(r"[0-9]{6}_([0-9a-f]{24})[x-z]?", app_trans_id)
    return found[1] if found else ""


# --- what is sent


def create_form(keys: Keys, ask: Ask, tried: str = "") -> dict[str, object]:
    """Ask for a page on which the buyer pays. tried: a letter behind our number where an answer was lost before."""
    lasts = round((ask.expires_at - ask.asked_at).total_seconds())
    fields: dict[str, object] = {
        "app_id": keys.app_id, "app_trans_id": trans_id(ask.key, ask.asked_at) + tried, "app_user": BUYER,
        "amount": ask.amount_vnd, "app_time": millis(ask.asked_at),
        "embed_data": json.dumps({"redirecturl": ask.return_url}, separators=(",", ":")), "item": "[]",
    }  # fmt: skip
    order = ("app_id", "app_trans_id", "app_user", "amount", "app_time", "embed_data", "item")
    return fields | {
        "mac": mac(keys.key1, *(fields[name] for name in order)), "description": ask.description, "bank_code": "",
        "callback_url": ask.notify_url, "expire_duration_seconds": min(max(lasts, EXPIRES_MIN_S), EXPIRES_MAX_S),
    }  # fmt: skip


def query_form(keys: Keys, app_trans_id: str) -> dict[str, object]:
    """Ask how a payment stands. key1 itself is under the signature, never in the message."""
    return {"app_id": keys.app_id, "app_trans_id": app_trans_id,
            "mac": mac(keys.key1, keys.app_id, app_trans_id, keys.key1)}  # fmt: skip


def refund_form(keys: Keys, ask: RefundAsk, now: datetime) -> dict[str, object]:
    """Give money back, all or a part, of the payment that ZaloPay knows as zp_trans_id."""
    if not ask.of.payment_ref or ask.amount_vnd < 1:
        raise ProviderRefused("-401")
    fields = (keys.app_id, ask.of.payment_ref, ask.amount_vnd, ask.reason, millis(now))
    return {
        "app_id": keys.app_id, "m_refund_id": refund_id(keys, ask), "zp_trans_id": ask.of.payment_ref,
        "amount": ask.amount_vnd, "timestamp": millis(now), "description": ask.reason, "mac": mac(keys.key1, *fields),
    }  # fmt: skip


def query_refund_form(keys: Keys, m_refund_id: str, now: datetime) -> dict[str, object]:
    """Ask how a refund stands."""
    return {"app_id": keys.app_id, "m_refund_id": m_refund_id, "timestamp": millis(now),
            "mac": mac(keys.key1, keys.app_id, m_refund_id, millis(now))}  # fmt: skip


# --- what comes back


def _unreadable(name: str) -> Invalid:
    return Invalid(N_("Tin báo tiền thiếu hoặc sai mục “%(name)s”."), field=name, name=name)


def _whole(body: Mapping[str, Any], name: str) -> int:
    value = body.get(name)
    if isinstance(value, bool) or not isinstance(value, int):
        raise _unreadable(name)
    return value


def read_notice(content: bytes, keys: Keys) -> Told:
    """Prove and read a callback. Raises Forged (signature, or another application), Invalid for a proved one unread."""
    try:
        outer = json.loads(content)
    except ValueError:
        raise Forged("body") from None
    data, sent = (outer.get("data"), outer.get("mac")) if isinstance(outer, dict) else (None, None)
    if not isinstance(data, str) or not isinstance(sent, str):
        raise Forged("body")
    if not hmac.compare_digest(mac(keys.key2, data).encode(), sent.lower().encode()):
        raise Forged
    try:
        body = json.loads(data)
    except ValueError as error:
        raise _unreadable("data") from error
    if not isinstance(body, dict):
        raise _unreadable("data")
    if not hmac.compare_digest(str(_whole(body, "app_id")).encode(), keys.app_id.encode()):
        raise Forged("merchant")
    return _told(body)


def _told(body: Mapping[str, Any]) -> Told:
    number = body.get("app_trans_id")
    if not isinstance(number, str):
        raise _unreadable("app_trans_id")
    ref, at = str(_whole(body, "zp_trans_id")), _whole(body, "server_time")
    paid_at = datetime.fromtimestamp(min(abs(at), 32_503_680_000_000) / 1000, UTC)
    seen = Seen(Standing.PAID, "paid", _whole(body, "amount"), number, ref, paid_at)
    return Told(f"{ref}:{seen.amount_vnd}", "callback", key_in(number), number, ref, seen)


def read_query(body: Mapping[str, Any], number: str, asked_at: datetime, now: datetime) -> Seen:
    """Read the answer to a question. Raises ProviderDown where it says nothing of the payment.

    "Expired" is believed for 48 hours only: afterwards ZaloPay says the same of every payment, paid ones too: then
    it stays undecided, and a person looks.
    """
    code, sub = _codes(body)
    if code == FAILED and (sub in DOWN or sub in OWN_FAULTS):
        raise ProviderDown(f"zalopay {sub}")
    if code == FAILED and sub == TIME_INVALID and now - asked_at > ASKED_FOR:
        return Seen(Standing.PENDING, "too late", None, number)
    if code not in STATES:
        raise ProviderDown(f"zalopay {code}")
    if code == FAILED:
        expired = sub == TIME_INVALID
        return Seen(
            Standing.EXPIRED if expired else Standing.FAILED, str(sub) if expired else "failed", None, number
        )
    if code != DONE:
        working = body.get("is_processing") is True
        return Seen(
            Standing.PENDING if working else Standing.OPEN, "processing" if working else "open", None, number
        )
    amount, ref, at = body.get("amount"), body.get("zp_trans_id"), body.get("server_time")
    if not isinstance(amount, int) or isinstance(amount, bool) or not ref:
        raise ProviderDown("paid without amount or number")
    paid_at = (
        datetime.fromtimestamp(min(abs(at), 32_503_680_000_000) / 1000, UTC) if isinstance(at, int) else None
    )
    return Seen(Standing.PAID, "paid", amount, number, str(ref), paid_at)


def _codes(body: Mapping[str, Any]) -> tuple[int, int]:
    code, sub = body.get("return_code"), body.get("sub_return_code")
    if isinstance(code, bool) or not isinstance(code, int):
        raise ProviderDown("no return_code")
    return code, sub if isinstance(sub, int) else 0


@dataclass(frozen=True)
class ZaloPay:
    """One application of ZaloPay."""

    link: Link
    keys: Keys

    def _post(self, path: str, form: Mapping[str, object]) -> dict[str, Any]:
        """ZaloPay's answers carry no signature: they rest on the certificate of the connection."""
        return post(f"{self.link.api_base}/v2/{path}", timeout_s=self.link.timeout_s, form=form)

    def create(self, ask: Ask) -> Opened:
        """See `Provider`. ZaloPay refuses a repeat and shows the page of the first no more.

        The answer with that page was lost, so nobody can pay there: the same payment is opened under our number with a
        letter behind it.
        """
        for tried in ("", *AGAIN):
            found = self._post("create", create_form(self.keys, ask, tried))
            (code, sub), url = _codes(found), found.get("order_url")
            if sub != DUPLICATE:
                break
        if code == FAILED and sub not in DOWN and sub != DUPLICATE:
            raise ProviderRefused(str(sub))
        if code != DONE:
            raise ProviderDown(f"zalopay {sub}")
        if not isinstance(url, str) or not url.startswith(("https://", "http://")):
            raise ProviderDown("no order_url")
        return Opened(trans_id(ask.key, ask.asked_at) + tried, url, "open")

    def query(self, known: Known) -> Seen:
        """See `Provider`."""
        number = number_of(known)
        found = self._post("query", query_form(self.keys, number))
        return read_query(found, number, known.asked_at, clock.now())

    def cancel(self, known: Known) -> Seen:
        """ZaloPay's call to close a payment was not read in full, so it is not used: it says where it stands."""
        return self.query(known)

    def refund(self, ask: RefundAsk) -> RefundSeen:
        """See `Provider`. 1 only acknowledges: the refund is asked about. A repeat has the same m_refund_id."""
        found = self._post("refund", refund_form(self.keys, ask, clock.now()))
        (code, sub), ref = _codes(found), str(found.get("refund_id") or "")
        if code == FAILED and sub in DOWN:
            raise ProviderDown(f"zalopay {sub}")
        if code == FAILED and sub in OWN_FAULTS:
            raise ProviderRefused(str(sub))
        if code == FAILED:
            seen = self.query_refund(ask, "")
            if seen.standing is RefundStanding.MISSING:
                raise ProviderRefused(str(sub))
            return seen
        return RefundSeen(RefundStanding.PENDING, "refunding", ref)

    def query_refund(self, ask: RefundAsk, refund_ref: str) -> RefundSeen:
        """See `Provider`."""
        form = query_refund_form(self.keys, refund_id(self.keys, ask), clock.now())
        found = self._post("query_refund", form)
        code, sub = _codes(found)
        if code == FAILED and (sub in DOWN or sub in OWN_FAULTS):
            raise ProviderDown(f"zalopay {sub}")
        ref = str(found.get("refund_id") or "") or refund_ref
        if code == DONE:
            return RefundSeen(RefundStanding.DONE, "refunded", ref)
        if code == FAILED:
            standing = RefundStanding.FAILED if refund_ref else RefundStanding.MISSING
            return RefundSeen(standing, "refund failed", ref)
        return RefundSeen(RefundStanding.PENDING, "refunding", ref)

    def parse(self, notice: Notice) -> Told:
        """See `Provider`."""
        return read_notice(notice.body, self.keys)

    def answer(self, receipt: Receipt) -> Answer:
        """{"return_code", "return_message"}, always with status 200."""
        code, words = ANSWERS[receipt]
        return Answer(200, json.dumps({"return_code": code, "return_message": words}))

    def probe(self) -> None:
        """Ask about a payment that cannot be there; any answer about it shows that ZaloPay lives and knows our key."""
        found = self._post("query", query_form(self.keys, trans_id(secrets.token_hex(12), clock.now())))
        _code, sub = _codes(found)
        if sub in OWN_FAULTS:
            raise ProviderRefused(str(sub))
        if sub in DOWN:
            raise ProviderDown(f"zalopay {sub}")


def connect(link: Link) -> ZaloPay:
    """An application of ZaloPay, from the settings of a collector."""
    keys = Keys(link.merchant["app_id"], link.secrets["key1"], link.secrets["key2"])
    return ZaloPay(link, keys)
