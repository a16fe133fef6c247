"""Carriers: parcels taken in part, tables of remittance, cash that lies too long, and what is lost."""

import io
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, text

from accounts.rules import Role
from core.db import db, transaction
from core.errors import Conflict, Invalid, NotAllowed, NotFound
from orders import queries as orders
from orders.models import Order
from payments import operations
from payments.carriers import operations as carriers
from payments.carriers import queries, rules
from payments.carriers.columns import COLUMNS
from payments.carriers.rules import Age, Outcome, Row
from payments.cod.queries import cod_page
from payments.queries import organisation_of, payment_of, refund_due
from payments.tables.columns import find_headings, named
from payments.tables.files import read_rows
from revenue.audit.queries import faults
from revenue.queries import posted
from tests.conftest import NOW
from tests.factories.cooperatives import create_cooperative, manager_of
from tests.factories.payments import place_order, shipped, staff_of
from tests.payments.scene import balances, of, shelf
from tests.payments.test_views import Scene
from traceability.models import Stock


def _order(quantity: int = 3, method: str = "cod", name: str = "HTX Thử Nghiệm") -> Order:
    return shipped(place_order([(shelf(name=name)[1], quantity)], method=method)[0])


def _collected(order: Order, days_ago: int = 0) -> Order:
    with transaction():
        operations.collect_cod(staff_of(order), order.id)
        payment_of(order.id).collected_at = NOW - timedelta(days=days_ago)
    return orders.order(order.id)


def _state(order: Order) -> tuple[str, str]:
    db.session.expire_all()
    return orders.order(order.id).state, payment_of(order.id).state


def _zero() -> None:
    assert db.session.execute(text("SELECT coalesce(sum(amount_vnd), 0) FROM posting")).scalar_one() == 0
    assert next(faults(), None) is None


def _in_quarantine() -> int:
    wanted = select(Stock.on_hand).where(Stock.place == "quarantine")
    return sum(db.session.execute(wanted).scalars())


@pytest.mark.usefixtures("ctx")
class TestDeliveredInPart:
    def _part(self, order: Order, pieces: int, key: str = "form-key-1") -> None:
        line = orders.lines(order.id)[0]
        with transaction():
            carriers.deliver_part(staff_of(order), key, order.id, {line.id: pieces})

    def test_the_carrier_owes_what_was_taken_and_the_rest_is_in_quarantine(self) -> None:
        order = _order(3)
        self._part(order, 2)
        assert _state(order) == ("delivered", "collected")
        left = order.total_vnd - 2 * 65_000
        assert payment_of(order.id).amount_vnd == left
        after = balances(order)
        assert after["cod_receivable"] == left
        assert "refund_due" not in after
        assert refund_due(order.id) == 0
        assert _in_quarantine() == 2
        _zero()

    def test_each_share_gives_back_exactly_its_part(self) -> None:
        whole, part = _order(1), _order(3)
        _collected(whole)
        self._part(part, 2)
        own = ("cod_receivable", "shipping_income")
        shares = [
            {kind: amount for kind, amount in balances(one).items() if kind not in own}
            for one in (whole, part)
        ]
        assert shares[0] == shares[1]

    def test_the_same_form_twice_is_one_and_the_carrier_then_pays_the_rest(self) -> None:
        order = _order(3)
        self._part(order, 1)
        self._part(order, 1)
        with transaction():
            made = operations.remit_cod(
                staff_of(order), "form-key-9", [order.id], carrier="Bưu điện", fee_vnd=5_000
            )
        assert made.gross_vnd == order.total_vnd - 65_000
        assert balances(order)["bank"] == order.total_vnd - 70_000
        assert "cod_receivable" not in balances(order)
        _zero()

    def test_pieces_taken_can_still_be_refunded_afterwards(self) -> None:
        order = _order(3)
        self._part(order, 1)
        line = orders.lines(order.id)[0]
        with pytest.raises(Conflict), transaction():
            operations.refund(staff_of(order), order.id, {line.id: 3}, "Rách", key="form-key-8")
        db.session.rollback()
        with transaction():
            made = operations.refund(staff_of(order), order.id, {line.id: 2}, "Rách", key="form-key-9")
        assert made.amount_vnd == 130_000
        _zero()

    @pytest.mark.parametrize(("pieces", "error"), [(0, Invalid), (3, Invalid), (4, Invalid), (9, Invalid)])
    def test_nothing_or_all_that_comes_back_is_no_part(self, pieces: int, error: type[Exception]) -> None:
        order = _order(3)
        with pytest.raises(error):
            self._part(order, pieces)
        assert _state(order) == ("shipped", "to_collect")

    def test_only_a_cash_order_under_way_is_taken_in_part(self) -> None:
        paid = _order(3, "vietqr")
        with pytest.raises(Conflict):
            self._part(paid, 1)
        done = _collected(_order(3))
        with pytest.raises(Conflict):
            self._part(done, 1)


# --- remittances


def table(*rows: str, head: str = "Mã vận đơn;Mã đơn hàng;Tiền thu hộ;Phí COD;Cước phí;Thực nhận") -> bytes:
    """A carrier's remittance as text."""
    return "\n".join([head, *rows]).encode()


def _send(order: Order, data: bytes, key: str = "form-key-1") -> int:
    rows = read_rows(data, COLUMNS)
    with transaction():
        return carriers.send_file(staff_of(order), key, "Bưu điện", "bang ke.csv", f"x/aa/{key}.csv", rows).id


def _matched(order: Order, data: bytes) -> list[Outcome]:
    rows = read_rows(data, COLUMNS)
    headings = find_headings([row for _no, row in rows], COLUMNS, {})
    assert headings is not None
    return [
        one.outcome
        for one in queries.match(rules.read_rows(rows, headings), queries.expected(order.cooperative_id))
    ]


@pytest.mark.parametrize(
    ("heading", "key"),
    [("Mã vận đơn", "tracking"), ("Số hiệu bưu gửi", "tracking"), ("Order code", "code"), ("Tiền COD", "collected"),
     ("Số tiền thu hộ (đ)", "collected"), ("Phí thu hộ", "fee"), ("COD fee", "fee"), ("Tổng cước", "shipping"),
     ("Thực nhận", "net"), ("Ngày phát", "")],
)  # fmt: skip
def test_a_carriers_headings_are_known(heading: str, key: str) -> None:
    assert named(heading, COLUMNS) == key


@pytest.mark.usefixtures("ctx")
class TestRemittanceFile:
    def test_rows_that_fit_are_one_remittance_and_the_others_wait(self) -> None:
        _coop, pack = shelf(quantity=30)
        made = [shipped(place_order([(pack, 1)], method="cod", phone=f"+8491234500{n}")[0]) for n in range(4)]
        with transaction():
            for n, order in enumerate(made):
                db.session.get_one(Order, order.id).tracking_number = f"EB {n}00 VN"
        total = made[0].total_vnd
        data = table(
            f"EB000VN;;{total};1000;20000;{total - 21_000}", f"khong ro;GH {made[1].code.lower()};{total:,};;;",
            f"EB200VN;;{total - 1};;;", "EB999VN;;5000;;;", f"EB000VN;;{total};;;", "EB300VN;;chín;;;",
            f"Tổng cộng;;{4 * total};;;")  # fmt: skip
        assert _matched(made[0], data) == [
            Outcome.GOOD, Outcome.GOOD, Outcome.DIFFERS, Outcome.UNKNOWN, Outcome.TWICE, Outcome.FAULT, Outcome.UNKNOWN,
        ]  # fmt: skip
        file_id = _send(made[0], data)
        for _twice in range(2):
            with transaction():
                booked = carriers.book_file(
                    staff_of(made[0]), file_id, read_rows(data, COLUMNS), NOW.date(), "BK1"
                )
        assert (booked.gross_vnd, booked.fee_vnd, booked.shipping_vnd) == (2 * total, 1_000, 20_000)
        assert [_state(order)[1] for order in made] == ["remitted", "remitted", "to_collect", "to_collect"]
        assert balances(made[0])["bank"] == 2 * total - 21_000
        assert _matched(made[0], data)[:2] == [Outcome.PAID, Outcome.PAID]
        again = _send(made[0], data, "form-key-2")
        with pytest.raises(Invalid, match="Chưa dòng nào khớp"), transaction():
            carriers.book_file(staff_of(made[0]), again, read_rows(data, COLUMNS), NOW.date())
        _zero()

    def test_a_sum_that_does_not_add_up_is_a_fault(self) -> None:
        order = _order()
        assert _matched(order, table(f"EB123456789VN;;{order.total_vnd};1000;0;{order.total_vnd}")) == [
            Outcome.FAULT
        ]

    def test_columns_said_by_hand_are_remembered_for_the_carrier(self) -> None:
        order = _order()
        data = table(f"EB123456789VN;{order.total_vnd};x", head="Cột A;Cột B;Cột C")
        file_id = _send(order, data)
        with pytest.raises(Invalid), transaction():
            carriers.set_file_columns(staff_of(order), file_id, ["tracking", "tracking", ""])
        db.session.rollback()
        with transaction():
            carriers.set_file_columns(staff_of(order), file_id, ["tracking", "collected", ""])
            carriers.book_file(staff_of(order), file_id, read_rows(data, COLUMNS), NOW.date())
        assert _state(order) == ("delivered", "remitted")
        assert queries.layout_of(order.cooperative_id, "Bưu điện")["cot b"] == "collected"
        with pytest.raises(Conflict), transaction():
            carriers.set_file_columns(staff_of(order), file_id, [])

    def test_an_order_that_another_carrier_has_is_not_booked(self) -> None:
        order = _order()
        seen = [Row(2, "", order.code, order.total_vnd)]
        known = queries.expected(order.cooperative_id)
        (theirs,), (mine,) = (
            queries.match(seen, known, "GHN"),
            queries.match(seen, known, "bưu điện (VNPost)"),
        )
        assert (theirs.outcome, mine.outcome) == (Outcome.OTHER, Outcome.GOOD)

    def test_orders_of_another_cooperative_are_never_matched(self) -> None:
        mine, theirs = _order(), _order(name="HTX Kia")
        assert _matched(mine, table(f";{theirs.code};{theirs.total_vnd};;;")) == [Outcome.UNKNOWN]


@given(st.lists(st.tuples(st.text(max_size=10), st.text(max_size=10), st.integers(0, 9)), max_size=6))
def test_no_table_makes_the_matching_crash(rows: list[tuple[str, str, int]]) -> None:
    told = [Row(n, *row) for n, row in enumerate(rows)]
    known = [
        queries.Expected(1, "CP222222", "EB1", 5, False, False),
        queries.Expected(2, "CP333333", "", 5, True, False),
    ]
    assert len(queries.match(told, known)) == len(rows)


# --- ageing and loss


@pytest.mark.parametrize(
    ("days", "found"),
    [(0, Age.WEEK), (7, Age.WEEK), (8, Age.FORTNIGHT), (14, Age.FORTNIGHT), (15, Age.MONTH), (30, Age.MONTH),
     (31, Age.LONGER), (400, Age.LONGER)],
)  # fmt: skip
def test_cash_is_told_apart_by_how_long_it_lies(days: int, found: Age) -> None:
    assert rules.age(timedelta(days=days, hours=23)) is found
    assert rules.ADVICE[found]


@pytest.mark.usefixtures("ctx")
class TestLoss:
    def test_cash_is_listed_by_carrier_and_age_and_sums_to_the_book(self) -> None:
        _coop, pack = shelf(quantity=30)
        made = []
        for n, (days, carrier) in enumerate([(0, "GHN"), (9, "GHN"), (20, "GHTK"), (40, "GHN")]):
            order = shipped(place_order([(pack, 1)], method="cod", phone=f"+8491234500{n}")[0], carrier)
            made.append(_collected(order, days))
        found = queries.ageing(made[0].cooperative_id)
        total = made[0].total_vnd
        assert found.by_carrier["GHN"] == {
            Age.WEEK: total,
            Age.FORTNIGHT: total,
            Age.MONTH: 0,
            Age.LONGER: total,
        }
        assert found.of(Age.MONTH) == total
        assert [row.code for row in found.rows] == [order.code for order in reversed(made)]
        assert sum(found.of(one) for one in Age) == balances(made[0])["cod_receivable"] == 4 * total

    def test_cash_that_only_the_sweep_took_for_delivered_lies_there_too(self) -> None:
        from tests.factories.revenue import delivered

        order = delivered(_order())
        (row,) = queries.ageing(order.cooperative_id).rows
        assert (row.amount_vnd, row.since) == (balances(order)["cod_receivable"], NOW)
        with transaction():
            made = carriers.claim_loss(staff_of(order), order.id, "Không nộp")
            carriers.settle_claim(staff_of(order), made.id, 0)
        assert balances(order)["carrier_loss"] == order.total_vnd
        assert _state(order) == ("delivered", "remitted")
        _zero()

    def test_cash_never_paid_is_claimed_and_the_producers_keep_their_share(self) -> None:
        order = _collected(_order(), 40)
        before = {kind: amount for kind, amount in balances(order).items() if kind != "cod_receivable"}
        with transaction():
            made = carriers.claim_loss(staff_of(order), order.id, "Không nộp")
            carriers.claim_loss(staff_of(order), order.id, "lần nữa")
        assert balances(order) == before | {"carrier_claim": order.total_vnd}
        assert queries.ageing(order.cooperative_id).rows == ()
        assert cod_page(order.cooperative_id).collected == ()
        with pytest.raises(Conflict, match="khiếu nại"), transaction():
            operations.remit_cod(staff_of(order), "form-key-3", [order.id], carrier="x")
        db.session.rollback()
        for _twice in range(2):
            with transaction():
                carriers.settle_claim(staff_of(order), made.id, 100_000)
        assert balances(order) == before | {"bank": 100_000, "carrier_loss": order.total_vnd - 100_000}
        assert of(order, rules_kind("carrier_loss"), f"order:{order.id}") == order.total_vnd - 100_000
        assert _state(order) == ("delivered", "remitted")
        with pytest.raises(Conflict), transaction():
            carriers.settle_claim(staff_of(order), made.id, 5)
        db.session.rollback()
        _zero()

    @pytest.mark.parametrize("method", ["cod", "vietqr"])
    def test_a_lost_parcel_is_cancelled_and_its_compensation_is_shared_like_a_sale(self, method: str) -> None:
        order, sold = _order(2, method), _collected(_order(2))
        with transaction():
            made = carriers.claim_loss(staff_of(order), order.id, "Bên giao báo thất lạc")
        assert _state(order) == ("cancelled", "void" if method == "cod" else "refund_due")
        assert refund_due(order.id) == (0 if method == "cod" else order.total_vnd)
        assert _in_quarantine() == 0
        bank = balances(order).get("bank", 0)
        with transaction():
            carriers.settle_claim(staff_of(order), made.id, 130_000)
        shares = {
            kind: amount for kind, amount in balances(order).items() if kind not in ("bank", "refund_due")
        }
        like = {
            kind: amount
            for kind, amount in balances(sold).items()
            if kind not in ("cod_receivable", "shipping_income")
        }
        assert shares == like
        assert balances(order)["bank"] == bank + 130_000
        _zero()

    def test_a_parcel_for_which_nothing_is_paid_leaves_no_posting(self) -> None:
        order = _order()
        with transaction():
            made = carriers.claim_loss(staff_of(order), order.id, "mất")
            carriers.settle_claim(staff_of(order), made.id, 0)
        assert balances(order) == {}

    def test_what_is_not_lost_cannot_be_claimed(self) -> None:
        order = _collected(_order())
        with transaction():
            operations.remit_cod(staff_of(order), "form-key-3", [order.id], carrier="x")
        with pytest.raises(Conflict, match="không có gì để đòi"), transaction():
            carriers.claim_loss(staff_of(order), order.id, "x")
        db.session.rollback()
        other = _order(name="HTX Ba")
        with pytest.raises(Invalid), transaction():
            carriers.claim_loss(staff_of(other), other.id, " ")
        db.session.rollback()
        third = _order(name="HTX Tư")
        with transaction():
            made = carriers.claim_loss(staff_of(third), third.id, "mất")
        with pytest.raises(Invalid), transaction():
            carriers.settle_claim(staff_of(third), made.id, made.claimed_vnd + 1)

    def test_only_money_staff_of_the_cooperative(self) -> None:
        order = _order()
        line = orders.lines(order.id)[0].id
        for verb in (lambda who: carriers.claim_loss(who, order.id, "x"),
                     lambda who: carriers.deliver_part(who, "form-key-1", order.id, {line: 1})):  # fmt: skip
            with pytest.raises(NotAllowed), transaction():
                verb(staff_of(order, Role.DIGITAL_TEAM))
            with pytest.raises(NotFound), transaction():
                verb(manager_of(create_cooperative(f"HTX {id(verb)}")))


def rules_kind(name: str) -> Any:
    """An account kind by its name."""
    from revenue.rules import AccountKind

    return AccountKind(name)


# --- pages


def _on_the_way(order: Any) -> Any:
    return shipped(order)


def test_a_parcel_taken_in_part_is_written_on_its_page(app: Flask, client: FlaskClient) -> None:
    scene = Scene(app, client, _on_the_way, "cod")
    assert "Khách nhận một phần" in client.get("/manage/cod").text
    path = f"/manage/cod/{scene.order_id}/part"
    assert scene.send(path).status_code == 422
    assert scene.send(path, **{f"q-{scene.line_id}": "x"}).status_code == 422
    assert scene.send(path, **{f"q-{scene.line_id}": "1"}).status_code == 302
    assert scene.states() == ("delivered", "collected")
    assert scene.as_stranger(path) == 404


def test_a_table_is_sent_looked_at_and_booked(app: Flask, client: FlaskClient) -> None:
    scene = Scene(app, client, _on_the_way, "cod")
    data = table(f";{scene.code};{scene.total_vnd};1000;;", ";CP222222;5;;;")
    answer = scene.send("/manage/cod/files", carrier="Bưu điện", sheet=(io.BytesIO(data), "bang.csv"))
    page = answer.headers["Location"]
    shown = client.get(page).text
    assert "Không thấy đơn" in shown
    assert "1 dòng khớp" in shown
    assert scene.send(page, step="book", received_on="2026-11-22").status_code == 302
    assert scene.states() == ("delivered", "remitted")
    assert scene.as_stranger(page) == 404


def test_a_loss_is_claimed_and_settled_on_its_pages(app: Flask, client: FlaskClient) -> None:
    scene = Scene(app, client, _on_the_way, "cod")
    path = f"/manage/cod/{scene.order_id}/lost"
    assert scene.send(path, reason="").status_code == 422
    assert scene.send(path, reason="Bên giao báo thất lạc").status_code == 302
    assert "Đang đòi" in client.get("/manage/cod/claims").text
    assert scene.send("/manage/cod/claims/1", paid_vnd="999.999.999").status_code == 422
    assert scene.send("/manage/cod/claims/1", paid_vnd="100.000").status_code == 302
    assert "Đã trả" in client.get("/manage/cod/claims").text
    assert scene.as_stranger("/manage/cod/claims/1") == 404


def test_cash_that_never_came_is_named_as_the_cooperatives_loss(app: Flask, client: FlaskClient) -> None:
    scene = Scene(app, client, lambda order: _collected(shipped(order), 31), "cod")
    assert scene.send(f"/manage/cod/{scene.order_id}/lost", reason="Không nộp").status_code == 302
    assert "Đang đòi bên giao" in client.get("/manage/money").text
    assert scene.send("/manage/cod/claims/1", paid_vnd="100.000").status_code == 302
    with app.app_context():
        order = orders.order(scene.order_id)
        code, lost = order.code, payment_of(order.id).amount_vnd - 100_000
        entry = posted(organisation_of(order.cooperative_id), f"claim:{order.id}:settled")
        assert entry is not None
        number = entry.id
    assert f"{lost:,}".replace(",", ".") in client.get("/manage/cod/claims/1").text
    shown = client.get(f"/manage/money/entries/{number}").text
    assert f"đơn {code}" in shown
    assert "order:" not in shown, "whose an account is, in words"
    traced = client.get(f"/manage/money/trace/{code}").text
    assert "Đòi bên giao" in traced
    assert f"{lost:,}".replace(",", ".") in traced


def test_old_cash_says_what_to_do(app: Flask, client: FlaskClient) -> None:
    scene = Scene(app, client, lambda order: _collected(shipped(order), 31), "cod")
    shown = client.get("/manage/cod").text
    assert "Trên 30 ngày" in shown
    assert "Khiếu nại bằng văn bản" in shown
    assert f"/manage/cod/{scene.order_id}/lost" in shown
