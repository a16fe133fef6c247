"""Sites, what their orders may be, what keeps one from being taken; codes of our goods there. Pure functions."""

import re
from enum import StrEnum

from core.i18n import N_
from core.text import fold


class Site(StrEnum):
    """A marketplace; its facts are in data/<site>.json."""

    SHOPEE = "shopee"
    LAZADA = "lazada"
    SENDO = "sendo"
    VOSO = "voso"
    POSTMART = "postmart"


SITE_NAME: dict[Site, str] = {
    Site.SHOPEE: "Shopee",
    Site.LAZADA: "Lazada",
    Site.SENDO: "Sendo",
    Site.VOSO: "Voso",
    Site.POSTMART: "Postmart",
}


class Kind(StrEnum):
    """What a file is."""

    TEMPLATE = "template"
    ORDERS = "orders"


class FileState(StrEnum):
    """Where a file stands. An order file waits for its manager, then for the worker."""

    OPEN = "open"
    ACCEPTED = "accepted"
    DONE = "done"


class Status(StrEnum):
    """What a site says of an order, in our words."""

    UNPAID = "unpaid"
    TO_SHIP = "to_ship"
    SHIPPED = "shipped"
    DELIVERED = "delivered"
    RETURNED = "returned"
    CANCELLED = "cancelled"


STATUS_TEXT: dict[Status, str] = {
    Status.UNPAID: N_("Chưa trả tiền"),
    Status.TO_SHIP: N_("Chờ gửi"),
    Status.SHIPPED: N_("Đang giao"),
    Status.DELIVERED: N_("Đã giao"),
    Status.RETURNED: N_("Trả hàng"),
    Status.CANCELLED: N_("Đã huỷ"),
}
RANK = {status: place for place, status in enumerate(Status)}


class OrderState(StrEnum):
    """Where a site's order stands here."""

    WAITING = "waiting"  # not paid there yet: nothing is taken
    TAKEN = "taken"  # an order of ours
    HELD = "held"  # a person must decide
    ENDED = "ended"  # cancelled there before it was ours, or given up by a person


STATE_TEXT: dict[OrderState, str] = {
    OrderState.WAITING: N_("Chờ khách trả tiền"),
    OrderState.TAKEN: N_("Đã thành đơn của chợ"),
    OrderState.HELD: N_("Phải xem"),
    OrderState.ENDED: N_("Đã khép"),
}


class Problem(StrEnum):
    """Why a person must look."""

    GOODS = "goods"
    STOCK = "stock"
    WEIGHED = "weighed"
    MONEY = "money"
    REFUSED = "refused"


PROBLEM_TEXT: dict[Problem, tuple[str, str]] = {
    Problem.GOODS: (
        N_("Chưa biết món này là gói nào của mình."),
        N_("Chọn gói ở dưới, chợ nhớ cho lần sau."),
    ),
    Problem.STOCK: (
        N_("Không đủ hàng cho đơn này."),
        N_(
            "Ai đặt trước được trước. Có thêm lô thì bấm Thử lại, chọn gói khác cùng giá trị, hoặc huỷ đơn bên sàn."
        ),
    ),
    Problem.WEIGHED: (
        N_("Món cân khi gói không bán theo tệp của sàn được."),
        N_("Chọn gói khác đã đóng sẵn, hoặc huỷ đơn bên sàn."),
    ),
    Problem.MONEY: (
        N_("Đơn đã nhận nhưng sàn ghi số hàng hay số tiền khác lúc nhận."),
        N_("Mở đơn của chợ, so với trang của sàn rồi sửa bằng tay."),
    ),
    Problem.REFUSED: (N_("Chợ chưa ghi được đơn này."), N_("Xem lý do ở dưới, sửa rồi bấm Thử lại.")),
}

# What a held order says where the market itself failed on it, a message id; everything else is what was refused.
FAILED_TEXT = N_(
    "Máy gặp lỗi lúc ghi đơn này, chưa ghi gì vào sổ. Bấm Thử lại; vẫn vậy thì báo người giữ chợ."
)


class Outcome(StrEnum):
    """What accepting a file would do with an order of it."""

    NEW = "new"
    CHANGED = "changed"
    AGAIN = "again"  # was held, and is tried once more
    SAME = "same"
    WAITING = "waiting"
    ENDED = "ended"
    UNKNOWN = "unknown"  # goods of it are not known
    SHORT = "short"
    FAULTY = "faulty"


OUTCOME_TEXT: dict[Outcome, str] = {
    Outcome.NEW: N_("Đơn mới"),
    Outcome.CHANGED: N_("Đổi trạng thái"),
    Outcome.AGAIN: N_("Thử lại"),
    Outcome.SAME: N_("Không đổi"),
    Outcome.WAITING: N_("Chưa trả tiền"),
    Outcome.ENDED: N_("Đã huỷ bên sàn"),
    Outcome.UNKNOWN: N_("Chưa biết món"),
    Outcome.SHORT: N_("Thiếu hàng"),
    Outcome.FAULTY: N_("Ô sai"),
}
OUTCOME_TONE: dict[Outcome, str] = {
    Outcome.NEW: "good",
    Outcome.CHANGED: "good",
    Outcome.AGAIN: "good",
    Outcome.SAME: "",
    Outcome.WAITING: "",
    Outcome.ENDED: "",
    Outcome.UNKNOWN: "warn",
    Outcome.SHORT: "warn",
    Outcome.FAULTY: "bad",
}
DOES = frozenset(Outcome) - {Outcome.SAME, Outcome.FAULTY}


def sku_of(pack_id: int) -> str:
    """The code of a pack at every site and in every feed.

    >>> sku_of(17), parent_of(4)
    ('CP-17', 'CP-P4')
    """
    return f"CP-{pack_id}"


def sku_key(text: str) -> str:
    """A site's text for goods as it is compared.

    >>> sku_key("  Miến dong -  500 g ")
    'mien dong - 500 g'
    """
    return " ".join(fold(text).split())[:200]


def parent_of(product_id: int) -> str:
    """The code under which the packs of one product stand together."""
    return f"CP-P{product_id}"


def pack_of(sku: str) -> int | None:
    """The pack that a code names; None for any other text.

    >>> pack_of(" cp-17 "), pack_of("MD01"), pack_of("CP-P4")
    (17, None, None)
    """
    match = re.fullmatch(r"CP-(\d{1,12})", sku.strip().upper())
    return int(match[1]) if match else None


def older(known: str, told: Status) -> bool:
    """Whether a site's word is behind what was known: an older file never turns an order back.

    >>> older("shipped", Status.TO_SHIP), older("shipped", Status.SHIPPED), older("unpaid", Status.CANCELLED)
    (True, False, False)
    """
    return RANK[told] < RANK[Status(known)]
