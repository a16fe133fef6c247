"""Verbs of voices: choose what to hear, keep a recording."""

from sqlalchemy import update

from accounts.models import User
from accounts.operations import audit
from accounts.rules import Actor, Role
from accounts.voices.models import Recording
from accounts.voices.reference import prompts
from accounts.voices.rules import check_language
from core import clock
from core.db import db
from core.errors import NotAllowed, NotFound
from core.i18n import N_

RECORDERS = (Role.ADMINISTRATOR, Role.DIGITAL_TEAM)


def choose_language(actor: Actor, code: str | None) -> None:
    """What this person wants to hear beside each step; None for nothing but the text. Nothing else follows from it."""
    if actor.user_id is None:
        raise NotAllowed(N_("Chưa đăng nhập."), remedy=N_("Đăng nhập rồi làm lại."))
    db.session.get_one(User, actor.user_id).spoken_language = check_language(code)
    db.session.flush()
    audit(actor, "choose spoken language", f"user:{actor.user_id}", ("spoken_language",))


def keep_recording(actor: Actor, prompt_id: str, language: str, file: str) -> Recording:
    """Take in a recording of a prompt; it replaces the one before. The same file again changes nothing.

    file: a public file whose bytes `rules.check_recording` accepted.
    """
    actor.must_be(*RECORDERS)
    if prompt_id not in prompts() or not check_language(language) or actor.user_id is None:
        raise NotFound(N_("Không có lời nhắc này."))
    mine = (Recording.prompt == prompt_id, Recording.language == language, ~Recording.replaced)
    same = db.session.query(Recording).filter(*mine, Recording.file == file).first()
    if same is not None:
        return same
    db.session.execute(update(Recording).where(*mine).values(replaced=True))
    made = Recording(prompt=prompt_id, language=language, file=file, by_user_id=actor.user_id, at=clock.now())
    db.session.add(made)
    db.session.flush()
    audit(actor, "keep recording", f"prompt_recording:{made.id}", (language,))
    return made
