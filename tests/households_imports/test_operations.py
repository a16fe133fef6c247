"""Taking a list in: looked over, accepted once, doubles left to people, paper numbers never kept."""

from datetime import date

import pytest
from flask import Flask
from sqlalchemy import func, select

from accounts.rules import Actor, Role
from core.db import db, transaction
from core.errors import Conflict, Invalid, NotFound
from households.imports import operations, queries
from households.imports.models import RosterImport
from households.imports.rules import Outcome
from households.models import Household, Person
from households.roster.queries import doubles, listed
from tests.factories.accounts import actor_for
from tests.factories.households import create_household
from tests.factories.places import commune
from tests.households_imports.test_rules import MESSY

TODAY = date(2026, 11, 22)
ROWS = [(number, tuple(row)) for number, row in enumerate(MESSY, 1)]


def officer() -> Actor:
    """The commune's officer."""
    return actor_for(Role.COMMUNE_OFFICER, None, commune("Côn Minh").id)


def sent(me: Actor, key: str = "list-1") -> str:
    """The messy list, sent."""
    with transaction():
        return operations.receive(me, key, "danh sach.xlsx", ROWS).key


def count(table: type) -> int:
    """Rows of a table."""
    return db.session.execute(select(func.count()).select_from(table)).scalar_one()


def test_nothing_is_saved_until_the_list_is_accepted(ctx: Flask) -> None:
    me = officer()
    before = count(Person), count(Household)
    key = sent(me)
    planned = queries.plan(queries.own_import(me, key))
    assert queries.counts(planned) == {"new": 3, "known": 0, "double": 0, "faulty": 2}
    assert (count(Person), count(Household)) == before
    with transaction():
        done = operations.accept(me, key)
        operations.accept(me, key)
    assert (done.added_count, done.left_count, done.content) == (3, 2, None)
    assert (count(Person), count(Household)) == (before[0] + 3, before[1] + 2)
    assert {row.people for row in listed(me)[0]} == {1, 2}


def test_the_same_list_sent_again_adds_nobody_and_a_mended_row_joins_its_household(ctx: Flask) -> None:
    me = officer()
    with transaction():
        operations.accept(me, sent(me))
    people, homes = count(Person), count(Household)
    mended = [*ROWS[:7], (8, (4, "Hoàng Thị Dung", "Vợ", None, 1980, None, "Tày")), *ROWS[8:]]
    with transaction():
        key = operations.receive(me, "list-2", "a.xlsx", mended).key
    assert queries.counts(queries.plan(queries.own_import(me, key))) == {
        "new": 1,
        "known": 3,
        "double": 0,
        "faulty": 1,
    }
    with transaction():
        operations.accept(me, key)
    assert (count(Person), count(Household)) == (people + 1, homes)


def test_who_may_be_known_already_is_explained_and_waits_or_is_added_and_never_merged(ctx: Flask) -> None:
    me = officer()
    create_household(commune("Côn Minh"), "Chè Cọ", "LY THI MAU")
    key = sent(me)
    double = next(one for one in queries.plan(queries.own_import(me, key)) if one.outcome is Outcome.DOUBLE)
    assert (double.row.name, double.like) == ("Lý Thị Mẫu", (0, "LY THI MAU"))
    with transaction():
        assert operations.accept(me, key).added_count == 1  # her child waits with her
    with transaction():
        assert operations.accept(me, sent(me, "list-3"), with_doubles=True).added_count == 2
    assert len(doubles(me)) == 1


def test_numbers_of_papers_are_never_kept(ctx: Flask) -> None:
    me = officer()
    rows, _headings = queries.content_of(queries.own_import(me, sent(me)))
    assert "006184000001" not in str(rows)
    stored = db.session.execute(select(RosterImport.content)).scalar_one()
    assert "Mẫu".encode() not in (stored or b"")


def test_what_a_column_means_is_said_once_and_remembered(ctx: Flask) -> None:
    me = officer()
    odd = [(1, ("Ai", "Bao giờ", "Chỗ nào")), (2, ("Lý Thị Mẫu", 1984, "Chè Cọ"))]
    with transaction():
        operations.receive(me, "odd-1", "a.csv", odd)
        operations.set_columns(me, "odd-1", ["name", "birth", "village"])
    assert queries.counts(queries.plan(queries.own_import(me, "odd-1")))["new"] == 1
    with transaction():
        operations.receive(me, "odd-2", "b.csv", odd)
    assert queries.counts(queries.plan(queries.own_import(me, "odd-2")))["new"] == 1
    with pytest.raises(Invalid), transaction():
        operations.set_columns(me, "odd-2", ["name", "name", ""])


def test_lists_of_others_are_not_found_and_a_dropped_one_is_forgotten(ctx: Flask) -> None:
    me = officer()
    key = sent(me)
    for other in (
        actor_for(Role.COMMUNE_OFFICER, None, commune("Đồng Phúc").id),
        actor_for(Role.VILLAGE_HEAD, None, me.unit_id, "Chè Cọ"),
    ):
        with pytest.raises(NotFound):
            queries.own_import(other, key)
    with transaction():
        operations.drop(me, key)
    with pytest.raises(Conflict), transaction():
        operations.accept(me, key)
    assert db.session.execute(select(RosterImport.content)).scalar_one() is None
