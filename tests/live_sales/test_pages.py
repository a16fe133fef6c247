"""The pages as a manager uses them: a message ordered in three taps, a sale from the sheet to the words to send."""

import io
import re

from accounts.rules import Role
from tests.factories import accounts
from tests.factories.catalog import create_product
from tests.factories.cooperatives import create_cooperative, manager_of
from tests.factories.traceability import create_lot
from tests.queries import count_queries

MESSAGE = "Cho em 2 gói miến dong nhé. Nguyễn Thị Hoa 0912 345 678, số 8 ngõ 3, phường Cầu Giấy, Hà Nội"


def _shop(app, client):
    with app.app_context():
        coop = create_cooperative("HTX Ta")
        pack = create_product(coop, "Miến dong").packs[0]
        create_lot(coop, pack, 5, slips=[])
        pack_id, me = pack.id, manager_of(coop)
    accounts.sign_in(client, me)
    return pack_id


def _post(client, page, path, **data):
    """Send a form with the token of the page it stands on."""
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', client.get(page).text)[1]
    return client.post(path, data={"csrf_token": token} | data)


def _begin(client, key, title):
    return _post(client, "/manage/live", "/manage/live", key=key, title=title).location.split("#")[0]


def test_a_message_becomes_an_order_with_words_to_send_back(app, client):
    pack_id = _shop(app, client)
    looked = _post(client, "/manage/chat", "/manage/chat", message=MESSAGE).text
    assert all(
        text in looked for text in ("Nguyễn Thị Hoa", "0912 345 678", "số 8 ngõ 3", "phường Cầu Giấy, Hà Nội")
    )
    assert re.search(rf'<option[^>]*selected[^>]*value="{pack_id}"', looked)
    fields = {"key": "chat-key-0001", "message": MESSAGE, "name": "Nguyễn Thị Hoa", "phone": "0912 345 678",
              "place": "phường Cầu Giấy, Hà Nội", "address_line": "số 8 ngõ 3", "method": "vietqr",
              "pack0": str(pack_id), "quantity0": "2"}  # fmt: skip
    went = _post(client, "/manage/chat", "/manage/chat/order", **fields)
    again = _post(client, "/manage/chat", "/manage/chat/order", **fields)
    assert went.status_code == again.status_code == 303 and went.location == again.location
    done = client.get(went.location).get_data(as_text=True)
    assert "2 × Miến dong" in done and "/pay" in done


def test_what_is_missing_or_sold_out_is_said_and_nothing_typed_is_lost(app, client):
    pack_id = _shop(app, client)
    fields = {"key": "chat-key-0002", "message": MESSAGE, "name": "Hoa", "phone": "12", "place": "xyz", "pack0": "",
              "method": "vietqr"}  # fmt: skip
    answer = _post(client, "/manage/chat", "/manage/chat/order", **fields)
    page = answer.get_data(as_text=True)
    assert (
        answer.status_code == 422
        and "Chọn ít nhất một món." in page
        and 'value="Hoa"' in page
        and MESSAGE[:20] in page
    )
    fields |= {"phone": "0912345678", "place": "phường Cầu Giấy, Hà Nội", "address_line": "Số 8",
               "pack0": str(pack_id), "quantity0": "9"}  # fmt: skip
    answer = _post(client, "/manage/chat", "/manage/chat/order", **fields)
    assert answer.status_code == 422 and "Miến dong" in answer.get_data(as_text=True)


def test_a_sale_goes_from_the_sheet_to_the_words_to_send(app, client):
    pack_id = _shop(app, client)
    where = _begin(client, "live-key-0001", "Tối thứ bảy")
    _post(client, where, f"{where}/goods", pack_id=pack_id, code="M1")
    _post(
        client,
        where,
        f"{where}/comments",
        text="Hoa: m1 x2 0912345678 số 8, phường Cầu Giấy, Hà Nội\nTú: m1 bn?",
    )
    page = client.get(where).get_data(as_text=True)
    assert "m1 bn?" in page and "Đặt 1 đơn đã đủ" in page
    sent = client.get(_post(client, where, f"{where}/confirm", method="vietqr").location).text
    assert "2 × Miến dong" in sent and "/pay" in sent and "Đã đặt 1 đơn" in sent
    assert "Còn 3" in client.get(f"{where}/screen").get_data(as_text=True)


def test_a_file_that_is_no_text_is_refused_and_the_page_stays(app, client):
    _shop(app, client)
    where = _begin(client, "live-key-0002", "Buổi")
    answer = _post(client, where, f"{where}/comments", text="", file=(io.BytesIO(b"\xff\xfe\x00"), "a.txt"))
    assert answer.status_code == 422 and "không phải tệp chữ" in answer.get_data(as_text=True)


def test_a_buyer_of_the_shop_cannot_open_it(app, client):
    with app.app_context():
        who = accounts.actor_for(Role.BUYER)
    accounts.sign_in(client, who)
    assert client.get("/manage/live").status_code == 403


def test_goods_that_were_asked_about_and_not_chosen_are_never_left_out_in_silence(app, client):
    pack_id = _shop(app, client)
    fields = {"key": "chat-key-0003", "message": "x", "name": "Hoa", "phone": "0912345678", "method": "vietqr",
              "place": "phường Cầu Giấy, Hà Nội", "address_line": "Số 8", "pack0": str(pack_id), "quantity0": "1",
              "pack1": "", "quantity1": "2"}  # fmt: skip
    answer = _post(client, "/manage/chat", "/manage/chat/order", **fields)
    assert answer.status_code == 422 and "Chọn món, hoặc xoá số lượng để bỏ dòng này." in answer.text
    assert (
        _post(client, "/manage/chat", "/manage/chat/order", **(fields | {"quantity1": ""})).status_code == 303
    )


def test_the_big_screen_asks_cheaply_and_hears_when_what_is_left_changes(app, client):
    pack_id = _shop(app, client)
    where = _begin(client, "live-key-0003", "Buổi")
    _post(client, where, f"{where}/goods", pack_id=pack_id, code="M1")
    page = client.get(f"{where}/screen").text
    state = re.search(r'data-poll="([^"]+)" data-state="([^"]+)" data-steady', page)
    assert "<noscript>" in page and "Xem lại số còn" in page and "Còn 5" in page
    with count_queries(app) as asked:
        assert client.get(state[1]).get_json() == {"state": state[2]}
    _post(client, where, f"{where}/comments", text="Hoa: m1 x2")
    assert (
        client.get(state[1]).get_json()["state"] != state[2] and "Còn 3" in client.get(f"{where}/screen").text
    )
    assert asked.count <= 8, "four of its own; the rest is who asks"


def test_sold_out_is_answered_beside_the_comment_and_a_name_of_two_people_is_asked_about(app, client):
    pack_id = _shop(app, client)
    where = _begin(client, "live-key-0004", "Buổi")
    _post(client, where, f"{where}/goods", pack_id=pack_id, code="M1")
    assert _post(client, where, f"{where}/next", next_on="2026-11-01").status_code == 422
    _post(client, where, f"{where}/next", next_on="2026-11-29")
    said = "Bé: m1 x9\nLan: 1 m1 0912345678\nLan: 2 m1 0987654321"
    _post(client, where, f"{where}/comments", text=said)
    page = client.get(where).text
    assert re.search(r'data-copy="Chào Bé[^"]*chỉ còn 4, chưa đủ 9[^"]*29/11/2026', page)
    assert "Chưa đáp ứng được" in page and "Số 0987 654 321 khác số đã ghi" in page
    comment = re.search(r"comments/(\d+)/whose", page)[1]
    _post(client, where, f"{where}/comments/{comment}/whose", buyer="new")
    page = client.get(where).text
    assert "khác số đã ghi" not in page and "…678" in page and "…321" in page
    assert "Bình luận chờ xem lại" in client.get("/manage/live").text
    assert "Bình luận chờ xem lại" in client.get("/manage/channels").text
