"""A producer is paid by bank: her account, the code that pays it, and the page that writes it down."""

import re
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from accounts.rules import Role
from core import clock
from core.audit import AuditLine
from core.db import db, transaction
from core.errors import Invalid, NotAllowed, NotFound
from payments.models import ProducerAccount
from payments.payouts import queries, rules
from payments.payouts.operations import set_producer_account
from payments.providers import vietqr
from revenue.models import Payout
from tests.conftest import NOW
from tests.factories.accounts import actor_for, sign_in
from tests.factories.cooperatives import create_cooperative, create_producer, treasurer_of
from tests.factories.revenue import delivered, opened
from tests.queries import count_queries
from tests.revenue.stories import a_world

ACCOUNT = ("970436", "0011 2233 4455", "Lý Thị Mẫu")
AMOUNTS = st.integers(-10, 10**12)


@given(AMOUNTS, AMOUNTS, AMOUNTS)
def test_an_amount_passes_exactly_when_it_is_owed_and_there(amount: int, owed: int, there: int) -> None:
    if 0 < amount <= min(owed, there):
        assert rules.check_amount(amount, owed, there) == amount
    else:
        with pytest.raises(Invalid) as caught:
            rules.check_amount(amount, owed, there)
        assert caught.value.field == "amount_vnd"


@given(AMOUNTS, AMOUNTS)
def test_the_most_that_can_go_is_always_allowed_and_one_more_never(owed: int, there: int) -> None:
    most = rules.most(owed, there)
    if most:
        assert rules.check_amount(most, owed, there) == most
    with pytest.raises(Invalid):
        rules.check_amount(most + 1, owed, there)


def test_an_account_is_kept_encrypted_and_opens_only_where_it_was_put(ctx: Flask) -> None:
    coop = create_cooperative()
    who, treasurer = create_producer(coop), treasurer_of(coop)
    with transaction():
        set_producer_account(treasurer, who.id, *ACCOUNT)
    kept = db.session.query(ProducerAccount).one().payee
    assert b"0011" not in kept and b"MAU" not in kept
    account = queries.account_of(who.id)
    assert account is not None
    assert (account.bank_name, account.number, account.holder) == (
        "Vietcombank",
        "001122334455",
        "LY THI MAU",
    )
    assert queries.account_of(create_producer(coop).id) is None


def test_a_change_says_when_and_by_whom_and_the_audit_line_holds_no_number(ctx: Flask) -> None:
    coop = create_cooperative()
    who, treasurer = create_producer(coop), treasurer_of(coop)
    for days, number in ((0, "11111111"), (20, "22222222")):
        with clock.use(NOW + timedelta(days=days)), transaction():
            set_producer_account(treasurer, who.id, "970405", number, "Lý Thị Mẫu")
    account = queries.account_of(who.id)
    assert account is not None
    assert (account.number, account.changed_at) == ("22222222", NOW + timedelta(days=20))
    lines = db.session.query(AuditLine).filter(AuditLine.verb == "set_producer_account").all()
    assert [(line.subject, line.user_id) for line in lines] == [(f"producer:{who.id}", treasurer.user_id)] * 2
    assert "22222222" not in str([vars(line) for line in lines])
    with clock.use(NOW + timedelta(days=40)):
        later = queries.account_of(who.id)
    assert account.fresh and later is not None and not later.fresh


@pytest.mark.parametrize("changed", [{0: "999999"}, {1: "12 chữ"}, {1: "123"}, {2: "…"}])
def test_an_account_that_cannot_be_is_refused(ctx: Flask, changed: dict[int, str]) -> None:
    coop = create_cooperative()
    who, treasurer = create_producer(coop), treasurer_of(coop)
    typed = [changed.get(place, text) for place, text in enumerate(ACCOUNT)]
    with pytest.raises(Invalid), transaction():
        set_producer_account(treasurer, who.id, *typed)
    assert queries.account_of(who.id) is None


def test_only_staff_of_money_of_the_own_cooperative_change_an_account(ctx: Flask) -> None:
    coop = create_cooperative()
    who, stranger = create_producer(coop), treasurer_of(create_cooperative("HTX Kia"))
    helper = actor_for(Role.DIGITAL_TEAM, coop.organisation_id)
    with pytest.raises(NotFound), transaction():
        set_producer_account(stranger, who.id, *ACCOUNT)
    with pytest.raises(NotAllowed), transaction():
        set_producer_account(helper, who.id, *ACCOUNT)


class Desk:
    """A treasurer at the page of a producer who is owed money for a delivered order."""

    def __init__(self, app: Flask, client: FlaskClient, bank_vnd: int = 5_000_000) -> None:
        with app.app_context():
            world = a_world(grams=(40_000,))
            delivered(world.bought(method="cod"))
            if bank_vnd:
                opened(world.coop, bank_vnd=bank_vnd, cash_vnd=0)
            self.producer = world.producers[0].id
            self.owed = world.owed(world.producers[0])
            treasurer = treasurer_of(world.coop)
            stranger = treasurer_of(create_cooperative("HTX Kia"))
            db.session.remove()
        self.app, self.client, self.stranger = app, client, stranger
        self.path = f"/manage/payouts/{self.producer}"
        sign_in(client, treasurer)

    def fields(self, path: str = "") -> dict[str, str]:
        """Token, key and amount as the page shows them."""
        page = self.client.get(path or self.path).text
        names = ("csrf_token", "key", "amount_vnd")
        found = {name: re.findall(rf'<input[^>]*name="{name}"[^>]*value="([^"]*)"', page) for name in names}
        return {name: values[-1] for name, values in found.items() if values}

    def with_account(self) -> "Desk":
        """The account is written down first."""
        typed = dict(zip(("bank_bin", "account_number", "holder"), ACCOUNT, strict=True))
        assert (
            self.client.post(self.path, data=self.fields() | typed | {"step": "account"}).status_code == 302
        )
        return self

    def pay(self, **changes: str) -> Any:
        """Tap 'it has gone'."""
        return self.client.post(self.path, data=self.fields() | {"step": "paid"} | changes)

    def paid(self) -> list[tuple[int, str]]:
        """What the book says was paid."""
        with self.app.app_context():
            return [(one.amount_vnd, one.method) for one in db.session.query(Payout).all()]


def test_all_that_is_owed_is_offered_as_a_code_and_written_down_once(app: Flask, client: FlaskClient) -> None:
    desk = Desk(app, client).with_account()
    page = client.get(desk.path).text
    assert "CP TRA" in page and "001122334455" in page and "LY THI MAU" in page
    fields = desk.fields() | {"step": "paid", "reference": "FT123"}
    assert fields["amount_vnd"] == str(desk.owed)
    first, second = client.post(desk.path, data=fields), client.post(desk.path, data=fields)
    assert (first.status_code, first.location) == (302, second.location)
    assert "FT123" in client.get(first.location).text
    assert desk.paid() == [(desk.owed, "bank")]
    assert "Không còn nợ nhà này" in client.get(desk.path).text


def test_the_code_says_the_amount_asked_for(app: Flask, client: FlaskClient) -> None:
    desk = Desk(app, client).with_account()
    asked = f"{desk.path}?amount_vnd=12.000"
    assert desk.fields(asked)["amount_vnd"] == "12000"
    with app.app_context():
        account = queries.account_of(desk.producer)
        assert account is not None
        read = vietqr.decode(queries.code_for(account, "014", 12_000).payload)
    assert (read.bank_bin, read.account_number) == ("970436", "001122334455")
    assert (read.amount_vnd, read.purpose) == (12_000, "CP TRA 014")
    assert desk.pay(**desk.fields(asked)).status_code == 302
    assert desk.paid() == [(12_000, "bank")]


@pytest.mark.parametrize("typed", ["0", "-5", "nhiều", "", "999.999.999"])
def test_an_amount_that_cannot_go_shows_no_code(app: Flask, client: FlaskClient, typed: str) -> None:
    desk = Desk(app, client).with_account()
    page = client.get(desk.path, query_string={"amount_vnd": typed})
    assert page.status_code == 422
    assert 'class="qr"' not in page.text and "Có 1 chỗ cần sửa" in page.text


def test_what_the_bank_account_lacks_is_refused_with_what_to_do(app: Flask, client: FlaskClient) -> None:
    desk = Desk(app, client, bank_vnd=1_000).with_account()
    assert desk.fields()["amount_vnd"] == "1000"
    answer = desk.pay(amount_vnd=str(desk.owed), reference="FT còn đây")
    assert answer.status_code == 422
    assert "chỉ còn" in answer.text and "Trả bớt lại" in answer.text
    assert desk.paid() == []


def test_an_empty_bank_account_leads_to_cash_or_to_entering_money(app: Flask, client: FlaskClient) -> None:
    desk = Desk(app, client, bank_vnd=0).with_account()
    page = client.get(desk.path).text
    assert "/manage/transfers/new" in page and f"/manage/money/producers/{desk.producer}" in page
    assert 'class="qr"' not in page


def test_a_wrong_account_keeps_what_was_typed(app: Flask, client: FlaskClient) -> None:
    desk = Desk(app, client)
    typed = {"step": "account", "bank_bin": "970436", "account_number": "12 chữ", "holder": "Lý Thị Mẫu"}
    answer = client.post(desk.path, data=desk.fields() | typed)
    assert answer.status_code == 422
    assert "12 chữ" in answer.text and 'class="qr"' not in answer.text


def test_a_stranger_finds_nothing_and_changes_nothing(app: Flask, client: FlaskClient) -> None:
    desk = Desk(app, client).with_account()
    fields = desk.fields()
    assert app.test_client().get(desk.path).status_code == 401
    sign_in(client, desk.stranger)
    assert client.get(desk.path).status_code == 404
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', client.get("/manage/money/move").text)
    assert token is not None
    sent = fields | {"step": "paid", "csrf_token": token[1]}
    assert client.post(desk.path, data=sent).status_code == 404
    assert desk.paid() == []


def test_the_page_is_english_when_asked_and_costs_the_same_however_much_was_paid(
    app: Flask, client: FlaskClient
) -> None:
    desk = Desk(app, client).with_account()
    english = client.get(f"{desk.path}?hl=en")
    assert "Bank transfer to" in english.text
    counts = []
    for _round in range(2):
        with count_queries(app) as counted:
            client.get(desk.path)
        counts.append(counted.count)
        assert desk.pay(amount_vnd="1000").status_code == 302
    assert counts[0] == counts[1] <= 20


def test_the_pay_page_of_a_producer_offers_the_code_first(app: Flask, client: FlaskClient) -> None:
    desk = Desk(app, client)
    page = client.get(f"/manage/money/producers/{desk.producer}").text
    assert page.index(desk.path) < page.index('name="method"')
