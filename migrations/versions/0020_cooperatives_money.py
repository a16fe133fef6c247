"""What money that adds up adds to cooperatives.

Revision ID: 0020
Revises: 0019
"""

import sqlalchemy as sa
from alembic import op

from core.db import UtcDateTime
from migrations.tools import keep_immutable, make_immutable

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def _settlement_terms():
    with op.batch_alter_table("settlement_terms") as table:
        table.add_column(sa.Column('buying', sa.String(), nullable=False, comment='how a harvest is taken where the batch does not say', server_default='consigned'))
        table.add_column(sa.Column('member_agreement', sa.Boolean(), nullable=False, comment='members supply under a written agreement: their goods count as internal', server_default=sa.true()))
        table.add_column(sa.Column('withholds_tax', sa.Boolean(), nullable=False, comment="tax is kept back from households' shares", server_default=sa.false()))
        table.add_column(sa.Column('advance_bp', sa.Integer(), nullable=False, comment="of a slip's value, the most that is paid at the scale", server_default='10000'))
        table.create_check_constraint(op.f("ck_settlement_terms_advance_bp_whole"), 'advance_bp = CAST(advance_bp AS BIGINT)')
        table.create_check_constraint(op.f("ck_settlement_terms_advance_in_range"), 'advance_bp BETWEEN 0 AND 10000')
        table.create_check_constraint(op.f("ck_settlement_terms_buying_known"), "buying IN ('consigned', 'outright')")
    with op.batch_alter_table("settlement_terms") as table:
        table.alter_column("buying", server_default=None)
        table.alter_column("member_agreement", server_default=None)
        table.alter_column("withholds_tax", server_default=None)
        table.alter_column("advance_bp", server_default=None)
    keep_immutable("settlement_terms")


def _settlement_terms_back():
    with op.batch_alter_table("settlement_terms") as table:
        table.drop_constraint(op.f("ck_settlement_terms_advance_bp_whole"), type_="check")
        table.drop_constraint(op.f("ck_settlement_terms_advance_in_range"), type_="check")
        table.drop_constraint(op.f("ck_settlement_terms_buying_known"), type_="check")
        table.drop_column("buying")
        table.drop_column("member_agreement")
        table.drop_column("withholds_tax")
        table.drop_column("advance_bp")
    keep_immutable("settlement_terms")


def _terms_draft():
    op.create_table('terms_draft',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('cooperative_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('body', sa.String(), nullable=False, comment='JSON of cooperatives.rules.Terms'),
    sa.Column('saved_at', UtcDateTime(timezone=True), nullable=False),
    sa.Column('saved_by_user_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.ForeignKeyConstraint(['cooperative_id'], ['cooperative.id'], name=op.f('fk_terms_draft_cooperative_id_cooperative')),
    sa.ForeignKeyConstraint(['saved_by_user_id'], ['person_account.id'], name=op.f('fk_terms_draft_saved_by_user_id_person_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_terms_draft')),
    sa.UniqueConstraint('cooperative_id', name=op.f('uq_terms_draft_cooperative_id'))
    )
    op.create_index(op.f('ix_terms_draft_saved_by_user_id'), 'terms_draft', ['saved_by_user_id'], unique=False)


def _terms_clause():
    op.create_table('terms_clause',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('terms_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False, comment="the entry's postings name it: fee:2"),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('per', sa.String(), nullable=False),
    sa.Column('rate_bp', sa.Integer(), nullable=False, comment='of the price of the goods'),
    sa.Column('amount_vnd', sa.BigInteger(), nullable=False, comment='a kilogram sold, or an hour worked'),
    sa.Column('name', sa.String(), nullable=False),
    sa.CheckConstraint("(per = 'rate') = (amount_vnd = 0)", name=op.f('ck_terms_clause_amount_or_rate')),
    sa.CheckConstraint("(per = 'rate') = (rate_bp > 0)", name=op.f('ck_terms_clause_rate_or_amount')),
    sa.CheckConstraint("kind IN ('platform', 'fee', 'labour', 'fund')", name=op.f('ck_terms_clause_kind_known')),
    sa.CheckConstraint("per IN ('rate', 'kg', 'hour')", name=op.f('ck_terms_clause_per_known')),
    sa.CheckConstraint('amount_vnd = CAST(amount_vnd AS BIGINT)', name=op.f('ck_terms_clause_amount_vnd_whole')),
    sa.CheckConstraint('rate_bp = CAST(rate_bp AS BIGINT)', name=op.f('ck_terms_clause_rate_bp_whole')),
    sa.CheckConstraint('rate_bp BETWEEN 0 AND 10000 AND amount_vnd >= 0', name=op.f('ck_terms_clause_in_range')),
    sa.ForeignKeyConstraint(['terms_id'], ['settlement_terms.id'], name=op.f('fk_terms_clause_terms_id_settlement_terms')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_terms_clause')),
    sa.UniqueConstraint('terms_id', 'number', name=op.f('uq_terms_clause_terms_id_number'))
    )
    make_immutable("terms_clause")


def upgrade():
    _settlement_terms()
    _terms_draft()
    _terms_clause()


def downgrade():
    op.drop_table("terms_clause")
    op.drop_table("terms_draft")
    _settlement_terms_back()
