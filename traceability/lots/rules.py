"""Codes of lots, and what packing takes from bulk."""

import re
from datetime import date, timedelta

from core.errors import Invalid
from core.i18n import N_
from core.text import fold
from traceability.batches.rules import kilograms
from traceability.rules import LotEvent, LotState, lot_after

CODE = re.compile(r"[0-9A-Z-]{1,20}")


def code_prefix(product_name: str) -> str:
    """Two to four letters from the first words of a name, marks off.

    >>> code_prefix("Miến dong Na Rì"), code_prefix("Chè")
    ('MDNR', 'CHE')
    """
    words = re.findall(r"[a-z0-9]+", fold(product_name))
    letters = "".join(word[0] for word in words[:4]) if len(words) > 1 else "".join(words)[:3]
    return letters.upper() if len(letters) > 1 else f"L{letters.upper()}"


def lot_code(prefix: str, made_on: date, count: int) -> str:
    """MD-2611-04: what, when, which; at most 20 of 0-9 A-Z and hyphen, for GS1 AI 10 and a small QR.

    >>> lot_code("MD", date(2026, 11, 22), 4)
    'MD-2611-04'
    """
    code = f"{prefix}-{made_on:%y%m}-{count:02}"
    if not CODE.fullmatch(code):
        raise ValueError(code)
    return code


def pack_mass_g(net_quantity: int, net_unit: str, density_g_per_l: int | None) -> int | None:
    """What one pack takes from bulk, in grams rounded up; None where it cannot be said.

    Grams are grams. Millilitres weigh by the recipe's density; without one, and for single pieces, packing counts
    pieces and takes no mass, so bulk of such a lot is not reckoned (a woven scarf has no bulk).

    >>> pack_mass_g(10, "ml", 900), pack_mass_g(10, "ml", None)
    (9, None)
    """
    if net_unit == "g":
        return net_quantity
    if net_unit == "ml" and density_g_per_l is not None:
        return -(-net_quantity * density_g_per_l // 1000)
    return None


def check_mass(quantity: int, pack_g: int | None, bulk_g: int, *, weighed: bool = False) -> int:
    """Grams that packing takes. Raises Invalid, saying how many packs the bulk is enough for.

    weighed: `quantity` is the grams themselves, of goods that are weighed piece by piece when they are ordered.
    """
    if pack_g is None:
        return 0
    if weighed and quantity > bulk_g:
        raise Invalid(
            N_("Lô chỉ còn %(bulk)s kg chưa đóng."), remedy=N_("Ghi nhiều nhất số ấy, hoặc cân lại thành phẩm."),
            field="weight_g", bulk=kilograms(bulk_g),
        )  # fmt: skip
    if quantity * pack_g > bulk_g:
        raise Invalid(
            N_("Lô còn %(bulk)s kg chưa đóng, chỉ đủ %(most)s gói."), remedy=N_("Bớt số gói, hoặc cân lại thành phẩm."),
            field="quantity", bulk=kilograms(bulk_g), most=bulk_g // pack_g,
        )  # fmt: skip
    return quantity * pack_g


def expiry(made_on: date, expires_on: date | None, shelf_life_days: int | None) -> date | None:
    """The stated expiry, else made day plus shelf life; None for goods that do not spoil. Raises Invalid if before."""
    if expires_on is None:
        return None if shelf_life_days is None else made_on + timedelta(days=shelf_life_days)
    if expires_on < made_on:
        raise Invalid(N_("Hạn dùng phải sau ngày làm."), remedy=N_("Xem lại năm."), field="expires_on")
    return expires_on


def next_state(code: str, state: str, event: LotEvent) -> LotState:
    """The state after an event. Raises Invalid where it is refused."""
    after = lot_after(LotState(state), event)
    if after is None:
        raise Invalid(
            N_("Lô %(code)s không còn mở nên không làm được việc này."),
            remedy=N_("Xem trạng thái lô."),
            code=code,
        )
    return after
