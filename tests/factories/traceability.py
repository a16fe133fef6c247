"""Slips, batches and lots for tests, made through the verbs."""

import secrets
from datetime import date, timedelta

from accounts.rules import SYSTEM
from core import clock
from core.db import db, transaction
from traceability import operations
from traceability.lots.rules import pack_mass_g
from traceability.models import Batch, Crop, Lot, Recipe, Slip


def create_crop(name="Củ dong riềng") -> Crop:
    """The crop of this name."""
    with transaction():
        return operations.add_crop(SYSTEM, name)


def create_slip(coop, producer, crop="Củ dong riềng", net_g=40_000, grade="1", *, price_vnd_per_kg=3_500, advance_vnd=0,
                weighed_at=None) -> Slip:  # fmt: skip
    """A slip of a producer with standing, without any money posted."""
    crop_id, producer_id = create_crop(crop).id, producer.id
    with transaction():
        return operations.weigh(SYSTEM, secrets.token_urlsafe(12), producer_id, crop_id, net_g + 500, 500, grade,
                                price_vnd_per_kg, advance_vnd, weighed_at)  # fmt: skip


def create_recipe(coop, name="Miến dong", yield_min_bp=1, yield_max_bp=10_000, **fields) -> Recipe:
    """A recipe with a band so wide that every yield fits; the same one for the same name."""
    coop_id = coop.id
    known = db.session.query(Recipe).filter_by(cooperative_id=coop_id, name=name).one_or_none()
    if known is not None:
        return known
    with transaction():
        return operations.save_recipe(
            SYSTEM, name, yield_min_bp, yield_max_bp, cooperative_id=coop_id, **fields
        )


def open_batch(coop, slips=(), *, made_on=None, recipe=None) -> Batch:
    """An open batch holding all that is left of the slips."""
    recipe_id = (recipe or create_recipe(coop)).id
    slip_ids = [slip.id for slip in slips]
    with transaction():
        batch = operations.open_batch(SYSTEM, secrets.token_urlsafe(12), recipe_id, made_on)
        for slip_id in slip_ids:
            operations.add_slip(SYSTEM, batch.id, slip_id)
        return batch


def create_bulk(coop, product, weight_g, slips=(), *, made_on=None, expires_on=None) -> Lot:
    """A lot of unpacked goods from a closed batch; water makes up the mass that the slips lack."""
    made_on = made_on or min(clock.today(), expires_on - timedelta(days=30) if expires_on else clock.today())
    product_id, of_slips = product.id, sum(slip.net_g for slip in slips)
    batch_id = open_batch(coop, slips, made_on=made_on).id
    with transaction():
        if weight_g > of_slips:
            operations.add_material(SYSTEM, batch_id, "nước", weight_g - of_slips)
        return operations.close_batch(SYSTEM, batch_id, [(product_id, weight_g, made_on, expires_on)])[0]


def create_lot(
    coop, pack, quantity=20, slips=None, expires_on: date | None = None, made_on: date | None = None
) -> Lot:
    """A lot in the store: batch closed, packed. Without `slips` a new producer's is weighed; `[]` means bought goods.

    With a past `made_on` or `expires_on` it is made and packed then.
    """
    if slips is None:
        from tests.factories.cooperatives import create_producer

        slips = [create_slip(coop, create_producer(coop))]
    made_on = made_on or min(clock.today(), expires_on - timedelta(days=30) if expires_on else clock.today())
    pack_id, mass_g = pack.id, pack_mass_g(pack.net_quantity, pack.net_unit, None)
    product = pack_product(pack)
    with clock.use(clock.start_of(made_on) + timedelta(hours=9) if made_on < clock.today() else clock.now()):
        lot_id = create_bulk(
            coop, product, quantity * (mass_g or 10), slips, made_on=made_on, expires_on=expires_on
        ).id
        with transaction():
            operations.pack_lot(SYSTEM, lot_id, pack_id, quantity)
    db.session.expire_all()
    return db.session.get_one(Lot, lot_id)


def pack_product(pack):
    """The product of a pack."""
    from catalog.models import Product

    return db.session.get_one(Product, pack.product_id)
