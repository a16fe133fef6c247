"""What money that adds up adds to messages.

Revision ID: 0019
Revises: 0018
"""

import sqlalchemy as sa
from alembic import op

from core.db import UtcDateTime
from migrations.tools import make_immutable

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def _conversation():
    op.create_table('conversation',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('key', sa.String(), nullable=False, comment='of the deed that opened it: a double tap is one'),
    sa.Column('party', sa.String(), nullable=False, comment='opaque key of the part that opened it'),
    sa.Column('opened_at', UtcDateTime(timezone=True), nullable=False),
    sa.Column('closed_at', UtcDateTime(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_conversation')),
    sa.UniqueConstraint('key', name=op.f('uq_conversation_key'))
    )
    op.create_index(op.f('ix_conversation_party'), 'conversation', ['party'], unique=False)


def _conversation_line():
    op.create_table('conversation_line',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('conversation_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('seq', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(), nullable=False, comment="the form's own key: a double tap is one line"),
    sa.Column('side', sa.String(), nullable=False),
    sa.Column('by_user_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True, comment='accounts.User.id; this part knows no such table'),
    sa.Column('at', UtcDateTime(timezone=True), nullable=False),
    sa.Column('text', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['conversation_id'], ['conversation.id'], name=op.f('fk_conversation_line_conversation_id_conversation')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_conversation_line')),
    sa.UniqueConstraint('conversation_id', 'key', name=op.f('uq_conversation_line_conversation_id_key')),
    sa.UniqueConstraint('conversation_id', 'seq', name=op.f('uq_conversation_line_conversation_id_seq'))
    )
    make_immutable("conversation_line")


def upgrade():
    _conversation()
    _conversation_line()


def downgrade():
    op.drop_table("conversation_line")
    op.drop_table("conversation")
