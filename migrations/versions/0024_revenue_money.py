"""What money that adds up adds to revenue.

Revision ID: 0024
Revises: 0023
"""

import sqlalchemy as sa
from alembic import op

from core.db import UtcDateTime
from migrations.tools import guard_closed_months, keep_immutable, make_immutable, unguard_closed_months

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def _payout_limit():
    op.create_table('payout_limit',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('organisation_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('from_on', sa.Date(), nullable=False),
    sa.Column('limit_vnd', sa.BigInteger(), nullable=False),
    sa.Column('set_by_user_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('set_at', UtcDateTime(timezone=True), nullable=False),
    sa.Column('approved_by_user_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('approved_at', UtcDateTime(timezone=True), nullable=True, comment='NULL: a rise that waits for a second person'),
    sa.CheckConstraint('approved_by_user_id <> set_by_user_id', name=op.f('ck_payout_limit_second_person')),
    sa.CheckConstraint('limit_vnd = CAST(limit_vnd AS BIGINT)', name=op.f('ck_payout_limit_limit_vnd_whole')),
    sa.CheckConstraint('limit_vnd >= 0', name=op.f('ck_payout_limit_limit_not_negative')),
    sa.ForeignKeyConstraint(['approved_by_user_id'], ['person_account.id'], name=op.f('fk_payout_limit_approved_by_user_id_person_account')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_payout_limit_organisation_id_organisation')),
    sa.ForeignKeyConstraint(['set_by_user_id'], ['person_account.id'], name=op.f('fk_payout_limit_set_by_user_id_person_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_payout_limit'))
    )
    op.create_index(op.f('ix_payout_limit_organisation_id'), 'payout_limit', ['organisation_id'], unique=False)


def _account():
    with op.batch_alter_table("account") as table:
        table.drop_constraint(op.f("ck_account_kind_known"), type_="check")
        table.create_check_constraint(op.f("ck_account_kind_known"), "kind IN ('bank', 'cash', 'suspense', 'buyer_prepayment', 'cod_receivable', 'producer_payable', 'producer_advance', 'producer_receivable', 'cooperative_income', 'fund', 'shipping_income', 'shipping_cost', 'provider_fee', 'recall_cost', 'refund_due', 'capital', 'subsidy_receivable', 'subsidy_budget', 'subsidy_held', 'due_to_cooperative', 'due_from_collector', 'remittance_coming', 'rail_clearing', 'dispute_held', 'dispute_cost', 'taxes_withheld', 'platform_fee_due', 'goods_bought', 'carrier_claim', 'carrier_loss', 'cost_of_goods')")
    keep_immutable("account")


def _account_back():
    with op.batch_alter_table("account") as table:
        table.drop_constraint(op.f("ck_account_kind_known"), type_="check")
        table.create_check_constraint(op.f("ck_account_kind_known"), "kind IN ('bank', 'cash', 'suspense', 'buyer_prepayment', 'cod_receivable', 'producer_payable', 'producer_advance', 'producer_receivable', 'cooperative_income', 'fund', 'shipping_income', 'shipping_cost', 'provider_fee', 'recall_cost', 'refund_due', 'capital', 'subsidy_receivable', 'subsidy_budget', 'subsidy_held', 'due_to_cooperative')")
    keep_immutable("account")


def _remittance():
    op.create_table('remittance',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('collector_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('cooperative_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('key', sa.String(), nullable=False, comment="the form's own: a second tap is the same transfer"),
    sa.Column('number', sa.String(), nullable=False, comment='what stands in the transfer: NT-<year month>-<running number>'),
    sa.Column('amount_vnd', sa.BigInteger(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('reference', sa.String(), nullable=False, comment="the bank's number of the transfer, if one"),
    sa.Column('sent_on', sa.Date(), nullable=False),
    sa.Column('sent_by_user_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('closed_at', UtcDateTime(timezone=True), nullable=True, comment='confirmed by the cooperative, or returned'),
    sa.Column('closed_by_user_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.CheckConstraint("(state = 'sent') = (closed_at IS NULL)", name=op.f('ck_remittance_closed_when_not_sent')),
    sa.CheckConstraint("state IN ('sent', 'confirmed', 'returned')", name=op.f('ck_remittance_state_known')),
    sa.CheckConstraint('amount_vnd = CAST(amount_vnd AS BIGINT)', name=op.f('ck_remittance_amount_vnd_whole')),
    sa.CheckConstraint('amount_vnd > 0', name=op.f('ck_remittance_amount_positive')),
    sa.ForeignKeyConstraint(['closed_by_user_id'], ['person_account.id'], name=op.f('fk_remittance_closed_by_user_id_person_account')),
    sa.ForeignKeyConstraint(['collector_id'], ['organisation.id'], name=op.f('fk_remittance_collector_id_organisation')),
    sa.ForeignKeyConstraint(['cooperative_id'], ['cooperative.id'], name=op.f('fk_remittance_cooperative_id_cooperative')),
    sa.ForeignKeyConstraint(['sent_by_user_id'], ['person_account.id'], name=op.f('fk_remittance_sent_by_user_id_person_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_remittance')),
    sa.UniqueConstraint('collector_id', 'key', name=op.f('uq_remittance_collector_id_key')),
    sa.UniqueConstraint('number', name=op.f('uq_remittance_number'))
    )
    op.create_index(op.f('ix_remittance_cooperative_id'), 'remittance', ['cooperative_id'], unique=False)


def _dispute():
    op.create_table('dispute',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('conversation_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('producer_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('organisation_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('about', sa.String(), nullable=False),
    sa.Column('about_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True, comment='id of the slip or payout it is about, if one'),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('outcome', sa.String(), nullable=True),
    sa.Column('opened_by_user_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('opened_at', UtcDateTime(timezone=True), nullable=False),
    sa.Column('moved_at', UtcDateTime(timezone=True), nullable=False, comment='of the last word'),
    sa.Column('closed_by_user_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.CheckConstraint("(state = 'closed') = (outcome IS NOT NULL)", name=op.f('ck_dispute_closed_has_outcome')),
    sa.CheckConstraint("about IN ('slip', 'sale', 'payout', 'sum')", name=op.f('ck_dispute_about_known')),
    sa.CheckConstraint("outcome IS NULL OR outcome IN ('mended', 'explained', 'withdrawn', 'unresolved')", name=op.f('ck_dispute_outcome_known')),
    sa.CheckConstraint("state IN ('open', 'answered', 'closed')", name=op.f('ck_dispute_state_known')),
    sa.ForeignKeyConstraint(['closed_by_user_id'], ['person_account.id'], name=op.f('fk_dispute_closed_by_user_id_person_account')),
    sa.ForeignKeyConstraint(['conversation_id'], ['conversation.id'], name=op.f('fk_dispute_conversation_id_conversation')),
    sa.ForeignKeyConstraint(['opened_by_user_id'], ['person_account.id'], name=op.f('fk_dispute_opened_by_user_id_person_account')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_dispute_organisation_id_organisation')),
    sa.ForeignKeyConstraint(['producer_id'], ['producer.id'], name=op.f('fk_dispute_producer_id_producer')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_dispute')),
    sa.UniqueConstraint('conversation_id', name=op.f('uq_dispute_conversation_id'))
    )
    op.create_index(op.f('ix_dispute_organisation_id_state'), 'dispute', ['organisation_id', 'state'], unique=False)
    op.create_index(op.f('ix_dispute_producer_id'), 'dispute', ['producer_id'], unique=False)


def _producer_pin():
    op.create_table('producer_pin',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('producer_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('pin_hash', sa.String(), nullable=False),
    sa.Column('set_at', UtcDateTime(timezone=True), nullable=False),
    sa.Column('set_by_user_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.ForeignKeyConstraint(['producer_id'], ['producer.id'], name=op.f('fk_producer_pin_producer_id_producer')),
    sa.ForeignKeyConstraint(['set_by_user_id'], ['person_account.id'], name=op.f('fk_producer_pin_set_by_user_id_person_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_producer_pin')),
    sa.UniqueConstraint('producer_id', name=op.f('uq_producer_pin_producer_id'))
    )


def _statement_paper():
    op.create_table('statement_paper',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('number', sa.String(), nullable=False, comment='16 random digits: all that its QR code says'),
    sa.Column('key', sa.String(), nullable=False, comment="the form's own key: a double tap is one paper"),
    sa.Column('producer_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('organisation_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('issued_at', UtcDateTime(timezone=True), nullable=False),
    sa.Column('issued_by_user_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('upto_seq', sa.BigInteger(), nullable=False, comment='the newest entry of the book that it counts'),
    sa.Column('upto_hash', sa.String(), nullable=False),
    sa.Column('delivered_g', sa.BigInteger(), nullable=False),
    sa.Column('earned_vnd', sa.BigInteger(), nullable=False),
    sa.Column('withheld_vnd', sa.BigInteger(), nullable=False),
    sa.Column('advanced_vnd', sa.BigInteger(), nullable=False),
    sa.Column('open_advance_vnd', sa.BigInteger(), nullable=False),
    sa.Column('debt_vnd', sa.BigInteger(), nullable=False),
    sa.Column('paid_vnd', sa.BigInteger(), nullable=False),
    sa.Column('owed_vnd', sa.BigInteger(), nullable=False),
    sa.Column('file', sa.String(), nullable=False, comment='private file, PDF'),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('replaced_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('reason', sa.String(), nullable=False, comment='why it is void or replaced'),
    sa.Column('moved_at', UtcDateTime(timezone=True), nullable=True),
    sa.CheckConstraint("(state = 'replaced') = (replaced_by_id IS NOT NULL)", name=op.f('ck_statement_paper_replaced_names_other')),
    sa.CheckConstraint("state IN ('valid', 'void', 'replaced')", name=op.f('ck_statement_paper_state_known')),
    sa.CheckConstraint('advanced_vnd = CAST(advanced_vnd AS BIGINT)', name=op.f('ck_statement_paper_advanced_vnd_whole')),
    sa.CheckConstraint('debt_vnd = CAST(debt_vnd AS BIGINT)', name=op.f('ck_statement_paper_debt_vnd_whole')),
    sa.CheckConstraint('delivered_g = CAST(delivered_g AS BIGINT)', name=op.f('ck_statement_paper_delivered_g_whole')),
    sa.CheckConstraint('earned_vnd = CAST(earned_vnd AS BIGINT)', name=op.f('ck_statement_paper_earned_vnd_whole')),
    sa.CheckConstraint('open_advance_vnd = CAST(open_advance_vnd AS BIGINT)', name=op.f('ck_statement_paper_open_advance_vnd_whole')),
    sa.CheckConstraint('owed_vnd = CAST(owed_vnd AS BIGINT)', name=op.f('ck_statement_paper_owed_vnd_whole')),
    sa.CheckConstraint('paid_vnd = CAST(paid_vnd AS BIGINT)', name=op.f('ck_statement_paper_paid_vnd_whole')),
    sa.CheckConstraint('withheld_vnd = CAST(withheld_vnd AS BIGINT)', name=op.f('ck_statement_paper_withheld_vnd_whole')),
    sa.ForeignKeyConstraint(['issued_by_user_id'], ['person_account.id'], name=op.f('fk_statement_paper_issued_by_user_id_person_account')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_statement_paper_organisation_id_organisation')),
    sa.ForeignKeyConstraint(['producer_id'], ['producer.id'], name=op.f('fk_statement_paper_producer_id_producer')),
    sa.ForeignKeyConstraint(['replaced_by_id'], ['statement_paper.id'], name=op.f('fk_statement_paper_replaced_by_id_statement_paper')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_statement_paper')),
    sa.UniqueConstraint('number', name=op.f('uq_statement_paper_number')),
    sa.UniqueConstraint('producer_id', 'key', name=op.f('uq_statement_paper_producer_id_key'))
    )
    op.create_index(op.f('ix_statement_paper_organisation_id'), 'statement_paper', ['organisation_id'], unique=False)


def _month_close():
    op.create_table('month_close',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('ledger_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('month', sa.Date(), nullable=False, comment='its first day'),
    sa.Column('until_on', sa.Date(), nullable=False, comment='its last day; no entry counts for this or an earlier day'),
    sa.Column('turn', sa.Integer(), nullable=False, comment='1, and one more each time it was opened and closed again'),
    sa.Column('entry_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False, comment='the newest entry of the ledger at that moment'),
    sa.Column('head_hash', sa.String(), nullable=False),
    sa.Column('entry_count', sa.BigInteger(), nullable=False, comment='entries that count for a day up to its last'),
    sa.Column('closed_at', UtcDateTime(timezone=True), nullable=False),
    sa.Column('by_user_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.CheckConstraint('entry_count = CAST(entry_count AS BIGINT)', name=op.f('ck_month_close_entry_count_whole')),
    sa.CheckConstraint('turn > 0', name=op.f('ck_month_close_turn_from_one')),
    sa.CheckConstraint('until_on > month', name=op.f('ck_month_close_ends_after_it_begins')),
    sa.ForeignKeyConstraint(['by_user_id'], ['person_account.id'], name=op.f('fk_month_close_by_user_id_person_account')),
    sa.ForeignKeyConstraint(['entry_id'], ['entry.id'], name=op.f('fk_month_close_entry_id_entry')),
    sa.ForeignKeyConstraint(['ledger_id'], ['ledger.id'], name=op.f('fk_month_close_ledger_id_ledger')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_month_close')),
    sa.UniqueConstraint('ledger_id', 'month', 'turn', name=op.f('uq_month_close_ledger_id_month_turn'))
    )
    make_immutable("month_close")


def _payout():
    with op.batch_alter_table("payout") as table:
        table.add_column(sa.Column('approved_by_user_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True, comment='the second person, where the sum needed one'))
        table.create_foreign_key(op.f("fk_payout_approved_by_user_id_person_account"), "person_account", ['approved_by_user_id'], ['id'])
    keep_immutable("payout")


def _payout_back():
    with op.batch_alter_table("payout") as table:
        table.drop_constraint(op.f("fk_payout_approved_by_user_id_person_account"), type_="foreignkey")
        table.drop_column("approved_by_user_id")
    keep_immutable("payout")


def _work_hours():
    op.create_table('work_hours',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('batch_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('producer_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('household_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True, comment='in which she lived on that day'),
    sa.Column('minutes', sa.Integer(), nullable=False),
    sa.Column('written_at', UtcDateTime(timezone=True), nullable=False),
    sa.Column('by_user_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.CheckConstraint('minutes BETWEEN 1 AND 60000', name=op.f('ck_work_hours_minutes_in_range')),
    sa.ForeignKeyConstraint(['batch_id'], ['batch.id'], name=op.f('fk_work_hours_batch_id_batch')),
    sa.ForeignKeyConstraint(['by_user_id'], ['person_account.id'], name=op.f('fk_work_hours_by_user_id_person_account')),
    sa.ForeignKeyConstraint(['household_id'], ['household.id'], name=op.f('fk_work_hours_household_id_household')),
    sa.ForeignKeyConstraint(['producer_id'], ['producer.id'], name=op.f('fk_work_hours_producer_id_producer')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_work_hours')),
    sa.UniqueConstraint('batch_id', 'producer_id', name=op.f('uq_work_hours_batch_id_producer_id'))
    )
    op.create_index(op.f('ix_work_hours_producer_id'), 'work_hours', ['producer_id'], unique=False)


def _month_figure():
    op.create_table('month_figure',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('close_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('moved_vnd', sa.BigInteger(), nullable=False, comment='debits less credits of the month'),
    sa.Column('balance_vnd', sa.BigInteger(), nullable=False, comment='at its end, debit +'),
    sa.CheckConstraint('balance_vnd = CAST(balance_vnd AS BIGINT)', name=op.f('ck_month_figure_balance_vnd_whole')),
    sa.CheckConstraint('moved_vnd = CAST(moved_vnd AS BIGINT)', name=op.f('ck_month_figure_moved_vnd_whole')),
    sa.ForeignKeyConstraint(['close_id'], ['month_close.id'], name=op.f('fk_month_figure_close_id_month_close')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_month_figure')),
    sa.UniqueConstraint('close_id', 'kind', name=op.f('uq_month_figure_close_id_kind'))
    )
    make_immutable("month_figure")


def _month_reopening():
    op.create_table('month_reopening',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('close_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('asked_by_user_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('asked_at', UtcDateTime(timezone=True), nullable=False),
    sa.Column('reason', sa.String(), nullable=False),
    sa.Column('agreed_by_user_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('agreed_at', UtcDateTime(timezone=True), nullable=True),
    sa.CheckConstraint('(agreed_at IS NULL) = (agreed_by_user_id IS NULL)', name=op.f('ck_month_reopening_agreed_by_somebody')),
    sa.CheckConstraint('agreed_by_user_id <> asked_by_user_id', name=op.f('ck_month_reopening_second_person')),
    sa.ForeignKeyConstraint(['agreed_by_user_id'], ['person_account.id'], name=op.f('fk_month_reopening_agreed_by_user_id_person_account')),
    sa.ForeignKeyConstraint(['asked_by_user_id'], ['person_account.id'], name=op.f('fk_month_reopening_asked_by_user_id_person_account')),
    sa.ForeignKeyConstraint(['close_id'], ['month_close.id'], name=op.f('fk_month_reopening_close_id_month_close')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_month_reopening')),
    sa.UniqueConstraint('close_id', name=op.f('uq_month_reopening_close_id'))
    )


def _payout_confirmation():
    op.create_table('payout_confirmation',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('payout_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('how', sa.String(), nullable=False),
    sa.Column('at', UtcDateTime(timezone=True), nullable=False),
    sa.Column('by_user_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.CheckConstraint("how IN ('code', 'pin', 'own')", name=op.f('ck_payout_confirmation_how_known')),
    sa.ForeignKeyConstraint(['by_user_id'], ['person_account.id'], name=op.f('fk_payout_confirmation_by_user_id_person_account')),
    sa.ForeignKeyConstraint(['payout_id'], ['payout.id'], name=op.f('fk_payout_confirmation_payout_id_payout')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_payout_confirmation')),
    sa.UniqueConstraint('payout_id', name=op.f('uq_payout_confirmation_payout_id'))
    )
    make_immutable("payout_confirmation")


def _posting():
    with op.batch_alter_table("posting") as table:
        table.drop_index(op.f("ix_posting_producer_id_account_id"))
        table.add_column(sa.Column('rule', sa.String(), nullable=False, comment="the clause of the entry's terms, or the tax rule, that made the amount", server_default=''))
        table.add_column(sa.Column('deal', sa.String(), nullable=False, comment='consigned or outright, internal or external; empty where no goods are behind it', server_default=''))
        table.create_index(op.f("ix_posting_producer_id_entry_id"), ['producer_id', 'entry_id'], unique=False, sqlite_where=sa.text('producer_id IS NOT NULL'), postgresql_where=sa.text('producer_id IS NOT NULL'))
    with op.batch_alter_table("posting") as table:
        table.alter_column("rule", server_default=None)
        table.alter_column("deal", server_default=None)
    keep_immutable("posting")


def _posting_back():
    with op.batch_alter_table("posting") as table:
        table.drop_index(op.f("ix_posting_producer_id_entry_id"))
        table.drop_column("rule")
        table.drop_column("deal")
        table.create_index(op.f("ix_posting_producer_id_account_id"), ['producer_id', 'account_id'], unique=False)
    keep_immutable("posting")


def upgrade():
    _payout_limit()
    _account()
    _remittance()
    _dispute()
    _producer_pin()
    _statement_paper()
    _month_close()
    _payout()
    _work_hours()
    _month_figure()
    _month_reopening()
    guard_closed_months()
    _payout_confirmation()
    _posting()


def downgrade():
    unguard_closed_months()
    _posting_back()
    op.drop_table("payout_confirmation")
    op.drop_table("month_reopening")
    op.drop_table("month_figure")
    op.drop_table("work_hours")
    _payout_back()
    op.drop_table("month_close")
    op.drop_table("statement_paper")
    op.drop_table("producer_pin")
    op.drop_table("dispute")
    op.drop_table("remittance")
    _account_back()
    op.drop_table("payout_limit")
