"""Needs by place and kind: how many were said, answered by help, and not. Counts alone, no words of anybody."""

from datetime import date
from typing import Any

from sqlalchemy import Row, select

from core.clock import start_of
from core.db import db
from places.queries import unit
from places.rules import Level
from registry.figures.places import communes_in, places
from registry.figures.rules import Path
from registry.needs.models import Need
from registry.needs.rules import MET, WAITING_STATES, NeedState
from registry.reports.rules import Node, parts

SAID = ("said", "met", "unmet")  # said = met + unmet; unmet: waiting, or answered without help


def needs_in(unit_id: int | None, year: int) -> tuple[Node, dict[Path, str]]:
    """The needs that households confirmed in a year, by place, and how the places are written.

    households: those that said any, each once in every place it said one in, so that parents are sums.
    """
    rows = _rows(communes_in(unit_id) if unit_id is not None else None, year)
    where = places({row.commune_id for row in rows})
    village = unit_id is not None and unit(unit_id).level != Level.PROVINCE
    top, names, told = Node(""), dict[Path, str](), set[tuple[int, Path]]()
    for row in rows:
        one = where[row.commune_id]
        path: Path = (row.village,) if village else (one.code,)
        names[path] = row.village if village else one.name
        if unit_id is None:
            path = (one.province_code, one.code)
            names |= {path[:1]: one.province, path: one.name}
        words = [f"need/{row.kind}/said", f"need/{row.kind}/{'met' if row.outcome in MET else 'unmet'}"]
        top.add(path, words, 0 if (row.household_id, path) in told else 1)
        told.add((row.household_id, path))
    return top, names


def _rows(communes: set[int] | None, year: int) -> list[Row[Any]]:
    query = select(Need.commune_id, Need.village, Need.kind, Need.outcome, Need.household_id).where(
        Need.state.in_((*WAITING_STATES, NeedState.CLOSED)),
        Need.confirmed_at >= start_of(date(year, 1, 1)),
        Need.confirmed_at < start_of(date(year + 1, 1, 1)),
    )
    if communes is None:
        return list(db.session.execute(query))
    turns = parts(sorted(communes))
    return [row for some in turns for row in db.session.execute(query.where(Need.commune_id.in_(some)))]
