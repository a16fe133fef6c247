"""The tables of cooperatives.

Revision ID: 0006
Revises: 0005
"""

import sqlalchemy as sa
from alembic import op

from core.db import UtcDateTime
from migrations.tools import make_immutable

revision = "0006"
down_revision = '0005'
branch_labels = None
depends_on = None


def _cooperative():
    op.create_table('cooperative',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('organisation_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('slug', sa.String(), nullable=False, comment='in /cooperatives/<slug>; never changes'),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('name_folded', sa.String(), nullable=False),
    sa.Column('registration_number', sa.String(), nullable=False, comment="of the cooperative's registration certificate"),
    sa.Column('registered_on', sa.Date(), nullable=False),
    sa.Column('registered_by', sa.String(), nullable=False, comment='the office that issued it'),
    sa.Column('legal_representative', sa.String(), nullable=False),
    sa.Column('commune_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False, comment='head office'),
    sa.Column('address_line', sa.String(), nullable=False),
    sa.Column('phone', sa.String(), nullable=False, comment='E.164, shown on the shop page'),
    sa.Column('zalo', sa.String(), nullable=False, comment='E.164 of the Zalo account, or empty'),
    sa.Column('email', sa.String(), nullable=False),
    sa.Column('story', sa.String(), nullable=False),
    sa.Column('craft_tradition', sa.String(), nullable=False, comment='ethnic tradition of the craft, as the cooperative states; never computed from persons'),
    sa.Column('gs1_prefix', sa.String(), nullable=True, comment='its own, licensed; else numbers are of restricted circulation'),
    sa.Column('founded_year', sa.Integer(), nullable=True),
    sa.Column('logo', sa.String(), nullable=False, comment='name of an illustration in static/img/cooperatives'),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('application_key', sa.String(), nullable=False, comment='of the form: a second tap is the same application'),
    sa.Column('applied_by_user_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('applied_at', UtcDateTime(timezone=True), nullable=False),
    sa.Column('decided_at', UtcDateTime(timezone=True), nullable=True),
    sa.Column('decided_by_user_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('refusal', sa.String(), nullable=False, comment='the reason, shown to the applicant'),
    sa.Column('is_demo', sa.Boolean(), nullable=False),
    sa.CheckConstraint("(state IN ('approved', 'suspended')) = (organisation_id IS NOT NULL)", name=op.f('ck_cooperative_approved_has_organisation')),
    sa.CheckConstraint("state = 'applied' OR decided_at IS NOT NULL", name=op.f('ck_cooperative_decision_has_a_time')),
    sa.CheckConstraint("state IN ('applied', 'approved', 'suspended', 'refused')", name=op.f('ck_cooperative_state_known')),
    sa.CheckConstraint('founded_year IS NULL OR founded_year BETWEEN 1950 AND 2200', name=op.f('ck_cooperative_founded_year_plausible')),
    sa.ForeignKeyConstraint(['applied_by_user_id'], ['person_account.id'], name=op.f('fk_cooperative_applied_by_user_id_person_account')),
    sa.ForeignKeyConstraint(['commune_id'], ['unit.id'], name=op.f('fk_cooperative_commune_id_unit')),
    sa.ForeignKeyConstraint(['decided_by_user_id'], ['person_account.id'], name=op.f('fk_cooperative_decided_by_user_id_person_account')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_cooperative_organisation_id_organisation')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_cooperative')),
    sa.UniqueConstraint('application_key', name=op.f('uq_cooperative_application_key')),
    sa.UniqueConstraint('organisation_id', name=op.f('uq_cooperative_organisation_id')),
    sa.UniqueConstraint('registration_number', name=op.f('uq_cooperative_registration_number')),
    sa.UniqueConstraint('slug', name=op.f('uq_cooperative_slug'))
    )
    op.create_index(op.f('ix_cooperative_applied_by_user_id'), 'cooperative', ['applied_by_user_id'], unique=False)
    op.create_index(op.f('ix_cooperative_commune_id'), 'cooperative', ['commune_id'], unique=False)
    op.create_index(op.f('ix_cooperative_decided_by_user_id'), 'cooperative', ['decided_by_user_id'], unique=False)
    op.create_index(op.f('ix_cooperative_name_folded'), 'cooperative', ['name_folded'], unique=False)
    op.create_index(op.f('ix_cooperative_state'), 'cooperative', ['state'], unique=False)


def _bank_account():
    op.create_table('bank_account',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('cooperative_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('bank_bin', sa.String(), nullable=False, comment='six digits of NAPAS'),
    sa.Column('bank_name', sa.String(), nullable=False),
    sa.Column('account_number', sa.String(), nullable=False),
    sa.Column('holder', sa.String(), nullable=False, comment='as the bank prints it: capitals, no marks'),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('proposed_by', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('proposed_at', UtcDateTime(timezone=True), nullable=False),
    sa.Column('approved_by', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('approved_at', UtcDateTime(timezone=True), nullable=True),
    sa.Column('effective_at', UtcDateTime(timezone=True), nullable=True, comment='from this instant money goes here'),
    sa.Column('retired_at', UtcDateTime(timezone=True), nullable=True, comment='when it was withdrawn before use, or replaced'),
    sa.Column('webhook_key_hash', sa.String(), nullable=True, comment='keyed hash of the API key that its bank feed sends'),
    sa.CheckConstraint("state IN ('proposed', 'retired') OR (approved_by IS NOT NULL AND effective_at IS NOT NULL)", name=op.f('ck_bank_account_approved_before_use')),
    sa.CheckConstraint("state IN ('proposed', 'waiting', 'active', 'retired')", name=op.f('ck_bank_account_state_known')),
    sa.CheckConstraint('approved_by IS NULL OR approved_by <> proposed_by', name=op.f('ck_bank_account_two_persons')),
    sa.ForeignKeyConstraint(['approved_by'], ['person_account.id'], name=op.f('fk_bank_account_approved_by_person_account')),
    sa.ForeignKeyConstraint(['cooperative_id'], ['cooperative.id'], name=op.f('fk_bank_account_cooperative_id_cooperative')),
    sa.ForeignKeyConstraint(['proposed_by'], ['person_account.id'], name=op.f('fk_bank_account_proposed_by_person_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_bank_account'))
    )
    op.create_index(op.f('ix_bank_account_approved_by'), 'bank_account', ['approved_by'], unique=False)
    op.create_index(op.f('ix_bank_account_cooperative_id'), 'bank_account', ['cooperative_id'], unique=False)
    op.create_index(op.f('ix_bank_account_proposed_by'), 'bank_account', ['proposed_by'], unique=False)
    op.create_index('uq_bank_account_open_change', 'bank_account', ['cooperative_id'], unique=True, sqlite_where=sa.text("state IN ('proposed', 'waiting')"), postgresql_where=sa.text("state IN ('proposed', 'waiting')"))


def _cooperative_document():
    op.create_table('cooperative_document',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('cooperative_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('file', sa.String(), nullable=False, comment='private file name of core.files'),
    sa.Column('title', sa.String(), nullable=False, comment='the name it had, cleaned'),
    sa.Column('added_at', UtcDateTime(timezone=True), nullable=False),
    sa.CheckConstraint("kind IN ('registration', 'charter', 'other')", name=op.f('ck_cooperative_document_kind_known')),
    sa.ForeignKeyConstraint(['cooperative_id'], ['cooperative.id'], name=op.f('fk_cooperative_document_cooperative_id_cooperative')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_cooperative_document'))
    )
    op.create_index(op.f('ix_cooperative_document_cooperative_id'), 'cooperative_document', ['cooperative_id'], unique=False)


def _producer():
    op.create_table('producer',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('key', sa.String(), nullable=False, comment='random and stable; breaks ties when money is divided'),
    sa.Column('cooperative_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('person_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('household_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('code', sa.String(), nullable=False, comment='short, said aloud at the scales: 014'),
    sa.Column('added_at', UtcDateTime(timezone=True), nullable=False),
    sa.CheckConstraint('(person_id IS NULL) <> (household_id IS NULL)', name=op.f('ck_producer_person_or_household')),
    sa.ForeignKeyConstraint(['cooperative_id'], ['cooperative.id'], name=op.f('fk_producer_cooperative_id_cooperative')),
    sa.ForeignKeyConstraint(['household_id'], ['household.id'], name=op.f('fk_producer_household_id_household')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_producer_person_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_producer')),
    sa.UniqueConstraint('cooperative_id', 'code', name=op.f('uq_producer_cooperative_id_code')),
    sa.UniqueConstraint('cooperative_id', 'household_id', name=op.f('uq_producer_cooperative_id_household_id')),
    sa.UniqueConstraint('cooperative_id', 'person_id', name=op.f('uq_producer_cooperative_id_person_id')),
    sa.UniqueConstraint('key', name=op.f('uq_producer_key'))
    )
    op.create_index(op.f('ix_producer_cooperative_id'), 'producer', ['cooperative_id'], unique=False)
    op.create_index(op.f('ix_producer_household_id'), 'producer', ['household_id'], unique=False)
    op.create_index(op.f('ix_producer_person_id'), 'producer', ['person_id'], unique=False)


def _settlement_terms():
    op.create_table('settlement_terms',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('cooperative_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('from_on', sa.Date(), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False, comment='a correction before the day comes is a later revision of it'),
    sa.Column('producers_bp', sa.Integer(), nullable=False),
    sa.Column('processing_bp', sa.Integer(), nullable=False),
    sa.Column('fund_bp', sa.Integer(), nullable=False),
    sa.Column('guaranteed_price', sa.Boolean(), nullable=False, comment="a shortfall on advances is the cooperative's"),
    sa.Column('recall_borne_by', sa.String(), nullable=False),
    sa.Column('set_by_user_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('set_at', UtcDateTime(timezone=True), nullable=False),
    sa.CheckConstraint("recall_borne_by IN ('cooperative', 'producers')", name=op.f('ck_settlement_terms_recall_known')),
    sa.CheckConstraint('fund_bp = CAST(fund_bp AS BIGINT)', name=op.f('ck_settlement_terms_fund_bp_whole')),
    sa.CheckConstraint('processing_bp = CAST(processing_bp AS BIGINT)', name=op.f('ck_settlement_terms_processing_bp_whole')),
    sa.CheckConstraint('producers_bp + processing_bp + fund_bp = 10000', name=op.f('ck_settlement_terms_shares_make_a_whole')),
    sa.CheckConstraint('producers_bp = CAST(producers_bp AS BIGINT)', name=op.f('ck_settlement_terms_producers_bp_whole')),
    sa.CheckConstraint('producers_bp >= 0 AND processing_bp >= 0 AND fund_bp >= 0', name=op.f('ck_settlement_terms_shares_not_negative')),
    sa.ForeignKeyConstraint(['cooperative_id'], ['cooperative.id'], name=op.f('fk_settlement_terms_cooperative_id_cooperative')),
    sa.ForeignKeyConstraint(['set_by_user_id'], ['person_account.id'], name=op.f('fk_settlement_terms_set_by_user_id_person_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_settlement_terms')),
    sa.UniqueConstraint('cooperative_id', 'from_on', 'revision', name=op.f('uq_settlement_terms_cooperative_id_from_on_revision'))
    )
    op.create_index(op.f('ix_settlement_terms_cooperative_id'), 'settlement_terms', ['cooperative_id'], unique=False)
    op.create_index(op.f('ix_settlement_terms_set_by_user_id'), 'settlement_terms', ['set_by_user_id'], unique=False)
    make_immutable("settlement_terms")


def _standing():
    op.create_table('standing',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('producer_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('from_on', sa.Date(), nullable=False),
    sa.Column('to_on', sa.Date(), nullable=True, comment='first day on which it no longer holds'),
    sa.CheckConstraint("kind IN ('member', 'linked')", name=op.f('ck_standing_kind_known')),
    sa.CheckConstraint('to_on IS NULL OR to_on > from_on', name=op.f('ck_standing_ends_after_it_begins')),
    sa.ForeignKeyConstraint(['producer_id'], ['producer.id'], name=op.f('fk_standing_producer_id_producer')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_standing'))
    )
    op.create_index(op.f('ix_standing_producer_id'), 'standing', ['producer_id'], unique=False)
    op.create_index('uq_standing_open', 'standing', ['producer_id'], unique=True, sqlite_where=sa.text('to_on IS NULL'), postgresql_where=sa.text('to_on IS NULL'))


def _terms_grade():
    op.create_table('terms_grade',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('terms_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('grade', sa.String(), nullable=False),
    sa.Column('factor_bp', sa.Integer(), nullable=False),
    sa.CheckConstraint('factor_bp = CAST(factor_bp AS BIGINT)', name=op.f('ck_terms_grade_factor_bp_whole')),
    sa.CheckConstraint('factor_bp > 0 AND factor_bp <= 20000', name=op.f('ck_terms_grade_factor_in_range')),
    sa.ForeignKeyConstraint(['terms_id'], ['settlement_terms.id'], name=op.f('fk_terms_grade_terms_id_settlement_terms')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_terms_grade')),
    sa.UniqueConstraint('terms_id', 'grade', name=op.f('uq_terms_grade_terms_id_grade'))
    )
    op.create_index(op.f('ix_terms_grade_terms_id'), 'terms_grade', ['terms_id'], unique=False)
    make_immutable("terms_grade")


def upgrade():
    _cooperative()
    _bank_account()
    _cooperative_document()
    _producer()
    _settlement_terms()
    _standing()
    _terms_grade()


def downgrade():
    op.drop_table("terms_grade")
    op.drop_table("standing")
    op.drop_table("settlement_terms")
    op.drop_table("producer")
    op.drop_table("cooperative_document")
    op.drop_table("bank_account")
    op.drop_table("cooperative")
