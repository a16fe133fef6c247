"""Reads of recordings: which there are, and what one person hears."""

from dataclasses import dataclass

from flask import g, has_request_context
from flask_login import current_user
from sqlalchemy import select

from accounts.voices.models import Recording
from accounts.voices.reference import Prompt, prompts
from accounts.voices.rules import LANGUAGES
from core.db import db
from core.errors import NotFound
from core.frames import allow_media
from core.i18n import N_


@dataclass(frozen=True)
class Spoken:
    """A prompt as one person gets it. language: what they asked to hear ('' for nothing); sound: an id."""

    text: str
    language: str
    sound: int | None


@dataclass(frozen=True)
class Row:
    """A prompt with its recordings by language code."""

    prompt: Prompt
    recordings: dict[str, int]


def _standing(language: str | None = None) -> dict[tuple[str, str], int]:
    """Ids of the recordings that stand, by prompt and language."""
    wanted = select(Recording.prompt, Recording.language, Recording.id).where(~Recording.replaced)
    if language is not None:
        wanted = wanted.where(Recording.language == language)
    return {(row[0], row[1]): row[2] for row in db.session.execute(wanted.order_by(Recording.id))}


def catalogue() -> list[Row]:
    """Every prompt in order, with the recordings it has. One query."""
    found = _standing()
    return [
        Row(one, {code: found[one.id, code] for code in LANGUAGES if (one.id, code) in found})
        for one in prompts().values()
    ]


def spoken(prompt_id: str) -> Spoken:
    """A prompt for whoever asks for this page; one query a page, and none for those who chose no spoken language.

    Raises KeyError for a prompt that is not in the catalogue.
    """
    prompt = prompts()[prompt_id]
    person = current_user if has_request_context() and current_user.is_authenticated else None
    code = person.spoken_language if person is not None else None
    if code is None:
        return Spoken(prompt.text, "", None)
    if "recordings" not in g:
        g.recordings = _standing(code)
    sound = g.recordings.get((prompt_id, code))
    if sound is not None:
        allow_media()
    return Spoken(prompt.text, LANGUAGES[code], sound)


def file_of(recording_id: int) -> str:
    """The public file of a recording. Raises NotFound."""
    found = db.session.get(Recording, recording_id)
    if found is None:
        raise NotFound(N_("Không có bản ghi này."))
    return found.file
