"""A pack by weight in the catalogue: made, changed, taken back, listed, and refused where it does not belong."""

import json
import re
from uuid import uuid4

import pytest
from flask_babel import force_locale
from sqlalchemy import select

from accounts.rules import SYSTEM, Role
from catalog.bundles.operations import Box, make_box
from catalog.history.models import ProductChange
from catalog.models import Pack, PriceChange
from catalog.operations import set_price
from catalog.queries import cards, pack_fact, product_page
from catalog.sheets import exports
from catalog.sheets import queries as sheets
from catalog.sheets.models import SheetRow
from catalog.sheets.views import fault_text
from catalog.undo.operations import undo
from catalog.weighed.operations import add_weighed, change_weighed, set_rate
from catalog.weighed.rules import Band
from cooperatives.models import Cooperative
from core import clock
from core.db import db, transaction
from core.errors import Conflict, Invalid
from orders.repeats.operations import put_again
from tests.catalog_sheets.test_operations import accepted, chosen
from tests.factories.accounts import actor_for, sign_in
from tests.factories.catalog import category, create_product
from tests.factories.cooperatives import create_cooperative
from tests.factories.payments import place_order
from tests.factories.sheets import workbook
from tests.factories.weighed import CHICKEN, by_weight
from tests.weighed.scene import manager_of, weigh
from traceability.stock.operations import refresh_expired


@pytest.fixture
def coop(ctx):
    return create_cooperative("HTX Bản Vàng")


@pytest.fixture
def manager(coop):
    return actor_for(Role.MANAGER, coop.organisation_id)


def test_the_same_pack_twice_is_one_and_another_price_is_its_new_price(coop):
    product = create_product(coop)
    with transaction():
        first, again = (add_weighed(SYSTEM, product.id, CHICKEN).id for _ in range(2))
        dearer = add_weighed(SYSTEM, product.id, Band(130_000, 1_200, 1_600, "con"))
    assert first == again == dearer.id
    assert (dearer.price_per_kg_vnd, dearer.price_vnd) == (130_000, 208_000)
    prices = (
        db.session.execute(select(PriceChange.price_vnd).where(PriceChange.pack_id == first)).scalars().all()
    )
    assert prices == [192_000, 208_000]


def test_the_database_refuses_a_prepaid_price_that_is_not_the_top_of_the_band(coop):
    from sqlalchemy.exc import IntegrityError

    pack = by_weight(coop=coop)
    with pytest.raises(IntegrityError), transaction():
        db.session.get_one(Pack, pack.id).price_vnd = 190_000


def test_the_price_of_a_piece_cannot_be_set_alone(coop):
    pack = by_weight(coop=coop)
    with pytest.raises(Conflict) as refused, transaction():
        set_price(SYSTEM, pack.id, 150_000)
    assert "ki-lô" in str(refused.value.remedy)


def test_another_band_is_counted_again_before_anything_is_offered(coop):
    pack = by_weight(4_500, coop=coop)  # two pieces of 1,6 kg
    assert pack_fact(pack.id).available_on(clock.today()) == 2
    with transaction():
        change_weighed(SYSTEM, pack.id, Band(120_000, 1_000, 1_500, "con"))
    assert pack_fact(pack.id).available_on(clock.today()) == 0
    with transaction():
        assert refresh_expired() == 1
    assert pack_fact(pack.id).available_on(clock.today()) == 3
    assert db.session.get_one(Pack, pack.id).label == "Con 1–1,5 kg"


def test_a_change_of_price_or_band_is_in_the_history_and_is_taken_back(coop, manager):
    pack = by_weight(coop=coop)
    with transaction():
        set_rate(SYSTEM, pack.id, 150_000)
    with transaction():
        change_weighed(SYSTEM, pack.id, Band(150_000, 1_000, 1_400, "con"))
    changes = (
        db.session.execute(select(ProductChange.id).order_by(ProductChange.id.desc()).limit(2))
        .scalars()
        .all()
    )
    for change_id in changes:
        with transaction():
            undo(manager, change_id)
    found = db.session.get_one(Pack, pack.id, populate_existing=True)
    assert (found.price_per_kg_vnd, found.piece_min_g, found.net_quantity, found.price_vnd) == (
        120_000, 1_200, 1_600, 192_000,
    )  # fmt: skip


def test_a_gift_box_takes_no_goods_that_are_weighed(coop, manager):
    pack = by_weight(coop=coop)
    other = create_product(coop, name="Mật ong").packs[0]
    with pytest.raises(Invalid) as refused, transaction():
        make_box(manager, coop.id, "box-key-0001", Box("Hộp Tết", [(pack.id, 1), (other.id, 1)], 300_000))
    assert "cân khi gói" in str(refused.value)


def test_every_view_of_the_pack_says_the_same_terms(app, coop):
    pack = by_weight(coop=coop)
    said = "Giá 120.000\u00a0đ/kg, mỗi con 1,2–1,6\u00a0kg, trả trước 192.000\u00a0đ, phần thừa hoàn lại khi đóng gói."
    with app.test_request_context("/"):
        page = product_page(pack_fact(pack.id).slug, clock.today())
        assert [one.weighed_text for one in page.packs] == [said]
        card = cards()[0]
        assert card.price_vnd == 192_000
        assert card.unit_price == "120.000\u00a0đ/kg, mỗi con 1,2–1,6\u00a0kg"


def test_the_terms_are_said_in_english_too(app, coop):
    pack = by_weight(coop=coop)
    with app.test_request_context("/"), force_locale("en"):
        said = product_page(pack_fact(pack.id).slug, clock.today()).packs[0].weighed_text
    assert said.startswith("120,000\u00a0đ/kg, each 1.2–1.6\u00a0kg") and "192,000" in said


def test_the_page_and_its_data_for_machines_say_price_a_kilogram_and_what_is_prepaid(client, coop):
    pack = by_weight(coop=coop)
    page = client.get(f"/products/{pack_fact(pack.id).slug}")
    assert "trả trước 192.000" in page.text and "120.000" in page.text
    data = json.loads(re.search(r'ld\+json">(.*?)</script>', page.text)[1])
    product = next(one for one in data["@graph"] if one["@type"] == "Product")
    offer = product["offers"]
    assert offer["price"] == "192000"
    assert offer["priceSpecification"]["price"] == "120000"
    assert offer["priceSpecification"]["referenceQuantity"] == {
        "@type": "QuantitativeValue", "value": 1, "unitCode": "KGM",
    }  # fmt: skip
    assert (product["weight"]["minValue"], product["weight"]["maxValue"]) == (1_200, 1_600)


def test_cart_and_order_again_know_the_terms(client, coop):
    pack = by_weight(coop=coop)
    client.post("/cart", data={"pack_id": pack.id, "quantity": 2})
    page = client.get("/cart")
    assert "384.000" in page.text and "phần thừa hoàn lại khi đóng gói" in page.text
    order = place_order([(pack, 2)])[0]
    again = put_again(None, order.token)
    assert again.gone == () and again.cart_token


def test_the_product_form_keeps_a_pack_by_weight_and_refuses_both_prices(client, coop, manager):
    sign_in(client, manager)
    page = client.get("/manage/products/new")

    def value(name):
        return re.search(rf'name="{name}"[^>]*value="([^"]+)"', page.text)[1]

    sent = {
        "csrf_token": value("csrf_token"), "key": value("key"), "do": "save", "name": "Gà đen", "pack0_price_vnd": "",
        "pack0_net_quantity": "", "pack0_price_per_kg_vnd": "120.000", "pack0_piece_min_g": "1,2",
        "pack0_piece_max_g": "1,6", "pack0_piece_word": "con", "category_id": str(category("rau-qua").id),
    }  # fmt: skip
    both = client.post("/manage/products/new", data=sent | {"pack0_price_vnd": "65.000"})
    assert both.status_code == 422 and "một trong hai" in both.text
    wide = client.post("/manage/products/new", data=sent | {"pack0_piece_max_g": "9"})
    assert wide.status_code == 422 and "Khoảng cân rộng quá" in wide.text
    kept = client.post("/manage/products/new", data=sent)
    assert kept.status_code == 302, kept.text
    pack = db.session.execute(select(Pack).where(Pack.label == "Con 1,2–1,6 kg")).scalar_one()
    assert (pack.price_per_kg_vnd, pack.piece_min_g, pack.net_quantity) == (120_000, 1_200, 1_600)
    page = client.get(kept.headers["Location"])
    change = sent | {
        "csrf_token": value("csrf_token"), "pack0_id": str(pack.id), "pack0_net_quantity": "1600",
        "pack0_price_per_kg_vnd": "125.000", "pack0_net_unit": "g",
    }  # fmt: skip
    assert client.post(kept.headers["Location"], data=change).status_code == 302
    db.session.expire_all()
    assert db.session.get_one(Pack, pack.id).price_vnd == 200_000


def test_the_screen_of_many_prices_changes_the_price_of_a_kilogram(client, coop, manager):
    pack = by_weight(16_000, coop=coop)
    sign_in(client, manager)
    page = client.get("/manage/goods")
    assert "Giá một ki-lô" in page.text and 'value="120.000"' in page.text
    lot = re.search(r'name="c(\d+)_', page.text)[1]

    def value(name):
        return re.search(rf'name="{name}"[^>]*value="([^"]+)"', page.text)[1]

    sent = {
        "csrf_token": value("csrf_token"), "key": value("key"), "do": "save", f"p{pack.id}": "130.000",
        f"w{pack.id}": "120000", f"c{lot}_{pack.id}": "15,5", f"h{lot}_{pack.id}": "16000", "reason": "cân lại kho",
    }  # fmt: skip
    assert client.post("/manage/goods", data=sent).status_code == 302
    db.session.expire_all()
    found = db.session.get_one(Pack, pack.id)
    assert (found.price_per_kg_vnd, found.price_vnd, found.available) == (130_000, 208_000, 15_500 // 1_600)


def test_a_table_changes_the_price_of_a_kilogram_and_nothing_else_of_such_goods(app, coop, manager):
    pack = by_weight(coop=coop, name="Gà đen")
    with app.test_request_context("/"):
        same = chosen(app, manager, coop, exports.goods(coop.id, "xlsx"))
    assert sheets.counts(same.id)["same"] == 1
    heads = ["Tên hàng", "Lượng", "Giá bán", "Giá một ki-lô"]
    one = chosen(app, manager, coop, workbook([heads, ["Gà đen", "1600 g", None, 140_000]]), key="table-0002")
    accepted(app, manager, one)
    db.session.expire_all()
    assert db.session.get_one(Pack, pack.id).price_per_kg_vnd == 140_000
    wrong = workbook([heads, ["Gà đen", "1600 g", 99_000, None], ["Gà ri", "1500 g", None, 90_000]])
    two = chosen(app, manager, coop, wrong, key="table-0003")
    rows = db.session.query(SheetRow).filter_by(import_id=two.id).order_by(SheetRow.row_no)
    said = [[fault_text(fault) for fault in row.faults] for row in rows]
    assert "giá tính theo ki-lô" in said[0][0] and "Giá một ki-lô" in said[0][0]
    assert any("chưa thêm được món cân khi gói" in text for text in said[1])


def test_stock_is_packed_in_kilograms(client, coop, manager):
    from tests.factories.cooperatives import create_producer
    from tests.factories.traceability import create_bulk, create_slip
    from tests.factories.weighed import pack_product

    pack = by_weight(0, coop=coop)
    coop = db.session.get_one(Cooperative, coop.id)
    lot = create_bulk(
        coop, pack_product(pack), 20_000, [create_slip(coop, create_producer(coop), net_g=20_000)]
    )
    lot_id, pack_id = lot.id, pack.id
    sign_in(client, manager)
    page = client.get(f"/manage/lots/{lot_id}/pack")
    assert "ki-lô" in page.text and 'name="quantity"' not in page.text

    def value(name):
        return re.search(rf'name="{name}"[^>]*value="([^"]+)"', page.text)[1]

    sent = {"csrf_token": value("csrf_token"), "key": value("key"), "pack_id": str(pack_id)}
    assert client.post(f"/manage/lots/{lot_id}/pack", data=sent).status_code == 422
    assert client.post(f"/manage/lots/{lot_id}/pack", data=sent | {"weight_g": "12,8"}).status_code == 302
    db.session.expire_all()
    assert db.session.get_one(Pack, pack_id).available == 8
    assert "12,8" in client.get("/manage/stock").text


def test_the_page_of_the_scale_packs_and_says_what_is_wrong_beside_the_weight(client, coop, manager):
    from tests.factories.payments import pay

    pack = by_weight(coop=coop)
    order = place_order([(pack, 2)])[0]
    pay(order)
    order_id, token = order.id, order.token
    sign_in(client, manager)
    assert client.get(f"/manage/orders/{order_id}/pack").headers["Location"].endswith(f"/{order_id}/weigh")
    page = client.get(f"/manage/orders/{order_id}/weigh")
    code = re.search(r'placeholder="([^"]+-\d\d)"', page.text)[1]
    lot_field = re.search(r'name="(lot_\d+_0)"', page.text)[1]

    def value(name):
        return re.search(rf'name="{name}"[^>]*value="([^"]+)"', page.text)[1]

    sent = {"csrf_token": value("csrf_token"), "key": value("key"), lot_field: code}
    heavy = client.post(
        f"/manage/orders/{order_id}/weigh", data=sent | {f"{lot_field}_g1": "1,7", f"{lot_field}_g2": "1,6"}
    )
    assert heavy.status_code == 422 and "3,3 kg" in heavy.text and 'value="1,7"' in heavy.text
    good = sent | {f"{lot_field}_g1": "1,3", f"{lot_field}_g2": "1,45"}
    done = client.post(f"/manage/orders/{order_id}/weigh", data=good)
    assert done.status_code == 303, done.text
    assert client.post(f"/manage/orders/{order_id}/weigh", data=good).status_code == 303, "twice is once"
    seen = client.get(f"/orders/{token}")
    assert "Cân được" in seen.text and "54.000" in seen.text and "330.000" in seen.text
    assert "330.000" in client.get(f"/manage/orders/{order_id}").text


def test_a_contract_holds_the_terms(client, coop):
    order = place_order([(by_weight(coop=coop), 1)])[0]
    assert "trả trước 192.000" in client.get(f"/orders/{order.token}/contract").text


def test_the_slip_of_a_parcel_paid_in_cash_asks_for_what_was_weighed(client, coop, manager):
    from orders.operations import confirm

    order = place_order([(by_weight(coop=coop), 1)], method="cod")[0]
    with transaction():
        confirm(manager, order.id, "call")
    order = weigh(order, 1_500, who=manager_of(order))
    sign_in(client, manager)
    from core.format import vnd

    with client.application.test_request_context("/"):
        due = vnd(180_000 + order.shipping_vnd)
    assert due in client.get(f"/manage/orders/{order.id}/slip").text
    assert due in client.get("/manage/orders?tab=to_ship").text


def test_a_draft_begun_with_terms_by_weight_and_sent_from_the_phone_keeps_them(ctx, app, coop, manager):
    from office.offline.forms import PhoneProductForm
    from office.offline.operations import product_from_phone

    typed = {"name": "Gà đen", "pack0_price_per_kg_vnd": "120.000", "pack0_piece_min_g": "1,2",
             "pack0_piece_max_g": "1,6", "pack0_piece_word": "con"}  # fmt: skip
    with app.test_request_context("/", method="POST", data=typed):
        sent = PhoneProductForm(meta={"csrf": False}).product()
    with transaction():
        product_id = product_from_phone(manager, str(uuid4()), sent)
    pack = db.session.execute(select(Pack).where(Pack.product_id == product_id)).scalar_one()
    assert (pack.price_per_kg_vnd, pack.piece_min_g, pack.net_quantity) == (120_000, 1_200, 1_600)
    from dataclasses import replace

    with pytest.raises(Invalid), transaction():
        product_from_phone(manager, str(uuid4()), replace(sent, price_vnd=65_000))
