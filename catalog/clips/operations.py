"""Verbs of clips: link one, upload one, take it away."""

from typing import Any

from sqlalchemy import delete, select

from accounts.operations import audit
from accounts.rules import Actor
from catalog.clips import boxes, ebml
from catalog.clips.models import Clip
from catalog.clips.rules import FILE_BYTES_MAX, ClipKind, check_length, parse_link
from catalog.operations import own_product
from core import clock, files
from core.db import db
from core.errors import Invalid
from core.i18n import N_
from core.pages import touch


def keep_file(data: bytes) -> tuple[str, int]:
    """Store an uploaded film without its position, dates and names: its public name and length in milliseconds.

    Call outside any transaction. Raises Invalid at field "file" for anything but a short MP4 or WebM.
    """
    if len(data) > FILE_BYTES_MAX:
        raise Invalid(
            N_("Đoạn phim nặng quá 20 MB."),
            remedy=N_("Quay ở cỡ 720p, hoặc đưa lên YouTube, TikTok rồi dán đường dẫn."), field="file",
        )  # fmt: skip
    if data[4:8] == b"ftyp":
        suffix, (bare, length_ms) = ".mp4", boxes.bare(data)
    elif data[:4] == b"\x1a\x45\xdf\xa3":
        suffix, (bare, length_ms) = ".webm", ebml.bare(data)
    else:
        raise Invalid(N_("Tệp này không phải phim MP4 hay WebM."), remedy=N_("Chọn phim quay bằng điện thoại."),
                      field="file")  # fmt: skip
    return files.put(bare, suffix, public=True), max(1, check_length(length_ms))


def set_link(actor: Actor, product_id: int, typed: str) -> Clip:
    """Show a film from YouTube or TikTok with a product; the one before goes. The same link again changes nothing."""
    film = parse_link(typed)
    return _set(actor, product_id, kind=film.kind, film=film.number, file=None, length_ms=None)


def set_file(actor: Actor, product_id: int, file: str, length_ms: int) -> Clip:
    """Show a film of one's own with a product; the one before goes. file, length_ms: from `keep_file`."""
    return _set(actor, product_id, kind=ClipKind.FILE, film=None, file=file, length_ms=length_ms)


def _set(actor: Actor, product_id: int, **values: Any) -> Clip:
    product = own_product(actor, product_id)
    clip = db.session.execute(select(Clip).where(Clip.product_id == product.id)).scalar_one_or_none()
    if clip is None:
        clip = Clip(product_id=product.id, added_at=clock.now(), **values)
        db.session.add(clip)
    for name, value in values.items():
        setattr(clip, name, value)
    db.session.flush()
    audit(actor, "set clip", f"product:{product.id}", fields=("kind",))
    return clip


def remove(actor: Actor, product_id: int) -> None:
    """Show no film any more. Twice is harmless."""
    product = own_product(actor, product_id)
    db.session.execute(delete(Clip).where(Clip.product_id == product.id))
    audit(actor, "remove clip", f"product:{product.id}")
    touch(f"product:{product.id}")
