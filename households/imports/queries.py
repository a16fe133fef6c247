"""Reads of imports: the list a person sent, what will become of each row, what was taken in before."""

import json
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import func, select

from accounts.rules import Actor, Role
from core import clock
from core.crypto import decrypt, keyed_hash
from core.db import db
from core.errors import NotFound
from core.headings import Headings
from core.i18n import N_
from households.imports.models import RosterImport, RosterLayout, RosterRecord
from households.imports.rules import Cell, Outcome, Row, read_people
from households.reference import ethnic_groups
from households.roster.queries import KEEPERS, living_in
from households.roster.rules import block

FIELD = "roster_import.content"
INDEX = "roster record"


def own_import(actor: Actor, key: str) -> RosterImport:
    """A list of the actor's unit. Raises NotFound for any other."""
    found = db.session.execute(select(RosterImport).where(RosterImport.key == key)).scalar_one_or_none()
    within = found is not None and actor.role in KEEPERS and found.commune_id == actor.unit_id
    if found is None or not (actor.role is Role.SYSTEM or within):
        raise NotFound(N_("Không tìm thấy danh sách này."))
    if actor.role is Role.VILLAGE_HEAD and found.only_village != actor.village:
        raise NotFound(N_("Không tìm thấy danh sách này."))
    return found


def imports_of(actor: Actor) -> list[RosterImport]:
    """The lists of a unit, newest first."""
    query = select(RosterImport).where(RosterImport.commune_id == actor.unit_id)
    if actor.role is Role.VILLAGE_HEAD:
        query = query.where(RosterImport.only_village == actor.village)
    return list(db.session.execute(query.order_by(RosterImport.id.desc()).limit(20)).scalars())


def count_of(key: str) -> int:
    """How many lists begin with this key: a file sent again from the command line is a list of its own."""
    query = select(func.count()).select_from(RosterImport).where(RosterImport.key.startswith(key))
    return db.session.execute(query).scalar_one()


def layout_of(commune_id: int) -> dict[str, str]:
    """What the commune's headings were said to mean: folded heading → column, '' for one not read."""
    query = select(RosterLayout).where(RosterLayout.commune_id == commune_id)
    return {one.heading: one.column_key for one in db.session.execute(query).scalars()}


def content_of(found: RosterImport) -> tuple[list[tuple[int, list[Cell]]], Headings]:
    """The rows and headings of a list that waits. Raises NotFound once they are forgotten."""
    if found.content is None:
        raise NotFound(N_("Danh sách này đã xong."))
    body = json.loads(decrypt(found.content, field=FIELD, owner=f"roster_import:{found.key}"))
    place, texts, keys = body["headings"]
    return [(number, cells) for number, cells in body["rows"]], Headings(place, tuple(texts), tuple(keys))


@dataclass(frozen=True)
class Planned:
    """A row, what will become of it, and whom it may be: (number of the row in the list, or 0, name)."""

    row: Row
    outcome: Outcome
    like: tuple[int, str] | None = None


def plan(found: RosterImport) -> list[Planned]:
    """What will become of each row: three queries, whatever the list's length. Nothing is written."""
    rows, headings = content_of(found)
    people = read_people(
        rows, headings, ethnic_groups(), clock.today(), village=found.village, only_village=found.only_village
    )
    known = taken(found.commune_id, "list", [one.own_key for one in people])
    held = {
        key: person.name
        for person, home in living_in(found.commune_id)
        if (key := block(person.name, person.birth_year, home.village))
    }
    firsts: dict[tuple[str, int, str], Row] = {}
    planned = []
    for one in people:
        key = block(one.name, one.birth_year, one.village)
        if one.faulty:
            planned.append(Planned(one, Outcome.FAULTY))
        elif hashed(one.own_key) in known:
            planned.append(Planned(one, Outcome.KNOWN))
        elif key and key in held:
            planned.append(Planned(one, Outcome.DOUBLE, (0, held[key])))
        elif key and key in firsts:
            planned.append(Planned(one, Outcome.DOUBLE, (firsts[key].number, firsts[key].name)))
        else:
            planned.append(Planned(one, Outcome.NEW))
        if key:
            firsts.setdefault(key, one)
    return planned


def counts(planned: Collection[Planned]) -> dict[str, int]:
    """How many rows of each outcome."""
    found = Counter(one.outcome.value for one in planned)
    return {one.value: found[one.value] for one in Outcome}


def hashed(key: str) -> str:
    """A record's key as it is kept: nobody without the field key can tell a name from it."""
    return keyed_hash(key, purpose=INDEX)


def taken(commune_id: int, source: str, keys: Collection[str]) -> dict[str, RosterRecord]:
    """What was taken in before, by hashed key. Every record of the commune is read at once: one query."""
    wanted = {hashed(one) for one in keys}
    query = select(RosterRecord).where(RosterRecord.commune_id == commune_id, RosterRecord.source == source)
    if len(wanted) <= 500:
        query = query.where(RosterRecord.key.in_(wanted))
    return {one.key: one for one in db.session.execute(query).scalars() if one.key in wanted}
