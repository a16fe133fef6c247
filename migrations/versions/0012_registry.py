"""The tables of registry.

Revision ID: 0012
Revises: 0011
"""

import sqlalchemy as sa
from alembic import op

from core.db import UtcDateTime

revision = "0012"
down_revision = '0011'
branch_labels = None
depends_on = None


def _commune_consent():
    op.create_table('commune_consent',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('household_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('person_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True, comment='who gave it'),
    sa.Column('purpose', sa.String(), nullable=False),
    sa.Column('wording_version', sa.String(), nullable=False),
    sa.Column('given_at', UtcDateTime(timezone=True), nullable=False),
    sa.Column('helped_by_user_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('withdrawn_at', UtcDateTime(timezone=True), nullable=True),
    sa.CheckConstraint("purpose IN ('sales_bands')", name=op.f('ck_commune_consent_purpose_known')),
    sa.ForeignKeyConstraint(['helped_by_user_id'], ['person_account.id'], name=op.f('fk_commune_consent_helped_by_user_id_person_account')),
    sa.ForeignKeyConstraint(['household_id'], ['household.id'], name=op.f('fk_commune_consent_household_id_household')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_commune_consent_person_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_commune_consent'))
    )
    op.create_index(op.f('ix_commune_consent_helped_by_user_id'), 'commune_consent', ['helped_by_user_id'], unique=False)
    op.create_index(op.f('ix_commune_consent_household_id'), 'commune_consent', ['household_id'], unique=False)
    op.create_index(op.f('ix_commune_consent_person_id'), 'commune_consent', ['person_id'], unique=False)
    op.create_index('uq_commune_consent_open', 'commune_consent', ['household_id', 'purpose'], unique=True, sqlite_where=sa.text('withdrawn_at IS NULL'), postgresql_where=sa.text('withdrawn_at IS NULL'))


def _review():
    op.create_table('review',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('key', sa.String(), nullable=False, comment='random; names the review in addresses'),
    sa.Column('household_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('commune_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False, comment='of that day; officers of this commune may read it'),
    sa.Column('village', sa.String(), nullable=False),
    sa.Column('region', sa.String(), nullable=False, comment='column of the income table, of that day'),
    sa.Column('urban', sa.Boolean(), nullable=False),
    sa.Column('urban_source', sa.String(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('answers', sa.LargeBinary(), nullable=True, comment='encrypted JSON: question → answer'),
    sa.Column('answers_hash', sa.String(), nullable=False, comment='keyed hash: proves what was scored'),
    sa.Column('started_at', UtcDateTime(timezone=True), nullable=False),
    sa.Column('started_by_user_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('helped_by_user_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('confirmed_how', sa.String(), nullable=False, comment="self, code (to the household's phone), present"),
    sa.Column('confirmed_at', UtcDateTime(timezone=True), nullable=True),
    sa.Column('submitted_on', sa.Date(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint("confirmed_how IN ('', 'self', 'code', 'present')", name=op.f('ck_review_confirmed_how_known')),
    sa.CheckConstraint("state IN ('draft', 'to_confirm', 'submitted', 'withdrawn')", name=op.f('ck_review_state_known')),
    sa.ForeignKeyConstraint(['commune_id'], ['unit.id'], name=op.f('fk_review_commune_id_unit')),
    sa.ForeignKeyConstraint(['helped_by_user_id'], ['person_account.id'], name=op.f('fk_review_helped_by_user_id_person_account')),
    sa.ForeignKeyConstraint(['household_id'], ['household.id'], name=op.f('fk_review_household_id_household')),
    sa.ForeignKeyConstraint(['started_by_user_id'], ['person_account.id'], name=op.f('fk_review_started_by_user_id_person_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_review')),
    sa.UniqueConstraint('key', name=op.f('uq_review_key'))
    )
    op.create_index(op.f('ix_review_commune_id'), 'review', ['commune_id'], unique=False)
    op.create_index(op.f('ix_review_helped_by_user_id'), 'review', ['helped_by_user_id'], unique=False)
    op.create_index(op.f('ix_review_household_id'), 'review', ['household_id'], unique=False)
    op.create_index(op.f('ix_review_started_by_user_id'), 'review', ['started_by_user_id'], unique=False)
    op.create_index('uq_review_open', 'review', ['household_id'], unique=True, sqlite_where=sa.text("state IN ('draft', 'to_confirm')"), postgresql_where=sa.text("state IN ('draft', 'to_confirm')"))


def _review_result():
    op.create_table('review_result',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('review_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('standard_id', sa.String(), nullable=False),
    sa.Column('standard_hash', sa.String(), nullable=False),
    sa.Column('outcome', sa.String(), nullable=False, comment='poor, near_poor, none, unsaid'),
    sa.Column('is_demo', sa.Boolean(), nullable=False, comment='made with the invented income table: must be said wherever shown'),
    sa.Column('b1_low_points', sa.Integer(), nullable=True),
    sa.Column('b1_high_points', sa.Integer(), nullable=True),
    sa.Column('b2_low_points', sa.Integer(), nullable=False),
    sa.Column('b2_high_points', sa.Integer(), nullable=False),
    sa.Column('scored_at', UtcDateTime(timezone=True), nullable=False),
    sa.CheckConstraint("outcome IN ('poor', 'near_poor', 'none', 'unsaid')", name=op.f('ck_review_result_outcome_known')),
    sa.CheckConstraint('b1_high_points = CAST(b1_high_points AS BIGINT)', name=op.f('ck_review_result_b1_high_points_whole')),
    sa.CheckConstraint('b1_low_points <= b1_high_points AND b2_low_points <= b2_high_points', name=op.f('ck_review_result_ranges_ordered')),
    sa.CheckConstraint('b1_low_points = CAST(b1_low_points AS BIGINT)', name=op.f('ck_review_result_b1_low_points_whole')),
    sa.CheckConstraint('b2_high_points = CAST(b2_high_points AS BIGINT)', name=op.f('ck_review_result_b2_high_points_whole')),
    sa.CheckConstraint('b2_low_points = CAST(b2_low_points AS BIGINT)', name=op.f('ck_review_result_b2_low_points_whole')),
    sa.ForeignKeyConstraint(['review_id'], ['review.id'], name=op.f('fk_review_result_review_id_review')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_review_result')),
    sa.UniqueConstraint('review_id', 'standard_id', 'standard_hash', name=op.f('uq_review_result_review_id_standard_id_standard_hash'))
    )
    op.create_index(op.f('ix_review_result_review_id'), 'review_result', ['review_id'], unique=False)


def _review_deprivation():
    op.create_table('review_deprivation',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('result_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('indicator', sa.String(), nullable=False),
    sa.Column('deprived', sa.Boolean(), nullable=True),
    sa.ForeignKeyConstraint(['result_id'], ['review_result.id'], name=op.f('fk_review_deprivation_result_id_review_result')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_review_deprivation')),
    sa.UniqueConstraint('result_id', 'indicator', name=op.f('uq_review_deprivation_result_id_indicator'))
    )
    op.create_index(op.f('ix_review_deprivation_result_id'), 'review_deprivation', ['result_id'], unique=False)


def upgrade():
    _commune_consent()
    _review()
    _review_result()
    _review_deprivation()


def downgrade():
    op.drop_table("review_deprivation")
    op.drop_table("review_result")
    op.drop_table("review")
    op.drop_table("commune_consent")
