"""The worker's duties: finish photos, and those of the subpackages."""

import logging

from sqlalchemy import select

from catalog.cards.tasks import TASKS as CARDS
from catalog.certificates.tasks import TASKS as PAPERS
from catalog.models import Photo
from catalog.moderation.tasks import TASKS as MODERATION
from catalog.photos import operations as photos
from catalog.photos.darkroom import make_safely, stamp_safely
from catalog.photos.heads import NotAPicture
from catalog.questions.tasks import TASKS as QUESTIONS
from catalog.rules import PhotoState
from catalog.search.tasks import TASKS as SEARCH
from catalog.sheets.tasks import TASKS as SHEETS
from core import files
from core.db import db, transaction
from core.work import Task, sweep

log = logging.getLogger(__name__)


def finish_photo(photo_id: int) -> None:
    """Make one picture's public files in the darkroom, outside any transaction, then settle its row. Safe to run
    twice: files are named by content, and only the row's owner settles it."""
    original = db.session.execute(select(Photo.original).where(Photo.id == photo_id)).scalar_one()
    db.session.rollback()
    if original is None:
        raise ValueError(f"photo {photo_id} has nothing to work on")
    try:
        columns = photos.store(make_safely(files.read(original)))
    except NotAPicture as error:
        with transaction():
            photos.fail(photo_id, error.message)
        return
    with transaction():
        photos.finish(photo_id, columns)


def finish_photos() -> int:
    """Finish the photos that wait."""
    return sweep(Photo, finish_photo, most=10)


def stamp_old_photos(most: int = 20) -> int:
    """Make the stamps of photos that were finished before there were any; how many were looked at."""
    wanted = select(Photo.id, Photo.file_jpeg).where(
        Photo.state == PhotoState.READY, Photo.file_160.is_(None), Photo.file_jpeg.is_not(None)
    )
    rows = db.session.execute(wanted.order_by(Photo.id).limit(most)).all()
    db.session.rollback()
    for photo_id, served in rows:
        try:
            name = files.put(stamp_safely(files.read(served)), ".webp", public=True)
        except (NotAPicture, FileNotFoundError) as error:
            log.warning("no stamp for a photo", extra={"photo": photo_id, "why": type(error).__name__})
            name = ""
        with transaction():
            photos.add_stamp(photo_id, name)
    return len(rows)


TASKS = [
    Task("photos", 1.0, finish_photos),
    Task("stamps", 600.0, stamp_old_photos),
    *SHEETS,
    *SEARCH,
    *CARDS,
    *PAPERS,
    *MODERATION,
    *QUESTIONS,
]
