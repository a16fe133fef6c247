"""Verbs of standards: used (and frozen from then on), points or a standard sent in, approved by a second person."""

import json
import secrets
from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite

from accounts.operations import audit
from accounts.rules import Actor, Role
from core import clock
from core.db import db
from core.errors import Conflict, Invalid, NotAllowed
from core.i18n import N_
from registry.standards import queries
from registry.standards.models import ImportState, Kind, StandardImport, StandardUse
from registry.standards.rules import Standard, digest_of, parse_standard


def use(standard: Standard) -> None:
    """Note the first use of a standard, before a result is kept. Raises Conflict where its file changed since then."""
    dialect = postgresql if db.engine.dialect.name == "postgresql" else sqlite
    made = dialect.insert(StandardUse).values(
        standard_id=standard.id, hash=standard.file_hash, first_used_at=clock.now()
    )
    db.session.execute(made.on_conflict_do_nothing(index_elements=["standard_id"]))
    kept = select(StandardUse.hash).where(StandardUse.standard_id == standard.id)
    if db.session.execute(kept).scalar_one() != standard.file_hash:
        raise Conflict(
            N_("Tệp chuẩn %(id)s đã bị sửa sau khi được dùng, nên không tính được."),
            remedy=N_("Trả lại tệp cũ. Chuẩn mới phải là một tệp khác, với ngày khác."),
            id=standard.id,
        )


def propose_points(
    actor: Actor, standard: Standard, table: Mapping[str, Any], limit: Mapping[str, int] | None, source: str
) -> StandardImport:
    """Keep a points table that was read without faults; it counts once a second administrator approves it.

    table: as in a standard's file, marked not DEMO. limit: only for a standard whose own limits are unknown.
    """
    actor.must_be(Role.ADMINISTRATOR)
    if standard.b1_limit is None and limit is None:
        raise Invalid(
            N_("Chuẩn này chưa có mức điểm, nên bảng điểm phải kèm mức điểm."),
            remedy=N_("Gửi tệp JSON có phần limit."),
        )
    if standard.b1_limit is not None and limit not in (None, standard.b1_limit):
        raise Invalid(N_("Mức điểm trong tệp khác mức của chuẩn này."), remedy=N_("Bỏ phần limit ra."))
    official = {**table, "demo": False, "verified": True, "source": source}
    return _propose(actor, Kind.POINTS, standard.id, {"table": official, "limit": limit}, source)


def propose_standard(actor: Actor, text: str, source: str) -> StandardImport:
    """Keep a whole standard, such as a province's higher line. Raises Unusable for a faulty file, Conflict for a
    known id.
    """
    actor.must_be(Role.ADMINISTRATOR)
    read = parse_standard(text)
    if read.id in queries.standards():
        raise Conflict(
            N_("Đã có chuẩn mang mã %(id)s; chuẩn đã dùng không sửa được."),
            remedy=N_("Đặt mã khác và ngày khác."),
            id=read.id,
        )
    return _propose(actor, Kind.STANDARD, read.id, json.loads(text), source)


def _propose(actor: Actor, kind: Kind, standard_id: str, content: object, source: str) -> StandardImport:
    if actor.user_id is None:
        raise NotAllowed(N_("Việc này cần một người đứng tên."))
    made = StandardImport(
        key=secrets.token_urlsafe(12),
        kind=kind,
        standard_id=standard_id,
        source=source,
        content=json.dumps(content, sort_keys=True, ensure_ascii=False),
        hash=digest_of(content),
        state=ImportState.PROPOSED,
        proposed_at=clock.now(),
        proposed_by_user_id=actor.user_id,
    )
    db.session.add(made)
    db.session.flush()
    audit(actor, f"propose {kind}", f"standard_import:{made.id}", ("content", "source"))
    return made


def approve(actor: Actor, key: str) -> StandardImport:
    """The second person's yes: from now on results are made with it, and the DEMO mark is gone.

    Raises NotAllowed for the one who sent it, Conflict where it was decided before.
    """
    found = _undecided(actor, key)
    if actor.user_id is None or found.proposed_by_user_id == actor.user_id:
        raise NotAllowed(
            N_("Người gửi không tự duyệt được."),
            remedy=N_("Nhờ một người quản trị khác so với văn bản rồi duyệt."),
        )
    if found.kind == Kind.STANDARD and found.standard_id in queries.standards():
        raise Conflict(N_("Đã có chuẩn mang mã %(id)s; chuẩn đã dùng không sửa được."), id=found.standard_id)
    return _decide(actor, found, ImportState.APPROVED)


def refuse(actor: Actor, key: str) -> StandardImport:
    """Anybody's no, the sender's own included."""
    return _decide(actor, _undecided(actor, key), ImportState.REFUSED)


def _undecided(actor: Actor, key: str) -> StandardImport:
    actor.must_be(Role.ADMINISTRATOR)
    found = queries.import_by_key(key)
    if found.state != ImportState.PROPOSED:
        raise Conflict(N_("Bảng này đã được duyệt hoặc đã bỏ."), remedy=N_("Mở lại trang để xem."))
    return found


def _decide(actor: Actor, found: StandardImport, state: ImportState) -> StandardImport:
    found.state, found.decided_at, found.decided_by_user_id = state, clock.now(), actor.user_id
    db.session.flush()
    audit(actor, f"{state} {found.kind}", f"standard_import:{found.id}")
    return found
