"""The part of the product form that sells by weight: a price per kilogram, the lightest and the heaviest piece."""

from collections.abc import Mapping
from typing import Any

from accounts.rules import Actor
from catalog.models import Pack
from catalog.operations import edit_pack, retire_pack, set_gtin
from catalog.weighed.operations import add_weighed, change_weighed
from catalog.weighed.rules import Band, check_band
from core.errors import Invalid
from core.i18n import N_


def by_weight(known: Pack | None, pack: Mapping[str, Any]) -> bool:
    """Whether a row of the form is weighed at packing: it is kept so, or a price per kilogram was typed.

    Raises Invalid where goods in fixed packs would turn into goods by weight, or both prices were typed.
    """
    if known is not None:
        if known.price_per_kg_vnd is None and pack["price_per_kg_vnd"]:
            raise Invalid(
                N_("Quy cách này bán theo gói, không đổi sang cân khi gói được."),
                remedy=N_("Thêm quy cách mới bán theo cân, rồi thôi bán quy cách này."), field="price_per_kg_vnd",
            )  # fmt: skip
        return known.price_per_kg_vnd is not None
    if pack["price_per_kg_vnd"] and pack["price_vnd"]:
        raise Invalid(
            N_("Ghi một trong hai: giá bán theo gói, hoặc giá một ki-lô."),
            remedy=N_("Cân khi gói thì xoá ô giá bán."), field="price_per_kg_vnd",
        )  # fmt: skip
    return bool(pack["price_per_kg_vnd"])


def keep_weighed(actor: Actor, product_id: int, known: Pack | None, pack: Mapping[str, Any]) -> None:
    """Keep one row: a new pack by weight, another price or band of it, or its end."""
    if known is not None and pack["retire"]:
        retire_pack(actor, known.id)
        return
    band = check_band(
        Band(
            pack["price_per_kg_vnd"] or 0,
            pack["piece_min_g"] or 0,
            pack["piece_max_g"] or 0,
            pack["piece_word"],
        )
    )
    if known is None:
        add_weighed(actor, product_id, band, label=pack["label"] or "", gross_weight_g=pack["gross_weight_g"],
                    gtin=pack["gtin"] or "")  # fmt: skip
        return
    label = known.label if pack["label"] in ("", None, known.label) else pack["label"]
    if (label, pack["gross_weight_g"]) != (known.label, known.gross_weight_g):
        edit_pack(
            actor, known.id, label=label, gross_weight_g=pack["gross_weight_g"], price_vnd=known.price_vnd
        )
    change_weighed(actor, known.id, band)
    if pack["gtin"] and pack["gtin"] != known.gtin[1:]:
        set_gtin(actor, known.id, pack["gtin"])


def shown(pack: Pack) -> dict[str, Any]:
    """The row's values as the form first shows them."""
    if pack.price_per_kg_vnd is None:
        return {}
    return {"price_per_kg_vnd": pack.price_per_kg_vnd, "piece_min_g": pack.piece_min_g,
            "piece_max_g": pack.net_quantity, "piece_word": pack.piece_word or "con", "price_vnd": None}  # fmt: skip
