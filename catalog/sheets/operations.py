"""Verbs of imports: receive a table, say what its columns are, accept or drop it; what the worker writes in between."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, insert, select, update

from accounts.operations import audit
from accounts.rules import Actor, Role
from catalog.operations import publish_when_ready
from catalog.rules import State as ProductState
from catalog.sheets import queries
from catalog.sheets.lines import Fault
from catalog.sheets.models import SheetHeading, SheetImport, SheetRow
from catalog.sheets.plans import Planned
from catalog.sheets.rules import GOOD, Event, Outcome, State, heading_key, lacking, next_state
from catalog.sheets.texts import Found
from cooperatives.models import Cooperative
from core import clock, work
from core.db import db
from core.errors import DomainError, FormErrors, Invalid, NotFound
from core.i18n import N_
from core.text import clean

LEASE_S = 300
KEPT_DAYS = 30


def receive(
    actor: Actor,
    cooperative_id: int,
    key: str,
    file_name: str,
    sheet_file: str,
    photos_file: str | None = None,
    *,
    here: bool = False,
) -> tuple[SheetImport, bool]:
    """Take in a table, to be read. The same key again is the same import: (import, False).

    sheet_file, photos_file: names of private files. here: this process reads it at once, the worker only if it dies.
    """
    _own_cooperative(actor, cooperative_id)
    same = db.session.execute(select(SheetImport).where(SheetImport.key == key)).scalar_one_or_none()
    if same is not None:
        if same.cooperative_id != cooperative_id:
            raise NotFound(N_("Không có bảng này."), remedy=N_("Về trang Nhập hàng từ bảng."))
        return same, False
    made = SheetImport(
        key=key,
        cooperative_id=cooperative_id,
        by_user_id=actor.user_id,
        state=State.READING,
        sent_at=clock.now(),
        file_name=clean(file_name)[-120:] or "?",
        sheet_file=sheet_file,
        photos_file=photos_file,
        found={},
        columns=[],
    )
    db.session.add(made)
    db.session.flush()
    _begin(made, here)
    audit(actor, "receive table", f"sheet:{made.id}")
    return made, True


def _own_cooperative(actor: Actor, cooperative_id: int) -> Cooperative:
    actor.must_be(Role.MANAGER)
    found = db.session.get_one(Cooperative, cooperative_id)
    actor.must_serve(found.organisation_id or 0)
    return found


def _begin(one: SheetImport, here: bool) -> None:
    """The row is the promise: this process does it now under a lease, or the worker takes it up."""
    values: dict[str, Any] = {
        "work_state": "pending",
        "work_owner": None,
        "work_lease": None,
        "work_attempts": 0,
        "work_due_at": None,
    }
    if here:
        values |= {"work_state": "working", "work_owner": work.OWNER, "work_lease": work.db_epoch() + LEASE_S}
    db.session.execute(update(SheetImport).where(SheetImport.id == one.id).values(values))
    db.session.refresh(one)


def locked(actor: Actor, key: str) -> SheetImport:
    """An import of the actor's cooperative, locked until the transaction ends. Raises NotFound."""
    actor.must_be(Role.MANAGER)
    found = queries.own_import(actor, key)
    wanted = select(SheetImport).where(SheetImport.id == found.id).with_for_update()
    return db.session.execute(wanted.execution_options(populate_existing=True)).scalar_one()


# ---- what the manager says ----


def choose(actor: Actor, key: str, keys: Sequence[str], *, here: bool = False) -> SheetImport:
    """Say what each column is; it is remembered for the next table, and the rows are checked.

    keys: of rules.COLUMNS, '' for a column that is not read. Raises FormErrors where no column names the goods.
    """
    one = locked(actor, key)
    if errors := [Invalid(text, field="columns") for text in lacking(list(keys))]:
        raise FormErrors(list[DomainError](errors))
    guesses = one.found["guesses"]
    if len(keys) != len(guesses):
        raise Invalid(
            N_("Bảng này có %(count)s cột."),
            remedy=N_("Mở lại trang rồi chọn."),
            field="columns",
            count=len(guesses),
        )
    one.state = next_state(State(one.state), Event.CHOOSE)
    one.columns = [[column, guess[2]] for column, guess in zip(keys, guesses, strict=True)]
    _remember(one.cooperative_id, one.found["headings"], keys)
    db.session.flush()
    _begin(one, here)
    return one


def _remember(cooperative_id: int, headings: Sequence[str], keys: Sequence[str]) -> None:
    meant = {
        heading_key(heading): column
        for heading, column in zip(headings, keys, strict=True)
        if heading_key(heading)
    }
    mine = SheetHeading.cooperative_id == cooperative_id
    known = {row.heading: row for row in db.session.execute(select(SheetHeading).where(mine)).scalars()}
    for heading, column in meant.items():
        if heading in known:
            known[heading].column_key = column
        else:
            db.session.add(SheetHeading(cooperative_id=cooperative_id, heading=heading, column_key=column))
    db.session.flush()


def reread(actor: Actor, key: str, sheet_name: str, *, here: bool = False) -> SheetImport:
    """Read another sheet of the same workbook."""
    one = locked(actor, key)
    if sheet_name not in one.found.get("sheets", []):
        raise Invalid(N_("Chọn một trang tính trong danh sách."), field="sheet_name")
    one.state, one.sheet_name = next_state(State(one.state), Event.REREAD), sheet_name
    db.session.flush()
    _begin(one, here)
    return one


def rename(actor: Actor, key: str) -> SheetImport:
    """Back to the columns."""
    one = locked(actor, key)
    if one.state != State.COLUMNS:
        one.state = next_state(State(one.state), Event.RENAME)
        db.session.flush()
    return one


def accept(actor: Actor, key: str, *, here: bool = False) -> tuple[SheetImport, bool]:
    """Accept every row without a fault, once: (import, False) when that was done before. Raises Invalid for none."""
    one = locked(actor, key)
    if one.state in (State.APPLYING, State.DONE):
        return one, False
    state = next_state(State(one.state), Event.ACCEPT)
    found = queries.counts(one.id)
    if not sum(found[outcome] for outcome in GOOD):
        raise Invalid(N_("Không có dòng nào để nhận."), remedy=N_("Sửa bảng rồi gửi lại."))
    one.state, one.accepted_at, one.by_user_id = state, clock.now(), actor.user_id
    audit(actor, "accept table", f"sheet:{one.id}", purpose=f"{sum(found[outcome] for outcome in GOOD)} rows")
    db.session.flush()
    _begin(one, here)
    return one, True


def drop(actor: Actor, key: str) -> None:
    """Throw a table away; nothing of it was saved as goods. Twice is harmless."""
    one = locked(actor, key)
    if one.state != State.DROPPED:
        one.state, one.ended_at = next_state(State(one.state), Event.DROP), clock.now()
        db.session.flush()


# ---- what the worker found ----


def is_mine(import_id: int) -> bool:
    """Whether this process still holds the work, its lease renewed; else somebody else has it, and this one stops."""
    mine = (
        SheetImport.id == import_id,
        SheetImport.work_state == "working",
        SheetImport.work_owner == work.OWNER,
    )
    changed = db.session.execute(
        update(SheetImport).where(*mine).values(work_lease=work.db_epoch() + LEASE_S)
    )
    return bool(changed.rowcount)  # type: ignore[attr-defined]


def keep_read(import_id: int, table: Found, found: dict[str, Any]) -> None:
    """The table was read: keep its rows and what was found of it. found: headings, guesses, samples, sheets, notes."""
    if not is_mine(import_id):
        return
    db.session.execute(delete(SheetRow).where(SheetRow.import_id == import_id))
    rows = [
        {
            "import_id": import_id,
            "row_no": number,
            "cells": list(cells),
            "said": {},
            "faults": [],
            "doubts": [],
            "changes": [],
            "outcome": Outcome.SAME,
        }
        for number, cells in table.rows
    ]
    db.session.execute(insert(SheetRow), rows)
    work.settle(
        SheetImport,
        import_id,
        state=next_state(State.READING, Event.READ),
        found=found,
        row_count=len(rows),
        heading_no=table.heading_no,
        sheet_name=table.sheet.name,
        error=None,
    )


def keep_plan(import_id: int, planned: Sequence[Planned]) -> None:
    """The rows were checked: keep what each would do."""
    if not is_mine(import_id):
        return
    ids = dict(
        db.session.execute(select(SheetRow.row_no, SheetRow.id).where(SheetRow.import_id == import_id))
        .tuples()
        .all()
    )
    rows = [
        {
            "id": ids[one.line.number],
            "said": one.line.values,
            "faults": [fault.kept() for fault in one.line.faults],
            "doubts": [doubt.kept() for doubt in one.line.doubts],
            "changes": [list(change) for change in one.changes],
            "outcome": one.outcome,
            "group_no": one.group,
            "product_id": one.product_id,
            "pack_id": one.pack_id,
        }
        for one in planned
    ]
    db.session.execute(update(SheetRow), rows)
    work.settle(SheetImport, import_id, state=next_state(State.CHECKING, Event.CHECKED))


def refuse(import_id: int, error: DomainError) -> None:
    """The table cannot be read; the manager sees why."""
    why = {"text": error.message, "remedy": error.remedy, "params": dict(error.params)}
    work.settle(SheetImport, import_id, state=State.REFUSED, error=why, ended_at=clock.now())


def leave(row: SheetRow, error: DomainError) -> None:
    """A row that was accepted and is not possible any more: it stays out, and says why."""
    errors = error.errors if isinstance(error, FormErrors) else [error]
    row.outcome = Outcome.LEFT
    row.faults = [Fault(f"{row.row_no}", one.message, one.remedy, dict(one.params)).kept() for one in errors]


def forget_old() -> int:
    """Throw away the rows of imports that ended thirty days ago; how many imports. Their summary stays."""
    before = clock.now() - timedelta(days=KEPT_DAYS)
    ended = select(SheetImport.id).where(SheetImport.ended_at < before)
    with_rows = select(SheetRow.import_id).where(SheetRow.import_id.in_(ended)).distinct()
    due = list(db.session.execute(with_rows).scalars())
    db.session.execute(delete(SheetRow).where(SheetRow.import_id.in_(due)))
    return len(due)


# ---- drafts on sale, many at once ----


def publish_many(actor: Actor, product_ids: Sequence[int]) -> tuple[int, int, list[tuple[int, DomainError]]]:
    """Publish drafts of the actor's cooperative: how many are on sale, how many wait for a photo, and refusals by id.

    A refused one stops no other.
    """
    on_sale, waiting = 0, 0
    refused: list[tuple[int, DomainError]] = []
    for product_id in dict.fromkeys(product_ids):
        try:
            with db.session.begin_nested():
                product = publish_when_ready(actor, product_id)
        except DomainError as error:
            refused.append((product_id, error))
        else:
            on_sale += product.state != ProductState.DRAFT
            waiting += product.state == ProductState.DRAFT
    return on_sale, waiting, refused
