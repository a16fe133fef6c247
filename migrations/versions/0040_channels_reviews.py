"""What the procedure, figures, needs, rosters and feeds add to channels.

Revision ID: 0040
Revises: 0039
"""

import sqlalchemy as sa
from alembic import op

from core.db import UtcDateTime

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None


def _feed_fetch():
    op.create_table('feed_fetch',
    sa.Column('feed', sa.String(), nullable=False),
    sa.Column('scope_id', sa.BigInteger(), autoincrement=False, nullable=False, comment="a cooperative's id; 0: the whole market's feed"),
    sa.Column('family', sa.String(), nullable=False),
    sa.Column('fetch_count', sa.BigInteger(), nullable=False),
    sa.Column('last_at', UtcDateTime(timezone=True), nullable=False),
    sa.CheckConstraint("family IN ('google', 'meta', 'tiktok', 'bing', 'browser', 'other')", name=op.f('ck_feed_fetch_family_known')),
    sa.CheckConstraint("feed IN ('google', 'meta', 'tiktok', 'schema')", name=op.f('ck_feed_fetch_feed_known')),
    sa.CheckConstraint('fetch_count = CAST(fetch_count AS BIGINT)', name=op.f('ck_feed_fetch_fetch_count_whole')),
    sa.CheckConstraint('fetch_count > 0', name=op.f('ck_feed_fetch_fetches_positive')),
    sa.CheckConstraint('scope_id >= 0', name=op.f('ck_feed_fetch_scope_not_negative')),
    sa.PrimaryKeyConstraint('feed', 'scope_id', 'family', name=op.f('pk_feed_fetch'))
    )


def _share_caption():
    op.create_table('share_caption',
    sa.Column('product_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('body', sa.String(), nullable=False, comment='without price and link: those are added when it is read'),
    sa.Column('written_at', UtcDateTime(timezone=True), nullable=False),
    sa.Column('written_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.ForeignKeyConstraint(['product_id'], ['product.id'], name=op.f('fk_share_caption_product_id_product')),
    sa.ForeignKeyConstraint(['written_by_id'], ['person_account.id'], name=op.f('fk_share_caption_written_by_id_person_account')),
    sa.PrimaryKeyConstraint('product_id', name=op.f('pk_share_caption'))
    )


def upgrade():
    _feed_fetch()
    _share_caption()


def downgrade():
    op.drop_table("share_caption")
    op.drop_table("feed_fetch")
