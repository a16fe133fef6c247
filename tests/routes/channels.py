"""Who may fetch the feeds, and see what each holds."""

from accounts.rules import Role
from tests.routes.row import ANYBODY, Row

MANAGER = frozenset({Role.MANAGER})

ROWS = [
    Row("channel_feeds.market", ANYBODY, own=lambda w: {"name": "google.xml"}, page=False),
    Row(
        "channel_feeds.cooperative",
        ANYBODY,
        own=lambda w: {"slug": w.coop.slug, "name": "meta.csv"},
        page=False,
    ),
    Row("channel_feeds.index", MANAGER),
    Row("sharing.kit", MANAGER, own=lambda w: {"product_id": w.product.id},
        foreign=lambda w: {"product_id": w.other_product.id}, methods=("GET", "POST")),
    Row("sharing.make_links", MANAGER, own=lambda w: {"product_id": w.product.id},
        foreign=lambda w: {"product_id": w.other_product.id}, methods=("POST",), page=False),
    Row("sharing.picture", MANAGER, own=lambda w: {"product_id": w.product.id, "size": "zalo"},
        foreign=lambda w: {"product_id": w.other_product.id, "size": "zalo"}, page=False),
    Row("sharing.poster", MANAGER, own=lambda w: {"product_id": w.product.id},
        foreign=lambda w: {"product_id": w.other_product.id}, page=False),
]  # fmt: skip
