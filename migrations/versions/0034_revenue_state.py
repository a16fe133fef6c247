"""What labels, papers, recalls and dated standards add to revenue.

Revision ID: 0034
Revises: 0033
"""

import sqlalchemy as sa
from alembic import op

from migrations.tools import keep_immutable

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None


def _posting():
    with op.batch_alter_table("posting") as table:
        table.drop_index(op.f("ix_posting_producer_id_entry_id"))
        table.create_index(op.f("ix_posting_producer_id_entry_id_component_amount_vnd"), ['producer_id', 'entry_id', 'component', 'amount_vnd'], unique=False, sqlite_where=sa.text('producer_id IS NOT NULL'), postgresql_where=sa.text('producer_id IS NOT NULL'))
    keep_immutable("posting")


def _posting_back():
    with op.batch_alter_table("posting") as table:
        table.drop_index(op.f("ix_posting_producer_id_entry_id_component_amount_vnd"))
        table.create_index(op.f("ix_posting_producer_id_entry_id"), ['producer_id', 'entry_id'], unique=False)
    keep_immutable("posting")


def upgrade():
    _posting()


def downgrade():
    _posting_back()
