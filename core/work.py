"""Background work: the row is the promise.

A part that owes work gives its rows the `Claimable` columns, in state 'pending', written in the same transaction
as their cause. The worker claims a row with a conditional UPDATE (owner and lease from the database's clock), does the
slow part outside any transaction, and settles it only if it is still the owner. A killed worker's lease lapses and
the sweep takes the row up again: effects in our database happen exactly once, outward calls at least once.
"""

import logging
import os
import socket
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, or_, select, update
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.sql.functions import GenericFunction

from core import clock
from core.db import Instant, db, transaction

log = logging.getLogger(__name__)
ATTEMPTS_MAX = 8
OWNER = f"{socket.gethostname()[:40]}:{os.getpid()}"


class db_epoch(GenericFunction[int]):
    """The database's clock, whole seconds since 1970."""

    type = BigInteger()
    inherit_cache = True


@compiles(db_epoch, "sqlite")
def _(_element: Any, _compiler: Any, **_kw: Any) -> str:
    return "unixepoch()"


@compiles(db_epoch, "postgresql")
def _(_element: Any, _compiler: Any, **_kw: Any) -> str:
    return "CAST(extract(epoch FROM clock_timestamp()) AS BIGINT)"


class Claimable:
    """Columns of a row that the worker must finish. States: pending → working → done, or dead after 8 tries."""

    work_state: Mapped[str] = mapped_column(default="pending", index=True)
    work_owner: Mapped[str | None]
    work_lease: Mapped[int | None] = mapped_column(BigInteger, comment="database epoch seconds")
    work_attempts: Mapped[int] = mapped_column(default=0)
    work_due_at: Mapped[Instant | None]
    work_error: Mapped[str | None] = mapped_column(comment="class of the last failure, no personal data")


@dataclass(frozen=True)
class Task:
    """One duty of the worker: `run` is called at most every `every_s` seconds and returns how much it did."""

    name: str
    every_s: float
    run: Callable[[], int]


def _mine(model: Any, row_id: int) -> list[ColumnElement[bool]]:
    return [model.id == row_id, model.work_state == "working", model.work_owner == OWNER]


def claim(model: Any, *, lease_s: int = 120) -> int | None:
    """Take the oldest row that is due; its id, or None. Lapsed leases count as pending."""
    lapsed = (model.work_state == "working") & (model.work_lease < db_epoch())
    due = (model.work_state == "pending") & or_(model.work_due_at.is_(None), model.work_due_at <= clock.now())
    with transaction():
        row_id = db.session.execute(
            select(model.id).where(lapsed | due).order_by(model.id).limit(1).with_for_update(skip_locked=True)
        ).scalar_one_or_none()
        if row_id is None:
            return None
        db.session.execute(
            update(model)
            .where(model.id == row_id)
            .values(
                work_state="working",
                work_owner=OWNER,
                work_lease=db_epoch() + lease_s,
                work_attempts=model.work_attempts + 1,
            )
        )
    return int(row_id)


def settle(model: Any, row_id: int, **values: Any) -> bool:
    """Mark a claimed row done and set `values`, inside the caller's transaction; False if the lease was lost."""
    done = db.session.execute(
        update(model).where(*_mine(model, row_id)).values(work_state="done", work_error=None, **values)
    )
    return bool(done.rowcount)  # type: ignore[attr-defined]


def give_back(model: Any, row_id: int, error: BaseException, *, dead: bool = False, **values: Any) -> None:
    """Record a failure: try again later (2, 4, 8 … minutes), or give up after 8 tries or when `dead`."""
    with transaction():
        row = db.session.execute(select(model.work_attempts).where(*_mine(model, row_id))).one_or_none()
        if row is None:
            return
        over = dead or row.work_attempts >= ATTEMPTS_MAX
        due = clock.now() + timedelta(minutes=2**row.work_attempts)
        db.session.execute(
            update(model)
            .where(*_mine(model, row_id))
            .values(
                work_state="dead" if over else "pending",
                work_due_at=due,
                work_error=type(error).__name__,
                **values,
            )
        )


def sweep(model: Any, handle: Callable[[int], None], *, most: int = 50, lease_s: int = 120) -> int:
    """Claim and handle due rows, at most `most`; `handle` must settle each. A failure is logged and retried."""
    count = 0
    while count < most and (row_id := claim(model, lease_s=lease_s)) is not None:
        count += 1
        try:
            handle(row_id)
        except (
            Exception
        ) as error:  # the worker is the one place where any failure of a row must not stop the rest
            db.session.rollback()
            log.warning(
                "work failed",
                extra={"table": model.__tablename__, "row": row_id, "error": type(error).__name__},
            )
            give_back(model, row_id, error)
    return count
