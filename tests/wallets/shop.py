"""Our own side of a wallet journey: a market that answers on a real port, a collector with keys, and buyers."""

import secrets
import threading
import urllib.request
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from flask import Flask
from werkzeug.serving import make_server

from accounts.rules import Role
from core import clock
from core.db import db, transaction
from orders import queries as order_queries
from orders.operations import Wanted
from orders.rules import Method
from payments.attempts import operations as attempts
from payments.attempts import queries as attempt_queries
from payments.operations import check_out
from payments.rails.operations import set_rail
from revenue.collector.operations import open_collector
from tests.conftest import NOW
from tests.factories.accounts import actor_for
from tests.factories.payments import buyer
from tests.payments.scene import shelf
from tests.payments.wallet_scene import MERCHANT
from tests.wallets.process import Sandbox


class _AtNow:
    """The application under a clock that the test moves."""

    def __init__(self, app: Flask) -> None:
        self.app, self.now = app, NOW

    def __call__(self, environ: Any, start_response: Any) -> Iterable[bytes]:
        with clock.use(self.now):
            answer = self.app.wsgi_app(environ, start_response)
            try:
                return [b"".join(answer)]
            finally:
                close = getattr(answer, "close", None)
                if close is not None:
                    close()


@dataclass
class Shop:
    """A market with one collector on one rail, and its sandbox."""

    app: Flask
    rail: str
    desk: Sandbox
    url: str
    clockwork: _AtNow
    account_id: int
    collector_id: int

    @contextmanager
    def at(self, now: Any) -> Iterator[None]:
        """Everybody's clock stands elsewhere."""
        self.clockwork.now = now
        self.desk.control(now)
        with clock.use(now):
            yield
        self.clockwork.now = NOW

    def order(
        self, cooperatives: int = 2, price_vnd: int = 65_000, quantity: int = 20
    ) -> tuple[list[int], int]:
        """Buy one pack from each of so many cooperatives by the rail; the orders and the attempt, opened.

        quantity: how many of it lie on the shelf before.
        """
        with self.app.app_context():
            packs = [
                shelf(quantity, price_vnd, f"HTX {secrets.token_hex(3)}")[1] for _one in range(cooperatives)
            ]
            with transaction():
                purchase = check_out(
                    secrets.token_urlsafe(12),
                    buyer(),
                    [Wanted(pack.id, 1) for pack in packs],
                    Method(self.rail),
                )
            order_ids = [one.id for one in order_queries.orders_of(purchase.id)]
            found = attempt_queries.latest(order_ids[0])
            assert found is not None
            attempt_id = found.id
            attempts.open_attempt(attempt_id)
            db.session.remove()
        return order_ids, attempt_id

    def ref(self, attempt_id: int) -> str:
        """The number under which the sandbox has an attempt; its page was visited, as the buyer would."""
        with self.app.app_context():
            found = attempt_queries.attempt(attempt_id)
            ref, url = found.provider_ref, found.pay_url
            db.session.remove()
        if url:
            with urllib.request.urlopen(url, timeout=20) as page:
                assert page.status == 200
        return ref

    def look(self, order_ids: list[int], attempt_id: int) -> dict[str, Any]:
        """Where everything stands."""
        from payments.queries import payment_of, received
        from revenue.collector.queries import owed_to

        with self.app.app_context():
            rows = [order_queries.order(one) for one in order_ids]
            found = {
                "orders": [row.state for row in rows],
                "payments": [payment_of(one).state for one in order_ids],
                "received": [received(one) for one in order_ids],
                "totals": [row.total_vnd for row in rows],
                "attempt": attempt_queries.attempt(attempt_id).state,
                "raw": attempt_queries.attempt(attempt_id).raw_state,
                "owed": [owed_to(self.collector_id, row.cooperative_id) for row in rows],
            }
            db.session.remove()
        return found


@contextmanager
def open_shop(app: Flask, rail: str, desk: Sandbox) -> Iterator[Shop]:
    """The market on a port, so that the sandbox can reach it, and the sandbox as its provider."""
    clockwork = _AtNow(app)
    server = make_server("127.0.0.1", 0, clockwork, threaded=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    url = f"http://127.0.0.1:{server.server_port}"
    before = app.config["BASE_URL"], app.config["RAIL_BASES"]
    app.config["BASE_URL"] = url
    bases = {"momo": "MOMO_API_BASE", "vnpay": "VNPAY_API_BASE", "zalopay": "ZALOPAY_API_BASE"}
    pages = {"VNPAY_PAY_URL": f"{desk.url}/paymentv2/vpcpay.html"}
    app.config["RAIL_BASES"] = before[1] | {bases[rail]: desk.url} | pages
    try:
        with app.app_context():
            with transaction():
                collector_id = open_collector("Quỹ thu hộ Mẫu").id
            manager = actor_for(Role.MANAGER, organisation_id=collector_id)
            merchant, keys = MERCHANT[rail]
            with transaction():
                account_id = set_rail(manager, rail, merchant | keys, enabled=True).id
            db.session.remove()
        desk.reset(NOW, ipn_url=f"{url}/webhooks/vnpay/{account_id}")
        yield Shop(app, rail, desk, url, clockwork, account_id, collector_id)
    finally:
        app.config["BASE_URL"], app.config["RAIL_BASES"] = before
        server.shutdown()
        thread.join(10)
        server.server_close()
