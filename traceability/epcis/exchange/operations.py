"""Keys, captures, named queries, and the entries by which our own events are found. Captured events move no stock."""

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, insert, select

from accounts.operations import audit
from accounts.rules import Actor, Role
from cooperatives.models import Cooperative
from core import clock
from core.db import db
from core.errors import Invalid, NotFound
from core.i18n import N_
from core.once import one_at_a_time
from core.text import clean
from traceability.epcis.checking import Fault, check_event
from traceability.epcis.exchange.models import EpcisCapture, EpcisEntry, EpcisKey, EpcisQuery, EpcisTerm
from traceability.epcis.exchange.rules import Writer, key_hash, moment, parameters_of, place_of, terms
from traceability.epcis.hashing import event_hash
from traceability.epcis.models import EpcisEvent

KEYS_MAX = 20


def make_key(actor: Actor, form_key: str, name: str) -> tuple[EpcisKey, str | None]:
    """A new key of the actor's cooperative: its row, and the key itself, this once; None for a form sent twice."""
    actor.must_be(Role.MANAGER)
    name = clean(name)
    if len(name) < 2:
        raise Invalid(N_("Viết khoá này trao cho ai."), remedy=N_("Ví dụ: hệ thống siêu thị."), field="name")
    cooperative_id = cooperative_of(actor)
    known = db.session.execute(select(EpcisKey).where(EpcisKey.form_key == form_key)).scalar_one_or_none()
    if known is not None and known.cooperative_id == cooperative_id:
        return known, None
    alive = select(EpcisKey.id).where(
        EpcisKey.cooperative_id == cooperative_id, EpcisKey.revoked_at.is_(None)
    )
    if len(db.session.execute(alive).all()) >= KEYS_MAX:
        raise Invalid(
            N_("Đã có 20 khoá đang dùng."), remedy=N_("Thu lại khoá không dùng nữa rồi tạo khoá mới.")
        )
    key = f"cp_{secrets.token_urlsafe(32)}"
    row = EpcisKey(cooperative_id=cooperative_id, name=name[:80], key_hash=key_hash(key), hint=key[:7],
                   form_key=form_key, created_at=clock.now(), by_user_id=actor.user_id)  # fmt: skip
    db.session.add(row)
    db.session.flush()
    audit(actor, "make_epcis_key", f"epcis_key:{row.id}", fields=("name",))
    return row, key


def revoke_key(actor: Actor, key_id: int) -> None:
    """A key opens nothing from now on. Twice is harmless."""
    actor.must_be(Role.MANAGER)
    row = db.session.get(EpcisKey, key_id)
    if row is None or row.cooperative_id != cooperative_of(actor):
        raise NotFound(N_("Không có khoá này."))
    if row.revoked_at is None:
        row.revoked_at = clock.now()
        audit(actor, "revoke_epcis_key", f"epcis_key:{row.id}")


def cooperative_of(actor: Actor) -> int:
    """The cooperative that the actor works for now. Raises NotFound where the role is of none."""
    own = select(Cooperative.id).where(Cooperative.organisation_id == actor.organisation_id)
    found = db.session.execute(own).scalar_one_or_none()
    if found is None:
        raise NotFound(N_("Vai trò đang dùng không thuộc hợp tác xã nào."))
    return found


# ---- capture ----


def problem(kind: str, title: str, status: int, detail: str = "", instance: str = "") -> dict[str, object]:
    """An error as RFC 7807 asks, of one of the standard's kinds."""
    found: dict[str, object] = {"type": f"epcisException:{kind}", "title": title, "status": status}
    return found | ({"detail": detail} if detail else {}) | ({"instance": instance} if instance else {})


def _refused(faults: Sequence[Fault], index: int) -> dict[str, object]:
    shown = "; ".join(f"{fault.at or '/'}: {fault.why}" for fault in faults[:5])
    return problem("ValidationException", f"Event {index + 1} was refused", 400, shown)


def capture(
    writer: Writer, events: Sequence[Mapping[str, Any]], context: object, *, behaviour: str = "rollback"
) -> EpcisCapture:
    """Keep others' events apart from ours, and the job as it ended.

    rollback: one fault and none is kept; proceed: the good ones are. The same event again is no fault and no second
    entry; another event under a known eventID is a fault.
    """
    one_at_a_time(
        "epcis", str(writer.cooperative_id)
    )  # the same document from two phones at once is kept once
    now = clock.now()
    good: list[tuple[dict[str, Any], str, str]] = []
    errors: list[dict[str, object]] = []
    for index, event in enumerate(events):
        faults = list(check_event(event, alone=False))
        if faults:
            errors.append(_refused(faults, index))
            continue
        digest = event_hash(event, context)
        event_id = str(event.get("eventID") or UUID(bytes=secrets.token_bytes(16), version=4).urn)
        known = _known(writer, event_id, "errorDeclaration" in event)
        repeated = known or next((one[2] for one in good if one[1] == event_id and
                                  ("errorDeclaration" in one[0]) == ("errorDeclaration" in event)), None)  # fmt: skip
        if repeated is None:
            good.append((dict(event) | {"eventID": event_id}, event_id, digest))
        elif repeated != digest:
            errors.append(problem("DuplicateNameException", f"Event {index + 1} was refused", 409,
                                  f"another event is known as {event_id}"))  # fmt: skip
    job = EpcisCapture(
        capture_id=secrets.token_hex(16), cooperative_id=writer.cooperative_id, key_id=writer.key_id,
        error_behaviour=behaviour, success=not errors, errors=errors, created_at=now, finished_at=now,
    )  # fmt: skip
    db.session.add(job)
    db.session.flush()
    if not errors or behaviour == "proceed":
        for event, event_id, digest in good:
            _keep(event, event_id, digest, context, writer, job.id, now)
    return job


def _known(writer: Writer, event_id: str, errored: bool) -> str | None:
    same = select(EpcisEntry.hash).where(
        EpcisEntry.cooperative_id == writer.cooperative_id, EpcisEntry.event_id == event_id,
        EpcisEntry.errored.is_(errored),
    )  # fmt: skip
    return db.session.execute(same).scalar_one_or_none()


def _keep(event: dict[str, Any], event_id: str, digest: str, context: object, writer: Writer, job_id: int,
          now: datetime) -> None:  # fmt: skip
    document = event if "@context" in event or context is None else {"@context": context} | event
    entry = EpcisEntry(
        event_id=event_id, errored="errorDeclaration" in event, capture_id=job_id, hash=digest, document=document,
        place=place_of(event_id, errored="errorDeclaration" in event, captured=True),
        cooperative_id=writer.cooperative_id, type=str(event["type"]), event_time=moment(event["eventTime"]),
        record_time=now,
    )  # fmt: skip
    db.session.add(entry)
    db.session.flush()
    _add_terms(entry.id, event, context)


def _add_terms(entry_id: int, event: Mapping[str, Any], context: object) -> None:
    rows = [{"entry_id": entry_id, "field": name, "value": value, "amount": amount}
            for name, value, amount in terms(event, context)]  # fmt: skip
    if rows:
        db.session.execute(insert(EpcisTerm), rows)


# ---- our own events ----


def index_own(limit: int = 200) -> int:
    """Make the events we wrote findable; how many were taken up. Safe to run twice: an event has one entry."""
    missing = (
        select(EpcisEvent).outerjoin(EpcisEntry, EpcisEntry.own_id == EpcisEvent.id)
        .where(EpcisEntry.id.is_(None)).order_by(EpcisEvent.id).limit(limit)
    )  # fmt: skip
    rows = db.session.execute(missing).scalars().all()
    for row in rows:
        document = row.document
        shown_at = moment(str(document["eventTime"]))
        entry = EpcisEntry(
            event_id=str(document["eventID"]), errored="errorDeclaration" in document, own_id=row.id,
            place=place_of(str(document["eventID"]), errored="errorDeclaration" in document, captured=False),
            hash=row.hash or event_hash(document), cooperative_id=row.cooperative_id, type=row.type,
            event_time=shown_at, record_time=shown_at,
        )  # fmt: skip
        db.session.add(entry)
        db.session.flush()
        _add_terms(entry.id, document, None)
    return len(rows)


# ---- named queries ----


def name_query(writer: Writer, name: str, query: object) -> EpcisQuery | None:
    """Keep a query under a name; None where the name is taken. Raises BadQuery for one that cannot be answered."""
    definition = parameters_of(query)
    one_at_a_time("epcis", str(writer.cooperative_id))
    taken = select(EpcisQuery.id).where(
        EpcisQuery.cooperative_id == writer.cooperative_id, EpcisQuery.name == name
    )
    if db.session.execute(taken).first():
        return None
    row = EpcisQuery(
        cooperative_id=writer.cooperative_id, name=name, definition=dict(definition), created_at=clock.now()
    )
    db.session.add(row)
    db.session.flush()
    return row


def drop_query(writer: Writer, name: str) -> bool:
    """Forget a named query; whether there was one."""
    dropped = delete(EpcisQuery).where(
        EpcisQuery.cooperative_id == writer.cooperative_id, EpcisQuery.name == name
    )
    return bool(db.session.execute(dropped.returning(EpcisQuery.id)).first())
