"""What a phone hands in arrives once, lands in the verbs of the online pages, and is refused in words."""

import hashlib
from datetime import timedelta
from io import BytesIO
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image

from accounts.drafts import queries as drafts
from accounts.rules import Actor, Role
from catalog.models import Pack, Photo, Product
from core.audit import AuditLine
from core.db import db, transaction
from tests.conftest import NOW
from tests.factories.accounts import actor_for, sign_in
from tests.factories.catalog import create_product
from tests.factories.cooperatives import create_cooperative, create_producer, manager_of
from tests.factories.payments import pay, place_order
from tests.factories.revenue import opened
from tests.factories.traceability import create_crop, create_lot
from traceability.models import Slip

MANY = {"name": "Miến dong Côn Minh", "net_quantity": "5 lạng", "price_vnd": "65.000", "story": "Ngon"}


class Phone:
    """A signed-in person's phone, as the scripts in it speak to the server."""

    def __init__(self, client: FlaskClient, who: Actor) -> None:
        self.client = client
        sign_in(client, who)

    def token(self) -> dict[str, Any]:
        return dict(self.client.get("/manage/offline/token").get_json())

    def send(self, path: str, data: Any, **more: Any) -> Any:
        headers = {"X-CSRFToken": self.token()["token"], "Accept": "application/json"}
        return self.client.post(f"/manage/offline/{path}", data=data, headers=headers, **more)

    def product(self, key: str, **fields: str) -> Any:
        return self.send("products", MANY | {"key": key} | fields)

    def photo(self, key: str, photo_key: str, data: bytes, sha256: str | None = None) -> Any:
        named = sha256 or hashlib.sha256(data).hexdigest()
        path = f"products/{key}/photos/{photo_key}?sha256={named}"
        return self.send(path, data, content_type="image/jpeg")


def jpeg(colour: str = "orange") -> bytes:
    out = BytesIO()
    Image.new("RGB", (400, 400), colour).save(out, "JPEG")
    return out.getvalue()


@pytest.fixture
def people(app: Flask) -> dict[str, Any]:
    with app.app_context():
        coop = create_cooperative("HTX Ta")
        opened(coop, cash_vnd=1_000_000)
        producer, crop = create_producer(coop, "Bàn Thị Lềnh"), create_crop("Củ dong riềng")
        return {"manager": manager_of(coop), "colleague": actor_for(Role.DIGITAL_TEAM, coop.organisation_id),
                "treasurer": actor_for(Role.TREASURER, coop.organisation_id),
                "stranger": manager_of(create_cooperative("HTX Khác")),
                "producer": producer.id, "code": producer.code, "crop": crop.id}  # fmt: skip


@pytest.fixture
def phone(client: FlaskClient, people: dict[str, Any]) -> Phone:
    return Phone(client, people["manager"])


def key() -> str:
    return str(uuid4())


def rows(app: Flask, model: Any) -> list[Any]:
    with app.app_context():
        found = db.session.query(model).all()
        db.session.expunge_all()
        return found


# ---- products ----


def test_a_product_from_a_phone_is_a_draft_with_its_pack(app: Flask, phone: Phone) -> None:
    mine = key()
    answer = phone.product(mine)
    assert answer.status_code == 200
    product, pack = rows(app, Product)[0], rows(app, Pack)[0]
    assert answer.get_json() == {"url": f"/manage/products/{product.id}"}
    assert (product.key, product.name, product.state) == (mine, MANY["name"], "draft")
    assert (pack.label, pack.net_quantity, pack.price_vnd) == ("500 g", 500, 65_000)


def test_the_same_product_sent_five_times_is_one_and_gets_the_same_answer(app: Flask, phone: Phone) -> None:
    mine = key()
    answers = [phone.product(mine).get_json() for _again in range(5)]
    assert len({str(one) for one in answers}) == 1
    assert len(rows(app, Product)) == 1 and len(rows(app, Pack)) == 1


def test_a_late_repeat_does_not_write_over_what_was_finished_online(app: Flask, phone: Phone) -> None:
    mine = key()
    phone.product(mine)
    with app.app_context(), transaction():
        db.session.query(Product).one().name = "Tên đã sửa trên mạng"
    assert phone.product(mine).status_code == 200
    assert rows(app, Product)[0].name == "Tên đã sửa trên mạng"


def test_other_words_under_a_key_that_arrived_are_refused_and_change_nothing(
    app: Flask, phone: Phone
) -> None:
    mine = key()
    phone.product(mine)
    answer = phone.product(mine, name="Tên khác hẳn")
    assert answer.status_code == 422 and "nội dung khác" in answer.get_json()["message"]
    assert rows(app, Product)[0].name == MANY["name"]


def test_a_price_without_an_amount_is_asked_for_and_nothing_is_half_saved(app: Flask, phone: Phone) -> None:
    answer = phone.product(key(), net_quantity="")
    assert answer.status_code == 422 and "500" in answer.get_json()["errors"]["net_quantity"][0]
    assert rows(app, Product) == []


def test_a_refused_product_goes_through_once_it_was_mended_under_the_same_key(
    app: Flask, phone: Phone
) -> None:
    mine = key()
    assert phone.product(mine, price_vnd="nhiều tiền").status_code == 422
    assert phone.product(mine).status_code == 200
    assert len(rows(app, Product)) == 1


def test_another_cooperatives_phone_cannot_reach_a_product_by_its_key(
    app: Flask, phone: Phone, people: dict[str, Any]
) -> None:
    mine = key()
    phone.product(mine)
    other = Phone(app.test_client(), people["stranger"])
    assert other.product(mine).status_code == 422
    assert other.photo(mine, key(), jpeg()).status_code == 404
    assert rows(app, Photo) == []


# ---- photos ----


def test_photos_arrive_in_order_and_a_repeat_adds_none(app: Flask, phone: Phone) -> None:
    mine, first, second = key(), key(), key()
    phone.product(mine)
    for name, colour in ((first, "orange"), (first, "orange"), (second, "green"), (first, "orange")):
        assert phone.photo(mine, name, jpeg(colour)).status_code == 200
    found = sorted(rows(app, Photo), key=lambda one: one.position)
    assert [one.key for one in found] == [f"phone:{first}", f"phone:{second}"]


def test_a_photo_cut_on_the_way_is_not_kept_and_may_come_again(app: Flask, phone: Phone) -> None:
    mine, name, whole = key(), key(), jpeg()
    phone.product(mine)
    cut = phone.photo(mine, name, whole[:-200], hashlib.sha256(whole).hexdigest())
    assert cut.status_code == 409 and rows(app, Photo) == []
    assert phone.photo(mine, name, whole).status_code == 200 and len(rows(app, Photo)) == 1


def test_a_photo_that_was_taken_away_does_not_come_back_with_a_late_repeat(app: Flask, phone: Phone) -> None:
    mine, name = key(), key()
    phone.product(mine)
    phone.photo(mine, name, jpeg())
    with app.app_context(), transaction():
        db.session.query(Photo).delete()
    assert phone.photo(mine, name, jpeg()).status_code == 200 and rows(app, Photo) == []


@pytest.mark.parametrize("data", [b"", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"\xff\xd8\xff rubbish"])
def test_what_is_no_picture_is_refused_in_words(phone: Phone, data: bytes) -> None:
    mine = key()
    phone.product(mine)
    answer = phone.photo(mine, key(), data)
    assert answer.status_code == 422 and answer.get_json()["message"]


# ---- slips ----


def slip(people: dict[str, Any], **changed: str) -> dict[str, str]:
    return {"producer_id": str(people["producer"]), "crop_id": str(people["crop"]), "gross_g": "43,6", "tare_g": "0,8",
            "grade": "1", "price_vnd_per_kg": "3.500", "pay_from": "cash", "advance_vnd": "100.000", "key": key(),
            "ago_s": "7200"} | changed  # fmt: skip


def test_a_slip_keeps_the_hour_of_the_scale_and_pays_once(
    app: Flask, phone: Phone, people: dict[str, Any]
) -> None:
    sent = slip(people)
    answers = [phone.send("slips", sent | {"ago_s": ago}) for ago in ("7200", "7260", "90000")]
    assert [one.status_code for one in answers] == [200, 200, 200], answers[0].get_json()
    (made,) = rows(app, Slip)
    assert made.weighed_at == NOW - timedelta(hours=2) and made.recorded_at == NOW
    assert (made.net_g, made.advance_vnd, made.key) == (42_800, 100_000, sent["key"])
    with app.app_context():
        from revenue.models import Entry

        assert db.session.query(Entry).filter_by(kind="advance").count() == 1


def test_a_producer_may_be_named_by_her_code(app: Flask, phone: Phone, people: dict[str, Any]) -> None:
    sent = slip(people, producer_id="", producer_code=people["code"].lower())
    assert phone.send("slips", sent).status_code == 200
    assert rows(app, Slip)[0].producer_id == people["producer"]


def test_a_wrong_slip_comes_back_with_words_beside_its_fields(
    app: Flask, phone: Phone, people: dict[str, Any]
) -> None:
    sent = slip(people, tare_g="50", producer_id="", producer_code="KHONG-CO", ago_s="mới")
    said = phone.send("slips", sent).get_json()
    assert "nặng hơn" in said["errors"]["gross_g"][0] and "Chọn một nhà" in said["errors"]["producer_id"][0]
    assert rows(app, Slip) == []


def test_an_advance_that_the_till_does_not_hold_keeps_the_slip_unwritten(
    app: Flask, phone: Phone, people: dict[str, Any]
) -> None:
    answer = phone.send("slips", slip(people, advance_vnd="90.000.000"))
    assert answer.status_code == 422 and rows(app, Slip) == []


def test_another_cooperatives_producer_cannot_be_weighed(
    app: Flask, client: FlaskClient, people: dict[str, Any]
) -> None:
    assert Phone(client, people["stranger"]).send("slips", slip(people)).status_code == 422
    assert rows(app, Slip) == []


# ---- whose phone, which names ----


def test_the_passport_tells_people_houses_and_keys_apart_and_names_nobody(
    app: Flask, people: dict[str, Any]
) -> None:
    papers = {
        name: Phone(app.test_client(), people[name]).token() for name in ("manager", "colleague", "stranger")
    }
    assert (
        len({one["who"] for one in papers.values()}) == 3
        and len({one["key"] for one in papers.values()}) == 3
    )
    assert papers["manager"]["house"] == papers["colleague"]["house"] != papers["stranger"]["house"]
    assert (papers["manager"]["pay"], papers["colleague"]["pay"], papers["colleague"]["product"]) == (
        True,
        False,
        False,
    )
    assert set(papers["manager"]) == {"who", "house", "key", "product", "slip", "pay", "stall", "token"}


def test_the_key_is_the_same_at_the_next_sign_in(app: Flask, people: dict[str, Any]) -> None:
    once, again = (Phone(app.test_client(), people["manager"]).token() for _time in range(2))
    assert once["key"] == again["key"] and once["who"] == again["who"] and once["token"] != again["token"]


def test_names_for_the_scale_are_the_cooperatives_own_and_taking_them_is_written_down(
    app: Flask, phone: Phone, people: dict[str, Any]
) -> None:
    phone.send("slips", slip(people))
    got = phone.send("names", {}).get_json()
    assert got["producers"] == [[people["producer"], people["code"], "Bàn Thị Lềnh"]]
    assert [people["crop"], "Củ dong riềng"] in got["crops"]
    assert got["prices"] == {str(people["crop"]): {"1": 3_500}}
    with app.app_context():
        assert db.session.query(AuditLine).filter_by(verb="take names along").count() == 1


def test_order_codes_go_along_without_a_word_about_the_buyer(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        coop = create_cooperative("HTX Có Đơn")
        pack = create_product(coop, "Miến dong").packs[0]
        create_lot(coop, pack, 6)
        order = place_order([(pack, 2)], phone="+84987654321")[0]
        pay(order)
        manager, code, buyer = manager_of(coop), order.code, order.purchase.buyer_name
    sign_in(client, manager)
    answer = client.get("/manage/offline/orders")
    assert answer.get_json() == {"orders": [[code, "2 × Miến dong", "to_pack"]]}
    assert buyer not in answer.text and "987654321" not in answer.text


def test_a_treasurer_gets_no_names(client: FlaskClient, people: dict[str, Any]) -> None:
    assert Phone(client, people["treasurer"]).send("names", {}).status_code == 403


def test_nobody_and_the_wrong_role_are_told_why_and_get_no_key(app: Flask, client: FlaskClient) -> None:
    assert client.get("/manage/offline/token").get_json() == {"who": "", "why": "signin"}
    with app.app_context():
        buyer = actor_for(Role.BUYER)
    sign_in(client, buyer)
    assert client.get("/manage/offline/token").get_json() == {"who": "", "why": "role"}


def test_an_ended_session_keeps_what_a_phone_sends_out(app: Flask, client: FlaskClient) -> None:
    assert client.post("/manage/offline/products", data=MANY | {"key": key()}).status_code in (400, 401)
    assert rows(app, Product) == []


def test_text_drafts_are_kept_taken_up_and_gone_once_the_thing_was_sent(
    app: Flask, phone: Phone, people: dict[str, Any]
) -> None:
    mine = key()
    assert (
        phone.send(f"drafts/{mine}", {"form": "product", "name": "Miến", "story": "Dở dang"}).status_code
        == 204
    )
    elsewhere = Phone(app.test_client(), people["manager"])
    assert elsewhere.client.get(f"/manage/offline/drafts/{mine}").get_json() == {
        "key": mine, "form": "product", "fields": {"name": "Miến", "story": "Dở dang"}
    }  # fmt: skip
    assert "Miến" in elsewhere.client.get("/manage").text
    phone.product(mine)
    assert elsewhere.client.get(f"/manage/offline/drafts/{mine}").status_code == 404
    with app.app_context():
        assert drafts.drafts(people["manager"]) == []
