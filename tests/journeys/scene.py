"""The people and goods a journey begins with, made through the same verbs that pages call."""

from dataclasses import dataclass, field
from functools import cache
from typing import Any

import pyotp

from accounts.operations import grant, start_totp, totp_fits
from accounts.passwords import hash_password
from accounts.rules import SYSTEM, TOTP_REQUIRED, Actor, Role, show_phone
from cooperatives.models import BankAccount
from cooperatives.operations import set_webhook_key
from core import clock
from core.db import db, transaction
from tests.factories.accounts import create_user
from tests.factories.cooperatives import create_cooperative, create_producer

PASSWORD = "nắng hanh phơi miến 26"
BANK_FEED_KEY = "a-key-of-the-bank-feed-0123456789"


@dataclass
class SignIn:
    """What somebody types to come in."""

    user_id: int
    phone: str
    e164: str
    password: str = PASSWORD
    totp_secret: str = ""


@dataclass
class Stall:
    """A cooperative with its people, as numbers, because rows do not outlive their session."""

    id: int
    organisation_id: int
    name: str
    commune_id: int
    account_id: int
    account_number: str
    manager: SignIn
    producers: dict[str, int] = field(default_factory=dict)
    members: dict[str, SignIn] = field(default_factory=dict)


@cache
def _hash() -> str:
    return hash_password(PASSWORD)


def person(
    name: str,
    role: Role | None = None,
    organisation_id: int | None = None,
    unit_id: int | None = None,
    village: str | None = None,
) -> SignIn:
    """Somebody who can sign in, wearing a role. Officers have an authenticator that was set up a minute ago."""
    made = create_user(name, password_hash=_hash())
    user_id, number = made.id, made.phone
    if role is not None:
        with transaction():
            grant(SYSTEM, user_id, role, organisation_id, unit_id, village)
    secret = _authenticator(user_id) if role in TOTP_REQUIRED else ""
    return SignIn(user_id, show_phone(number), number, totp_secret=secret)


def _authenticator(user_id: int) -> str:
    with transaction():
        secret = start_totp(user_id)
    earlier = int(clock.now().timestamp()) - 30
    with transaction():
        assert totp_fits(user_id, pyotp.TOTP(secret).at(earlier))
    return secret


def stall(name: str, members: tuple[str, ...] = ()) -> Stall:
    """An approved cooperative with a manager, the bank's feed, and members who have accounts."""
    coop = create_cooperative(name)
    coop_id, organisation_id, commune_id = coop.id, coop.organisation_id, coop.commune_id
    account = db.session.query(BankAccount).filter_by(cooperative_id=coop_id).one()
    account_id, number = account.id, account.account_number
    manager = person("Nông Thị Hoan", Role.MANAGER, organisation_id)
    with transaction():
        set_webhook_key(Actor(manager.user_id, Role.MANAGER, organisation_id), account_id, BANK_FEED_KEY)
    made = Stall(coop_id, organisation_id, name, commune_id, account_id, number, manager)
    for one in members:
        who = person(one)
        made.members[one] = who
        made.producers[one] = create_producer(coop, one, phone=who.e164, user_id=who.user_id).id
    return made


def row(model: type, row_id: int) -> Any:
    """A row of the open scene."""
    return db.session.get_one(model, row_id)
