"""One Stripe-like server for the run, as new for each test; at its end Stripe's description has no complaint."""

from collections.abc import Iterator

import pytest
from flask import Flask

from tests.conftest import NOW
from tests.stripe_server.process import StripeServer


@pytest.fixture(scope="session")
def stripe_process() -> Iterator[StripeServer]:
    """The process."""
    with StripeServer() as server:
        yield server


@pytest.fixture
def bank(app: Flask, stripe_process: StripeServer) -> Iterator[StripeServer]:
    """The server as new, and the application pointed at it."""
    before = dict(app.config["RAIL_BASES"])
    app.config["RAIL_BASES"]["STRIPE_API_BASE"] = stripe_process.url
    yield stripe_process.fresh(NOW)
    app.config["RAIL_BASES"].update(before)
    assert stripe_process.look()["faults"] == []
