"""One server for all tests, and one connected shop: made once, copied for each test on both sides."""

import copy
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask

from catalog.models import Pack
from cooperatives.models import Cooperative
from core.db import db
from tests.channels_saleor.scene import Scene, connected, on_sale
from tests.saleor_server.server import SaleorServer


@pytest.fixture(scope="session")
def running() -> Iterator[SaleorServer]:
    """A server that runs."""
    with SaleorServer() as server:
        yield server


@pytest.fixture
def server(running: SaleorServer) -> SaleorServer:
    """The server, as new."""
    return running.fresh()


@pytest.fixture
def kept_shop(app: Flask, running: SaleorServer) -> dict[str, Any]:
    """A connected shop with one pack of ten pieces, in the database under the application and in the server."""
    databases = app.extensions["databases"]
    if "kept_shop" not in databases.made:
        with app.app_context():
            made = connected(running.fresh())
            pack = on_sale(made, 10, ocop_stars=4)
            facts = {
                "collector": made.collector, "manager": made.manager, "coop_id": made.coop.id,
                "instance_id": made.instance_id, "pack_id": pack.id, "shop": copy.deepcopy(running.shop),
            }  # fmt: skip
            db.session.remove()
        databases.keep("kept_shop", facts)
    facts = databases.made["kept_shop"]
    running.fresh().shop = copy.deepcopy(facts["shop"])
    return dict(facts)


@pytest.fixture
def scene(kept_shop: dict[str, Any], ctx: Flask, running: SaleorServer) -> Scene:
    """The connected shop, in a fresh copy."""
    return Scene(
        running, kept_shop["collector"], db.session.get_one(Cooperative, kept_shop["coop_id"]), kept_shop["manager"],
        kept_shop["instance_id"], db.session.get_one(Pack, kept_shop["pack_id"]),
    )  # fmt: skip
