"""Reads of signed-in machines: whose cookie it is, and where a person is signed in."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from accounts.models import User
from accounts.rules import Actor
from accounts.sessions.models import SignedIn
from accounts.sessions.rules import BROWSERS, MACHINES, SEEN_EVERY, alive, roughly, token_hash
from core import clock
from core.db import db


@dataclass(frozen=True)
class Seat:
    """The machine that this request comes from."""

    id: int
    second_step: bool
    used_at: datetime

    def stale(self) -> bool:
        """Whether its last use is to be written down anew."""
        return clock.now() - self.used_at >= SEEN_EVERY


@dataclass(frozen=True)
class Machine:
    """A line of the page. `machine`, `since`, `used`: message ids; the days are their `count`."""

    id: int
    machine: str
    browser: str
    since: str
    since_days: int
    used: str
    used_days: int
    second_step: bool
    this: bool


def person_of(token: str) -> User | None:
    """The active person of a cookie, with `seat` set; None once that machine was signed out or its time is over."""
    found = db.session.execute(
        select(User, SignedIn.id, SignedIn.second_step, SignedIn.used_at, SignedIn.created_at)
        .join(SignedIn, SignedIn.user_id == User.id)
        .where(SignedIn.token_hash == token_hash(token), User.active)
    ).one_or_none()
    if found is None:
        return None
    person: User = found[0]
    if not alive(found.created_at, found.used_at, found.second_step, clock.now()):
        return None
    person.token, person.seat = token, Seat(found.id, found.second_step, found.used_at)
    return person


def machines(actor: Actor, this: int) -> list[Machine]:
    """Where the actor is signed in now, the newest used first, this machine (its id) before all."""
    rows = db.session.execute(
        select(SignedIn)
        .where(SignedIn.user_id == actor.user_id)
        .order_by(SignedIn.used_at.desc(), SignedIn.id.desc())
    ).scalars()
    now, today = clock.now(), clock.today()
    found = []
    for row in rows:
        if not alive(row.created_at, row.used_at, row.second_step, now):
            continue
        since, used = ((today - clock.day_of(at)).days for at in (row.created_at, row.used_at))
        found.append(
            Machine(
                row.id,
                MACHINES[row.machine],
                BROWSERS[row.browser],
                roughly(since),
                since,
                roughly(used),
                used,
                row.second_step,
                row.id == this,
            )
        )
    return sorted(found, key=lambda one: not one.this)
