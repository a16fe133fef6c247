"""Reads of clips."""

from functools import cache
from typing import Any

from sqlalchemy import Select, and_, bindparam, select

from catalog.clips.models import Clip
from catalog.clips.public import MEDIA, ClipView
from catalog.clips.rules import FRAME_HOSTS, ClipKind, Film, address, frame_address
from catalog.models import Photo
from catalog.photos.rules import Shot
from catalog.queries import PICTURE, picture
from catalog.rules import PhotoState
from core.db import run

TYPES = {"mp4": "video/mp4", "webm": "video/webm"}


@cache
def _statement() -> Select[Any]:
    field = and_(
        Photo.product_id == Clip.product_id, Photo.shot == Shot.FIELD, Photo.state == PhotoState.READY
    )
    return (
        select(Clip.kind, Clip.film, Clip.file, Clip.length_ms, *PICTURE)
        .outerjoin(Photo, field)
        .where(Clip.product_id == bindparam("product_id"))
        .order_by(Photo.position, Photo.id)
        .limit(1)
    )


def of_product(product_id: int) -> ClipView | None:
    """The clip of a product with its still picture, None where it has none. One query."""
    row = run(_statement(), {"product_id": product_id}).one_or_none()
    if row is None:
        return None
    still = picture(row)
    if row.file is not None:
        kind, seconds = TYPES[row.file.rpartition(".")[2]], round(row.length_ms / 1000)
        return ClipView(row.kind, MEDIA + row.file, media_type=kind, seconds=seconds, still=still)
    film = Film(ClipKind(row.kind), row.film)
    return ClipView(row.kind, address(film), frame_address(film), FRAME_HOSTS[film.kind], still=still)
