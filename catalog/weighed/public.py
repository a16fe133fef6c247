"""What a buyer reads of goods that are weighed at packing, in one sentence, the same on every page."""

from typing import Any

from catalog.weighed.rules import Band
from core.format import NBSP, number, vnd, weight
from core.i18n import _


def band_of(row: Any) -> Band | None:
    """The band of a pack, or of a row with its columns; None for goods in fixed packs."""
    if row.price_per_kg_vnd is None:
        return None
    return Band(row.price_per_kg_vnd, row.piece_min_g, row.net_quantity, row.piece_word or "cái")


def span_text(min_g: int, max_g: int) -> str:
    """1,2–1,6 kg; 400–600 g; 1,5 kg where both are the same."""
    if min_g == max_g:
        return weight(max_g)
    if max_g < 1000:
        return f"{number(min_g)}–{number(max_g)}{NBSP}g"
    return f"{number(_kilograms(min_g))}–{number(_kilograms(max_g))}{NBSP}kg"


def _kilograms(grams: int) -> int | float:
    return grams // 1000 if grams % 1000 == 0 else round(grams / 1000, 3)


def piece_text(band: Band) -> str:
    """mỗi con 1,2–1,6 kg"""
    return _("mỗi %(word)s %(span)s", word=_(band.word), span=span_text(band.min_g, band.max_g))


def rate_text(band: Band) -> str:
    """120.000 đ/kg"""
    return _("%(price)s/kg", price=vnd(band.price_per_kg_vnd))


def terms_text(band: Band) -> str:
    """Giá 120.000 đ/kg, mỗi con 1,2–1,6 kg, trả trước 192.000 đ, phần thừa hoàn lại khi đóng gói."""
    return _(
        "Giá %(rate)s, %(piece)s, trả trước %(prepaid)s, phần thừa hoàn lại khi đóng gói.",
        rate=rate_text(band), piece=piece_text(band), prepaid=vnd(band.prepaid_vnd),
    )  # fmt: skip


def label_of(band: Band) -> str:
    """The pack's name on label and order, as it is kept: 'Con 1,2–1,6 kg'. Vietnamese numbers whatever the reader's."""
    low, high = (f"{grams / 1000:g}".replace(".", ",") for grams in (band.min_g, band.max_g))
    span = f"{low} kg" if low == high else f"{low}–{high} kg"
    return f"{band.word.capitalize()} {span}"
