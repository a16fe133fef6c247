"""Money that names two orders, money in suspense with a suggestion, and a decision taken back before it is used."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from accounts.rules import Role
from core import clock
from core.db import db, transaction
from core.errors import Conflict, NotAllowed, NotFound
from orders import queries as orders
from orders.models import Order
from orders.rules import ALPHABET, CODES, code_of, is_code
from payments import operations, rules
from payments.models import Refund, Transfer
from payments.queries import payment_of, received, refund_due
from payments.transfers import queries
from payments.transfers.rules import Candidate, Money, Reason, nearly_holds, stands_out, suggest
from tests.conftest import NOW
from tests.factories.cooperatives import create_cooperative, manager_of
from tests.factories.payments import packed, pay, place_order, staff_of
from tests.payments.scene import balances, of, shelf
from tests.payments.test_views import Scene


def _state(order: Order) -> tuple[str, str]:
    db.session.expire_all()
    return orders.order(order.id).state, payment_of(order.id).state


def _two() -> tuple[Order, Order]:
    _coop, pack = shelf()
    return place_order([(pack, 1)])[0], place_order([(pack, 2)], phone="+84987654321")[0]


@pytest.mark.usefixtures("ctx")
class TestTwoOrdersInOneTransfer:
    def test_the_exact_sum_pays_both(self) -> None:
        one, two = _two()
        made = pay(one, one.total_vnd + two.total_vnd, content=f"{one.code}{two.code.lower()} cam on")
        assert (made.outcome, made.state) == ("exact", "matched")
        assert _state(one) == _state(two) == ("to_pack", "paid")
        assert (received(one.id), received(two.id)) == (one.total_vnd, two.total_vnd)
        assert balances(one) == {"bank": made.amount_vnd, "buyer_prepayment": -made.amount_vnd}
        assert of(two, rules.AccountKind.BUYER_PREPAYMENT, f"order:{two.id}") == -two.total_vnd

    def test_any_other_sum_waits_with_both_named(self) -> None:
        one, two = _two()
        made = pay(one, one.total_vnd + two.total_vnd - 1, content=f"{one.code} {two.code}")
        assert (made.outcome, made.state) == ("unknown", "suspense")
        assert queries.named_codes(made.id) == {one.code: 0, two.code: 0}
        assert _state(one) == _state(two) == ("awaiting_payment", "awaiting")
        assert balances(one)["suspense"] == -made.amount_vnd

    def test_a_part_paid_before_counts(self) -> None:
        one, two = _two()
        pay(one, 10_000)
        pay(one, one.total_vnd - 10_000 + two.total_vnd, content=f"{two.code}, {one.code}")
        assert _state(one) == _state(two) == ("to_pack", "paid")

    def test_one_of_them_paid_before_is_for_a_person(self) -> None:
        one, two = _two()
        pay(one)
        made = pay(one, one.total_vnd + two.total_vnd, content=f"{one.code} {two.code}")
        assert made.state == "suspense"
        assert _state(two) == ("awaiting_payment", "awaiting")

    def test_a_person_who_writes_both_codes_pays_both(self) -> None:
        one, two = _two()
        made = pay(one, one.total_vnd + two.total_vnd, content="hai don")
        with transaction():
            operations.match_transfer(staff_of(one), made.id, f"{one.code}, {two.code}", "Khách gọi")
        assert _state(one) == _state(two) == ("to_pack", "paid")
        short = pay(one, 5_000, content="?")
        with pytest.raises(Conflict), transaction():
            operations.match_transfer(staff_of(one), short.id, f"{one.code} {two.code}", "x")

    def test_money_back_from_one_of_them_is_its_own_part(self) -> None:
        one, two = _two()
        pay(one, one.total_vnd + two.total_vnd, content=f"{one.code} {two.code}")
        with transaction():
            operations.cancel(staff_of(two), two.id, "Khách đổi ý")
        assert refund_due(two.id) == two.total_vnd
        assert _state(one) == ("to_pack", "paid")

    def test_a_sibling_of_another_cooperative_is_not_named(self) -> None:
        mine, theirs = place_order([(shelf()[1], 1), (shelf(name="HTX Kia")[1], 1)])
        made = pay(mine, mine.total_vnd + theirs.total_vnd, content=f"{mine.code} {theirs.code}")
        assert (made.outcome, made.surplus_vnd) == ("over", theirs.total_vnd)
        assert _state(theirs) == ("awaiting_payment", "awaiting")


NOISE = st.lists(st.sampled_from([" ", "-", ".", "/", "_", "  ", ":", "#", "\u00a0"]), max_size=3).map(
    "".join
)
WORDS = st.text(alphabet="abcxyz đôi ươ.-0123456789", max_size=30)


@given(st.integers(0, CODES - 1), WORDS, WORDS, st.lists(NOISE, min_size=8, max_size=8), st.booleans())
def test_a_code_survives_case_prefixes_and_signs_between(
    number: int, before: str, after: str, noise: list[str], lower: bool
) -> None:
    code = code_of(number)
    text = before + "".join(sign + gap for sign, gap in zip(code, noise, strict=True)) + after
    assert code in rules.codes_in(text.lower() if lower else text.upper(), is_code)


@given(
    st.integers(0, CODES - 1),
    st.integers(0, 7),
    st.sampled_from(ALPHABET),
    st.sampled_from(["swap", "lose", "add"]),
)
def test_a_code_with_one_sign_wrong_is_near_and_never_taken_by_itself(
    number: int, at: int, sign: str, how: str
) -> None:
    code = code_of(number)
    broken = {"swap": code[:at] + sign + code[at + 1 :], "lose": code[:at] + code[at + 1 :],
              "add": code[:at] + sign + code[at:]}[how]  # fmt: skip
    assert nearly_holds(f"MBVCB0{broken}0CK", code)


def _candidate(number: int = 1, **changes: Any) -> Candidate:
    told = {"order_id": number, "code": code_of(number), "name": "Đỗ Minh Mẫu", "phone": "+84912345678",
            "placed_at": NOW, "missing_vnd": 90_000}  # fmt: skip
    return Candidate(**told | changes)


@pytest.mark.parametrize(
    ("content", "amount", "reasons"),
    [
        ("chuyen tien", 90_000, {Reason.AMOUNT, Reason.TIME}),
        ("0912 345 678 mua mien", 1_000, {Reason.PHONE, Reason.TIME}),
        ("84912345678 mua mien", 1_000, {Reason.PHONE, Reason.TIME}),
        ("DO MINH MAU chuyen tien", 90_000, {Reason.AMOUNT, Reason.NAME, Reason.TIME}),
        (f"ck {code_of(1)[2:]}", 1_000, {Reason.CODE, Reason.TIME}),
    ],
)
def test_each_reason_is_seen(content: str, amount: int, reasons: set[Reason]) -> None:
    (found,) = suggest(Money(amount, content, NOW + timedelta(hours=1)), [_candidate()])
    assert set(found.reasons) == reasons


def test_a_name_or_the_hour_alone_suggest_nothing() -> None:
    assert suggest(Money(1_000, "DO MINH MAU", NOW), [_candidate()]) == ()
    assert suggest(Money(1_000, "dominhmauan", NOW), [_candidate()]) == ()


def test_two_orders_of_one_price_are_both_shown_and_neither_stands_out() -> None:
    found = suggest(
        Money(90_000, "tien hang", NOW), [_candidate(1), _candidate(2), _candidate(3, missing_vnd=1)]
    )
    assert [one.order.order_id for one in found] == [1, 2]
    assert not stands_out(found)
    assert stands_out(
        suggest(Money(90_000, "0912345678", NOW), [_candidate(1), _candidate(2, phone="+8490")])
    )


@given(st.text(max_size=200), st.integers(1, 10**9))
def test_no_content_makes_the_suggestions_crash(content: str, amount: int) -> None:
    assert len(suggest(Money(amount, content, NOW), [_candidate(n) for n in range(5)])) <= 3


@pytest.mark.usefixtures("ctx")
class TestOneTapAndUndo:
    def _suspended(self) -> tuple[Order, Transfer]:
        order, _other = _two()
        return order, pay(order, content="0912345678 tien mien")

    def test_one_tap_writes_the_reason_that_was_shown(self) -> None:
        order, made = self._suspended()
        with transaction():
            operations.take_suggestion(staff_of(order, Role.TREASURER), made.id, order.id)
        assert _state(order) == ("to_pack", "paid")
        db.session.refresh(made)
        assert "số điện thoại" in made.reason

    def test_undo_brings_everything_back_and_the_goods_are_held_anew(self) -> None:
        order, made = self._suspended()
        before = balances(order)
        manager = staff_of(order)
        for round_ in range(3):
            with transaction():
                operations.take_suggestion(manager, made.id, order.id)
            assert _state(order) == ("to_pack", "paid")
            with clock.use(NOW + timedelta(minutes=10 * (round_ + 1))), transaction():
                operations.undo_decision(manager, made.id)
            assert _state(order) == ("awaiting_payment", "awaiting")
            assert balances(order) == before
        assert orders.order(order.id).hold_until == NOW + timedelta(minutes=90)
        assert (made.state, made.order_id, received(order.id)) == ("suspense", None, 0)

    def test_a_surplus_goes_away_with_the_decision(self) -> None:
        order, _other = _two()
        made = pay(order, order.total_vnd + 7_000, content="0912345678")
        manager = staff_of(order)
        with transaction():
            operations.take_suggestion(manager, made.id, order.id)
        assert refund_due(order.id) == 7_000
        with transaction():
            operations.undo_decision(manager, made.id)
        assert balances(order)["suspense"] == -made.amount_vnd
        assert db.session.execute(select(func.count()).select_from(Refund)).scalar_one() == 0

    def test_two_orders_are_both_let_go(self) -> None:
        one, two = _two()
        made = pay(one, one.total_vnd + two.total_vnd, content="hai don")
        manager = staff_of(one)
        with transaction():
            operations.match_transfer(manager, made.id, f"{one.code} {two.code}", "Khách gọi")
            operations.undo_decision(manager, made.id)
        assert _state(one) == _state(two) == ("awaiting_payment", "awaiting")
        assert balances(one) == {"bank": made.amount_vnd, "suspense": -made.amount_vnd}

    def test_a_part_that_came_before_stays(self) -> None:
        order, _other = _two()
        pay(order, 10_000)
        made = pay(order, order.total_vnd - 10_000, content="0912345678")
        with transaction():
            operations.take_suggestion(staff_of(order), made.id, order.id)
            operations.undo_decision(staff_of(order), made.id)
        assert _state(order) == ("awaiting_payment", "partly")
        assert received(order.id) == 10_000

    def test_money_that_was_used_is_not_taken_back(self) -> None:
        order, made = self._suspended()
        manager = staff_of(order)
        with transaction():
            operations.take_suggestion(manager, made.id, order.id)
        packed(orders.order(order.id))
        assert not queries.may_undo(made)
        with pytest.raises(Conflict, match="đã dùng"), transaction():
            operations.undo_decision(manager, made.id)

    def test_money_placed_by_its_own_code_is_not_taken_back(self) -> None:
        order, _other = _two()
        made = pay(order)
        assert not queries.may_undo(made)
        with pytest.raises(Conflict, match="theo mã"), transaction():
            operations.undo_decision(staff_of(order), made.id)

    def test_a_return_is_taken_back_until_it_was_sent(self) -> None:
        order, made = self._suspended()
        manager = staff_of(order)
        with transaction():
            operations.return_transfer(manager, made.id, "nhầm")
            operations.undo_decision(manager, made.id)
        assert balances(order) == {"bank": made.amount_vnd, "suspense": -made.amount_vnd}
        with transaction():
            owed = operations.return_transfer(manager, made.id, "thật")
        assert balances(order)["refund_due"] == -made.amount_vnd
        with transaction():
            operations.mark_sent(manager, owed.id, "bank", "FT1")
        with pytest.raises(Conflict), transaction():
            operations.undo_decision(manager, made.id)

    def test_a_suggestion_that_is_gone_is_refused(self) -> None:
        order, made = self._suspended()
        pay(order)
        with pytest.raises(Conflict, match="không còn đúng"), transaction():
            operations.take_suggestion(staff_of(order), made.id, order.id)

    def test_only_money_staff_of_the_cooperative_decide(self) -> None:
        order, made = self._suspended()
        for verb in (lambda who: operations.take_suggestion(who, made.id, order.id),
                     lambda who: operations.undo_decision(who, made.id)):  # fmt: skip
            with pytest.raises(NotAllowed), transaction():
                verb(staff_of(order, Role.DIGITAL_TEAM))
            with pytest.raises(NotFound), transaction():
                verb(manager_of(create_cooperative("HTX Kia")))


def _hinted(order: Order) -> Transfer:
    return pay(order, content="0912345678 tien mien")


def test_the_suggestion_is_one_tap_on_the_page_and_the_way_back_another(
    app: Flask, client: FlaskClient
) -> None:
    scene = Scene(app, client, _hinted)
    shown = client.get("/manage/transfers").text
    assert f"Ghi vào đơn {scene.code}" in shown
    assert "có số điện thoại của khách" in shown
    page = f"/manage/transfers/{scene.made_id}"
    client.get(page)
    assert (
        scene.send(f"{page}/take", order_id=scene.order_id).status_code == 400
    )  # no token: the path has no GET
    assert scene.states() == ("awaiting_payment", "awaiting")
    token = {"csrf_token": scene.token_of(page)}
    assert client.post(f"{page}/take", data=token | {"order_id": scene.order_id}).status_code == 303
    assert scene.states() == ("to_pack", "paid")
    assert "Gỡ lại" in client.get(page).text
    assert client.post(f"{page}/undo", data=token).status_code == 303
    assert scene.states() == ("awaiting_payment", "awaiting")
    client.post(f"{page}/undo", data=token)
    assert "đã được xử lý" in client.get(page).text
    assert scene.as_stranger(page) == 404
