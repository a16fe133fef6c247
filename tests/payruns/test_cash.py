"""Cash: the family confirms it by the code on its phone, by its PIN on the treasurer's, or on its own page."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from accounts.rules import Actor, Role
from core import clock
from core.db import db, transaction
from core.errors import Conflict, NotFound
from messages.models import Message
from revenue.models import Payout
from revenue.operations import pay_producer
from revenue.payouts import operations, queries
from revenue.payouts.models import PayoutConfirmation, ProducerPin
from revenue.queries import statement
from tests.conftest import NOW
from tests.factories.accounts import create_user, sign_in
from tests.factories.cooperatives import create_cooperative, create_producer, treasurer_of
from tests.payruns.scene import Till, a_till

CASH = 5_000_000


def handed(till: Till, amount_vnd: int = 10_000) -> int:
    """Cash handed to the first producer; the payout's id."""
    with transaction():
        return pay_producer(till.maker, till.producers[0], amount_vnd, "cash", "handed-over-1").id


def code_in(phone: str) -> str:
    """The code in the last message to a phone."""
    body = (
        db.session.query(Message)
        .filter_by(to_address=phone, kind="code")
        .order_by(Message.id.desc())
        .first()
        .body
    )
    return re.findall(r"\b\d{6}\b", body)[0]


def test_cash_nobody_confirmed_is_shown_as_such(ctx: Flask) -> None:
    till = a_till(10_000, cash_vnd=CASH)
    payout_id = handed(till)
    paid = db.session.get_one(Payout, payout_id)
    assert queries.fate(paid).unconfirmed
    assert [one.id for one in queries.unconfirmed_cash(till.org)] == [payout_id]
    assert statement(till.org, till.producers[0]).payments[0].unconfirmed


def test_the_code_on_her_phone_names_the_sum_and_confirms_once(ctx: Flask) -> None:
    till = a_till(10_000, cash_vnd=CASH)
    payout_id = handed(till)
    with transaction():
        operations.send_cash_code(till.maker, payout_id)
    body = db.session.query(Message).filter_by(to_address=till.phones[0], kind="code").one().body
    assert "10.000" in body and "Đếm đủ" in body
    code = code_in(till.phones[0])
    with transaction():
        assert not operations.confirm_by_code(
            till.maker, payout_id, "000000" if code != "000000" else "111111"
        )
    for _tap in range(2):
        with transaction():
            assert operations.confirm_by_code(till.maker, payout_id, code)
    fate = queries.fate(db.session.get_one(Payout, payout_id))
    assert (fate.how, fate.unconfirmed, db.session.query(PayoutConfirmation).count()) == ("code", False, 1)


def test_a_code_lives_five_minutes_and_belongs_to_one_payout(ctx: Flask) -> None:
    till = a_till(20_000, cash_vnd=CASH)
    first = handed(till)
    with transaction():
        other = pay_producer(till.maker, till.producers[0], 5_000, "cash", "handed-over-2").id
        operations.send_cash_code(till.maker, first)
    code = code_in(till.phones[0])
    with transaction():
        assert not operations.confirm_by_code(till.maker, other, code)
    with clock.use(NOW + timedelta(minutes=6)), transaction():
        assert not operations.confirm_by_code(till.maker, first, code)


def test_a_transfer_needs_no_confirmation(ctx: Flask) -> None:
    till = a_till(10_000)
    with transaction():
        paid = pay_producer(till.maker, till.producers[0], 10_000, "bank", "by-the-bank-1").id
    assert not queries.fate(db.session.get_one(Payout, paid)).unconfirmed
    with pytest.raises(Conflict), transaction():
        operations.confirm_by_pin(till.maker, paid)


def test_she_confirms_on_her_own_phone_and_nobody_elses(ctx: Flask) -> None:
    coop = create_cooperative()
    her, stranger = create_user("Lý Thị Mẫu"), create_user("Người lạ")
    who = create_producer(coop, phone=her.phone, user_id=her.id).id
    from tests.factories.revenue import opened
    from tests.payruns.scene import owe

    opened(coop, cash_vnd=CASH)
    org, treasurer = int(coop.organisation_id or 0), treasurer_of(coop)
    owe(org, who, 7_000)
    with transaction():
        paid = pay_producer(treasurer, who, 7_000, "cash", "to-her-own-1").id
    with pytest.raises(NotFound), transaction():
        operations.confirm_own(Actor(stranger.id, Role.BUYER), paid)
    with transaction():
        operations.confirm_own(Actor(her.id, Role.PRODUCER), paid)
    assert queries.fate(db.session.get_one(Payout, paid)).how == "own"


def test_a_second_pin_needs_another_person_of_the_staff(ctx: Flask) -> None:
    till = a_till(0)
    with transaction():
        operations.set_pin(till.maker, till.producers[0], "hash-1")
    with pytest.raises(Conflict), transaction():
        operations.set_pin(till.maker, till.producers[0], "hash-2")
    with transaction():
        operations.set_pin(till.second, till.producers[0], "hash-3")
    assert db.session.query(ProducerPin).one().pin_hash == "hash-3"
    stranger = treasurer_of(create_cooperative("HTX Kia"))
    with pytest.raises(NotFound), transaction():
        operations.set_pin(stranger, till.producers[0], "hash-4")


class Desk:
    """The treasurer's phone, handed to a family."""

    def __init__(self, app: Flask, client: FlaskClient) -> None:
        with app.app_context():
            till = a_till(10_000, cash_vnd=CASH)
            self.payout, self.producer = handed(till), till.producers[0]
            self.phone, maker = till.phones[0], till.maker
            db.session.remove()
        self.app, self.client = app, client
        sign_in(client, maker)

    def post(self, path: str, **typed: str) -> int:
        """Send a form of the page with its token; the answer's status."""
        page = self.client.get(path).text
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
        assert token is not None
        return int(self.client.post(path, data=typed | {"csrf_token": token[1]}).status_code)

    def how(self) -> str:
        """How the payout was confirmed."""
        with self.app.app_context():
            return queries.fate(db.session.get_one(Payout, self.payout)).how


def test_a_family_without_a_phone_chooses_a_pin_and_types_it(app: Flask, client: FlaskClient) -> None:
    desk = Desk(app, client)
    pin, cash = f"/manage/money/producers/{desk.producer}/pin", f"/manage/money/payouts/{desk.payout}/cash"
    assert desk.post(pin, pin="123456", again="123456") == 422
    assert desk.post(pin, pin="482017", again="482018") == 422
    assert desk.post(pin, pin="482017", again="482017") == 302
    assert desk.post(cash, step="pin", pin="482018") == 422
    assert desk.how() == ""
    assert desk.post(cash, step="pin", pin="482017") == 302
    assert desk.how() == "pin"
    assert "đã xác nhận" in client.get(f"/manage/money/payouts/{desk.payout}").text


def test_a_family_with_a_phone_reads_the_code_aloud(app: Flask, client: FlaskClient) -> None:
    desk = Desk(app, client)
    cash = f"/manage/money/payouts/{desk.payout}/cash"
    assert desk.post(cash, step="send") == 200
    with app.app_context():
        code = code_in(desk.phone)
        db.session.remove()
    assert desk.post(cash, step="code", code="000000" if code != "000000" else "111111") == 422
    assert desk.how() == ""
    assert desk.post(cash, step="code", code=code) == 302
    assert desk.how() == "code"


def test_five_wrong_pins_wait_an_hour_even_for_the_right_one(app: Flask, client: FlaskClient) -> None:
    desk = Desk(app, client)
    pin, cash = f"/manage/money/producers/{desk.producer}/pin", f"/manage/money/payouts/{desk.payout}/cash"
    assert desk.post(pin, pin="482017", again="482017") == 302
    assert [desk.post(cash, step="pin", pin="999990") for _try in range(5)] == [422] * 5
    assert desk.post(cash, step="pin", pin="482017") == 422
    with clock.use(NOW + timedelta(minutes=61)):
        assert desk.post(cash, step="pin", pin="482017") == 302
    assert desk.how() == "pin"
