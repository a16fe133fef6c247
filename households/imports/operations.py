"""Verbs of imports: take a list in, say what its columns are, accept or drop it. Nothing is saved before accepting."""

import json
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from accounts.operations import audit
from accounts.rules import SYSTEM, Actor, Role
from core import clock
from core.crypto import encrypt
from core.db import db
from core.errors import Conflict, Invalid
from core.headings import Headings, find_headings, first_row_of_words, heading_key
from core.i18n import N_
from core.text import clean
from households.imports import queries
from households.imports.columns import COLUMNS
from households.imports.models import RosterImport, RosterLayout, RosterRecord
from households.imports.queries import FIELD, Planned, hashed
from households.imports.rules import ROWS_MAX, Outcome, Row, Rows
from households.operations import PersonFacts, add_person, create_household
from households.roster.queries import KEEPERS


def receive(
    actor: Actor, key: str, file_name: str, rows: Rows, *, village: str = "", commune_id: int | None = None
) -> RosterImport:
    """Take a list as it was read; the same form sent twice is one list. commune_id: of the system, else the officer's.

    Raises Invalid for a table without headings or too long.
    """
    actor.must_be(*KEEPERS)
    place = actor.unit_id if actor.role is not Role.SYSTEM else commune_id
    if held := db.session.execute(select(RosterImport).where(RosterImport.key == key)).scalar_one_or_none():
        return queries.own_import(actor, held.key)
    plain = [row for _no, row in rows]
    headings = find_headings(plain, COLUMNS, queries.layout_of(place or 0)) or first_row_of_words(plain)
    if headings is None or len(rows) <= headings.place + 1:
        raise Invalid(
            N_("Không thấy danh sách nào trong tệp."),
            remedy=N_("Cần một dòng tiêu đề, ví dụ Họ và tên, Năm sinh, Thôn, và mỗi người một dòng ở dưới."),
            field="sheet",
        )
    if len(rows) - headings.place - 1 > ROWS_MAX:
        raise Invalid(
            N_("Danh sách dài quá %(most)s dòng."), remedy=N_("Chia theo thôn, gửi từng tệp."), field="sheet",
            most=f"{ROWS_MAX:,}".replace(",", "."),
        )  # fmt: skip
    made = RosterImport(
        key=key, commune_id=place, village=clean(village)[:120],
        only_village=(actor.village or "") if actor.role is Role.VILLAGE_HEAD else "",
        file_name=clean(file_name)[:120], content=_sealed(key, rows, headings), sent_at=clock.now(),
        sent_by_user_id=actor.user_id,
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    audit(actor, "send roster list", f"roster_import:{made.id}", ("rows",))
    return made


def _sealed(key: str, rows: Rows, headings: Headings) -> bytes:
    """Rows and headings, encrypted; a column of paper numbers is emptied before anything is kept."""
    unread = headings.at("unread")
    kept = [
        [
            number,
            [None if place == unread and at > headings.place else cell for place, cell in enumerate(row)],
        ]
        for at, (number, row) in enumerate(rows)
    ]
    body = {"rows": kept, "headings": [headings.place, list(headings.texts), list(headings.keys)]}
    return encrypt(json.dumps(body, ensure_ascii=False), field=FIELD, owner=f"roster_import:{key}")


def set_columns(actor: Actor, key: str, keys: Sequence[str]) -> RosterImport:
    """A person says what each column is; remembered for the commune's next list. Raises Invalid for one given twice."""
    actor.must_be(*KEEPERS)
    found = queries.own_import(actor, key)
    rows, headings = queries.content_of(found)
    known = {one.key for one in COLUMNS}
    wanted = [one if one in known else "" for one in keys][: len(headings.texts)]
    wanted += [""] * (len(headings.texts) - len(wanted))
    used = [one for one in wanted if one]
    if len(used) != len(set(used)):
        raise Invalid(N_("Hai cột đang mang cùng một nghĩa."), remedy=N_("Để một cột là Không đọc."))
    headings = Headings(headings.place, headings.texts, tuple(wanted))
    found.content = _sealed(found.key, rows, headings)
    held = {
        one.heading: one
        for one in db.session.execute(
            select(RosterLayout).where(RosterLayout.commune_id == found.commune_id)
        ).scalars()
    }
    for text, column in {heading_key(text): column for text, column in headings.layout.items()}.items():
        if text in held:
            held[text].column_key = column
        else:
            db.session.add(RosterLayout(commune_id=found.commune_id, heading=text, column_key=column))
    db.session.flush()
    audit(actor, "set roster columns", f"roster_import:{found.id}", ("headings",))
    return found


def drop(actor: Actor, key: str) -> None:
    """Forget a list: nothing of it was saved."""
    actor.must_be(*KEEPERS)
    found = queries.own_import(actor, key)
    if found.state == "preview":
        found.state, found.content, found.decided_at = "dropped", None, clock.now()
        db.session.flush()
        audit(actor, "drop roster list", f"roster_import:{found.id}")


def drop_previews(before: datetime) -> int:
    """Forget lists that were sent before an instant and that nobody took in; how many."""
    where = (RosterImport.state == "preview", RosterImport.sent_at < before)
    found = list(db.session.execute(select(RosterImport).where(*where)).scalars())
    for one in found:
        one.state, one.content, one.decided_at = "dropped", None, clock.now()
        audit(SYSTEM, "drop roster list", f"roster_import:{one.id}", purpose="retention")
    db.session.flush()
    return len(found)


def accept(actor: Actor, key: str, *, with_doubles: bool = False) -> RosterImport:
    """Write the rows without faults. Twice is once.

    with_doubles: households with somebody who may be known already are written too, as new people; the list of people
    written twice then shows them. Without it those households wait whole. Nothing is merged here.
    """
    actor.must_be(*KEEPERS)
    found = queries.own_import(actor, key)
    if found.state == "accepted":
        return found
    if found.state != "preview":
        raise Conflict(N_("Danh sách này đã bỏ."), remedy=N_("Gửi lại tệp."))
    planned = queries.plan(found)
    waiting = (
        {one.row.group for one in planned if one.outcome is Outcome.DOUBLE} if not with_doubles else set()
    )
    homes = _homes(found, planned)
    added = 0
    for one in planned:
        if is_written(one, waiting):
            _write(actor, found, one.row, homes)
            added += 1
    found.state, found.content, found.decided_at = "accepted", None, clock.now()
    found.added_count, found.left_count = added, len(planned) - added
    db.session.flush()
    audit(actor, "accept roster list", f"roster_import:{found.id}", ("households", "persons"))
    return found


def waiting_groups(planned: Sequence[Planned], *, with_doubles: bool) -> set[str]:
    """The households of a list that wait because somebody in them may be known already."""
    return set() if with_doubles else {one.row.group for one in planned if one.outcome is Outcome.DOUBLE}


def is_written(one: Planned, waiting: set[str]) -> bool:
    """Whether accepting the list writes this row."""
    return one.outcome in (Outcome.NEW, Outcome.DOUBLE) and one.row.group not in waiting


def _homes(found: RosterImport, planned: Sequence[Planned]) -> dict[str, int]:
    """The households that earlier lists brought, by their group in this one."""
    known = queries.taken(found.commune_id, "list", [one.row.own_key for one in planned])
    return {
        one.row.group: known[hashed(one.row.own_key)].household_id
        for one in planned
        if hashed(one.row.own_key) in known
    }


def _write(actor: Actor, found: RosterImport, row: Row, homes: dict[str, int]) -> None:
    facts = PersonFacts(
        row.name, row.relation, birth_on=row.birth_on, birth_year=row.birth_year, sex=row.sex,
        ethnic_code=row.ethnic_code, phone=row.phone,
    )  # fmt: skip
    if row.group not in homes:
        homes[row.group] = create_household(actor, found.commune_id, row.village).id
    person = add_person(actor, homes[row.group], facts)
    remember(found.commune_id, "list", row.own_key, homes[row.group], person.id)


def remember(commune_id: int, source: str, key: str, household_id: int, person_id: int | None) -> None:
    """Keep what a line or a submission became, so that it is taken in once."""
    db.session.add(
        RosterRecord(
            commune_id=commune_id, source=source, key=hashed(key), household_id=household_id, person_id=person_id,
            recorded_at=clock.now(),
        )
    )  # fmt: skip
    db.session.flush()
