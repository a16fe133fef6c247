"""The pages of a site: from its files to orders and back, by hand and without script."""

import io
import re

import pytest

from catalog.models import Pack, Product
from channels.doors.boards import doors
from channels.marketplaces import operations, queries
from channels.marketplaces.drift import counts, drifts
from channels.marketplaces.goods import goods_of
from channels.marketplaces.kinds import Verdict, judged
from channels.marketplaces.models import MarketFile, MarketLayout
from channels.marketplaces.previews import preview
from channels.marketplaces.rules import Site, sku_of
from channels.marketplaces.tasks import sales_of
from cooperatives.models import Cooperative
from core import clock
from core.db import db, transaction
from tests.factories import catalog
from tests.factories.accounts import sign_in
from tests.marketplaces.books import opened, shopee
from tests.marketplaces.scene import bring, line, order_named, send, shop, table
from tests.queries import count_queries

AT = "/manage/marketplaces/shopee"


def _open(app, client, pieces):
    """A manager of a cooperative with so many pieces in store: (cooperative's id, pack's id)."""
    with app.app_context():
        coop, manager, pack = shop(pieces)
        found = coop.id, pack.id
    sign_in(client, manager)
    return found


def _post(client, path, data):
    """Post as a page of the same person would."""
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', client.get(AT).text)[1]
    return client.post(path, data={"csrf_token": token} | data, content_type="multipart/form-data")


def _send(client, where, name, data):
    return _post(client, f"{AT}/{where}", {"key": f"k-{where}", "sheet": (io.BytesIO(data), name)})


def test_a_template_goes_round_by_hand_and_is_remembered(app, client):
    _coop_id, pack_id = _open(app, client, 7)
    address = _send(client, "templates", "mau.xlsx", shopee()).location
    seen = client.get(address).text
    assert "ghi từ dòng 6" in seen and "chưa kiểm chứng" in seen
    with app.app_context():
        columns = db.session.query(MarketFile).one().columns
    said = {f"c-{n}": key for n, (_text, key, _fixed) in enumerate(columns)}
    said |= {"step": "columns", "first_no": "7", "c-14": "constant", "t-14": "Mở"}
    assert _post(client, address, said).status_code == 303
    assert _post(client, address, said | {"first_no": "2"}).status_code == 422
    with app.app_context():
        kept = db.session.query(MarketLayout).one()
        assert kept.first_no == 7 and kept.layout["nhanh"] == ["constant", "Mở"]
    back = _post(client, address, {"step": "fill"})
    assert "attachment" in back.headers["Content-Disposition"]
    sheet = opened(back.data)["Bản đăng tải"]
    assert [sheet.cell(7, n).value for n in (9, 10, 15)] == [7, f"CP-{pack_id}", "Mở"]
    assert _send(client, "templates", "mau.xlsx", shopee()).location == address, "one form is one file"


def test_a_template_that_nobody_knows_is_explained_once_by_hand_and_known_the_next_time(app, client):
    _coop_id, pack_id = _open(app, client, 7)
    strange = shopee(("Cột một", "Cột hai", "Cột ba", "Cột bốn"), ("", "", "", ""))

    def sends(key):
        return _post(
            client, f"{AT}/templates", {"key": key, "sheet": (io.BytesIO(strange), "la.xlsx")}
        ).location

    address = sends("k-1")
    seen = client.get(address).text
    assert "Chợ chưa nhận ra cột nào" in seen and "Tải tệp đã điền" not in seen and "Cột ba" in seen
    refused = _post(client, address, {"step": "fill"})
    assert refused.status_code == 422 and "Chưa biết cột nào điền gì" in refused.text
    assert _post(client, address, {"step": "sheet", "sheet": "Hướng dẫn"}).status_code == 422, (
        "no row of words there"
    )
    assert _post(client, address, {"step": "sheet", "sheet": "Bản đăng tải"}).status_code == 303
    said = {"c-0": "name", "c-1": "price", "c-2": "stock", "c-3": "sku", "step": "columns", "first_no": "6"}
    assert _post(client, address, said).status_code == 303
    sheet = opened(_post(client, address, {"step": "fill"}).data)["Bản đăng tải"]
    assert [sheet.cell(6, n).value for n in (3, 4)] == [7, f"CP-{pack_id}"]
    again = client.get(sends("k-2")).text
    assert "Tải tệp đã điền" in again and "Chợ chưa nhận ra" not in again


def test_an_order_file_that_the_worker_gave_up_says_so_and_what_to_do(app, client):
    _coop_id, pack_id = _open(app, client, 2)
    with app.app_context():
        rows = table([line("X1", db.session.get_one(Pack, pack_id))])
    address = _send(client, "orders", "don.csv", rows).location
    with app.app_context(), transaction():
        found = db.session.query(MarketFile).one()
        found.state, found.work_state, found.accepted_at = "accepted", "dead", clock.now()
    assert "Gửi lại chính tệp này" in client.get(address).text
    seen = client.get(AT).text
    assert "Tệp đơn ghi dở" in seen and "Gửi lại chính tệp ấy" in seen
    assert "Tệp đơn ghi dở" in client.get("/manage/channels").text


def test_a_code_for_a_kind_is_checked_where_the_template_lists_kinds(app, client):
    _coop_id, pack_id = _open(app, client, 7)
    address = _send(client, "templates", "mau.xlsx", shopee()).location
    with app.app_context():
        kind = db.session.get_one(Pack, pack_id).product_id
        kind = db.session.get_one(Product, kind).category_id
    for typed, words in (
        ("999", "Không có trong mẫu"),
        ("100629", "Có trong mẫu"),
        ("thực phẩm", "Có trong mẫu"),
    ):
        assert _post(client, address, {"step": "categories", f"cat-{kind}": typed}).status_code == 303
        seen = client.get(address).text
        assert words in seen and "Mẫu này kèm" in seen
        assert ("không có trong danh sách của mẫu này" in seen) == (typed == "999")
    assert judged("7", {}) == (Verdict.UNKNOWN, "")


def test_an_order_file_goes_round_and_what_is_stuck_is_decided(app, client):
    coop_id, pack_id = _open(app, client, 2)
    with app.app_context():
        rows = table([line("X1", db.session.get_one(Pack, pack_id)), line("X2", "LA")])
    address = _send(client, "orders", "don.csv", rows).location
    seen = client.get(address).text
    assert "Nhận tệp này" in seen and "Chưa biết món" in seen
    assert _post(client, address, {"step": "accept"}).status_code == 303
    with app.app_context():
        coop = db.session.get_one(Cooperative, coop_id)
        row_id = order_named(coop, "X2").id
        assert order_named(coop, "X1").order_id and order_named(coop, "X2").problem == "goods"
    held = f"{AT}/held/{row_id}"
    assert "X2" in client.get(AT).text and "N****n" in client.get(held).text
    assert _post(client, held, {"step": "goods", "pack-0": str(pack_id)}).location.endswith("/shopee")
    assert _post(client, f"{AT}/money", {"key": "m", "amount_vnd": "140.000"}).status_code == 303
    assert _post(client, f"{AT}/money", {"key": "m2", "amount_vnd": "1.000"}).status_code == 422
    assert (
        client.get("/manage/channels").status_code
        == client.get("/manage/marketplaces/drift").status_code
        == 200
    )


@pytest.mark.usefixtures("ctx")
def test_drift_shows_the_largest_difference_first_and_the_hub_what_to_do():
    coop, manager, pack = shop(5)
    with transaction():
        operations.told(manager, Site.SHOPEE, {pack.id: (pack.price_vnd, 5)})
        operations.told(manager, Site.VOSO, {pack.id: (pack.price_vnd - 1_000, 5)})
    bring(manager, coop, [line("Y1", pack, c6="3")], "k1")
    found = drifts(coop.id)
    assert [(one.site, one.oversold) for one in found] == [("voso", 3), ("shopee", 3)]
    assert found[0].now_stock == db.session.get_one(Pack, pack.id).available == 2
    lines = {one.title: one for one in doors(coop.id)}
    assert lines["Shopee"].todo == "Điền lại mẫu rồi nộp lên sàn." and lines["Sendo"].state == "Chưa dùng"
    assert queries.spoken(coop.id)["shopee"].last_at is not None


@pytest.mark.usefixtures("ctx")
def test_what_is_read_of_sites_takes_as_many_statements_for_many_as_for_few(app):
    """The figures that the docstrings name."""
    coop, manager, pack = shop(9)
    for more in (1, 6):
        packs = [pack, *(catalog.create_product(coop, f"Măng khô {more}{n}").packs[0] for n in range(more))]
        prices = {one.id: (one.price_vnd + 1_000, 5) for one in packs}
        with transaction():
            operations.told(manager, Site.SHOPEE, prices)
        rows = [line(f"Z{more}{n}", sku_of(one)) for n, one in enumerate(prices)]
        bring(manager, coop, rows[:1], f"k{more}")
        sent, own = send(manager, coop, rows, f"l{more}"), coop.id
        sales = sales_of(sent)
        reads = {
            "drifts": (lambda own=own: drifts(own), 3),
            "counts": (lambda own=own: counts(own), 1),
            "goods_of": (lambda own=own: goods_of(own), 4),
            "spoken": (lambda own=own: queries.spoken(own), 3),
            "skus": (lambda own=own: queries.skus(own, Site.SHOPEE), 3),
            "newest": (lambda own=own: queries.newest(own, Site.SHOPEE), 1),
            "preview": (lambda sent=sent, sales=sales: preview(sent, sales), 5),
            "doors": (lambda own=own: doors(own), 10),
        }
        found = {}
        for name, (read, _said) in reads.items():
            with count_queries(app) as counted:
                read()
            found[name] = counted.count
        assert found == {name: said for name, (_read, said) in reads.items()}
