"""The shop's pages are for anybody."""

from tests.routes.row import ANYBODY, Row

ROWS = [
    Row("browse.home", ANYBODY),
    Row("browse.products", ANYBODY),
    Row("browse.suggestions", ANYBODY, page=False),
    Row("browse.product", ANYBODY, own=lambda w: {"slug": w.product.slug}),
    Row("browse.sellers", ANYBODY),
    Row("browse.seller", ANYBODY, own=lambda w: {"slug": w.coop.slug}),
    Row("browse.policy_list", ANYBODY),
    Row("browse.policy", ANYBODY, own=lambda w: {"name": "terms"}),
    Row("browse.shipping_prices", ANYBODY),
    Row("browse.media", ANYBODY, own=lambda w: {"name": "p/00/none.webp"}, page=False),
    Row("browse.robots", ANYBODY, page=False),
    Row("sitemaps.index", ANYBODY, page=False),
    Row("sitemaps.fixed", ANYBODY, page=False),
    Row("sitemaps.goods", ANYBODY, own=lambda w: {"part": 1}, page=False),
]
