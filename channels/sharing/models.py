"""What a manager wrote to be shared with a product."""

from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, Instant, ref


class ShareCaption(Base):
    """A product's words for chats and posts; without a row the beginning of its story stands in."""

    __tablename__ = "share_caption"
    product_id: Mapped[int] = ref("product.id", primary_key=True, index=False)
    body: Mapped[str] = mapped_column(comment="without price and link: those are added when it is read")
    written_at: Mapped[Instant]
    written_by_id: Mapped[int | None] = ref("person_account.id", index=False)
