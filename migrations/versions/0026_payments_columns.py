"""What money that adds up changes in the tables of payments.

Revision ID: 0026
Revises: 0025
"""

import sqlalchemy as sa
from alembic import op

from core.db import UtcDateTime

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def _payment():
    with op.batch_alter_table("payment") as table:
        table.drop_constraint(op.f("ck_payment_method_known"), type_="check")
        table.drop_constraint(op.f("ck_payment_transfer_needs_account"), type_="check")
        table.create_check_constraint(op.f("ck_payment_method_known"), "method IN ('vietqr', 'cod', 'card', 'momo', 'vnpay', 'zalopay')")
        table.create_check_constraint(op.f("ck_payment_transfer_needs_account"), "method <> 'vietqr' OR bank_account_id IS NOT NULL")


def _payment_back():
    with op.batch_alter_table("payment") as table:
        table.drop_constraint(op.f("ck_payment_method_known"), type_="check")
        table.drop_constraint(op.f("ck_payment_transfer_needs_account"), type_="check")
        table.create_check_constraint(op.f("ck_payment_method_known"), "method IN ('vietqr', 'cod')")
        table.create_check_constraint(op.f("ck_payment_transfer_needs_account"), "method = 'cod' OR bank_account_id IS NOT NULL")


def _producer_account():
    with op.batch_alter_table("producer_account") as table:
        table.add_column(sa.Column('hold_until', UtcDateTime(timezone=True), nullable=True, comment='another number took the place of one: nothing is sent there before; NULL for the first'))


def _producer_account_back():
    with op.batch_alter_table("producer_account") as table:
        table.drop_column("hold_until")


def _transfer():
    with op.batch_alter_table("transfer") as table:
        table.drop_constraint(op.f("ck_transfer_state_known"), type_="check")
        table.add_column(sa.Column('undo_count', sa.Integer(), nullable=False, comment="how often a person's decision was taken back", server_default='0'))
        table.create_check_constraint(op.f("ck_transfer_state_known"), "state IN ('matched', 'suspense', 'returned', 'remitted')")
        table.create_check_constraint(op.f("ck_transfer_undo_count_whole"), 'undo_count = CAST(undo_count AS BIGINT)')
        table.create_index(op.f("ix_transfer_bank_account_id_amount_vnd"), ['bank_account_id', 'amount_vnd'], unique=False)
    with op.batch_alter_table("transfer") as table:
        table.alter_column("undo_count", server_default=None)


def _transfer_back():
    with op.batch_alter_table("transfer") as table:
        table.drop_index(op.f("ix_transfer_bank_account_id_amount_vnd"))
        table.drop_constraint(op.f("ck_transfer_state_known"), type_="check")
        table.drop_constraint(op.f("ck_transfer_undo_count_whole"), type_="check")
        table.drop_column("undo_count")
        table.create_check_constraint(op.f("ck_transfer_state_known"), "state IN ('matched', 'suspense', 'returned')")


def _refund():
    with op.batch_alter_table("refund") as table:
        table.drop_constraint(op.f("ck_refund_sent_says_how"), type_="check")
        table.add_column(sa.Column('proof', sa.String(), nullable=True, comment="the bank's slip: private file, re-encoded, without metadata"))
        table.create_check_constraint(op.f("ck_refund_sent_says_how"), "state <> 'sent' OR sent_how IN ('bank', 'cash', 'rail')")


def _refund_back():
    with op.batch_alter_table("refund") as table:
        table.drop_constraint(op.f("ck_refund_sent_says_how"), type_="check")
        table.drop_column("proof")
        table.create_check_constraint(op.f("ck_refund_sent_says_how"), "state <> 'sent' OR sent_how IN ('bank', 'cash')")


def upgrade():
    _payment()
    _producer_account()
    _transfer()
    _refund()


def downgrade():
    _refund_back()
    _transfer_back()
    _producer_account_back()
    _payment_back()
