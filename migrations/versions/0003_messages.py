"""The tables of messages.

Revision ID: 0003
Revises: 0002
"""

import sqlalchemy as sa
from alembic import op

from core.db import UtcDateTime

revision = "0003"
down_revision = '0002'
branch_labels = None
depends_on = None


def _message():
    op.create_table('message',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('key', sa.String(), nullable=False),
    sa.Column('to_address', sa.String(), nullable=False, comment='E.164 phone number'),
    sa.Column('kind', sa.String(), nullable=False, comment='what it is about, for counting; never shown'),
    sa.Column('party', sa.String(), nullable=False, comment='opaque key of the part that sent it'),
    sa.Column('body', sa.String(), nullable=False),
    sa.Column('written_at', UtcDateTime(timezone=True), nullable=False),
    sa.Column('sent_at', UtcDateTime(timezone=True), nullable=True),
    sa.Column('work_state', sa.String(), nullable=False),
    sa.Column('work_owner', sa.String(), nullable=True),
    sa.Column('work_lease', sa.BigInteger(), nullable=True, comment='database epoch seconds'),
    sa.Column('work_attempts', sa.Integer(), nullable=False),
    sa.Column('work_due_at', UtcDateTime(timezone=True), nullable=True),
    sa.Column('work_error', sa.String(), nullable=True, comment='class of the last failure, no personal data'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_message')),
    sa.UniqueConstraint('key', name=op.f('uq_message_key'))
    )
    op.create_index(op.f('ix_message_party'), 'message', ['party'], unique=False)
    op.create_index(op.f('ix_message_work_state'), 'message', ['work_state'], unique=False)


def upgrade():
    _message()


def downgrade():
    op.drop_table("message")
