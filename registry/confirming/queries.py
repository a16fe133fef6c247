"""Reads of a household's PIN and of marks."""

import base64

from sqlalchemy import select

from core.crypto import decrypt
from core.db import db
from registry.confirming.models import HouseholdPin, WitnessedMark
from registry.models import Review

WITNESS, PHOTO = "witnessed_mark.witness", "witnessed_mark.photo"


def pin_of(household_id: int) -> HouseholdPin | None:
    """The PIN that a household set, as it is kept."""
    query = select(HouseholdPin).where(HouseholdPin.household_id == household_id)
    return db.session.execute(query).scalar_one_or_none()


def mark_of(review: Review) -> WitnessedMark | None:
    """The mark by which a declaration was confirmed."""
    query = select(WitnessedMark).where(WitnessedMark.review_id == review.id)
    return db.session.execute(query).scalar_one_or_none()


def witness_of(review: Review) -> str:
    """Who stood by; '' where no mark was made."""
    mark = mark_of(review)
    return decrypt(mark.witness, field=WITNESS, owner=f"review:{review.key}") if mark else ""


def photo_of(review: Review) -> bytes | None:
    """The photo of the signed sheet, WebP; None where there is none."""
    mark = mark_of(review)
    if mark is None or mark.photo is None:
        return None
    return base64.b64decode(decrypt(mark.photo, field=PHOTO, owner=f"review:{review.key}"))
