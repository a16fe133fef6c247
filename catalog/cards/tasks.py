"""The worker's duty: a new card whenever what it says has changed."""

import logging

from sqlalchemy import select, update

from catalog.cards.drawing import draw
from catalog.cards.models import CardPicture
from catalog.cards.queries import face_of, old_cards
from catalog.models import Product
from core import clock, files
from core.db import db, transaction
from core.pages import touch
from core.work import Task

log = logging.getLogger(__name__)
AT_ONCE = 20


def draw_card(product_id: int) -> bool:
    """Draw one card outside any transaction, then keep it unless the product changed meanwhile. Twice is harmless.

    A card that cannot be drawn (a photo that no longer opens) is noted as such, so that the sweep goes on.
    """
    found = face_of(product_id)
    db.session.rollback()
    if found is None:
        return False
    face, picture, version = found
    try:
        name = files.put(draw(face, picture), ".jpg", public=True)
    except (OSError, ValueError) as error:
        log.warning("card not drawn", extra={"row": product_id, "error": type(error).__name__})
        name = None
    with transaction():
        return _keep(product_id, version, name)


def _keep(product_id: int, version: int, name: str | None) -> bool:
    changed = db.session.execute(
        update(Product).where(Product.id == product_id, Product.version == version).values(card_file=name)
    )
    if changed.rowcount != 1:  # type: ignore[attr-defined]
        return False
    before = db.session.execute(
        select(CardPicture).where(CardPicture.product_id == product_id)
    ).scalar_one_or_none()
    if before is None:
        before = CardPicture(product_id=product_id)
        db.session.add(before)
    before.version, before.file, before.drawn_at = version, name, clock.now()
    db.session.flush()
    touch(f"product:{product_id}")
    return True


def draw_cards() -> int:
    """The next old cards, at most twenty; how many."""
    ids = old_cards(AT_ONCE)
    db.session.rollback()
    return sum(draw_card(product_id) for product_id in ids)


TASKS = [Task("catalog.cards", 2.0, draw_cards)]
