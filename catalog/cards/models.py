"""What was drawn for each product, so that a sweep knows what is old."""

from sqlalchemy.orm import Mapped

from core.db import Base, Instant, ref


class CardPicture(Base):
    """The card of a product as of one version. file: public, named by its content; None where drawing failed."""

    __tablename__ = "card_picture"
    product_id: Mapped[int] = ref("product.id", primary_key=True, index=False)
    version: Mapped[int]
    file: Mapped[str | None]
    drawn_at: Mapped[Instant]
