"""Who may gather an OCOP dossier: the managers of its cooperative; project staff see where it stands."""

from accounts.rules import Role
from core.db import transaction
from office.ocop.operations import add_piece, open_dossier
from tests.factories.cooperatives import manager_of
from tests.routes.row import Row

MANAGER, STAFF = frozenset({Role.MANAGER}), frozenset({Role.PROJECT_STAFF})


def _dossier(coop, product):
    me, product_id = manager_of(coop), product.id
    with transaction():
        return {"dossier_id": open_dossier(me, f"route-ocop-{product_id}", product_id).id}


def _piece(coop, product):
    made, me = _dossier(coop, product), manager_of(coop)
    with transaction():
        from core import files

        file = files.put(b"%PDF-1.7", ".pdf")
        piece = add_piece(me, made["dossier_id"], f"piece-{made['dossier_id']:06}", "A5", "Hợp đồng", file)
        return made | {"piece_id": piece.id}


def _row(name, made=_dossier, **more):
    more = {"page": False, "methods": ("POST",)} | more
    return Row(f"ocop.{name}", MANAGER, own=lambda w: made(w.coop, w.product),
               foreign=lambda w: made(w.other_coop, w.other_product), **more)  # fmt: skip


ROWS = [
    Row("ocop.index", MANAGER),
    Row("ocop.begin", MANAGER, own=lambda w: {"product_id": w.product.id},
        foreign=lambda w: {"product_id": w.other_product.id}, post=lambda w: {"key": "route-ocop-1"}, page=False,
        methods=("POST",)),
    _row("see", page=True, methods=("GET",)),
    _row("add_piece", post=lambda w: {"key": "route-ocop-2", "criterion": "A5", "note": "Có hợp đồng"}),
    _row("remove_piece", _piece, post=lambda w: {"key": "route-ocop-3"}),
    _row("sent", post=lambda w: {"key": "route-ocop-4", "on": "2026-11-20", "office": "UBND xã"}),
    _row("result", post=lambda w: {"key": "route-ocop-5", "event": "returned", "on": "2026-11-20",
                                  "office": "UBND xã"}),
    Row("ocop.paper", MANAGER, own=lambda w: _dossier(w.coop, w.product) | {"kind": "pdf"},
        foreign=lambda w: _dossier(w.other_coop, w.other_product) | {"kind": "zip"}, page=False),
    _row("piece_file", _piece, methods=("GET",)),
    Row("ocop.overview", STAFF),
]  # fmt: skip
