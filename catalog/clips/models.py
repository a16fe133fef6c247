"""The clip of a product."""

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, Big, Id, Instant, ref


class Clip(Base):
    """What a product's page shows of the field: a film at YouTube or TikTok, or a file of ours. One a product."""

    __tablename__ = "clip"
    __table_args__ = (
        CheckConstraint("kind IN ('youtube', 'tiktok', 'file')", name="kind_known"),
        CheckConstraint("(kind = 'file') = (file IS NOT NULL)", name="a_file_has_its_file"),
        CheckConstraint("(kind = 'file') = (film IS NULL)", name="a_link_has_its_film"),
        CheckConstraint("length_ms IS NULL OR length_ms BETWEEN 1 AND 31000", name="length_short"),
    )
    id: Mapped[Id]
    product_id: Mapped[int] = ref("product.id", unique=True, index=False)
    kind: Mapped[str]
    film: Mapped[str | None] = mapped_column(
        comment="the provider's own number of the film, 'user/number' at TikTok"
    )
    file: Mapped[str | None] = mapped_column(comment="public file, its position blanked out")
    length_ms: Mapped[Big | None] = mapped_column(comment="as the file's head says")
    added_at: Mapped[Instant]

    def page_tags(self) -> tuple[str, ...]:
        """Public pages that show it."""
        return (f"product:{self.product_id}",)
