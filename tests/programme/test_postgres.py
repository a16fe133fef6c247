"""The project's sums and counts on PostgreSQL."""

import pytest
from flask import Flask

from programme.calls.queries import calls
from programme.reach.queries import reach
from programme.rules import Month
from programme.sales.queries import overview, revenue, revenue_csv
from tests.factories.catalog import create_product
from tests.factories.cooperatives import create_cooperative, create_producer
from tests.factories.payments import place_order
from tests.factories.revenue import delivered, opened
from tests.factories.traceability import create_lot, create_slip


@pytest.mark.postgres
def test_a_delivery_reaches_every_page_on_postgresql(pg_app: Flask) -> None:
    with pg_app.test_request_context():
        coop = create_cooperative()
        pack = create_product(coop).packs[0]
        opened(coop)
        slips = [create_slip(coop, create_producer(coop, f"Bàn Thị {n}")) for n in range(6)]
        create_lot(coop, pack, 40, slips)
        delivered(place_order([(pack, 2)])[0])
        seen = overview(Month(2026, 11))
        assert (seen.now.goods_vnd, seen.paid.count, seen.paid.linked) == (130_000, 6, 6)
        assert (
            seen.paid.sexes.count("women") == 6 and seen.bars[0].households_vnd == seen.now.households_vnd > 0
        )
        assert revenue(2026, coop.id).whole_vnd == 130_000 and "130000" in revenue_csv(None, None, False)
        met = reach()
        assert met.home_groups.count("minority") == 6 and met.cohorts.rows[0].households == 6
        assert calls().count == 1
