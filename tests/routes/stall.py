"""Who may take goods to a fair, sell there, and settle what is short."""

from accounts.rules import Role
from catalog.models import Pack
from core.db import db
from tests.factories.stalls import create_outing, sell
from tests.factories.traceability import create_lot
from tests.routes.row import ANYBODY, Row

MANAGER = frozenset({Role.MANAGER})


def _outing(world, prefix=""):
    coop, product = getattr(world, f"{prefix}coop"), getattr(world, f"{prefix}product")
    pack = db.session.query(Pack).filter_by(product_id=product.id).first()
    lot = create_lot(coop, pack, 3, slips=[])
    return coop, pack, lot, create_outing(coop, [(lot, pack, 2)])


def _sale(world, prefix=""):
    coop, pack, lot, outing = _outing(world, prefix)
    return {"sale_id": sell(coop, outing, [(lot.id, pack, 1)]).id}


def _id(world, prefix=""):
    return {"outing_id": _outing(world, prefix)[3].id}


OUTING = {"own": _id, "foreign": lambda w: _id(w, "other_")}
SALE = {"own": _sale, "foreign": lambda w: _sale(w, "other_")}
POST = {"methods": ("POST",), "page": False}
BOTH = {"methods": ("GET", "POST")}
ROWS = [
    Row("stall.index", MANAGER),
    Row("stall.new", MANAGER, **BOTH),
    Row("stall.outing", MANAGER, **OUTING),
    Row("stall.carry", MANAGER, **OUTING, **BOTH),
    Row("stall.come_back", MANAGER, **OUTING, **BOTH),
    Row("stall.sale", MANAGER, **SALE, **BOTH),
    Row("stall.unpaid", MANAGER, **SALE, **POST),
    Row("stall.till", ANYBODY),
    Row("stall.take", MANAGER, **POST),
    Row("stall.arrive", MANAGER, **POST),
]  # fmt: skip
