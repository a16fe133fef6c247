"""Who gives way when the books have fewer than were handed over."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from channels.stall.rules import Holder, Shelf, Step, asks, gives_way, plan, seal

NOON = datetime(2026, 11, 22, 5, tzinfo=UTC)


def holder(number, on_lot=1, quantity=None, paid=False, minutes=0):
    return Holder(number, number * 10, on_lot, quantity or on_lot, paid, NOON + timedelta(minutes=minutes))


def said(steps):
    return [(one.step, one.quantity, one.order_id) for one in steps]


def test_what_was_carried_goes_first_then_what_was_written_off_then_the_store():
    assert said(plan(6, Shelf(left=2, lost=1, free=9, elsewhere=0))) == [
        (Step.STALL, 2, None), (Step.LOSS, 1, None), (Step.STORE, 3, None),
    ]  # fmt: skip


def test_the_youngest_unpaid_order_gives_way_before_any_paid_one_and_the_oldest_paid_last():
    one, two, three = holder(1, paid=True, minutes=9), holder(2, minutes=1), holder(3, minutes=5)
    four = holder(4, paid=True, minutes=2)
    assert [each.order_id for each in gives_way([one, two, three, four])] == [3, 2, 1, 4]


def test_an_order_that_gives_way_gets_another_lot_while_there_is_one_and_an_apology_after():
    holders = (holder(1, minutes=1), holder(2, minutes=2))
    steps = plan(2, Shelf(left=0, lost=0, free=0, elsewhere=1, holders=holders))
    assert said(steps) == [(Step.SUBSTITUTE, 1, 2), (Step.APOLOGY, 1, 1)]
    assert asks(steps) and not asks(plan(1, Shelf(1, 0, 0, 0)))


def test_goods_that_no_book_has_are_a_finding():
    assert said(plan(2, Shelf(left=1, lost=0, free=0, elsewhere=5))) == [
        (Step.STALL, 1, None),
        (Step.FOUND, 1, None),
    ]


counts = st.integers(0, 5)
holders = st.lists(st.tuples(st.integers(1, 3), st.booleans(), st.integers(0, 99)), max_size=4).map(
    lambda rows: tuple(holder(n, lot, lot + 1, paid, at) for n, (lot, paid, at) in enumerate(rows, 1))
)


@given(st.integers(1, 12), counts, counts, counts, counts, holders)
def test_every_piece_sold_comes_from_somewhere_and_nothing_gives_more_than_it_has(
    quantity, left, lost, free, other, there
):
    shelf = Shelf(left, lost, free, other, there)
    steps = plan(quantity, shelf)
    assert sum(one.quantity for one in steps) == quantity and all(one.quantity > 0 for one in steps)
    have = {Step.STALL: left, Step.LOSS: lost, Step.STORE: free}
    assert all(one.quantity <= have[one.step] for one in steps if one.step in have)
    by_order = {one.order_id: one for one in there}
    assert all(one.quantity <= by_order[one.order_id].on_lot for one in steps if one.order_id)
    assert seal([(1, steps)]) == seal([(1, plan(quantity, shelf))])
