"""A sheet that was asked for, the worker's promise to make it, and the serials that stand on it."""

from importlib import import_module

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, Big, Id, Instant, ref
from core.work import Claimable


class LabelSheet(Claimable, Base):
    """Labels of one pack of one lot. Made by the worker; `file` is private and set only once every symbol was read."""

    __tablename__ = "label_sheet"
    __table_args__ = (
        sa.CheckConstraint("quantity BETWEEN 1 AND 1000", name="quantity_1_to_1000"),
        sa.CheckConstraint("state IN ('pending', 'ready', 'failed')", name="state_known"),
        sa.CheckConstraint("(state = 'ready') = (file IS NOT NULL)", name="ready_has_file"),
        sa.CheckConstraint("(voided_at IS NULL) = (void_reason = '')", name="void_has_reason"),
        sa.CheckConstraint("(reprint_of_id IS NULL) = (reprint_reason = '')", name="reprint_has_reason"),
        sa.CheckConstraint("(history IS NULL) = (leaf_count IS NULL)", name="history_has_length"),
    )
    id: Mapped[Id]
    key: Mapped[str] = mapped_column(unique=True, comment="of the request: a double tap makes one sheet")
    lot_id: Mapped[int] = ref("lot.id")
    pack_id: Mapped[int] = ref("pack.id")
    quantity: Mapped[int] = mapped_column(comment="labels")
    layout: Mapped[str] = mapped_column(comment="name of a traceability.labels.rules.Layout")
    with_price: Mapped[bool] = mapped_column(default=False)
    state: Mapped[str] = mapped_column(default="pending")
    file: Mapped[str | None] = mapped_column(comment="private file name of the PDF")
    problem: Mapped[str | None] = mapped_column(comment="message id of what went wrong")
    made_by_id: Mapped[int | None] = ref("person_account.id")
    created_at: Mapped[Instant]
    reprint_of_id: Mapped[int | None] = ref("label_sheet.id", index=False)
    reprint_reason: Mapped[str] = mapped_column(default="", comment="why the same labels were printed again")
    voided_at: Mapped[Instant | None]
    void_reason: Mapped[str] = mapped_column(default="", comment="why these labels count no more")
    voided_by_id: Mapped[int | None] = ref("person_account.id", index=False)
    history: Mapped[str | None] = mapped_column(
        sa.String(64),
        comment="root over the lot's leaves when its serials were made, hex; none where all share a code",
    )
    leaf_count: Mapped[int | None] = mapped_column(comment="leaves of the lot under that root")

    @property
    def serialised(self) -> bool:
        """Whether each label carries a serial of its own."""
        return self.history is not None


class LabelSerial(Base):
    """The serial (AI 21) of one label: it commits to its sheet's history under its own salt, so none can be guessed.

    A label that is printed again gets a serial of its own; the old one is withdrawn here, or with its whole sheet.
    """

    __tablename__ = "label_serial"
    __table_args__ = (
        sa.CheckConstraint("length(serial) = 16 AND length(salt) = 64", name="lengths"),
        sa.CheckConstraint("(voided_at IS NULL) = (void_reason = '')", name="void_has_reason"),
        sa.UniqueConstraint("lot_id", "counter"),
    )
    id: Mapped[Id]
    sheet_id: Mapped[int] = ref("label_sheet.id")
    lot_id: Mapped[int] = ref("lot.id", index=False)
    serial: Mapped[str] = mapped_column(unique=True, comment="16 letters of base 32")
    salt: Mapped[str] = mapped_column(
        sa.String(64), comment="32 random bytes in hex, shown with this serial only"
    )
    counter: Mapped[Big] = mapped_column(comment="which label of the lot, from 0")
    voided_at: Mapped[Instant | None]
    void_reason: Mapped[str] = mapped_column(default="", comment="why this label counts no more")
    voided_by_id: Mapped[int | None] = ref("person_account.id", index=False)


import_module("traceability.labels.cases.models")  # the subpackage's table belongs to the same part
