"""The same table on a real PostgreSQL: read, checked, taken in turns, and out again."""

import pytest

from accounts.rules import Role
from catalog.models import Product
from catalog.sheets import exports, queries
from core.db import db
from tests.catalog_sheets.test_operations import accepted, chosen
from tests.factories import accounts, catalog, cooperatives, sheets

pytestmark = pytest.mark.postgres


def test_a_table_is_taken_on_postgresql_too(pg_app) -> None:  # type: ignore[no-untyped-def]
    with pg_app.app_context():
        coop = cooperatives.create_cooperative("HTX Bản Vàng")
        manager = accounts.actor_for(Role.MANAGER, coop.organisation_id)
        catalog.create_product(coop, "Hàng bản Vàng số 1", price_vnd=1_000)
        data = sheets.workbook([sheets.HEADINGS, *sheets.with_faults(60, 5)])
        one = chosen(pg_app, manager, coop, data)
        found = queries.counts(one.id)
        assert (found["faulty"], found["new"], found["doubts"]) == (6, 54, 0)
        assert (
            queries.rows_with(one.id, ["faulty"])[0].faults[0]["cell"] == "H2"
        )  # too little told for a shown product
        one = accepted(pg_app, manager, one)
        assert (one.state, one.done_count, db.session.query(Product).count()) == ("done", 54, 55)
        with pg_app.test_request_context("/"):
            table = exports.goods(coop.id, "csv")
        again = chosen(pg_app, manager, coop, table, key="table-0002")
        assert queries.counts(again.id)["same"] == 55
