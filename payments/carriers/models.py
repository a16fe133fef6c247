"""What a carrier's columns mean, the tables it sent, and the claims against it."""

from typing import Any

from sqlalchemy import JSON, CheckConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, Big, Id, Instant, ref


class CarrierLayout(Base):
    """What the headings of a carrier's remittances mean, as a person said or agreed to; used for the next file."""

    __tablename__ = "carrier_layout"
    __table_args__ = (UniqueConstraint("cooperative_id", "carrier"),)
    id: Mapped[Id]
    cooperative_id: Mapped[int] = ref("cooperative.id", index=False)
    carrier: Mapped[str] = mapped_column(comment="as orders name it")
    layout: Mapped[dict[str, Any]] = mapped_column(
        JSON, comment="folded heading: column, '' for one not read"
    )
    changed_at: Mapped[Instant]


class RemittanceFile(Base):
    """One table by which a carrier says which cash it pays over. Its rows are read anew each time it is shown."""

    __tablename__ = "remittance_file"
    __table_args__ = (UniqueConstraint("key"),)
    id: Mapped[Id]
    key: Mapped[str] = mapped_column(comment="of the form: a second tap is the same file")
    cooperative_id: Mapped[int] = ref("cooperative.id")
    carrier: Mapped[str]
    file: Mapped[str] = mapped_column(comment="the file as sent, private")
    file_name: Mapped[str]
    headings: Mapped[list[Any]] = mapped_column(JSON, comment="[text, column] of each column, in order")
    heading_no: Mapped[int] = mapped_column(default=0)
    by_user_id: Mapped[int | None] = ref("person_account.id", index=False)
    sent_at: Mapped[Instant]
    remittance_id: Mapped[int | None] = ref("cod_remittance.id", comment="what was booked of it")


class CarrierClaim(Base):
    """What a carrier lost: a parcel on the road, or cash that it took and does not pay over."""

    __tablename__ = "carrier_claim"
    __table_args__ = (
        UniqueConstraint("order_id"),
        CheckConstraint("kind IN ('parcel', 'money')", name="kind_known"),
        CheckConstraint("claimed_vnd > 0", name="claimed_positive"),
        CheckConstraint("paid_vnd BETWEEN 0 AND claimed_vnd", name="paid_within"),
        CheckConstraint("settled_at IS NOT NULL OR paid_vnd = 0", name="paid_when_settled"),
    )
    id: Mapped[Id]
    order_id: Mapped[int] = ref("sale_order.id", index=False)
    cooperative_id: Mapped[int] = ref("cooperative.id")
    carrier: Mapped[str]
    kind: Mapped[str]
    claimed_vnd: Mapped[Big]
    paid_vnd: Mapped[Big] = mapped_column(default=0)
    reason: Mapped[str]
    opened_at: Mapped[Instant]
    settled_at: Mapped[Instant | None]

    @property
    def lost_vnd(self) -> int:
        """Of cash that a carrier took, what it never brought, đồng: the cooperative's loss once the claim has ended. A
        parcel's goods were never sold, so nothing of it is lost in the book."""
        return self.claimed_vnd - self.paid_vnd if self.kind == "money" and self.settled_at else 0
