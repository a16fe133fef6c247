"""Who may open short links and what they brought."""

from accounts.rules import SYSTEM, Role
from core.db import transaction
from orders.links.operations import make_link
from tests.routes.row import ANYBODY, Row

MANAGER = frozenset({Role.MANAGER})


def link(product):
    """A link of a product."""
    with transaction():
        return make_link(SYSTEM, product.id, "zalo")


ROWS = [
    Row("links.follow", ANYBODY, own=lambda w: {"code": link(w.product).code}, page=False),
    Row("links.share", MANAGER, own=lambda w: {"product_id": w.product.id},
        foreign=lambda w: {"product_id": w.other_product.id}, methods=("GET", "POST")),
    Row("links.qr", MANAGER, own=lambda w: {"link_id": link(w.product).id},
        foreign=lambda w: {"link_id": link(w.other_product).id}, page=False),
]  # fmt: skip
