"""People and grants for tests."""

from contextlib import nullcontext
from itertools import count

from flask import has_app_context
from flask.testing import FlaskClient

from accounts.models import User
from accounts.operations import create_user as make_user
from accounts.operations import grant
from accounts.queries import actor_of, needs_totp
from accounts.rules import SYSTEM, Actor, Role
from accounts.sessions.operations import begin
from core.db import transaction

_numbers = count(1)


def phone() -> str:
    """A number that no other test person has."""
    return f"+8490{next(_numbers):07}"


def create_user(
    name: str = "Lý Thị Mẫu", number: str | None = None, password_hash: str | None = None
) -> User:
    """A person who can sign in."""
    with transaction():
        return make_user(number or phone(), name, password_hash)


def actor_for(
    role: Role, organisation_id: int | None = None, unit_id: int | None = None, village: str | None = None
) -> Actor:
    """A new person wearing a role."""
    with transaction():
        person = make_user(phone(), f"Người {role}")
        given = grant(SYSTEM, person.id, role, organisation_id, unit_id, village)
        return actor_of(person, given)


def sign_in(client: FlaskClient, who: User | Actor | int, *, totp: bool = True) -> None:
    """Sign a person in by writing the session, with the second step made where one of her roles asks for it."""
    user_id, grant_id = (
        (who.user_id, who.grant_id) if isinstance(who, Actor) else (getattr(who, "id", who), None)
    )
    held = nullcontext() if has_app_context() else client.application.app_context()
    with held, transaction():  # a test's own session would not see what another one wrote meanwhile
        token = begin(user_id, "", second_step=totp and needs_totp(user_id))
    with client.session_transaction() as session:
        session["_user_id"], session["_fresh"] = token, True
        if grant_id is not None:
            session["grant"] = grant_id
