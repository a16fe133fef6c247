"""Versions of what public pages show, so that a kept page is never served after a write was answered.

A page `depends` on tags such as `product:17`; a verb that changes what such a page says `touch`es the tag, and the new
version is written in the verb's own transaction. A page that will change by itself, because something ends or begins,
says `until` when. A view says by `reads` which parameters of its address it reads. `app.kept` keeps the pages.

Rows that pages show say so themselves: a model's `page_tags()` is touched whenever the ORM writes such a row. A verb
that writes those tables by a statement of its own calls `touch`; a test reads every function for it.

Tags: `goods` (any list of products), `product:<id>`, `cooperative:<id>`, `cooperatives` (any list of them),
`lot:<id>`, `policies`, `search` (suggestions and other spellings).
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, TypeVar

from flask import g
from sqlalchemy import String, Table, bindparam, event, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, Session, mapped_column

from core import prepared
from core.db import Base, Big, db

View = TypeVar("View", bound=Callable[..., Any])
EVERYWHERE = "hl"  # every page is read in a language


class PageVersion(Base):
    """How often what a tag stands for has changed. A tag without a row is at version 0."""

    __tablename__ = "page_version"
    tag: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[Big]


assert isinstance(PageVersion.__table__, Table)
_ROWS = PageVersion.__table__
# PostgreSQL's form of ON CONFLICT is understood on both engines, SQLite's is not.
_NEW = insert(_ROWS).values(tag=bindparam("tag"), version=1)
_RAISE = _NEW.on_conflict_do_update(index_elements=["tag"], set_={"version": _ROWS.c.version + 1})
_SUM = select(func.coalesce(func.sum(_ROWS.c.version), 0)).where(
    _ROWS.c.tag.in_(bindparam("tags", expanding=True, type_=String))
)


def touch(*tags: str) -> None:
    """Say, in a verb inside a transaction, that what these tags stand for reads differently from now on."""
    db.session().info.setdefault("touched", set()).update(tags)


def depends(*tags: str) -> None:
    """Say, while a public page is made, what it shows. Outside a request it means nothing."""
    if g:
        g.setdefault("page_tags", set()).update(tags)


def reads(*names: str) -> Callable[[View], View]:
    """A decorator for a public view whose pages may be kept: the parameters of its address that it reads beside the
    language. It never sees any other, so that addresses that differ by others (where one came from, say) are one page.
    """

    def decorate(view: View) -> View:
        view.page_reads = frozenset((EVERYWHERE, *names))  # type: ignore[attr-defined]
        return view

    return decorate


def until(instant: datetime | None) -> None:
    """Say that this page reads differently from an instant on (aware; None means never); the earliest counts."""
    if g and instant is not None:
        g.page_until = min(instant, g.get("page_until") or instant)


def version_of(tags: Iterable[str]) -> int:
    """The versions of these tags added up, as this request's transaction sees them. Each only grows, so an equal sum
    means that none has changed.
    """
    return int(db.session.execute(_SUM, {"tags": sorted(tags)}).scalar_one())


@event.listens_for(Session, "after_flush")
def _touch_written(session: Session, _context: object) -> None:
    """Touch the pages of every row that was written."""
    written = [*session.new, *session.deleted, *(one for one in session.dirty if session.is_modified(one))]
    tags = {tag for one in written if (of := getattr(one, "page_tags", None)) for tag in of()}
    if tags:
        session.info.setdefault("touched", set()).update(tags)


@event.listens_for(Session, "before_commit")
def _raise_versions(session: Session) -> None:
    """Write the new versions last, in one order, so that two transactions never wait for each other."""
    session.flush()  # what is not written yet may touch more
    touched = session.info.pop("touched", None)
    if touched:
        prepared.execute(session.connection(), _RAISE, [{"tag": tag} for tag in sorted(touched)])


@event.listens_for(Session, "after_rollback")
def _forget(session: Session) -> None:
    session.info.pop("touched", None)
