"""Stays read from changes, blocks of doubles, generations."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from households.roster.rules import Change, Span, block, generations, not_told, span_on, spans

DAY = date(2026, 1, 1)
CHANGES = st.lists(
    st.tuples(st.integers(0, 30), st.sampled_from([None, 1, 2, 3]), st.sampled_from(["head", "other"])),
    max_size=12,
).map(
    lambda rows: [
        Change(DAY + timedelta(days=days), order, home, relation if home else "")
        for order, (days, home, relation) in enumerate(rows)
    ]
)


@given(CHANGES, st.integers(0, 40))
def test_on_any_day_the_last_change_until_then_holds(changes: list[Change], after: int) -> None:
    day = DAY + timedelta(days=after)
    before = [one for one in changes if one.on <= day]
    last = max(before, key=lambda one: (one.on, one.order), default=None)
    here = span_on(spans(changes), day)
    assert (here.household_id if here else None) == (last.household_id if last else None)


@given(CHANGES, CHANGES)
def test_what_events_do_not_tell_is_told_by_openings_and_nothing_more(
    held: list[Change], told: list[Change]
) -> None:
    wanted = spans(held)
    added = not_told(wanted, told)
    both = spans([*told, *added])
    for days in range(40):
        day = DAY + timedelta(days=days)
        here, there = span_on(both, day), span_on(wanted, day)
        assert (here and (here.household_id, here.relation)) == (
            there and (there.household_id, there.relation)
        )
    assert not_told(wanted, [*told, *added]) == []


def test_the_first_day_of_a_stay_counts_and_the_last_does_not() -> None:
    leaving = DAY + timedelta(days=9)
    stays = spans([Change(DAY, 1, 7, "head"), Change(leaving, 2, None, "")])
    assert stays == [Span(7, "head", DAY, leaving)]
    assert span_on(stays, DAY) is not None
    assert span_on(stays, leaving) is None


def test_people_without_a_year_of_birth_are_never_taken_for_one() -> None:
    assert block("Lý Thị Mẫu", None, "Thôn Chè Cọ") is None
    assert block("Lý Thị Mẫu", 1984, "Thôn Chè Cọ") != block("Lý Thị Mẫu", 1985, "Thôn Chè Cọ")


def test_a_circle_of_parents_ends() -> None:
    assert set(generations([1, 2], [(1, 2), (2, 1)]).values()) <= {1, 2}
