"""Sent, arrived, sold, back, lost: each is an event of the standard, and none leads to a buyer."""

import json

import pytest

from accounts.rules import SYSTEM
from catalog.models import Pack
from core.db import db, transaction
from orders import queries as orders
from orders.parcels.operations import sent
from payments import operations as payments
from payments.carriers.operations import claim_loss
from tests.factories.catalog import create_product
from tests.factories.cooperatives import create_cooperative, create_producer
from tests.factories.payments import PHONE, packed, pay, place_order, shipped, staff_of
from tests.factories.revenue import delivered
from tests.factories.traceability import create_lot, create_slip
from tests.queries import count_queries
from traceability.epcis.checking import check_document
from traceability.epcis.hashing import event_hash
from traceability.epcis.models import EpcisEvent, EventLot
from traceability.log.operations import sign_checkpoint
from traceability.log.packs import evidence, proof_note
from traceability.log.queries import first_broken_leaf
from traceability.log.verification import verify
from traceability.models import Lot
from traceability.numbers.operations import make_unit


@pytest.fixture
def sold(ctx):
    """Three packs of a lot, paid, packed, shipped and delivered; the order and the lot's id."""
    coop = create_cooperative("HTX Tài Hoan")
    pack = create_product(coop, "Miến dong").packs[0]
    lot = create_lot(coop, pack, 20, [create_slip(coop, create_producer(coop, "Lý Thị Mẫu"), net_g=41_300)])
    order = place_order([(pack, 3)])[0]
    pay(order)
    return delivered(orders.order(order.id)), lot.id


def events(order):
    found = db.session.query(EpcisEvent).filter_by(subject=f"order:{order.id}").order_by(EpcisEvent.id)
    return {one.step: one for one in found}


def test_a_sale_is_told_as_shipping_receiving_and_selling(sold):
    order, lot_id = sold
    found = events(order)
    assert [(step, one.document["bizStep"], one.document["disposition"]) for step, one in found.items()] == [
        ("shipped", "shipping", "in_transit"), ("received", "receiving", "in_progress"),
        ("sold", "retail_selling", "retail_sold"),
    ]  # fmt: skip
    for one in found.values():
        assert check_document(one.document) == [] and one.hash == event_hash(one.document)
        [goods] = one.document["quantityList"]
        assert goods["quantity"] == 3 and "/10/" in goods["epcClass"]
        assert db.session.get(EventLot, (one.id, lot_id)) is not None
    assert first_broken_leaf() is None


def test_an_order_is_one_opaque_transaction_and_its_buyer_stands_nowhere(sold):
    order, _lot = sold
    found = events(order).values()
    said = {json.dumps(one.document["bizTransactionList"]) for one in found}
    text = json.dumps([one.document for one in found], ensure_ascii=False)
    assert len(said) == 1 and '"type": "po"' in text and "/id/order/" in text
    for secret in (order.code, order.token, PHONE, PHONE.removeprefix("+84"), order.purchase.buyer_name,
                   order.purchase.address_line, order.tracking_number or "không có"):  # fmt: skip
        assert secret not in text, secret


def test_no_place_is_told_of_what_happens_at_a_buyers(sold):
    found = events(sold[0])
    assert "readPoint" in found["shipped"].document
    assert not {"readPoint", "bizLocation"} & (
        found["received"].document.keys() | found["sold"].document.keys()
    )


def test_what_comes_back_is_an_event_and_the_sale_stands(sold):
    order, _lot = sold
    line = orders.lines(order.id)[0]
    with transaction():
        payments.refund(
            staff_of(order), order.id, {line.id: 1}, "vỡ một gói", goods_back=True, key="refund-1"
        )
    last = db.session.query(EpcisEvent).order_by(EpcisEvent.id.desc()).first()
    assert (last.step, last.document["disposition"]) == ("returned", "returned")
    assert last.document["quantityList"][0]["quantity"] == 1 and "sold" in events(order)
    assert last.document["bizTransactionList"] == events(order)["sold"].document["bizTransactionList"]


def test_a_parcel_that_a_carrier_lost_is_taken_out_of_the_chain(sold):
    pack = db.session.get_one(Pack, orders.lines(sold[0].id)[0].pack_id)
    order = shipped(place_order([(pack, 1)])[0])
    with transaction():
        claim_loss(staff_of(order), order.id, "bên giao báo mất")
    assert list(events(order)) == ["shipped", "lost"]
    assert events(order)["lost"].document["bizStep"] == "decommissioning"


def test_checking_out_writes_no_event_and_shipping_writes_one_in_a_dozen_statements(sold, ctx):
    pack = db.session.get_one(Pack, orders.lines(sold[0].id)[0].pack_id)
    before = db.session.query(EpcisEvent).count()
    order = place_order([(pack, 1)], "cod")[0]
    assert db.session.query(EpcisEvent).count() == before
    order = packed(order)
    with count_queries(ctx) as seen, transaction():
        sent(order)
    told = db.session.query(EpcisEvent).count() - before
    assert told == 2 and seen.count <= 12  # packed and shipped


def test_a_lots_proof_pack_tells_the_lots_own_life_and_no_buyers_parcel(sold):
    order, lot_id = sold
    pack = db.session.get_one(Pack, orders.lines(order.id)[0].pack_id)
    with transaction():
        sign_checkpoint()
    found = evidence(pack.gtin, db.session.get_one(Lot, lot_id).code)
    text = "".join(one.document for one in found.events)
    assert [f'"bizStep":"{step}"' in text for step in ("packing", "shipping", "retail_selling")] == [
        True,
        False,
        False,
    ]
    assert "/id/order/" not in text and "/id/parcel/" not in text
    assert proof_note(events(order)["sold"].event_id) is not None


def test_a_case_holds_its_packs_under_its_own_number(sold):
    order, lot_id = sold
    pack_id = orders.lines(order.id)[0].pack_id
    with transaction():
        number = make_unit(SYSTEM, "kien-1", [(lot_id, pack_id, 12)]).number
    told = db.session.query(EpcisEvent).filter_by(step="cased").one().document
    assert (told["type"], told["childQuantityList"][0]["quantity"]) == ("AggregationEvent", 12)
    assert told["parentID"].endswith(f"/{number}") and check_document(told) == [] and list(verify()) == []
