"""What origin that anyone can check adds to cooperatives.

Revision ID: 0027
Revises: 0026
"""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def _cooperative():
    with op.batch_alter_table("cooperative") as table:
        table.add_column(sa.Column('gs1_prefix_declared', sa.String(), server_default='', nullable=False, comment='as it wrote on its application; counts for nothing until registered'))
    with op.batch_alter_table("cooperative") as table:
        table.alter_column("gs1_prefix_declared", server_default=None)


def _cooperative_back():
    with op.batch_alter_table("cooperative") as table:
        table.drop_column("gs1_prefix_declared")


def upgrade():
    _cooperative()


def downgrade():
    _cooperative_back()
