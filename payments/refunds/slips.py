"""The bank's slip of a refund made safe before it is kept: a picture or a PDF, re-encoded, without metadata."""

import io

from werkzeug.datastructures import FileStorage

from catalog.photos import darkroom, heads
from catalog.rules import PHOTO_MAX_BYTES
from core import files
from core.errors import Invalid
from core.i18n import N_

SIDE_MAX_PX = 1_800


def keep_slip(sent: FileStorage | None) -> str | None:
    """Store a slip as a private WebP and give its name; None when none was sent. Of a PDF the first page is kept.

    Call outside any transaction: it takes a few hundred milliseconds. Raises Invalid for what is neither.
    """
    if sent is None or not getattr(sent, "filename", ""):
        return None
    data = sent.stream.read(PHOTO_MAX_BYTES + 1)
    try:
        made = darkroom.make_safely(_first_page(data) if data.lstrip()[:5] == b"%PDF-" else data)
    except heads.NotAPicture as error:
        error.field = "proof"
        raise
    return files.put(made.webp[1280], ".webp")


def _first_page(data: bytes) -> bytes:
    """The first page of a PDF as a PNG, no side above 1,800 px. Raises Invalid for a broken, locked or large one."""
    if len(data) > PHOTO_MAX_BYTES:
        raise Invalid(N_("Tệp lớn quá."), remedy=N_("Gửi ảnh chụp màn hình biên lai."), field="proof")
    import pypdfium2  # loaded when somebody sends a PDF

    try:
        document = pypdfium2.PdfDocument(data)
        try:
            page = document[0]
            scale = SIDE_MAX_PX / max(page.get_width(), page.get_height(), 1)
            picture = page.render(scale=min(scale, 4)).to_pil()
        finally:
            document.close()
    except (pypdfium2.PdfiumError, IndexError, ValueError) as error:
        raise Invalid(
            N_("Tệp PDF này không mở được."), remedy=N_("Gửi ảnh chụp màn hình biên lai."), field="proof"
        ) from error
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()
