"""What the form shows beside its fields."""

from dataclasses import dataclass
from typing import Any

from catalog import queries
from catalog.forms import WEIGHED_FIELDS, ProductForm
from catalog.models import Product
from cooperatives.models import Cooperative
from cooperatives.queries import terms_history
from core import clock
from core.i18n import _
from core.money import share_bp
from places.queries import place_name


@dataclass(frozen=True)
class PackRow:
    """One pack of the form: its fields by name, whether it is kept already, and whether somebody began to fill it."""

    fields: dict[str, Any]
    known: bool
    begun: bool
    weighed: bool = False


def pack_rows(form: ProductForm) -> list[PackRow]:
    """The packs of a form, row by row."""
    return [_row(fields) for fields in form.packs]


def _row(fields: dict[str, Any]) -> PackRow:
    typed = tuple(fields[name] for name in ("price_vnd", "net_quantity", "label", "gtin", "price_per_kg_vnd"))
    begun = any(one.data or one.errors or (one.raw_data or [""])[0] for one in typed)
    by_weight = any(
        fields[name].data or fields[name].errors for name in WEIGHED_FIELDS if name != "piece_word"
    )
    return PackRow(fields, bool(fields["id"].data), begun, by_weight)


def story_about(name: str, cooperative: Cooperative, commune_id: int | None) -> str:
    """A first story made of what the market knows to be so: what it is, whose, and where. The manager goes on."""
    place = place_name(commune_id or cooperative.commune_id).full
    return _(
        "%(name)s do bà con %(seller)s ở %(place)s làm ra. Hợp tác xã tự đóng gói và gửi thẳng tới người mua.",
        name=name, seller=cooperative.name, place=place,
    )  # fmt: skip


def share_of(product: Product | None, cooperative: Cooperative) -> tuple[int, int] | None:
    """What the households get of the first pack's price: đồng and per cent."""
    packs = queries.packs(product.id) if product else []
    terms = [one for one in terms_history(cooperative.id) if one.from_on <= clock.today()]
    if not packs or not terms:
        return None
    return share_bp(packs[0].price_vnd, terms[0].producers_bp), terms[0].producers_bp // 100
