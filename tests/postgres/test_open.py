"""Links, complaints, take-downs and records on PostgreSQL: the same statements, the same answers."""

import zipfile
from datetime import date
from io import BytesIO

import pytest

from accounts.rules import SYSTEM, Role
from catalog.moderation import operations as moderation
from catalog.moderation import queries as notices
from core.db import transaction
from office.records.queries import figures, own_data
from orders.complaints import operations as complaints
from orders.complaints import queries as complaint_queries
from orders.complaints.operations import Said
from orders.links import queries as links
from orders.links.operations import forget_old_days, make_link, remember_source, store_clicks
from orders.records.operations import erase_buyers, erase_complaints
from tests.conftest import NOW
from tests.factories import accounts, catalog, cooperatives, payments, traceability

pytestmark = pytest.mark.postgres


def test_the_whole_way_holds_on_postgresql(pg_app):
    with pg_app.app_context():
        coop = cooperatives.create_cooperative("HTX Ta")
        product = catalog.create_product(coop)
        traceability.create_lot(coop, product.packs[0], 9)
        order = payments.place_order([(product.packs[0], 2)], method="cod")[0]
        with transaction():
            link = make_link(SYSTEM, product.id, "zalo")
            store_clicks([{"link": link.id, "on": "2026-11-22"}] * 3)
            remember_source(order.purchase_id, link.code)
        assert (links.links(product.id)[0].clicks, links.links(product.id)[0].orders) == (3, 1)

        with transaction():
            found = complaints.receive("k", Said("goods", "Ẩm.", "", "Mẫu", payments.PHONE, order.code))
        assert [one.id for one in complaint_queries.listed(coop.id)] == [found.id]
        assert complaint_queries.waiting(coop.id) == 1

        admin = accounts.actor_for(Role.ADMINISTRATOR)
        with transaction():
            asked = moderation.record(
                admin, "key-1", product.slug, authority="Sở", document_number="1", document_on=date(2026, 11, 20),
                reason="Nhãn.", received_at=NOW,
            )  # fmt: skip
            moderation.take_down(admin, asked.id)
            moderation.give_notice(admin, "key-2", coop.id, "Chưa gửi giấy.")
        assert notices.waiting_notices(coop.id) == 2

        assert {one.name: one.value for one in figures(2026)}["complaints"] == 1
        with zipfile.ZipFile(BytesIO(own_data(coop.id, coop.organisation_id))) as box:
            assert order.code in box.read("orders.csv").decode("utf-8-sig")
        with transaction():
            assert erase_buyers() + erase_complaints() + forget_old_days() == 0
