"""Versions of what public pages show, so that a kept page is never served after a write was answered.

A page `depends` on tags such as `product:17`; a verb that changes what such a page says `touch`es the tag, and
`core.db.transaction` writes the new versions in the same transaction. A page that will change by itself, because
something ends or begins, says `until` when.

Tags: `goods` (any list of products), `product:<id>`, `cooperative:<id>`, `cooperatives` (any list of them),
`lot:<id>`, `policies`.
"""

from datetime import datetime

from flask import g
from sqlalchemy.orm import Mapped, Session, mapped_column

from core.db import Base, Big, db


class PageVersion(Base):
    """How often what a tag stands for has changed. A tag without a row is at version 0."""

    __tablename__ = "page_version"
    tag: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[Big]


def touch(*tags: str) -> None:
    """Say, in a verb inside a transaction, that what these tags stand for reads differently from now on."""
    session: Session = db.session()
    session.info.setdefault("touched", set()).update(tags)


def depends(*tags: str) -> None:
    """Say, while a public page is made, what it shows. Outside a request it means nothing."""
    if g:
        g.setdefault("page_tags", set()).update(tags)


def until(instant: datetime | None) -> None:
    """Say that this page reads differently from an instant on (aware; None means never); the earliest counts."""
    if g and instant is not None:
        g.page_until = min(instant, g.get("page_until") or instant)
