"""The tables of core.

Revision ID: 0001
Revises: 
"""

import sqlalchemy as sa
from alembic import op

from core.db import UtcDateTime
from migrations.tools import make_immutable

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def _attempt():
    op.create_table('attempt',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('subject', sa.String(), nullable=False),
    sa.Column('at', UtcDateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_attempt'))
    )
    op.create_index(op.f('ix_attempt_kind'), 'attempt', ['kind'], unique=False)
    op.create_index(op.f('ix_attempt_subject'), 'attempt', ['subject'], unique=False)


def _audit_head():
    op.create_table('audit_head',
    sa.Column('chain', sa.String(), nullable=False),
    sa.Column('seq', sa.Integer(), nullable=False),
    sa.Column('hash', sa.String(), nullable=False),
    sa.PrimaryKeyConstraint('chain', name=op.f('pk_audit_head'))
    )


def _audit_line():
    op.create_table('audit_line',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('chain', sa.String(), nullable=False, comment='cooperative:<id>, commune:<id> or platform'),
    sa.Column('seq', sa.Integer(), nullable=False),
    sa.Column('at', UtcDateTime(timezone=True), nullable=False),
    sa.Column('user_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True, comment='accounts.User.id; core knows no such table'),
    sa.Column('role', sa.String(), nullable=False),
    sa.Column('verb', sa.String(), nullable=False),
    sa.Column('subject', sa.String(), nullable=False, comment='kind:id'),
    sa.Column('fields', sa.String(), nullable=False, comment='names of fields touched, never their values'),
    sa.Column('purpose', sa.String(), nullable=False),
    sa.Column('prev_hash', sa.String(), nullable=False),
    sa.Column('hash', sa.String(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_audit_line')),
    sa.UniqueConstraint('chain', 'seq', name=op.f('uq_audit_line_chain_seq'))
    )
    make_immutable("audit_line")


def _counter():
    op.create_table('counter',
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('value', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('name', name=op.f('pk_counter'))
    )


def _request_key():
    op.create_table('request_key',
    sa.Column('scope', sa.String(), nullable=False),
    sa.Column('key', sa.String(), nullable=False),
    sa.Column('body_hash', sa.String(), nullable=False),
    sa.Column('result', sa.String(), nullable=False, comment='id or token of what it made'),
    sa.Column('at', UtcDateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('scope', 'key', name=op.f('pk_request_key'))
    )


def upgrade():
    _attempt()
    _audit_head()
    _audit_line()
    _counter()
    _request_key()


def downgrade():
    op.drop_table("request_key")
    op.drop_table("counter")
    op.drop_table("audit_line")
    op.drop_table("audit_head")
    op.drop_table("attempt")
