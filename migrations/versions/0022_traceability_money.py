"""What money that adds up adds to traceability.

Revision ID: 0022
Revises: 0021
"""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def _batch():
    with op.batch_alter_table("batch") as table:
        table.add_column(sa.Column('buying', sa.String(), nullable=False, comment='of slips put in, unless the input says otherwise', server_default='consigned'))
        table.add_column(sa.Column('purchase', sa.String(), nullable=False, comment='whether what it bought outright stands in the book', server_default=''))
        table.create_check_constraint(op.f("ck_batch_buying_known"), "buying IN ('consigned', 'outright')")
        table.create_check_constraint(op.f("ck_batch_purchase_known"), "purchase IN ('', 'to_post', 'posted')")
        table.create_index(op.f("ix_batch_purchase"), ['id'], unique=False, sqlite_where=sa.text("purchase = 'to_post'"), postgresql_where=sa.text("purchase = 'to_post'"))
    with op.batch_alter_table("batch") as table:
        table.alter_column("buying", server_default=None)
        table.alter_column("purchase", server_default=None)


def _batch_back():
    with op.batch_alter_table("batch") as table:
        table.drop_index(op.f("ix_batch_purchase"))
        table.drop_constraint(op.f("ck_batch_buying_known"), type_="check")
        table.drop_constraint(op.f("ck_batch_purchase_known"), type_="check")
        table.drop_column("buying")
        table.drop_column("purchase")


def _batch_input():
    with op.batch_alter_table("batch_input") as table:
        table.add_column(sa.Column('buying', sa.String(), nullable=False, comment='of a slip; empty in old rows, which were consigned', server_default=''))
        table.create_check_constraint(op.f("ck_batch_input_buying_known"), "buying IN ('', 'consigned', 'outright')")
        table.create_check_constraint(op.f("ck_batch_input_buying_of_slips"), "slip_id IS NOT NULL OR buying = ''")
    with op.batch_alter_table("batch_input") as table:
        table.alter_column("buying", server_default=None)


def _batch_input_back():
    with op.batch_alter_table("batch_input") as table:
        table.drop_constraint(op.f("ck_batch_input_buying_known"), type_="check")
        table.drop_constraint(op.f("ck_batch_input_buying_of_slips"), type_="check")
        table.drop_column("buying")


def upgrade():
    _batch()
    _batch_input()


def downgrade():
    _batch_input_back()
    _batch_back()
