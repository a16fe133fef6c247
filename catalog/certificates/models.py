"""What a paper covers, every validity that was ever written down for it, and who saw the original."""

from datetime import date

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from catalog.certificates.rules import TermEvent
from core.db import Base, Big, Id, Instant, immutable, ref


class CertificateProduct(Base):
    """A product that a paper names, where it names several. A paper without any speaks of all goods, or of the one in
    its own row."""

    __tablename__ = "certificate_product"
    certificate_id: Mapped[int] = ref("certificate.id", index=False, primary_key=True)
    product_id: Mapped[int] = ref("product.id", primary_key=True)

    def page_tags(self) -> tuple[str, ...]:
        """The public pages that show the paper."""
        return ("goods", f"product:{self.product_id}")


@immutable
class CertificateTerm(Base):
    """A paper as it was written down at an instant. The paper's own row says what is true now; these never change."""

    __tablename__ = "certificate_term"
    __table_args__ = (
        CheckConstraint(f"event IN ({', '.join(repr(one.value) for one in TermEvent)})", name="event_known"),
        CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name="ends_after_start"),
        UniqueConstraint("certificate_id", "revision"),
    )
    id: Mapped[Id]
    certificate_id: Mapped[int] = ref("certificate.id", index=False)
    revision: Mapped[Big] = mapped_column(comment="of the paper's row, which the log seals")
    event: Mapped[str]
    issuer: Mapped[str]
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    scan: Mapped[str | None] = mapped_column(comment="private file of that day; kept")
    covers: Mapped[str] = mapped_column(default="", comment="goods, lots:3,4 … and the words of the paper")
    note: Mapped[str] = mapped_column(default="")
    at: Mapped[Instant]
    by_user_id: Mapped[int | None] = ref("person_account.id", index=False)


@immutable
class CertificateSighting(Base):
    """That a person held the original of a paper in her hands on a day, and that it says what is written here."""

    __tablename__ = "certificate_sighting"
    __table_args__ = (Index(None, "certificate_id", "revision"),)
    id: Mapped[Id]
    certificate_id: Mapped[int] = ref("certificate.id", index=False)
    revision: Mapped[Big] = mapped_column(comment="of the paper's row that was compared with the original")
    seen_on: Mapped[date]
    at: Mapped[Instant]
    by_user_id: Mapped[int | None] = ref("person_account.id", index=False)
