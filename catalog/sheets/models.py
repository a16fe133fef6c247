"""Tables that came in, their rows, what headings mean to a cooperative, and the codes it gives its packs."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from catalog.sheets.rules import Outcome, State
from core.db import Base, Id, Instant, ref
from core.work import Claimable


def _one_of(column: str, values: type) -> CheckConstraint:
    listed = ", ".join(f"'{value}'" for value in values)  # type: ignore[attr-defined]
    return CheckConstraint(f"{column} IN ({listed})", name=f"{column}_known")


class SheetImport(Claimable, Base):
    """A table that a manager sent. The worker reads, checks and applies it; in between it waits for the manager."""

    __tablename__ = "sheet_import"
    __table_args__ = (
        _one_of("state", State),
        CheckConstraint(
            "state NOT IN ('applying', 'done') OR accepted_at IS NOT NULL", name="applied_was_accepted"
        ),
    )
    id: Mapped[Id]
    key: Mapped[str] = mapped_column(unique=True, comment="of the form: sent twice is one import")
    cooperative_id: Mapped[int] = ref("cooperative.id")
    by_user_id: Mapped[int | None] = ref("person_account.id", index=False)
    state: Mapped[str] = mapped_column(default=State.READING)
    file_name: Mapped[str]
    sheet_file: Mapped[str] = mapped_column(comment="private file as sent")
    photos_file: Mapped[str | None] = mapped_column(comment="private ZIP of pictures")
    sheet_name: Mapped[str] = mapped_column(default="", comment="which sheet of the workbook")
    heading_no: Mapped[int] = mapped_column(default=0, comment="the row of the headings")
    found: Mapped[dict[str, Any]] = mapped_column(
        sa.JSON, default=dict, comment="headings, samples, guesses, other sheets, notes"
    )
    columns: Mapped[list[Any]] = mapped_column(
        sa.JSON, default=list, comment="[key, unit] of each column, as chosen"
    )
    error: Mapped[dict[str, Any] | None] = mapped_column(
        sa.JSON, comment="why it was refused: text, remedy, params"
    )
    row_count: Mapped[int] = mapped_column(default=0)
    done_count: Mapped[int] = mapped_column(default=0, comment="rows taken so far")
    sent_at: Mapped[Instant]
    accepted_at: Mapped[Instant | None]
    ended_at: Mapped[Instant | None]


class SheetRow(Base):
    """One row of a table, as it came and as it was understood. Kept 30 days after the import ended."""

    __tablename__ = "sheet_row"
    __table_args__ = (UniqueConstraint("import_id", "row_no"), _one_of("outcome", Outcome))
    id: Mapped[Id]
    import_id: Mapped[int] = ref("sheet_import.id", ondelete="CASCADE", index=False)
    row_no: Mapped[int] = mapped_column(comment="as the spreadsheet numbers it")
    cells: Mapped[list[Any]] = mapped_column(sa.JSON)
    said: Mapped[dict[str, Any]] = mapped_column(
        sa.JSON, default=dict, comment="what was understood, by field"
    )
    faults: Mapped[list[Any]] = mapped_column(sa.JSON, default=list)
    doubts: Mapped[list[Any]] = mapped_column(sa.JSON, default=list)
    changes: Mapped[list[Any]] = mapped_column(sa.JSON, default=list, comment="[field, before, after]")
    outcome: Mapped[str] = mapped_column(default=Outcome.SAME)
    group_no: Mapped[int | None] = mapped_column(comment="the row that begins the same new product")
    product_id: Mapped[int | None] = ref("product.id")
    pack_id: Mapped[int | None] = ref("pack.id", index=False)


class SheetHeading(Base):
    """What a heading means in one cooperative's tables, as its manager chose the last time."""

    __tablename__ = "sheet_heading"
    __table_args__ = (UniqueConstraint("cooperative_id", "heading"),)
    id: Mapped[Id]
    cooperative_id: Mapped[int] = ref("cooperative.id", index=False)
    heading: Mapped[str] = mapped_column(comment="rules.heading_key")
    column_key: Mapped[str] = mapped_column(comment="of rules.COLUMNS, or empty: not read")


class SheetCode(Base):
    """The cooperative's own code for a pack, so that the next table finds it."""

    __tablename__ = "sheet_code"
    pack_id: Mapped[int] = ref("pack.id", primary_key=True, index=False)
    cooperative_id: Mapped[int] = ref("cooperative.id")
    code: Mapped[str]
