"""Reads of units, addresses and shipping rates."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, cast

from sqlalchemy import BindParameter, ColumnElement, Date, Select, bindparam, func, or_, select
from sqlalchemy.orm import aliased

from core import clock
from core.db import db, run
from core.errors import Invalid, NotFound
from core.i18n import N_
from places import rules
from places.models import ShippingRate, Unit, UnitChange
from places.rules import Level, Zone

CANDIDATES_MAX = 20  # more would be no choice on a phone


@dataclass(frozen=True)
class PlaceName:
    """How a commune is written: 'xã Côn Minh', 'Thái Nguyên', and both together."""

    commune: str
    province: str
    full: str


@dataclass(frozen=True)
class Conversion:
    """What an address of before 2025-07-01 is now: one unit, or several to choose from where it was split."""

    exact: Unit | None
    candidates: list[Unit]


@dataclass(frozen=True)
class ShippingQuote:
    """The price of sending one parcel."""

    price_vnd: int
    days_min: int
    days_max: int
    zone: str


def valid_on(day: date) -> ColumnElement[bool]:
    """The condition that a unit exists on a day."""
    return (Unit.valid_from <= day) & or_(Unit.valid_to.is_(None), Unit.valid_to > day)


def unit(unit_id: int) -> Unit:
    """A unit by id. Raises NotFound."""
    found = db.session.get(Unit, unit_id)
    if found is None:
        raise NotFound(N_("Không có xã, phường này trong danh sách."))
    return found


def provinces(on: date | None = None) -> list[Unit]:
    """The provinces of a day (today's 34 by default), by name."""
    where = (Unit.level == Level.PROVINCE, valid_on(on or clock.today()))
    return list(db.session.execute(select(Unit).where(*where).order_by(Unit.folded)).scalars())


def communes_of(province_id: int, on: date | None = None) -> list[Unit]:
    """The communes, wards and special zones directly under a province on a day, by name."""
    where = (Unit.level == Level.COMMUNE, Unit.parent_id == province_id, valid_on(on or clock.today()))
    return list(db.session.execute(select(Unit).where(*where).order_by(Unit.folded)).scalars())


def is_current_commune(unit_id: int) -> bool:
    """Whether this id is a commune that exists today."""
    where = (Unit.id == unit_id, Unit.level == Level.COMMUNE, valid_on(clock.today()))
    return db.session.execute(select(Unit.id).where(*where)).first() is not None


def commune_by_code(code: str, on: date | None = None) -> Unit:
    """The commune with a statistics office code on a day. Raises NotFound."""
    where = (Unit.level == Level.COMMUNE, Unit.code == code, valid_on(on or clock.today()))
    found = db.session.execute(select(Unit).where(*where)).scalar_one_or_none()
    if found is None:
        raise NotFound(N_("Không có xã, phường này trong danh sách."))
    return found


def find_communes(text: str, limit: int = 20) -> list[Unit]:
    """Today's communes whose name begins with, or holds, what was typed; "con minh, thai" narrows by province."""
    parts = rules.split_parts(text)
    if not parts:
        return []
    names = {reading.name for reading in rules.readings(parts[0])}
    parent = aliased(Unit)
    begins = or_(*[Unit.folded.startswith(name, autoescape=True) for name in names])
    holds = or_(*[Unit.folded.contains(f" {name}", autoescape=True) for name in names])
    query = (
        select(Unit)
        .join(parent, parent.id == Unit.parent_id)
        .where(Unit.level == Level.COMMUNE, valid_on(clock.today()), or_(begins, holds))
    )
    if len(parts) > 1:
        last = rules.readings(parts[-1])
        query = query.where(
            or_(*[parent.folded.startswith(rules.province_key(r.name), autoescape=True) for r in last])
        )
    order = (Unit.folded.in_(names).desc(), begins.desc(), Unit.folded, parent.folded)
    return list(db.session.execute(query.order_by(*order).limit(limit)).scalars())


def current_of(unit_id: int) -> list[Unit]:
    """What a unit is today: itself while it exists, else what it became, followed through later changes."""
    day, wanted, found, seen = clock.today(), [unit_id], list[Unit](), set[int]()
    while wanted:
        seen |= set(wanted)
        found += db.session.execute(select(Unit).where(Unit.id.in_(wanted), valid_on(day))).scalars()
        ended = set(wanted) - {one.id for one in found}
        became = select(UnitChange.new_id).where(UnitChange.old_id.in_(ended), UnitChange.changed_on <= day)
        wanted = [new for new in db.session.execute(became).scalars() if new not in seen]
    return sorted(found, key=lambda one: one.folded)


def became(unit_ids: Iterable[int]) -> dict[int, frozenset[int]]:
    """What many units are today, as `current_of` says of one: itself, or what it became; several where it was split."""
    wanted, ways, alive, seen = set(unit_ids), dict[int, set[int]](), set[int](), set[int]()
    asked, day = frozenset(wanted), clock.today()
    while wanted:
        seen |= wanted
        alive |= set(_ids(select(Unit.id).where(valid_on(day)), Unit.id, wanted))
        changes = select(UnitChange.old_id, UnitChange.new_id).where(UnitChange.changed_on <= day)
        for old, new in _rows(changes, UnitChange.old_id, wanted - alive):
            ways.setdefault(old, set()).add(new)
        wanted = {new for old in wanted for new in ways.get(old, ())} - seen

    def ends(one: int, behind: frozenset[int]) -> frozenset[int]:
        if one in alive or one in behind:
            return frozenset({one} & alive)
        return frozenset[int]().union(*(ends(new, behind | {one}) for new in ways.get(one, ())))

    return {one: ends(one, frozenset()) for one in asked}


def ended_into(unit_ids: Iterable[int]) -> set[int]:
    """Units of before that became, wholly or in part, one of these."""
    wanted, found = set(unit_ids), set[int]()
    while wanted:
        changes = select(UnitChange.old_id).where(UnitChange.changed_on <= clock.today())
        wanted = set(_ids(changes, UnitChange.new_id, wanted)) - found
        found |= wanted
    return found


def _rows(query: Select[Any], column: Any, ids: Iterable[int]) -> Iterable[Any]:
    """Rows whose column is among many ids, in turns that fit into one statement."""
    every = sorted(ids)
    for start in range(0, len(every), 500):
        yield from db.session.execute(query.where(column.in_(every[start : start + 500])))


def _ids(query: Select[Any], column: Any, ids: Iterable[int]) -> Iterable[int]:
    return (row[0] for row in _rows(query, column, ids))


@cache
def _named_statement(*, inside: bool) -> Select[Any]:
    """Units of parameter `level` called `name` on `day`, as columns; inside: that lie in one of `parents`."""
    day: BindParameter[date] = bindparam("day", type_=Date)
    wanted = select(Unit.__table__).where(
        Unit.level == bindparam("level"), Unit.folded == bindparam("name"),
        Unit.valid_from <= day, or_(Unit.valid_to.is_(None), Unit.valid_to > day),
    )  # fmt: skip
    if inside:
        wanted = wanted.where(Unit.parent_id.in_(bindparam("parents", expanding=True)))
    return wanted.order_by(Unit.valid_from, Unit.id)


def _today(text: str, level: Level, parents: list[int] | None = None) -> list[Unit]:
    """Units of today that a part of an address may name: rows of the table, to be read alone."""
    statement = _named_statement(inside=parents is not None)
    params = {"level": str(level), "day": clock.today()} | ({} if parents is None else {"parents": parents})
    return _matching(
        text, level, lambda name: cast(list[Unit], run(statement, params | {"name": name}).all())
    )


def _ever(text: str, level: Level, *where: ColumnElement[bool]) -> list[Unit]:
    """Units of any time, or under conditions, that a part of an address may name."""
    wanted = select(Unit).where(Unit.level == level, *where).order_by(Unit.valid_from, Unit.id)
    return _matching(
        text, level, lambda name: db.session.execute(wanted.where(Unit.folded == name)).scalars()
    )


def _matching(text: str, level: Level, named: Callable[[str], Iterable[Unit]]) -> list[Unit]:
    """What `named` finds for each reading of a part; a written kind that fits wins over one that does not."""
    found: list[Unit] = []
    for reading in rules.readings(text):
        if not reading.may_be(level):
            continue
        rows = list(named(rules.province_key(reading.name) if level is Level.PROVINCE else reading.name))
        same_kind = [row for row in rows if reading.kind and rules.name_key(row.kind) == reading.kind]
        found += same_kind or rows
    with_marks = [one for one in found if one.name.casefold() in text.casefold()]
    return with_marks or found


def matching_provinces(text: str) -> list[Unit]:
    """Provinces of any time that a part of an address may name."""
    return _ever(text, Level.PROVINCE)


def convert_old(province: str, district: str, commune: str) -> Conversion:
    """Turn an address of three levels (before 2025-07-01) into today's; any part may lack marks, district may be ''.

    exact: the one commune it is now. candidates: all it may be, where the old one was split or the name was not single.
    """
    ended = (Unit.valid_to.is_not(None), Unit.valid_to <= clock.today())
    in_province = select(Unit.id).where(Unit.id.in_([one.id for one in _ever(province, Level.PROVINCE)]))
    districts = select(Unit.id).where(Unit.level == Level.DISTRICT, Unit.parent_id.in_(in_province), *ended)
    olds: list[Unit] = []
    if district:
        named = _ever(district, Level.DISTRICT, Unit.parent_id.in_(in_province), *ended)
        districts = select(Unit.id).where(Unit.id.in_([one.id for one in named]))
        olds = named if not commune else []
        if not commune:
            olds += _units_in(named)
    if commune:
        olds = _ever(commune, Level.COMMUNE, Unit.parent_id.in_(districts), *ended)
    became = {new.id: new for old in olds for new in current_of(old.id)}
    found = sorted((new for new in became.values() if new.level == Level.COMMUNE), key=lambda one: one.folded)
    return Conversion(found[0] if len(found) == 1 else None, found[:CANDIDATES_MAX])


def find_address(text: str) -> Conversion:
    """What commune a typed address means today: new two-level form first, old three-level form else.

    Understands text without marks, without commas and with shortened kinds. Without a province, the whole country is
    searched, and a name that occurs more than once gives candidates; an old district gives the communes it became.
    """
    parts = rules.split_parts(text)
    if len(parts) == 1:
        parts = _without_commas(parts[0])
    tries: list[Callable[[], Conversion]] = []
    if len(parts) >= 3:  # anything before the last three parts is house and street
        tries = [lambda: convert_old(parts[-1], parts[-2], parts[-3]), lambda: _current(parts[-2], parts[-1])]
    elif len(parts) == 2:
        commune, province = parts
        tries = [
            lambda: _current(commune, province),
            lambda: convert_old(province, "", commune),
            lambda: convert_old(province, commune, ""),
        ]
    elif parts:
        tries = [lambda: _conversion(_today(parts[0], Level.COMMUNE))]
    for attempt in tries:
        found = attempt()
        if found.candidates:
            return found
    return Conversion(None, [])


def _without_commas(text: str) -> list[str]:
    """Split "con minh thai nguyen" at the province's name, and what stands before it at words such as "huyện"."""
    names = set(db.session.execute(select(Unit.folded).where(Unit.level == Level.PROVINCE)).scalars())
    found = rules.take_suffix(rules.name_key(text), names | set(rules.PROVINCE_ALIASES))
    if found is None or found[0] in rules.KIND_WORDS:
        return [text]
    before = found[0].removesuffix(" tinh").removesuffix(" thanh pho").removesuffix(" tp")
    return [*rules.split_at_kinds(before), found[1]]


def _units_in(districts: list[Unit]) -> list[Unit]:
    query = select(Unit).where(Unit.level == Level.COMMUNE, Unit.parent_id.in_([one.id for one in districts]))
    return list(db.session.execute(query).scalars())


def _current(commune: str, province: str) -> Conversion:
    """A commune of today by its name and its province's name of today."""
    parents = [one.id for one in _today(province, Level.PROVINCE)]
    return _conversion(_today(commune, Level.COMMUNE, parents))


def _conversion(found: list[Unit]) -> Conversion:
    single = list({one.id: one for one in found}.values())
    return Conversion(single[0] if len(single) == 1 else None, single[:CANDIDATES_MAX])


@cache
def _names_statement() -> Select[Any]:
    parent = aliased(Unit)
    return (
        select(Unit.id, Unit.kind, Unit.name, parent.name.label("province"))
        .join(parent, parent.id == Unit.parent_id)
        .where(Unit.id.in_(bindparam("ids", expanding=True)))
    )


def place_names(unit_ids: set[int]) -> dict[int, PlaceName]:
    """The written names of communes, in one query."""
    rows = run(_names_statement(), {"ids": sorted(unit_ids)})
    return {row.id: written(row.kind, row.name, row.province) for row in rows}


def written(kind: str, name: str, province: str) -> PlaceName:
    """How a commune of this kind and name in a province is written."""
    commune = f"{kind.lower()} {name}"
    return PlaceName(commune, province, f"{commune}, {province}")


def place_name(unit_id: int) -> PlaceName:
    """The written name of a commune. Raises NotFound."""
    found = place_names({unit_id}).get(unit_id)
    if found is None:
        raise NotFound(N_("Không có xã, phường này trong danh sách."))
    return found


def province_of(unit_id: int) -> Unit:
    """The province that a unit lies in; a province lies in itself. Raises NotFound."""
    found = unit(unit_id)
    while found.parent_id is not None:
        found = unit(found.parent_id)
    return found


@cache
def _provinces_statement() -> Select[Any]:
    """Each unit's province and its region, up to two levels above."""
    here, parent, above = (Unit.__table__.alias(name) for name in ("here", "parent", "above"))
    return (
        select(
            here.c.id,
            func.coalesce(above.c.id, parent.c.id, here.c.id).label("province_id"),
            func.coalesce(above.c.region, parent.c.region, here.c.region).label("region"),
        )
        .select_from(here)
        .outerjoin(parent, parent.c.id == here.c.parent_id)
        .outerjoin(above, above.c.id == parent.c.parent_id)
        .where(here.c.id.in_(bindparam("ids", expanding=True)))
    )


@cache
def _steps_statement() -> Select[Any]:
    rate = ShippingRate.__table__.c
    return select(rate.up_to_g, rate.price_vnd, rate.days_min, rate.days_max).where(
        rate.zone == bindparam("z"),
        rate.valid_from <= bindparam("day"),
        or_(rate.valid_to.is_(None), rate.valid_to > bindparam("day")),
    )


def shipping_quote(from_commune_id: int, to_commune_id: int, weight_g: int, on: date) -> ShippingQuote:
    """What a parcel costs between two communes on a day.

    weight_g: with its packaging. Raises Invalid when it is heavier than the last step, or no rate is set that day.
    """
    found = {row.id: row for row in run(_provinces_statement(), {"ids": [from_commune_id, to_commune_id]})}
    if from_commune_id not in found or to_commune_id not in found:
        raise NotFound(N_("Không có xã, phường này trong danh sách."))
    start, end = found[from_commune_id], found[to_commune_id]
    zone = rules.zone_between(start.province_id, end.province_id, start.region, end.region)
    rates = {rate.up_to_g: rate for rate in run(_steps_statement(), {"z": str(zone), "day": on})}
    if not rates:
        raise Invalid(N_("Chưa có giá gửi hàng cho ngày này."), remedy=N_("Gọi hợp tác xã để hỏi giá gửi."))
    rate = rates[rules.step_for(weight_g, list(rates))]
    return ShippingQuote(rate.price_vnd, rate.days_min, rate.days_max, zone)


def rates_on(on: date) -> list[ShippingRate]:
    """Every shipping rate of a day, by zone from near to far, then by weight."""
    where = (ShippingRate.valid_from <= on, or_(ShippingRate.valid_to.is_(None), ShippingRate.valid_to > on))
    rows = db.session.execute(select(ShippingRate).where(*where).order_by(ShippingRate.up_to_g)).scalars()
    order = list(Zone)
    return sorted(rows, key=lambda rate: (order.index(Zone(rate.zone)), rate.up_to_g))
