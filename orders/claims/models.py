"""Which purchases belong to which account."""

from sqlalchemy.orm import Mapped

from core.db import Base, Instant, immutable, ref


@immutable
class PurchaseClaim(Base):
    """A purchase that an account's owner proved to be hers, by a code sent to the phone it was made with."""

    __tablename__ = "purchase_claim"
    purchase_id: Mapped[int] = ref("purchase.id", primary_key=True, index=False)
    user_id: Mapped[int] = ref("person_account.id")
    at: Mapped[Instant]
