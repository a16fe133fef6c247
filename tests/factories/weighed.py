"""Goods that are weighed at packing: a pack on sale by the kilogram, so many grams in the store, an order of it."""

from accounts.rules import SYSTEM
from catalog.models import Pack
from catalog.weighed.operations import add_weighed
from catalog.weighed.rules import Band
from core.db import db, transaction
from tests.factories.catalog import create_product
from tests.factories.cooperatives import create_cooperative, create_producer
from tests.factories.traceability import create_bulk, create_slip
from traceability import operations as trace

CHICKEN = Band(120_000, 1_200, 1_600, "con")


def by_weight(grams=16_000, band=CHICKEN, coop=None, *, lots=1, name="Gà đen H'Mông") -> Pack:
    """A pack on sale by weight with so many grams in the store, in so many lots of equal weight (each its producer)."""
    coop = coop or create_cooperative()
    product = create_product(coop, name=name)
    with transaction():
        for pack in list(product.packs):
            pack_id = pack.id
        made = add_weighed(SYSTEM, product.id, band).id
        from catalog.operations import retire_pack

        retire_pack(SYSTEM, pack_id)
    pack = db.session.get_one(Pack, made)
    for _lot in range(lots if grams else 0):
        add_lot(coop, pack, grams // lots)
    db.session.expire_all()
    return db.session.get_one(Pack, made)


def add_lot(coop, pack, grams) -> int:
    """A lot of these goods with so many grams in the store, all of one new producer; its id."""
    pack_id, product = pack.id, pack_product(pack)
    slip = create_slip(coop, create_producer(coop), net_g=grams)
    lot_id = create_bulk(coop, product, grams, [slip]).id
    with transaction():
        trace.pack_lot(SYSTEM, lot_id, pack_id, grams)
    return lot_id


def pack_product(pack):
    """The product of a pack."""
    from catalog.models import Product

    return db.session.get_one(Product, pack.product_id)
