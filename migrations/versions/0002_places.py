"""The tables of places.

Revision ID: 0002
Revises: 0001
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = '0001'
branch_labels = None
depends_on = None


def _shipping_rate():
    op.create_table('shipping_rate',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('zone', sa.String(), nullable=False),
    sa.Column('up_to_g', sa.BigInteger(), nullable=False),
    sa.Column('price_vnd', sa.BigInteger(), nullable=False),
    sa.Column('days_min', sa.Integer(), nullable=False),
    sa.Column('days_max', sa.Integer(), nullable=False),
    sa.Column('valid_from', sa.Date(), nullable=False),
    sa.Column('valid_to', sa.Date(), nullable=True),
    sa.Column('source', sa.String(), nullable=False, comment="'illustrative' until a carrier's list is entered"),
    sa.CheckConstraint("zone IN ('same_province', 'same_region', 'far')", name=op.f('ck_shipping_rate_zone_known')),
    sa.CheckConstraint('0 < days_min AND days_min <= days_max', name=op.f('ck_shipping_rate_days_in_order')),
    sa.CheckConstraint('price_vnd = CAST(price_vnd AS BIGINT)', name=op.f('ck_shipping_rate_price_vnd_whole')),
    sa.CheckConstraint('price_vnd >= 0 AND up_to_g > 0', name=op.f('ck_shipping_rate_amounts_positive')),
    sa.CheckConstraint('up_to_g = CAST(up_to_g AS BIGINT)', name=op.f('ck_shipping_rate_up_to_g_whole')),
    sa.CheckConstraint('valid_to IS NULL OR valid_to > valid_from', name=op.f('ck_shipping_rate_ends_after_it_begins')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_shipping_rate')),
    sa.UniqueConstraint('zone', 'up_to_g', 'valid_from', name=op.f('uq_shipping_rate_zone_up_to_g_valid_from'))
    )


def _unit():
    op.create_table('unit',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('code', sa.String(), nullable=False, comment='statistics office code, unique per level and stretch of time'),
    sa.Column('level', sa.String(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False, comment='Xã, Phường, Thị trấn, Đặc khu, Huyện, Quận, Thị xã, Thành phố, Tỉnh'),
    sa.Column('name', sa.String(), nullable=False, comment='without its kind'),
    sa.Column('folded', sa.String(), nullable=False, comment='rules.name_key(name)'),
    sa.Column('parent_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('region', sa.String(), nullable=True, comment='one of six, provinces only; for shipping zones'),
    sa.Column('urban', sa.Boolean(), nullable=True, comment='sources disagree on some communes; never derived elsewhere'),
    sa.Column('urban_source', sa.String(), nullable=False),
    sa.Column('urban_from', sa.Date(), nullable=True),
    sa.Column('valid_from', sa.Date(), nullable=False, comment='first day on which our source shows it'),
    sa.Column('valid_to', sa.Date(), nullable=True, comment='first day on which it no longer exists'),
    sa.Column('source', sa.String(), nullable=False, comment='package or list, version and date'),
    sa.CheckConstraint("(level = 'province') = (parent_id IS NULL)", name=op.f('ck_unit_parent_unless_province')),
    sa.CheckConstraint("level IN ('province', 'district', 'commune')", name=op.f('ck_unit_level_known')),
    sa.CheckConstraint("urban IS NULL OR urban_source <> ''", name=op.f('ck_unit_urban_has_source')),
    sa.CheckConstraint('valid_to IS NULL OR valid_to > valid_from', name=op.f('ck_unit_ends_after_it_begins')),
    sa.ForeignKeyConstraint(['parent_id'], ['unit.id'], name=op.f('fk_unit_parent_id_unit')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_unit')),
    sa.UniqueConstraint('level', 'code', 'valid_from', name=op.f('uq_unit_level_code_valid_from'))
    )
    op.create_index('ix_unit_folded_level', 'unit', ['folded', 'level'], unique=False)
    op.create_index(op.f('ix_unit_parent_id'), 'unit', ['parent_id'], unique=False)


def _unit_change():
    op.create_table('unit_change',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('old_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('new_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('changed_on', sa.Date(), nullable=False),
    sa.Column('share_note', sa.String(), nullable=False, comment="'' whole; 'part' of a split; 'most' its larger part"),
    sa.ForeignKeyConstraint(['new_id'], ['unit.id'], name=op.f('fk_unit_change_new_id_unit')),
    sa.ForeignKeyConstraint(['old_id'], ['unit.id'], name=op.f('fk_unit_change_old_id_unit')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_unit_change')),
    sa.UniqueConstraint('old_id', 'new_id', 'changed_on', name=op.f('uq_unit_change_old_id_new_id_changed_on'))
    )
    op.create_index(op.f('ix_unit_change_new_id'), 'unit_change', ['new_id'], unique=False)
    op.create_index(op.f('ix_unit_change_old_id'), 'unit_change', ['old_id'], unique=False)


def upgrade():
    _shipping_rate()
    _unit()
    _unit_change()


def downgrade():
    op.drop_table("unit_change")
    op.drop_table("unit")
    op.drop_table("shipping_rate")
