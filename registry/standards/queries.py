"""Which standards hold: the shipped files, and what two people let in. One small query a call."""

import json
from collections.abc import Iterable, Mapping
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import bindparam, select

from core.db import db
from core.errors import NotFound
from core.i18n import N_
from registry.standards.files import shipped, text_of
from registry.standards.models import ImportState, Kind, StandardImport, StandardUse
from registry.standards.rules import Standard, parse_standard, parse_table


def standards() -> dict[str, Standard]:
    """Every standard by id, oldest first: shipped or approved, each with its newest approved points."""
    rows = db.session.execute(
        select(
            StandardImport.id, StandardImport.kind, StandardImport.standard_id, StandardImport.hash
        ).where(StandardImport.state == ImportState.APPROVED)
        .order_by(StandardImport.id)
    ).all()  # fmt: skip
    return dict(_assembled(tuple((row.id, row.kind, row.standard_id, row.hash) for row in rows)))


@lru_cache(maxsize=8)
def _assembled(rows: tuple[tuple[int, str, str, str], ...]) -> dict[str, Standard]:
    """The shipped standards with what was approved. An import never changes, and hashes tell two databases apart."""
    query = select(StandardImport.content).where(StandardImport.id == bindparam("one"))
    return assembled(
        (kind, standard_id, db.session.execute(query, {"one": row_id}).scalar_one())
        for row_id, kind, standard_id, _digest in rows
    )


def assembled(imports: Iterable[tuple[str, str, str]]) -> dict[str, Standard]:
    """The shipped standards with approved imports in their order: (kind, standard, content)."""
    held = dict(shipped())
    for kind, standard_id, content in imports:
        if kind == Kind.STANDARD:
            held[standard_id] = parse_standard(content)
        elif standard_id in held:
            raw = json.loads(content)
            held[standard_id] = held[standard_id].with_points(parse_table(raw["table"]), raw["limit"])
    return {one.id: one for one in sorted(held.values(), key=lambda one: (one.valid_from, one.id))}


def approved() -> list[tuple[str, str, str]]:
    """(kind, standard, content) of every approved import, oldest first: what `assembled` takes."""
    query = select(StandardImport.kind, StandardImport.standard_id, StandardImport.content)
    rows = db.session.execute(
        query.where(StandardImport.state == ImportState.APPROVED).order_by(StandardImport.id)
    )
    return [(kind, name, content) for kind, name, content in rows]


def standard(standard_id: str) -> Standard:
    """One standard. Raises NotFound."""
    found = standards().get(standard_id)
    if found is None:
        raise NotFound(N_("Không có chuẩn nghèo này."), remedy=N_("Chọn trong danh sách."))
    return found


def form_of(standard_id: str) -> dict[str, Any]:
    """A standard's file as read: its questions, items and wording. Raises NotFound."""
    if standard_id in shipped():
        return dict(json.loads(text_of(standard_id)))
    found = db.session.execute(
        select(StandardImport.content).where(
            StandardImport.standard_id == standard_id,
            StandardImport.kind == Kind.STANDARD,
            StandardImport.state == ImportState.APPROVED,
        )
    ).scalar_one_or_none()
    if found is None:
        raise NotFound(N_("Không có chuẩn nghèo này."), remedy=N_("Chọn trong danh sách."))
    return dict(json.loads(found))


def standard_on(day: date, held: Mapping[str, Standard] | None = None) -> Standard:
    """The country's standard in force on a day. Raises NotFound where there is none."""
    for one in (standards() if held is None else held).values():
        if one.province is None and one.valid_from <= day <= one.valid_to:
            return one
    raise NotFound(N_("Không có chuẩn nghèo nào cho ngày này."))


def scored_under(day: date, province: str = "", held: Mapping[str, Standard] | None = None) -> list[Standard]:
    """The standards a review of that day and province carries results under.

    First the country's in force, then the province's own line if it has one, then those that come.
    """
    every = standards() if held is None else held
    mine = [one for one in every.values() if one.province in (None, province)]
    now = [one for one in mine if one.valid_from <= day <= one.valid_to and one.province]
    return [standard_on(day, every), *now, *(one for one in mine if one.valid_from > day)]


def first_uses() -> dict[str, StandardUse]:
    """When each standard was first used, and the hash that its file had."""
    return {one.standard_id: one for one in db.session.execute(select(StandardUse)).scalars()}


def changed_since_used(held: Iterable[Standard]) -> set[str]:
    """Standards whose file is not the one that was used: nothing more may be scored by them."""
    uses = first_uses()
    return {one.id for one in held if one.id in uses and uses[one.id].hash != one.file_hash}


def imports() -> list[StandardImport]:
    """What was imported, newest first."""
    return list(db.session.execute(select(StandardImport).order_by(StandardImport.id.desc())).scalars())


def import_by_key(key: str) -> StandardImport:
    """One import. Raises NotFound."""
    found = db.session.execute(select(StandardImport).where(StandardImport.key == key)).scalar_one_or_none()
    if found is None:
        raise NotFound(N_("Không tìm thấy bảng điểm này."), remedy=N_("Mở lại từ danh sách chuẩn."))
    return found
