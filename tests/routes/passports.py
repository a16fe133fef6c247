"""Who may take a lot's data away and send it: the managers of its cooperative; administrators say where to."""

import json

from accounts.rules import Role
from core.db import transaction
from office.connectors.operations import add_connector, post
from office.connectors.rules import Kind
from tests.factories.accounts import actor_for
from tests.factories.cooperatives import manager_of
from tests.routes.row import Row

MANAGER, ADMIN = frozenset({Role.MANAGER}), frozenset({Role.ADMINISTRATOR})


def _lot(w):
    return {"of": f"lot:{w.lot.id}"}


def _other(w):
    return {"of": f"lot:{w.other_lot.id}"}


def _connector():
    admin = actor_for(Role.ADMINISTRATOR)
    with transaction():
        return add_connector(
            admin, "route-connector", Kind.FILE, "Thư mục", "thu-muc", "một khoá ký đủ dài"
        ).id


def _letter(coop):
    me, place = manager_of(coop), _connector()
    with transaction():
        return {
            "letter_id": post(me, f"route-letter-{coop.id}", place, "lot:1 tt02-2024", json.loads("{}")).id
        }


ROWS = [
    Row("passports.index", MANAGER),
    Row("passports.see", MANAGER, own=_lot, foreign=_other),
    Row("passports.file", MANAGER, own=lambda w: _lot(w) | {"kind": "csv"},
        foreign=lambda w: _other(w) | {"kind": "xlsx"}, page=False),
    Row("passports.send", MANAGER, own=_lot, foreign=_other, page=False, methods=("POST",)),
    Row("connectors.letters", MANAGER),
    Row("connectors.again", MANAGER, own=lambda w: _letter(w.coop), foreign=lambda w: _letter(w.other_coop),
        post=lambda w: {"key": "route-letter-1"}, page=False, methods=("POST",)),
    Row("connectors.index", ADMIN, methods=("GET", "POST"),
        post=lambda w: {"key": "route-connector-2", "name": "Cổng", "kind": "file", "address": "cong",
                        "cooperative_id": "0", "secret": "một khoá ký đủ dài"}),
    Row("connectors.switch", ADMIN, own=lambda w: {"connector_id": _connector()}, post=lambda w: {"active": "no"},
        page=False, methods=("POST",)),
]  # fmt: skip
