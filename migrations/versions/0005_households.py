"""The tables of households.

Revision ID: 0005
Revises: 0004
"""

import sqlalchemy as sa
from alembic import op

from core.db import UtcDateTime

revision = "0005"
down_revision = '0004'
branch_labels = None
depends_on = None


def _household():
    op.create_table('household',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('key', sa.String(), nullable=False, comment='random; its stitch mark is drawn from it'),
    sa.Column('commune_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('village', sa.String(), nullable=False, comment='thôn, bản, tổ'),
    sa.Column('address_line', sa.String(), nullable=False),
    sa.Column('created_at', UtcDateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['commune_id'], ['unit.id'], name=op.f('fk_household_commune_id_unit')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_household')),
    sa.UniqueConstraint('key', name=op.f('uq_household_key'))
    )
    op.create_index(op.f('ix_household_commune_id'), 'household', ['commune_id'], unique=False)


def _person():
    op.create_table('person',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('name_folded', sa.String(), nullable=False),
    sa.Column('birth_on', sa.Date(), nullable=True),
    sa.Column('birth_year', sa.Integer(), nullable=True),
    sa.Column('sex', sa.String(), nullable=True),
    sa.Column('ethnic_list', sa.String(), nullable=True, comment='e.g. gso-121-1979; code and name belong to this list'),
    sa.Column('ethnic_code', sa.String(), nullable=True),
    sa.Column('ethnic_name', sa.String(), nullable=True),
    sa.Column('phone', sa.String(), nullable=True, comment='E.164; often shared, so not unique'),
    sa.Column('user_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.CheckConstraint("sex IS NULL OR sex IN ('male', 'female')", name=op.f('ck_person_sex_known')),
    sa.CheckConstraint('(ethnic_list IS NULL) = (ethnic_code IS NULL) AND (ethnic_code IS NULL) = (ethnic_name IS NULL)', name=op.f('ck_person_ethnic_group_whole')),
    sa.CheckConstraint('birth_year IS NULL OR birth_year BETWEEN 1900 AND 2200', name=op.f('ck_person_birth_year_plausible')),
    sa.ForeignKeyConstraint(['user_id'], ['person_account.id'], name=op.f('fk_person_user_id_person_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_person')),
    sa.UniqueConstraint('user_id', name=op.f('uq_person_user_id'))
    )
    op.create_index(op.f('ix_person_name_folded'), 'person', ['name_folded'], unique=False)
    op.create_index(op.f('ix_person_phone'), 'person', ['phone'], unique=False)


def _consent():
    op.create_table('consent',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('person_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False, comment='who gave it'),
    sa.Column('household_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('organisation_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False, comment='to whom'),
    sa.Column('purpose', sa.String(), nullable=False),
    sa.Column('wording_version', sa.String(), nullable=False, comment='of households/data/consents.json'),
    sa.Column('given_at', UtcDateTime(timezone=True), nullable=False),
    sa.Column('helped_by_user_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True, comment='who read it out or typed for her'),
    sa.Column('withdrawn_at', UtcDateTime(timezone=True), nullable=True),
    sa.CheckConstraint("purpose IN ('show_name', 'contact', 'statistics')", name=op.f('ck_consent_purpose_known')),
    sa.CheckConstraint('withdrawn_at IS NULL OR withdrawn_at >= given_at', name=op.f('ck_consent_withdrawn_after_given')),
    sa.ForeignKeyConstraint(['helped_by_user_id'], ['person_account.id'], name=op.f('fk_consent_helped_by_user_id_person_account')),
    sa.ForeignKeyConstraint(['household_id'], ['household.id'], name=op.f('fk_consent_household_id_household')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_consent_organisation_id_organisation')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_consent_person_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_consent'))
    )
    op.create_index(op.f('ix_consent_helped_by_user_id'), 'consent', ['helped_by_user_id'], unique=False)
    op.create_index(op.f('ix_consent_household_id'), 'consent', ['household_id'], unique=False)
    op.create_index(op.f('ix_consent_organisation_id'), 'consent', ['organisation_id'], unique=False)
    op.create_index(op.f('ix_consent_person_id'), 'consent', ['person_id'], unique=False)
    op.create_index('uq_consent_open', 'consent', ['household_id', 'organisation_id', 'purpose'], unique=True, sqlite_where=sa.text('withdrawn_at IS NULL'), postgresql_where=sa.text('withdrawn_at IS NULL'))


def _household_member():
    op.create_table('household_member',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('household_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('person_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('relation', sa.String(), nullable=False),
    sa.Column('from_on', sa.Date(), nullable=False),
    sa.Column('to_on', sa.Date(), nullable=True, comment='first day on which it no longer holds'),
    sa.CheckConstraint("relation IN ('head', 'spouse', 'child', 'parent', 'other')", name=op.f('ck_household_member_relation_known')),
    sa.CheckConstraint('to_on IS NULL OR to_on >= from_on', name=op.f('ck_household_member_ends_after_it_begins')),
    sa.ForeignKeyConstraint(['household_id'], ['household.id'], name=op.f('fk_household_member_household_id_household')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_household_member_person_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_household_member'))
    )
    op.create_index(op.f('ix_household_member_household_id'), 'household_member', ['household_id'], unique=False)
    op.create_index(op.f('ix_household_member_person_id'), 'household_member', ['person_id'], unique=False)
    op.create_index('uq_household_member_open', 'household_member', ['person_id'], unique=True, sqlite_where=sa.text('to_on IS NULL'), postgresql_where=sa.text('to_on IS NULL'))


def upgrade():
    _household()
    _person()
    _consent()
    _household_member()


def downgrade():
    op.drop_table("household_member")
    op.drop_table("consent")
    op.drop_table("person")
    op.drop_table("household")
