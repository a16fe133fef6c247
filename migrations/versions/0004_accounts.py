"""The tables of accounts.

Revision ID: 0004
Revises: 0003
"""

import sqlalchemy as sa
from alembic import op

from core.db import UtcDateTime

revision = "0004"
down_revision = '0003'
branch_labels = None
depends_on = None


def _person_account():
    op.create_table('person_account',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('phone', sa.String(), nullable=False, comment='E.164'),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('password_hash', sa.String(), nullable=True, comment='argon2id; NULL until the first password is set'),
    sa.Column('session_key', sa.String(), nullable=False),
    sa.Column('totp_secret', sa.LargeBinary(), nullable=True, comment='encrypted'),
    sa.Column('totp_counter', sa.Integer(), nullable=False, comment='last time step used: a code is good once'),
    sa.Column('totp_confirmed_at', UtcDateTime(timezone=True), nullable=True),
    sa.Column('active', sa.Boolean(), nullable=False),
    sa.Column('created_at', UtcDateTime(timezone=True), nullable=False),
    sa.Column('is_demo', sa.Boolean(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_person_account')),
    sa.UniqueConstraint('phone', name=op.f('uq_person_account_phone')),
    sa.UniqueConstraint('session_key', name=op.f('uq_person_account_session_key'))
    )


def _sign_in_code():
    op.create_table('sign_in_code',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('purpose', sa.String(), nullable=False),
    sa.Column('phone_hash', sa.String(), nullable=False),
    sa.Column('code_hash', sa.String(), nullable=False),
    sa.Column('created_at', UtcDateTime(timezone=True), nullable=False),
    sa.Column('expires_at', UtcDateTime(timezone=True), nullable=False),
    sa.Column('tries_count', sa.Integer(), nullable=False),
    sa.Column('used_at', UtcDateTime(timezone=True), nullable=True),
    sa.CheckConstraint('tries_count = CAST(tries_count AS BIGINT)', name=op.f('ck_sign_in_code_tries_count_whole')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sign_in_code'))
    )
    op.create_index(op.f('ix_sign_in_code_phone_hash'), 'sign_in_code', ['phone_hash'], unique=False)


def _organisation():
    op.create_table('organisation',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('unit_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('created_at', UtcDateTime(timezone=True), nullable=False),
    sa.CheckConstraint("kind IN ('cooperative', 'collector', 'commune_office', 'province_office', 'project', 'platform')", name=op.f('ck_organisation_kind_known')),
    sa.ForeignKeyConstraint(['unit_id'], ['unit.id'], name=op.f('fk_organisation_unit_id_unit')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_organisation'))
    )
    op.create_index(op.f('ix_organisation_unit_id'), 'organisation', ['unit_id'], unique=False)


def _invitation():
    op.create_table('invitation',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('token_hash', sa.String(), nullable=False),
    sa.Column('phone', sa.String(), nullable=False),
    sa.Column('role', sa.String(), nullable=False),
    sa.Column('organisation_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('unit_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('village', sa.String(), nullable=True),
    sa.Column('invited_by', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('created_at', UtcDateTime(timezone=True), nullable=False),
    sa.Column('expires_at', UtcDateTime(timezone=True), nullable=False),
    sa.Column('accepted_at', UtcDateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['invited_by'], ['person_account.id'], name=op.f('fk_invitation_invited_by_person_account')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_invitation_organisation_id_organisation')),
    sa.ForeignKeyConstraint(['unit_id'], ['unit.id'], name=op.f('fk_invitation_unit_id_unit')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_invitation')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_invitation_token_hash'))
    )
    op.create_index(op.f('ix_invitation_invited_by'), 'invitation', ['invited_by'], unique=False)
    op.create_index(op.f('ix_invitation_organisation_id'), 'invitation', ['organisation_id'], unique=False)


def _role_grant():
    op.create_table('role_grant',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('user_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('role', sa.String(), nullable=False),
    sa.Column('organisation_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('unit_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('village', sa.String(), nullable=True),
    sa.Column('granted_by', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('from_on', sa.Date(), nullable=False),
    sa.Column('to_on', sa.Date(), nullable=True, comment='last day; NULL: still valid'),
    sa.CheckConstraint("role IN ('buyer', 'producer', 'manager', 'treasurer', 'digital_team', 'village_head', 'commune_officer', 'province_officer', 'project_staff', 'administrator', 'system')", name=op.f('ck_role_grant_role_known')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_role_grant_organisation_id_organisation')),
    sa.ForeignKeyConstraint(['unit_id'], ['unit.id'], name=op.f('fk_role_grant_unit_id_unit')),
    sa.ForeignKeyConstraint(['user_id'], ['person_account.id'], name=op.f('fk_role_grant_user_id_person_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_role_grant'))
    )
    op.create_index(op.f('ix_role_grant_organisation_id'), 'role_grant', ['organisation_id'], unique=False)
    op.create_index(op.f('ix_role_grant_unit_id'), 'role_grant', ['unit_id'], unique=False)
    op.create_index(op.f('ix_role_grant_user_id'), 'role_grant', ['user_id'], unique=False)


def upgrade():
    _person_account()
    _sign_in_code()
    _organisation()
    _invitation()
    _role_grant()


def downgrade():
    op.drop_table("role_grant")
    op.drop_table("invitation")
    op.drop_table("organisation")
    op.drop_table("sign_in_code")
    op.drop_table("person_account")
