"""The file of units: gzipped JSON of our own format (docs/guide/places-format.md). Pure reading, no database."""

import gzip
import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from core.errors import Invalid
from core.i18n import N_
from places.rules import Level, name_key

FORMAT = "cho-phien-places/1"
SHIPPED = Path(__file__).parent / "data" / "units.json.gz"


@dataclass(frozen=True)
class UnitRow:
    """One unit during one stretch of time. parent: (level, code, valid_from) of the unit it lies in."""

    level: Level
    code: str
    kind: str
    name: str
    parent: "Identity | None"
    region: str | None
    urban: bool | None
    valid_from: date
    valid_to: date | None

    @property
    def identity(self) -> "Identity":
        """What tells this row from every other."""
        return (self.level, self.code, self.valid_from)

    @property
    def folded(self) -> str:
        """The name for matching; numbered wards without leading zero."""
        key = name_key(self.name)
        return str(int(key)) if key.isdecimal() else key


Identity = tuple[Level, str, date]


@dataclass(frozen=True)
class ChangeRow:
    """An old unit became (part of) a new one."""

    old: Identity
    new: Identity
    changed_on: date
    share_note: str


@dataclass(frozen=True)
class UnitsFile:
    """A whole list: who says so, for which day, its units and changes."""

    source: str
    urban_source: str
    urban_from: date | None
    valid_as_of: date
    units: list[UnitRow]
    changes: list[ChangeRow]


def _identity(value: list[str] | None) -> Identity | None:
    return None if value is None else (Level(value[0]), value[1], date.fromisoformat(value[2]))


def _day(value: str | None) -> date | None:
    return None if value is None else date.fromisoformat(value)


def _unit(row: list[Any]) -> UnitRow:
    level, code, kind, name, parent, region, urban, valid_from, valid_to = row
    flag = None if urban is None else bool(urban)
    return UnitRow(
        Level(level),
        code,
        kind,
        name,
        _identity(parent),
        region,
        flag,
        date.fromisoformat(valid_from),
        _day(valid_to),
    )


def parse(text: str) -> UnitsFile:
    """Read the format. Raises Invalid naming what is wrong: another format, a row of another shape, a loose parent."""
    try:
        body = json.loads(text)
        if body["format"] != FORMAT:
            raise ValueError(f"format {body['format']!r}")
        head, groups = body["header"], body["parents"]
        units = [
            _unit([*row[:4], None if row[4] is None else groups[row[4]], *row[5:]]) for row in body["units"]
        ]
        changes = []
        for old, new, on, note in body["changes"]:
            changes.append(ChangeRow(units[old].identity, units[new].identity, date.fromisoformat(on), note))
        source = f"{head['package']} {head['version']} ({head['licence']}), {head['valid_as_of']}"
        as_of = date.fromisoformat(head["valid_as_of"])
        made = UnitsFile(source, head["urban_source"], _day(head["urban_from"]), as_of, units, changes)
    except (ValueError, KeyError, TypeError, IndexError) as error:
        raise Invalid(N_("Tệp danh sách xã không đúng dạng: %(why)s."), remedy=N_("Xem docs/guide/places-format.md."),
                      why=f"{type(error).__name__} {error}") from error  # fmt: skip
    _check(made)
    return made


def _check(file: UnitsFile) -> None:
    known = {row.identity for row in file.units}
    loose = [row for row in file.units if row.parent is not None and row.parent not in known]
    if len(known) != len(file.units) or loose:
        why = f"parent of {loose[0].code}" if loose else "the same unit twice"
        raise Invalid(N_("Tệp danh sách xã không đúng dạng: %(why)s."), why=why)


def read(path: Path = SHIPPED) -> UnitsFile:
    """Read a list from a file, gzipped or not. Raises Invalid for another format, OSError if it cannot be opened."""
    raw = path.read_bytes()
    return parse((gzip.decompress(raw) if raw[:2] == b"\x1f\x8b" else raw).decode())
