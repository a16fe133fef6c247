"""Orders made without an account come into one by a code sent to the phone; and the same is bought again."""

import re

import pytest

from accounts.rules import Role
from core.db import db, transaction
from core.errors import NotAllowed, NotFound, TooMany
from messages.models import Message
from orders.carts.queries import count
from orders.claims import operations, queries
from orders.models import PurchaseClaim
from orders.repeats.operations import put_again
from tests.factories.accounts import actor_for
from tests.factories.catalog import set_available
from tests.factories.orders import stocked
from tests.factories.payments import place_order
from tests.queries import count_queries

PHONE = "+84912345678"


@pytest.fixture
def buyer(ctx):
    return actor_for(Role.BUYER)


def code_sent() -> str:
    text = db.session.query(Message.body).order_by(Message.id.desc()).first()[0]
    return re.search(r"\d{6}", text)[0]


def claimed(actor, phone=PHONE):
    with transaction():
        operations.send_claim_code(actor, phone)
    code = code_sent()
    with transaction():
        return operations.claim_by_code(actor, phone, code)


def test_a_code_to_the_phone_brings_every_purchase_made_with_it_and_no_other(app, buyer):
    pack = stocked(9)
    mine = [place_order([(pack, 1)], phone=PHONE)[0].code for _n in range(2)]
    place_order([(pack, 1)], phone="+84987654321")
    assert claimed(buyer) == 2
    user_id = buyer.user_id
    with count_queries(app) as counted:
        found, page_count = queries.my_orders(user_id)
    assert (sorted(one.code for one in found), page_count, counted.count) == (sorted(mine), 1, 2)


def test_a_wrong_code_brings_nothing_and_five_tries_are_all(buyer):
    place_order([(stocked(5), 1)], phone=PHONE)
    with transaction():
        operations.send_claim_code(buyer, PHONE)
    good = code_sent()
    for _try in range(5):
        with transaction():
            assert operations.claim_by_code(buyer, PHONE, "000000" if good != "000000" else "111111") is None
    with transaction():
        assert operations.claim_by_code(buyer, PHONE, good) is None
    assert db.session.query(PurchaseClaim).count() == 0


def test_anothers_code_is_none_of_mine_and_what_was_claimed_stays(buyer):
    place_order([(stocked(5), 1)], phone=PHONE)
    other = actor_for(Role.BUYER)
    with transaction():
        operations.send_claim_code(other, PHONE)
    code = code_sent()
    with transaction():
        assert operations.claim_by_code(buyer, PHONE, code) is None
    assert claimed(buyer) == 1
    assert claimed(other) == 0
    assert queries.my_orders(other.user_id)[0] == []


def test_codes_are_limited_for_a_number_and_need_a_person(buyer):
    for _n in range(5):
        with transaction():
            operations.send_claim_code(buyer, PHONE)
    with pytest.raises(TooMany), transaction():
        operations.send_claim_code(buyer, PHONE)
    from accounts.rules import SYSTEM

    with pytest.raises(NotAllowed), transaction():
        operations.send_claim_code(SYSTEM, PHONE)


# ---- the same again ----


def test_the_same_again_is_in_the_cart_once_at_todays_prices(ctx):
    pack = stocked(20)
    order = place_order([(pack, 3)])[0]
    with transaction():
        first = put_again(None, order.token)
    with transaction():
        second = put_again(first.cart_token, order.token)
    assert (first.put, first.gone) == (("Miến dong",), ()) and second.cart_token == first.cart_token
    assert count(first.cart_token) == 3


def test_what_is_scarce_comes_in_part_and_what_is_gone_is_named(ctx):
    scarce, gone = stocked(9, name="Nấm hương"), stocked(9, name="Măng khô")
    made = place_order([(scarce, 4), (gone, 1)])
    set_available(scarce.product_id, 2)
    set_available(gone.product_id, 0)
    token, fewer, lost = None, [], []
    for order in made:
        with transaction():
            done = put_again(token, order.token)
        token, fewer, lost = done.cart_token, [*fewer, *done.fewer], [*lost, *done.gone]
    assert (fewer, lost, count(token)) == (["Nấm hương"], ["Măng khô"], 2)


def test_a_guessed_link_repeats_nothing(ctx):
    with pytest.raises(NotFound), transaction():
        put_again(None, "guessed-token")
