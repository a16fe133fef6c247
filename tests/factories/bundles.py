"""Gift boxes, put together through the verbs and put on sale."""

import secrets

from accounts.rules import SYSTEM
from catalog import operations as catalog
from catalog.bundles import operations
from catalog.bundles.operations import Box
from catalog.models import Pack
from catalog.photos.operations import add_illustration
from core.db import db, transaction
from tests.factories.catalog import STORY


def create_box(coop, parts, price_vnd=150_000, *, name="Hộp quà Tết", published=True, key=None) -> Pack:
    """A box of [(pack, pieces)…] of one cooperative."""
    wanted = [(pack.id, quantity) for pack, quantity in parts]
    coop_id = coop.id
    with transaction():
        box = Box(name, wanted, price_vnd, STORY)
        made = operations.make_box(SYSTEM, coop_id, key or secrets.token_urlsafe(12), box)
        if published:
            add_illustration(SYSTEM, made.product_id, "mien-dong", f"Hình vẽ {name}")
            catalog.publish(SYSTEM, made.product_id)
        pack_id = made.id
    db.session.expire_all()
    return db.session.get_one(Pack, pack_id)
