"""Published figures of poverty beside the cooperatives of each province. Nothing that was not published is in reach."""

from dataclasses import dataclass

from sqlalchemy import func, select

from cooperatives.models import Cooperative
from core.db import db
from places.models import Unit
from places.outline.rules import Drawing, drawing
from registry.published.public import Place, PublishedRound, round_of


@dataclass(frozen=True)
class Line:
    """A province: what was published of it, and how many approved cooperatives have their office there."""

    place: Place
    cooperatives: int


@dataclass(frozen=True)
class Seen:
    """The page. found: None while no round is out."""

    found: PublishedRound | None
    lines: tuple[Line, ...]
    drawing: Drawing


def poverty(year: int | None) -> Seen:
    """A published round, the newest without a year or for one that is not out."""
    found = round_of(year) or round_of()
    here = _cooperatives()
    lines = tuple(Line(one, here.get(one.code, 0)) for one in found.provinces) if found else ()
    return Seen(found, lines, drawing())


def _cooperatives() -> dict[str, int]:
    """Province's code → approved cooperatives."""
    above, here = Unit.__table__.alias("above"), Unit.__table__.alias("here")
    query = (
        select(above.c.code, func.count())
        .select_from(Cooperative)
        .join(here, here.c.id == Cooperative.commune_id)
        .join(above, above.c.id == here.c.parent_id)
        .where(Cooperative.state == "approved")
        .group_by(above.c.code)
    )
    return {row[0]: row[1] for row in db.session.execute(query)}
