"""Questions: who may ask, which words wait for a person, who answers, and who is told."""

from datetime import timedelta

import pytest

from accounts.rules import SYSTEM, Role
from catalog import operations as catalog
from catalog.models import Product
from catalog.questions import operations, queries
from catalog.questions.models import Question
from catalog.questions.rules import QUESTION_MAX, State, worth_a_look
from core import clock
from core.db import db, transaction
from core.errors import Conflict, Invalid, NotAllowed, NotFound, TooMany
from messages.models import Message
from tests.conftest import NOW
from tests.factories.accounts import actor_for
from tests.factories.catalog import create_product
from tests.factories.cooperatives import create_cooperative


@pytest.mark.parametrize(
    ("text", "reasons"),
    [
        ("Nấu bao lâu thì chín?", []),
        ("Mua 10 gói 500 g giá 650.000 đ được không?", []),
        ("Gọi 0912 345 678", ["số điện thoại"]),
        ("gọi mình +84.912.345.678 nha", ["số điện thoại"]),
        ("xem ở shopcuatoi.com", ["đường dẫn"]),
        ("http://x.y", ["đường dẫn"]),
        ("viết cho a.b@c.vn", ["đường dẫn"]),
        ("Quân lừa đảo, gọi 0912345678", ["số điện thoại", "lời nặng"]),
        ("trà này chữa đau lưng không", ["lời hứa chữa bệnh"]),
        ("Bọn mọi rợ biết gì", ["lời nặng"]),
        ("mọi người đều khen", []),
        ("Sinh năm 1984, mua 2 cân", []),
    ],
)
def test_which_words_are_worth_a_look(text, reasons):
    assert worth_a_look(text) == reasons


@pytest.fixture
def noodles(ctx):
    coop = create_cooperative()
    return coop, create_product(coop, "Miến dong")


def ask(product, text="Nấu bao lâu thì chín?", key="question-1", **more):
    product_id = product.id
    with transaction():
        return operations.ask(key, product_id, name=more.pop("name", "Chị Lan"), text=text, **more)


def manager(coop):
    return actor_for(Role.MANAGER, coop.organisation_id)


def test_a_question_is_shown_only_with_its_answer_and_the_asker_is_told_once(noodles):
    coop, product = noodles
    asked = ask(product, phone="+84912345678", language="en")
    assert queries.answered(product.id) == () and queries.count_waiting(coop.id) == 1
    boss = manager(coop)
    with transaction():
        operations.answer(boss, asked.id, "Chừng năm phút.")
    shown = queries.answered(product.id)[0]
    assert (shown.name, shown.text, shown.answer) == ("Chị Lan", "Nấu bao lâu thì chín?", "Chừng năm phút.")
    assert "0912345678" not in repr(shown) and "phone" not in repr(shown)
    assert db.session.get_one(Product, product.id, populate_existing=True).question_count == 1
    told = db.session.query(Message).filter_by(kind="question").one()
    assert (
        told.to_address == "+84912345678"
        and "Chừng năm phút." in told.body
        and "?hl=en#questions" in told.body
    )
    with pytest.raises(Conflict), transaction():
        operations.answer(boss, asked.id, "Lần nữa.")


def test_nobody_is_told_who_left_no_number(noodles):
    coop, product = noodles
    asked, boss = ask(product), manager(coop)
    with transaction():
        operations.answer(boss, asked.id, "Năm phút.")
    assert db.session.query(Message).filter_by(kind="question").count() == 0


def test_a_double_tap_is_one_question(noodles):
    _coop, product = noodles
    assert ask(product).id == ask(product).id


def test_held_words_reach_the_cooperative_only_after_a_person_looked(noodles):
    coop, product = noodles
    asked, boss = ask(product, "Gọi mình 0912 345 678"), manager(coop)
    assert (asked.state, asked.held_for) == (State.HELD, "số điện thoại")
    assert queries.of_cooperative(coop.id) == [] and len(queries.held()) == 1
    with pytest.raises(Conflict), transaction():
        operations.answer(boss, asked.id, "Vâng.")
    with pytest.raises(NotAllowed), transaction():
        operations.decide(boss, asked.id, good=True)
    with transaction():
        operations.decide(actor_for(Role.ADMINISTRATOR), asked.id, good=True)
    assert queries.count_waiting(coop.id) == 1 and list(queries.held()) == []


def test_a_removed_question_is_gone_from_the_page(noodles):
    coop, product = noodles
    asked, boss = ask(product), manager(coop)
    with transaction():
        operations.answer(boss, asked.id, "Năm phút.")
    with transaction():
        operations.take_down(actor_for(Role.ADMINISTRATOR), asked.id)
    assert queries.answered(product.id) == ()
    assert db.session.get_one(Product, product.id, populate_existing=True).question_count == 0


def test_another_cooperative_cannot_answer(noodles):
    _coop, product = noodles
    asked, stranger = ask(product), manager(create_cooperative("HTX Bạn"))
    with pytest.raises(NotFound), transaction():
        operations.answer(stranger, asked.id, "Không phải tôi.")


def test_what_cannot_be_asked(noodles):
    _coop, product = noodles
    for wrong in ({"text": "?"}, {"text": "a" * (QUESTION_MAX + 1)}, {"name": " "}):
        with pytest.raises(Invalid):
            ask(product, **wrong)
    with transaction():
        catalog.withdraw(SYSTEM, product.id)
    with pytest.raises(NotFound):
        ask(product)


def test_one_address_asks_six_times_an_hour(noodles):
    _coop, product = noodles
    for number in range(6):
        ask(product, key=f"question-{number}", sender="203.0.113.9")
    with pytest.raises(TooMany):
        ask(product, key="question-7", sender="203.0.113.9")


def test_a_year_later_the_number_is_forgotten(noodles):
    _coop, product = noodles
    asked = ask(product, phone="+84912345678")
    with clock.use(NOW + timedelta(days=366)), transaction():
        assert operations.forget_phones() == 1
    assert db.session.get_one(Question, asked.id, populate_existing=True).phone == ""
