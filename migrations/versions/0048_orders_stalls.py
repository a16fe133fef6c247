"""What stalls, marketplaces, kept walks, lists of sign-ins and the work in the village add to orders.

Revision ID: 0048
Revises: 0047
"""

import sqlalchemy as sa
from alembic import op

from core.db import UtcDateTime

revision = "0048"
down_revision = "0047"
branch_labels = None
depends_on = None


def _kept_code():
    op.create_table('kept_code',
    sa.Column('code', sa.String(), nullable=False),
    sa.Column('holder', sa.String(), nullable=False, comment='who may use it: stall:12'),
    sa.Column('kept_at', UtcDateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('code', name=op.f('pk_kept_code'))
    )
    op.create_index(op.f('ix_kept_code_holder'), 'kept_code', ['holder'], unique=False)


def upgrade():
    _kept_code()


def downgrade():
    op.drop_table("kept_code")
