"""Reads of people and grants."""

from sqlalchemy import or_, select

from accounts.models import Grant, Invitation, Organisation, User
from accounts.rules import TOTP_REQUIRED, Actor, Role
from core import clock
from core.db import db
from core.errors import NotFound
from core.i18n import N_


def user_by_session(session_key: str) -> User | None:
    """The active person between password and second step, None once the password changed."""
    return db.session.execute(
        select(User).where(User.session_key == session_key, User.active)
    ).scalar_one_or_none()


def user_by_phone(phone: str) -> User | None:
    """The person with this E.164 number."""
    return db.session.execute(select(User).where(User.phone == phone)).scalar_one_or_none()


def user(user_id: int) -> User:
    """A person by id. Raises NoResultFound."""
    return db.session.get_one(User, user_id)


def grants(user_id: int) -> list[Grant]:
    """The roles a person has today, the first granted first."""
    day = clock.today()
    return list(
        db.session.execute(
            select(Grant)
            .where(
                Grant.user_id == user_id, Grant.from_on <= day, or_(Grant.to_on.is_(None), Grant.to_on >= day)
            )
            .order_by(Grant.id)
        ).scalars()
    )


def staff_of(organisation_id: int) -> list[tuple[Grant, User]]:
    """Who acts for an organisation today."""
    day = clock.today()
    rows = db.session.execute(
        select(Grant, User)
        .join(User, User.id == Grant.user_id)
        .where(Grant.organisation_id == organisation_id, or_(Grant.to_on.is_(None), Grant.to_on >= day))
        .order_by(Grant.role, User.name)
    )
    return [(grant, person) for grant, person in rows]


def actor_of(person: User, grant: Grant | None) -> Actor:
    """The person wearing a grant, or plain buyer without one."""
    if grant is None:
        return Actor(user_id=person.id, role=Role.BUYER, name=person.name)
    return Actor(
        user_id=person.id,
        role=Role(grant.role),
        organisation_id=grant.organisation_id,
        unit_id=grant.unit_id,
        village=grant.village,
        grant_id=grant.id,
        name=person.name,
    )


def worn_actor(person: User) -> Actor:
    """The signed-in person in the role chosen for this session: the chosen grant, else the first, else buyer.

    A role that demands a second step is worn only in a session that made it.
    """
    from flask import session

    mine = grants(person.id)
    chosen = next((grant for grant in mine if grant.id == session.get("grant")), None)
    if chosen is None and session.get("grant") != 0:
        chosen = mine[0] if mine else None
    if chosen is not None and Role(chosen.role) in TOTP_REQUIRED and not made_second_step(person):
        chosen = None
    return actor_of(person, chosen)


def made_second_step(person: User) -> bool:
    """Whether the second step was made on the machine that this request comes from."""
    return person.seat is not None and person.seat.second_step


def needs_totp(user_id: int) -> bool:
    """Whether any of a person's roles demands the second step."""
    return any(Role(grant.role) in TOTP_REQUIRED for grant in grants(user_id))


def organisation(organisation_id: int) -> Organisation:
    """An organisation by id."""
    return db.session.get_one(Organisation, organisation_id)


def open_invitation(token_hash: str) -> Invitation | None:
    """An invitation that can still be accepted."""
    return db.session.execute(
        select(Invitation).where(
            Invitation.token_hash == token_hash,
            Invitation.accepted_at.is_(None),
            Invitation.expires_at > clock.now(),
        )
    ).scalar_one_or_none()


def office(kind: str, unit_id: int | None) -> Organisation | None:
    """The organisation of a kind that serves a place, or the one of that kind without a place."""
    where = Organisation.unit_id.is_(None) if unit_id is None else Organisation.unit_id == unit_id
    return db.session.execute(
        select(Organisation).where(Organisation.kind == kind, where).order_by(Organisation.id).limit(1)
    ).scalar_one_or_none()


def officer(grant_id: int) -> User:
    """Who holds a grant. Raises NotFound."""
    found = db.session.execute(
        select(User).join(Grant, Grant.user_id == User.id).where(Grant.id == grant_id)
    ).scalar_one_or_none()
    if found is None:
        raise NotFound(N_("Không tìm thấy người này trong tổ chức."))
    return found


def officers() -> list[tuple[Grant, User]]:
    """Everybody who holds an office today, by role and name."""
    day = clock.today()
    rows = db.session.execute(
        select(Grant, User)
        .join(User, User.id == Grant.user_id)
        .join(Organisation, Organisation.id == Grant.organisation_id)
        .where(
            Organisation.kind.in_(("commune_office", "province_office", "project", "platform")),
            Grant.from_on <= day,
            or_(Grant.to_on.is_(None), Grant.to_on >= day),
        )
        .order_by(Grant.role, User.name)
    )
    return [(grant, person) for grant, person in rows]
