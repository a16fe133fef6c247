"""Saleor's words and ours: states, references, amounts, back-off. Pure functions. Read in Saleor 3.24's schema."""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation
from enum import IntEnum, StrEnum
from typing import TypeVar
from urllib.parse import urlsplit

from core.i18n import N_

Row = TypeVar("Row")
BULK_MOST = 100  # rows of one bulk mutation
LOOKUP_MOST = 25  # products asked for at once: each costs the shop's allowance of complexity
PLACE = "saleor"  # whose clearing account a collector's money lies on
CURRENCY, COUNTRY = "VND", "VN"


class InstanceState(StrEnum):
    """Where a shop stands. ALLOWED: on the list, its app not installed yet."""

    ALLOWED = "allowed"
    INSTALLED = "installed"
    PAUSED = "paused"


class ListingState(StrEnum):
    """Whether a shop has a product as it is here."""

    PENDING = "pending"
    SENT = "sent"
    FAILED = "failed"


class Rank(IntEnum):
    """How soon a shop must hear of a product. STOP: what it may not sell any more."""

    STOP = 0
    CHANGE = 1
    REST = 2


@dataclass(frozen=True)
class Offer:
    """A pack at this moment. left: pieces for sale; stock: with those that the shop holds back for its own orders."""

    price_vnd: int
    left: int
    stock: int


def rank(told: Mapping[int, tuple[int, int]], wanted: Mapping[int, Offer]) -> Rank:
    """How soon a change must go out. told: {pack id: (price, stock)} as the shop has it; wanted: packs on sale now.

    >>> rank({1: (9000, 5)}, {}), rank({1: (9000, 5)}, {1: Offer(9000, 0, 2)})
    (<Rank.STOP: 0>, <Rank.STOP: 0>)
    >>> rank({1: (9000, 5)}, {1: Offer(8000, 5, 5)}), rank({1: (9000, 5)}, {1: Offer(9000, 6, 6)})
    (<Rank.CHANGE: 1>, <Rank.REST: 2>)
    """
    found = Rank.REST
    for pack_id, (price_vnd, stock) in told.items():
        now = wanted.get(pack_id, Offer(price_vnd, 0, 0))
        if now.stock < stock and not now.left:
            return Rank.STOP
        if now.price_vnd != price_vnd or now.stock < stock:
            found = Rank.CHANGE
    return found


class OrderState(StrEnum):
    """Where an order of a shop stands. HELD: a person must look before it is ours."""

    WAITING = "waiting"
    TAKEN = "taken"
    HELD = "held"
    ENDED = "ended"


class Problem(StrEnum):
    """Why an order waits for a person."""

    ADDRESS = "address"
    PHONE = "phone"
    FOREIGN = "foreign"
    CURRENCY = "currency"
    REFUSED = "refused"
    CANCELLED_THERE = "cancelled_there"
    REFUNDED_THERE = "refunded_there"
    REFUND_FAILED = "refund_failed"
    REFUND_WANTED = "refund_wanted"
    PUSH = "push"


PROBLEM_TEXT: dict[Problem, tuple[str, str]] = {
    Problem.ADDRESS: (N_("Chưa rõ xã, phường nào."), N_("Ghi xã và tỉnh bên dưới, chợ nhận đơn ngay.")),
    Problem.PHONE: (N_("Số điện thoại của khách chưa đúng."), N_("Hỏi khách rồi ghi số bên dưới.")),
    Problem.FOREIGN: (
        N_("Đơn có món không phải của chợ."), N_("Từ chối đơn này, mời khách đặt riêng món của chợ."),
    ),
    Problem.CURRENCY: (N_("Đơn không tính bằng đồng."), N_("Từ chối đơn, chỉ bán ở kênh dùng VND.")),
    Problem.REFUSED: (N_("Chợ chưa nhận được đơn."), N_("Xem lý do, sửa rồi bấm thử lại, hoặc từ chối đơn.")),
    Problem.CANCELLED_THERE: (
        N_("Bên kia đã huỷ mà hàng đã gửi đi."), N_("Gọi khách: nhận hàng hay gửi về, rồi ghi ở đơn."),
    ),
    Problem.REFUNDED_THERE: (
        N_("Bên kia đã trả lại khách một phần tiền."), N_("Mở đơn, ghi hoàn đúng số món đó. Chợ tự khớp tiền."),
    ),
    Problem.REFUND_FAILED: (
        N_("Bên kia không trả lại được tiền cho khách."),
        N_("Trả ở trang quản lý của họ, hoặc chuyển khoản rồi ghi đã trả."),
    ),
    Problem.REFUND_WANTED: (
        N_("Bên kia xin trả lại tiền cho khách."), N_("Mở đơn, huỷ hoặc ghi hoàn món. Trả xong chợ tự báo lại."),
    ),
    Problem.PUSH: (N_("Bên kia chưa nhận tin của chợ."), N_("Chợ tự gửi lại. Còn mãi thì xem đơn ở trang của họ.")),
}  # fmt: skip


def product_ref(product_id: int) -> str:
    """A product's external reference, as in the feeds."""
    return f"CP-P{product_id}"


def pack_ref(pack_id: int) -> str:
    """A pack's external reference, and its SKU."""
    return f"CP-{pack_id}"


def pack_of(reference: str | None) -> int | None:
    """The pack that a variant's external reference (or SKU) names; None for somebody else's goods.

    >>> pack_of("CP-17"), pack_of("CP-P17"), pack_of(None)
    (17, None, None)
    """
    found = re.fullmatch(r"CP-([1-9][0-9]{0,17})", reference or "", re.ASCII)
    return int(found[1]) if found else None


def whole_vnd(amount: object) -> int:
    """An amount as Saleor's JSON has it (a float, or a decimal in quotes) as whole đồng. Raises ValueError.

    Đồng has no parts: what is not whole, not finite, negative or beyond what a float keeps exactly is refused.

    >>> whole_vnd(65000.0), whole_vnd("65000.00")
    (65000, 65000)
    """
    if isinstance(amount, bool) or not isinstance(amount, int | float | str):
        raise ValueError("not an amount")
    try:
        exact = Decimal(str(amount))
    except InvalidOperation as error:
        raise ValueError("not an amount") from error
    if not exact.is_finite() or exact != exact.to_integral_value() or not 0 <= exact < 2**53:
        raise ValueError("not whole đồng")
    return int(exact)


def is_api(address: str) -> bool:
    """Whether an address can be a shop's interface: https, or this machine for trying; it ends in /graphql/.

    >>> is_api("https://shop.example/graphql/"), is_api("http://shop.example/graphql/"), is_api("https://a/graphql/?x")
    (True, False, False)
    """
    try:
        found = urlsplit(address)
        port = found.port
    except ValueError:
        return False
    here = found.scheme == "http" and found.hostname in ("localhost", "127.0.0.1")
    plain = not (found.query or found.fragment or found.username or found.password)
    return bool(found.hostname and port != 0) and (found.scheme == "https" or here) and plain and (
        found.path.endswith("/graphql/")
    )  # fmt: skip


def keys_address(api_url: str) -> str:
    """Where a shop publishes the keys that it signs with.

    >>> keys_address("https://shop.example/graphql/")
    'https://shop.example/.well-known/jwks.json'
    """
    found = urlsplit(api_url)
    return f"{found.scheme}://{found.netloc}/.well-known/jwks.json"


def fingerprint(facts: object) -> str:
    """The same facts have the same 24 hex digits."""
    text = json.dumps(facts, ensure_ascii=False, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:24]


def parts(rows: Sequence[Row], size: int) -> Iterator[Sequence[Row]]:
    """Rows in pieces of at most so many."""
    return (rows[start : start + size] for start in range(0, len(rows), size))


RETRY_FIRST, RETRY_MOST = timedelta(seconds=10), timedelta(minutes=10)
KEYS_EVERY = timedelta(seconds=30)  # unknown keys ask for the shop's keys again this often at most


def next_try(failures: int, now: datetime, said: float | None = None) -> datetime:
    """When a shop that failed so often in a row is asked again: 10 s, doubled to 10 minutes; or when it says itself.

    said: seconds, of its Retry-After; never more than 10 minutes.
    """
    step = min(RETRY_FIRST * (1 << min(max(failures - 1, 0), 10)), RETRY_MOST)
    if said is not None:
        step = min(max(timedelta(seconds=said), timedelta(seconds=1)), RETRY_MOST)
    return now + step


def description(text: str) -> str:
    """Plain paragraphs as the EditorJS document that Saleor keeps descriptions in."""
    blocks = [
        {"type": "paragraph", "data": {"text": line.replace("&", "&amp;").replace("<", "&lt;")}}
        for line in (one.strip() for one in text.splitlines()) if line
    ]  # fmt: skip
    return json.dumps({"blocks": blocks}, ensure_ascii=False)


DOWN_TEXT: dict[str, str] = {
    "ConnectError": N_("không nối được"), "ConnectTimeout": N_("không nối được"), "ReadTimeout": N_("trả lời quá chậm"),
    "too slow or too long": N_("trả lời quá chậm"), "http 429": N_("bên đó bận, hẹn gọi lại"),
    "http 503": N_("bên đó bận, hẹn gọi lại"),
}  # fmt: skip
DOWN_OTHER = N_("trả lời không đọc được")


def down_text(why: str) -> str:
    """Why a shop gave no answer, in everyday words (a message id). why: of `client.ShopDown`."""
    return DOWN_TEXT.get(why, DOWN_OTHER)


FAULT_TEXT: dict[str, str] = {
    "UNIQUE": N_("Mã hoặc đường dẫn này bên kia đã có. Đổi tên món một chút rồi chờ chợ gửi lại."),
    "PRODUCT_WITHOUT_CATEGORY": N_("Món chưa có loại hàng. Chọn loại cho món."),
    "INVALID_PRICE": N_("Bên kia không nhận giá này. Xem lại giá."),
    "NOT_FOUND": N_("Bên kia đã xoá kho, kênh hoặc loại hàng. Bên thu hộ bấm “Gọi thử”."),
    "UNSUPPORTED_MEDIA_PROVIDER": N_("Bên kia không lấy được ảnh. Món vẫn bán, chợ gửi ảnh lại sau."),
    "PHOTO": N_("Bên kia không lấy được ảnh. Món vẫn bán, chợ gửi ảnh lại sau."),
}
FAULT_OTHER = N_("Bên kia không nhận món này. Chợ thử lại, còn mãi thì báo người quản lý cửa hàng.")


def fault_text(code: str) -> str:
    """What a manager can do about a row that a shop refused (a message id)."""
    return FAULT_TEXT.get(code, FAULT_OTHER)
