"""The tables of orders.

Revision ID: 0009
Revises: 0008
"""

import sqlalchemy as sa
from alembic import op

from core.db import UtcDateTime
from migrations.tools import make_immutable

revision = "0009"
down_revision = '0008'
branch_labels = None
depends_on = None


def _cart():
    op.create_table('cart',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('token', sa.String(), nullable=False),
    sa.Column('created_at', UtcDateTime(timezone=True), nullable=False),
    sa.Column('touched_at', UtcDateTime(timezone=True), nullable=False, comment='carts untouched for 60 days are swept'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_cart')),
    sa.UniqueConstraint('token', name=op.f('uq_cart_token'))
    )
    op.create_index(op.f('ix_cart_touched_at'), 'cart', ['touched_at'], unique=False)


def _purchase():
    op.create_table('purchase',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('token', sa.String(), nullable=False, comment='unguessable; holder may see all its orders'),
    sa.Column('key', sa.String(), nullable=False, comment="the sender's own key: a second arrival makes no second purchase"),
    sa.Column('buyer_name', sa.String(), nullable=False),
    sa.Column('buyer_phone', sa.String(), nullable=False, comment='E.164'),
    sa.Column('commune_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('address_line', sa.String(), nullable=False),
    sa.Column('note', sa.String(), nullable=False),
    sa.Column('language', sa.String(), nullable=False),
    sa.Column('placed_at', UtcDateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['commune_id'], ['unit.id'], name=op.f('fk_purchase_commune_id_unit')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_purchase')),
    sa.UniqueConstraint('key', name=op.f('uq_purchase_key')),
    sa.UniqueConstraint('token', name=op.f('uq_purchase_token'))
    )
    op.create_index(op.f('ix_purchase_buyer_phone'), 'purchase', ['buyer_phone'], unique=False)
    op.create_index(op.f('ix_purchase_commune_id'), 'purchase', ['commune_id'], unique=False)


def _sale_order():
    op.create_table('sale_order',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('code', sa.String(), nullable=False, comment='what the buyer writes in a bank transfer'),
    sa.Column('token', sa.String(), nullable=False, comment='unguessable; the tracking link'),
    sa.Column('purchase_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('cooperative_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('seller_name', sa.String(), nullable=False, comment='as agreed on that day, with number and address below'),
    sa.Column('seller_registration', sa.String(), nullable=False),
    sa.Column('seller_address', sa.String(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('method', sa.String(), nullable=False),
    sa.Column('goods_vnd', sa.BigInteger(), nullable=False),
    sa.Column('discount_vnd', sa.BigInteger(), nullable=False),
    sa.Column('shipping_vnd', sa.BigInteger(), nullable=False),
    sa.Column('total_vnd', sa.BigInteger(), nullable=False),
    sa.Column('weight_g', sa.BigInteger(), nullable=False),
    sa.Column('days_min', sa.Integer(), nullable=False),
    sa.Column('days_max', sa.Integer(), nullable=False),
    sa.Column('hold_until', UtcDateTime(timezone=True), nullable=True, comment='until when goods wait for a bank transfer'),
    sa.Column('placed_at', UtcDateTime(timezone=True), nullable=False),
    sa.Column('paid_at', UtcDateTime(timezone=True), nullable=True),
    sa.Column('confirmed_at', UtcDateTime(timezone=True), nullable=True),
    sa.Column('packed_at', UtcDateTime(timezone=True), nullable=True),
    sa.Column('shipped_at', UtcDateTime(timezone=True), nullable=True),
    sa.Column('delivered_at', UtcDateTime(timezone=True), nullable=True),
    sa.Column('closed_at', UtcDateTime(timezone=True), nullable=True),
    sa.Column('carrier', sa.String(), nullable=False),
    sa.Column('tracking_number', sa.String(), nullable=False),
    sa.Column('cod_collected_at', UtcDateTime(timezone=True), nullable=True),
    sa.CheckConstraint("(hold_until IS NULL) = (method = 'cod')", name=op.f('ck_sale_order_transfer_has_hold')),
    sa.CheckConstraint("method IN ('vietqr', 'cod')", name=op.f('ck_sale_order_method_known')),
    sa.CheckConstraint("state IN ('awaiting_payment', 'to_confirm', 'to_pack', 'packed', 'shipped', 'delivered', 'refused', 'cancelled', 'expired')", name=op.f('ck_sale_order_state_known')),
    sa.CheckConstraint('discount_vnd = CAST(discount_vnd AS BIGINT)', name=op.f('ck_sale_order_discount_vnd_whole')),
    sa.CheckConstraint('discount_vnd BETWEEN 0 AND goods_vnd', name=op.f('ck_sale_order_discount_within_goods')),
    sa.CheckConstraint('goods_vnd = CAST(goods_vnd AS BIGINT)', name=op.f('ck_sale_order_goods_vnd_whole')),
    sa.CheckConstraint('goods_vnd > 0', name=op.f('ck_sale_order_goods_positive')),
    sa.CheckConstraint('shipping_vnd = CAST(shipping_vnd AS BIGINT)', name=op.f('ck_sale_order_shipping_vnd_whole')),
    sa.CheckConstraint('shipping_vnd >= 0', name=op.f('ck_sale_order_shipping_not_negative')),
    sa.CheckConstraint('total_vnd = CAST(total_vnd AS BIGINT)', name=op.f('ck_sale_order_total_vnd_whole')),
    sa.CheckConstraint('total_vnd = goods_vnd - discount_vnd + shipping_vnd', name=op.f('ck_sale_order_total_adds_up')),
    sa.CheckConstraint('weight_g = CAST(weight_g AS BIGINT)', name=op.f('ck_sale_order_weight_g_whole')),
    sa.CheckConstraint('weight_g > 0', name=op.f('ck_sale_order_weight_positive')),
    sa.ForeignKeyConstraint(['cooperative_id'], ['cooperative.id'], name=op.f('fk_sale_order_cooperative_id_cooperative')),
    sa.ForeignKeyConstraint(['purchase_id'], ['purchase.id'], name=op.f('fk_sale_order_purchase_id_purchase')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sale_order')),
    sa.UniqueConstraint('code', name=op.f('uq_sale_order_code')),
    sa.UniqueConstraint('token', name=op.f('uq_sale_order_token'))
    )
    op.create_index(op.f('ix_sale_order_cooperative_id_state'), 'sale_order', ['cooperative_id', 'state'], unique=False)
    op.create_index(op.f('ix_sale_order_purchase_id'), 'sale_order', ['purchase_id'], unique=False)
    op.create_index(op.f('ix_sale_order_state_hold_until'), 'sale_order', ['state', 'hold_until'], unique=False)


def _order_event():
    op.create_table('order_event',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('order_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('seq', sa.Integer(), nullable=False),
    sa.Column('event', sa.String(), nullable=False, comment='place, or a name of orders.rules.Event'),
    sa.Column('from_state', sa.String(), nullable=False),
    sa.Column('to_state', sa.String(), nullable=False),
    sa.Column('at', UtcDateTime(timezone=True), nullable=False),
    sa.Column('by_user_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('role', sa.String(), nullable=False),
    sa.Column('note', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['by_user_id'], ['person_account.id'], name=op.f('fk_order_event_by_user_id_person_account')),
    sa.ForeignKeyConstraint(['order_id'], ['sale_order.id'], name=op.f('fk_order_event_order_id_sale_order')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_order_event')),
    sa.UniqueConstraint('order_id', 'seq', name=op.f('uq_order_event_order_id_seq'))
    )
    make_immutable("order_event")


def _problem():
    op.create_table('problem',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('order_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('key', sa.String(), nullable=False, comment="the form's own key: a double tap is one report"),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('text', sa.String(), nullable=False),
    sa.Column('photo', sa.String(), nullable=True, comment='private file, re-encoded, without metadata'),
    sa.Column('reported_at', UtcDateTime(timezone=True), nullable=False),
    sa.Column('closed_at', UtcDateTime(timezone=True), nullable=True),
    sa.Column('answer', sa.String(), nullable=True),
    sa.CheckConstraint("kind IN ('broken', 'wrong', 'missing', 'late', 'other')", name=op.f('ck_problem_kind_known')),
    sa.CheckConstraint('(closed_at IS NULL) = (answer IS NULL)', name=op.f('ck_problem_closed_with_answer')),
    sa.ForeignKeyConstraint(['order_id'], ['sale_order.id'], name=op.f('fk_problem_order_id_sale_order')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_problem')),
    sa.UniqueConstraint('order_id', 'key', name=op.f('uq_problem_order_id_key'))
    )
    op.create_index(op.f('ix_problem_closed_at'), 'problem', ['closed_at'], unique=False)
    op.create_index(op.f('ix_problem_order_id'), 'problem', ['order_id'], unique=False)


def _cart_line():
    op.create_table('cart_line',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('cart_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('pack_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('quantity', sa.Integer(), nullable=False),
    sa.Column('seen_price_vnd', sa.BigInteger(), nullable=False, comment='asked again when the price has moved'),
    sa.Column('added_at', UtcDateTime(timezone=True), nullable=False),
    sa.CheckConstraint('quantity = CAST(quantity AS BIGINT)', name=op.f('ck_cart_line_quantity_whole')),
    sa.CheckConstraint('quantity BETWEEN 1 AND 999', name=op.f('ck_cart_line_quantity_in_bounds')),
    sa.CheckConstraint('seen_price_vnd = CAST(seen_price_vnd AS BIGINT)', name=op.f('ck_cart_line_seen_price_vnd_whole')),
    sa.CheckConstraint('seen_price_vnd > 0', name=op.f('ck_cart_line_seen_price_positive')),
    sa.ForeignKeyConstraint(['cart_id'], ['cart.id'], name=op.f('fk_cart_line_cart_id_cart'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['pack_id'], ['pack.id'], name=op.f('fk_cart_line_pack_id_pack')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_cart_line')),
    sa.UniqueConstraint('cart_id', 'pack_id', name=op.f('uq_cart_line_cart_id_pack_id'))
    )
    op.create_index(op.f('ix_cart_line_cart_id'), 'cart_line', ['cart_id'], unique=False)
    op.create_index(op.f('ix_cart_line_pack_id'), 'cart_line', ['pack_id'], unique=False)


def _order_line():
    op.create_table('order_line',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('order_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('pack_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('product_name', sa.String(), nullable=False),
    sa.Column('pack_label', sa.String(), nullable=False),
    sa.Column('unit_price_vnd', sa.BigInteger(), nullable=False),
    sa.Column('quantity', sa.Integer(), nullable=False),
    sa.Column('refunded_quantity', sa.Integer(), nullable=False),
    sa.Column('total_vnd', sa.BigInteger(), nullable=False),
    sa.Column('gross_weight_g', sa.BigInteger(), nullable=False, comment='of one pack, with its wrapping'),
    sa.CheckConstraint('gross_weight_g = CAST(gross_weight_g AS BIGINT)', name=op.f('ck_order_line_gross_weight_g_whole')),
    sa.CheckConstraint('quantity = CAST(quantity AS BIGINT)', name=op.f('ck_order_line_quantity_whole')),
    sa.CheckConstraint('quantity BETWEEN 1 AND 999', name=op.f('ck_order_line_quantity_in_bounds')),
    sa.CheckConstraint('refunded_quantity = CAST(refunded_quantity AS BIGINT)', name=op.f('ck_order_line_refunded_quantity_whole')),
    sa.CheckConstraint('refunded_quantity BETWEEN 0 AND quantity', name=op.f('ck_order_line_refund_within_sale')),
    sa.CheckConstraint('total_vnd = CAST(total_vnd AS BIGINT)', name=op.f('ck_order_line_total_vnd_whole')),
    sa.CheckConstraint('total_vnd = unit_price_vnd * quantity', name=op.f('ck_order_line_total_is_price_times_quantity')),
    sa.CheckConstraint('unit_price_vnd = CAST(unit_price_vnd AS BIGINT)', name=op.f('ck_order_line_unit_price_vnd_whole')),
    sa.CheckConstraint('unit_price_vnd > 0', name=op.f('ck_order_line_price_positive')),
    sa.ForeignKeyConstraint(['order_id'], ['sale_order.id'], name=op.f('fk_order_line_order_id_sale_order')),
    sa.ForeignKeyConstraint(['pack_id'], ['pack.id'], name=op.f('fk_order_line_pack_id_pack')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_order_line')),
    sa.UniqueConstraint('order_id', 'pack_id', name=op.f('uq_order_line_order_id_pack_id'))
    )
    op.create_index(op.f('ix_order_line_pack_id'), 'order_line', ['pack_id'], unique=False)


def _allocation():
    op.create_table('allocation',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('order_line_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('lot_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('quantity', sa.Integer(), nullable=False),
    sa.Column('packed', sa.Boolean(), nullable=False),
    sa.Column('returned_quantity', sa.Integer(), nullable=False, comment='came back and went to quarantine'),
    sa.CheckConstraint('quantity = CAST(quantity AS BIGINT)', name=op.f('ck_allocation_quantity_whole')),
    sa.CheckConstraint('quantity > 0', name=op.f('ck_allocation_quantity_positive')),
    sa.CheckConstraint('returned_quantity = CAST(returned_quantity AS BIGINT)', name=op.f('ck_allocation_returned_quantity_whole')),
    sa.CheckConstraint('returned_quantity BETWEEN 0 AND quantity', name=op.f('ck_allocation_return_within_quantity')),
    sa.ForeignKeyConstraint(['lot_id'], ['lot.id'], name=op.f('fk_allocation_lot_id_lot')),
    sa.ForeignKeyConstraint(['order_line_id'], ['order_line.id'], name=op.f('fk_allocation_order_line_id_order_line')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_allocation')),
    sa.UniqueConstraint('order_line_id', 'lot_id', name=op.f('uq_allocation_order_line_id_lot_id'))
    )
    op.create_index(op.f('ix_allocation_lot_id'), 'allocation', ['lot_id'], unique=False)


def upgrade():
    _cart()
    _purchase()
    _sale_order()
    _order_event()
    _problem()
    _cart_line()
    _order_line()
    _allocation()


def downgrade():
    op.drop_table("allocation")
    op.drop_table("order_line")
    op.drop_table("cart_line")
    op.drop_table("problem")
    op.drop_table("order_event")
    op.drop_table("sale_order")
    op.drop_table("purchase")
    op.drop_table("cart")
