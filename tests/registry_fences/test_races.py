"""Two requests that reach the same household in the same moment, each over its own connection to PostgreSQL."""

import threading
from collections import Counter
from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask import Flask

from accounts.rules import Role
from core import clock
from core.db import db, transaction
from core.errors import Conflict
from registry.figures.models import CountedHome, PlaceCount
from registry.figures.operations import count
from registry.figures.rules import Basis
from registry.followup import operations as care
from registry.followup.models import CarePlan
from registry.procedure import operations
from registry.procedure.models import CaseStep
from tests.conftest import NOW
from tests.factories.accounts import actor_for
from tests.factories.procedure import listed, visited
from tests.factories.registry import submitted_review

pytestmark = pytest.mark.postgres
WAITING = sa.text(
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
)


def at_once(app: Flask, first: Callable[[], object], second: Callable[[], object]) -> list[str]:
    """What became of both: the second begins after the first has written, and before it commits."""
    said, wrote, ended = ["", ""], threading.Event(), threading.Event()

    def run(place: int, verb: Callable[[], object]) -> None:
        with clock.use(NOW), app.app_context():
            try:
                if place == 1:
                    wrote.wait(20)
                with transaction():
                    verb()
                    if place == 0:
                        wrote.set()
                        _until_somebody_waits(app, ended)
                said[place] = "done"
            except Conflict:
                said[place] = "conflict"
            finally:
                wrote.set()
                if place == 1:
                    ended.set()
                db.session.remove()

    threads = [threading.Thread(target=run, args=one) for one in ((0, first), (1, second))]
    for one in threads:
        one.start()
    for one in threads:
        one.join(30)
    return said


def _until_somebody_waits(app: Flask, ended: threading.Event) -> None:
    engine = sa.create_engine(db.engine.url)
    try:
        for _turn in range(400):
            with engine.connect() as connection:
                if ended.wait(0.01) or connection.execute(WAITING).scalar_one():
                    return
    finally:
        engine.dispose()


def test_of_two_officers_at_one_step_one_takes_it(pg_app: Flask) -> None:
    with clock.use(NOW), pg_app.app_context():
        who, case = listed()
        key, case_id, unit_id = case.key, case.id, case.commune_id
        other = actor_for(Role.COMMUNE_OFFICER, unit_id=unit_id)
    said = at_once(
        pg_app,
        lambda: operations.screen(who, key, goes_on=True, note=""),
        lambda: operations.screen(other, key, goes_on=False, note="Nhà này đã chuyển đi nơi khác."),
    )
    with pg_app.app_context():
        steps = (
            db.session.execute(sa.select(CaseStep.event).where(CaseStep.case_id == case_id)).scalars().all()
        )
    assert (said, len(steps)) == (["done", "conflict"], 2)


def test_a_household_that_is_counted_twice_at_once_is_counted_once(pg_app: Flask) -> None:
    with clock.use(NOW), pg_app.app_context():
        home_id = submitted_review().household_id
        year = clock.today().year
        before = _counts()

    def anew() -> None:
        count(home_id, year, Basis.DECLARED)

    assert at_once(pg_app, anew, anew) == ["done", "done"]
    with pg_app.app_context():
        assert _counts() == before and before
        rows = db.session.execute(
            sa.select(CountedHome.standard_id).where(CountedHome.household_id == home_id)
        ).scalars()
        assert max(Counter(rows).values()) == 1


def _counts() -> dict[tuple[object, ...], int]:
    rows = db.session.execute(
        sa.select(PlaceCount.standard_id, PlaceCount.word, PlaceCount.household_count)
    ).all()
    return {(one.standard_id, one.word): one.household_count for one in rows if one.household_count}


def test_of_two_plans_written_at_once_one_is_open(pg_app: Flask) -> None:
    with clock.use(NOW), pg_app.app_context():
        who, case = visited()
        from households.models import Household

        key = db.session.get_one(Household, case.household_id).key
        other = actor_for(Role.COMMUNE_OFFICER, unit_id=case.commune_id)
    said = at_once(
        pg_app,
        lambda: care.make_plan(who, key, "Mua một máy xát ngô"),
        lambda: care.make_plan(other, key, "Sửa lại mái nhà bếp"),
    )
    with pg_app.app_context():
        plans = db.session.execute(sa.select(CarePlan.ended_on).order_by(CarePlan.id)).scalars().all()
    assert said == ["done", "done"] and [one is None for one in plans] == [False, True]


def test_what_is_erased_on_postgresql_is_emptied_and_never_rewritten(pg_app: Flask) -> None:
    with clock.use(NOW), pg_app.app_context():
        visited()
        engine = sa.create_engine(db.engine.url)
    for wrong in (
        "UPDATE case_step SET note = 'x'::bytea",
        "UPDATE case_step SET note = NULL, event = 'visit'",
        "DELETE FROM case_step",
        "TRUNCATE case_step",
    ):
        with pytest.raises(sa.exc.DatabaseError, match="immutable"), engine.begin() as connection:
            connection.execute(sa.text(wrong))
    with engine.begin() as connection:
        assert connection.execute(sa.text("UPDATE case_step SET note = NULL WHERE note IS NOT NULL")).rowcount
    engine.dispose()
