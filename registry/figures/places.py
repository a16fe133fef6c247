"""Where a household is counted: in the commune that its commune is today, so that rounds can be compared."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import aliased

from core.db import db
from places.models import Unit
from places.queries import became, communes_of, ended_into, unit
from places.rules import Level
from registry.reports.rules import parts


@dataclass(frozen=True)
class Place:
    """A commune as figures name it. commune_id: of today, or of before where it was split among several."""

    commune_id: int
    province_code: str
    province: str
    code: str
    name: str


def places(commune_ids: Iterable[int]) -> dict[int, Place]:
    """Commune of that day → where it is counted: as what it became, if that is one place; else under its own name."""
    now = became(commune_ids)
    units = _units({new for found in now.values() for new in found} | set(now))
    said: dict[int, Place] = {}
    for one, found in now.items():
        counted = next(iter(found)) if len(found) == 1 else one
        above = units[min(found)] if found else units[one]
        said[one] = Place(counted, above[2], above[3], *units[counted][:2])
    return said


def _units(ids: set[int]) -> dict[int, tuple[str, str, str, str]]:
    """(code, written name, province's code, province) of communes; one of before lies in a district."""
    parent, above = aliased(Unit), aliased(Unit)
    found: dict[int, tuple[str, str, str, str]] = {}
    for some in parts(sorted(ids)):
        query = (
            select(Unit, parent, above)
            .outerjoin(parent, parent.id == Unit.parent_id)
            .outerjoin(above, above.id == parent.parent_id)
            .where(Unit.id.in_(some))
        )
        for one, district, highest in db.session.execute(query):
            top = highest or district or one
            ended = f".{one.valid_to.year}" if one.valid_to else ""  # its code may be another's today
            found[one.id] = (one.code + ended, f"{one.kind.lower()} {one.name}", top.code, top.name)
    return found


def communes_in(unit_id: int) -> set[int]:
    """The communes of every day that are counted in a province or commune of today. Raises NotFound."""
    one = unit(unit_id)
    mine = {commune.id for commune in communes_of(unit_id)} if one.level == Level.PROVINCE else {unit_id}
    before = became(ended_into(mine))
    if one.level == Level.PROVINCE:  # one that was split is counted in one province
        return mine | {old for old, now in before.items() if now and min(now) in mine}
    return mine | {old for old, now in before.items() if now == mine}
