"""The tables of payments.

Revision ID: 0011
Revises: 0010
"""

import sqlalchemy as sa
from alembic import op

from core.db import UtcDateTime

revision = "0011"
down_revision = '0010'
branch_labels = None
depends_on = None


def _cod_remittance():
    op.create_table('cod_remittance',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('key', sa.String(), nullable=False),
    sa.Column('cooperative_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('carrier', sa.String(), nullable=False),
    sa.Column('reference', sa.String(), nullable=False),
    sa.Column('received_on', sa.Date(), nullable=False),
    sa.Column('gross_vnd', sa.BigInteger(), nullable=False),
    sa.Column('fee_vnd', sa.BigInteger(), nullable=False, comment='for collecting cash'),
    sa.Column('shipping_vnd', sa.BigInteger(), nullable=False, comment='for carrying, held back from the cash'),
    sa.Column('created_at', UtcDateTime(timezone=True), nullable=False),
    sa.CheckConstraint('fee_vnd + shipping_vnd <= gross_vnd', name=op.f('ck_cod_remittance_costs_within')),
    sa.CheckConstraint('fee_vnd = CAST(fee_vnd AS BIGINT)', name=op.f('ck_cod_remittance_fee_vnd_whole')),
    sa.CheckConstraint('fee_vnd >= 0 AND shipping_vnd >= 0', name=op.f('ck_cod_remittance_costs_not_negative')),
    sa.CheckConstraint('gross_vnd = CAST(gross_vnd AS BIGINT)', name=op.f('ck_cod_remittance_gross_vnd_whole')),
    sa.CheckConstraint('gross_vnd > 0', name=op.f('ck_cod_remittance_gross_positive')),
    sa.CheckConstraint('shipping_vnd = CAST(shipping_vnd AS BIGINT)', name=op.f('ck_cod_remittance_shipping_vnd_whole')),
    sa.ForeignKeyConstraint(['cooperative_id'], ['cooperative.id'], name=op.f('fk_cod_remittance_cooperative_id_cooperative')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_cod_remittance')),
    sa.UniqueConstraint('key', name=op.f('uq_cod_remittance_key'))
    )
    op.create_index(op.f('ix_cod_remittance_cooperative_id'), 'cod_remittance', ['cooperative_id'], unique=False)


def _cod_remittance_line():
    op.create_table('cod_remittance_line',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('remittance_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('order_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('amount_vnd', sa.BigInteger(), nullable=False),
    sa.CheckConstraint('amount_vnd = CAST(amount_vnd AS BIGINT)', name=op.f('ck_cod_remittance_line_amount_vnd_whole')),
    sa.CheckConstraint('amount_vnd > 0', name=op.f('ck_cod_remittance_line_amount_positive')),
    sa.ForeignKeyConstraint(['order_id'], ['sale_order.id'], name=op.f('fk_cod_remittance_line_order_id_sale_order')),
    sa.ForeignKeyConstraint(['remittance_id'], ['cod_remittance.id'], name=op.f('fk_cod_remittance_line_remittance_id_cod_remittance')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_cod_remittance_line')),
    sa.UniqueConstraint('order_id', name=op.f('uq_cod_remittance_line_order_id'))
    )
    op.create_index(op.f('ix_cod_remittance_line_remittance_id'), 'cod_remittance_line', ['remittance_id'], unique=False)


def _payment():
    op.create_table('payment',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('order_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('method', sa.String(), nullable=False),
    sa.Column('amount_vnd', sa.BigInteger(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('bank_account_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('created_at', UtcDateTime(timezone=True), nullable=False),
    sa.Column('collected_at', UtcDateTime(timezone=True), nullable=True, comment='when the carrier took the cash'),
    sa.CheckConstraint("method = 'cod' OR bank_account_id IS NOT NULL", name=op.f('ck_payment_transfer_needs_account')),
    sa.CheckConstraint("method IN ('vietqr', 'cod')", name=op.f('ck_payment_method_known')),
    sa.CheckConstraint("state IN ('awaiting', 'partly', 'paid', 'refund_due', 'refunded', 'void', 'to_collect', 'collected', 'remitted')", name=op.f('ck_payment_state_known')),
    sa.CheckConstraint('amount_vnd = CAST(amount_vnd AS BIGINT)', name=op.f('ck_payment_amount_vnd_whole')),
    sa.CheckConstraint('amount_vnd > 0', name=op.f('ck_payment_amount_positive')),
    sa.ForeignKeyConstraint(['bank_account_id'], ['bank_account.id'], name=op.f('fk_payment_bank_account_id_bank_account')),
    sa.ForeignKeyConstraint(['order_id'], ['sale_order.id'], name=op.f('fk_payment_order_id_sale_order')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_payment')),
    sa.UniqueConstraint('order_id', name=op.f('uq_payment_order_id'))
    )
    op.create_index(op.f('ix_payment_bank_account_id'), 'payment', ['bank_account_id'], unique=False)
    op.create_index(op.f('ix_payment_state'), 'payment', ['state'], unique=False)


def _producer_account():
    op.create_table('producer_account',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('producer_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('bank_bin', sa.String(), nullable=False),
    sa.Column('payee', sa.LargeBinary(), nullable=False, comment='encrypted: account number, holder'),
    sa.Column('changed_at', UtcDateTime(timezone=True), nullable=False),
    sa.Column('changed_by_user_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.ForeignKeyConstraint(['changed_by_user_id'], ['person_account.id'], name=op.f('fk_producer_account_changed_by_user_id_person_account')),
    sa.ForeignKeyConstraint(['producer_id'], ['producer.id'], name=op.f('fk_producer_account_producer_id_producer')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_producer_account')),
    sa.UniqueConstraint('producer_id', name=op.f('uq_producer_account_producer_id'))
    )


def _transfer():
    op.create_table('transfer',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('cooperative_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('bank_account_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('provider', sa.String(), nullable=False, comment='sepay, or manual'),
    sa.Column('provider_id', sa.String(), nullable=False, comment="the provider's own id; the form's key when entered by hand"),
    sa.Column('amount_vnd', sa.BigInteger(), nullable=False),
    sa.Column('content', sa.String(), nullable=False),
    sa.Column('reference', sa.String(), nullable=False),
    sa.Column('at', UtcDateTime(timezone=True), nullable=False, comment='when the bank booked it'),
    sa.Column('received_at', UtcDateTime(timezone=True), nullable=False, comment='when we learnt of it'),
    sa.Column('outcome', sa.String(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('order_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('surplus_vnd', sa.BigInteger(), nullable=False, comment='more than the order asked for; owed back'),
    sa.Column('settled_at', UtcDateTime(timezone=True), nullable=True, comment='when a person matched or returned it'),
    sa.Column('reason', sa.String(), nullable=False),
    sa.CheckConstraint("outcome IN ('exact', 'short', 'over', 'duplicate', 'unknown', 'late')", name=op.f('ck_transfer_outcome_known')),
    sa.CheckConstraint("state <> 'matched' OR order_id IS NOT NULL", name=op.f('ck_transfer_matched_has_order')),
    sa.CheckConstraint("state IN ('matched', 'suspense', 'returned')", name=op.f('ck_transfer_state_known')),
    sa.CheckConstraint('amount_vnd = CAST(amount_vnd AS BIGINT)', name=op.f('ck_transfer_amount_vnd_whole')),
    sa.CheckConstraint('amount_vnd > 0', name=op.f('ck_transfer_amount_positive')),
    sa.CheckConstraint('surplus_vnd = CAST(surplus_vnd AS BIGINT)', name=op.f('ck_transfer_surplus_vnd_whole')),
    sa.CheckConstraint('surplus_vnd >= 0 AND surplus_vnd <= amount_vnd', name=op.f('ck_transfer_surplus_within')),
    sa.ForeignKeyConstraint(['bank_account_id'], ['bank_account.id'], name=op.f('fk_transfer_bank_account_id_bank_account')),
    sa.ForeignKeyConstraint(['cooperative_id'], ['cooperative.id'], name=op.f('fk_transfer_cooperative_id_cooperative')),
    sa.ForeignKeyConstraint(['order_id'], ['sale_order.id'], name=op.f('fk_transfer_order_id_sale_order')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_transfer')),
    sa.UniqueConstraint('bank_account_id', 'provider', 'provider_id', name=op.f('uq_transfer_bank_account_id_provider_provider_id'))
    )
    op.create_index(op.f('ix_transfer_cooperative_id'), 'transfer', ['cooperative_id'], unique=False)
    op.create_index(op.f('ix_transfer_order_id'), 'transfer', ['order_id'], unique=False)
    op.create_index(op.f('ix_transfer_state'), 'transfer', ['state'], unique=False)


def _refund():
    op.create_table('refund',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('key', sa.String(), nullable=False),
    sa.Column('cooperative_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('order_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('transfer_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('source', sa.String(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('amount_vnd', sa.BigInteger(), nullable=False),
    sa.Column('goods_vnd', sa.BigInteger(), nullable=False),
    sa.Column('shipping_vnd', sa.BigInteger(), nullable=False),
    sa.Column('reason', sa.String(), nullable=False),
    sa.Column('goods_back', sa.Boolean(), nullable=False, comment='the goods came back, into quarantine'),
    sa.Column('created_at', UtcDateTime(timezone=True), nullable=False),
    sa.Column('sent_at', UtcDateTime(timezone=True), nullable=True),
    sa.Column('sent_how', sa.String(), nullable=True, comment='bank or cash'),
    sa.Column('reference', sa.String(), nullable=False),
    sa.Column('payee', sa.LargeBinary(), nullable=True, comment='encrypted: bank bin, account number, holder'),
    sa.CheckConstraint("source IN ('prepayment', 'delivered', 'surplus', 'suspense')", name=op.f('ck_refund_source_known')),
    sa.CheckConstraint("state <> 'sent' OR sent_how IN ('bank', 'cash')", name=op.f('ck_refund_sent_says_how')),
    sa.CheckConstraint("state IN ('due', 'sent')", name=op.f('ck_refund_state_known')),
    sa.CheckConstraint('amount_vnd = CAST(amount_vnd AS BIGINT)', name=op.f('ck_refund_amount_vnd_whole')),
    sa.CheckConstraint('amount_vnd > 0', name=op.f('ck_refund_amount_positive')),
    sa.CheckConstraint('goods_vnd = CAST(goods_vnd AS BIGINT)', name=op.f('ck_refund_goods_vnd_whole')),
    sa.CheckConstraint('goods_vnd >= 0 AND shipping_vnd >= 0', name=op.f('ck_refund_parts_not_negative')),
    sa.CheckConstraint('order_id IS NOT NULL OR transfer_id IS NOT NULL', name=op.f('ck_refund_for_something')),
    sa.CheckConstraint('shipping_vnd = CAST(shipping_vnd AS BIGINT)', name=op.f('ck_refund_shipping_vnd_whole')),
    sa.ForeignKeyConstraint(['cooperative_id'], ['cooperative.id'], name=op.f('fk_refund_cooperative_id_cooperative')),
    sa.ForeignKeyConstraint(['order_id'], ['sale_order.id'], name=op.f('fk_refund_order_id_sale_order')),
    sa.ForeignKeyConstraint(['transfer_id'], ['transfer.id'], name=op.f('fk_refund_transfer_id_transfer')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_refund')),
    sa.UniqueConstraint('key', name=op.f('uq_refund_key'))
    )
    op.create_index(op.f('ix_refund_cooperative_id'), 'refund', ['cooperative_id'], unique=False)
    op.create_index(op.f('ix_refund_order_id'), 'refund', ['order_id'], unique=False)
    op.create_index(op.f('ix_refund_state'), 'refund', ['state'], unique=False)
    op.create_index(op.f('ix_refund_transfer_id'), 'refund', ['transfer_id'], unique=False)


def _refund_line():
    op.create_table('refund_line',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('refund_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('order_line_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('quantity', sa.Integer(), nullable=False),
    sa.Column('amount_vnd', sa.BigInteger(), nullable=False),
    sa.CheckConstraint('amount_vnd = CAST(amount_vnd AS BIGINT)', name=op.f('ck_refund_line_amount_vnd_whole')),
    sa.CheckConstraint('amount_vnd >= 0', name=op.f('ck_refund_line_amount_not_negative')),
    sa.CheckConstraint('quantity = CAST(quantity AS BIGINT)', name=op.f('ck_refund_line_quantity_whole')),
    sa.CheckConstraint('quantity > 0', name=op.f('ck_refund_line_quantity_positive')),
    sa.ForeignKeyConstraint(['order_line_id'], ['order_line.id'], name=op.f('fk_refund_line_order_line_id_order_line')),
    sa.ForeignKeyConstraint(['refund_id'], ['refund.id'], name=op.f('fk_refund_line_refund_id_refund')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_refund_line')),
    sa.UniqueConstraint('refund_id', 'order_line_id', name=op.f('uq_refund_line_refund_id_order_line_id'))
    )
    op.create_index(op.f('ix_refund_line_order_line_id'), 'refund_line', ['order_line_id'], unique=False)


def upgrade():
    _cod_remittance()
    _cod_remittance_line()
    _payment()
    _producer_account()
    _transfer()
    _refund()
    _refund_line()


def downgrade():
    op.drop_table("refund_line")
    op.drop_table("refund")
    op.drop_table("transfer")
    op.drop_table("producer_account")
    op.drop_table("payment")
    op.drop_table("cod_remittance_line")
    op.drop_table("cod_remittance")
