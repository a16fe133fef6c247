"""Tables: a round that was published, and its rows. Written once, never changed: two releases of one round would tell
by their difference what each of them hides.
"""

from sqlalchemy import CheckConstraint, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, Id, Instant, immutable, ref


@immutable
class FigureRelease(Base):
    """One round's public figures."""

    __tablename__ = "figure_release"
    __table_args__ = (
        CheckConstraint("year BETWEEN 2000 AND 2200", name="year_plausible"),
        CheckConstraint("basis IN ('declared', 'recognised')", name="basis_known"),
    )
    id: Mapped[Id]
    year: Mapped[int] = mapped_column(unique=True, comment="the round; published once")
    standard_id: Mapped[str]
    is_demo: Mapped[bool] = mapped_column(comment="scored with invented points: said wherever shown")
    basis: Mapped[str] = mapped_column(default="declared", comment="whose classes: declared, or recognised")
    indicators: Mapped[str] = mapped_column(comment="codes of that standard, in order, by spaces")
    hash: Mapped[str] = mapped_column(comment="SHA-256 of the rows as canonical JSON")
    published_at: Mapped[Instant]
    published_by_user_id: Mapped[int] = ref("person_account.id")

    def page_tags(self) -> tuple[str, ...]:
        """The public pages of figures."""
        return ("figures",)


@immutable
class FigureRow(Base):
    """One place in one table of a release. counts: a JSON list in the order of the table's cells, '' where hidden."""

    __tablename__ = "figure_row"
    __table_args__ = (
        UniqueConstraint("release_id", "sheet", "province_code", "commune_code"),
        CheckConstraint("(counts = '') = (households IS NULL)", name="hidden_whole"),
    )
    id: Mapped[Id]
    release_id: Mapped[int] = ref("figure_release.id")
    sheet: Mapped[str] = mapped_column(comment="the table's name in the fixed list")
    province_code: Mapped[str] = mapped_column(default="", comment="'' for the country")
    commune_code: Mapped[str] = mapped_column(default="", comment="'' for a province or the country")
    name: Mapped[str] = mapped_column(default="", comment="of the place, as of the release")
    households: Mapped[int | None]
    counts: Mapped[str] = mapped_column(Text, default="")
