"""Outings and sales at a stall, for tests."""

import uuid
from datetime import timedelta

from channels.stall import operations, settling
from channels.stall.models import StallOuting, StallSale
from channels.stall.settling import Sent, Sold
from core import clock
from core.db import db, transaction
from orders.rules import Method
from tests.factories.cooperatives import manager_of


def create_outing(coop, carried=(), name="Phiên chợ Bắc Hà") -> StallOuting:
    """An open outing. carried: (lot, pack, packs) each."""
    me, coop_id, commune_id = manager_of(coop), coop.id, coop.commune_id
    wanted = {(lot.id, pack.id): quantity for lot, pack, quantity in carried}
    with transaction():
        return operations.open_outing(
            me, coop_id, uuid.uuid4().hex, name=name, commune_id=commune_id, wanted=wanted
        )


def sell(coop, outing, goods, method=Method.COD, *, key=None, code="", **more) -> StallSale:
    """A sale arrives from a phone. goods: (lot id, pack, packs) each, at the pack's price."""
    me, outing_id, coop_id = manager_of(coop), outing.id, coop.id
    lines = tuple(Sold(pack.id, lot_id, quantity, pack.price_vnd) for lot_id, pack, quantity in goods)
    sent = Sent(lines, method, clock.now() - timedelta(hours=2), code=code, **more)
    with transaction():
        found = operations.queries.outing_of(coop_id, outing_id, lock=True)
        sale_id = settling.arrive(me, found, key or str(uuid.uuid4()), sent).id
    return db.session.get_one(StallSale, sale_id, populate_existing=True)


def take_codes(coop, outing) -> dict:
    """What a phone takes along."""
    me, outing_id, coop_id = manager_of(coop), outing.id, coop.id
    with transaction():
        return operations.take_along(me, operations.queries.outing_of(coop_id, outing_id), 0)
