"""The tables that money that adds up adds to payments.

Revision ID: 0025
Revises: 0024
"""

import sqlalchemy as sa
from alembic import op

from core.db import UtcDateTime
from migrations.tools import make_immutable

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def _rail_account():
    op.create_table('rail_account',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('organisation_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('rail', sa.String(), nullable=False),
    sa.Column('merchant', sa.String(), nullable=False, comment='JSON of what is not secret'),
    sa.Column('secrets', sa.LargeBinary(), nullable=True, comment='encrypted JSON; never shown again'),
    sa.Column('enabled', sa.Boolean(), nullable=False, comment='offered to buyers while it is up'),
    sa.Column('failures_count', sa.Integer(), nullable=False, comment='in a row; an answer sets it to 0'),
    sa.Column('failed_why', sa.String(), nullable=False, comment='class of the last failure, no personal data'),
    sa.Column('failed_at', UtcDateTime(timezone=True), nullable=True),
    sa.Column('answered_at', UtcDateTime(timezone=True), nullable=True),
    sa.Column('probe_due_at', UtcDateTime(timezone=True), nullable=True, comment='when a rail that is down is tried again'),
    sa.Column('book_read_to', UtcDateTime(timezone=True), nullable=True, comment='until when its own book was compared'),
    sa.Column('changed_at', UtcDateTime(timezone=True), nullable=False),
    sa.Column('changed_by_user_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.CheckConstraint("rail IN ('stripe', 'momo', 'vnpay', 'zalopay')", name=op.f('ck_rail_account_rail_known')),
    sa.CheckConstraint('failures_count = CAST(failures_count AS BIGINT)', name=op.f('ck_rail_account_failures_count_whole')),
    sa.CheckConstraint('failures_count >= 0', name=op.f('ck_rail_account_failures_not_negative')),
    sa.ForeignKeyConstraint(['changed_by_user_id'], ['person_account.id'], name=op.f('fk_rail_account_changed_by_user_id_person_account')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_rail_account_organisation_id_organisation')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_rail_account')),
    sa.UniqueConstraint('organisation_id', 'rail', name=op.f('uq_rail_account_organisation_id_rail'))
    )


def _book_difference():
    op.create_table('book_difference',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('rail_account_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('movement_ref', sa.String(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('theirs_vnd', sa.BigInteger(), nullable=False),
    sa.Column('ours_vnd', sa.BigInteger(), nullable=False),
    sa.Column('currency', sa.String(), nullable=False),
    sa.Column('at', UtcDateTime(timezone=True), nullable=False),
    sa.Column('settled_at', UtcDateTime(timezone=True), nullable=True),
    sa.CheckConstraint('ours_vnd = CAST(ours_vnd AS BIGINT)', name=op.f('ck_book_difference_ours_vnd_whole')),
    sa.CheckConstraint('theirs_vnd = CAST(theirs_vnd AS BIGINT)', name=op.f('ck_book_difference_theirs_vnd_whole')),
    sa.ForeignKeyConstraint(['rail_account_id'], ['rail_account.id'], name=op.f('fk_book_difference_rail_account_id_rail_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_book_difference')),
    sa.UniqueConstraint('rail_account_id', 'movement_ref', name=op.f('uq_book_difference_rail_account_id_movement_ref'))
    )


def _carrier_layout():
    op.create_table('carrier_layout',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('cooperative_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('carrier', sa.String(), nullable=False, comment='as orders name it'),
    sa.Column('layout', sa.JSON(), nullable=False, comment="folded heading: column, '' for one not read"),
    sa.Column('changed_at', UtcDateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['cooperative_id'], ['cooperative.id'], name=op.f('fk_carrier_layout_cooperative_id_cooperative')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_carrier_layout')),
    sa.UniqueConstraint('cooperative_id', 'carrier', name=op.f('uq_carrier_layout_cooperative_id_carrier'))
    )


def _payment_attempt():
    op.create_table('payment_attempt',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('key', sa.String(), nullable=False, comment='ours; the provider counts repetitions under it as one'),
    sa.Column('purchase_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('rail_account_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('amount_vnd', sa.BigInteger(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('raw_state', sa.String(), nullable=False, comment="the provider's own word"),
    sa.Column('provider_ref', sa.String(), nullable=False, comment='its number of the attempt'),
    sa.Column('payment_ref', sa.String(), nullable=False, comment='its number of the money'),
    sa.Column('pay_url', sa.String(), nullable=False, comment='where the buyer pays; emptied when it ends'),
    sa.Column('fee_vnd', sa.Integer(), nullable=True, comment='what the provider kept, once it says'),
    sa.Column('asked_at', UtcDateTime(timezone=True), nullable=False),
    sa.Column('expires_at', UtcDateTime(timezone=True), nullable=False),
    sa.Column('paid_at', UtcDateTime(timezone=True), nullable=True),
    sa.Column('look_at', UtcDateTime(timezone=True), nullable=False, comment='when the provider is asked next while it is unfinished'),
    sa.Column('problem', sa.String(), nullable=False, comment='what a person must look at: amount, refused'),
    sa.CheckConstraint("(paid_at IS NOT NULL) = (state = 'paid')", name=op.f('ck_payment_attempt_paid_has_instant')),
    sa.CheckConstraint("state IN ('asked', 'open', 'pending', 'paid', 'failed', 'expired', 'cancelled')", name=op.f('ck_payment_attempt_state_known')),
    sa.CheckConstraint('amount_vnd = CAST(amount_vnd AS BIGINT)', name=op.f('ck_payment_attempt_amount_vnd_whole')),
    sa.CheckConstraint('amount_vnd > 0', name=op.f('ck_payment_attempt_amount_positive')),
    sa.CheckConstraint('fee_vnd = CAST(fee_vnd AS BIGINT)', name=op.f('ck_payment_attempt_fee_vnd_whole')),
    sa.CheckConstraint('fee_vnd IS NULL OR fee_vnd >= 0', name=op.f('ck_payment_attempt_fee_not_negative')),
    sa.ForeignKeyConstraint(['purchase_id'], ['purchase.id'], name=op.f('fk_payment_attempt_purchase_id_purchase')),
    sa.ForeignKeyConstraint(['rail_account_id'], ['rail_account.id'], name=op.f('fk_payment_attempt_rail_account_id_rail_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_payment_attempt')),
    sa.UniqueConstraint('key', name=op.f('uq_payment_attempt_key'))
    )
    op.create_index(op.f('ix_payment_attempt_purchase_id'), 'payment_attempt', ['purchase_id'], unique=False)
    op.create_index(op.f('ix_payment_attempt_state_look_at'), 'payment_attempt', ['state', 'look_at'], unique=False)
    op.create_index('uq_payment_attempt_payment_ref', 'payment_attempt', ['rail_account_id', 'payment_ref'], unique=True, sqlite_where=sa.text("payment_ref <> ''"), postgresql_where=sa.text("payment_ref <> ''"))
    op.create_index('uq_payment_attempt_provider_ref', 'payment_attempt', ['rail_account_id', 'provider_ref'], unique=True, sqlite_where=sa.text("provider_ref <> ''"), postgresql_where=sa.text("provider_ref <> ''"))


def _payrun():
    op.create_table('payrun',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('cooperative_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('key', sa.String(), nullable=False, comment="the form's own key: a double tap is one run"),
    sa.Column('number', sa.String(), nullable=False, comment='TL-<year month>-<running number>'),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('upto_on', sa.Date(), nullable=False, comment='pays what was earned up to this day'),
    sa.Column('book_seq', sa.BigInteger(), nullable=False, comment='the newest entry of the book when it was made'),
    sa.Column('made_by_user_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('made_at', UtcDateTime(timezone=True), nullable=False),
    sa.Column('approved_by_user_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('approved_at', UtcDateTime(timezone=True), nullable=True),
    sa.Column('closed_by_user_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('closed_at', UtcDateTime(timezone=True), nullable=True),
    sa.CheckConstraint("state IN ('proposed', 'open', 'closed', 'cancelled')", name=op.f('ck_payrun_state_known')),
    sa.CheckConstraint('approved_by_user_id <> made_by_user_id', name=op.f('ck_payrun_second_person')),
    sa.ForeignKeyConstraint(['approved_by_user_id'], ['person_account.id'], name=op.f('fk_payrun_approved_by_user_id_person_account')),
    sa.ForeignKeyConstraint(['closed_by_user_id'], ['person_account.id'], name=op.f('fk_payrun_closed_by_user_id_person_account')),
    sa.ForeignKeyConstraint(['cooperative_id'], ['cooperative.id'], name=op.f('fk_payrun_cooperative_id_cooperative')),
    sa.ForeignKeyConstraint(['made_by_user_id'], ['person_account.id'], name=op.f('fk_payrun_made_by_user_id_person_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_payrun')),
    sa.UniqueConstraint('cooperative_id', 'key', name=op.f('uq_payrun_cooperative_id_key')),
    sa.UniqueConstraint('cooperative_id', 'number', name=op.f('uq_payrun_cooperative_id_number'))
    )


def _attempt_share():
    op.create_table('attempt_share',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('attempt_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('order_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('amount_vnd', sa.BigInteger(), nullable=False),
    sa.CheckConstraint('amount_vnd = CAST(amount_vnd AS BIGINT)', name=op.f('ck_attempt_share_amount_vnd_whole')),
    sa.CheckConstraint('amount_vnd > 0', name=op.f('ck_attempt_share_amount_positive')),
    sa.ForeignKeyConstraint(['attempt_id'], ['payment_attempt.id'], name=op.f('fk_attempt_share_attempt_id_payment_attempt')),
    sa.ForeignKeyConstraint(['order_id'], ['sale_order.id'], name=op.f('fk_attempt_share_order_id_sale_order')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_attempt_share')),
    sa.UniqueConstraint('attempt_id', 'order_id', name=op.f('uq_attempt_share_attempt_id_order_id'))
    )
    op.create_index(op.f('ix_attempt_share_order_id'), 'attempt_share', ['order_id'], unique=False)
    make_immutable("attempt_share")


def _attempt_taken():
    op.create_table('attempt_taken',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('attempt_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('order_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('taken_vnd', sa.BigInteger(), nullable=False),
    sa.Column('surplus_vnd', sa.BigInteger(), nullable=False, comment='paid twice or too late: owed back'),
    sa.Column('fee_vnd', sa.BigInteger(), nullable=False, comment="the order's part of the provider's fee, largest remainder"),
    sa.CheckConstraint('fee_vnd = CAST(fee_vnd AS BIGINT)', name=op.f('ck_attempt_taken_fee_vnd_whole')),
    sa.CheckConstraint('surplus_vnd = CAST(surplus_vnd AS BIGINT)', name=op.f('ck_attempt_taken_surplus_vnd_whole')),
    sa.CheckConstraint('taken_vnd = CAST(taken_vnd AS BIGINT)', name=op.f('ck_attempt_taken_taken_vnd_whole')),
    sa.CheckConstraint('taken_vnd >= 0 AND surplus_vnd >= 0 AND fee_vnd >= 0', name=op.f('ck_attempt_taken_not_negative')),
    sa.ForeignKeyConstraint(['attempt_id'], ['payment_attempt.id'], name=op.f('fk_attempt_taken_attempt_id_payment_attempt')),
    sa.ForeignKeyConstraint(['order_id'], ['sale_order.id'], name=op.f('fk_attempt_taken_order_id_sale_order')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_attempt_taken')),
    sa.UniqueConstraint('attempt_id', 'order_id', name=op.f('uq_attempt_taken_attempt_id_order_id'))
    )
    op.create_index(op.f('ix_attempt_taken_order_id'), 'attempt_taken', ['order_id'], unique=False)


def _bank_feed():
    op.create_table('bank_feed',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('bank_account_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('provider', sa.String(), nullable=False),
    sa.Column('secret', sa.LargeBinary(), nullable=False, comment='encrypted: the key that signs its news'),
    sa.Column('set_at', UtcDateTime(timezone=True), nullable=False),
    sa.Column('set_by_user_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.CheckConstraint("provider IN ('payos')", name=op.f('ck_bank_feed_provider_known')),
    sa.ForeignKeyConstraint(['bank_account_id'], ['bank_account.id'], name=op.f('fk_bank_feed_bank_account_id_bank_account')),
    sa.ForeignKeyConstraint(['set_by_user_id'], ['person_account.id'], name=op.f('fk_bank_feed_set_by_user_id_person_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_bank_feed')),
    sa.UniqueConstraint('bank_account_id', 'provider', name=op.f('uq_bank_feed_bank_account_id_provider'))
    )


def _bank_statement():
    op.create_table('bank_statement',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('key', sa.String(), nullable=False, comment='of the form: a second tap is the same statement'),
    sa.Column('cooperative_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('bank_account_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('file', sa.String(), nullable=False, comment='the file as sent, private'),
    sa.Column('file_name', sa.String(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('headings', sa.JSON(), nullable=False, comment='[text, column] of each column, in order'),
    sa.Column('heading_no', sa.Integer(), nullable=False, comment='the row of the headings, from 1'),
    sa.Column('names_account', sa.Boolean(), nullable=False, comment="the account's number stands in the file"),
    sa.Column('by_user_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('sent_at', UtcDateTime(timezone=True), nullable=False),
    sa.Column('done_at', UtcDateTime(timezone=True), nullable=True),
    sa.CheckConstraint("state IN ('columns', 'preview', 'applying', 'done', 'dropped')", name=op.f('ck_bank_statement_state_known')),
    sa.CheckConstraint('heading_no = CAST(heading_no AS BIGINT)', name=op.f('ck_bank_statement_heading_no_whole')),
    sa.ForeignKeyConstraint(['bank_account_id'], ['bank_account.id'], name=op.f('fk_bank_statement_bank_account_id_bank_account')),
    sa.ForeignKeyConstraint(['by_user_id'], ['person_account.id'], name=op.f('fk_bank_statement_by_user_id_person_account')),
    sa.ForeignKeyConstraint(['cooperative_id'], ['cooperative.id'], name=op.f('fk_bank_statement_cooperative_id_cooperative')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_bank_statement')),
    sa.UniqueConstraint('key', name=op.f('uq_bank_statement_key'))
    )
    op.create_index(op.f('ix_bank_statement_bank_account_id'), 'bank_statement', ['bank_account_id'], unique=False)
    op.create_index(op.f('ix_bank_statement_cooperative_id'), 'bank_statement', ['cooperative_id'], unique=False)
    op.create_index(op.f('ix_bank_statement_state'), 'bank_statement', ['state'], unique=False)


def _carrier_claim():
    op.create_table('carrier_claim',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('order_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('cooperative_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('carrier', sa.String(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('claimed_vnd', sa.BigInteger(), nullable=False),
    sa.Column('paid_vnd', sa.BigInteger(), nullable=False),
    sa.Column('reason', sa.String(), nullable=False),
    sa.Column('opened_at', UtcDateTime(timezone=True), nullable=False),
    sa.Column('settled_at', UtcDateTime(timezone=True), nullable=True),
    sa.CheckConstraint("kind IN ('parcel', 'money')", name=op.f('ck_carrier_claim_kind_known')),
    sa.CheckConstraint('claimed_vnd = CAST(claimed_vnd AS BIGINT)', name=op.f('ck_carrier_claim_claimed_vnd_whole')),
    sa.CheckConstraint('claimed_vnd > 0', name=op.f('ck_carrier_claim_claimed_positive')),
    sa.CheckConstraint('paid_vnd = CAST(paid_vnd AS BIGINT)', name=op.f('ck_carrier_claim_paid_vnd_whole')),
    sa.CheckConstraint('paid_vnd BETWEEN 0 AND claimed_vnd', name=op.f('ck_carrier_claim_paid_within')),
    sa.CheckConstraint('settled_at IS NOT NULL OR paid_vnd = 0', name=op.f('ck_carrier_claim_paid_when_settled')),
    sa.ForeignKeyConstraint(['cooperative_id'], ['cooperative.id'], name=op.f('fk_carrier_claim_cooperative_id_cooperative')),
    sa.ForeignKeyConstraint(['order_id'], ['sale_order.id'], name=op.f('fk_carrier_claim_order_id_sale_order')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_carrier_claim')),
    sa.UniqueConstraint('order_id', name=op.f('uq_carrier_claim_order_id'))
    )
    op.create_index(op.f('ix_carrier_claim_cooperative_id'), 'carrier_claim', ['cooperative_id'], unique=False)


def _rail_dispute():
    op.create_table('rail_dispute',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('rail_account_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('attempt_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('dispute_ref', sa.String(), nullable=False),
    sa.Column('amount_vnd', sa.BigInteger(), nullable=False),
    sa.Column('fee_vnd', sa.BigInteger(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('raw_state', sa.String(), nullable=False),
    sa.Column('opened_at', UtcDateTime(timezone=True), nullable=False),
    sa.Column('closed_at', UtcDateTime(timezone=True), nullable=True),
    sa.CheckConstraint("state IN ('opened', 'won', 'lost')", name=op.f('ck_rail_dispute_state_known')),
    sa.CheckConstraint('amount_vnd = CAST(amount_vnd AS BIGINT)', name=op.f('ck_rail_dispute_amount_vnd_whole')),
    sa.CheckConstraint('amount_vnd > 0', name=op.f('ck_rail_dispute_amount_positive')),
    sa.CheckConstraint('fee_vnd = CAST(fee_vnd AS BIGINT)', name=op.f('ck_rail_dispute_fee_vnd_whole')),
    sa.ForeignKeyConstraint(['attempt_id'], ['payment_attempt.id'], name=op.f('fk_rail_dispute_attempt_id_payment_attempt')),
    sa.ForeignKeyConstraint(['rail_account_id'], ['rail_account.id'], name=op.f('fk_rail_dispute_rail_account_id_rail_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_rail_dispute')),
    sa.UniqueConstraint('rail_account_id', 'dispute_ref', name=op.f('uq_rail_dispute_rail_account_id_dispute_ref'))
    )
    op.create_index(op.f('ix_rail_dispute_attempt_id'), 'rail_dispute', ['attempt_id'], unique=False)


def _rail_news():
    op.create_table('rail_news',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('rail_account_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('event_ref', sa.String(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('attempt_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('receipt', sa.String(), nullable=False),
    sa.Column('at', UtcDateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['attempt_id'], ['payment_attempt.id'], name=op.f('fk_rail_news_attempt_id_payment_attempt')),
    sa.ForeignKeyConstraint(['rail_account_id'], ['rail_account.id'], name=op.f('fk_rail_news_rail_account_id_rail_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_rail_news')),
    sa.UniqueConstraint('rail_account_id', 'event_ref', name=op.f('uq_rail_news_rail_account_id_event_ref'))
    )
    op.create_index(op.f('ix_rail_news_attempt_id'), 'rail_news', ['attempt_id'], unique=False)
    make_immutable("rail_news")


def _remittance_file():
    op.create_table('remittance_file',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('key', sa.String(), nullable=False, comment='of the form: a second tap is the same file'),
    sa.Column('cooperative_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('carrier', sa.String(), nullable=False),
    sa.Column('file', sa.String(), nullable=False, comment='the file as sent, private'),
    sa.Column('file_name', sa.String(), nullable=False),
    sa.Column('headings', sa.JSON(), nullable=False, comment='[text, column] of each column, in order'),
    sa.Column('heading_no', sa.Integer(), nullable=False),
    sa.Column('by_user_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('sent_at', UtcDateTime(timezone=True), nullable=False),
    sa.Column('remittance_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True, comment='what was booked of it'),
    sa.CheckConstraint('heading_no = CAST(heading_no AS BIGINT)', name=op.f('ck_remittance_file_heading_no_whole')),
    sa.ForeignKeyConstraint(['by_user_id'], ['person_account.id'], name=op.f('fk_remittance_file_by_user_id_person_account')),
    sa.ForeignKeyConstraint(['cooperative_id'], ['cooperative.id'], name=op.f('fk_remittance_file_cooperative_id_cooperative')),
    sa.ForeignKeyConstraint(['remittance_id'], ['cod_remittance.id'], name=op.f('fk_remittance_file_remittance_id_cod_remittance')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_remittance_file')),
    sa.UniqueConstraint('key', name=op.f('uq_remittance_file_key'))
    )
    op.create_index(op.f('ix_remittance_file_cooperative_id'), 'remittance_file', ['cooperative_id'], unique=False)
    op.create_index(op.f('ix_remittance_file_remittance_id'), 'remittance_file', ['remittance_id'], unique=False)


def _statement_layout():
    op.create_table('statement_layout',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('bank_account_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('layout', sa.JSON(), nullable=False, comment="folded heading: column, '' for one not read"),
    sa.Column('changed_at', UtcDateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['bank_account_id'], ['bank_account.id'], name=op.f('fk_statement_layout_bank_account_id_bank_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_statement_layout')),
    sa.UniqueConstraint('bank_account_id', name=op.f('uq_statement_layout_bank_account_id'))
    )


def _transfer_part():
    op.create_table('transfer_part',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('transfer_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('order_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('amount_vnd', sa.BigInteger(), nullable=False),
    sa.CheckConstraint('amount_vnd = CAST(amount_vnd AS BIGINT)', name=op.f('ck_transfer_part_amount_vnd_whole')),
    sa.CheckConstraint('amount_vnd >= 0', name=op.f('ck_transfer_part_amount_not_negative')),
    sa.ForeignKeyConstraint(['order_id'], ['sale_order.id'], name=op.f('fk_transfer_part_order_id_sale_order')),
    sa.ForeignKeyConstraint(['transfer_id'], ['transfer.id'], name=op.f('fk_transfer_part_transfer_id_transfer')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_transfer_part')),
    sa.UniqueConstraint('transfer_id', 'order_id', name=op.f('uq_transfer_part_transfer_id_order_id'))
    )
    op.create_index(op.f('ix_transfer_part_order_id'), 'transfer_part', ['order_id'], unique=False)


def _transfer_sighting():
    op.create_table('transfer_sighting',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('transfer_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('bank_account_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('provider', sa.String(), nullable=False),
    sa.Column('provider_id', sa.String(), nullable=False),
    sa.Column('at', UtcDateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['bank_account_id'], ['bank_account.id'], name=op.f('fk_transfer_sighting_bank_account_id_bank_account')),
    sa.ForeignKeyConstraint(['transfer_id'], ['transfer.id'], name=op.f('fk_transfer_sighting_transfer_id_transfer')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_transfer_sighting')),
    sa.UniqueConstraint('bank_account_id', 'provider', 'provider_id', name=op.f('uq_transfer_sighting_bank_account_id_provider_provider_id')),
    sa.UniqueConstraint('transfer_id', 'provider', name=op.f('uq_transfer_sighting_transfer_id_provider'))
    )


def _rail_refund():
    op.create_table('rail_refund',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('key', sa.String(), nullable=False),
    sa.Column('refund_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('attempt_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('order_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('rail_account_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('amount_vnd', sa.BigInteger(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('raw_state', sa.String(), nullable=False),
    sa.Column('refund_ref', sa.String(), nullable=False, comment="the provider's number of it"),
    sa.Column('asked_at', UtcDateTime(timezone=True), nullable=False),
    sa.Column('done_at', UtcDateTime(timezone=True), nullable=True),
    sa.Column('look_at', UtcDateTime(timezone=True), nullable=False),
    sa.CheckConstraint("state IN ('pending', 'done', 'failed')", name=op.f('ck_rail_refund_state_known')),
    sa.CheckConstraint('amount_vnd = CAST(amount_vnd AS BIGINT)', name=op.f('ck_rail_refund_amount_vnd_whole')),
    sa.CheckConstraint('amount_vnd > 0', name=op.f('ck_rail_refund_amount_positive')),
    sa.ForeignKeyConstraint(['attempt_id'], ['payment_attempt.id'], name=op.f('fk_rail_refund_attempt_id_payment_attempt')),
    sa.ForeignKeyConstraint(['order_id'], ['sale_order.id'], name=op.f('fk_rail_refund_order_id_sale_order')),
    sa.ForeignKeyConstraint(['rail_account_id'], ['rail_account.id'], name=op.f('fk_rail_refund_rail_account_id_rail_account')),
    sa.ForeignKeyConstraint(['refund_id'], ['refund.id'], name=op.f('fk_rail_refund_refund_id_refund')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_rail_refund')),
    sa.UniqueConstraint('key', name=op.f('uq_rail_refund_key')),
    sa.UniqueConstraint('refund_id', name=op.f('uq_rail_refund_refund_id'))
    )
    op.create_index(op.f('ix_rail_refund_attempt_id'), 'rail_refund', ['attempt_id'], unique=False)
    op.create_index(op.f('ix_rail_refund_order_id'), 'rail_refund', ['order_id'], unique=False)
    op.create_index(op.f('ix_rail_refund_state_look_at'), 'rail_refund', ['state', 'look_at'], unique=False)
    op.create_index('uq_rail_refund_refund_ref', 'rail_refund', ['rail_account_id', 'refund_ref'], unique=True, sqlite_where=sa.text("refund_ref <> ''"), postgresql_where=sa.text("refund_ref <> ''"))


def _statement_line():
    op.create_table('statement_line',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('statement_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('bank_account_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('row_no', sa.Integer(), nullable=False),
    sa.Column('on_day', sa.Date(), nullable=True),
    sa.Column('at', UtcDateTime(timezone=True), nullable=True, comment='noon where the file tells the day alone'),
    sa.Column('exact_time', sa.Boolean(), nullable=False),
    sa.Column('amount_vnd', sa.BigInteger(), nullable=False, comment='+ came, - went'),
    sa.Column('content', sa.String(), nullable=False),
    sa.Column('reference', sa.String(), nullable=False),
    sa.Column('balance_vnd', sa.BigInteger(), nullable=True),
    sa.Column('fingerprint', sa.String(), nullable=False),
    sa.Column('outcome', sa.String(), nullable=False),
    sa.Column('fault', sa.JSON(), nullable=True, comment='[cell, message, params]'),
    sa.Column('transfer_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('refund_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True, comment='the refund that this money that went was'),
    sa.CheckConstraint("outcome <> 'booked' OR transfer_id IS NOT NULL", name=op.f('ck_statement_line_booked_has_transfer')),
    sa.CheckConstraint("outcome = 'fault' OR (on_day IS NOT NULL AND fingerprint <> '')", name=op.f('ck_statement_line_read_or_fault')),
    sa.CheckConstraint("outcome IN ('new', 'known', 'out', 'fault', 'booked')", name=op.f('ck_statement_line_outcome_known')),
    sa.CheckConstraint('amount_vnd = CAST(amount_vnd AS BIGINT)', name=op.f('ck_statement_line_amount_vnd_whole')),
    sa.CheckConstraint('balance_vnd = CAST(balance_vnd AS BIGINT)', name=op.f('ck_statement_line_balance_vnd_whole')),
    sa.CheckConstraint('row_no = CAST(row_no AS BIGINT)', name=op.f('ck_statement_line_row_no_whole')),
    sa.ForeignKeyConstraint(['bank_account_id'], ['bank_account.id'], name=op.f('fk_statement_line_bank_account_id_bank_account')),
    sa.ForeignKeyConstraint(['refund_id'], ['refund.id'], name=op.f('fk_statement_line_refund_id_refund')),
    sa.ForeignKeyConstraint(['statement_id'], ['bank_statement.id'], name=op.f('fk_statement_line_statement_id_bank_statement')),
    sa.ForeignKeyConstraint(['transfer_id'], ['transfer.id'], name=op.f('fk_statement_line_transfer_id_transfer')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_statement_line')),
    sa.UniqueConstraint('statement_id', 'row_no', name=op.f('uq_statement_line_statement_id_row_no'))
    )
    op.create_index(op.f('ix_statement_line_fingerprint'), 'statement_line', ['fingerprint'], unique=False)
    op.create_index(op.f('ix_statement_line_outcome'), 'statement_line', ['outcome'], unique=False)
    op.create_index(op.f('ix_statement_line_refund_id'), 'statement_line', ['refund_id'], unique=False)
    op.create_index(op.f('ix_statement_line_transfer_id'), 'statement_line', ['transfer_id'], unique=False)


def _payrun_line():
    op.create_table('payrun_line',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('run_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('producer_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('method', sa.String(), nullable=False),
    sa.Column('amount_vnd', sa.BigInteger(), nullable=False),
    sa.Column('owed_vnd', sa.BigInteger(), nullable=False, comment='all that was owed when the run was made'),
    sa.Column('account_changed_at', UtcDateTime(timezone=True), nullable=True, comment='which account was agreed to: its last change'),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('why', sa.String(), nullable=False, comment='why it did not go or came back: a word of rules.Why, or text'),
    sa.Column('payout_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('sent_by_user_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('moved_at', UtcDateTime(timezone=True), nullable=True, comment='of the present state'),
    sa.CheckConstraint("(payout_id IS NOT NULL) = (state IN ('sent', 'confirmed', 'returned'))", name=op.f('ck_payrun_line_sent_has_payout')),
    sa.CheckConstraint("method IN ('bank', 'cash')", name=op.f('ck_payrun_line_method_known')),
    sa.CheckConstraint("state IN ('planned', 'sent', 'confirmed', 'returned', 'failed', 'dropped')", name=op.f('ck_payrun_line_state_known')),
    sa.CheckConstraint('amount_vnd = CAST(amount_vnd AS BIGINT)', name=op.f('ck_payrun_line_amount_vnd_whole')),
    sa.CheckConstraint('amount_vnd > 0 AND amount_vnd <= owed_vnd', name=op.f('ck_payrun_line_amount_owed')),
    sa.CheckConstraint('owed_vnd = CAST(owed_vnd AS BIGINT)', name=op.f('ck_payrun_line_owed_vnd_whole')),
    sa.ForeignKeyConstraint(['payout_id'], ['payout.id'], name=op.f('fk_payrun_line_payout_id_payout')),
    sa.ForeignKeyConstraint(['producer_id'], ['producer.id'], name=op.f('fk_payrun_line_producer_id_producer')),
    sa.ForeignKeyConstraint(['run_id'], ['payrun.id'], name=op.f('fk_payrun_line_run_id_payrun')),
    sa.ForeignKeyConstraint(['sent_by_user_id'], ['person_account.id'], name=op.f('fk_payrun_line_sent_by_user_id_person_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_payrun_line')),
    sa.UniqueConstraint('payout_id', name=op.f('uq_payrun_line_payout_id')),
    sa.UniqueConstraint('run_id', 'producer_id', name=op.f('uq_payrun_line_run_id_producer_id'))
    )
    op.create_index(op.f('ix_payrun_line_producer_id'), 'payrun_line', ['producer_id'], unique=False)
    op.create_index('uq_payrun_line_planned', 'payrun_line', ['producer_id'], unique=True, sqlite_where=sa.text("state = 'planned'"), postgresql_where=sa.text("state = 'planned'"))


def upgrade():
    _rail_account()
    _book_difference()
    _carrier_layout()
    _payment_attempt()
    _payrun()
    _attempt_share()
    _attempt_taken()
    _bank_feed()
    _bank_statement()
    _carrier_claim()
    _rail_dispute()
    _rail_news()
    _remittance_file()
    _statement_layout()
    _transfer_part()
    _transfer_sighting()
    _rail_refund()
    _statement_line()
    _payrun_line()


def downgrade():
    op.drop_table("payrun_line")
    op.drop_table("statement_line")
    op.drop_table("rail_refund")
    op.drop_table("transfer_sighting")
    op.drop_table("transfer_part")
    op.drop_table("statement_layout")
    op.drop_table("remittance_file")
    op.drop_table("rail_news")
    op.drop_table("rail_dispute")
    op.drop_table("carrier_claim")
    op.drop_table("bank_statement")
    op.drop_table("bank_feed")
    op.drop_table("attempt_taken")
    op.drop_table("attempt_share")
    op.drop_table("payrun")
    op.drop_table("payment_attempt")
    op.drop_table("carrier_layout")
    op.drop_table("book_difference")
    op.drop_table("rail_account")
