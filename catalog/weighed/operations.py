"""Verbs of packs that are weighed at packing: put one on sale, change its price per kilogram or its band."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import timedelta

from sqlalchemy import select

from accounts.operations import audit
from accounts.rules import Actor
from catalog.history.operations import note
from catalog.history.rules import Deed
from catalog.models import Pack, PriceChange, Product
from catalog.operations import add_pack, after_change, own_product
from catalog.rules import Unit
from catalog.weighed.public import label_of
from catalog.weighed.rules import Band, check_band
from core import clock
from core.db import db
from core.errors import Conflict, Invalid, NotFound
from core.i18n import N_

TERMS = ("price_per_kg_vnd", "piece_min_g", "net_quantity", "price_vnd")


def add_weighed(
    actor: Actor,
    product_id: int,
    band: Band,
    *,
    label: str = "",
    gross_weight_g: int | None = None,
    gtin: str = "",
) -> Pack:
    """Add a pack that is weighed at packing. The same label and band again is the same pack: a double tap adds one.

    Its `price_vnd` is what one piece prepays, its `net_quantity` the top of the band. Raises Invalid for a band that
    cannot be sold by.
    """
    check_band(band)
    same = select(Pack).where(
        Pack.product_id == own_product(actor, product_id).id, Pack.active, Pack.label == (label or label_of(band)),
        Pack.net_quantity == band.max_g, Pack.price_per_kg_vnd.is_not(None),
    )  # fmt: skip
    if (known := db.session.execute(same).scalar_one_or_none()) is not None:
        return change_weighed(actor, known.id, band)
    pack = add_pack(
        actor, product_id, label=label or label_of(band), net_quantity=band.max_g, net_unit=Unit.GRAM,
        price_vnd=band.prepaid_vnd, gross_weight_g=gross_weight_g, gtin=gtin,
    )  # fmt: skip
    if pack.stocked or pack.bundle:
        raise Conflict(
            N_("Đã có quy cách cùng tên, bán theo gói."),
            remedy=N_("Đặt tên quy cách khác, ví dụ Con 1,2–1,6 kg."),
        )
    pack.price_per_kg_vnd, pack.piece_min_g, pack.piece_word = band.price_per_kg_vnd, band.min_g, band.word
    db.session.flush()
    audit(actor, "sell by weight", f"pack:{pack.id}", fields=("price_per_kg_vnd", "piece_min_g"))
    after_change(db.session.get_one(Product, pack.product_id))
    return pack


def change_weighed(actor: Actor, pack_id: int, band: Band) -> Pack:
    """Another price per kilogram, or another band, from now on; orders keep what was agreed.

    Where the top of the band moves, the shelf holds another number of pieces: nothing is offered until the worker has
    counted again, within a minute. Raises NotFound for another's pack and for one that is sold in fixed packs.
    """
    check_band(band)
    pack = own_weighed(actor, pack_id)
    product = own_product(actor, pack.product_id)
    before = {name: getattr(pack, name) for name in TERMS}
    after = {"price_per_kg_vnd": band.price_per_kg_vnd, "piece_min_g": band.min_g, "net_quantity": band.max_g,
             "price_vnd": band.prepaid_vnd}  # fmt: skip
    if before == after and pack.piece_word == band.word:
        return pack
    if before["net_quantity"] != band.max_g:
        _may_have_band(pack, band)
        pack.available_until = clock.today() - timedelta(days=1)
    if pack.label == label_of(_band(pack)):
        pack.label = label_of(band)
    for name, value in after.items():
        setattr(pack, name, value)
    pack.piece_word = band.word
    if before["price_vnd"] != band.prepaid_vnd:
        db.session.add(
            PriceChange(pack_id=pack.id, price_vnd=pack.price_vnd, at=clock.now(), by_user_id=actor.user_id)
        )
    db.session.flush()
    note(actor, product, Deed.PACK, before, after, pack.id)
    audit(actor, "change weighed", f"pack:{pack.id}", fields=tuple(n for n in TERMS if before[n] != after[n]))
    after_change(product)
    return pack


def set_rate(actor: Actor, pack_id: int, price_per_kg_vnd: int) -> Pack:
    """Another price per kilogram; the band stays."""
    band = _band(own_weighed(actor, pack_id))
    return change_weighed(actor, pack_id, Band(**(asdict(band) | {"price_per_kg_vnd": price_per_kg_vnd})))


def own_weighed(actor: Actor, pack_id: int) -> Pack:
    """A pack of the actor's cooperative that is weighed at packing. Raises NotFound for anything else."""
    pack = db.session.get(Pack, pack_id)
    if pack is None or pack.price_per_kg_vnd is None:
        raise NotFound(N_("Không có quy cách cân khi gói này."))
    own_product(actor, pack.product_id)
    return pack


def _band(pack: Pack) -> Band:
    return Band(
        pack.price_per_kg_vnd or 0, pack.piece_min_g or 0, pack.net_quantity, pack.piece_word or "cái"
    )


def band_before(pack: Pack, was: Mapping[str, object]) -> Band:
    """The band as a change found it: its fields (`TERMS`) laid over those of now."""
    now = _band(pack)
    said = {name: int(str(was[name])) for name in TERMS if was.get(name) is not None}
    return Band(
        said.get("price_per_kg_vnd", now.price_per_kg_vnd), said.get("piece_min_g", now.min_g),
        said.get("net_quantity", now.max_g), now.word,
    )  # fmt: skip


def _may_have_band(pack: Pack, band: Band) -> None:
    """Two packs of one product with the same name and weight would be one on a double tap."""
    other = select(Pack.id).where(
        Pack.product_id == pack.product_id, Pack.id != pack.id, Pack.active, Pack.label == label_of(band),
        Pack.net_quantity == band.max_g,
    )  # fmt: skip
    if db.session.execute(other).first() is not None:
        raise Invalid(N_("Đã có quy cách với khoảng cân này."), field="piece_max_g")
