"""The scan page is for anybody, whoever's goods."""

from tests.routes.row import ANYBODY, Row


def gtin(w):
    return {"gtin": w.pack.gtin}


def lot(w):
    return {"gtin": w.pack.gtin, "lot": w.lot.code}


ROWS = [
    Row("scan.product", ANYBODY, gtin),
    Row("scan.product_serial", ANYBODY, lambda w: gtin(w) | {"serial": "1"}, page=False),
    Row("scan.lot", ANYBODY, lot),
    Row("scan.lot_serial", ANYBODY, lambda w: lot(w) | {"serial": "1"}),
    Row("scan.find", ANYBODY),
    Row("resolver.link", ANYBODY, lambda w: {"key": "01", "rest": f"{w.pack.gtin}/22/A"}, page=False),
    Row("resolver.description", ANYBODY, page=False),
    Row("resolver.context", ANYBODY, page=False),
]
