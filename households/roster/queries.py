"""Reads of the roster: a unit's households, one household on a day, its history, persons written twice."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, func, select
from sqlalchemy.orm import aliased

from accounts.rules import Actor, Role
from core import clock
from core.db import db
from core.errors import NotFound
from core.i18n import N_
from core.text import fold
from households.models import Household, HouseholdMember, Person
from households.queries import head_names, member_on
from households.roster.models import ParentLink, RosterEvent
from households.roster.rules import STANDING_STILL, Change, Kind, Span, block, generations, spans

KEEPERS = (Role.COMMUNE_OFFICER, Role.VILLAGE_HEAD)
PAGE_SIZE = 30


def within_reach(actor: Actor, household_id: int) -> Household:
    """A household of the officer's commune, and of the village head's village. Raises NotFound for any other."""
    return _reached(actor, db.session.get(Household, household_id))


def by_key(actor: Actor, key: str) -> Household:
    """The same, by the household's key."""
    found = db.session.execute(select(Household).where(Household.key == key)).scalar_one_or_none()
    return _reached(actor, found)


def _reached(actor: Actor, found: Household | None) -> Household:
    covers = found is not None and (
        actor.role is Role.SYSTEM
        or (
            (actor.role in KEEPERS and found.commune_id == actor.unit_id)
            and (actor.role is not Role.VILLAGE_HEAD or found.village == actor.village)
        )
    )
    if found is None or not covers:
        raise NotFound(N_("Không tìm thấy hộ này."))
    return found


def _unit_households(actor: Actor, village: str = "") -> Select[tuple[Household]]:
    query = select(Household).where(Household.commune_id == actor.unit_id)
    if actor.role is Role.VILLAGE_HEAD:
        return query.where(Household.village == actor.village)
    return query.where(Household.village == village) if village else query


@dataclass(frozen=True)
class HouseholdRow:
    """One line of a unit's list. people: how many belong to it today."""

    key: str
    head: str
    village: str
    people: int


def listed(
    actor: Actor, *, village: str = "", text: str = "", page: int = 1
) -> tuple[list[HouseholdRow], int]:
    """A unit's households with somebody in them today, by village, and how many there are. Three queries.

    text: part of a member's name, folded.
    """
    today = clock.today()
    living = select(HouseholdMember.household_id).where(member_on(today))
    if text:
        living = living.join(Person, Person.id == HouseholdMember.person_id).where(
            Person.name_folded.contains(fold(text), autoescape=True)
        )
    query = _unit_households(actor, village).where(Household.id.in_(living))
    total = db.session.execute(select(func.count()).select_from(query.subquery())).scalar_one()
    found = list(
        db.session.execute(
            query.order_by(Household.village, Household.id).limit(PAGE_SIZE).offset((page - 1) * PAGE_SIZE)
        ).scalars()
    )
    ids = {one.id for one in found}
    counts = _counts(ids, today)
    heads = head_names(ids, today)
    return [
        HouseholdRow(one.key, heads.get(one.id, ""), one.village, counts.get(one.id, 0)) for one in found
    ], total


def _counts(household_ids: set[int], day: date) -> dict[int, int]:
    query = (
        select(HouseholdMember.household_id, func.count())
        .where(HouseholdMember.household_id.in_(household_ids), member_on(day))
        .group_by(HouseholdMember.household_id)
    )
    return dict(db.session.execute(query).tuples().all())


def villages(actor: Actor) -> list[str]:
    """The villages in which the unit has households."""
    rows = _unit_households(actor).subquery()
    return list(db.session.execute(select(rows.c.village).distinct().order_by(rows.c.village)).scalars())


def neighbours(actor: Actor, besides: int) -> list[tuple[str, str]]:
    """(key, words) of the unit's other households with somebody in them: where a person may move to."""
    today = clock.today()
    living = select(HouseholdMember.household_id).where(member_on(today))
    query = _unit_households(actor).where(Household.id.in_(living), Household.id != besides)
    found = list(db.session.execute(query.order_by(Household.village, Household.id)).scalars())
    heads = head_names({one.id for one in found}, today)
    return [(one.key, f"{heads.get(one.id, '')}, {one.village}") for one in found]


@dataclass(frozen=True)
class Member:
    """One person of a household on a day. generation: 1 for the oldest. papers: '' not said, none, some."""

    person_id: int
    name: str
    relation: str
    birth_year: int | None
    sex: str | None
    ethnic_name: str | None
    from_on: date
    papers: str
    generation: int


def roster(household_id: int, on: date) -> list[Member]:
    """Who belongs to a household on a day: the head first, then by generation and age."""
    query = (
        select(Person, HouseholdMember)
        .join(HouseholdMember, HouseholdMember.person_id == Person.id)
        .where(HouseholdMember.household_id == household_id, member_on(on))
    )
    rows = list(db.session.execute(query))
    ids = {one.id for one, _tie in rows}
    papers = _papers(ids, on)
    links = [(child, parent) for child, held in parents(ids).items() for parent in held]
    ranks = generations(ids, links)
    found = [
        Member(
            one.id, one.name, tie.relation, one.birth_year, one.sex, one.ethnic_name, tie.from_on,
            papers.get(one.id, ""), ranks[one.id],
        )
        for one, tie in rows
    ]  # fmt: skip
    return sorted(
        found, key=lambda one: (one.relation != "head", one.generation, one.birth_year or 9999, one.person_id)
    )


def _papers(person_ids: set[int], on: date) -> dict[int, str]:
    later = aliased(RosterEvent)
    query = (
        select(RosterEvent.person_id, RosterEvent.papers)
        .where(
            RosterEvent.person_id.in_(person_ids),
            RosterEvent.kind == Kind.PAPERS,
            RosterEvent.happened_on <= on,
            RosterEvent.id.not_in(select(later.undoes_id).where(later.undoes_id.is_not(None))),
        )
        .order_by(RosterEvent.happened_on, RosterEvent.id)
    )
    return dict(db.session.execute(query).tuples().all())


def parents(person_ids: Collection[int]) -> dict[int, set[int]]:
    """child → parents, as recorded."""
    found: dict[int, set[int]] = defaultdict(set)
    query = select(ParentLink.child_id, ParentLink.parent_id).where(ParentLink.child_id.in_(person_ids))
    for child, parent in db.session.execute(query):
        found[child].add(parent)
    return dict(found)


def ancestors(person_id: int) -> set[int]:
    """Parents, their parents and so on, with the person herself."""
    known, edge = {person_id}, {person_id}
    while edge:
        edge = {parent for held in parents(edge).values() for parent in held} - known
        known |= edge
    return known


def memberships(person_id: int) -> list[HouseholdMember]:
    """A person's stays as the rest of the house reads them."""
    query = select(HouseholdMember).where(HouseholdMember.person_id == person_id)
    return list(db.session.execute(query.order_by(HouseholdMember.from_on, HouseholdMember.id)).scalars())


def last_household_id(person_id: int) -> int | None:
    """Where a person lives, or last lived."""
    held = memberships(person_id)
    return held[-1].household_id if held else None


def stays(person_id: int) -> list[Span]:
    """A person's stays read from her events alone."""
    return spans(changes(person_id))


def changes(person_id: int) -> list[Change]:
    """What a person's events say of where she belongs, undone ones left out."""
    gone = aliased(RosterEvent)
    query = select(RosterEvent).where(
        RosterEvent.person_id == person_id,
        RosterEvent.kind.not_in(STANDING_STILL),
        RosterEvent.id.not_in(
            select(gone.undoes_id).where(gone.undoes_id.is_not(None), gone.person_id == person_id)
        ),
    )
    return [
        Change(one.happened_on, one.id, one.to_household_id, one.relation)
        for one in db.session.execute(query).scalars()
    ]


def count_events(person_id: int) -> int:
    """How many events a person has, undone ones counted."""
    query = select(func.count()).select_from(RosterEvent).where(RosterEvent.person_id == person_id)
    return db.session.execute(query).scalar_one()


def events_of_deed(key: str) -> list[RosterEvent]:
    """The rows of one deed."""
    query = select(RosterEvent).where(RosterEvent.deed == key).order_by(RosterEvent.id)
    return list(db.session.execute(query).scalars())


def undone(event_ids: Collection[int]) -> set[int]:
    """Which of these events were taken back."""
    query = select(RosterEvent.undoes_id).where(RosterEvent.undoes_id.in_(event_ids))
    return {one for one in db.session.execute(query).scalars() if one is not None}


def happened_since(person_ids: Sequence[int], event_id: int) -> bool:
    """Whether one of these persons has a later event that still stands."""
    query = select(RosterEvent.id).where(
        RosterEvent.person_id.in_(person_ids),
        RosterEvent.id > event_id,
        RosterEvent.kind.not_in(STANDING_STILL),
    )
    later = set(db.session.execute(query).scalars())
    return bool(later - undone(later))


@dataclass(frozen=True)
class Happening:
    """One deed in a household's history. undone: taken back since."""

    deed: str
    kind: str
    on: date
    names: tuple[str, ...]
    came: bool
    note: str
    recorded_as: str
    undone: bool


def history(household_id: int) -> list[Happening]:
    """What happened in a household, newest first, in two queries; openings and the undoing itself are not shown."""
    ours = (RosterEvent.from_household_id == household_id) | (RosterEvent.to_household_id == household_id)
    about = RosterEvent.person_id.in_(
        select(HouseholdMember.person_id).where(HouseholdMember.household_id == household_id)
    )
    query = (
        select(RosterEvent, Person.name)
        .join(Person, Person.id == RosterEvent.person_id)
        .where(
            RosterEvent.kind.not_in((Kind.OPENED, Kind.UNDO)),
            ours | (RosterEvent.kind == Kind.PAPERS) & about,
        )
        .order_by(RosterEvent.happened_on.desc(), RosterEvent.id.desc())
        .limit(100)
    )
    rows = list(db.session.execute(query))
    gone = undone({one.id for one, _name in rows})
    found: dict[str, Happening] = {}
    for one, name in rows:
        before = found.get(one.deed)
        names = (*before.names, name) if before else (name,)
        came = one.to_household_id == household_id
        found[one.deed] = Happening(
            one.deed, one.kind, one.happened_on, names, came, one.note, one.recorded_as, one.id in gone
        )
    return list(found.values())


def person_kept(person_id: int) -> int:
    """The record that a double was merged into, itself for any other: follow it before writing of a person."""
    seen = {person_id}
    while True:
        events = db.session.execute(
            select(RosterEvent.id, RosterEvent.with_person_id).where(
                RosterEvent.person_id == person_id, RosterEvent.kind == Kind.SAME_PERSON
            )
        ).all()
        gone = undone({one.id for one in events})
        kept = next((one.with_person_id for one in events if one.id not in gone), None)
        if kept is None or kept in seen:
            return person_id
        seen.add(kept)
        person_id = kept


@dataclass(frozen=True)
class Double:
    """Two records that may be one person, and what speaks for and against it."""

    one: Person
    other: Person
    one_home: Household
    other_home: Household
    same_phone: bool
    other_sex: bool


def living_in(commune_id: int) -> list[tuple[Person, Household]]:
    """Everybody of a commune today with the household, in one query."""
    query = (
        select(Person, Household)
        .join(HouseholdMember, HouseholdMember.person_id == Person.id)
        .join(Household, Household.id == HouseholdMember.household_id)
        .where(Household.commune_id == commune_id, member_on(clock.today()))
        .order_by(Person.id)
    )
    return [(person, home) for person, home in db.session.execute(query)]


def doubles(actor: Actor) -> list[Double]:
    """Pairs of the unit with one folded name, year of birth and village. Nothing is merged by itself."""
    blocks: dict[tuple[str, int, str], list[tuple[Person, Household]]] = defaultdict(list)
    for person, home in living_in(actor.unit_id or 0):
        key = block(person.name, person.birth_year, home.village)
        if key and (actor.role is not Role.VILLAGE_HEAD or home.village == actor.village):
            blocks[key].append((person, home))
    return [
        Double(
            one, other, home, second_home,
            same_phone=bool(one.phone) and one.phone == other.phone,
            other_sex=bool(one.sex and other.sex) and one.sex != other.sex,
        )
        for rows in blocks.values()
        for place, (one, home) in enumerate(rows)
        for other, second_home in rows[place + 1 :]
    ]  # fmt: skip


def member_named(household_id: int, on: date, name: str, *, besides: int) -> int | None:
    """The one other member of a household whose folded name this is; None for none or several."""
    wanted = " ".join(fold(name).split())
    found = [
        one.person_id
        for one in roster(household_id, on)
        if one.person_id != besides and " ".join(fold(one.name).split()) == wanted
    ]
    return found[0] if len(found) == 1 else None
