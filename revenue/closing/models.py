"""A closed month, what it said, and its opening again. What was closed is never changed: a second closing is a new row.

The database holds the lock: a trigger on `entry` refuses a day in a closed month, whoever writes it. `post` holds the
ledger's head while it appends and so does closing, so that no entry slips in between.
"""

from datetime import date

from sqlalchemy import CheckConstraint, Connection, Table, UniqueConstraint, event, text
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, Big, Id, Instant, immutable, ref


@immutable
class MonthClose(Base):
    """One closing of one month of a ledger, with the entry that was its newest then."""

    __tablename__ = "month_close"
    __table_args__ = (
        UniqueConstraint("ledger_id", "month", "turn"),
        CheckConstraint("turn > 0", name="turn_from_one"),
        CheckConstraint("until_on > month", name="ends_after_it_begins"),
    )
    id: Mapped[Id]
    ledger_id: Mapped[int] = ref("ledger.id", index=False)
    month: Mapped[date] = mapped_column(comment="its first day")
    until_on: Mapped[date] = mapped_column(comment="its last day; no entry counts for this or an earlier day")
    turn: Mapped[int] = mapped_column(comment="1, and one more each time it was opened and closed again")
    entry_id: Mapped[int] = ref(
        "entry.id", index=False, comment="the newest entry of the ledger at that moment"
    )
    head_hash: Mapped[str]
    entry_count: Mapped[Big] = mapped_column(comment="entries that count for a day up to its last")
    closed_at: Mapped[Instant]
    by_user_id: Mapped[int | None] = ref("person_account.id", index=False)


@immutable
class MonthFigure(Base):
    """What one kind of account said in a closed month. Verify adds it up again; nothing is paid by this figure."""

    __tablename__ = "month_figure"
    __table_args__ = (UniqueConstraint("close_id", "kind"),)
    id: Mapped[Id]
    close_id: Mapped[int] = ref("month_close.id", index=False)
    kind: Mapped[str]
    moved_vnd: Mapped[Big] = mapped_column(comment="debits less credits of the month")
    balance_vnd: Mapped[Big] = mapped_column(comment="at its end, debit +")


class MonthReopening(Base):
    """One person asks to open a closed month again, another agrees. Until then it stays closed."""

    __tablename__ = "month_reopening"
    __table_args__ = (
        UniqueConstraint("close_id"),
        CheckConstraint("agreed_by_user_id <> asked_by_user_id", name="second_person"),
        CheckConstraint("(agreed_at IS NULL) = (agreed_by_user_id IS NULL)", name="agreed_by_somebody"),
    )
    id: Mapped[Id]
    close_id: Mapped[int] = ref("month_close.id", index=False)
    asked_by_user_id: Mapped[int] = ref("person_account.id", index=False)
    asked_at: Mapped[Instant]
    reason: Mapped[str]
    agreed_by_user_id: Mapped[int | None] = ref("person_account.id", index=False)
    agreed_at: Mapped[Instant | None]


_CLOSED = (
    "SELECT 1 FROM month_close c LEFT JOIN month_reopening r ON r.close_id = c.id "
    'WHERE c.ledger_id = NEW.ledger_id AND NEW."on" <= c.until_on AND r.agreed_at IS NULL'
)


def closed_month_ddl(dialect: str) -> list[str]:
    """The statements by which `entry` refuses a day in a closed month. Migrations call this too."""
    if dialect == "sqlite":
        return [
            f"CREATE TRIGGER entry_month_open BEFORE INSERT ON entry WHEN EXISTS ({_CLOSED}) "
            "BEGIN SELECT RAISE(ABORT, 'the month of this entry is closed'); END"
        ]
    return [
        "CREATE OR REPLACE FUNCTION refuse_closed_month() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN IF EXISTS ({_CLOSED}) THEN RAISE EXCEPTION 'the month of this entry is closed'; END IF; "
        "RETURN NEW; END $$",
        "CREATE TRIGGER entry_month_open BEFORE INSERT ON entry FOR EACH ROW EXECUTE FUNCTION refuse_closed_month()",
    ]


@event.listens_for(MonthReopening.__table__, "after_create")
def _(_target: Table, connection: Connection, **_kw: object) -> None:
    for statement in closed_month_ddl(connection.dialect.name):
        connection.execute(text(statement))
