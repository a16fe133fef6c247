"""What may be sold and how it is numbered: states, missing things, barcodes, unit prices. Pure functions."""

import re
from dataclasses import dataclass
from enum import StrEnum

from catalog.moderation.rules import claims, forbidden_goods
from core.errors import Invalid
from core.i18n import N_
from core.text import fold

STORY_MIN_CHARS, STORY_MAX_CHARS = 80, 5_000
NAME_MAX_CHARS = 120
FACT_MAX_CHARS = 1_000
PHOTOS_MAX = 8
PACKS_MAX = 8
PHOTO_MAX_BYTES = 16 * 1024 * 1024
PIXELS_MAX = 50_000_000


class State(StrEnum):
    """Where a product stands."""

    DRAFT = "draft"
    HELD = "held"  # published text needs a person's look first
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


class Event(StrEnum):
    """What may happen to a product."""

    PUBLISH = "publish"
    HOLD = "hold"
    APPROVE = "approve"
    REJECT = "reject"
    WITHDRAW = "withdraw"


TRANSITIONS: dict[tuple[State, Event], State] = {
    (State.DRAFT, Event.PUBLISH): State.PUBLISHED,
    (State.DRAFT, Event.HOLD): State.HELD,
    (State.HELD, Event.PUBLISH): State.PUBLISHED,
    (State.HELD, Event.HOLD): State.HELD,
    (State.HELD, Event.APPROVE): State.PUBLISHED,
    (State.HELD, Event.REJECT): State.DRAFT,
    (State.HELD, Event.WITHDRAW): State.WITHDRAWN,
    (State.PUBLISHED, Event.HOLD): State.HELD,
    (State.PUBLISHED, Event.WITHDRAW): State.WITHDRAWN,
    (State.WITHDRAWN, Event.PUBLISH): State.PUBLISHED,
    (State.WITHDRAWN, Event.HOLD): State.HELD,
}


class Kind(StrEnum):
    """What the law asks of a category: each kind has its own compulsory facts (Decree 37/2026 on labels)."""

    FOOD = "food"
    HEALTH_FOOD = "health_food"
    ROOM_SCENT = "room_scent"
    COSMETIC = "cosmetic"
    CRAFT = "craft"


class Unit(StrEnum):
    """In what a pack's net quantity is counted."""

    GRAM = "g"
    MILLILITRE = "ml"
    PIECE = "piece"


class GtinKind(StrEnum):
    """Whose number a pack carries."""

    OWN = "own"
    RESTRICTED = "restricted"


class PhotoState(StrEnum):
    """Where a photo stands."""

    PENDING = "pending"
    READY = "ready"
    FAILED = "failed"


class CertificateKind(StrEnum):
    """What a certificate attests."""

    OCOP = "ocop"
    FOOD_SAFETY = "food_safety"
    ORGANIC = "organic"
    VIETGAP = "vietgap"
    TEST_REPORT = "test_report"
    COSMETIC_NOTIFICATION = "cosmetic_notification"
    GEOGRAPHIC = "geographic"
    GROWING_AREA = "growing_area"
    PACKING_HOUSE = "packing_house"
    OTHER = "other"


CERTIFICATE_NAMES: dict[CertificateKind, str] = {
    CertificateKind.OCOP: N_("Chứng nhận OCOP"),
    CertificateKind.FOOD_SAFETY: N_("Đủ điều kiện an toàn thực phẩm"),
    CertificateKind.ORGANIC: N_("Chứng nhận hữu cơ"),
    CertificateKind.VIETGAP: N_("Chứng nhận VietGAP"),
    CertificateKind.TEST_REPORT: N_("Phiếu kiểm nghiệm"),
    CertificateKind.COSMETIC_NOTIFICATION: N_("Phiếu công bố mỹ phẩm"),
    CertificateKind.GEOGRAPHIC: N_("Chỉ dẫn địa lý, nhãn hiệu tập thể"),
    CertificateKind.GROWING_AREA: N_("Mã số vùng trồng"),
    CertificateKind.PACKING_HOUSE: N_("Mã số cơ sở đóng gói"),
    CertificateKind.OTHER: N_("Giấy tờ khác"),
}


def next_state(state: State, event: Event) -> State:
    """The state after an event. Raises Invalid when it may not happen."""
    found = TRANSITIONS.get((state, event))
    if found is None:
        raise Invalid(
            N_("Món này đang ở bước khác nên chưa làm được việc đó."), remedy=N_("Mở lại trang để xem.")
        )
    return found


# ---- barcodes (GS1 General Specifications, check digits; section 1.4 restricted circulation) ----


def check_digit(body: str) -> int:
    """The last digit of a GTIN, SSCC or GLN from the digits before it: weights 3 and 1 from the right.

    >>> check_digit("200000000001")
    5
    """
    return -sum(int(digit) * (3 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(body))) % 10


def is_gtin(text: str) -> bool:
    """Whether the text is a GTIN-8, -12, -13 or -14 with a right check digit."""
    return bool(re.fullmatch(r"\d{8}|\d{12,14}", text, re.ASCII)) and check_digit(text[:-1]) == int(text[-1])


def restricted_gtin(number: int) -> str:
    """The platform's own number for restricted circulation (prefix 20), 14 digits. Resolves only at our host.

    >>> restricted_gtin(1)
    '02000000000015'
    """
    if not 0 < number < 10**10:
        raise ValueError(f"restricted numbers run from 1 to 9,999,999,999, not {number}")
    body = f"20{number:010d}"
    return f"0{body}{check_digit(body)}"


def is_restricted(gtin14: str) -> bool:
    """Whether a 14-digit number lies in the restricted prefixes 20–29."""
    return len(gtin14) == 14 and gtin14.startswith("02")


def ean13(gtin14: str) -> str:
    """The number as it is printed under the bars: 13 digits."""
    return gtin14[1:] if gtin14.startswith("0") else gtin14


def check_gtin(typed: str, gs1_prefix: str | None, *, field: str = "gtin") -> str:
    """A barcode as a manager types it, as 14 digits.

    Its check digit must be right, and it must start with the cooperative's own GS1 prefix: a number licensed to
    somebody else is never put on these goods. Raises Invalid, saying which digit was expected.
    """
    digits = re.sub(r"[\s-]", "", typed)
    if not re.fullmatch(r"\d{13}", digits, re.ASCII):
        raise Invalid(N_("Mã vạch cần đúng 13 chữ số."), remedy=N_("Chép dãy số dưới các vạch."), field=field)
    if not is_gtin(digits):
        raise Invalid(
            N_("Số cuối của mã vạch chưa khớp: theo 12 số đầu thì phải là %(digit)s."),
            remedy=N_("Xem lại từng số."), field=field, digit=check_digit(digits[:-1]),
        )  # fmt: skip
    if digits.startswith("2"):
        raise Invalid(
            N_("Mã bắt đầu bằng 2 do chợ cấp, không tự điền được."),
            remedy=N_("Để trống ô này, chợ cấp số khi lưu."), field=field,
        )  # fmt: skip
    if not gs1_prefix or not digits.startswith(gs1_prefix):
        raise Invalid(
            N_("Mã vạch này không thuộc mã doanh nghiệp GS1 của hợp tác xã."),
            remedy=N_("Để trống, chợ cấp số dùng nội bộ. Có mã GS1 thì gửi giấy chứng nhận cho chợ."), field=field,
        )  # fmt: skip
    return f"0{digits}"


# ---- unit price ----


@dataclass(frozen=True)
class UnitPrice:
    """A price by measure, so that packs compare: đồng for `per` (kg, 100 g, lít, 100 ml or cái)."""

    amount_vnd: int
    per: str


def unit_price(price_vnd: int, net_quantity: int, net_unit: str) -> UnitPrice | None:
    """Price per kilogram or litre; per 100 for packs up to 100 g or ml; None for single pieces. Rounded half up.

    >>> unit_price(55_000, 500, "g")
    UnitPrice(amount_vnd=110000, per='kg')
    """
    if net_quantity <= 0 or (net_unit == Unit.PIECE and net_quantity == 1):
        return None
    if net_unit == Unit.PIECE:
        base, per = 1, N_("cái")
    elif net_quantity <= 100:
        base, per = 100, "100 g" if net_unit == Unit.GRAM else "100 ml"
    else:
        base, per = 1000, "kg" if net_unit == Unit.GRAM else N_("lít")
    return UnitPrice((2 * price_vnd * base + net_quantity) // (2 * net_quantity), per)


# ---- what is missing before a product may be shown ----


@dataclass(frozen=True)
class Facts:
    """What publishing is judged by."""

    name: str = ""
    kind: Kind | None = None
    story: str = ""
    ingredients: str = ""
    storage: str = ""
    usage: str = ""
    warning: str = ""
    shelf_life_days: int | None = None
    notification_number: str = ""
    has_origin: bool = False
    ready_photos: int = 0
    pending_photos: int = 0
    priced_packs: int = 0
    numbered_packs: int = 0
    awaits_owner: bool = False


@dataclass(frozen=True)
class Missing:
    """One thing to do before publishing: what, and the place in the form where it is done."""

    text: str
    anchor: str


NOT_MEDICINE = "Thực phẩm này không phải là thuốc"
_ALCOHOL = re.compile(r"\b(rượu|bia|vodka|whisky|brandy|cocktail|ruou)\b", re.IGNORECASE)
_MEDICINE = ("chữa", "điều trị", "đặc trị")
_HARMLESS = (
    "không có tác dụng thay thế thuốc chữa bệnh", "không thay thế thuốc chữa bệnh", "không dùng để chữa bệnh",
    "không chữa bệnh", "sửa chữa", "chữa cháy",
)  # fmt: skip


def names_alcohol(name: str) -> bool:
    """Whether a name says that the goods are alcohol; the market sells none."""
    return bool(_ALCOHOL.search(name))


def medicine_words(text: str) -> list[str]:
    """Words that promise a cure, forbidden in texts of food and oils (Vietnamese advertising rules), each once."""
    plain = text.casefold()
    for phrase in _HARMLESS:
        plain = plain.replace(phrase, " ")
    return [word for word in _MEDICINE if re.search(rf"\b{word}\b", plain)]


def hits(facts: Facts) -> list[str]:
    """Words that a person must look at before the product is shown: promises of a cure (craft may speak of mending),
    claims that nobody may make, goods that the market never sells named in the text."""
    text = " ".join((facts.name, facts.story, facts.usage, facts.ingredients, facts.warning))
    cures = [] if facts.kind is Kind.CRAFT else medicine_words(text)
    return cures + claims(text) + forbidden_goods(text)


def _missing_words(facts: Facts) -> list[Missing]:
    found = []
    if not facts.name:
        found.append(Missing(N_("Tên hàng"), "name"))
    elif names_alcohol(facts.name):
        found.append(Missing(N_("Chợ không bán rượu, bia: đổi món khác"), "name"))
    elif forbidden_goods(facts.name):
        found.append(Missing(N_("Chợ không bán món này: hàng cấm hoặc cần giấy phép riêng"), "name"))
    if facts.kind is None:
        found.append(Missing(N_("Chọn loại hàng"), "category_id"))
    if len(facts.story) < STORY_MIN_CHARS:
        found.append(Missing(N_("Kể về món này, ít nhất hai câu"), "story"))
    if not facts.has_origin:
        found.append(Missing(N_("Chọn xã làm ra món này"), "origin"))
    return found


def _missing_by_kind(facts: Facts) -> list[Missing]:
    """What the label rules ask of this kind of goods."""
    found = []
    if facts.kind in (Kind.FOOD, Kind.HEALTH_FOOD, Kind.COSMETIC, Kind.ROOM_SCENT) and not facts.ingredients:
        found.append(Missing(N_("Ghi thành phần, nhiều trước ít sau"), "ingredients"))
    if facts.kind in (Kind.FOOD, Kind.HEALTH_FOOD, Kind.COSMETIC):
        if not facts.storage:
            found.append(Missing(N_("Ghi cách giữ hàng cho tốt"), "storage"))
        if not facts.shelf_life_days:
            found.append(Missing(N_("Ghi dùng được bao nhiêu ngày"), "shelf_life_days"))
    if facts.kind is Kind.COSMETIC and not facts.notification_number:
        found.append(Missing(N_("Chép số công bố mỹ phẩm"), "notification_number"))
    if facts.kind is Kind.HEALTH_FOOD and fold(NOT_MEDICINE) not in fold(facts.warning):
        found.append(Missing(N_("Ghi “Thực phẩm này không phải là thuốc…” vào ô Lưu ý"), "warning"))
    return found


def missing(facts: Facts) -> list[Missing]:
    """Everything that keeps a product from being shown, in the order of the form; empty when it may be published."""
    found = []
    if not facts.ready_photos:
        pending = N_("Ảnh đang xử lý, chờ chừng một phút")
        found.append(Missing(pending if facts.pending_photos else N_("Thêm một ảnh rõ"), "photos"))
    found += _missing_words(facts)
    if not facts.priced_packs:
        found.append(Missing(N_("Ghi lượng và giá của một quy cách"), "packs"))
    elif not facts.numbered_packs:
        found.append(Missing(N_("Ghi mã vạch của quy cách"), "packs"))
    if facts.awaits_owner:
        found.append(Missing(N_("Chủ hàng xác nhận phần người khác điền giúp"), "confirm"))
    return found + _missing_by_kind(facts)


def only_waits(facts: Facts) -> bool:
    """Whether nothing is missing but a photo that is on its way."""
    return bool(facts.pending_photos) and [one.anchor for one in missing(facts)] == ["photos"]


def quality_steps(facts: Facts) -> int:
    """How good the listing is, in steps of ten from 0 to 10: what is compulsory weighs most, good pictures and
    a told story fill the rest."""
    lacking = len(missing(facts))
    compulsory = max(0, 7 - lacking)
    extras = (facts.ready_photos >= 3) + (len(facts.story) >= 300) + bool(facts.usage)
    return compulsory + extras


def check_story(text: str) -> str:
    """A story within the stated limit. Raises Invalid saying how much is too much; nothing is cut off."""
    if len(text) > STORY_MAX_CHARS:
        raise Invalid(
            N_("Bài kể dài %(length)s chữ, nhiều nhất là %(most)s."),
            remedy=N_("Bớt lại, giữ những câu hay nhất."), field="story", length=len(text), most=STORY_MAX_CHARS,
        )  # fmt: skip
    return text


def is_valid_on(valid_from: object, valid_to: object, day: object) -> bool:
    """Whether a certificate holds on a day; an open end holds on."""
    return valid_from <= day and (valid_to is None or day <= valid_to)  # type: ignore[operator]
