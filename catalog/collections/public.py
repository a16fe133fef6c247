"""A collection as anybody sees it."""

from dataclasses import dataclass
from datetime import date

from core.i18n import language


@dataclass(frozen=True, slots=True)
class CollectionView:
    """Title and introduction in both languages, its drawing, and until when it stands."""

    id: int
    slug: str
    name: str
    name_en: str
    text: str
    text_en: str
    illustration: str
    rule: str
    category_id: int | None
    from_on: date
    to_on: date | None

    @property
    def title(self) -> str:
        """Its title in the reader's language."""
        return self.name_en if language() == "en" else self.name

    @property
    def intro(self) -> str:
        """Its introduction in the reader's language."""
        return self.text_en if language() == "en" else self.text

    @property
    def href(self) -> str:
        """Its page, in the reader's language."""
        return (
            f"/collections/{self.slug}" if language() == "vi" else f"/collections/{self.slug}?hl={language()}"
        )
