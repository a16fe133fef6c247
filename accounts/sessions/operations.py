"""Verbs of signed-in machines: begin, see, end one, end the others, end all."""

import secrets

from sqlalchemy import delete, update

from accounts.rules import Actor
from accounts.sessions.models import SignedIn
from accounts.sessions.rules import KEPT_FOR, PLAIN, SEEN_EVERY, STRONG, machine_of, token_hash
from core import audit as chain
from core import clock
from core.db import db
from core.errors import NotFound
from core.i18n import N_


def begin(user_id: int, user_agent: str, *, second_step: bool, instead_of: int | None = None) -> str:
    """Sign a machine in. Returns the token for its cookie. instead_of: the row that this machine had until now."""
    if instead_of is not None:
        db.session.execute(delete(SignedIn).where(SignedIn.id == instead_of, SignedIn.user_id == user_id))
    token = secrets.token_urlsafe(24)
    machine, browser = machine_of(user_agent)
    db.session.add(
        SignedIn(
            user_id=user_id,
            token_hash=token_hash(token),
            machine=machine,
            browser=browser,
            created_at=clock.now(),
            used_at=clock.now(),
            second_step=second_step,
        )
    )
    db.session.flush()
    return token


def seen(session_id: int) -> None:
    """Write down that a machine was used now; two requests at once write it once."""
    now = clock.now()
    db.session.execute(
        update(SignedIn)
        .where(SignedIn.id == session_id, SignedIn.used_at <= now - SEEN_EVERY)
        .values(used_at=now)
    )


def end(actor: Actor, session_id: int) -> None:
    """Sign one of the actor's own machines out: its next tap asks for the password. Raises NotFound for another's."""
    gone = db.session.execute(
        delete(SignedIn).where(SignedIn.id == session_id, SignedIn.user_id == actor.user_id)
    )
    if gone.rowcount != 1:  # type: ignore[attr-defined]
        raise NotFound(N_("Máy này đã đăng xuất rồi."), remedy=N_("Xem lại danh sách máy."))
    _say(actor, "end session", f"session:{session_id}")


def end_others(actor: Actor, this: int) -> int:
    """Sign every other machine of the actor out; how many there were."""
    gone = db.session.execute(delete(SignedIn).where(SignedIn.user_id == actor.user_id, SignedIn.id != this))
    _say(actor, "end sessions", f"user:{actor.user_id}")
    return int(gone.rowcount)  # type: ignore[attr-defined]


def end_all(user_id: int) -> None:
    """Sign a person out everywhere. The verb that calls this writes the audit line."""
    db.session.execute(delete(SignedIn).where(SignedIn.user_id == user_id))


def leave(session_id: int) -> None:
    """This machine signs out."""
    db.session.execute(delete(SignedIn).where(SignedIn.id == session_id))


def forget_over() -> int:
    """Drop the rows of machines whose time is over; how many."""
    now = clock.now()
    over = (
        (SignedIn.used_at <= now - PLAIN.idle)
        | (SignedIn.created_at <= now - KEPT_FOR)
        | (SignedIn.second_step & (SignedIn.used_at <= now - STRONG.idle))
        | (SignedIn.second_step & (SignedIn.created_at <= now - STRONG.longest))
    )
    return db.session.execute(delete(SignedIn).where(over)).rowcount  # type: ignore[attr-defined,no-any-return]


def _say(actor: Actor, verb: str, subject: str) -> None:
    chain.record(
        verb, subject, chain=actor.chain, user_id=actor.user_id, role=actor.role, fields=("session",)
    )
