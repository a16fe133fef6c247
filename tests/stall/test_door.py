"""What a phone takes along and brings back, and the pages on which a manager settles it."""

import json
import re
from uuid import uuid4

import pytest

from channels.stall import queries
from channels.stall.models import StallSale
from core.db import db
from orders.models import Order
from orders.rules import Method
from tests.factories.catalog import create_product
from tests.factories.cooperatives import create_cooperative, create_producer, manager_of
from tests.factories.payments import place_order
from tests.factories.stalls import create_outing, sell, take_codes
from tests.factories.traceability import create_lot, create_slip
from tests.office_offline.test_door import Phone
from tests.queries import count_queries


@pytest.fixture
def coop(ctx):
    return create_cooperative("HTX Quầy")


@pytest.fixture
def pack(coop):
    return create_product(coop, "Mật ong").packs[0]


def sold(outing, lot, pack, count=1, **more):
    lines = json.dumps([[pack.id, lot.id, count, pack.price_vnd]])
    return {"key": str(uuid4()), "outing": outing.id, "method": "cod", "ago_s": "60", "lines": lines} | more


def test_what_a_phone_takes_along_names_goods_and_codes_and_nobody(client, coop, pack):
    lot = create_lot(coop, pack, 5, slips=[create_slip(coop, create_producer(coop, "Bàn Thị Lềnh"))])
    outing, phone = create_outing(coop, [(lot, pack, 3)]), Phone(client, manager_of(coop))
    taken = phone.send("stall/take", {"outing": outing.id, "have": 0})
    got = taken.get_json()
    assert [(one["left"], one["price"], one["lot_code"]) for one in got["goods"]] == [
        (3, pack.price_vnd, lot.code)
    ]
    assert len(set(got["codes"])) == 60 and got["bank"]["head"].startswith("000201010212")
    assert "Lềnh" not in taken.get_data(as_text=True)
    assert len(phone.send("stall/take", {"outing": outing.id, "have": 58}).get_json()["codes"]) == 2


def test_a_sale_is_taken_once_and_refused_in_words(client, coop, pack):
    lot = create_lot(coop, pack, 5, slips=[])
    outing, phone = create_outing(coop, [(lot, pack, 3)]), Phone(client, manager_of(coop))
    given = sold(outing, lot, pack)
    first, again = phone.send("sales", given), phone.send("sales", given)
    assert first.get_json() == again.get_json() and db.session.query(Order).count() == 1
    for wrong in ({"lines": "nothing"}, {"lines": "[]"}, {"method": "card"}, {"ago_s": "soon"}, {"key": "1"}):
        refused = phone.send("sales", sold(outing, lot, pack, **wrong))
        assert refused.status_code == 422 and refused.get_json()["message"]
    assert db.session.query(StallSale).count() == 1


def test_for_a_stranger_there_is_no_outing(client, coop, pack):
    lot = create_lot(coop, pack, 5, slips=[])
    outing, stranger = (
        create_outing(coop, [(lot, pack, 3)]),
        Phone(client, manager_of(create_cooperative("HTX Khác"))),
    )
    assert stranger.send("sales", sold(outing, lot, pack)).status_code == 422
    assert stranger.send("stall/take", {"outing": outing.id}).status_code == 404
    assert client.get(f"/manage/stalls/{outing.id}").status_code == 404
    assert db.session.query(StallSale).count() == 0


def test_what_is_confirmed_is_what_was_read(client, coop, pack):
    lot = create_lot(coop, pack, 2, slips=[])
    (web,) = place_order([(pack, 2)])
    outing = create_outing(coop)
    sale = sell(coop, outing, [(lot.id, pack, 1)])
    Phone(client, manager_of(coop))
    address = f"/manage/stalls/sales/{sale.id}"
    page = client.get(address).get_data(as_text=True)
    assert web.code in page and "xin lỗi và trả tiền" in page
    read = {
        name: re.search(rf'name="{name}"[^>]*value="([^"]+)"', page)[1] for name in ("csrf_token", "seen")
    }
    create_lot(
        coop, pack, 2, slips=[]
    )  # another lot is packed meanwhile: now the order need not be cancelled
    moved = client.post(address, data=read)
    page = moved.get_data(as_text=True)
    assert moved.status_code == 422 and "Hàng vừa đổi" in page and "đổi sang lô khác" in page
    read["seen"] = re.search(r'name="seen"[^>]*value="([^"]+)"', page)[1]
    assert client.post(address, data=read).status_code == 303
    db.session.refresh(web)
    assert web.state == "awaiting_payment"
    assert db.session.get_one(StallSale, sale.id, populate_existing=True).state == "done"


def test_the_seller_is_asked_for_money_that_did_not_come_and_answers_on_the_page(client, coop, pack):
    lot = create_lot(coop, pack, 2, slips=[])
    outing = create_outing(coop, [(lot, pack, 2)])
    code = take_codes(coop, outing)["codes"][0]
    sale_id = sell(coop, outing, [(lot.id, pack, 1)], Method.VIETQR, code=code).id
    Phone(client, manager_of(coop))
    page = client.get(f"/manage/stalls/{outing.id}/return").get_data(as_text=True)
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)[1]
    good = queries.goods_of(outing.id)[0]
    went = client.post(
        f"/manage/stalls/{outing.id}/return",
        data={"csrf_token": token, "key": uuid4().hex, f"g{good.id}": "1", "cash_vnd": "0"},
    )
    asked = client.get(went.location).get_data(as_text=True)
    assert (
        "1 lần bán chưa thấy tiền chuyển" in asked and "Tiền đâu, hàng đâu?" in asked and "Người đếm" in asked
    )
    listed = client.get("/manage/stalls").get_data(as_text=True)
    assert "Đã về mà chưa thấy tiền chuyển" in listed and "1 lần chưa thấy tiền chuyển" in listed
    address = f"/manage/stalls/sales/{sale_id}/unpaid"
    assert client.post(address, data={"csrf_token": token, "answer": "lost"}).status_code == 422
    said = {"csrf_token": token, "answer": "returned", "reason": "khách để lại hàng"}
    assert client.post(address, data=said).status_code == 303
    page = client.get(f"/manage/stalls/{outing.id}").get_data(as_text=True)
    assert "Khách không trả, hàng còn đây" in page and "Tiền đâu" not in page


def test_the_list_of_outings_and_an_outing_take_the_same_statements_however_long(app, coop, pack):
    lot = create_lot(coop, pack, 9, slips=[])
    outing = create_outing(coop, [(lot, pack, 9)])
    sell(coop, outing, [(lot.id, pack, 1)])

    def page():
        with count_queries(app) as counted:
            (
                queries.outings(coop.id),
                queries.goods_of(outing.id),
                queries.sales_of(outing.id),
                queries.named(outing.id),
            )
        return counted.count

    few = page()
    for _again in range(4):
        sell(coop, outing, [(lot.id, pack, 1)])
    assert page() == few <= 9
