"""Publishing a round: once, whole, by an administrator."""

import hashlib
import json
from dataclasses import dataclass

from accounts.operations import audit
from accounts.rules import Actor, Role
from core import clock
from core.db import db
from core.errors import Invalid, NotFound
from core.i18n import N_
from registry.figures.queries import country, gone, round_years, scope_of
from registry.figures.rules import ABSENT, CLASSES, Basis, Path
from registry.published.models import FigureRelease, FigureRow
from registry.published.queries import country_row, release_of
from registry.published.rules import BASE, Row, published
from registry.reports.rules import Node


@dataclass(frozen=True)
class Draft:
    """What would be published of a round, made before the transaction that writes it."""

    year: int
    standard_id: str
    is_demo: bool
    indicators: tuple[str, ...]
    rows: tuple[Row, ...]
    names: dict[Path, str]
    basis: Basis = Basis.DECLARED

    @property
    def hidden(self) -> int:
        """How many rows are not shown."""
        return sum(row.counts is None for row in self.rows)


def draft(year: int, basis: Basis = Basis.DECLARED) -> Draft:
    """Count a round and hide what the rule hides. Raises NotFound for a round of which nothing is counted."""
    if year not in round_years(basis):
        raise NotFound(N_("Đợt này chưa có hộ nào trong số liệu."))
    scope = scope_of(year, basis)
    one = country(scope)
    codes = tuple(indicator.code for indicator in one.standard.indicators)
    top = one.top
    if one.before is not None:
        for was, count in gone(scope, scope_of(one.before, basis)).items():
            top.counts[f"move/{was}/{ABSENT}"] += count
    joins = one.before is not None and _joins(top, country_row(one.before, BASE.name, basis))
    rows = published(top, codes, moves=joins)
    return Draft(year, one.standard.id, one.is_demo, codes, tuple(rows), one.names, basis)


def _joins(top: Node, before: tuple[int, ...] | None) -> bool:
    """Whether the transitions start from exactly what was published of the round before; else they would tell what
    changed since.
    """
    if before is None:
        return False
    every = [sum(n for cell, n in top.counts.items() if cell.startswith(f"move/{one}/")) for one in CLASSES]
    return tuple(every) == before


def publish(actor: Actor, made: Draft) -> FigureRelease:
    """Write a draft; its pages are open to everybody at once and for good. Raises Invalid when the round
    is out, or nothing of it may be shown."""
    actor.must_be(Role.ADMINISTRATOR)
    if release_of(made.year) is not None:
        raise Invalid(
            N_("Đợt %(year)s đã công bố rồi."),
            remedy=N_("Mỗi đợt chỉ công bố một lần: hai bản khác nhau sẽ để lộ số đang giấu."),
            year=made.year,
        )
    if made.hidden == len(made.rows):
        raise Invalid(
            N_("Chưa đủ hộ: mọi dòng của đợt này đều phải giấu."),
            remedy=N_("Chờ thêm hộ kê khai rồi công bố."),
        )
    rows = [_row(row, made.names) for row in made.rows]
    said = json.dumps([list(row.values()) for row in rows], ensure_ascii=False, separators=(",", ":"))
    release = FigureRelease(
        year=made.year,
        standard_id=made.standard_id,
        is_demo=made.is_demo,
        basis=str(made.basis),
        indicators=" ".join(made.indicators),
        hash=hashlib.sha256(said.encode()).hexdigest(),
        published_at=clock.now(),
        published_by_user_id=actor.user_id,
    )
    db.session.add(release)
    db.session.flush()
    db.session.add_all([FigureRow(release_id=release.id, **row) for row in rows])
    audit(actor, "publish figures", f"figures:{made.year}", ("counts",), f"{made.hidden} rows hidden")
    return release


def _row(row: Row, names: dict[Path, str]) -> dict[str, str | int | None]:
    province, commune = (*row.path, "", "")[:2]
    return {
        "sheet": row.table,
        "province_code": province,
        "commune_code": commune,
        "name": names.get(row.path, ""),
        "households": row.households,
        "counts": "" if row.counts is None else json.dumps(row.counts, separators=(",", ":")),
    }
