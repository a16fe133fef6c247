"""Reads behind the REST interface: keys, jobs, events by what they are found by, and the words in use."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select

from core.db import db
from traceability.epcis.exchange.extras import Extra
from traceability.epcis.exchange.models import EpcisCapture, EpcisEntry, EpcisKey, EpcisQuery, EpcisTerm
from traceability.epcis.exchange.rules import EVENTS_MAX, MATCHED, Match, Wanted, Writer, key_hash
from traceability.epcis.models import EpcisEvent


class TooMany(Exception):
    """More events than the asker's maxEventCount, or than is ever answered."""


def writer_of(key: str) -> Writer | None:
    """For whom this key writes; None for an unknown or revoked one."""
    row = db.session.execute(
        select(EpcisKey.id, EpcisKey.cooperative_id).where(
            EpcisKey.key_hash == key_hash(key), EpcisKey.revoked_at.is_(None)
        )
    ).one_or_none()
    return Writer(row.cooperative_id, row.id) if row else None


def keys_of(cooperative_id: int) -> Sequence[EpcisKey]:
    """The cooperative's keys, newest first."""
    mine = select(EpcisKey).where(EpcisKey.cooperative_id == cooperative_id).order_by(EpcisKey.id.desc())
    return db.session.execute(mine).scalars().all()


def jobs_of(writer: Writer, limit: int, after: int = 0) -> Sequence[EpcisCapture]:
    """Capture jobs, newest first, from the one after `after` (a count)."""
    mine = select(EpcisCapture).where(EpcisCapture.cooperative_id == writer.cooperative_id)
    return (
        db.session.execute(mine.order_by(EpcisCapture.id.desc()).offset(after).limit(limit)).scalars().all()
    )


def job_of(writer: Writer, capture_id: str) -> EpcisCapture | None:
    """One job of one's own."""
    mine = select(EpcisCapture).where(
        EpcisCapture.cooperative_id == writer.cooperative_id, EpcisCapture.capture_id == capture_id
    )
    return db.session.execute(mine).scalar_one_or_none()


def named(writer: Writer, name: str | None = None) -> Sequence[EpcisQuery]:
    """Named queries of one's own, or the one of this name."""
    mine = (
        select(EpcisQuery).where(EpcisQuery.cooperative_id == writer.cooperative_id).order_by(EpcisQuery.name)
    )
    return (
        db.session.execute(mine.where(EpcisQuery.name == name) if name is not None else mine).scalars().all()
    )


def _seen(writer: Writer | None) -> ColumnElement[bool]:
    """Our own events are public; a captured one is seen by those who captured it."""
    ours = EpcisEntry.own_id.is_not(None)
    return or_(ours, EpcisEntry.cooperative_id == writer.cooperative_id) if writer else ours


def _term(match: Match) -> ColumnElement[bool]:
    values: list[ColumnElement[bool]] = [EpcisTerm.value.in_(match.values)]
    values += [EpcisTerm.value.startswith(stem, autoescape=True) for stem in match.under]
    return exists().where(
        EpcisTerm.entry_id == EpcisEntry.id, EpcisTerm.field.in_(match.fields), or_(*values)
    )


def _extra(extra: Extra) -> ColumnElement[bool]:
    found = [EpcisTerm.entry_id == EpcisEntry.id]
    if extra.ending:
        before, _any, after = extra.field.partition("%")
        found += [
            EpcisTerm.field.startswith(before, autoescape=True),
            EpcisTerm.field.endswith(after, autoescape=True),
        ]
    else:
        found.append(EpcisTerm.field == extra.field)
    if extra.values:
        found.append(EpcisTerm.value.in_(extra.values))
    if extra.amount is not None:
        sign, number = extra.amount
        found.append(EpcisTerm.amount.op(sign)(number))
    return exists().where(*found)


def _conditions(want: Wanted, writer: Writer | None) -> list[ColumnElement[bool]]:
    found = [_seen(writer), *(_term(match) for match in want.matches)]
    if want.types:
        found.append(EpcisEntry.type.in_(want.types))
    if want.event_ids:
        found.append(EpcisEntry.event_id.in_(want.event_ids))
    if want.errored is not None:
        found.append(EpcisEntry.errored.is_(want.errored))
    for name, at in want.times.items():
        column = EpcisEntry.event_time if name.endswith("eventTime") else EpcisEntry.record_time
        found.append(column >= at if name.startswith("GE") else column < at)
    for sign, number in want.amounts:
        compared = EpcisTerm.amount.op(sign)(number)
        of_goods = EpcisTerm.field.in_(MATCHED["MATCH_anyEPCClass"])
        found.append(exists().where(EpcisTerm.entry_id == EpcisEntry.id, of_goods, compared))
    return [*found, *map(_extra, want.extras)]


@dataclass(frozen=True)
class Found:
    """One page: documents, and where the next begins (moment and place of the last), or None at the end."""

    documents: list[dict[str, Any]]
    following: tuple[datetime, str] | None


def events_with(epc: str, writer: Writer | None, want: Wanted, per_page: int,
                after: tuple[datetime, str] | None) -> Found:  # fmt: skip
    """Events that name this EPC or class in any field, further narrowed by a query."""
    want.matches.append(Match((*MATCHED["MATCH_anyEPC"], *MATCHED["MATCH_anyEPCClass"]), (epc,)))
    return events(want, writer, per_page, after)


def captured_by(job_id: int) -> tuple[str, dict[str, Any]] | None:
    """ID and document of the event that a job of one event kept; None where it was known already."""
    kept = select(EpcisEntry.event_id, EpcisEntry.document).where(EpcisEntry.capture_id == job_id)
    row = db.session.execute(kept).first()
    return (row.event_id, row.document) if row and row.document is not None else None


def events(
    want: Wanted, writer: Writer | None, per_page: int, after: tuple[datetime, str] | None = None
) -> Found:
    """A page of events in the order asked for. Raises TooMany above maxEventCount."""
    conditions = _conditions(want, writer)
    if want.most is not None and after is None:
        counted = select(EpcisEntry.id).where(*conditions).limit(min(want.most, EVENTS_MAX) + 1).subquery()
        if db.session.execute(select(func.count()).select_from(counted)).scalar_one() > want.most:
            raise TooMany
    by = EpcisEntry.event_time if want.order_by == "eventTime" else EpcisEntry.record_time
    page: Select[Any] = (
        select(EpcisEntry.place, by.label("at"), EpcisEntry.document, EpcisEntry.record_time,
               EpcisEvent.document.label("own"))
        .outerjoin(EpcisEvent, EpcisEvent.id == EpcisEntry.own_id).where(*conditions)
    )  # fmt: skip
    if after is not None:
        at, last = after
        later = by < at if want.descending else by > at
        behind = EpcisEntry.place < last if want.descending else EpcisEntry.place > last
        page = page.where(or_(later, and_(by == at, behind)))
    order = (by.desc(), EpcisEntry.place.desc()) if want.descending else (by, EpcisEntry.place)
    rows = db.session.execute(page.order_by(*order).limit(per_page + 1)).all()
    shown = rows[:per_page]
    documents = [row.own or _recorded(row.document, row.record_time) for row in shown]
    more = len(rows) > per_page
    return Found(documents, (shown[-1].at, shown[-1].place) if more else None)


def _recorded(document: dict[str, Any], at: datetime) -> dict[str, Any]:
    """A captured event with the time it was recorded here, which the standard asks of whoever answers."""
    return document | {"recordTime": at.isoformat(timespec="milliseconds").replace("+00:00", "Z")}


def words(fields: Sequence[str], writer: Writer | None, per_page: int, after: str = "") -> list[str]:
    """Values in use in these fields, in their order, from the one after `after`; one more than a page if there is."""
    found = (
        select(EpcisTerm.value).join(EpcisEntry, EpcisEntry.id == EpcisTerm.entry_id)
        .where(EpcisTerm.field.in_(fields), EpcisTerm.value > after, _seen(writer))
        .distinct().order_by(EpcisTerm.value).limit(per_page + 1)
    )  # fmt: skip
    return list(db.session.execute(found).scalars())


def is_used(fields: Sequence[str], value: str, writer: Writer | None) -> bool:
    """Whether any event one may see holds this value."""
    found = (
        select(EpcisTerm.id).join(EpcisEntry, EpcisEntry.id == EpcisTerm.entry_id)
        .where(EpcisTerm.field.in_(fields), EpcisTerm.value == value, _seen(writer)).limit(1)
    )  # fmt: skip
    return db.session.execute(found).first() is not None
