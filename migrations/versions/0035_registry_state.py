"""What labels, papers, recalls and dated standards add to registry.

Revision ID: 0035
Revises: 0034
"""

import sqlalchemy as sa
from alembic import op

from core.db import UtcDateTime
from migrations.tools import make_immutable

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None


def _standard_use():
    op.create_table('standard_use',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('standard_id', sa.String(), nullable=False),
    sa.Column('hash', sa.String(), nullable=False, comment='SHA-256 of its file as canonical JSON, without approved points'),
    sa.Column('first_used_at', UtcDateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_standard_use')),
    sa.UniqueConstraint('standard_id', name=op.f('uq_standard_use_standard_id'))
    )
    make_immutable("standard_use")


def _standard_import():
    op.create_table('standard_import',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('key', sa.String(), nullable=False, comment='random; names the import in addresses'),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('standard_id', sa.String(), nullable=False),
    sa.Column('source', sa.String(), nullable=False, comment="which text of law it was copied from, in the sender's words"),
    sa.Column('content', sa.Text(), nullable=False, comment="canonical JSON: {limit, table}, or the standard's file"),
    sa.Column('hash', sa.String(), nullable=False, comment='SHA-256 of the content'),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('proposed_at', UtcDateTime(timezone=True), nullable=False),
    sa.Column('proposed_by_user_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('decided_at', UtcDateTime(timezone=True), nullable=True),
    sa.Column('decided_by_user_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.CheckConstraint("(state = 'proposed') = (decided_at IS NULL)", name=op.f('ck_standard_import_decided_once')),
    sa.CheckConstraint("kind IN ('points', 'standard')", name=op.f('ck_standard_import_kind_known')),
    sa.CheckConstraint("state <> 'approved' OR (decided_by_user_id IS NOT NULL AND decided_by_user_id <> proposed_by_user_id)", name=op.f('ck_standard_import_approved_by_a_second_person')),
    sa.CheckConstraint("state IN ('proposed', 'approved', 'refused')", name=op.f('ck_standard_import_state_known')),
    sa.ForeignKeyConstraint(['decided_by_user_id'], ['person_account.id'], name=op.f('fk_standard_import_decided_by_user_id_person_account')),
    sa.ForeignKeyConstraint(['proposed_by_user_id'], ['person_account.id'], name=op.f('fk_standard_import_proposed_by_user_id_person_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_standard_import')),
    sa.UniqueConstraint('key', name=op.f('uq_standard_import_key'))
    )
    op.create_index(op.f('ix_standard_import_decided_by_user_id'), 'standard_import', ['decided_by_user_id'], unique=False)
    op.create_index(op.f('ix_standard_import_proposed_by_user_id'), 'standard_import', ['proposed_by_user_id'], unique=False)
    op.create_index(op.f('ix_standard_import_standard_id'), 'standard_import', ['standard_id'], unique=False)


def upgrade():
    _standard_use()
    _standard_import()


def downgrade():
    op.drop_table("standard_import")
    op.drop_table("standard_use")
