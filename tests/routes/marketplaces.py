"""Who may see a site's page, its files and its orders, and where doors differ: the cooperative's own manager."""

from typing import Any

from accounts.rules import Role
from tests.marketplaces.standing import stored
from tests.routes.row import Row

MANAGER = frozenset({Role.MANAGER})
STAFF = frozenset({Role.MANAGER, Role.TREASURER})
POST = ("POST",)


def _site(_world: Any) -> dict[str, Any]:
    return {"site": "shopee"}


def _file(thing: str, prefix: str = "") -> Any:
    def params(world: Any) -> dict[str, Any]:
        stored()
        return {"site": "shopee", "file_id": getattr(world, f"{prefix}{thing}").id}

    return params


def _row(prefix: str = "") -> Any:
    return lambda world: {"site": "shopee", "row_id": getattr(world, f"{prefix}market_order").id}


ROWS = [
    Row("marketplaces.site_page", MANAGER, own=_site),
    Row("marketplaces.money", STAFF, own=_site, methods=("GET", "POST")),
    Row("marketplaces.send_orders", MANAGER, own=_site, methods=POST, page=False),
    Row("marketplaces.orders_file", MANAGER, own=_file("market_orders"), foreign=_file("market_orders", "other_"),
        methods=("GET", "POST")),
    Row("marketplaces.held_order", MANAGER, own=_row(), foreign=_row("other_"), methods=("GET", "POST")),
    Row("marketplaces.send_template", MANAGER, own=_site, methods=POST, page=False),
    Row("marketplaces.template", MANAGER, own=_file("market_template"), foreign=_file("market_template", "other_"),
        methods=("GET", "POST")),
    Row("marketplaces.drift", MANAGER),
]  # fmt: skip
