"""Late and nearly late are shown by the clock that ends first; officers are told once a working day, without names."""

from datetime import date, datetime, timedelta

from flask import Flask

from accounts.rules import Role
from core import clock
from core.db import db, transaction
from messages.models import Message
from registry.procedure import operations, queries
from registry.procedure.reminders import remind
from registry.procedure.rules import OVER
from tests.factories.accounts import actor_for
from tests.factories.procedure import listed, objected, posted


def _at(day: date, hour: int = 9) -> datetime:
    return clock.start_of(day) + timedelta(hours=hour)


def test_an_open_objection_is_due_by_its_own_clock_before_the_whole(ctx: Flask) -> None:
    who, case, _wall = posted()
    objected(who, case)
    row = queries.board(who).rows[0]
    assert case.recheck_due_on is not None
    assert (row.due_on, row.late) == (case.recheck_due_on, False) and row.due_on < case.due_on
    with clock.use(_at(case.recheck_due_on)):
        board = queries.board(who)
        assert (board.late, board.soon, board.rows[0].soon) == (0, 1, True)
    with clock.use(_at(case.recheck_due_on + timedelta(days=1))):
        board = queries.board(who)
        assert (board.late, board.soon, board.rows[0].late) == (1, 0, True)


def test_two_working_days_before_the_end_leap_over_a_weekend(ctx: Flask) -> None:
    who, case = listed()
    assert case.due_on == date(2026, 12, 14)  # a Monday
    for day, soon in ((date(2026, 12, 9), 0), (date(2026, 12, 10), 1), (date(2026, 12, 12), 1)):
        with clock.use(_at(day)):
            assert queries.board(who).soon == soon, day


def test_what_waits_to_be_proposed_and_to_be_signed_is_counted_for_those_who_may(ctx: Flask) -> None:
    who, case, wall = posted()
    key, second = case.key, actor_for(Role.COMMUNE_OFFICER, unit_id=case.commune_id)
    assert queries.board(who).to_propose == 0
    assert queries.board(who).rows[0].state == queries.said_state(case) == "posted"
    with clock.use(_at(wall.closes_on + timedelta(days=1))):
        assert queries.board(who).to_propose == 1
        assert queries.board(who).rows[0].state == queries.said_state(case) == OVER
        with transaction():
            operations.propose(who, key, decision_number="1/QĐ")
        assert [queries.board(one).to_sign for one in (who, second)] == [0, 1]


def test_officers_get_one_message_of_counts_on_a_working_day_in_office_hours(ctx: Flask) -> None:
    who, case = listed()
    late = case.due_on + timedelta(days=1)
    for when, told in ((_at(late, 5), 0), (_at(late), 1), (_at(late, 11), 0), (_at(date(2026, 12, 19)), 0)):
        with clock.use(when), transaction():
            assert remind() == told, when
    sent = db.session.query(Message).filter_by(kind="review").all()
    assert [one.body[:60] for one in sent] == ["Rà soát của xã: 1 hộ quá hạn, 0 hộ sắp đến hạn, 0 hộ quá hẹn"]
    assert "Triệu" not in sent[0].body and who.unit_id == case.commune_id
