"""Reviews: by those who bought, shown at once unless words need a look, answered once, reported by anybody."""

from datetime import timedelta

import pytest

from accounts.rules import Role
from catalog.models import Product
from core import clock
from core.db import db, transaction
from core.errors import Conflict, Invalid, NotAllowed, NotFound
from orders import queries as orders
from orders.reviews import operations, queries
from orders.reviews.models import BuyerReview
from orders.reviews.rules import TEXT_MAX, Reason, State, average_tenths
from tests.conftest import NOW
from tests.factories import payments, revenue
from tests.factories.accounts import actor_for
from tests.factories.cooperatives import create_cooperative
from tests.factories.orders import manager_of_order, stocked


def bought(quantity=1, phone="+84912345678", pack=None):
    """A delivered order and its line."""
    coop = None
    if pack is None:
        coop = create_cooperative()
        revenue.opened(coop, 5_000_000, 5_000_000)
        pack = stocked(20, coop)
    order = payments.place_order([(pack, quantity)], phone=phone)[0]
    payments.pay(order)
    order = revenue.delivered(payments.shipped(order))
    return order, orders.lines(order.id)[0]


def write(order, line, stars=5, text="Ngon, gói kỹ.", name="Chị L."):
    token, line_id = order.token, line.id
    with transaction():
        return operations.write_review(token, line_id, stars=stars, text=text, name=name)


def rating(review):
    product = db.session.get_one(Product, review.product_id, populate_existing=True)
    return product.rating_sum, product.rating_count


@pytest.fixture
def sale(ctx):
    return bought()


def test_a_review_is_shown_at_once_with_the_name_that_was_typed_and_the_province_alone(sale):
    made = write(*sale)
    shown = queries.shown(made.product_id)[0]
    assert (shown.stars, shown.text, shown.name, shown.province) == (5, "Ngon, gói kỹ.", "Chị L.", "Hà Nội")
    assert "Đỗ Minh Mẫu" not in repr(shown) and "912345678" not in repr(shown) and "ngõ" not in repr(shown)
    assert rating(made) == (5, 1)


def test_saying_it_again_replaces_it_and_counts_once(sale):
    write(*sale)
    again = write(*sale, stars=2, text="Hai hôm sau thì ẩm.")
    assert rating(again) == (2, 1) and db.session.query(BuyerReview).count() == 1


def test_words_worth_a_look_wait_and_do_not_count_until_a_person_agrees(sale):
    made = write(*sale, text="Gọi tôi 0912 345 678 mua rẻ hơn")
    assert made.state == State.HELD and rating(made) == (0, 0) and queries.shown(made.product_id) == ()
    assert [row.id for row in queries.to_look_at()] == [made.id]
    with transaction():
        operations.decide(actor_for(Role.ADMINISTRATOR), made.id, good=True)
    assert rating(made) == (5, 1) and queries.to_look_at() == []


def test_a_reported_review_stays_until_a_person_looked(sale):
    made = write(*sale, stars=1, text="Dở.")
    for key in ("report-key-1", "report-key-1", "report-key-2"):
        with transaction():
            operations.report(key, made.id, Reason.UNTRUE, "203.0.113.9")
    assert len(queries.shown(made.product_id)) == 1
    assert queries.open_reports([made.id]) == {made.id: ["untrue", "untrue"]}
    with pytest.raises(NotAllowed), transaction():
        operations.decide(manager_of_order(sale[0]), made.id, good=False)
    with transaction():
        operations.decide(actor_for(Role.ADMINISTRATOR), made.id, good=False)
    assert queries.shown(made.product_id) == () and rating(made) == (0, 0)
    assert queries.open_reports([made.id]) == {}
    with pytest.raises(NotFound):
        queries.review(made.id)
    with pytest.raises(Conflict):
        write(*sale)


def test_the_cooperative_answers_once_and_then_the_words_stand(sale):
    made, boss = write(*sale, stars=3), manager_of_order(sale[0])
    with transaction():
        operations.answer(boss, made.id, "Cảm ơn bạn.")
    assert queries.shown(made.product_id)[0].answer == "Cảm ơn bạn."
    for again in (lambda: operations.answer(boss, made.id, "Nữa."), lambda: write(*sale)):
        with pytest.raises(Conflict), transaction():
            again()
    stranger = actor_for(Role.MANAGER, create_cooperative("HTX Bạn").organisation_id)
    with pytest.raises(NotFound), transaction():
        operations.answer(stranger, made.id, "Không phải tôi.")


def test_whoever_wrote_it_may_take_it_back_with_name_and_words(sale):
    made = write(*sale)
    for _twice in range(2):
        with transaction():
            operations.take_back(sale[0].token, sale[1].id)
    row = db.session.get_one(BuyerReview, made.id, populate_existing=True)
    assert (row.state, row.name, row.text) == (State.WITHDRAWN, "", "") and rating(made) == (0, 0)
    assert write(*sale).state == State.SHOWN


def test_only_the_holder_of_the_link_of_a_delivered_order_reviews_in_time(sale):
    order, line = sale
    other, other_line = bought(phone="+84912000111")
    with pytest.raises(NotFound):
        write(order, other_line)
    pending = payments.place_order([(stocked(), 1)])[0]
    with pytest.raises(NotFound, match="chưa nhận xét được"):
        write(pending, orders.lines(pending.id)[0])
    with clock.use(NOW + timedelta(days=181)), pytest.raises(NotFound):
        write(order, line)
    assert write(other, other_line).state == State.SHOWN


@pytest.mark.parametrize(
    "wrong", [{"stars": 0}, {"stars": 6}, {"text": "a" * (TEXT_MAX + 1)}, {"name": "  "}]
)
def test_what_cannot_be_said(sale, wrong):
    with pytest.raises(Invalid):
        write(*sale, **wrong)


def test_stars_without_words_are_enough(sale):
    assert write(*sale, text="").state == State.SHOWN


@pytest.mark.parametrize(
    ("total", "count", "tenths"), [(0, 0, 0), (5, 1, 50), (14, 3, 47), (9, 2, 45), (13, 4, 33)]
)
def test_the_average_in_tenths(total, count, tenths):
    assert average_tenths(total, count) == tenths


def test_two_buyers_of_one_product_make_one_sum(ctx):
    coop = create_cooperative()
    revenue.opened(coop, 5_000_000, 5_000_000)
    pack = stocked(20, coop)
    first, second = bought(pack=pack), bought(phone="+84912000222", pack=pack)
    write(*first, stars=5)
    made = write(*second, stars=2)
    assert rating(made) == (7, 2) and queries.by_stars(made.product_id) == {5: 1, 4: 0, 3: 0, 2: 1, 1: 0}
