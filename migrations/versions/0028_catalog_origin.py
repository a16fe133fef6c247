"""What origin that anyone can check adds to catalog.

Revision ID: 0028
Revises: 0027
"""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def _certificate():
    with op.batch_alter_table("certificate") as table:
        table.add_column(sa.Column('revision', sa.BigInteger(), nullable=False, comment='raised by every lawful change; the log seals each', server_default='1'))
    with op.batch_alter_table("certificate") as table:
        table.alter_column("revision", server_default=None)


def _certificate_back():
    with op.batch_alter_table("certificate") as table:
        table.drop_column("revision")


def upgrade():
    _certificate()


def downgrade():
    _certificate_back()
