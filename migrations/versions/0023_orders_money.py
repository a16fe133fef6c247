"""What money that adds up adds to orders.

Revision ID: 0023
Revises: 0022
"""

import sqlalchemy as sa
from alembic import op

from core.db import UtcDateTime
from migrations.tools import make_immutable

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def _sale_order():
    with op.batch_alter_table("sale_order") as table:
        table.drop_constraint(op.f("ck_sale_order_method_known"), type_="check")
        table.drop_constraint(op.f("ck_sale_order_state_known"), type_="check")
        table.create_check_constraint(op.f("ck_sale_order_method_known"), "method IN ('vietqr', 'cod', 'card', 'momo', 'vnpay', 'zalopay')")
        table.create_check_constraint(op.f("ck_sale_order_state_known"), "state IN ('awaiting_provider', 'awaiting_payment', 'to_confirm', 'to_pack', 'packed', 'shipped', 'delivered', 'refused', 'cancelled', 'expired')")


def _sale_order_back():
    with op.batch_alter_table("sale_order") as table:
        table.drop_constraint(op.f("ck_sale_order_method_known"), type_="check")
        table.drop_constraint(op.f("ck_sale_order_state_known"), type_="check")
        table.create_check_constraint(op.f("ck_sale_order_method_known"), "method IN ('vietqr', 'cod')")
        table.create_check_constraint(op.f("ck_sale_order_state_known"), "state IN ('awaiting_payment', 'to_confirm', 'to_pack', 'packed', 'shipped', 'delivered', 'refused', 'cancelled', 'expired')")


def _allocation():
    with op.batch_alter_table("allocation") as table:
        table.add_column(sa.Column('packed_g', sa.BigInteger(), nullable=True, comment='of goods weighed at packing: all its pieces together'))
        table.create_check_constraint(op.f("ck_allocation_packed_g_whole"), 'packed_g = CAST(packed_g AS BIGINT)')


def _allocation_back():
    with op.batch_alter_table("allocation") as table:
        table.drop_constraint(op.f("ck_allocation_packed_g_whole"), type_="check")
        table.drop_column("packed_g")


def _weighed_line():
    op.create_table('weighed_line',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('order_line_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('price_per_kg_vnd', sa.BigInteger(), nullable=False),
    sa.Column('piece_min_g', sa.BigInteger(), nullable=False),
    sa.Column('piece_max_g', sa.BigInteger(), nullable=False, comment='what is held of stock, and prepaid, for each piece'),
    sa.Column('piece_word', sa.String(), nullable=False),
    sa.Column('packed_g', sa.BigInteger(), nullable=True, comment='all pieces together, as weighed'),
    sa.Column('packed_vnd', sa.BigInteger(), nullable=True, comment='price per kilogram × grams, rounded down'),
    sa.Column('back_vnd', sa.BigInteger(), nullable=False, comment='the buyer owes so much less than was agreed'),
    sa.Column('subsidy_back_vnd', sa.BigInteger(), nullable=False, comment='and a programme so much less'),
    sa.Column('light_reason', sa.String(), nullable=False, comment='why a piece is lighter than the band; the buyer reads it'),
    sa.Column('weighed_at', UtcDateTime(timezone=True), nullable=True),
    sa.CheckConstraint('(packed_g IS NULL) = (packed_vnd IS NULL)', name=op.f('ck_weighed_line_priced_when_weighed')),
    sa.CheckConstraint('back_vnd = CAST(back_vnd AS BIGINT)', name=op.f('ck_weighed_line_back_vnd_whole')),
    sa.CheckConstraint('back_vnd >= 0 AND subsidy_back_vnd >= 0', name=op.f('ck_weighed_line_difference_not_negative')),
    sa.CheckConstraint('packed_g = CAST(packed_g AS BIGINT)', name=op.f('ck_weighed_line_packed_g_whole')),
    sa.CheckConstraint('packed_g IS NULL OR packed_g > 0', name=op.f('ck_weighed_line_something_was_weighed')),
    sa.CheckConstraint('packed_vnd = CAST(packed_vnd AS BIGINT)', name=op.f('ck_weighed_line_packed_vnd_whole')),
    sa.CheckConstraint('piece_max_g = CAST(piece_max_g AS BIGINT)', name=op.f('ck_weighed_line_piece_max_g_whole')),
    sa.CheckConstraint('piece_min_g = CAST(piece_min_g AS BIGINT)', name=op.f('ck_weighed_line_piece_min_g_whole')),
    sa.CheckConstraint('piece_min_g BETWEEN 1 AND piece_max_g', name=op.f('ck_weighed_line_band_has_width')),
    sa.CheckConstraint('price_per_kg_vnd = CAST(price_per_kg_vnd AS BIGINT)', name=op.f('ck_weighed_line_price_per_kg_vnd_whole')),
    sa.CheckConstraint('price_per_kg_vnd > 0', name=op.f('ck_weighed_line_price_positive')),
    sa.CheckConstraint('subsidy_back_vnd = CAST(subsidy_back_vnd AS BIGINT)', name=op.f('ck_weighed_line_subsidy_back_vnd_whole')),
    sa.ForeignKeyConstraint(['order_line_id'], ['order_line.id'], name=op.f('fk_weighed_line_order_line_id_order_line')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_weighed_line')),
    sa.UniqueConstraint('order_line_id', name=op.f('uq_weighed_line_order_line_id'))
    )


def _weighed_piece():
    op.create_table('weighed_piece',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('weighed_line_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('lot_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False, comment='1, 2, 3 … within the line'),
    sa.Column('weight_g', sa.BigInteger(), nullable=False),
    sa.CheckConstraint('weight_g = CAST(weight_g AS BIGINT)', name=op.f('ck_weighed_piece_weight_g_whole')),
    sa.CheckConstraint('weight_g > 0', name=op.f('ck_weighed_piece_weight_positive')),
    sa.ForeignKeyConstraint(['lot_id'], ['lot.id'], name=op.f('fk_weighed_piece_lot_id_lot')),
    sa.ForeignKeyConstraint(['weighed_line_id'], ['weighed_line.id'], name=op.f('fk_weighed_piece_weighed_line_id_weighed_line')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_weighed_piece')),
    sa.UniqueConstraint('weighed_line_id', 'number', name=op.f('uq_weighed_piece_weighed_line_id_number'))
    )
    op.create_index(op.f('ix_weighed_piece_lot_id'), 'weighed_piece', ['lot_id'], unique=False)
    make_immutable("weighed_piece")


def upgrade():
    _sale_order()
    _allocation()
    _weighed_line()
    _weighed_piece()


def downgrade():
    op.drop_table("weighed_piece")
    op.drop_table("weighed_line")
    _allocation_back()
    _sale_order_back()
