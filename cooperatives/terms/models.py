"""Tables of settlement terms besides their head: clauses, and the draft that is being written."""

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from cooperatives.terms.rules import ClauseKind, Per
from core.db import Base, Big, Id, Instant, immutable, ref


@immutable
class TermsClause(Base):
    """One clause of settlement terms, in the order written."""

    __tablename__ = "terms_clause"
    __table_args__ = (
        UniqueConstraint("terms_id", "number"),
        CheckConstraint(f"kind IN ({', '.join(repr(str(one)) for one in ClauseKind)})", name="kind_known"),
        CheckConstraint(f"per IN ({', '.join(repr(str(one)) for one in Per)})", name="per_known"),
        CheckConstraint("(per = 'rate') = (rate_bp > 0)", name="rate_or_amount"),
        CheckConstraint("(per = 'rate') = (amount_vnd = 0)", name="amount_or_rate"),
        CheckConstraint("rate_bp BETWEEN 0 AND 10000 AND amount_vnd >= 0", name="in_range"),
    )
    id: Mapped[Id]
    terms_id: Mapped[int] = ref("settlement_terms.id", index=False)
    number: Mapped[int] = mapped_column(comment="the entry's postings name it: fee:2")
    kind: Mapped[str]
    per: Mapped[str]
    rate_bp: Mapped[int] = mapped_column(default=0, comment="of the price of the goods")
    amount_vnd: Mapped[Big] = mapped_column(default=0, comment="a kilogram sold, or an hour worked")
    name: Mapped[str] = mapped_column(default="")


class TermsDraft(Base):
    """The terms that a manager is writing: at most one a cooperative. Publishing makes terms of it and removes it."""

    __tablename__ = "terms_draft"
    id: Mapped[Id]
    cooperative_id: Mapped[int] = ref("cooperative.id", unique=True, index=False)
    body: Mapped[str] = mapped_column(comment="JSON of cooperatives.rules.Terms")
    saved_at: Mapped[Instant]
    saved_by_user_id: Mapped[int | None] = ref("person_account.id")
