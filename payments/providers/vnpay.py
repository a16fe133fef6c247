"""VNPay's gateway, version 2.1.0: an address that takes the buyer to pay, questions, refunds, and news by address.

Source: sandbox.vnpayment.vn, docs of pay and of querydr & refund (stored copies read 2026-11), and lehuygiang28/vnpay
(MIT). HMAC-SHA512: of payments and news over the parameters sorted and form-encoded (a space is +), of questions and
refunds over fixed fields joined by |. Amounts are đồng × 100. Times are Vietnam's, yyyyMMddHHmmss. News comes by GET to
the one address that VNPay notes for the website, and wants {"RspCode", "Message"}.

Never reached for real. Unverified: how `querydr` tells of several part refunds of one payment, so a refund is believed
only where type and amount fit, and is never sent again on a later day unless VNPay says that it knows of none.
"""

import hashlib
import hmac
import json
import re
import secrets
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote_plus

from core import clock
from core.clock import HANOI, day_of
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
from payments.providers.vnpay_codes import (
    ANSWERS,
    NOT_FOUND,
    OWN_FAULTS,
    REFUNDS,
    REPEATED,
    RESPONSES,
    STATUSES,
)

VERSION = "2.1.0"
AMOUNT_MAX_VND = 9_999_999_999  # vnp_Amount has at most 12 digits, two of them the × 100
FULL, PART = "02", "03"  # vnp_TransactionType of a refund; 01 is a payment
UNSIGNED = frozenset({"vnp_SecureHash", "vnp_SecureHashType"})
QUERY = ("vnp_RequestId", "vnp_Version", "vnp_Command", "vnp_TmnCode", "vnp_TxnRef", "vnp_TransactionDate",
         "vnp_CreateDate", "vnp_IpAddr", "vnp_OrderInfo")  # fmt: skip
REFUND = ("vnp_RequestId", "vnp_Version", "vnp_Command", "vnp_TmnCode", "vnp_TransactionType", "vnp_TxnRef",
          "vnp_Amount", "vnp_TransactionNo", "vnp_TransactionDate", "vnp_CreateBy", "vnp_CreateDate", "vnp_IpAddr",
          "vnp_OrderInfo")  # fmt: skip
REFUNDED = ("vnp_ResponseId", "vnp_Command", "vnp_ResponseCode", "vnp_Message", "vnp_TmnCode", "vnp_TxnRef",
            "vnp_Amount", "vnp_BankCode", "vnp_PayDate", "vnp_TransactionNo", "vnp_TransactionType",
            "vnp_TransactionStatus", "vnp_OrderInfo")  # fmt: skip
QUERIED = (*REFUNDED, "vnp_PromotionCode", "vnp_PromotionAmount")


@dataclass(frozen=True, repr=False)
class Keys:
    """What VNPay gives a website. Never printed."""

    tmn_code: str
    hash_secret: str


# --- signing, amounts, times


def encoded(params: Mapping[str, str]) -> str:
    """What is signed, and sent: the parameters sorted and form-encoded, without empty ones and the signature."""
    told = sorted((name, value) for name, value in params.items() if value and name not in UNSIGNED)
    return "&".join(f"{quote_plus(name)}={quote_plus(value)}" for name, value in told).replace("~", "%7E")


def _hmac(text: str, keys: Keys) -> str:
    return hmac.new(keys.hash_secret.encode(), text.encode(), hashlib.sha512).hexdigest()


def sign(params: Mapping[str, str], keys: Keys) -> str:
    """The signature of a payment's address or of news, 128 hex digits."""
    return _hmac(encoded(params), keys)


def sign_fields(order: tuple[str, ...], fields: Mapping[str, object], keys: Keys) -> str:
    """The signature of a question, a refund or an answer: fixed fields joined by |, missing ones empty."""
    told = ("" if (value := fields.get(name)) is None else str(value) for name in order)
    return _hmac("|".join(told), keys)


def fits(ours: str, sent: object) -> bool:
    """Whether a signature is the one we compute, in constant time and either case."""
    return isinstance(sent, str) and hmac.compare_digest(ours.encode(), sent.lower().encode())


def stamp(instant: datetime) -> str:
    """An instant as VNPay writes it: Vietnam's clock, yyyyMMddHHmmss.

    >>> stamp(datetime(2026, 11, 22, 18, 5, 9, tzinfo=UTC))
    '20261123010509'
    """
    return f"{instant.astimezone(HANOI):%Y%m%d%H%M%S}"


def instant(text: object) -> datetime | None:
    """The reverse of `stamp`, None for anything else."""
    if not isinstance(text, str | int) or not re.fullmatch(r"[0-9]{14}", str(text)):
        return None
    try:
        return datetime.strptime(str(text), "%Y%m%d%H%M%S").replace(tzinfo=HANOI).astimezone(UTC)
    except ValueError:
        return None


def times_100(amount_vnd: int) -> str:
    """Đồng as VNPay counts them. Raises ProviderRefused beyond 12 digits."""
    if not 0 < amount_vnd <= AMOUNT_MAX_VND:
        raise ProviderRefused("error 03")
    return str(amount_vnd * 100)


def in_dong(text: object) -> int | None:
    """VNPay's amount in đồng; None where it is no whole number of them."""
    if not isinstance(text, str | int) or not re.fullmatch(r"[0-9]{1,14}", str(text)):
        return None
    return int(text) // 100 if int(text) % 100 == 0 else None


def plain(words: str) -> str:
    """Words without marks and signs: letters, digits, spaces, dots and hyphens, as VNPay asks."""
    bare = unicodedata.normalize("NFD", words.replace("đ", "d").replace("Đ", "D"))
    return re.sub(r"[^A-Za-z0-9 .-]", "", bare).strip()[:255] or "don hang"


# --- what is sent


def pay_params(keys: Keys, ask: Ask) -> dict[str, str]:
    """The parameters of the address to which the buyer is sent. Our key is vnp_TxnRef."""
    return {
        "vnp_Version": VERSION, "vnp_Command": "pay", "vnp_TmnCode": keys.tmn_code,
        "vnp_Amount": times_100(ask.amount_vnd), "vnp_CreateDate": stamp(ask.asked_at),
        "vnp_ExpireDate": stamp(ask.expires_at), "vnp_CurrCode": "VND", "vnp_IpAddr": ask.ip,
        "vnp_Locale": "en" if ask.language == "en" else "vn", "vnp_OrderInfo": plain(ask.description),
        "vnp_OrderType": "other", "vnp_ReturnUrl": ask.return_url, "vnp_TxnRef": ask.key,
    }  # fmt: skip


def query_body(
    keys: Keys, known: Known, request_id: str, now: datetime, ip: str = "127.0.0.1"
) -> dict[str, str]:
    """Ask how a payment stands. request_id: new for every question of a day."""
    fields = {
        "vnp_RequestId": request_id, "vnp_Version": VERSION, "vnp_Command": "querydr", "vnp_TmnCode": keys.tmn_code,
        "vnp_TxnRef": known.key, "vnp_OrderInfo": f"Hoi {known.key}", "vnp_TransactionDate": stamp(known.asked_at),
        "vnp_CreateDate": stamp(now), "vnp_IpAddr": ip,
    }  # fmt: skip
    return fields | {"vnp_SecureHash": sign_fields(QUERY, fields, keys)}


def refund_body(keys: Keys, ask: RefundAsk) -> dict[str, str]:
    """Give money back. Our key is vnp_RequestId and a repetition has the same body, so VNPay sees the repeat."""
    fields = {
        "vnp_RequestId": ask.key, "vnp_Version": VERSION, "vnp_Command": "refund", "vnp_TmnCode": keys.tmn_code,
        "vnp_TransactionType": _type(ask), "vnp_TxnRef": ask.of.key, "vnp_Amount": times_100(ask.amount_vnd),
        "vnp_OrderInfo": plain(ask.reason), "vnp_TransactionNo": ask.of.payment_ref or "0",
        "vnp_TransactionDate": stamp(ask.of.asked_at), "vnp_CreateBy": "cho phien",
        "vnp_CreateDate": stamp(ask.asked_at), "vnp_IpAddr": ask.ip,
    }  # fmt: skip
    return fields | {"vnp_SecureHash": sign_fields(REFUND, fields, keys)}


def _type(ask: RefundAsk) -> str:
    return FULL if ask.amount_vnd == ask.of.amount_vnd else PART


# --- what comes back


def _unreadable(name: str) -> Invalid:
    return Invalid(N_("Tin báo tiền thiếu hoặc sai mục “%(name)s”."), field=name, name=name)


def read_notice(query: Mapping[str, str], keys: Keys) -> Told:
    """Prove and read news. Raises Forged (signature, or another website), Invalid for proved news that cannot be read.

    Paid only where both vnp_ResponseCode and vnp_TransactionStatus say 00.
    """
    params = {name: value for name, value in query.items() if name.startswith("vnp_")}
    if not fits(sign(params, keys), params.get("vnp_SecureHash")):
        raise Forged
    if not hmac.compare_digest(params.get("vnp_TmnCode", "").encode(), keys.tmn_code.encode()):
        raise Forged("merchant")
    key, code, status = (
        params.get(name, "") for name in ("vnp_TxnRef", "vnp_ResponseCode", "vnp_TransactionStatus")
    )
    amount = in_dong(params.get("vnp_Amount"))
    if amount is None:
        raise _unreadable("vnp_Amount")
    standing = RESPONSES.get(code, (Standing.PENDING, ""))[0]
    if standing is Standing.PAID and status != "00":
        standing = STATUSES.get(status, (Standing.PENDING, ""))[0]
    ref = params.get("vnp_TransactionNo", "") if standing is Standing.PAID else ""
    paid_at = instant(params.get("vnp_PayDate")) if standing is Standing.PAID else None
    seen = Seen(standing, code, amount, key, ref, paid_at)
    event = f"{key}:{code}:{status}:{params.get('vnp_TransactionNo', '')}:{amount}"
    return Told(event, "ipn", key, key, ref, seen)


def read_query(body: Mapping[str, Any], key: str) -> Seen:
    """Read the proved answer to a question about a payment. Raises ProviderDown where it says nothing of it.

    A payment that VNPay never heard of is open, not missing: the buyer holds a signed address that is still good.
    """
    code = str(body.get("vnp_ResponseCode") or "")
    if code == NOT_FOUND:
        return Seen(Standing.OPEN, f"error {code}")
    if code != "00":
        raise ProviderDown(f"vnpay {code}")
    if body.get("vnp_TxnRef") != key:
        raise ProviderDown("another payment")
    status, ref = str(body.get("vnp_TransactionStatus") or ""), str(body.get("vnp_TransactionNo") or "")
    if str(body.get("vnp_TransactionType") or "01") != "01":  # it speaks of a refund, so the payment was paid
        return Seen(Standing.PAID, f"status {status}", None, key)
    standing, amount = STATUSES.get(status, (Standing.PENDING, ""))[0], in_dong(body.get("vnp_Amount"))
    if standing is not Standing.PAID:
        return Seen(standing, f"status {status}", amount, key)
    if amount is None or not ref:
        raise ProviderDown("paid without amount or number")
    return Seen(standing, f"status {status}", amount, key, ref, instant(body.get("vnp_PayDate")))


def read_refund(body: Mapping[str, Any], ask: RefundAsk, refund_ref: str) -> RefundSeen:
    """What the proved answer about a payment says of one refund of it: known by its number, else by type and amount.

    Of another refund of the same payment nothing is concluded for this one: it stays under way until a person looks.
    """
    code, kind = str(body.get("vnp_ResponseCode") or ""), str(body.get("vnp_TransactionType") or "01")
    if code == NOT_FOUND or (code == "00" and kind == "01"):
        return RefundSeen(RefundStanding.MISSING, f"error {code}" if code != "00" else "")
    if code != "00":
        raise ProviderDown(f"vnpay {code}")
    status, number = (str(body.get(name) or "") for name in ("vnp_TransactionStatus", "vnp_TransactionNo"))
    same = kind == _type(ask) and in_dong(body.get("vnp_Amount")) == ask.amount_vnd
    if not same or (refund_ref and number and refund_ref != number):
        return RefundSeen(RefundStanding.PENDING, "another refund", refund_ref)
    return RefundSeen(REFUNDS.get(status, (RefundStanding.PENDING, ""))[0], f"status {status}", number)


@dataclass(frozen=True)
class VNPay:
    """One website at VNPay."""

    link: Link
    keys: Keys

    def _post(self, body: Mapping[str, str], order: tuple[str, ...]) -> dict[str, Any]:
        """Ask the interface; an answer that says anything of money must carry VNPay's signature."""
        url = f"{self.link.api_base}/merchant_webapi/api/transaction"
        found = post(url, timeout_s=self.link.timeout_s, body=body)
        code = str(found.get("vnp_ResponseCode") or "")
        if code in OWN_FAULTS:  # VNPay could not tell who asks, so it signs nothing
            return {"vnp_ResponseCode": code}
        if not fits(sign_fields(order, found, self.keys), found.get("vnp_SecureHash")):
            raise ProviderDown("signature")
        return found

    def _ask(self, known: Known) -> dict[str, Any]:
        return self._post(query_body(self.keys, known, secrets.token_hex(16), clock.now()), QUERIED)

    def create(self, ask: Ask) -> Opened:
        """See `Provider`. Nothing is called: the signed address is the payment, the same at every repetition."""
        params = pay_params(self.keys, ask)
        signed = f"{encoded(params)}&vnp_SecureHash={sign(params, self.keys)}"
        return Opened(ask.key, f"{self.link.pay_base}?{signed}", "url")

    def query(self, known: Known) -> Seen:
        """See `Provider`."""
        return read_query(self._ask(known), known.key)

    def cancel(self, known: Known) -> Seen:
        """VNPay closes no payment that waits: it says where it stands."""
        return self.query(known)

    def refund(self, ask: RefundAsk) -> RefundSeen:
        """See `Provider`. VNPay knows a repeat by its RequestId for one day; later it is asked before we send."""
        if clock.today() > day_of(ask.asked_at):
            seen = self.query_refund(ask, "")
            if seen.standing is not RefundStanding.MISSING:
                return seen
        found = self._post(refund_body(self.keys, ask), REFUNDED)
        code = str(found.get("vnp_ResponseCode") or "")
        if code == REPEATED:
            seen = self.query_refund(ask, "")
            missing = seen.standing is RefundStanding.MISSING
            return RefundSeen(RefundStanding.PENDING, f"error {code}") if missing else seen
        if code == "99":
            raise ProviderDown(f"vnpay {code}")
        if code != "00":
            raise ProviderRefused(f"error {code}")
        status = str(found.get("vnp_TransactionStatus") or "05")
        standing = REFUNDS.get(status, (RefundStanding.PENDING, ""))[0]
        return RefundSeen(standing, f"status {status}", str(found.get("vnp_TransactionNo") or ""))

    def query_refund(self, ask: RefundAsk, refund_ref: str) -> RefundSeen:
        """See `Provider`."""
        return read_refund(self._ask(ask.of), ask, refund_ref)

    def parse(self, notice: Notice) -> Told:
        """See `Provider`."""
        return read_notice(notice.query, self.keys)

    def answer(self, receipt: Receipt) -> Answer:
        """{"RspCode", "Message"}, always with status 200."""
        code, words = ANSWERS[receipt]
        return Answer(200, json.dumps({"RspCode": code, "Message": words}))

    def probe(self) -> None:
        """Ask about a payment that cannot be there: 'not found' shows that VNPay lives and knows our key."""
        found = self._ask(Known(secrets.token_hex(12), 1, clock.now()))
        code = str(found.get("vnp_ResponseCode") or "")
        if code in OWN_FAULTS:
            raise ProviderRefused(f"error {code}")
        if code not in ("00", NOT_FOUND):
            raise ProviderDown(f"vnpay {code}")


def connect(link: Link) -> VNPay:
    """A website at VNPay, from the settings of a collector."""
    return VNPay(link, Keys(link.merchant["tmn_code"], link.secrets["hash_secret"]))
