"""Reads of clips."""

from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, select

from catalog.clips.models import Clip
from catalog.clips.public import MEDIA, ClipView
from catalog.clips.rules import FRAME_HOSTS, ClipKind, Film, address, frame_address
from core.db import run

TYPES = {"mp4": "video/mp4", "webm": "video/webm"}


@cache
def _statement() -> Select[Any]:
    return select(Clip.kind, Clip.film, Clip.file, Clip.length_ms).where(
        Clip.product_id == bindparam("product_id")
    )


def of_product(product_id: int) -> ClipView | None:
    """The clip of a product, None where it has none. One query."""
    row = run(_statement(), {"product_id": product_id}).one_or_none()
    if row is None:
        return None
    if row.file is not None:
        suffix = row.file.rpartition(".")[2]
        return ClipView(
            row.kind, MEDIA + row.file, media_type=TYPES[suffix], seconds=round(row.length_ms / 1000)
        )
    film = Film(ClipKind(row.kind), row.film)
    return ClipView(row.kind, address(film), frame_address(film), FRAME_HOSTS[film.kind])
