"""A clip as anybody may see it."""

from dataclasses import dataclass

from catalog.public import PictureView

MEDIA = "/media/"


@dataclass(frozen=True, slots=True)
class ClipView:
    """A clip as the component `clip` shows it.

    kind: youtube, tiktok or file. href: the film's own page, or our file. frame: what a frame loads once the reader
    asks, frame_host: where that is, for the page's policy; both empty for a file. media_type: of a file. still: the
    product's photo of the field, where it has one.
    """

    kind: str
    href: str
    frame: str = ""
    frame_host: str = ""
    media_type: str = ""
    seconds: int = 0
    still: PictureView | None = None

    @property
    def provider(self) -> str:
        """How the place is called; empty for a file of ours."""
        return {"youtube": "YouTube", "tiktok": "TikTok"}.get(self.kind, "")
