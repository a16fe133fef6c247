"""The scan page is for anybody, whoever's goods."""

from tests.routes.row import ANYBODY, Row
from traceability.gs1.compressed import ALPHABET


def gtin(w):
    return {"gtin": w.pack.gtin}


def lot(w):
    return {"gtin": w.pack.gtin, "lot": w.lot.code}


def packed_gtin(number):
    """A GTIN compressed: its identifier in eight bits, its digits as one number in 47."""
    bits = f"{0x01:08b}{int(number):047b}"
    bits += "0" * (-len(bits) % 6)
    return "".join(ALPHABET[int(bits[at : at + 6], 2)] for at in range(0, len(bits), 6))


def own_unit(w):
    """A case with the market's own number."""
    from accounts.rules import SYSTEM
    from core.db import transaction
    from traceability.labels.queries import packs_of
    from traceability.numbers.operations import make_unit

    lot = w.other_lot  # its cooperative has no prefix
    inside = [(lot.id, packs_of(lot)[0][0], 2)]
    with transaction():
        return {"number": make_unit(SYSTEM, f"unit-{lot.id}", inside).number}


ROWS = [
    Row("scan.product", ANYBODY, gtin),
    Row("scan.product_serial", ANYBODY, lambda w: gtin(w) | {"serial": "1"}, page=False),
    Row("scan.lot", ANYBODY, lot),
    Row("scan.lot_serial", ANYBODY, lambda w: lot(w) | {"serial": "1"}),
    Row("scan.find", ANYBODY),
    Row("resolver.link", ANYBODY, lambda w: {"key": "01", "rest": f"{w.pack.gtin}/22/A"}, page=False),
    Row("resolver.own_unit", ANYBODY, own_unit),
    Row("resolver.packed", ANYBODY, lambda w: {"packed": packed_gtin(w.pack.gtin)}, page=False),
    Row("resolver.description", ANYBODY, page=False),
    Row("resolver.context", ANYBODY, page=False),
]
