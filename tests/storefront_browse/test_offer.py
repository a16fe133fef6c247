"""What makes a product page convince: the lot one gets, the way home, people, boxes, voices, and what a phone keeps."""

from datetime import date, timedelta

import pytest

from accounts.rules import SYSTEM, Role
from catalog.certificates.operations import add_certificate
from catalog.collections.operations import Shelf, save_collection
from catalog.collections.rules import Rule
from catalog.models import Product
from catalog.questions.models import Question
from catalog.questions.operations import answer
from catalog.rules import CertificateKind
from cooperatives.members.operations import helped_consent
from core import clock
from core.db import db, transaction
from core.errors import Invalid, NotFound
from households.operations import withdraw_consent
from households.rules import Purpose
from orders import queries as orders
from orders.reviews.models import BuyerReview
from orders.reviews.operations import write_review
from places.outline.rules import HEIGHT, WIDTH, dot_of, drawing
from places.public import delivery_to, provinces_to_choose
from places.queries import shipping_quote
from tests.conftest import NOW
from tests.factories import payments, revenue
from tests.factories.accounts import actor_for
from tests.factories.bundles import create_box
from tests.factories.catalog import create_product, set_available
from tests.factories.cooperatives import create_cooperative, create_producer, manager_of
from tests.factories.places import commune
from tests.factories.traceability import create_lot
from tests.queries import count_queries
from tests.site.reading import Page, faults


@pytest.fixture
def shop(app):
    """One cooperative, noodles from two lots and tea; another with noodles of the same kind."""
    with app.app_context():
        coop, other = create_cooperative("HTX Tài Hoan"), create_cooperative("HTX Bạn")
        noodles, tea = create_product(coop, "Miến dong"), create_product(coop, "Trà hoa", 70_000)
        create_product(other, "Miến trắng")
        gone = create_lot(coop, noodles.packs[0], 5, expires_on=date(2026, 11, 20))
        later = create_lot(coop, noodles.packs[0], 5, expires_on=date(2027, 6, 30))
        first = create_lot(coop, noodles.packs[0], 5, expires_on=date(2027, 3, 31))
        create_lot(coop, tea.packs[0], 9)
        found = {
            "coop": coop.slug, "coop_id": coop.id, "product_id": noodles.id, "pack_id": noodles.packs[0].id,
            "tea_pack_id": tea.packs[0].id, "first": first.code, "later": later.code, "gone": gone.code,
        }  # fmt: skip
        db.session.rollback()
    return found


def test_the_page_names_the_lot_that_an_order_would_get_now(client, shop):
    page = client.get("/products/mien-dong").text
    assert shop["first"] in page and "31/03/2027" in page
    assert shop["later"] not in page and shop["gone"] not in page, "another lot, and one that has expired"


def test_delivery_to_my_province_costs_what_checkout_will_ask(app, client, shop):
    assert "Chọn tỉnh để thấy tiền" in client.get("/products/mien-dong").text
    page = client.get("/products/mien-dong?to=01").text
    with app.app_context():
        product = db.session.get_one(Product, shop["product_id"])
        quote = shipping_quote(product.origin_commune_id, commune("Cầu Giấy").id, product.packs[0].gross_weight_g, clock.today())  # fmt: skip # noqa: E501
    price = f"{quote.price_vnd:,}".replace(",", ".")
    first, last = (clock.today() + timedelta(days) for days in (quote.days_min, quote.days_max))
    for words in (
        "Về Hà Nội:",
        f"{price}\u00a0đ",
        f"{first:%d/%m/%Y}",
        f"{last:%d/%m/%Y}",
        'value="01" selected',
    ):
        assert words in page, words
    piece = client.get("/products/mien-dong/delivery?to=01")
    assert "Về Hà Nội:" in piece.text and "<html" not in piece.text and "Set-Cookie" not in piece.headers
    assert "Delivery prices" in client.get("/products/mien-dong/delivery?to=99&hl=en").text


@pytest.mark.parametrize("to", ["99", "x", "%00", "' OR 1=1", ""])
def test_a_province_that_is_none_asks_again(client, shop, to):
    assert "Chọn tỉnh để thấy tiền" in client.get(f"/products/mien-dong?to={to}").text


def test_too_heavy_a_parcel_says_so_instead_of_a_price(ctx):
    day, here = clock.today(), commune()
    found = delivery_to(here.id, "01", 10**9, day, on_rates_of=day)
    assert found is not None and isinstance(found.trouble, Invalid) and found.price_vnd == 0


def test_every_province_of_today_has_a_dot_on_the_drawing_and_nothing_finer_is_known(ctx):
    for one in provinces_to_choose(clock.today()):
        dot = dot_of(one.code)
        assert dot is not None, one.name
        assert 0 < dot[0] < WIDTH and 0 < dot[1] < HEIGHT
    assert dot_of("02") is None  # a province that has been merged
    assert len(drawing().land) < 700


def test_the_map_says_it_is_a_province_and_shows_the_archipelagos(client, shop):
    page = client.get("/products/mien-dong").text
    for words in ("chấm ở tỉnh Thái Nguyên", "Vị trí tỉnh, không phải nhà ai.", "Hoàng Sa", "Trường Sa"):
        assert words in page, words


def test_stars_of_a_paper_that_has_ended_are_not_shown(app, client, shop):
    with app.app_context(), transaction():
        db.session.get_one(Product, shop["product_id"]).ocop_stars = 4
        ended = {
            "valid_from": date(2023, 1, 1),
            "valid_to": date(2026, 11, 21),
            "product_id": shop["product_id"],
        }
        add_certificate(
            SYSTEM, shop["coop_id"], kind=CertificateKind.OCOP, number="7", issuer="UBND tỉnh", **ended
        )
    assert "OCOP 4 sao" not in client.get("/products/mien-dong").text


def test_people_are_named_on_the_cooperative_page_while_they_agree(app, client, shop):
    with app.app_context():
        coop = orders.cooperatives.cooperative(shop["coop_id"])
        boss, producer = manager_of(coop), create_producer(coop, "Nông Thị Mẫu")
        create_producer(coop, "Lý Thị Kín")
        with transaction():
            consent_id = helped_consent(boss, producer.id, Purpose.SHOW_NAME).id
    page = client.get(f"/cooperatives/{shop['coop']}").text
    assert "Nông Thị Mẫu" in page and "Thôn Chè Cọ" in page and "Lý Thị Kín" not in page
    with app.app_context(), transaction():
        withdraw_consent(SYSTEM, consent_id)
    assert "Nông Thị Mẫu" not in client.get(f"/cooperatives/{shop['coop']}").text


def test_a_box_shows_what_lies_in_it_from_which_lots_and_what_that_costs_alone(app, client, shop):
    with app.app_context():
        coop = orders.cooperatives.cooperative(shop["coop_id"])
        from catalog.models import Pack

        packs = [
            (db.session.get_one(Pack, shop[name]), count)
            for name, count in (("pack_id", 2), ("tea_pack_id", 1))
        ]
        create_box(coop, packs, 180_000)
        db.session.rollback()
    page = client.get("/products/hop-qua-tet").text
    for words in (
        "Trong hộp có",
        "Miến dong",
        "Trà hoa",
        shop["first"],
        "Mua lẻ từng món: 200.000\u00a0đ",
        "Chỉ còn 5.",
    ):
        assert words in page, words
    assert faults(Page(page)) == []


def test_a_full_product_page_is_valid_light_and_asks_few_questions(app, client, shop):
    client.get("/products/mien-dong?to=01")
    with count_queries(app) as counted:
        text = client.get("/products/mien-dong?to=79").text
    assert faults(Page(text)) == [] and len(text.encode()) < 60_000
    assert counted.count <= 15, counted.statements


# ---- what buyers write ----


def _token(text):
    return text.split('name="csrf_token" type="hidden" value="')[1].split('"')[0]


def test_a_question_is_asked_without_an_account_and_shown_with_its_answer(app, client, shop):
    form = client.get("/products/mien-dong/ask").text
    key = form.split('name="key" type="hidden" value="')[1].split('"')[0]
    sent = {
        "csrf_token": _token(form),
        "key": key,
        "text": "Nấu bao lâu thì chín?",
        "name": "Chị Lan",
        "phone": "091",
    }
    refused = client.post("/products/mien-dong/ask", data=sent)
    assert (
        refused.status_code == 422
        and "Nấu bao lâu thì chín?" in refused.text
        and 'value="091"' in refused.text
    )
    for _twice in range(2):
        assert (
            client.post("/products/mien-dong/ask", data=sent | {"phone": "0912 345 678"}).status_code == 303
        )
    assert "Nấu bao lâu" not in client.get("/products/mien-dong").text
    with app.app_context(), transaction():
        answer(SYSTEM, db.session.query(Question).one().id, "Năm phút.")
    page = client.get("/products/mien-dong").text
    assert (
        "Nấu bao lâu thì chín?" in page
        and "Năm phút." in page
        and "912" not in page.split('id="questions"')[1][:900]
    )


def test_a_buyer_reviews_from_the_tracking_page_and_others_read_and_report(app, client, shop):
    with app.app_context():
        coop = orders.cooperatives.cooperative(shop["coop_id"])
        revenue.opened(coop, 5_000_000, 5_000_000)
        from catalog.models import Pack

        order = payments.place_order([(db.session.get_one(Pack, shop["pack_id"]), 1)])[0]
        payments.pay(order)
        token = order.token
        assert "review" not in client.get(f"/orders/{token}").text
        revenue.delivered(payments.shipped(order))
        line_id = orders.lines(order.id)[0].id
    path = f"/orders/{token}/review/{line_id}"
    assert path in client.get(f"/orders/{token}").text
    form = client.get(path)
    assert form.headers["Referrer-Policy"] == "no-referrer" and form.headers["X-Robots-Tag"] == "noindex"
    sent = {"csrf_token": _token(form.text), "stars": "", "text": "Sợi dai, thơm.", "name": "Chị L."}
    refused = client.post(path, data=sent)
    assert refused.status_code == 422 and "Sợi dai, thơm." in refused.text
    assert client.post(path, data=sent | {"stars": "4"}).status_code == 303
    assert "Bạn cho 4 sao" in client.get(f"/orders/{token}").text
    page = client.get("/products/mien-dong").text
    assert (
        "Sợi dai, thơm." in page and "Chị L." in page and "4 (1 nhận xét)" in page and "912345678" not in page
    )
    assert "Sợi dai, thơm." in client.get("/products/mien-dong/reviews").text
    with app.app_context():
        review_id = db.session.query(BuyerReview).one().id
    report = client.get(f"/reviews/{review_id}/report").text
    key = report.split('name="key" type="hidden" value="')[1].split('"')[0]
    told = {"csrf_token": _token(report), "key": key, "reason": "untrue"}
    assert client.post(f"/reviews/{review_id}/report", data=told).status_code == 303
    assert client.post(f"{path}/remove", data={"csrf_token": _token(form.text)}).status_code == 303
    assert "Sợi dai, thơm." not in client.get("/products/mien-dong").text


def test_words_of_buyers_are_text_and_never_markup(app, client, shop):
    with app.app_context():
        coop = orders.cooperatives.cooperative(shop["coop_id"])
        revenue.opened(coop, 5_000_000, 5_000_000)
        from catalog.models import Pack

        order = payments.place_order([(db.session.get_one(Pack, shop["pack_id"]), 1)])[0]
        payments.pay(order)
        revenue.delivered(payments.shipped(order))
        line_id = orders.lines(order.id)[0].id
        with transaction():
            write_review(
                order.token, line_id, stars=1, text="<img src=x onerror=alert(1)>", name="<b>Chị</b>"
            )
    page = client.get("/products/mien-dong").text
    assert "<img src=x" not in page and "<b>Chị</b>" not in page and "&lt;img src=x" in page


# ---- collections, and what a phone keeps ----


def shelf(**changes):
    facts = {
        "title": "Quà Tết", "title_en": "Tết gifts", "intro": "", "intro_en": "", "illustration": "hop-qua",
        "rule": Rule.LISTED, "from_on": date(2026, 11, 1), "to_on": date(2026, 11, 22),
    }  # fmt: skip
    return Shelf(**(facts | changes))


def test_a_collection_stands_from_its_first_day_to_its_last_on_home_and_by_itself(app, client, shop):
    with app.app_context():
        admin = actor_for(Role.ADMINISTRATOR)
        with transaction():
            save_collection(admin, None, shelf(slugs=["tra-hoa"]))
    page = client.get("/collections/qua-tet").text
    assert "Trà hoa" in page and "Miến dong" not in page and "22/11/2026" in page
    assert "/collections/qua-tet" in client.get("/").text and "Tết gifts" in client.get("/?hl=en").text
    with clock.use(NOW + timedelta(days=1)):
        assert client.get("/collections/qua-tet").status_code == 404
        assert "/collections/qua-tet" not in client.get("/").text


@pytest.mark.parametrize(
    ("changes", "names"),
    [
        ({"rule": Rule.OCOP}, {"Trà hoa"}),
        ({"rule": Rule.BOXES}, {"Hộp quà Tết"}),
        ({"rule": Rule.CATEGORY, "category_id": 2}, {"Miến dong", "Trà hoa", "Miến trắng", "Hộp quà Tết"}),
        ({"slugs": ["mien-trang"]}, {"Miến trắng"}),
    ],
)
def test_what_a_rule_gathers(ctx, changes, names):
    from catalog.collections.queries import collection, goods

    coop = create_cooperative()
    noodles, tea = (
        create_product(coop, "Miến dong"),
        create_product(coop, "Trà hoa", ocop_stars=4),
    )
    create_product(create_cooperative("HTX Bạn"), "Miến trắng")
    with transaction():
        db.session.get_one(Product, noodles.id).ocop_stars = 3
    for product_id, ends in ((tea.id, date(2027, 1, 1)), (noodles.id, date(2026, 1, 1))):
        with transaction():
            add_certificate(SYSTEM, coop.id, kind=CertificateKind.OCOP, number=str(product_id), issuer="UBND tỉnh",
                            valid_from=date(2025, 1, 1), valid_to=ends, product_id=product_id)  # fmt: skip
    set_available(noodles.id, 5)
    create_box(coop, [(noodles.packs[0], 2)], 100_000)
    if "category_id" in changes:
        changes = changes | {"category_id": db.session.get_one(Product, noodles.id).category_id}
    with transaction():
        save_collection(SYSTEM, None, shelf(**changes))
    assert {card.title for card in goods(collection("qua-tet", clock.today()))} == names


@pytest.mark.parametrize(
    "wrong",
    [
        {"title": ""}, {"to_on": date(2026, 10, 1)}, {"illustration": "khong-co"}, {"slugs": ["khong-co"]},
        {"rule": Rule.CATEGORY}, {"title_en": "x" * 61},
    ],
)  # fmt: skip
def test_a_collection_that_cannot_be(ctx, wrong):
    with pytest.raises(Invalid), transaction():
        save_collection(SYSTEM, None, shelf(**wrong))


def test_a_collection_keeps_its_path_when_its_title_changes(ctx):
    from catalog.collections.queries import collection

    with transaction():
        made = save_collection(SYSTEM, None, shelf())
    with transaction():
        save_collection(SYSTEM, made.id, shelf(title="Quà xuân"))
    assert collection("qua-tet", clock.today()).name == "Quà xuân"
    with pytest.raises(NotFound):
        collection("qua-xuan", clock.today())


def test_cards_of_what_a_phone_kept_come_in_its_order_without_cookie(app, client, shop):
    with app.app_context():
        ids = {one.slug: one.id for one in db.session.query(Product)}
    asked = f"{ids['tra-hoa']},{ids['mien-dong']},{ids['tra-hoa']},999999,x,-1,%00"
    answer = client.get(f"/products/cards?ids={asked}")
    assert (
        answer.text.index("Trà hoa") < answer.text.index("Miến dong") and "Set-Cookie" not in answer.headers
    )
    assert answer.text.count("<li") == 2 and "<html" not in answer.text
    assert client.get("/products/cards").text.strip() == ""
    assert "bằng JavaScript" in client.get("/kept").text
