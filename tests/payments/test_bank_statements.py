"""A bank's statement: its money is in the book once, whoever told of it first."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import strategies as st
from sqlalchemy import func, select, text

from accounts.rules import Role
from core.db import db, transaction
from core.errors import Conflict, Invalid, NotAllowed, NotFound
from orders.models import Order
from payments import operations
from payments.bank_statements import operations as statements
from payments.bank_statements import queries
from payments.bank_statements.columns import COLUMNS
from payments.bank_statements.models import BankStatement, StatementLine
from payments.models import Transfer
from payments.queries import payment_of
from payments.tables.files import read_rows
from tests.conftest import NOW
from tests.factories.cooperatives import create_cooperative, manager_of
from tests.factories.payments import notice, pay, place_order, staff_of
from tests.payments.scene import balances, shelf
from tests.payments.test_statement_reading import TODAY, csv_of, workbook
from tests.payments.test_views import Scene, _nothing

# --- verbs


def _order(quantity: int = 1, name: str = "HTX Thử Nghiệm") -> Order:
    return place_order([(shelf(name=name)[1], quantity)])[0]


def _account(order: Order) -> int:
    return payment_of(order.id).bank_account_id or 0


def _send(order: Order, data: bytes, key: str = "form-key-1", *, book: bool = True) -> BankStatement:
    rows, who = read_rows(data, COLUMNS), staff_of(order, Role.TREASURER)
    with transaction():
        made = statements.send_statement(who, key, _account(order), "saoke.csv", f"x/aa/{key}.csv", rows)
    if book:
        with transaction():
            statements.accept_statement(who, made.id)
        done = False
        while not done:
            with transaction():
                done = statements.apply_turn(made.id, most=2)
    return made


def _counts(made: BankStatement) -> dict[str, int]:
    return {outcome: one.count for outcome, one in queries.sums(made.id).items() if one.count}


def _transfers() -> int:
    return db.session.execute(select(func.count()).select_from(Transfer)).scalar_one()


@pytest.mark.usefixtures("ctx")
class TestBooking:
    def test_new_money_pays_its_order_and_the_rest_waits_in_suspense(self) -> None:
        order = _order()
        made = _send(order, csv_of(
            f"21/11/2026;;{order.total_vnd};;MBVCB.1 {order.code} CK;FT1", "21/11/2026;;7.000;;khong ro;FT2",
            "22/11/2026;50.000;;;rut tien;FT3"))  # fmt: skip
        assert _counts(made) == {"booked": 2, "out": 1}
        assert payment_of(order.id).state == "paid"
        assert balances(order) == {
            "bank": order.total_vnd + 7_000,
            "buyer_prepayment": -order.total_vnd,
            "suspense": -7_000,
        }

    def test_nothing_is_booked_before_it_is_accepted(self) -> None:
        order = _order()
        made = _send(order, csv_of("21/11/2026;;7.000;;khong ro;FT2"), book=False)
        assert _counts(made) == {"new": 1}
        assert _transfers() == 0

    def test_the_same_file_and_one_that_overlaps_change_nothing_twice(self) -> None:
        order = _order()
        first = [
            "21/11/2026;;7.000;;khong ro;FT2",
            "21/11/2026;;7.000;;khong ro;FT3",
            "21/11/2026;5.000;;;phi;FT4",
        ]
        _send(order, csv_of(*first), "key-number-1")
        assert _transfers() == 2
        again = _send(order, csv_of(*first), "key-number-2", book=False)
        assert _counts(again) == {"known": 3}
        _send(order, csv_of(*first), "key-number-3")
        wider = _send(order, workbook(
            ["Date", "Debit", "Credit", "Description"], [TODAY, None, 9000, "moi"],
            ["21/11/2026", None, "7,000.00", "KHONG RO"], ["21/11/2026", None, 7000, "Không rõ"],
            ["21/11/2026", None, 7000, "khong-ro"]), "key-number-4")  # fmt: skip
        assert _counts(wider) == {"booked": 2, "known": 2}
        assert balances(order)["bank"] == 3 * 7_000 + 9_000

    @pytest.mark.parametrize("first", ["bank", "statement"])
    @pytest.mark.parametrize("reference", ["", "FT9"])
    def test_the_same_money_told_by_the_bank_and_by_statement_is_one(
        self, first: str, reference: str
    ) -> None:
        from dataclasses import replace

        order = _order()
        told = replace(notice(order), content=f"MBVCB.99.{order.code}.CT tu 0011", reference=reference)
        row = csv_of(f"22/11/2026;;{order.total_vnd};;{order.code} CT tu 0011;{reference or 'X1'}")

        def bank() -> None:
            with transaction():
                operations.receive_transfer(_account(order), told)

        if first == "bank":
            bank()
            assert _counts(_send(order, row)) == {"known": 1}
        else:
            assert _counts(_send(order, row)) == {"booked": 1}
        bank()
        _send(order, row, "key-number-2")
        assert _transfers() == 1
        assert balances(order) == {"bank": order.total_vnd, "buyer_prepayment": -order.total_vnd}

    def test_two_equal_payments_of_which_the_bank_told_one_are_two(self) -> None:
        order = _order()
        pay(order, content=f"{order.code} CK")
        made = _send(order, csv_of(*[f"22/11/2026;;{order.total_vnd};;{order.code} CK;"] * 2))
        assert _counts(made) == {"booked": 1, "known": 1}
        pay(order, content=f"{order.code} CK")
        assert _transfers() == 2
        assert balances(order)["suspense"] == -order.total_vnd

    def test_money_entered_by_hand_is_known_by_its_reference(self) -> None:
        order = _order()
        with transaction():
            operations.enter_transfer(
                staff_of(order), "form-key-9", _account(order), 9_000, "tien", NOW, "FT77"
            )
        assert _counts(_send(order, csv_of("22/11/2026;;9.000;;tien hang abc;FT77"))) == {"known": 1}
        assert _transfers() == 1

    def test_the_same_text_and_sum_on_another_day_is_other_money(self) -> None:
        order = _order()
        pay(order, 9_000, content="tien hang thang nay")
        made = _send(
            order,
            csv_of("20/11/2026;;9.000;;tien hang thang nay;", "22/11/2026;;9.000;;tien hang thang nay;"),
        )
        assert _counts(made) == {"booked": 1, "known": 1}

    def test_another_account_has_lines_of_its_own(self) -> None:
        order, other = _order(), _order(name="HTX Kia")
        row = csv_of("21/11/2026;;7.000;;khong ro;FT2")
        _send(order, row)
        assert _counts(_send(other, row, "key-number-2")) == {"booked": 1}

    def test_a_wrong_column_is_corrected_by_hand_and_remembered(self) -> None:
        order = _order()
        who = staff_of(order)
        data = csv_of("21/11/2026;90.000;tien mien CP", head="Cột A;Cột B;Cột C")
        made = _send(order, data, book=False)
        assert made.state == "columns"
        with pytest.raises(Conflict), transaction():
            statements.accept_statement(who, made.id)
        with pytest.raises(Invalid, match="cùng một nghĩa"), transaction():
            statements.set_columns(who, made.id, ["date", "date", ""], read_rows(data, COLUMNS))
        with transaction():
            statements.set_columns(who, made.id, ["date", "credit", "content"], read_rows(data, COLUMNS))
        assert _counts(made) == {"new": 1}
        next_file = _send(
            order, csv_of("22/11/2026;65.000;tien nam", head="CỘT A;cột b;Cột C"), "key-number-2", book=False
        )
        assert (next_file.state, _counts(next_file)) == ("preview", {"new": 1})

    def test_a_dropped_file_says_nothing_and_books_nothing(self) -> None:
        order = _order()
        made = _send(order, csv_of("21/11/2026;;7.000;;khong ro;FT2"), book=False)
        with transaction():
            statements.drop_statement(staff_of(order), made.id)
        with pytest.raises(Conflict), transaction():
            statements.accept_statement(staff_of(order), made.id)
        assert _counts(made) == {}

    def test_a_file_of_another_account_is_noticed(self) -> None:
        order = _order()
        number = notice(order).account_number
        assert not _send(order, csv_of("21/11/2026;;7.000;;x;1"), book=False).names_account
        spaced = " ".join([number[:4], number[4:]])
        named_in = workbook(["Tài khoản", spaced], ["Ngày", "Ghi có", "Nội dung"], ["21/11/2026", 7000, "x"])
        assert _send(order, named_in, "key-number-2", book=False).names_account

    def test_a_refund_that_was_sent_is_found_among_money_that_went(self) -> None:
        order = _order()
        pay(order, order.total_vnd + 5_000)
        who = staff_of(order, Role.TREASURER)
        pay(order, 5_000, content="?")
        from payments.models import Refund

        owed = db.session.execute(select(Refund)).scalar_one()
        with transaction():
            operations.mark_sent(who, owed.id, "bank", "FT26326ABC")
        _send(
            order,
            csv_of("22/11/2026;5.000;;;tra tien khac;FT1", f"22/11/2026;5.000;;;HOAN TIEN {order.code};FT2"),
        )
        line = queries.line_of_refund(owed.id)
        assert line is not None
        assert line.row_no == 3

    def test_a_refund_marked_after_the_statement_is_found_too(self) -> None:
        order = _order()
        pay(order, order.total_vnd + 5_000)
        _send(order, csv_of("22/11/2026;5.000;;;chuyen tien FT26326ABC;"))
        from payments.models import Refund

        owed = db.session.execute(select(Refund)).scalar_one()
        with transaction():
            operations.mark_sent(staff_of(order), owed.id, "bank", "FT26326ABC")
        assert queries.line_of_refund(owed.id) is not None

    def test_statements_are_for_money_staff_of_the_cooperative(self) -> None:
        order = _order()
        made = _send(order, csv_of("21/11/2026;;7.000;;x;1"), book=False)
        for who, error in (
            (staff_of(order, Role.DIGITAL_TEAM), NotAllowed),
            (manager_of(create_cooperative("Kia")), NotFound),
        ):
            with pytest.raises(error), transaction():
                statements.accept_statement(who, made.id)
            with pytest.raises(error), transaction():
                statements.send_statement(who, "key-number-8", _account(order), "a", "x", ())


ROW = st.tuples(
    st.sampled_from([19, 20, 21, 22]),
    st.sampled_from([1_000, 2_000]),
    st.sampled_from(["tien hang mot", "tien hang hai"]),
)


@pytest.mark.usefixtures("ctx")
def test_any_windows_over_one_book_add_up_to_it() -> None:
    import random

    order, chance = _order(), random.Random(11)
    book = sorted((chance.choice([19, 20, 21]), chance.choice([1_000, 2_000]), chance.choice(["tien mot", "tien hai"]))
                  for _n in range(20))  # fmt: skip
    for turn in range(5):  # statements are cut at days: a day stands whole in a file
        first = chance.choice([19, 20, 21])
        part = [row for row in book if first <= row[0] <= first + turn % 3]
        chance.shuffle(part)
        if part:
            _send(order, csv_of(*[f"{d}/11/2026;;{a};;{w} abc;" for d, a, w in part]), f"key-number-{turn}")
    _send(order, csv_of(*[f"{d}/11/2026;;{a};;{w} abc;" for d, a, w in book]), "key-number-9")
    assert balances(order)["bank"] == sum(amount for _d, amount, _w in book)
    assert db.session.execute(text("SELECT coalesce(sum(amount_vnd), 0) FROM posting")).scalar_one() == 0


# --- page and command


def test_a_file_is_sent_looked_at_and_booked_on_the_page(app: Flask, client: FlaskClient) -> None:
    scene = Scene(app, client, _nothing)
    data = csv_of(f"21/11/2026;;{scene.total_vnd};;{scene.code} CK;FT1", "32/11/2026;;1;;x;FT2")
    answer = scene.send(
        "/manage/statements", account_id=scene.account_id, sheet=(io.BytesIO(data), "sao ke.csv")
    )
    assert answer.status_code == 302
    page = answer.headers["Location"]
    shown = client.get(page).text
    assert "Ô A3" in shown
    assert "Ghi 1 khoản" in shown
    assert scene.states() == ("awaiting_payment", "awaiting")
    assert scene.send(page, step="accept").status_code == 302
    assert scene.states() == ("to_pack", "paid")
    assert f"Vào đơn {scene.code}" in client.get(page).text
    assert scene.as_stranger(page) == 404
    assert "sao ke.csv" in client.get("/manage/statements").text


@pytest.mark.parametrize(
    "data", [b"", b"%PDF-1.7", b"PK\x03\x04broken", b"\xd0\xcf\x11\xe0 old", b"a,b\n1,2\n"]
)
def test_what_is_no_statement_is_refused_in_words(app: Flask, client: FlaskClient, data: bytes) -> None:
    scene = Scene(app, client, _nothing)
    answer = scene.send("/manage/statements", account_id=scene.account_id, sheet=(io.BytesIO(data), "x.csv"))
    assert answer.status_code == 422
    with app.app_context():
        assert db.session.execute(select(func.count()).select_from(BankStatement)).scalar_one() == 0


def test_the_worker_books_what_the_page_left(app: Flask, client: FlaskClient) -> None:
    from payments.bank_statements.tasks import apply_statements

    scene = Scene(app, client, _nothing)
    rows = [f"21/11/2026;;{1_000 + n};;khong ro {n};" for n in range(230)]
    data = csv_of(*rows)
    answer = scene.send("/manage/statements", account_id=scene.account_id, sheet=(io.BytesIO(data), "x.csv"))
    page = answer.headers["Location"]
    scene.send(page, step="accept")
    assert "Đang ghi nốt" in client.get(page).text
    with app.app_context():
        while apply_statements():
            pass
        assert db.session.execute(select(func.count()).select_from(Transfer)).scalar_one() == 230
        assert {row.outcome for row in db.session.execute(select(StatementLine)).scalars()} == {"booked"}


def test_the_command_books_a_file_once_and_says_what_it_did(
    app: Flask, client: FlaskClient, tmp_path: Path
) -> None:
    scene = Scene(app, client, _nothing)
    with app.app_context():
        from orders.queries import order

        number = notice(order(scene.order_id)).account_number
        db.session.rollback()
    path = tmp_path / "saoke.csv"
    path.write_bytes(
        f"Tài khoản;{number};;;;\r\n".encode()
        + csv_of(f"21/11/2026;;{scene.total_vnd};;{scene.code};FT1", "x;;1;;y;")
    )

    def run(*more: str) -> dict[str, Any]:
        result = app.test_cli_runner().invoke(args=["payments", "import-statement", str(path), *more])
        assert result.exit_code == 0, result.output
        return dict(json.loads(result.output))

    dry = run("--dry-run")
    assert (dry["new"], dry["again"], dry["faults"][0]["cell"]) == (1, False, "A4")
    assert scene.states() == ("awaiting_payment", "awaiting")
    assert run()["new_vnd"] == scene.total_vnd
    assert scene.states() == ("to_pack", "paid")
    again = run("--account", number)
    assert (again["new"], again["known"], again["again"]) == (0, 1, True)
    bad = tmp_path / "x.csv"
    bad.write_text("hello")
    result = app.test_cli_runner().invoke(args=["payments", "import-statement", str(bad)])
    assert result.exit_code == 1
    assert json.loads(result.output)["ok"] is False
