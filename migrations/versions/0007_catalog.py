"""The tables of catalog.

Revision ID: 0007
Revises: 0006
"""

import sqlalchemy as sa
from alembic import op

from core.db import UtcDateTime
from migrations.tools import create_search, drop_search, make_immutable

revision = "0007"
down_revision = '0006'
branch_labels = None
depends_on = None


def _category():
    op.create_table('category',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('slug', sa.String(), nullable=False),
    sa.Column('name', sa.String(), nullable=False, comment='Vietnamese'),
    sa.Column('name_en', sa.String(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('illustration', sa.String(), nullable=False, comment='static/img/products/<name>.svg'),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.CheckConstraint("kind IN ('food', 'health_food', 'room_scent', 'cosmetic', 'craft')", name=op.f('ck_category_kind_known')),
    sa.CheckConstraint('position = CAST(position AS BIGINT)', name=op.f('ck_category_position_whole')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_category')),
    sa.UniqueConstraint('slug', name=op.f('uq_category_slug'))
    )


def _product():
    op.create_table('product',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('key', sa.String(), nullable=False, comment='made by the phone: a double tap is one product'),
    sa.Column('cooperative_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('slug', sa.String(), nullable=False, comment='follows the name until first published, then stays'),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('name_folded', sa.String(), nullable=False),
    sa.Column('category_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('story', sa.String(), nullable=False),
    sa.Column('ingredients', sa.String(), nullable=False),
    sa.Column('usage', sa.String(), nullable=False),
    sa.Column('storage', sa.String(), nullable=False),
    sa.Column('warning', sa.String(), nullable=False),
    sa.Column('notification_number', sa.String(), nullable=False, comment='of a cosmetic product'),
    sa.Column('shelf_life_days', sa.Integer(), nullable=True),
    sa.Column('origin_commune_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('review_note', sa.String(), nullable=False, comment='why it is held or was sent back'),
    sa.Column('ocop_stars', sa.Integer(), nullable=True),
    sa.Column('rating_sum', sa.Integer(), nullable=False, comment='pushed down by orders'),
    sa.Column('rating_count', sa.Integer(), nullable=False, comment='pushed down by orders'),
    sa.Column('created_at', UtcDateTime(timezone=True), nullable=False),
    sa.Column('published_at', UtcDateTime(timezone=True), nullable=True),
    sa.Column('publish_requested_at', UtcDateTime(timezone=True), nullable=True, comment='asked to go on sale while its photo was still in work; the worker publishes it'),
    sa.Column('version', sa.Integer(), nullable=False, comment='raised by each change that readers see'),
    sa.CheckConstraint("state <> 'published' OR published_at IS NOT NULL", name=op.f('ck_product_published_has_instant')),
    sa.CheckConstraint("state IN ('draft', 'held', 'published', 'withdrawn')", name=op.f('ck_product_state_known')),
    sa.CheckConstraint('ocop_stars IS NULL OR ocop_stars BETWEEN 3 AND 5', name=op.f('ck_product_ocop_three_to_five')),
    sa.CheckConstraint('rating_count = CAST(rating_count AS BIGINT)', name=op.f('ck_product_rating_count_whole')),
    sa.CheckConstraint('rating_count >= 0 AND rating_sum >= 0', name=op.f('ck_product_rating_not_negative')),
    sa.CheckConstraint('shelf_life_days IS NULL OR shelf_life_days BETWEEN 1 AND 36500', name=op.f('ck_product_shelf_life_plausible')),
    sa.ForeignKeyConstraint(['category_id'], ['category.id'], name=op.f('fk_product_category_id_category')),
    sa.ForeignKeyConstraint(['cooperative_id'], ['cooperative.id'], name=op.f('fk_product_cooperative_id_cooperative')),
    sa.ForeignKeyConstraint(['origin_commune_id'], ['unit.id'], name=op.f('fk_product_origin_commune_id_unit')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_product')),
    sa.UniqueConstraint('key', name=op.f('uq_product_key')),
    sa.UniqueConstraint('slug', name=op.f('uq_product_slug'))
    )
    op.create_index(op.f('ix_product_category_id'), 'product', ['category_id'], unique=False)
    op.create_index(op.f('ix_product_cooperative_id'), 'product', ['cooperative_id'], unique=False)
    op.create_index(op.f('ix_product_origin_commune_id'), 'product', ['origin_commune_id'], unique=False)
    op.create_index('ix_product_shown', 'product', ['state', 'published_at'], unique=False)


def _certificate():
    op.create_table('certificate',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('cooperative_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('product_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('number', sa.String(), nullable=False),
    sa.Column('issuer', sa.String(), nullable=False),
    sa.Column('valid_from', sa.Date(), nullable=False),
    sa.Column('valid_to', sa.Date(), nullable=True, comment='last day on which it holds'),
    sa.Column('scan', sa.String(), nullable=True, comment='private file'),
    sa.CheckConstraint("kind IN ('ocop', 'food_safety', 'organic', 'vietgap', 'test_report', 'cosmetic_notification', 'geographic', 'other')", name=op.f('ck_certificate_kind_known')),
    sa.CheckConstraint('valid_to IS NULL OR valid_to >= valid_from', name=op.f('ck_certificate_ends_after_start')),
    sa.ForeignKeyConstraint(['cooperative_id'], ['cooperative.id'], name=op.f('fk_certificate_cooperative_id_cooperative')),
    sa.ForeignKeyConstraint(['product_id'], ['product.id'], name=op.f('fk_certificate_product_id_product')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_certificate')),
    sa.UniqueConstraint('cooperative_id', 'kind', 'number', name=op.f('uq_certificate_cooperative_id_kind_number'))
    )
    op.create_index(op.f('ix_certificate_cooperative_id'), 'certificate', ['cooperative_id'], unique=False)
    op.create_index(op.f('ix_certificate_product_id'), 'certificate', ['product_id'], unique=False)


def _pack():
    op.create_table('pack',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('product_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('label', sa.String(), nullable=False, comment="'Gói 500 g'"),
    sa.Column('net_quantity', sa.BigInteger(), nullable=False),
    sa.Column('net_unit', sa.String(), nullable=False),
    sa.Column('gross_weight_g', sa.BigInteger(), nullable=False, comment='with its wrapping, for shipping'),
    sa.Column('gtin', sa.String(), nullable=False, comment='14 digits'),
    sa.Column('gtin_kind', sa.String(), nullable=False),
    sa.Column('price_vnd', sa.BigInteger(), nullable=False),
    sa.Column('available', sa.Integer(), nullable=False, comment='sellable pieces, set by traceability'),
    sa.Column('available_until', sa.Date(), nullable=True, comment='last day on which `available` holds'),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('active', sa.Boolean(), nullable=False),
    sa.Column('lead', sa.Boolean(), nullable=False, comment='the first active pack: the one on cards'),
    sa.CheckConstraint("gtin_kind IN ('own', 'restricted')", name=op.f('ck_pack_gtin_kind_known')),
    sa.CheckConstraint("net_unit IN ('g', 'ml', 'piece')", name=op.f('ck_pack_net_unit_known')),
    sa.CheckConstraint('available >= 0', name=op.f('ck_pack_available_not_negative')),
    sa.CheckConstraint('gross_weight_g = CAST(gross_weight_g AS BIGINT)', name=op.f('ck_pack_gross_weight_g_whole')),
    sa.CheckConstraint('gross_weight_g > 0', name=op.f('ck_pack_gross_positive')),
    sa.CheckConstraint('length(gtin) = 14', name=op.f('ck_pack_gtin_is_14_digits')),
    sa.CheckConstraint('net_quantity = CAST(net_quantity AS BIGINT)', name=op.f('ck_pack_net_quantity_whole')),
    sa.CheckConstraint('net_quantity > 0', name=op.f('ck_pack_net_positive')),
    sa.CheckConstraint('position = CAST(position AS BIGINT)', name=op.f('ck_pack_position_whole')),
    sa.CheckConstraint('price_vnd = CAST(price_vnd AS BIGINT)', name=op.f('ck_pack_price_vnd_whole')),
    sa.CheckConstraint('price_vnd BETWEEN 1 AND 1000000000', name=op.f('ck_pack_price_in_bounds')),
    sa.ForeignKeyConstraint(['product_id'], ['product.id'], name=op.f('fk_pack_product_id_product')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_pack')),
    sa.UniqueConstraint('gtin', name=op.f('uq_pack_gtin'))
    )
    op.create_index(op.f('ix_pack_product_id'), 'pack', ['product_id'], unique=False)
    op.create_index('uq_pack_lead', 'pack', ['product_id'], unique=True, sqlite_where=sa.text('lead'), postgresql_where=sa.text('lead'))


def _photo():
    op.create_table('photo',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('key', sa.String(), nullable=False),
    sa.Column('product_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('cover', sa.Boolean(), nullable=False, comment='the first ready photo: the one on cards'),
    sa.Column('alt', sa.String(), nullable=False),
    sa.Column('original', sa.String(), nullable=True, comment='private file as sent; never served'),
    sa.Column('width_px', sa.Integer(), nullable=True, comment='of the largest served picture'),
    sa.Column('height_px', sa.Integer(), nullable=True),
    sa.Column('file_320', sa.String(), nullable=True),
    sa.Column('file_640', sa.String(), nullable=True),
    sa.Column('file_1280', sa.String(), nullable=True),
    sa.Column('file_jpeg', sa.String(), nullable=True, comment='640 px wide, for readers without WebP and for feeds'),
    sa.Column('illustration', sa.String(), nullable=True, comment='static/img/products/<name>.svg, labelled as drawn'),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('error', sa.String(), nullable=True, comment='message id for the manager'),
    sa.Column('added_at', UtcDateTime(timezone=True), nullable=False),
    sa.Column('work_state', sa.String(), nullable=False),
    sa.Column('work_owner', sa.String(), nullable=True),
    sa.Column('work_lease', sa.BigInteger(), nullable=True, comment='database epoch seconds'),
    sa.Column('work_attempts', sa.Integer(), nullable=False),
    sa.Column('work_due_at', UtcDateTime(timezone=True), nullable=True),
    sa.Column('work_error', sa.String(), nullable=True, comment='class of the last failure, no personal data'),
    sa.CheckConstraint("state <> 'ready' OR illustration IS NOT NULL OR file_640 IS NOT NULL", name=op.f('ck_photo_ready_has_files')),
    sa.CheckConstraint("state IN ('pending', 'ready', 'failed')", name=op.f('ck_photo_state_known')),
    sa.CheckConstraint('height_px = CAST(height_px AS BIGINT)', name=op.f('ck_photo_height_px_whole')),
    sa.CheckConstraint('illustration IS NOT NULL OR original IS NOT NULL', name=op.f('ck_photo_has_a_source')),
    sa.CheckConstraint('position = CAST(position AS BIGINT)', name=op.f('ck_photo_position_whole')),
    sa.CheckConstraint('width_px = CAST(width_px AS BIGINT)', name=op.f('ck_photo_width_px_whole')),
    sa.ForeignKeyConstraint(['product_id'], ['product.id'], name=op.f('fk_photo_product_id_product')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_photo')),
    sa.UniqueConstraint('key', name=op.f('uq_photo_key'))
    )
    op.create_index(op.f('ix_photo_product_id'), 'photo', ['product_id'], unique=False)
    op.create_index(op.f('ix_photo_work_state'), 'photo', ['work_state'], unique=False)
    op.create_index('uq_photo_cover', 'photo', ['product_id'], unique=True, sqlite_where=sa.text('cover'), postgresql_where=sa.text('cover'))


def _price_change():
    op.create_table('price_change',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('pack_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('price_vnd', sa.BigInteger(), nullable=False),
    sa.Column('at', UtcDateTime(timezone=True), nullable=False),
    sa.Column('by_user_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.CheckConstraint('price_vnd = CAST(price_vnd AS BIGINT)', name=op.f('ck_price_change_price_vnd_whole')),
    sa.ForeignKeyConstraint(['by_user_id'], ['person_account.id'], name=op.f('fk_price_change_by_user_id_person_account')),
    sa.ForeignKeyConstraint(['pack_id'], ['pack.id'], name=op.f('fk_price_change_pack_id_pack')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_price_change'))
    )
    op.create_index(op.f('ix_price_change_pack_id'), 'price_change', ['pack_id'], unique=False)
    make_immutable("price_change")


def upgrade():
    _category()
    _product()
    _certificate()
    _pack()
    _photo()
    _price_change()
    create_search()


def downgrade():
    drop_search()
    op.drop_table("price_change")
    op.drop_table("photo")
    op.drop_table("pack")
    op.drop_table("certificate")
    op.drop_table("product")
    op.drop_table("category")
