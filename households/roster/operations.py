"""Verbs of the roster, by the commune's officer and the village head within their unit. Each leaves an audit line.

A deed is named by a random key of its form: sent twice it is done once. Nothing is rewritten: an undone deed stays,
with the line that undid it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import delete

from accounts.operations import audit
from accounts.rules import Actor, Role
from core import clock
from core.db import db
from core.errors import Conflict, Invalid, NotAllowed, NotFound
from core.i18n import N_
from core.text import clean
from households.models import Household, HouseholdMember, Person
from households.operations import PersonFacts, add_person, create_household
from households.queries import household_of_user
from households.roster import queries
from households.roster.models import ParentLink, RosterEvent
from households.roster.queries import KEEPERS
from households.roster.rules import STANDING_STILL, Kind, Span, not_told, span_on
from households.rules import Relation

NOTE_MAX = 200


@dataclass(frozen=True)
class Deed:
    """What is common to the rows of one deed. key: the form's own. on: the day it happened."""

    key: str
    on: date
    note: str = ""


def record_birth(actor: Actor, household_id: int, facts: PersonFacts, deed: Deed,
                 parent_ids: Sequence[int] = ()) -> Person:  # fmt: skip
    """A child is born into a household. parent_ids: those of its parents who live there on that day."""
    home = _home(actor, household_id)
    living = {one.person_id for one in queries.roster(home.id, deed.on)}
    if not set(parent_ids) <= living:
        raise Invalid(N_("Cha mẹ phải là người trong hộ ngày đó."), field="parents")
    born = _newcomer(actor, home, facts, deed, Kind.BIRTH)
    for parent_id in parent_ids:
        link_parent(actor, born.id, parent_id)
    return born


def record_arrival(actor: Actor, household_id: int, facts: PersonFacts, deed: Deed) -> Person:
    """Somebody comes to live in a household from outside the commune's record."""
    return _newcomer(actor, _home(actor, household_id), facts, deed, Kind.ARRIVAL)


def _newcomer(actor: Actor, home: Household, facts: PersonFacts, deed: Deed, kind: Kind) -> Person:
    done = queries.events_of_deed(deed.key)
    if done:
        return db.session.get_one(Person, done[0].person_id)
    _checked_day(deed)
    made = add_person(actor, home.id, facts, from_on=deed.on)
    _add(actor, deed, kind, made.id, None, home.id, facts.relation)
    audit(actor, f"roster {kind}", f"person:{made.id}", ("household", "day"))
    return made


def link_parent(actor: Actor, child_id: int, parent_id: int) -> None:
    """Two recorded persons are child and parent; twice is once. Raises Invalid where it would close a circle."""
    _stay_today(actor, child_id)
    _stay_today(actor, parent_id)
    if child_id == parent_id or child_id in queries.ancestors(parent_id):
        raise Invalid(N_("Một người không thể là tổ tiên của chính mình."), field="parents")
    if parent_id not in queries.parents({child_id}).get(child_id, set()):
        db.session.add(ParentLink(child_id=child_id, parent_id=parent_id, recorded_at=clock.now()))
        db.session.flush()
        audit(actor, "link parent", f"person:{child_id}", ("parent",))


def record_death(actor: Actor, person_id: int, deed: Deed) -> None:
    """A person died: from that day she belongs to no household. What she did stays written."""
    _leave(actor, person_id, deed, Kind.DEATH)


def record_departure(actor: Actor, person_id: int, deed: Deed) -> None:
    """A person left for elsewhere; deed.note says where."""
    _leave(actor, person_id, deed, Kind.DEPARTURE)


def _leave(actor: Actor, person_id: int, deed: Deed, kind: Kind) -> None:
    if not queries.events_of_deed(deed.key):
        here = _stay_before(actor, person_id, deed)
        _add(actor, deed, kind, person_id, here.household_id, None, "")
        _finish(actor, kind, [person_id])


def record_move(
    actor: Actor, person_id: int, to_household_id: int, relation: Relation, deed: Deed,
    *, spouse_id: int | None = None,
) -> None:  # fmt: skip
    """A person goes to another household of the unit; with spouse_id, because she married somebody who lives there.

    A spouse of the same household is a marriage that moves nobody.
    """
    if queries.events_of_deed(deed.key):
        return
    here, there = _stay_before(actor, person_id, deed), _home(actor, to_household_id)
    if here.household_id == there.id and spouse_id is None:
        raise Invalid(N_("Người này đã ở hộ đó."), field="household")
    if spouse_id is not None and spouse_id not in {
        one.person_id for one in queries.roster(there.id, deed.on)
    } - {person_id}:
        raise Invalid(N_("Vợ hoặc chồng phải là người của hộ đó."), field="spouse")
    kind = Kind.MARRIAGE if spouse_id is not None else Kind.MOVE
    _one_head(there.id, relation, deed.on, {person_id})
    _add(actor, deed, kind, person_id, here.household_id, there.id, relation, with_person_id=spouse_id)
    _finish(actor, kind, [person_id])


def record_head(actor: Actor, person_id: int, deed: Deed) -> None:
    """A member becomes head of her household; the one who was stays in it as another member."""
    if queries.events_of_deed(deed.key):
        return
    here = _stay_before(actor, person_id, deed)
    moved = [person_id]
    for one in queries.roster(here.household_id, deed.on):
        if one.relation == Relation.HEAD and one.person_id != person_id:
            _stay_before(actor, one.person_id, deed)
            _add(
                actor,
                deed,
                Kind.RELATION,
                one.person_id,
                here.household_id,
                here.household_id,
                Relation.OTHER,
            )
            moved.append(one.person_id)
    _add(actor, deed, Kind.RELATION, person_id, here.household_id, here.household_id, Relation.HEAD)
    _finish(actor, Kind.RELATION, moved)


def split_household(
    actor: Actor, household_id: int, person_ids: Sequence[int], head_id: int, deed: Deed
) -> Household:
    """Some members set up a household of their own in the same village, one of them its head. Somebody must stay."""
    home = _home(actor, household_id)
    if done := queries.events_of_deed(deed.key):
        return db.session.get_one(Household, done[0].to_household_id or 0)
    here, going = {one.person_id for one in queries.roster(home.id, deed.on)}, set(person_ids)
    if not going or not going < here:
        raise Invalid(N_("Chọn người tách ra, và để lại ít nhất một người."), field="people")
    if head_id not in going:
        raise Invalid(N_("Chủ hộ mới phải là người tách ra."), field="head")
    _checked_day(deed)
    made = create_household(actor, home.commune_id, home.village, address_line=home.address_line)
    for person_id in sorted(going):
        stay = _stay_before(actor, person_id, deed)
        place = Relation.HEAD if person_id == head_id else _kept(stay.relation)
        _add(actor, deed, Kind.SPLIT, person_id, home.id, made.id, place)
    _finish(actor, Kind.SPLIT, sorted(going))
    return made


def merge_households(actor: Actor, into_id: int, from_id: int, deed: Deed) -> None:
    """Everybody of one household goes over to another, whose head stays head. The emptied one keeps its history."""
    into, old = _home(actor, into_id), _home(actor, from_id)
    if queries.events_of_deed(deed.key):
        return
    if into.id == old.id:
        raise Invalid(N_("Chọn hai hộ khác nhau."), field="household")
    going = [one.person_id for one in queries.roster(old.id, deed.on)]
    if not going:
        raise Invalid(N_("Hộ đó không còn ai để nhập."), field="household")
    for person_id in going:
        stay = _stay_before(actor, person_id, deed)
        _add(actor, deed, Kind.MERGE, person_id, old.id, into.id, _kept(stay.relation))
    _finish(actor, Kind.MERGE, going)


def merge_persons(actor: Actor, keep_id: int, double_id: int, deed: Deed) -> None:
    """Two records are one person: the double leaves the roster and points to the one kept. Nothing is deleted.

    Raises Invalid where the double is the one tied to an account, or was merged before.
    """
    if queries.events_of_deed(deed.key):
        return
    _stay_today(actor, keep_id)
    stay = _stay_before(actor, double_id, deed)
    if keep_id == double_id:
        raise Invalid(N_("Chọn hai người khác nhau."), field="person")
    if db.session.get_one(Person, double_id).user_id is not None:
        raise Invalid(N_("Giữ bản ghi có tài khoản, gộp bản kia vào."), field="person")
    _add(actor, deed, Kind.SAME_PERSON, double_id, stay.household_id, None, "", with_person_id=keep_id)
    _finish(actor, Kind.SAME_PERSON, [double_id])


def record_papers(actor: Actor, person_id: int, *, has_papers: bool, deed: Deed) -> None:
    """Whether a person has identity papers: who has none is counted in and helped to get them. No number is asked."""
    if queries.events_of_deed(deed.key):
        return
    _checked_day(deed)
    _stay_today(actor, person_id)
    _add(actor, deed, Kind.PAPERS, person_id, None, None, "", papers="some" if has_papers else "none")
    audit(actor, "roster papers", f"person:{person_id}", ("papers",))


def undo(actor: Actor, deed_key: str, new_key: str) -> None:
    """Take a deed back, whole. Raises Conflict where something happened to one of its persons since."""
    events = [one for one in queries.events_of_deed(deed_key) if one.kind not in (Kind.UNDO, Kind.OPENED)]
    if not events:
        raise NotFound(N_("Không tìm thấy việc này."))
    for one in events:
        for home_id in {one.from_household_id, one.to_household_id} - {None}:
            _home(actor, home_id or 0)
        if one.from_household_id is None and one.to_household_id is None:
            _stay_today(actor, one.person_id)
    undone = queries.undone({one.id for one in events})
    if undone:
        return
    people = [one.person_id for one in events]
    for person_id in people:
        _catch_up(actor, person_id)
    if queries.happened_since(people, max(one.id for one in events)):
        raise Conflict(
            N_("Sau việc này đã có việc khác của cùng người."),
            remedy=N_("Bỏ việc sau trước, rồi bỏ việc này."),
        )
    deed = Deed(new_key, clock.today())
    for one in events:
        _add(actor, deed, Kind.UNDO, one.person_id, None, None, "", undoes_id=one.id)
    _finish(actor, Kind.UNDO, people)


def _kept(relation: str) -> Relation:
    """A head who joins others is another member there."""
    return Relation.OTHER if relation == Relation.HEAD else Relation(relation)


def _one_head(household_id: int, relation: Relation, on: date, besides: set[int]) -> None:
    if relation == Relation.HEAD and any(
        one.relation == Relation.HEAD
        for one in queries.roster(household_id, on)
        if one.person_id not in besides
    ):
        raise Invalid(N_("Hộ đó đã có chủ hộ."), remedy=N_("Chọn quan hệ khác."), field="relation")


def _home(actor: Actor, household_id: int) -> Household:
    """A household of the actor's unit, not her own. Raises NotFound, NotAllowed."""
    actor.must_be(*KEEPERS)
    found = queries.within_reach(actor, household_id)
    own = household_of_user(actor.user_id) if actor.user_id else None
    if actor.role is not Role.SYSTEM and own is not None and own.id == found.id:
        raise NotAllowed(
            N_("Không tự ghi biến động cho hộ mình."), remedy=N_("Nhờ cán bộ khác của xã ghi giúp.")
        )
    return found


def _stay_today(actor: Actor, person_id: int) -> Household:
    """The household, of the actor's unit, that a person belongs to now or last belonged to."""
    last = queries.last_household_id(person_id)
    if last is None:
        raise NotFound(N_("Không tìm thấy người này."))
    return _home(actor, last)


def _stay_before(actor: Actor, person_id: int, deed: Deed) -> Span:
    """Where a person lives when a deed begins; what the record held before its first event is written down first."""
    _checked_day(deed)
    _catch_up(actor, person_id)
    stays = queries.stays(person_id)
    here = span_on(stays, deed.on)
    if here is None or here != stays[-1]:
        raise Invalid(
            N_("Ngày %(day)s người này không ở hộ nào, hoặc sau đó đã có việc khác."),
            remedy=N_("Xem lại ngày."),
            field="on",
            day=f"{deed.on:%d/%m/%Y}",
        )
    _home(actor, here.household_id)
    return here


def _checked_day(deed: Deed) -> None:
    if deed.on > clock.today():
        raise Invalid(N_("Ngày này chưa tới."), remedy=N_("Chọn hôm nay hoặc một ngày trước."), field="on")


def _catch_up(actor: Actor, person_id: int) -> None:
    held = [
        Span(one.household_id, one.relation, one.from_on, one.to_on) for one in queries.memberships(person_id)
    ]
    seen = queries.count_events(person_id)
    for number, one in enumerate(not_told(held, queries.changes(person_id))):
        deed = Deed(f"opening:{person_id}:{seen + number}", one.on)
        _add(actor, deed, Kind.OPENED, person_id, None, one.household_id, one.relation)


def _add(
    actor: Actor, deed: Deed, kind: Kind, person_id: int, from_id: int | None, to_id: int | None, relation: str,
    **more: int | str | None,
) -> None:  # fmt: skip
    db.session.add(
        RosterEvent(
            deed=deed.key, kind=kind, happened_on=deed.on, person_id=person_id, from_household_id=from_id,
            to_household_id=to_id, relation=relation, note=clean(deed.note)[:NOTE_MAX], recorded_at=clock.now(),
            recorded_by_user_id=actor.user_id, recorded_as=actor.role, **more,
        )
    )  # fmt: skip
    db.session.flush()


def _finish(actor: Actor, kind: Kind, person_ids: Sequence[int]) -> None:
    """Write what the events come to into the membership that the rest of the house reads."""
    assert kind not in STANDING_STILL or kind is Kind.UNDO
    for person_id in person_ids:
        db.session.execute(delete(HouseholdMember).where(HouseholdMember.person_id == person_id))
        for one in queries.stays(person_id):
            db.session.add(
                HouseholdMember(
                    household_id=one.household_id, person_id=person_id, relation=one.relation,
                    from_on=one.from_on, to_on=one.to_on,
                )
            )  # fmt: skip
            db.session.flush()
        audit(actor, f"roster {kind}", f"person:{person_id}", ("household", "day"))
