"""The rules for all numbers: parts add up, nothing is negative, all given back leaves nothing."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from revenue.ledger import rules as ledger
from revenue.rules import AccountKind, Component, Line
from revenue.split import rules

GRADES = {"1": 10_000, "2": 8_500, "3": 7_000}
amounts = st.integers(0, 10**10)
contributions = st.lists(
    st.builds(
        rules.Contribution,
        key=st.sampled_from("abcdefgh"),
        producer_id=st.just(0),
        household_id=st.sampled_from([None, 1, 2]),
        grams=st.integers(0, 10**6),
        grade=st.sampled_from(["1", "2", "3", "?"]),
    ).map(lambda c: rules.Contribution(c.key, ord(c.key), c.household_id, c.grams, c.grade)),
    max_size=12,
)


@st.composite
def terms(draw: st.DrawFn) -> rules.Terms:
    producers = draw(st.integers(0, 10_000))
    processing = draw(st.integers(0, 10_000 - producers))
    return rules.Terms(producers, processing, 10_000 - producers - processing, GRADES)


@given(amounts, contributions, terms())
def test_the_shares_of_a_lot_add_up_and_none_is_negative(
    amount: int, given_: list[rules.Contribution], of_day: rules.Terms
) -> None:
    shares = rules.split_lot(amount, given_, of_day)
    assert sum(share.amount_vnd for share in shares) == amount
    assert all(share.amount_vnd > 0 for share in shares)


@given(amounts, contributions.filter(lambda c: not any(one.grams for one in c)), terms())
def test_a_lot_without_slips_leaves_the_producers_part_with_the_cooperative_and_says_so(
    amount: int, given_: list[rules.Contribution], of_day: rules.Terms
) -> None:
    kinds = {share.component for share in rules.split_lot(amount, given_, of_day)}
    assert Component.PRODUCERS not in kinds
    assert (Component.UNTRACED in kinds) == (
        rules.over_components(amount, of_day).get(Component.PRODUCERS, 0) > 0
    )


@given(amounts, contributions, terms(), st.randoms())
def test_the_order_in_which_slips_are_read_changes_nothing(
    amount: int, given_: list[rules.Contribution], of_day: rules.Terms, chance: object
) -> None:
    shuffled = list(given_)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert rules.split_lot(amount, given_, of_day) == rules.split_lot(amount, shuffled, of_day)


lefts = st.dictionaries(st.integers(0, 30), st.integers(0, 10**9), min_size=1, max_size=12)


@given(lefts, st.data())
def test_a_refund_never_takes_more_than_is_left_of_any_share(
    left: dict[int, int], data: st.DataObject
) -> None:
    amount = data.draw(st.integers(0, sum(left.values())))
    taken = rules.refund(amount, left)
    assert sum(taken.values()) == amount
    assert all(0 < part <= left[key] for key, part in taken.items())


@given(lefts)
def test_a_refund_of_everything_leaves_nothing(left: dict[int, int]) -> None:
    taken = rules.refund(sum(left.values()), left)
    assert all(left[key] == taken.get(key, 0) for key in left)


@given(lefts, st.lists(st.integers(1, 100), max_size=6))
def test_refunds_one_after_another_never_go_below_zero(left: dict[int, int], percents: list[int]) -> None:
    for percent in percents:
        taken = rules.refund(sum(left.values()) * percent // 100, left)
        left = {key: amount - taken.get(key, 0) for key, amount in left.items()}
    assert all(amount >= 0 for amount in left.values())


def test_more_than_is_left_is_refused() -> None:
    with pytest.raises(ValueError, match="more than is left"):
        rules.refund(4, {1: 1, 2: 2})


@given(amounts, st.lists(st.integers(0, 10**9), max_size=6), st.integers(-5, 10**9))
def test_a_settled_share_adds_up(share: int, open_: list[int], debt: int) -> None:
    advances = list(enumerate(open_))
    settled = rules.settle(share, advances, debt)
    parts = sum(part for _slip, part in settled.advances)
    assert parts + settled.receivable_vnd + settled.payable_vnd == share
    assert all(part <= open_[one] for one, part in settled.advances)
    assert settled.payable_vnd == 0 or parts == sum(open_)


@given(st.integers(0, 10**6), st.integers(0, 10**6), st.dictionaries(st.integers(1, 9), st.integers(0, 10**6)),
       st.integers(0, 10**6), st.data())  # fmt: skip
def test_what_is_taken_back_adds_up_and_never_exceeds_what_was_posted(
    payable: int, owed: int, advances: dict[int, int], netted: int, data: st.DataObject
) -> None:
    amount = data.draw(st.integers(0, payable + sum(advances.values()) + netted))
    back = rules.take_back(amount, payable, owed, advances, netted)
    assert back.payable_vnd + back.receivable_vnd + sum(part for _slip, part in back.advances) == amount
    assert back.payable_vnd <= min(payable, owed)
    assert all(0 < part <= advances[one] for one, part in back.advances)


LINES = [Line(AccountKind.BANK, "", 5), Line(AccountKind.CAPITAL, "", -5)]


@pytest.mark.parametrize(
    ("lines", "fault"),
    [(LINES, ""), (LINES[:1], "few"), ([*LINES, Line(AccountKind.CASH, "", 0)], "zero"),
     ([*LINES, Line(AccountKind.CASH, "", 1)], "unbalanced")],
)  # fmt: skip
def test_only_balanced_entries_of_two_lines_or_more_may_be_posted(lines: list[Line], fault: str) -> None:
    assert ledger.fault(lines) == fault


def test_the_body_hash_ignores_the_order_of_lines_and_sees_every_amount() -> None:
    same = ledger.body_hash("opening", (None,), "", LINES[::-1])
    assert ledger.body_hash("opening", (None,), "", LINES) == same
    assert ledger.body_hash("opening", (1,), "", LINES) != same
    doubled = [Line(line.kind, "", line.amount_vnd * 2) for line in LINES]
    assert ledger.body_hash("opening", (None,), "", doubled) != same


def test_every_part_of_an_entry_is_in_its_hash() -> None:
    at, on = datetime(2026, 11, 22, tzinfo=UTC), date(2026, 11, 22)
    whole = ("0" * 64, 1, "key", at, on, "body")
    others = [("1" * 64, *whole[1:]), (*whole[:1], 2, *whole[2:]), (*whole[:2], "k", *whole[3:]),
              (*whole[:4], date(2026, 11, 21), "body"), (*whole[:5], "other")]  # fmt: skip
    hashes = {ledger.entry_hash(*one) for one in [whole, *others]}
    assert len(hashes) == 6
