"""The packs of the form: amounts as people say them become whole grams, millilitres or pieces."""

from typing import Any

from accounts.access import actor
from catalog import operations, queries
from catalog.forms import ProductForm
from catalog.measures.rules import Measure, read_measure
from catalog.models import Product
from catalog.public import unit_price_text
from catalog.rules import Unit, unit_price
from catalog.weighed.forms import by_weight, keep_weighed
from core.errors import Invalid
from core.i18n import N_


def keep_pack(form: ProductForm, row: int, product_id: int) -> None:
    """One row of packs; a refusal is named after the row's own field. An empty row is nothing."""
    pack = {name: field.data for name, field in form.pack(row).items()}
    if not (pack["price_vnd"] or pack["net_quantity"] or pack["id"] or pack["price_per_kg_vnd"]):
        return
    try:
        _keep(pack, product_id)
    except Invalid as error:
        field = f"pack{row}_{error.field}" if f"pack{row}_{error.field}" in form else error.field
        raise Invalid(error.message, remedy=error.remedy, field=field, **error.params) from error


def measure_of(pack: dict[str, Any]) -> Measure:
    """The amount that was typed, with the unit chosen beside it. Raises Invalid at net_quantity."""
    word = "cái" if pack["net_unit"] == Unit.PIECE else str(pack["net_unit"] or "")
    return read_measure(str(pack["net_quantity"] or ""), word)


def _keep(pack: dict[str, Any], product_id: int) -> None:
    known = {str(one.id): one for one in queries.packs(product_id)}.get(str(pack["id"]))
    if by_weight(known, pack):
        keep_weighed(actor(), product_id, known, pack)
        return
    if pack["price_vnd"] is None:
        raise Invalid(N_("Ghi giá bán, ví dụ 65000."), field="price_vnd")
    if known is None:
        said = measure_of(pack)
        operations.add_pack(
            actor(), product_id, label=pack["label"] or said.label, net_quantity=said.quantity, net_unit=said.unit,
            price_vnd=pack["price_vnd"], gross_weight_g=pack["gross_weight_g"], gtin=pack["gtin"] or "",
        )  # fmt: skip
    elif pack["retire"]:
        operations.retire_pack(actor(), known.id)
    else:
        operations.edit_pack(
            actor(), known.id, label=pack["label"] or known.label, gross_weight_g=pack["gross_weight_g"],
            price_vnd=pack["price_vnd"],
        )  # fmt: skip
        if pack["gtin"] and pack["gtin"] != known.gtin[1:]:
            operations.set_gtin(actor(), known.id, pack["gtin"])


def unit_prices(product: Product | None) -> dict[str, str]:
    """By pack id, as text: what the price comes to by kilogram, litre or piece; packs without one are left out."""
    packs = queries.packs(product.id) if product else []
    said = {
        str(one.id): unit_price_text(unit_price(one.price_vnd, one.net_quantity, one.net_unit))
        for one in packs
        if one.price_per_kg_vnd is None
    }
    return {pack_id: text for pack_id, text in said.items() if text}
