"""What doors of sale, fairness, papers, looking after and the work without a line add to orders.

Revision ID: 0043
Revises: 0042
"""

import sqlalchemy as sa
from alembic import op

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None


def _purchase():
    with op.batch_alter_table("purchase") as table:
        table.add_column(sa.Column('door', sa.String(), nullable=False, comment='through which door it came', server_default='web'))
        table.create_check_constraint(op.f("ck_purchase_door_known"), "door IN ('web', 'chat', 'live', 'stall', 'saleor', 'marketplace')")
    with op.batch_alter_table("purchase") as table:
        table.alter_column("door", server_default=None)


def _purchase_back():
    with op.batch_alter_table("purchase") as table:
        table.drop_constraint(op.f("ck_purchase_door_known"), type_="check")
        table.drop_column("door")


def upgrade():
    _purchase()


def downgrade():
    _purchase_back()
