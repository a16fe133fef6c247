"""How an order moves, how its code is made, what a cart may hold. Pure functions and tables."""

import re
from enum import StrEnum

from core.errors import Conflict, Invalid
from core.i18n import N_
from traceability.gs1.scanned import understand

QUANTITY_MAX = 999
CART_LINES_MAX = 50
COD_OPEN_MAX = 3  # open cash-on-delivery orders of one phone number
HOLD_MINUTES = 60  # how long goods wait for a bank transfer
THERE_HOLD_MINUTES = 60 * 24 * 60  # sixty days: goods that the buyer has already wait for no shorter time
REPORT_DAYS = 14  # how long after delivery a problem may be reported


class State(StrEnum):
    """Where an order stands."""

    AWAITING_PROVIDER = "awaiting_provider"  # the goods are held; the payment's provider has not answered yet
    AWAITING_PAYMENT = "awaiting_payment"
    TO_CONFIRM = "to_confirm"
    TO_PACK = "to_pack"
    PACKED = "packed"
    SHIPPED = "shipped"
    DELIVERED = "delivered"
    REFUSED = "refused"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


class Event(StrEnum):
    """What may happen to an order."""

    PROMISE = "promise"  # the provider has the payment: the buyer may pay
    SWITCH = "switch"  # another way to pay, whose provider must answer first
    ON_DELIVERY = "on_delivery"  # cash at the door instead, to be confirmed first
    PAY = "pay"
    CONFIRM = "confirm"
    PACK = "pack"
    SHIP = "ship"
    DELIVER = "deliver"
    REFUSE = "refuse"
    CANCEL = "cancel"
    EXPIRE = "expire"
    REVIVE = "revive"
    LOSE = "lose"  # the carrier lost the parcel
    UNPAY = "unpay"  # the money was another order's


class Door(StrEnum):
    """Through which door an order came: the shop's pages, or a channel that calls the same verb."""

    WEB = "web"
    CHAT = "chat"
    LIVE = "live"
    STALL = "stall"
    SALEOR = "saleor"
    MARKETPLACE = "marketplace"


# Sold before we hear of it: its price stands, it costs no carriage of ours, and its buyer is not written to by us.
SOLD_THERE = frozenset({Door.STALL, Door.MARKETPLACE})
DOOR_TEXT: dict[Door, str] = {
    Door.WEB: N_("Trang bán hàng"),
    Door.CHAT: N_("Tin nhắn"),
    Door.LIVE: N_("Bán trực tiếp"),
    Door.STALL: N_("Quầy phiên chợ"),
    Door.SALEOR: "Saleor",
    Door.MARKETPLACE: N_("Sàn khác"),
}


class Method(StrEnum):
    """How an order is paid."""

    VIETQR = "vietqr"
    COD = "cod"
    CARD = "card"  # this and the following: through a collector's merchant account
    MOMO = "momo"
    VNPAY = "vnpay"
    ZALOPAY = "zalopay"


TRANSITIONS: dict[tuple[State, Event], State] = {
    (State.AWAITING_PROVIDER, Event.PROMISE): State.AWAITING_PAYMENT,
    (State.AWAITING_PROVIDER, Event.PAY): State.TO_PACK,  # its news came before its answer
    (State.AWAITING_PROVIDER, Event.ON_DELIVERY): State.TO_CONFIRM,
    (State.AWAITING_PROVIDER, Event.CANCEL): State.CANCELLED,
    (State.AWAITING_PROVIDER, Event.EXPIRE): State.EXPIRED,
    (State.AWAITING_PAYMENT, Event.SWITCH): State.AWAITING_PROVIDER,
    (State.AWAITING_PAYMENT, Event.ON_DELIVERY): State.TO_CONFIRM,
    (State.AWAITING_PAYMENT, Event.PAY): State.TO_PACK,
    (State.AWAITING_PAYMENT, Event.CANCEL): State.CANCELLED,
    (State.AWAITING_PAYMENT, Event.EXPIRE): State.EXPIRED,
    (State.TO_CONFIRM, Event.CONFIRM): State.TO_PACK,
    (State.TO_CONFIRM, Event.SWITCH): State.AWAITING_PROVIDER,
    (State.TO_CONFIRM, Event.CANCEL): State.CANCELLED,
    (State.TO_PACK, Event.PACK): State.PACKED,
    (State.TO_PACK, Event.CANCEL): State.CANCELLED,
    (State.TO_PACK, Event.UNPAY): State.AWAITING_PAYMENT,
    (State.PACKED, Event.SHIP): State.SHIPPED,
    (State.PACKED, Event.CANCEL): State.CANCELLED,  # by the cooperative only; the goods go to quarantine
    (State.SHIPPED, Event.DELIVER): State.DELIVERED,
    (State.SHIPPED, Event.REFUSE): State.REFUSED,
    (State.SHIPPED, Event.LOSE): State.CANCELLED,
    (
        State.EXPIRED,
        Event.REVIVE,
    ): State.AWAITING_PAYMENT,  # late money, and the goods could be reserved again
}
STAMPS: dict[Event, tuple[str, ...]] = {
    Event.PROMISE: (),
    Event.SWITCH: (),
    Event.ON_DELIVERY: (),
    Event.PAY: ("paid_at",),
    Event.CONFIRM: ("confirmed_at",),
    Event.PACK: ("packed_at",),
    Event.SHIP: ("shipped_at",),
    Event.DELIVER: ("delivered_at", "closed_at"),
    Event.REFUSE: ("closed_at",),
    Event.LOSE: ("closed_at",),
    Event.CANCEL: ("closed_at",),
    Event.EXPIRE: ("closed_at",),
    Event.REVIVE: (),
    Event.UNPAY: (),
}
COLLECTED = frozenset(
    {Method.CARD, Method.MOMO, Method.VNPAY, Method.ZALOPAY}
)  # by a collector, through a provider
FIRST_STATE = {Method.VIETQR: State.AWAITING_PAYMENT, Method.COD: State.TO_CONFIRM} | dict.fromkeys(
    COLLECTED, State.AWAITING_PROVIDER
)
UNPAID = frozenset({State.AWAITING_PROVIDER, State.AWAITING_PAYMENT})
CHANGEABLE = UNPAID | {State.TO_CONFIRM}  # the buyer may still choose how to pay
CLOSED = frozenset({State.DELIVERED, State.REFUSED, State.CANCELLED, State.EXPIRED})
OPEN = frozenset(State) - CLOSED
BEFORE_PACKING = UNPAID | {State.TO_CONFIRM, State.TO_PACK}

STATE_TEXT: dict[State, str] = {
    State.AWAITING_PROVIDER: N_("Đang nối bên thanh toán"),
    State.AWAITING_PAYMENT: N_("Chờ trả tiền"),
    State.TO_CONFIRM: N_("Chờ xác nhận"),
    State.TO_PACK: N_("Chờ gói"),
    State.PACKED: N_("Đã gói"),
    State.SHIPPED: N_("Đang trên đường"),
    State.DELIVERED: N_("Đã tới tay"),
    State.REFUSED: N_("Không nhận, hàng quay về"),
    State.CANCELLED: N_("Đã huỷ"),
    State.EXPIRED: N_("Hết giờ giữ hàng"),
}
METHOD_TEXT: dict[Method, str] = {
    Method.VIETQR: N_("Chuyển khoản VietQR"),
    Method.COD: N_("Trả tiền khi nhận hàng"),
    Method.CARD: N_("Thẻ quốc tế"),
    Method.MOMO: N_("Ví MoMo"),
    Method.VNPAY: N_("VNPay"),
    Method.ZALOPAY: N_("Ví ZaloPay"),
}
# doors whose buyers pay where they bought; those of a Saleor shop may also pay here by transfer
PAID_THERE_TEXT: dict[Door, str] = {
    Door.SALEOR: N_("Trả ở cửa hàng Saleor, hoặc chuyển khoản"),
    Door.MARKETPLACE: N_("Trả ở sàn"),
}


def paying_text(method: str, door: str) -> str:
    """How an order is paid, a message id.

    >>> paying_text("vietqr", "web"), paying_text("vietqr", "marketplace")
    ('Chuyển khoản VietQR', 'Trả ở sàn')
    """
    return PAID_THERE_TEXT.get(Door(door)) or METHOD_TEXT[Method(method)]


def after(state: State, event: Event) -> State:
    """The state after an event. Raises Conflict when the table does not have the pair."""
    found = TRANSITIONS.get((State(state), Event(event)))
    if found is None:
        raise Conflict(
            N_("Đơn đã đổi trạng thái, việc này không làm được nữa."),
            remedy=N_("Mở lại đơn để xem đơn đang ở bước nào."),
        )
    return found


def allowed(state: str, event: str) -> bool:
    """Whether an event may happen in a state."""
    return (State(state), Event(event)) in TRANSITIONS


def buyer_may_cancel(state: str) -> bool:
    """A buyer cancels alone until the goods are packed; from then on the cooperative does."""
    return State(state) in BEFORE_PACKING


def check_quantity(quantity: int, *, field: str = "quantity") -> int:
    """A quantity of packs, 1 to 999. Returns it, or raises Invalid."""
    if not 1 <= quantity <= QUANTITY_MAX:
        raise Invalid(
            N_("Số lượng phải từ 1 đến %(most)s."),
            remedy=N_("Cần nhiều hơn thì gọi hợp tác xã."),
            field=field,
            most=QUANTITY_MAX,
        )
    return quantity


def parse_quantity(typed: str) -> int:
    """A typed quantity, 0 to 999 (0 removes). Raises Invalid for anything else: signs, words, decimals, giants."""
    bare = typed.strip()
    if not re.fullmatch(r"[0-9]{1,4}", bare):
        raise Invalid(
            N_("Chưa đọc được số lượng “%(typed)s”."),
            remedy=N_("Viết số từ 1 đến 999."),
            field="quantity",
            typed=bare[:20],
        )
    return check_quantity(int(bare)) if int(bare) else 0


# --- order codes: CP, five characters, a check character. 31 signs, a prime, without 0 O 1 I L.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
CODES = len(ALPHABET) ** 5


def _check_sign(body: str) -> str:
    """The sixth sign: with weights 1 to 6 all six sum to 0 modulo 31."""
    total = sum((place + 1) * ALPHABET.index(sign) for place, sign in enumerate(body))
    return ALPHABET[5 * total % len(ALPHABET)]


def code_of(number: int) -> str:
    """The order code of a number below 31**5; every single wrong sign and every swap of neighbours is detected.

    >>> code_of(0)
    'CP222222'
    """
    if not 0 <= number < CODES:
        raise ValueError("number out of range")
    signs = []
    for _place in range(5):
        number, rest = divmod(number, len(ALPHABET))
        signs.append(ALPHABET[rest])
    body = "".join(reversed(signs))
    return f"CP{body}{_check_sign(body)}"


def is_code(text: str) -> bool:
    """Whether the text is a well-formed order code with a right check character."""
    return bool(re.fullmatch(f"CP[{ALPHABET}]{{6}}", text)) and _check_sign(text[2:7]) == text[7]


def read_code(typed: str) -> str:
    """An order code as a person types it (lower case, spaces, hyphens). Raises Invalid when it cannot be one."""
    bare = re.sub(r"[\s.\-#]", "", typed).upper()
    if not is_code(bare):
        raise Invalid(
            N_("Mã đơn “%(typed)s” chưa đúng."),
            remedy=N_("Mã có 8 chữ và số, bắt đầu bằng CP. Xem lại tin nhắn lúc đặt."),
            field="code", typed=typed.strip()[:20],
        )  # fmt: skip
    return bare


def codes_in(text: str) -> list[str]:
    """Every order code in a bank transfer's content, in order, once each; banks add words and change case."""
    found = re.findall(f"(?=(CP[{ALPHABET}]{{6}}))", re.sub(r"[\s.\-_/]", "", text).upper())
    return list(dict.fromkeys(code for code in found if is_code(code)))


def lot_code_of(scanned: str) -> str:
    """The lot code in what was typed or scanned: the code itself, or a label's address `…/01/<gtin>/10/<lot>`.

    >>> lot_code_of("HTTPS://EXAMPLE.VN/01/02000000000008/10/MD-2610-19")
    'MD-2610-19'
    """
    found, typed = understand(scanned), scanned.strip().upper()
    sure = found is not None and (
        found.gtin or len(typed.split()) == 1
    )  # words alone are a code as it was typed
    return found.lot if found and found.lot and sure else typed


# Where a carrier shows a parcel's way. Editable data: seen on the carriers' sites in the past, not verified by us.
CARRIERS: dict[str, str] = {
    "Bưu điện (VNPost)": "https://www.vnpost.vn/vi-vn/dinh-vi/buu-pham?key={number}",
    "Viettel Post": "https://viettelpost.vn/thong-tin-don-hang?peopleTracking=sender&orderNumber={number}",
    "GHN": "https://donhang.ghn.vn/?order_code={number}",
    "GHTK": "https://i.ghtk.vn/{number}",
    "J&T Express": "https://jtexpress.vn/vi/tracking?type=track&billcode={number}",
    "Nhà xe": "",
    "Tự đưa": "",
}


def carrier_link(carrier: str, number: str) -> str:
    """Where to follow a parcel; empty when the carrier or the number is not of that kind."""
    pattern = CARRIERS.get(carrier, "")
    return pattern.format(number=number) if pattern and re.fullmatch(r"[A-Za-z0-9-]{4,40}", number) else ""


def mask_phone(phone: str) -> str:
    """A number that its owner recognises and nobody else can call.

    >>> mask_phone("+84912345678")
    '0912 *** 678'
    """
    local = "0" + phone.removeprefix("+84") if phone.startswith("+84") else phone
    return f"{local[:4]} *** {local[-3:]}"


def local_phone(phone: str) -> str:
    """A Vietnamese number as people write it; others as they are.

    >>> local_phone("+84912345678")
    '0912 345 678'
    """
    if not phone.startswith("+84"):
        return phone
    local = "0" + phone.removeprefix("+84")
    return f"{local[:4]} {local[4:7]} {local[7:]}"


def mask_name(name: str) -> str:
    """The given name alone, as far as Vietnamese names go: 'Đỗ Minh Mẫu' → '… Mẫu'."""
    words = name.split()
    return f"… {words[-1]}" if len(words) > 1 else name[:1] + "…"
