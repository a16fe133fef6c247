"""What the shop that sells adds to core.

Revision ID: 0013
Revises: 0012
"""

import sqlalchemy as sa
from alembic import op

from core.db import UtcDateTime

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def _page_version():
    op.create_table('page_version',
    sa.Column('tag', sa.String(), nullable=False),
    sa.Column('version', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('tag', name=op.f('pk_page_version'))
    )


def _spooled_file():
    op.create_table('spooled_file',
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('entry_count', sa.BigInteger(), nullable=False),
    sa.Column('at', UtcDateTime(timezone=True), nullable=False),
    sa.CheckConstraint('entry_count = CAST(entry_count AS BIGINT)', name=op.f('ck_spooled_file_entry_count_whole')),
    sa.PrimaryKeyConstraint('name', name=op.f('pk_spooled_file'))
    )
    op.create_index(op.f('ix_spooled_file_at'), 'spooled_file', ['at'], unique=False)


def upgrade():
    _page_version()
    _spooled_file()


def downgrade():
    op.drop_table("spooled_file")
    op.drop_table("page_version")
