"""What lies in a gift box."""

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped

from core.db import Base, Id, ref


class BundlePart(Base):
    """So many packs of one kind in each box. The box is a pack of its own product, marked `bundle`."""

    __tablename__ = "bundle_part"
    __table_args__ = (
        UniqueConstraint("bundle_pack_id", "pack_id"),
        CheckConstraint("quantity BETWEEN 1 AND 40", name="quantity_in_bounds"),
        CheckConstraint("pack_id <> bundle_pack_id", name="not_itself"),
    )
    id: Mapped[Id]
    bundle_pack_id: Mapped[int] = ref("pack.id", index=False, comment="the box")
    pack_id: Mapped[int] = ref("pack.id", comment="what lies in it; never a box")
    quantity: Mapped[int]
