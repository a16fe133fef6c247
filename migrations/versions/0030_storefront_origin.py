"""What origin that anyone can check adds to storefront.

Revision ID: 0030
Revises: 0029
"""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def _scan_day():
    op.create_table('scan_day',
    sa.Column('lot_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('serial', sa.String(), nullable=False, comment='empty for all of the lot together'),
    sa.Column('on_day', sa.Date(), nullable=False),
    sa.Column('scan_count', sa.BigInteger(), nullable=False),
    sa.CheckConstraint('scan_count = CAST(scan_count AS BIGINT)', name=op.f('ck_scan_day_scan_count_whole')),
    sa.CheckConstraint('scan_count > 0', name=op.f('ck_scan_day_scans_positive')),
    sa.ForeignKeyConstraint(['lot_id'], ['lot.id'], name=op.f('fk_scan_day_lot_id_lot')),
    sa.PrimaryKeyConstraint('lot_id', 'serial', 'on_day', name=op.f('pk_scan_day'))
    )


def upgrade():
    _scan_day()


def downgrade():
    op.drop_table("scan_day")
