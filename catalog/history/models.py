"""The table of changes."""

import sqlalchemy as sa
from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from catalog.history.rules import Deed
from core.db import Base, BigId, Id, Instant, immutable, ref

_DEEDS = ", ".join(f"'{deed}'" for deed in Deed)


@immutable
class ProductChange(Base):
    """One change of one product. `before` and `after` hold the changed fields alone, as JSON."""

    __tablename__ = "product_change"
    __table_args__ = (
        CheckConstraint(f"deed IN ({_DEEDS})", name="deed_known"),
        UniqueConstraint("undoes_id"),
        sa.Index("ix_product_change_of", "product_id", "id"),
    )
    id: Mapped[Id]
    product_id: Mapped[int] = ref("product.id", index=False)
    pack_id: Mapped[int | None] = ref("pack.id", index=False)
    photo_id: Mapped[int | None] = mapped_column(BigId, comment="a photo that may be gone since")
    deed: Mapped[str]
    before: Mapped[str] = mapped_column(comment="JSON object of the changed fields")
    after: Mapped[str] = mapped_column(comment="JSON object of the changed fields")
    at: Mapped[Instant]
    by_user_id: Mapped[int | None] = ref("person_account.id", index=False)
    owner_user_id: Mapped[int | None] = ref(
        "person_account.id", index=False, comment="the manager for whom a helper wrote; NULL: for oneself"
    )
    undoes_id: Mapped[int | None] = ref("product_change.id", index=False)
