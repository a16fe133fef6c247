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
]
