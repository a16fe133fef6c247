"""What stalls, marketplaces, kept walks, lists of sign-ins and the work in the village add to accounts.

Revision ID: 0047
Revises: 0046
"""

import sqlalchemy as sa
from alembic import op

from core.db import UtcDateTime

revision = "0047"
down_revision = "0046"
branch_labels = None
depends_on = None


def _signed_in_machine():
    op.create_table('signed_in_machine',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('user_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('token_hash', sa.String(), nullable=False, comment='SHA-256 of 192 random bits'),
    sa.Column('machine', sa.String(), nullable=False),
    sa.Column('browser', sa.String(), nullable=False),
    sa.Column('created_at', UtcDateTime(timezone=True), nullable=False),
    sa.Column('used_at', UtcDateTime(timezone=True), nullable=False, comment='to ten minutes: not every tap is written down'),
    sa.Column('second_step', sa.Boolean(), nullable=False, comment="the authenticator's code was given here"),
    sa.CheckConstraint("browser IN ('zalo', 'facebook', 'coccoc', 'samsung', 'edge', 'firefox', 'chrome', 'safari', 'unknown')", name=op.f('ck_signed_in_machine_browser_known')),
    sa.CheckConstraint("machine IN ('android', 'iphone', 'tablet', 'windows', 'mac', 'linux', 'unknown')", name=op.f('ck_signed_in_machine_machine_known')),
    sa.ForeignKeyConstraint(['user_id'], ['person_account.id'], name=op.f('fk_signed_in_machine_user_id_person_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_signed_in_machine')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_signed_in_machine_token_hash'))
    )
    op.create_index(op.f('ix_signed_in_machine_used_at'), 'signed_in_machine', ['used_at'], unique=False)
    op.create_index(op.f('ix_signed_in_machine_user_id'), 'signed_in_machine', ['user_id'], unique=False)


def upgrade():
    _signed_in_machine()


def downgrade():
    op.drop_table("signed_in_machine")
