"""The tables of revenue.

Revision ID: 0010
Revises: 0009
"""

import sqlalchemy as sa
from alembic import op

from core.db import UtcDateTime
from migrations.tools import make_immutable

revision = "0010"
down_revision = '0009'
branch_labels = None
depends_on = None


def _ledger():
    op.create_table('ledger',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('organisation_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('seq', sa.BigInteger(), nullable=False, comment='number of the newest entry; 0 before the first'),
    sa.Column('head_hash', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_ledger_organisation_id_organisation')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_ledger')),
    sa.UniqueConstraint('organisation_id', name=op.f('uq_ledger_organisation_id'))
    )


def _account():
    op.create_table('account',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('ledger_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('subject', sa.String(), nullable=False, comment='"producer:12", "order:9", "slip:17" or ""'),
    sa.CheckConstraint("kind IN ('bank', 'cash', 'suspense', 'buyer_prepayment', 'cod_receivable', 'producer_payable', 'producer_advance', 'producer_receivable', 'cooperative_income', 'fund', 'shipping_income', 'shipping_cost', 'provider_fee', 'recall_cost', 'refund_due', 'capital')", name=op.f('ck_account_kind_known')),
    sa.ForeignKeyConstraint(['ledger_id'], ['ledger.id'], name=op.f('fk_account_ledger_id_ledger')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_account')),
    sa.UniqueConstraint('ledger_id', 'kind', 'subject', name=op.f('uq_account_ledger_id_kind_subject'))
    )
    make_immutable("account")


def _entry():
    op.create_table('entry',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('ledger_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('seq', sa.BigInteger(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('key', sa.String(), nullable=False, comment='what makes a second arrival harmless'),
    sa.Column('body_hash', sa.String(), nullable=False),
    sa.Column('at', UtcDateTime(timezone=True), nullable=False),
    sa.Column('on', sa.Date(), nullable=False, comment='the day it counts for'),
    sa.Column('order_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('slip_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('terms_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True, comment='the terms a split was made under'),
    sa.Column('note', sa.String(), nullable=False),
    sa.Column('prev_hash', sa.String(), nullable=False),
    sa.Column('hash', sa.String(), nullable=False),
    sa.CheckConstraint('seq > 0', name=op.f('ck_entry_seq_from_one')),
    sa.ForeignKeyConstraint(['ledger_id'], ['ledger.id'], name=op.f('fk_entry_ledger_id_ledger')),
    sa.ForeignKeyConstraint(['order_id'], ['sale_order.id'], name=op.f('fk_entry_order_id_sale_order')),
    sa.ForeignKeyConstraint(['slip_id'], ['slip.id'], name=op.f('fk_entry_slip_id_slip')),
    sa.ForeignKeyConstraint(['terms_id'], ['settlement_terms.id'], name=op.f('fk_entry_terms_id_settlement_terms')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_entry')),
    sa.UniqueConstraint('ledger_id', 'key', name=op.f('uq_entry_ledger_id_key')),
    sa.UniqueConstraint('ledger_id', 'seq', name=op.f('uq_entry_ledger_id_seq'))
    )
    op.create_index('ix_entry_order_id', 'entry', ['order_id'], unique=False, sqlite_where=sa.text('order_id IS NOT NULL'), postgresql_where=sa.text('order_id IS NOT NULL'))
    op.create_index('ix_entry_slip_id', 'entry', ['slip_id'], unique=False, sqlite_where=sa.text('slip_id IS NOT NULL'), postgresql_where=sa.text('slip_id IS NOT NULL'))
    make_immutable("entry")


def _payout():
    op.create_table('payout',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('ledger_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('key', sa.String(), nullable=False),
    sa.Column('number', sa.String(), nullable=False, comment='TT-<year month>-<running number>'),
    sa.Column('producer_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('amount_vnd', sa.BigInteger(), nullable=False),
    sa.Column('method', sa.String(), nullable=False),
    sa.Column('reference', sa.String(), nullable=False, comment="the bank's number of the transfer, if one"),
    sa.Column('paid_at', UtcDateTime(timezone=True), nullable=False),
    sa.Column('by_user_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('entry_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.CheckConstraint("method IN ('cash', 'bank')", name=op.f('ck_payout_method_known')),
    sa.CheckConstraint('amount_vnd = CAST(amount_vnd AS BIGINT)', name=op.f('ck_payout_amount_vnd_whole')),
    sa.CheckConstraint('amount_vnd > 0', name=op.f('ck_payout_amount_positive')),
    sa.ForeignKeyConstraint(['by_user_id'], ['person_account.id'], name=op.f('fk_payout_by_user_id_person_account')),
    sa.ForeignKeyConstraint(['entry_id'], ['entry.id'], name=op.f('fk_payout_entry_id_entry')),
    sa.ForeignKeyConstraint(['ledger_id'], ['ledger.id'], name=op.f('fk_payout_ledger_id_ledger')),
    sa.ForeignKeyConstraint(['producer_id'], ['producer.id'], name=op.f('fk_payout_producer_id_producer')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_payout')),
    sa.UniqueConstraint('entry_id', name=op.f('uq_payout_entry_id')),
    sa.UniqueConstraint('ledger_id', 'key', name=op.f('uq_payout_ledger_id_key')),
    sa.UniqueConstraint('ledger_id', 'number', name=op.f('uq_payout_ledger_id_number'))
    )
    op.create_index(op.f('ix_payout_producer_id'), 'payout', ['producer_id'], unique=False)
    make_immutable("payout")


def _posting():
    op.create_table('posting',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('entry_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('account_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('amount_vnd', sa.BigInteger(), nullable=False),
    sa.Column('order_line_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('lot_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('producer_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('household_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True, comment="the household on the slip's day"),
    sa.Column('component', sa.String(), nullable=False),
    sa.CheckConstraint('amount_vnd <> 0', name=op.f('ck_posting_amount_not_zero')),
    sa.CheckConstraint('amount_vnd = CAST(amount_vnd AS BIGINT)', name=op.f('ck_posting_amount_vnd_whole')),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_posting_account_id_account')),
    sa.ForeignKeyConstraint(['entry_id'], ['entry.id'], name=op.f('fk_posting_entry_id_entry')),
    sa.ForeignKeyConstraint(['household_id'], ['household.id'], name=op.f('fk_posting_household_id_household')),
    sa.ForeignKeyConstraint(['lot_id'], ['lot.id'], name=op.f('fk_posting_lot_id_lot')),
    sa.ForeignKeyConstraint(['order_line_id'], ['order_line.id'], name=op.f('fk_posting_order_line_id_order_line')),
    sa.ForeignKeyConstraint(['producer_id'], ['producer.id'], name=op.f('fk_posting_producer_id_producer')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_posting'))
    )
    op.create_index('ix_posting_account_id_amount_vnd', 'posting', ['account_id', 'amount_vnd'], unique=False)
    op.create_index(op.f('ix_posting_entry_id'), 'posting', ['entry_id'], unique=False)
    op.create_index('ix_posting_household_id', 'posting', ['household_id'], unique=False, sqlite_where=sa.text('household_id IS NOT NULL'), postgresql_where=sa.text('household_id IS NOT NULL'))
    op.create_index('ix_posting_lot_id', 'posting', ['lot_id'], unique=False, sqlite_where=sa.text('lot_id IS NOT NULL'), postgresql_where=sa.text('lot_id IS NOT NULL'))
    op.create_index('ix_posting_order_line_id', 'posting', ['order_line_id'], unique=False, sqlite_where=sa.text('order_line_id IS NOT NULL'), postgresql_where=sa.text('order_line_id IS NOT NULL'))
    op.create_index('ix_posting_producer_id_account_id', 'posting', ['producer_id', 'account_id'], unique=False, sqlite_where=sa.text('producer_id IS NOT NULL'), postgresql_where=sa.text('producer_id IS NOT NULL'))
    make_immutable("posting")


def upgrade():
    _ledger()
    _account()
    _entry()
    _payout()
    _posting()


def downgrade():
    op.drop_table("posting")
    op.drop_table("payout")
    op.drop_table("entry")
    op.drop_table("account")
    op.drop_table("ledger")
