"""What the law asks of a kind of goods, and the substances that make people ill."""

from dataclasses import dataclass

from catalog.rules import Kind
from core.i18n import N_

NONE = "none"
ALLERGENS: dict[str, str] = {
    "gluten": N_("Lúa mì, bột mì (gluten)"),
    "crustaceans": N_("Tôm, cua"),
    "eggs": N_("Trứng"),
    "fish": N_("Cá"),
    "peanuts": N_("Lạc (đậu phộng)"),
    "soy": N_("Đậu nành"),
    "milk": N_("Sữa"),
    "nuts": N_("Các loại hạt (điều, mắc ca, óc chó…)"),
    "celery": N_("Cần tây"),
    "mustard": N_("Mù tạt"),
    "sesame": N_("Vừng (mè)"),
    "sulphites": N_("Sulfit (lưu huỳnh giữ màu)"),
    "lupin": N_("Đậu lupin"),
    "molluscs": N_("Ốc, mực, nghêu"),
}
"""The fourteen of Annex II to Regulation (EU) 1169/2011; the Codex list (CXS 1-1985, 2024) lies within them."""

ASKED: dict[Kind, tuple[str, ...]] = {
    Kind.FOOD: (
        "ingredients",
        "storage",
        "shelf_life_days",
        "usage",
        "warning",
        "allergens",
        "harvest_months",
    ),
    Kind.HEALTH_FOOD: ("ingredients", "storage", "shelf_life_days", "usage", "warning", "allergens"),
    Kind.COSMETIC: ("ingredients", "usage", "storage", "shelf_life_days", "warning", "notification_number"),
    Kind.ROOM_SCENT: ("ingredients", "usage", "storage", "warning"),
    Kind.CRAFT: ("ingredients", "usage", "storage"),
}
"""The fields of a kind's label (Decree 37/2026 on labels; its article numbers were not read), in the form's order."""

FACT_FIELDS = (
    "ingredients", "usage", "storage", "shelf_life_days", "allergens", "warning", "notification_number",
    "harvest_months",
)  # fmt: skip


@dataclass(frozen=True)
class Template:
    """What a category usually says. Texts are proposals: the manager reads and changes them before the sale.

    asks: the fields of the label; unit, units: words of `catalog.measures`; allergens: codes, 'none', or empty.
    """

    kind: Kind
    asks: tuple[str, ...]
    unit: str
    units: tuple[str, ...]
    amount: str
    shelf_life_days: int | None
    ingredients: str
    usage: str
    storage: str
    warning: str
    allergens: str

    @property
    def texts(self) -> dict[str, str | int]:
        """The fields that can be prefilled, without the empty ones."""
        told = {
            "ingredients": self.ingredients, "usage": self.usage, "storage": self.storage, "warning": self.warning,
            "shelf_life_days": self.shelf_life_days or "", "allergens": self.allergens,
        }  # fmt: skip
        return {name: value for name, value in told.items() if value and name in self.asks}


def codes_of(stored: str) -> list[str]:
    """Allergen codes from the stored text.

    >>> codes_of("milk,gluten"), codes_of("")
    (['milk', 'gluten'], [])
    """
    return [code for code in stored.split(",") if code]


def known_allergens(stored: str) -> bool:
    """Whether a stored text holds known codes alone, each once, and 'none' only by itself."""
    codes = codes_of(stored)
    if NONE in codes:
        return codes == [NONE]
    return len(set(codes)) == len(codes) and all(code in ALLERGENS for code in codes)


def stored_allergens(chosen: list[str]) -> str:
    """What is stored for the chosen codes, in the list's order; 'none' gives way to anything that was named.

    >>> stored_allergens(["soy", "milk", "none"]), stored_allergens(["none"]), stored_allergens([])
    ('soy,milk', 'none', '')
    """
    named = [code for code in ALLERGENS if code in chosen]
    return ",".join(named) or (NONE if NONE in chosen else "")
