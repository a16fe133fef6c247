"""A buyer's photo made safe before it is kept: re-encoded, upright, without position or any other metadata."""

from werkzeug.datastructures import FileStorage

from catalog.photos import darkroom, heads
from catalog.rules import PHOTO_MAX_BYTES
from core import files


def keep_photo(sent: FileStorage | None) -> str | None:
    """Store a photo as a private WebP, 1280 px wide at most, and give its name; None when none was sent.

    Call outside any transaction: it takes a few hundred milliseconds. Raises catalog's NotAPicture (Invalid).
    """
    if sent is None or not getattr(sent, "filename", ""):
        return None
    try:
        made = darkroom.make_safely(sent.stream.read(PHOTO_MAX_BYTES + 1))
    except heads.NotAPicture as error:
        error.field = "photo"
        raise
    return files.put(made.webp[1280], ".webp")
