"""What is emptied is nowhere any more: every column of every table is opened and searched, and every file."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from accounts.rules import Actor, Role
from app.sealed import SEALED
from core import audit, clock
from core.crypto import decrypt
from core.db import ERASABLE, Base, db, transaction
from households.models import Household, HouseholdMember, Person
from registry.followup import operations as care
from registry.followup.operations import Planned, Visited
from registry.followup.rules import Finding, Who
from registry.models import Review
from registry.papers import operations as papers
from registry.papers.queries import scans_of
from registry.procedure import operations as procedure
from registry.procedure.models import CaseStep, ReviewCase, VillageMeeting
from registry.procedure.queries import case_of_household
from registry.record import operations as record
from registry.record.rules import Ask
from registry.safety.operations import forget_decided
from registry.safety.rules import Keep, kept_for
from tests.conftest import NOW
from tests.factories.procedure import meeting, recognised, visited

CAME, SEEN, STEP, GOAL = "bò vàng bị bệnh", "mái nhà dột nặng", "trồng gừng trâu", "mua một máy xát"
PHOTO = b"RIFF-anh-nha-" * 4


def everything() -> Iterator[str]:
    """Every value of every table as text, sealed ones opened."""
    sealed = {(one.table, one.column): one for one in SEALED}
    for table in Base.metadata.sorted_tables:
        owners = [
            sa.text(f"({one.owner}) AS owner_{column}")
            for (name, column), one in sealed.items()
            if name == table.name
        ]
        for row in db.session.execute(sa.select(table, *owners).select_from(table)).mappings():
            for name, value in row.items():
                one = sealed.get((table.name, name))
                if one is not None and value:
                    yield decrypt(bytes(value), field=one.field, owner=row[f"owner_{name}"])
                elif value is not None:
                    yield str(value)


def found(app: Flask, *words: str) -> set[str]:
    """Which of these words stand anywhere: in a table, sealed or not, or in a file."""
    texts = [one.encode().decode("unicode_escape", "ignore") if "\\u" in one else one for one in everything()]
    files = [path.read_bytes() for path in Path(str(app.config["STORAGE_DIR"])).rglob("*") if path.is_file()]
    return {
        word for word in words
        if any(word in one for one in texts) or any(word.encode() in one for one in files)
    }  # fmt: skip


def looked_after(who: Actor, home_id: int) -> None:
    """A plan with a step, ended by the next plan; a visit that led to no review."""
    key = db.session.get_one(Household, home_id).key
    with transaction():
        care.make_plan(who, key, GOAL)
    with transaction():
        care.add_step(who, key, Planned(STEP, Who.HOUSEHOLD, clock.today() + timedelta(days=30)))
    with transaction():
        care.make_plan(who, key, "Một việc khác hẳn")
    with transaction():
        care.visit(who, key, Visited("visit-1", clock.today(), Finding.SAME, SEEN, False))


def test_what_a_family_asks_to_erase_is_in_no_table_and_no_file(app: Flask, ctx: Flask) -> None:
    who, case = visited(note=CAME)
    case_id = case.id
    with transaction():
        papers.keep_scan(who, "case", case.key, PHOTO, shows="home")
    family, home_id = _family(case), case.household_id
    with transaction():
        procedure.withdraw(family)
    looked_after(who, home_id)
    words = (CAME, SEEN, STEP, GOAL)
    assert found(app, *words) == set(words)
    with transaction():
        made = record.ask(family, Ask.ERASE, "")
        assert made.erased_count >= 4
    assert found(app, *words) == set()
    case = db.session.get_one(ReviewCase, case_id)
    assert scans_of(case) == [] and db.session.query(CaseStep).count() >= 4, "rows stay, and say when"
    assert audit.verify(who.chain) is None
    with transaction():
        assert record.ask(family, Ask.ERASE, "").erased_count == 0


def _family(case: ReviewCase) -> Actor:
    """Whoever of the household signs in."""
    query = sa.select(Person.user_id).join(HouseholdMember, HouseholdMember.person_id == Person.id)
    mine = query.where(HouseholdMember.household_id == case.household_id, Person.user_id.is_not(None))
    return Actor(user_id=db.session.execute(mine).scalars().first(), role=Role.BUYER)


def test_words_of_a_decided_case_stay_for_their_time_and_then_go(app: Flask, ctx: Flask) -> None:
    _who, case = recognised()
    came, minutes, led = "Nhà tạm, ba con nhỏ", "Bà con nghe và nói.", "Lý Văn Trưởng"
    assert found(app, came, minutes, led) == {came, minutes, led}
    stays = kept_for("decided", clock.today())
    ended = case.ended_on
    assert ended is not None
    with clock.use(NOW + stays - timedelta(days=1)), transaction():
        assert forget_decided() == 0
    with clock.use(NOW + stays + timedelta(days=30)), transaction():
        assert forget_decided() >= 3
    assert found(app, came, minutes, led) == set()
    assert db.session.get_one(Review, case.review_id).answers is None
    again = case_of_household(case.household_id)
    assert again is None or again.chosen == "poor", "the decision stays"
    assert db.session.query(VillageMeeting).one().present_count == 1


def test_erasable_rows_are_emptied_and_never_rewritten(ctx: Flask) -> None:
    who, case = visited(note=CAME)
    meeting(who, case.village)
    assert ERASABLE["village_meeting"] == ("led_by", "written_by", "minutes")
    for wrong in (
        "UPDATE village_meeting SET led_by = 'Ai Khác'",
        "UPDATE village_meeting SET led_by = '', present_count = 0",
        "UPDATE case_step SET note = NULL, event = 'visit'",
        "DELETE FROM village_meeting",
    ):
        with pytest.raises(sa.exc.DatabaseError, match="immutable"), db.session.begin_nested():
            db.session.execute(sa.text(wrong))
    with transaction():
        db.session.execute(sa.text("UPDATE village_meeting SET led_by = ''"))
    with pytest.raises(sa.exc.DatabaseError, match="immutable"), db.session.begin_nested():
        db.session.execute(sa.text("UPDATE village_meeting SET led_by = 'Lý Văn Trưởng'"))


def test_how_long_things_stay_changes_by_a_dated_row() -> None:
    old, new = Keep("x", 10, "", NOW.date() - timedelta(days=9)), Keep("x", 99, "", NOW.date())
    assert [kept_for("x", NOW.date() + timedelta(days=by), (new, old)).days for by in (-20, -1, 0)] == [
        10,
        10,
        99,
    ]
