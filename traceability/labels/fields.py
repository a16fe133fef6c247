"""Which words the law wants on a label, by kind of goods, and which of them are still missing. Pure.

From Decree 37/2026 (it replaces 43/2017); its article numbers were not read, so the table is data, to be checked by a
person before the first real print. `WHERE` says on which page a missing word is filled in.
"""

from dataclasses import dataclass

from catalog.rules import NOT_MEDICINE, Kind
from core.i18n import N_
from core.text import fold
from traceability.labels.rules import Content

VERIFIED = False
ALL_GOODS = ("name", "cooperative", "address", "net")
ASKED: dict[Kind, tuple[str, ...]] = {
    Kind.FOOD: (*ALL_GOODS, "ingredients", "made_on", "expires_on", "usage", "storage"),
    Kind.HEALTH_FOOD: (*ALL_GOODS, "ingredients", "made_on", "expires_on", "usage", "storage", "warning"),
    Kind.COSMETIC: (*ALL_GOODS, "ingredients", "lot", "expires_on", "usage", "notification"),
    Kind.ROOM_SCENT: (*ALL_GOODS, "ingredients", "usage"),
    Kind.CRAFT: ALL_GOODS,
}
TEXT: dict[str, str] = {
    "name": N_("Tên hàng"), "cooperative": N_("Tên hợp tác xã chịu trách nhiệm"), "address": N_("Địa chỉ hợp tác xã"),
    "net": N_("Lượng tịnh"), "ingredients": N_("Thành phần, nhiều trước ít sau"), "made_on": N_("Ngày sản xuất"),
    "expires_on": N_("Hạn dùng"), "usage": N_("Cách dùng"), "storage": N_("Cách giữ hàng"), "lot": N_("Số lô"),
    "warning": N_("Câu “Thực phẩm này không phải là thuốc…”"), "notification": N_("Số phiếu công bố mỹ phẩm"),
    "small_print": N_("Phần chữ nhỏ"),
}  # fmt: skip
PRODUCT, COOPERATIVE, LOT = "product", "cooperative", "lot"
WHERE = dict.fromkeys(TEXT, PRODUCT) | {
    "cooperative": COOPERATIVE, "address": COOPERATIVE, "expires_on": LOT, "made_on": LOT, "lot": LOT,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Lacking:
    """A word that the label lacks: its field, its name (a message id), and the page that fills it."""

    field: str
    text: str
    where: str


def lacking(content: Content, kind: Kind) -> list[Lacking]:
    """What the law asks of this kind and the label does not say, in the table's order; empty when it may be printed."""
    return [Lacking(name, TEXT[name], WHERE[name]) for name in ASKED[kind] if not _said(content, name)]


def _said(content: Content, name: str) -> bool:
    if name == "warning":
        return fold(NOT_MEDICINE) in fold(content.warning)
    found = getattr(content, name)
    return bool(found.strip()) if isinstance(found, str) else found is not None
