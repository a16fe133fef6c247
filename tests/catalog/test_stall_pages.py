"""The manager's and administrator's pages of gift boxes, questions, reviews and collections."""

import pytest
from flask import Flask

from accounts.rules import SYSTEM, Role
from catalog.bundles.models import BundlePart
from catalog.collections.models import Collection
from catalog.models import Pack, Product
from catalog.questions import operations as questions
from catalog.questions.models import Question
from core.db import db, transaction
from tests.access.test_matrix import client_of
from tests.world import World


@pytest.fixture(autouse=True)
def _without_token(app: Flask):
    app.config["WTF_CSRF_ENABLED"] = False
    yield
    app.config["WTF_CSRF_ENABLED"] = True


@pytest.fixture
def manager(app: Flask, world: World):
    return client_of(app, world, Role.MANAGER)


@pytest.fixture
def admin(app: Flask, world: World):
    return client_of(app, world, Role.ADMINISTRATOR)


def ids(app: Flask, world: World, name: str) -> int:
    with app.app_context():
        return int(getattr(world, name).id)


BOX = {
    "key": "a-key-of-a-box-1",
    "name": "Hộp quà Tết",
    "price_vnd": "120.000",
    "story": "",
    "gross_weight_g": "",
}


def test_a_manager_puts_a_box_together_once_however_often_it_is_sent(app, world, manager):
    chosen = BOX | {"pack0": str(ids(app, world, "pack")), "count0": "2"}
    for _twice in range(2):
        answer = manager.post("/manage/boxes/new", data=chosen)
        assert answer.status_code == 303 and "/manage/products/" in answer.location
    with app.app_context():
        box = db.session.query(Pack).filter_by(bundle=True).one()
        assert (box.price_vnd, db.session.query(BundlePart).one().quantity) == (120_000, 2)
        box_id = box.id
    assert "Hộp quà Tết" in manager.get("/manage/boxes").text
    changed = {
        "price_vnd": "150.000",
        "pack0": str(ids(app, world, "pack")),
        "count0": "3",
        "gross_weight_g": "",
    }
    assert manager.post(f"/manage/boxes/{box_id}", data=changed).status_code == 303
    with app.app_context():
        assert db.session.get_one(Pack, box_id).price_vnd == 150_000


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"count0": "1"}, "ít nhất hai gói"),
        ({"name": ""}, "Viết tên hộp"),
        ({"price_vnd": "1500"}, "chưa tới 1.000"),
        ({"count0": "x"}, "Viết một số"),
    ],
)
def test_what_was_typed_into_a_refused_box_is_kept(app, world, manager, wrong, words):
    sent = BOX | {"pack0": str(ids(app, world, "pack")), "count0": "2", "story": "Kể dài dòng."} | wrong
    answer = manager.post("/manage/boxes/new", data=sent)
    assert answer.status_code == 422 and words in answer.text and "Kể dài dòng." in answer.text


def test_another_cooperatives_goods_are_not_even_offered(app, world, manager):
    sent = BOX | {"pack0": str(ids(app, world, "other_pack")), "count0": "2"}
    assert manager.post("/manage/boxes/new", data=sent).status_code == 422
    with app.app_context():
        assert db.session.query(Pack).filter_by(bundle=True).count() == 0


def test_a_manager_answers_a_question_and_an_empty_answer_comes_back(app, world, manager):
    product_id = ids(app, world, "product")
    with app.app_context(), transaction():
        asked = questions.ask("page-question-1", product_id, name="Chị Lan", text="Nấu bao lâu thì chín?").id
    assert "Nấu bao lâu thì chín?" in manager.get("/manage/questions").text
    assert "Câu hỏi của khách" in manager.get("/manage").text
    refused = manager.post(f"/manage/questions/{asked}", data={"answer": ""})
    assert refused.status_code == 422 and "Viết câu trả lời" in refused.text
    assert manager.post(f"/manage/questions/{asked}", data={"answer": "Năm phút."}).status_code == 303
    with app.app_context():
        assert db.session.get_one(Question, asked).answer == "Năm phút."


def test_an_administrator_passes_held_words_on_or_drops_them(app, world, admin):
    product_id = ids(app, world, "product")
    with app.app_context(), transaction():
        held = [
            questions.ask(f"held-question-{n}", product_id, name="Anh Tư", text=f"Gọi 091234567{n}").id
            for n in (1, 2)
        ]
    page = admin.get("/admin/questions").text
    assert "0912345671" in page and "số điện thoại" in page
    assert admin.post(f"/admin/questions/{held[0]}", data={"do": "pass"}).status_code == 303
    assert admin.post(f"/admin/questions/{held[1]}", data={"do": "remove"}).status_code == 303
    with app.app_context():
        assert [db.session.get_one(Question, one).state for one in held] == ["open", "removed"]


SHELF = {
    "title": "Quà Tết", "title_en": "Tết gifts", "intro": "", "intro_en": "", "illustration": "hop-qua",
    "rule": "listed",
    "from_on": "2026-11-01", "to_on": "2027-02-05", "position": "0", "category_id": "",
}  # fmt: skip


def test_an_administrator_opens_a_collection_by_whole_addresses(app, world, admin):
    with app.app_context():
        slug = world.product.slug
    listed = SHELF | {"slugs": f"https://chophien.example/products/{slug}?pack=3\n/products/{slug}"}
    assert admin.post("/admin/collections/new", data=listed).status_code == 303
    with app.app_context():
        made = db.session.query(Collection).one()
        collection_id, path = made.id, made.slug
    assert slug in admin.get(f"/admin/collections/{collection_id}").text
    shown = app.test_client().get(f"/collections/{path}")
    assert shown.status_code == 200 and slug in shown.text
    refused = admin.post(f"/admin/collections/{collection_id}", data=SHELF | {"slugs": "khong-co-mon-nay"})
    assert refused.status_code == 422 and "khong-co-mon-nay" in refused.text


def test_a_review_of_nobody_is_nobodys(manager, admin):
    assert manager.post("/manage/reviews/999999", data={"answer": "Cảm ơn."}).status_code == 404
    assert admin.post("/admin/reviews/999999", data={"do": "keep"}).status_code == 404


def test_a_withdrawn_product_cannot_be_asked_about(app, world):
    with app.app_context():
        slug, product_id = world.product.slug, world.product.id
        from catalog.operations import withdraw

        with transaction():
            withdraw(SYSTEM, product_id)
        assert db.session.get_one(Product, product_id).state == "withdrawn"
    assert app.test_client().get(f"/products/{slug}/ask").status_code == 404
