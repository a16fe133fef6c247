"""After a write is answered, no process serves the page as it was: two servers, one database, both engines."""

import threading
from contextlib import ExitStack

import pytest

from accounts.rules import SYSTEM
from catalog.operations import set_price
from core.db import transaction
from tests.exams.stage import Server, Visitor, rounds
from tests.factories.catalog import create_product
from tests.factories.cooperatives import create_cooperative

pytestmark = pytest.mark.slow


def price_of(number):
    """A price that stands nowhere else on a page, and how it is written."""
    return 100_000 + number, f"100.{number:03}"


def test_no_server_shows_a_price_that_was_replaced(where, session_app):
    with where.inside(session_app):
        made = create_product(create_cooperative(), "Miến dong", available=5)
        pack_id, paths = made.packs[0].id, (f"/products/{made.slug}", "/products", "/")
    with ExitStack() as stack:
        servers = [Server(where).start() for _number in range(2)]
        for server in servers:
            stack.callback(server.kill)
        visitors = [Visitor(server.port) for server in servers]
        with Crowd(visitors, paths):
            for number in range(1, rounds(10, 200)):
                price, written = price_of(number)
                with where.inside(session_app), transaction():
                    set_price(SYSTEM, pack_id, price)
                for visitor in visitors:
                    for path in paths:
                        assert written in visitor.get(path).page, f"{path} on {visitor.port}, change {number}"


class Crowd:
    """Readers who ask for the same pages all the while, so that some are being made while a price changes."""

    def __init__(self, visitors, paths):
        self.over = threading.Event()
        self.readers = [threading.Thread(target=self.read, args=(one.port, paths)) for one in visitors]

    def read(self, port, paths):
        visitor = Visitor(port)
        while not self.over.is_set():
            for path in paths:
                visitor.get(path)

    def __enter__(self):
        for reader in self.readers:
            reader.start()

    def __exit__(self, *_error):
        self.over.set()
        for reader in self.readers:
            reader.join()
