"""Who may not judge whom: what the record knows of kin, what officers declare, and work for a cooperative."""

from collections.abc import Collection

from sqlalchemy import or_, select

from accounts.models import Grant, User
from accounts.rules import Actor, Role
from cooperatives.models import Cooperative, Producer
from core import clock
from core.db import db
from core.errors import NotAllowed
from core.i18n import N_
from households.models import HouseholdMember, ParentLink, Person, RosterEvent
from households.queries import member_on
from registry.fairness.models import KinDeclared

WORKS_FOR = (Role.MANAGER, Role.TREASURER, Role.DIGITAL_TEAM)
STEPS = 2  # of parent and child: parents, children, brothers and sisters, grandparents, grandchildren
Pairs = set[tuple[int, int]]


def kin_of(user_ids: Collection[int]) -> dict[int, set[int]]:
    """Account → households that the data ties it to by kin. As many queries whatever the number of accounts.

    Kin: whoever ever lived in one household with the officer, her relatives within two steps of parent and child,
    whoever she married, each with every household they ever belonged to; households on her own phone number today;
    and those she declared herself.
    """
    found: dict[int, set[int]] = {user_id: set() for user_id in user_ids}
    selves = {
        row.id: row.user_id
        for row in db.session.execute(
            select(Person.id, Person.user_id).where(Person.user_id.in_(user_ids))
        ).all()
    }
    pairs: Pairs = {(person_id, person_id) for person_id in selves}  # (officer's person, kin)
    pairs |= _lived_with(pairs) | _married(pairs) | _related(pairs)
    homes = _homes({kin for _me, kin in pairs})
    for me, kin in pairs:
        found[selves[me]] |= homes.get(kin, set())
    for user_id, household_id in _by_phone(user_ids) | _declared(user_ids):
        found[user_id].add(household_id)
    return found


def _follow(pairs: Pairs, links: Collection[tuple[int, int]]) -> Pairs:
    """The pairs whose second moves along a link."""
    ways: dict[int, set[int]] = {}
    for before, after in links:
        ways.setdefault(before, set()).add(after)
    return {(me, after) for me, kin in pairs for after in ways.get(kin, ())}


def _homes(person_ids: set[int]) -> dict[int, set[int]]:
    query = select(HouseholdMember.person_id, HouseholdMember.household_id)
    found: dict[int, set[int]] = {}
    for person_id, household_id in db.session.execute(query.where(HouseholdMember.person_id.in_(person_ids))):
        found.setdefault(person_id, set()).add(household_id)
    return found


def _lived_with(pairs: Pairs) -> Pairs:
    ours = _homes({kin for _me, kin in pairs})
    homes = {home for some in ours.values() for home in some}
    query = select(HouseholdMember.household_id, HouseholdMember.person_id)
    inside: dict[int, set[int]] = {}
    for household_id, person_id in db.session.execute(query.where(HouseholdMember.household_id.in_(homes))):
        inside.setdefault(household_id, set()).add(person_id)
    return {(me, other) for me, kin in pairs for home in ours.get(kin, ()) for other in inside[home]}


def _married(pairs: Pairs) -> Pairs:
    people = {kin for _me, kin in pairs}
    query = select(RosterEvent.person_id, RosterEvent.with_person_id).where(
        RosterEvent.kind == "marriage",
        RosterEvent.with_person_id.is_not(None),
        or_(RosterEvent.person_id.in_(people), RosterEvent.with_person_id.in_(people)),
    )
    rows = [(row.person_id, row.with_person_id) for row in db.session.execute(query)]
    return _follow(pairs, [*rows, *((after, before) for before, after in rows)])


def _related(pairs: Pairs) -> Pairs:
    """Along parent and child, up and down, two steps: no cousins, no uncles."""
    found, edge = set[tuple[int, int]](), pairs
    for _step in range(STEPS):
        people = {kin for _me, kin in edge}
        query = select(ParentLink.child_id, ParentLink.parent_id).where(
            or_(ParentLink.child_id.in_(people), ParentLink.parent_id.in_(people))
        )
        rows = [(row.child_id, row.parent_id) for row in db.session.execute(query)]
        edge = _follow(edge, [*rows, *((parent, child) for child, parent in rows)])
        found |= edge
    return found


def _by_phone(user_ids: Collection[int]) -> Pairs:
    query = (
        select(User.id, HouseholdMember.household_id)
        .join(Person, Person.phone == User.phone)
        .join(HouseholdMember, HouseholdMember.person_id == Person.id)
        .where(User.id.in_(user_ids), member_on(clock.today()))
    )
    return {(row[0], row[1]) for row in db.session.execute(query)}


def _declared(user_ids: Collection[int]) -> Pairs:
    query = select(KinDeclared.user_id, KinDeclared.household_id).where(KinDeclared.user_id.in_(user_ids))
    return {(row[0], row[1]) for row in db.session.execute(query)}


def is_kin(user_id: int, household_id: int) -> bool:
    """Whether the data, or the officer's own word, ties her to a family."""
    return household_id in kin_of([user_id])[user_id]


def supplying(user_id: int) -> set[int]:
    """Households of whom somebody supplies a cooperative that an officer works for."""
    served = select(Grant.organisation_id).where(
        Grant.user_id == user_id,
        Grant.role.in_(WORKS_FOR),
        or_(Grant.to_on.is_(None), Grant.to_on >= clock.today()),
    )
    producers = (
        select(Producer.household_id, Producer.person_id)
        .join(Cooperative, Cooperative.id == Producer.cooperative_id)
        .where(Cooperative.organisation_id.in_(served))
    )
    rows = db.session.execute(producers).all()
    homes = _homes({row.person_id for row in rows if row.person_id is not None})
    found = {home for some in homes.values() for home in some}
    return found | {row.household_id for row in rows if row.household_id is not None}


def works_with(user_id: int, household_id: int) -> bool:
    """Whether an officer works for a cooperative that somebody of the household supplies."""
    return household_id in supplying(user_id)


def tied_homes(user_id: int) -> set[int]:
    """Every household that an officer may not judge: kin, or work."""
    return kin_of([user_id])[user_id] | supplying(user_id)


def tied(user_id: int, household_id: int) -> bool:
    """Whether somebody may not judge a household: kin, or work."""
    return household_id in tied_homes(user_id)


def must_be_free(actor: Actor, household_id: int) -> None:
    """Refuse whoever is tied to a family, with the reason. Raises NotAllowed, also without a person."""
    if actor.user_id is None:
        raise NotAllowed(N_("Việc này cần một người đứng tên."))
    if is_kin(actor.user_id, household_id):
        raise NotAllowed(
            N_("Hộ này là người nhà của bạn, nên bạn không xét."),
            remedy=N_("Nhờ cán bộ khác của xã làm bước này."),
        )
    if works_with(actor.user_id, household_id):
        raise NotAllowed(
            N_("Bạn làm cho hợp tác xã mà hộ này bán hàng, nên bạn không xét."),
            remedy=N_("Nhờ cán bộ khác của xã làm bước này."),
        )
