"""Boxes and their parts bought at the same instant, on PostgreSQL: no deadlock, nothing oversold."""

import secrets
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from catalog.models import Pack
from core.db import db
from orders.models import Order
from orders.operations import Wanted, create_purchase
from orders.rules import Method
from tests.factories.bundles import create_box
from tests.factories.cooperatives import create_cooperative
from tests.factories.orders import buyer, stocked
from tests.payments.test_races import passed, race
from traceability.stock.queries import differences

pytestmark = pytest.mark.postgres


def test_boxes_and_parts_bought_at_once_never_wait_in_a_circle(pg_app: Flask) -> None:
    with pg_app.app_context():
        coop = create_cooperative()
        noodles, tea = stocked(9, coop, name="Miến dong"), stocked(9, coop, name="Trà hoa", price_vnd=70_000)
        first = create_box(coop, [(noodles, 1), (tea, 2)], 180_000)
        second = create_box(coop, [(tea, 1), (noodles, 2)], 170_000, name="Hộp hai")
        packs = [first.id, tea.id, second.id, noodles.id]
        commune_id = buyer().commune_id
        db.session.remove()

    def deed(number: int) -> Any:
        who = buyer(f"+8491{secrets.randbelow(10**7):07}", address_line=f"Số {number}")
        assert who.commune_id == commune_id
        wanted = [Wanted(packs[number % 4], 1), Wanted(packs[(number + 1) % 4], 1)]
        return create_purchase(secrets.token_urlsafe(12), who, wanted, Method.VIETQR).id

    done = [one for _round in range(3) for one in passed(race(pg_app, deed))]
    assert done
    with pg_app.app_context():
        left = dict(db.session.execute(select(Pack.id, Pack.available)).tuples().all())
        assert left[packs[0]] == min(left[packs[3]], left[packs[1]] // 2)
        assert left[packs[2]] == min(left[packs[1]], left[packs[3]] // 2)
        assert min(left.values()) >= 0 and differences() == []
        assert db.session.query(Order).count() == len(done)
