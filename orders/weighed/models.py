"""What was agreed of a line that is weighed at packing, and what the scale said. Grams and whole đồng."""

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, Big, Id, Instant, immutable, ref


class WeighedLine(Base):
    """The price per kilogram and the band of that day; from packing on, grams, price, and what is not owed any more.

    The line's own total stays what was prepaid: the top of the band.
    """

    __tablename__ = "weighed_line"
    __table_args__ = (
        CheckConstraint("price_per_kg_vnd > 0", name="price_positive"),
        CheckConstraint("piece_min_g BETWEEN 1 AND piece_max_g", name="band_has_width"),
        CheckConstraint("(packed_g IS NULL) = (packed_vnd IS NULL)", name="priced_when_weighed"),
        CheckConstraint("packed_g IS NULL OR packed_g > 0", name="something_was_weighed"),
        CheckConstraint("back_vnd >= 0 AND subsidy_back_vnd >= 0", name="difference_not_negative"),
    )
    id: Mapped[Id]
    order_line_id: Mapped[int] = ref("order_line.id", unique=True, index=False)
    price_per_kg_vnd: Mapped[Big]
    piece_min_g: Mapped[Big]
    piece_max_g: Mapped[Big] = mapped_column(comment="what is held of stock, and prepaid, for each piece")
    piece_word: Mapped[str]
    packed_g: Mapped[Big | None] = mapped_column(comment="all pieces together, as weighed")
    packed_vnd: Mapped[Big | None] = mapped_column(comment="price per kilogram × grams, rounded down")
    back_vnd: Mapped[Big] = mapped_column(default=0, comment="the buyer owes so much less than was agreed")
    subsidy_back_vnd: Mapped[Big] = mapped_column(default=0, comment="and a programme so much less")
    light_reason: Mapped[str] = mapped_column(
        default="", comment="why a piece is lighter than the band; the buyer reads it"
    )
    weighed_at: Mapped[Instant | None]


@immutable
class WeighedPiece(Base):
    """One piece on the scale, never changed afterwards."""

    __tablename__ = "weighed_piece"
    __table_args__ = (
        UniqueConstraint("weighed_line_id", "number"),
        CheckConstraint("weight_g > 0", name="weight_positive"),
    )
    id: Mapped[Id]
    weighed_line_id: Mapped[int] = ref("weighed_line.id", index=False)
    lot_id: Mapped[int] = ref("lot.id")
    number: Mapped[int] = mapped_column(comment="1, 2, 3 … within the line")
    weight_g: Mapped[Big]
